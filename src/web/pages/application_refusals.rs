//! What an application did not get, for whoever builds it: the standard's word, ours, and what to do.

use chrono::{DateTime, Utc};

use crate::issuer::refusals::Place;
use crate::store::refusals::Refusal;
use crate::web::text::TextKey;

/// How many kinds the page shows.
const SHOWN: usize = 12;

/// One kind of refusal.
#[derive(Clone, Debug)]
pub struct RefusalView {
    /// Where it was asked for, as developers write it.
    pub place: String,
    /// The word of the standard.
    pub error: String,
    /// What was wrong, in the English words that the program was told or could have been told.
    pub detail: String,
    /// What to do about it.
    pub remedy: TextKey,
    /// How often.
    pub times: u32,
    /// When for the last time.
    pub last_at: DateTime<Utc>,
}

impl RefusalView {
    /// Takes the latest ones.
    pub fn list(refusals: Vec<Refusal>) -> Vec<Self> {
        refusals.into_iter().take(SHOWN).map(Self::from).collect()
    }
}

impl From<Refusal> for RefusalView {
    fn from(Refusal { kind, times, last_at, .. }: Refusal) -> Self {
        let grant = if kind.grant.is_empty() { String::new() } else { format!(" · {}", kind.grant) };
        Self {
            place: format!("{}{grant}", path_of(&kind.place)),
            remedy: remedy_of(&kind.error),
            error: kind.error,
            detail: kind.detail,
            times,
            last_at,
        }
    }
}

/// Returns the endpoint of a place, where it is one.
fn path_of(place: &str) -> &str {
    // What is no endpoint is in the words of the standards, in every language.
    let all = [
        (Place::Authorization, "/oauth/authorize"),
        (Place::Token, "/oauth/token"),
        (Place::Pushed, "/oauth/par"),
        (Place::Device, "/oauth/device_authorization"),
        (Place::Authentication, "client authentication"),
        (Place::Resource, "Authorization: Bearer"),
    ];
    all.into_iter().find(|(known, _)| known.as_str() == place).map_or(place, |(_, path)| path)
}

/// Returns what helps against an error.
fn remedy_of(error: &str) -> TextKey {
    match error {
        "redirect_uri" => "refusal-redirect-uri",
        "disabled" => "refusal-disabled",
        "invalid_client" => "refusal-invalid-client",
        "invalid_grant" => "refusal-invalid-grant",
        "invalid_request" => "refusal-invalid-request",
        "invalid_scope" => "refusal-invalid-scope",
        "unauthorized_client" | "unsupported_grant_type" | "unsupported_response_type" => "refusal-unauthorized-client",
        "access_denied" => "refusal-access-denied",
        "login_required" | "consent_required" | "interaction_required" | "account_selection_required" => "refusal-login-required",
        "insufficient_scope" => "refusal-insufficient-scope",
        "invalid_token" => "refusal-invalid-token",
        "slow_down" | "too_many_requests" => "refusal-slow-down",
        "expired_token" => "refusal-expired-token",
        _ => "refusal-other",
    }
}

/// One of everything that may be shown.
#[cfg(test)]
pub fn sample(text: &str) -> Vec<RefusalView> {
    let (place, error, detail) = (text.to_owned(), text.to_owned(), text.to_owned());
    vec![RefusalView { place, error, detail, remedy: remedy_of("invalid_grant"), times: 3, last_at: DateTime::UNIX_EPOCH }]
}
