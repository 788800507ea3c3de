//! The tokens of one person at one provider, where they are kept beyond the sign-in.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::token::Tokens;

/// How long before its end an access token counts as expired: the time that a call with it may take, and clocks that differ.
const MARGIN: TimeDelta = TimeDelta::seconds(60);
/// The longest life of an access token that is believed; what says more is taken for "does not expire".
const MAX_LIFE_SECS: u64 = 10 * 365 * 86_400;

/// What a provider gave us to act for somebody (RFC 6749 §5.1).
#[derive(Clone, Debug)]
pub struct TokenSet {
    /// Opens the provider's interfaces; empty where only an ID Token came.
    pub access_token: SecretString,
    /// Gets another access token (RFC 6749 §6), where the provider gave one.
    pub refresh_token: Option<SecretString>,
    /// When the access token ends, where the provider said so.
    pub expires_at: Option<DateTime<Utc>>,
}

impl TokenSet {
    /// Takes from an answer what is worth keeping.
    pub(super) fn of(tokens: &Tokens, now: DateTime<Utc>) -> Self {
        let refresh_token = tokens.answer.get("refresh_token").and_then(Value::as_str).filter(|token| !token.is_empty());
        Self {
            access_token: tokens.access_token.clone(),
            refresh_token: refresh_token.map(SecretString::from),
            expires_at: tokens.answer.get("expires_in").and_then(read_secs).and_then(|secs| now.checked_add_signed(secs)),
        }
    }

    /// Tells whether the access token can still be used.
    pub fn is_usable(&self, now: DateTime<Utc>) -> bool {
        !self.access_token.expose_secret().is_empty() && self.expires_at.is_none_or(|expires_at| now + MARGIN < expires_at)
    }

    /// Keeps the refresh token of `older` where none came: a provider that sends none leaves the old one valid (RFC 6749 §6).
    #[must_use]
    pub fn or_refresh_token_of(self, older: &Self) -> Self {
        Self { refresh_token: self.refresh_token.or_else(|| older.refresh_token.clone()), ..self }
    }

    /// Returns what is to be sealed and stored.
    pub fn to_plain(&self) -> SecretString {
        let refresh_token = self.refresh_token.as_ref().map(SecretString::expose_secret);
        let expires_at = self.expires_at.map(|at| at.timestamp());
        json!({ "access_token": self.access_token.expose_secret(), "refresh_token": refresh_token, "expires_at": expires_at })
            .to_string()
            .into()
    }

    /// Reads what [`TokenSet::to_plain`] returned; `None` for anything else.
    pub fn from_plain(plain: &[u8]) -> Option<Self> {
        let object: Value = serde_json::from_slice(plain).ok()?;
        Some(Self {
            access_token: object.get("access_token")?.as_str()?.into(),
            refresh_token: object.get("refresh_token")?.as_str().map(SecretString::from),
            expires_at: object.get("expires_at")?.as_i64().and_then(|at| DateTime::from_timestamp(at, 0)),
        })
    }
}

/// Reads a number of seconds, also one in quotes or with a fraction.
fn read_secs(value: &Value) -> Option<TimeDelta> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let secs: u64 = text.split('.').next()?.parse().ok().filter(|secs| *secs <= MAX_LIFE_SECS)?;
    TimeDelta::try_seconds(i64::try_from(secs).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_176_000, 0).expect("a time")
    }

    fn tokens(answer: &Value) -> TokenSet {
        let answer = answer.as_object().expect("an object").clone();
        TokenSet::of(&Tokens { access_token: "at".into(), id_token: None, scopes: None, answer }, now())
    }

    #[test]
    fn so_15_nothing_but_two_tokens_and_a_time_is_kept() {
        let kept =
            tokens(&json!({"access_token": "at", "refresh_token": "rt", "expires_in": 3600, "id_token": "it", "email": "a@example.com"}));

        let plain = kept.to_plain();
        assert_eq!(plain.expose_secret(), r#"{"access_token":"at","expires_at":1795179600,"refresh_token":"rt"}"#);
        let read = TokenSet::from_plain(plain.expose_secret().as_bytes()).expect("what was written");
        assert_eq!(read.to_plain().expose_secret(), plain.expose_secret());
        assert!(TokenSet::from_plain(b"{}").is_none());
    }

    #[test]
    fn lg_03_no_token_is_printed() {
        let printed = format!("{:?}", tokens(&json!({"refresh_token": "the-refresh-token"})));

        assert!(!printed.contains("the-refresh-token") && !printed.contains("\"at\""), "{printed}");
    }

    #[test]
    fn the_life_of_a_token_is_read_however_it_is_written() {
        for (expires_in, secs) in [
            (json!(3600), Some(3600)),
            (json!("3600"), Some(3600)),
            (json!(3599.5), Some(3599)),
            (json!(0), Some(0)),
            (json!(-1), None),
            (json!(u64::MAX), None),
            (json!("soon"), None),
            (json!(null), None),
        ] {
            let kept = tokens(&json!({ "expires_in": expires_in }));

            assert_eq!(kept.expires_at.map(|at| (at - now()).num_seconds()), secs, "{expires_in}");
        }
    }

    #[test]
    fn a_token_counts_as_expired_a_minute_before_its_end() {
        let kept = tokens(&json!({ "expires_in": 100 }));

        assert!(kept.is_usable(now() + TimeDelta::seconds(39)));
        assert!(!kept.is_usable(now() + TimeDelta::seconds(40)));
        assert!(tokens(&json!({})).is_usable(now() + TimeDelta::days(400)), "nobody said when it ends");
    }
}
