//! What the browser brings back from a provider, read strictly and in order.
//!
//! The order of checks decides more than any table: whatever belongs to no attempt
//! of this browser is `browser_environment`, whatever else the query says, so
//! that no stranger can choose the message (security.md LG-06). Here are the checks
//! that need no attempt, and those on a found one; between them,
//! [`super::social`] looks the attempt up.

use url::form_urlencoded;

use super::failure::{Cause, ProviderErrorCode};
use crate::provider::AuthorizationAnswer;

/// The longest answer, in bytes: codes of some KiB exist, nothing near this.
const MAX_ANSWER_BYTES: usize = 16 * 1024;
/// The most parameters an answer may have.
const MAX_PARAMETERS: usize = 32;
/// The words with which providers say that the person pressed Cancel.
const CANCEL_WORDS: [&str; 4] = ["access_denied", "user_cancelled_authorize", "user_cancelled_login", "login_denied"];

/// The parameters of an authorization response (RFC 6749 §4.1.2, RFC 9207 §2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Callback {
    /// The code.
    pub code: Option<String>,
    /// The state.
    pub state: Option<String>,
    /// The error code.
    pub error: Option<String>,
    /// A provider's own error code, sometimes without `error`.
    pub error_code: Option<String>,
    /// What the provider says beside it: compared by the provider's own rules, never shown or logged.
    pub error_description: Option<String>,
    /// The issuer.
    pub iss: Option<String>,
    /// Whether a server of the older protocol says that the person pressed Cancel.
    pub oauth_1_refusal: bool,
    /// Whether there is a token, which was not asked for.
    pub has_token: bool,
}

impl Callback {
    /// Reads a query string or a form body: steps 3 and 5 of the order.
    ///
    /// Unknown parameters are ignored (RFC 6749 §4.1.2), but nothing may come twice
    /// (RFC 6749 §3.1; security.md SO-04).
    ///
    /// # Errors
    ///
    /// [`Cause::ParameterTooLong`], [`Cause::QueryMalformed`],
    /// [`Cause::ParameterRepeated`] or [`Cause::QueryMissing`].
    pub fn read(raw: &[u8]) -> Result<Self, Cause> {
        if raw.len() > MAX_ANSWER_BYTES {
            return Err(Cause::ParameterTooLong);
        }
        let mut callback = Self::default();
        let mut seen = Vec::new();
        for pair in raw.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let (name, value) = read_pair(pair)?;
            if seen.contains(&name) {
                return Err(Cause::ParameterRepeated);
            }
            if seen.len() == MAX_PARAMETERS {
                return Err(Cause::ParameterTooLong);
            }
            callback.set(&name, value);
            seen.push(name);
        }
        if (Self { error_description: None, ..callback.clone() }) == Self::default() { Err(Cause::QueryMissing) } else { Ok(callback) }
    }

    /// Keeps a parameter; one without a value counts as omitted (RFC 6749 §3.1).
    fn set(&mut self, name: &str, value: String) {
        match name {
            _ if value.is_empty() => {}
            "code" => self.code = Some(value),
            "state" => self.state = Some(value),
            "error" => self.error = Some(value),
            "error_code" => self.error_code = Some(value),
            "error_description" => self.error_description = Some(value),
            // OAuth 1.0 has no state: these two say Cancel, where an attempt is pending, and else nothing.
            "denied" => self.oauth_1_refusal = true,
            "oauth_problem" => self.oauth_1_refusal = matches!(value.as_str(), "user_refused" | "permission_denied"),
            "iss" => self.iss = Some(value),
            "access_token" | "id_token" => self.has_token = true,
            _ => {}
        }
    }

    /// Tells whether the person pressed Cancel: step 7, without a state.
    pub fn is_cancel(&self) -> bool {
        self.oauth_1_refusal || self.error.as_deref().is_some_and(is_cancel_word)
    }

    /// Returns the code, after steps 11 to 16: the answer belongs to an attempt.
    ///
    /// `explain` knows the provider's own words (step 12).
    ///
    /// # Errors
    ///
    /// The cause that the answer itself tells.
    pub fn accept(&self, explain: impl FnOnce(&AuthorizationAnswer<'_>) -> Option<Cause>) -> Result<&str, Cause> {
        let has_error = self.error.is_some() || self.error_code.is_some() || self.oauth_1_refusal;
        if (has_error && self.code.is_some()) || self.has_token {
            return Err(Cause::ResponseContradictory);
        }
        if let Some(cause) = explain(&self.answer()) {
            return Err(cause);
        }
        if let Some(error) = &self.error {
            return Err(classify_error(error));
        }
        if self.oauth_1_refusal {
            return Err(Cause::ConsentDenied);
        }
        if has_error {
            return Err(Cause::AuthorizationRefused);
        }
        self.code.as_deref().filter(|code| !code.is_empty()).ok_or(Cause::CodeMissing)
    }

    /// Returns what the provider's own rules look at.
    pub fn answer(&self) -> AuthorizationAnswer<'_> {
        AuthorizationAnswer {
            error: self.error.as_deref(),
            error_code: self.error_code.as_deref(),
            description: self.error_description.as_deref(),
            has_code: self.code.is_some(),
        }
    }

    /// Returns the provider's error code, cleaned for the log.
    pub fn provider_error(&self) -> Option<ProviderErrorCode> {
        self.error.as_deref().or(self.error_code.as_deref()).and_then(ProviderErrorCode::clean)
    }
}

/// Decodes `name=value` strictly: what is not UTF-8 is no text of ours.
fn read_pair(pair: &[u8]) -> Result<(String, String), Cause> {
    let (name, value) = form_urlencoded::parse(pair).next().ok_or(Cause::QueryMalformed)?;
    if name.contains(char::REPLACEMENT_CHARACTER) || value.contains(char::REPLACEMENT_CHARACTER) {
        return Err(Cause::QueryMalformed);
    }
    Ok((name.into_owned(), value.into_owned()))
}

fn is_cancel_word(error: &str) -> bool {
    CANCEL_WORDS.contains(&error)
}

/// Names the cause of an error code (RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6).
fn classify_error(error: &str) -> Cause {
    match error {
        _ if is_cancel_word(error) => Cause::ConsentDenied,
        "server_error" => Cause::AuthorizationServerError,
        "temporarily_unavailable" => Cause::AuthorizationUnavailable,
        "login_required" | "interaction_required" | "account_selection_required" => Cause::InteractionRequired,
        _ => Cause::AuthorizationRefused,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn outcome(query: &str) -> Result<String, Cause> {
        Callback::read(query.as_bytes())?.accept(|_| None).map(str::to_owned)
    }

    #[test]
    fn a_plain_answer_gives_its_code_and_ignores_what_it_does_not_know() {
        assert_eq!(outcome("state=s&code=4%2F0AX&scope=email+openid&authuser=0"), Ok("4/0AX".to_owned()));
        assert_eq!(outcome(&format!("code={}&state=s", "c".repeat(4096))), Ok("c".repeat(4096)));
    }

    #[test]
    fn so_04_repeated_and_contradictory_parameters_are_refused() {
        for (query, cause) in [
            ("code=a&code=b&state=s", Cause::ParameterRepeated),
            ("code=a&state=s&state=s", Cause::ParameterRepeated),
            ("code=a&state=s&x=1&x=2", Cause::ParameterRepeated),
            ("code=a&error=access_denied&state=s", Cause::ResponseContradictory),
            ("code=a&error_code=1&state=s", Cause::ResponseContradictory),
            ("code=a&id_token=x&state=s", Cause::ResponseContradictory),
            ("access_token=a&state=s", Cause::ResponseContradictory),
        ] {
            assert_eq!(outcome(query), Err(cause), "{query}");
        }
    }

    #[test]
    fn errors_are_told_apart_by_their_word() {
        for (query, cause) in [
            ("error=access_denied&state=s", Cause::ConsentDenied),
            ("error=access_denied&code=&state=s", Cause::ConsentDenied),
            ("denied=token&state=s", Cause::ConsentDenied),
            ("oauth_problem=user_refused&state=s", Cause::ConsentDenied),
            ("error=user_cancelled_authorize&state=s", Cause::ConsentDenied),
            ("error=server_error&state=s", Cause::AuthorizationServerError),
            ("error=temporarily_unavailable&state=s", Cause::AuthorizationUnavailable),
            ("error=interaction_required&state=s", Cause::InteractionRequired),
            ("error=consent_required&state=s", Cause::AuthorizationRefused),
            ("error=flux_capacitor_low&state=s", Cause::AuthorizationRefused),
            ("error_code=1349048&state=s", Cause::AuthorizationRefused),
        ] {
            assert_eq!(outcome(query), Err(cause), "{query}");
        }
    }

    #[test]
    fn the_providers_own_words_come_before_the_general_ones() {
        let read = |query: &str| Callback::read(query.as_bytes()).expect("an answer");
        let own =
            |answer: &AuthorizationAnswer<'_>| answer.description.is_some_and(|text| text.contains("own")).then_some(Cause::CodeUnusable);

        assert_eq!(read("error=access_denied&error_description=own&state=s").accept(own), Err(Cause::CodeUnusable));
        assert_eq!(read("error=access_denied&error_description=else&state=s").accept(own), Err(Cause::ConsentDenied));
        assert_eq!(read("error=access_denied&code=x&error_description=own&state=s").accept(own), Err(Cause::ResponseContradictory));
    }

    #[test]
    fn what_got_lost_on_the_way_is_the_browsers_environment() {
        for (query, cause) in [
            ("", Cause::QueryMissing),
            ("&&", Cause::QueryMissing),
            ("utm_source=mail", Cause::QueryMissing),
            ("code=a&state=%FF%FE", Cause::QueryMalformed),
            ("state=s", Cause::CodeMissing),
            ("code=&state=s", Cause::CodeMissing),
            ("error=&state=s", Cause::CodeMissing),
            ("code=&state=", Cause::QueryMissing),
        ] {
            assert_eq!(outcome(query), Err(cause), "{query}");
        }
    }

    #[test]
    fn ht_01_an_endless_answer_is_refused() {
        assert_eq!(outcome(&"a".repeat(16 * 1024 + 1)), Err(Cause::ParameterTooLong));
        let many = (0..40).fold(String::new(), |query, n| query + &format!("p{n}=1&"));
        assert_eq!(outcome(&many), Err(Cause::ParameterTooLong));
    }

    proptest! {
        #[test]
        fn dp_07_no_answer_makes_the_reader_panic(raw in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Callback::read(&raw).map(|callback| callback.accept(|_| None).map(str::len));
        }
    }
}
