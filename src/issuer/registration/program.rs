//! Dynamic registration: programs register clients, without anybody who is signed in (RFC 7591 §3).
//!
//! Nobody knows who is behind such a client: it is never verified and never skips consent,
//! gets codes and refresh tokens and nothing else, and only the scopes that we give a meaning to
//! ourselves. Only so many of them come from one place, and only so many are kept.

use std::net::IpAddr;
use std::time::Duration;

use super::flow::{Refused, Registered};
use super::wire::{self, Unfit};
use super::{Fault, Field};
use crate::issuer::Issuer;
use crate::ops::client::Client as Place;
use crate::store::StoreError;

/// Why a program could not register a client (RFC 7591 §3.2.2).
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    /// A redirect address breaks a rule.
    #[error("{0}")]
    RedirectUri(String),
    /// Another member breaks a rule.
    #[error("{0}")]
    Metadata(String),
    /// It brought a statement of somebody whom nobody trusts here.
    #[error("software_statement: nobody's statements are trusted here")]
    Statement,
    /// The registration access token is none of this client's (RFC 7592 §2).
    #[error("the registration access token is none of this client's")]
    Token,
    /// An operator has verified the client, and looks after it since.
    #[error("the operators of this site look after this client now")]
    Verified,
    /// Too many came from there.
    #[error("too many clients were registered from there")]
    Throttled(Duration),
    /// There are as many as there may be in all.
    #[error("no more clients can be registered; ask the operators of this site")]
    Full,
    /// The store failed; nothing is registered.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RegistrationError {
    /// Returns the word of the standard, or ours where it has none.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RedirectUri(_) => "invalid_redirect_uri",
            Self::Metadata(_) => "invalid_client_metadata",
            Self::Statement => "unapproved_software_statement",
            Self::Token => "invalid_token",
            Self::Throttled(_) => "too_many_requests",
            Self::Full | Self::Verified => "access_denied",
            Self::Store(error) if error.is_outage() => "temporarily_unavailable",
            Self::Store(_) => "server_error",
        }
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::RedirectUri(_) | Self::Metadata(_) | Self::Statement => 400,
            Self::Token => 401,
            Self::Throttled(_) => 429,
            Self::Full | Self::Verified => 403,
            Self::Store(error) if error.is_outage() => 503,
            Self::Store(_) => 500,
        }
    }

    /// Returns what developers are told; nothing of what is inside (security.md LG-10).
    pub fn description(&self) -> String {
        match self {
            Self::Store(_) => "the service is not available right now; try again soon".to_owned(),
            other => other.to_string(),
        }
    }

    /// Returns how long to wait before another try, in seconds, where that helps.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Throttled(wait) => Some(wait.as_secs().max(1)),
            Self::Store(error) if error.is_outage() => Some(5),
            _ => None,
        }
    }
}

impl From<Unfit> for RegistrationError {
    fn from(unfit: Unfit) -> Self {
        match unfit.member {
            "redirect_uris" => Self::RedirectUri(unfit.to_string()),
            "software_statement" => Self::Statement,
            _ => Self::Metadata(unfit.to_string()),
        }
    }
}

impl From<Refused> for RegistrationError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Faults(faults) => Self::from(faults.as_slice()),
            Refused::Quota => Self::Full,
            Refused::NotFound => Self::Store(StoreError::NotFound),
            Refused::Store(error) => Self::Store(error),
        }
    }
}

impl From<&[Fault]> for RegistrationError {
    fn from(faults: &[Fault]) -> Self {
        let told: Vec<_> = faults.iter().map(|fault| format!("{}: {}", wire::member_of(fault.field), fault.problem)).collect();
        let is_address = faults.iter().any(|fault| fault.field == Field::RedirectUris);
        if is_address { Self::RedirectUri(told.join("; ")) } else { Self::Metadata(told.join("; ")) }
    }
}

impl Issuer {
    /// Registers what a program describes in JSON; logs `client_registered` or `registration_refused`.
    ///
    /// # Errors
    ///
    /// [`RegistrationError`].
    pub async fn register_for_program(&self, body: &[u8], address: IpAddr) -> Result<Registered, RegistrationError> {
        let registered = self.try_to_register(body, address).await;
        if let Err(error) = &registered {
            log::info!(target: "genkan::issuer", event = "registration_refused", reason = error.code(); "registration refused");
        }
        registered
    }

    async fn try_to_register(&self, body: &[u8], address: IpAddr) -> Result<Registered, RegistrationError> {
        // Counted before anything is looked at, so that parallel tries cannot slip through.
        let counter = self.counter("client_registration", Place::of(address), self.config.throttle.signups_per_address);
        if let Some(wait) = self.count(counter).await? {
            return Err(RegistrationError::Throttled(wait));
        }
        Ok(self.register_program(&wire::read(body)?).await?)
    }
}
