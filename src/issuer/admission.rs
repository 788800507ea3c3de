//! Whether an access token lets a request pass to an API behind a reverse proxy, which asks
//! us for each (RFC 6750). Sessions are `signin::admission`'s; what is wanted of a
//! person is the same.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Issuer;
use super::bearer::{Bearer, BearerFault, Presented};
use super::userinfo::ResourceFault;
use crate::domain::admission::{Unfit, Wanted};
use crate::domain::scope::Scopes;

/// What a token has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRules {
    /// The scopes that it needs, all of them; at least one.
    pub scopes: Scopes,
    /// The API that it has to be for; `None`: ourselves.
    pub audience: Option<String>,
    /// Whether one of a client that acts for nobody passes too.
    pub allows_clients: bool,
}

/// Why a token does not let a request pass.
#[derive(Debug, thiserror::Error)]
pub enum NotLetPass {
    /// It does not count, or lacks a scope.
    #[error(transparent)]
    Fault(#[from] ResourceFault),
    /// Its person is not what is wanted.
    #[error("whoever gave the token may not come in here")]
    Unfit(Unfit),
    /// It names nobody, and somebody is wanted (security.md TK-09).
    #[error("the token names nobody, and somebody is wanted here")]
    NoPerson,
}

impl From<BearerFault> for NotLetPass {
    fn from(fault: BearerFault) -> Self {
        Self::Fault(fault.into())
    }
}

impl Issuer {
    /// Tells whose token lets a request pass. It has to be for this API and no other: one for
    /// another API that opens userinfo as well does not count (security.md TK-08).
    ///
    /// # Errors
    ///
    /// [`NotLetPass`]; nobody passes if it cannot be looked up (security.md TK-13).
    pub async fn let_token_pass(&self, token: &str, rules: &TokenRules, wanted: &Wanted) -> Result<Arc<Bearer>, NotLetPass> {
        let bearer = self.read_bearer(Presented::Bearer(token)).await.map_err(behind_proxy)?;
        let identifier = self.identifier();
        if bearer.claims.aud.api() != rules.audience.as_deref().unwrap_or(&identifier) {
            return Err(ResourceFault::Elsewhere.into());
        }
        if !rules.scopes.is_subset(&bearer.claims.scope) {
            return Err(ResourceFault::Scope(rules.scopes.to_string()).into());
        }
        let Some(user) = &bearer.user else {
            let may_pass = rules.allows_clients && !wanted.is_about_person();
            return if may_pass { Ok(bearer) } else { Err(NotLetPass::NoPerson) };
        };
        let signed_in_at = bearer.claims.auth_time.and_then(|at| DateTime::<Utc>::from_timestamp(at, 0));
        if let Some(unfit) = wanted.judge(user, signed_in_at.map(|at| self.clock.now() - at)) {
            return Err(NotLetPass::Unfit(unfit));
        }
        if let Some(group) = &wanted.group
            && !self.store.is_in_group(user.id, group).await.map_err(BearerFault::from)?
        {
            return Err(NotLetPass::Unfit(Unfit::NotInGroup));
        }
        Ok(bearer)
    }
}

/// Says of a token that is bound to a key that it is of no use here: its proof is for a method and
/// an address that the proxy alone knows, and a header that a proxy forgets to set is the visitor's
/// (RFC 9449 §4.3, 8 and 9). The API behind can check it by itself.
fn behind_proxy(fault: BearerFault) -> BearerFault {
    if matches!(fault, BearerFault::Bound) { BearerFault::BehindProxy } else { fault }
}
