//! What tokens say about the sign-in behind them.

use chrono::{DateTime, Utc};

use crate::domain::ids::SessionId;

/// When and how somebody proved who they are (OIDC Core §2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInFacts {
    /// When.
    pub auth_time: DateTime<Utc>,
    /// How strong it was, if that has a name.
    pub acr: Option<String>,
    /// By what means (RFC 8176).
    pub amr: Vec<String>,
    /// The session that it began.
    pub session: Option<SessionId>,
}
