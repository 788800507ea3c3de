//! The session token: a JWT (RFC 7519) that names a session and decides nothing.
//!
//! One algorithm, ES256; keys of its own; `token_use` marks it, so that no other
//! token that we sign can stand in for it, nor the reverse (security.md SE-07).

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{SessionId, UserId};
use crate::domain::user::Session;

/// The only algorithm (RFC 7518 §3.4).
const ALGORITHM: Algorithm = Algorithm::ES256;
/// What `token_use` says in a session token.
const TOKEN_USE: &str = "session";
/// The longest token that is looked at, in bytes; ours have about 500.
const MAX_TOKEN_BYTES: usize = 1_024;

/// One pair of keys for session tokens.
pub struct TokenKey {
    /// Names it in a token's header (RFC 7515 §4.1.4).
    pub kid: String,
    /// The private half.
    pub signing: EncodingKey,
    /// The public half.
    pub verifying: DecodingKey,
}

/// What a session token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    iat: i64,
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    sid: SessionId,
    token_use: String,
}

/// What a good token names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Whose session it is.
    pub user: UserId,
    /// Which it is.
    pub session: SessionId,
}

/// Makes the token of a session; it ends with the session.
///
/// # Panics
///
/// Never: the key was read as one that signs ES256.
pub fn make(key: &TokenKey, origin: &str, session: &Session, now: DateTime<Utc>) -> SecretString {
    let claims = Claims {
        iss: origin.to_owned(),
        aud: origin.to_owned(),
        sub: session.user_id,
        iat: now.timestamp(),
        exp: session.expires_at.timestamp(),
        nbf: None,
        sid: session.id,
        token_use: TOKEN_USE.to_owned(),
    };
    let header = Header { kid: Some(key.kid.clone()), ..Header::new(ALGORITHM) };
    jsonwebtoken::encode(&header, &claims, &key.signing).expect("a key for ES256 signs").into()
}

/// Reads a token; `None` for one that is not ours, not of this kind, or not of this time.
pub fn read(keys: &[TokenKey], origin: &str, token: &str, now: DateTime<Utc>) -> Option<Named> {
    if token.len() > MAX_TOKEN_BYTES {
        return None;
    }
    let header = jsonwebtoken::decode_header(token).ok()?;
    let key = keys.iter().find(|key| Some(&key.kid) == header.kid.as_ref())?;
    let claims = jsonwebtoken::decode::<Claims>(token, &key.verifying, &rules(origin)).ok()?.claims;
    let is_of_this_time = now.timestamp() < claims.exp && claims.nbf.is_none_or(|nbf| nbf <= now.timestamp());
    (is_of_this_time && claims.token_use == TOKEN_USE).then_some(Named { user: claims.sub, session: claims.sid })
}

/// Returns what the library checks. Times are checked by [`read`], by our own clock.
fn rules(origin: &str) -> Validation {
    let mut rules = Validation::new(ALGORITHM);
    rules.validate_exp = false;
    rules.set_issuer(&[origin]);
    rules.set_audience(&[origin]);
    rules.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
    rules
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;
    use serde_json::{Value, json};

    use super::*;
    use crate::clock::Clock;
    use crate::signin::keyring::new_token_key;

    const ORIGIN: &str = "https://accounts.example.com";

    fn clock() -> Clock {
        Clock::fixed(DateTime::from_timestamp(1_800_000_000, 0).expect("a time"))
    }

    fn session() -> Session {
        let (clock, now) = (clock(), clock().now());
        let expires_at = now + chrono::TimeDelta::days(2);
        let (id, user_id) = (SessionId::new(&clock), UserId::new(&clock));
        Session { id, user_id, method: "password".into(), browser: String::new(), created_at: now, seen_at: now, expires_at }
    }

    fn claims() -> Value {
        let (now, session) = (1_800_000_000, session());
        let (sub, sid) = (session.user_id.to_string(), session.id.to_string());
        json!({"iss": ORIGIN, "aud": ORIGIN, "sub": sub, "iat": now, "exp": now + 60, "sid": sid, "token_use": "session"})
    }

    fn sign(key: &TokenKey, claims: &Value) -> String {
        let header = Header { kid: Some(key.kid.clone()), ..Header::new(ALGORITHM) };
        jsonwebtoken::encode(&header, claims, &key.signing).expect("a token")
    }

    #[test]
    fn se_07_our_token_names_its_session_until_it_ends() {
        let (keys, session, clock) = ([new_token_key("old"), new_token_key("new")], session(), clock());

        for key in &keys {
            let token = make(key, ORIGIN, &session, clock.now());
            let named = Some(Named { user: session.user_id, session: session.id });
            assert_eq!(read(&keys, ORIGIN, token.expose_secret(), clock.now()), named);
            assert_eq!(read(&keys, ORIGIN, token.expose_secret(), session.expires_at), None);
            assert_eq!(read(&keys, "https://other.example.com", token.expose_secret(), clock.now()), None);
        }
    }

    #[test]
    fn se_07_a_missing_or_wrong_claim_is_no_token() {
        let key = [new_token_key("k")];
        assert!(read(&key, ORIGIN, &sign(&key[0], &claims()), clock().now()).is_some());

        for name in ["iss", "aud", "sub", "iat", "exp", "sid", "token_use"] {
            let wrong = [None, Some(json!("x")), Some(json!(7.5)), Some(json!(["x"])), Some(json!(null)), Some(json!({}))];
            for value in wrong {
                let mut claims = claims();
                claims[name] = value.clone().unwrap_or_default();
                if value.is_none() {
                    claims.as_object_mut().expect("an object").remove(name);
                }
                assert_eq!(read(&key, ORIGIN, &sign(&key[0], &claims), clock().now()), None, "{claims}");
            }
        }
    }

    #[test]
    fn se_07_nbf_is_honoured_and_times_must_be_numbers() {
        let key = [new_token_key("k")];
        for (nbf, is_good) in [(json!(1_800_000_000), true), (json!(1_800_000_001), false), (json!("0"), false), (json!([0]), false)] {
            let mut claims = claims();
            claims["nbf"] = nbf;
            assert_eq!(read(&key, ORIGIN, &sign(&key[0], &claims), clock().now()).is_some(), is_good, "{claims}");
        }
    }

    #[test]
    fn se_07_other_algorithms_and_keys_are_refused() {
        let key = [new_token_key("k")];
        let now = clock().now();
        let header = Header { kid: Some("k".into()), ..Header::new(Algorithm::HS256) };
        let hs256 = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(b"k")).expect("a token");
        let good = sign(&key[0], &claims());
        let unsigned = format!("eyJhbGciOiJub25lIiwia2lkIjoiayJ9.{}.", good.split('.').nth(1).expect("a body"));

        for token in [hs256, unsigned, sign(&new_token_key("k"), &claims()), sign(&new_token_key("x"), &claims())] {
            assert_eq!(read(&key, ORIGIN, &token, now), None, "{token}");
        }
        for token in ["", ".", "..", "a.b.c", &"a".repeat(5_000), &good[..good.len() - 1], &format!("{good}.")] {
            assert_eq!(read(&key, ORIGIN, token, now), None, "{token}");
        }
    }
}
