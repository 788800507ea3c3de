//! Which failures of category `other` are worth an alert: the first of each kind.
//!
//! A kind is provider, stage, cause and, where the provider said it to ourselves, its
//! error code. What came through the browser can be made up by its owner: it wants
//! three clients, and its words never make a kind (security.md LG-07).

use std::collections::{BTreeMap, BTreeSet};

use crate::ops::client::Client;
use crate::secret;
use crate::signin::failure::{Category, ProviderErrorCode, SigninFailure, Stage};

/// How many clients must have met what a browser's owner could have made up.
const CLIENTS: usize = 3;
/// How many kinds of that sort are remembered; then all of them begin anew.
const MAX_KINDS: usize = 512;

/// A failure that may be the first of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strange {
    /// The provider's name.
    pub provider: String,
    /// Cause, stage and code, in words that hold nothing of a person.
    pub subject: String,
}

impl Strange {
    /// Returns what names its kind in the database.
    pub fn fingerprint(&self) -> String {
        secret::hash_token(&format!("{}/{}", self.provider, self.subject))
    }
}

/// Remembers who met what.
#[derive(Debug, Default)]
pub struct Sieve(BTreeMap<String, BTreeSet<Client>>);

impl Sieve {
    /// Lets a failure through that says something; one without an attempt may be forged.
    pub fn pass(&mut self, failure: &SigninFailure, client: Client) -> Option<Strange> {
        let (provider, _) = failure.provider.as_ref().zip(failure.attempt)?;
        if failure.cause.category() != Category::Other {
            return None;
        }
        let is_our_own = matches!(failure.stage, Stage::Token | Stage::Profile | Stage::Account | Stage::Start);
        let code = failure.provider_error.as_ref().filter(|_| is_our_own).map(ProviderErrorCode::as_str);
        let code = code.map(|code| format!(" {code}")).unwrap_or_default();
        let subject = format!("{} at {}{code}", failure.cause.as_str(), failure.stage.as_str());
        let strange = Strange { provider: provider.to_string(), subject };
        (is_our_own || self.is_met_by_many(&strange, client)).then_some(strange)
    }

    fn is_met_by_many(&mut self, strange: &Strange, client: Client) -> bool {
        let kind = format!("{}/{}", strange.provider, strange.subject);
        if self.0.len() >= MAX_KINDS && !self.0.contains_key(&kind) {
            self.0.clear();
        }
        let clients = self.0.entry(kind).or_default();
        if clients.len() < CLIENTS {
            clients.insert(client);
        }
        clients.len() >= CLIENTS
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;
    use crate::clock::Clock;
    use crate::domain::identity::ProviderId;
    use crate::domain::ids::AttemptId;
    use crate::signin::failure::Cause;

    fn failure(cause: Cause, stage: Stage, code: &str) -> SigninFailure {
        SigninFailure {
            provider: ProviderId::parse("lab"),
            attempt: Some(AttemptId::new(&Clock::system())),
            provider_error: ProviderErrorCode::clean(code),
            ..SigninFailure::new(cause, stage)
        }
    }

    fn client(number: u8) -> Client {
        Client::of(IpAddr::V4(Ipv4Addr::new(192, 0, 2, number)))
    }

    #[test]
    fn what_the_provider_told_us_passes_with_its_code() {
        let strange = Sieve::default().pass(&failure(Cause::TokenRefused, Stage::Token, "flux"), client(1));

        assert_eq!(strange.map(|strange| strange.subject).as_deref(), Some("token_refused at token flux"));
    }

    #[test]
    fn lg_07_what_came_through_a_browser_wants_three_clients_and_its_words_do_not_count() {
        let mut sieve = Sieve::default();
        for number in 0..50 {
            assert_eq!(sieve.pass(&failure(Cause::AuthorizationRefused, Stage::Authorization, &format!("x{number}")), client(1)), None);
        }

        assert_eq!(sieve.pass(&failure(Cause::AuthorizationRefused, Stage::Authorization, "y"), client(2)), None);
        let third = sieve.pass(&failure(Cause::AuthorizationRefused, Stage::Authorization, "z"), client(3));
        assert_eq!(third.map(|strange| strange.subject).as_deref(), Some("authorization_refused at authorization"));
    }

    #[test]
    fn lg_07_what_has_no_attempt_or_another_category_does_not_pass() {
        let mut sieve = Sieve::default();
        let forged = SigninFailure { attempt: None, ..failure(Cause::TokenRefused, Stage::Token, "") };

        assert_eq!(sieve.pass(&forged, client(1)), None);
        assert_eq!(sieve.pass(&failure(Cause::TokenTimeout, Stage::Token, ""), client(1)), None);
    }
}
