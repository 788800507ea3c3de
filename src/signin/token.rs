//! The session token: a JWT (RFC 7519) that names a session and decides nothing.
//!
//! One algorithm, ES256; keys of its own; `token_use` marks it, so that no other
//! token that we sign can stand in for it, nor the reverse (security.md SE-07).

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{SessionId, UserId};
use crate::domain::user::Session;
use crate::keys::{Key, Keychain, Purpose, jws};
use crate::store::StoreError;

/// What the header says of its kind (RFC 7519 §5.1).
const TYP: &str = "JWT";
/// What `token_use` says in a session token.
const TOKEN_USE: &str = "session";
/// The longest token that is looked at, in bytes; ours have about 500.
const MAX_TOKEN_BYTES: usize = 1_024;

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
pub fn make(key: &Key, origin: &str, session: &Session, now: DateTime<Utc>) -> SecretString {
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
    jws::sign(key, TYP, &claims).into()
}

/// Why a token names no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Useless {
    /// It is not ours, not of this kind, or not yet of this time.
    Foreign,
    /// Its time is over.
    Expired,
}

/// Reads a token, or says why it is useless.
///
/// # Errors
///
/// [`StoreError`] if it names a key that is not known here and the keys cannot be read.
pub async fn read(chain: &Keychain, origin: &str, token: &str, now: DateTime<Utc>) -> Result<Result<Named, Useless>, StoreError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Ok(Err(Useless::Foreign));
    }
    let claims = jws::read::<Claims>(chain, &[Purpose::Session], TYP, token).await?;
    let Some(claims) = claims.filter(|claims| is_ours(claims, origin, now)) else { return Ok(Err(Useless::Foreign)) };
    let is_over = claims.exp <= now.timestamp();
    Ok(if is_over { Err(Useless::Expired) } else { Ok(Named { user: claims.sub, session: claims.sid }) })
}

fn is_ours(claims: &Claims, origin: &str, now: DateTime<Utc>) -> bool {
    let has_begun = claims.nbf.is_none_or(|nbf| nbf <= now.timestamp());
    has_begun && claims.iss == origin && claims.aud == origin && claims.token_use == TOKEN_USE
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jsonwebtoken::{Algorithm, EncodingKey, Header};
    use secrecy::ExposeSecret as _;
    use serde_json::{Value, json};

    use super::*;
    use crate::signin::testing::World;

    const ORIGIN: &str = "https://accounts.example.com";

    /// A chain of keys, and what its newest signs.
    struct Signer {
        world: World,
        session: Session,
    }

    impl Signer {
        async fn new() -> Self {
            let world = World::new().await;
            let (clock, now) = (&world.clock, world.clock.now());
            let expires_at = now + chrono::TimeDelta::days(2);
            let (id, user_id) = (SessionId::new(clock), UserId::new(clock));
            let (method, browser) = ("password".to_owned(), String::new());
            let session = Session { id, user_id, method, browser, created_at: now, seen_at: now, expires_at };
            Self { world, session }
        }

        fn key(&self) -> Arc<Key> {
            self.world.signin.keyring.chain.signing_session()
        }

        fn claims(&self) -> Value {
            let now = self.world.clock.now().timestamp();
            let (sub, sid) = (self.session.user_id.to_string(), self.session.id.to_string());
            json!({"iss": ORIGIN, "aud": ORIGIN, "sub": sub, "iat": now, "exp": now + 60, "sid": sid, "token_use": "session"})
        }

        async fn read_for(&self, origin: &str, token: &str) -> Option<Named> {
            let chain = &self.world.signin.keyring.chain;
            read(chain, origin, token, self.world.clock.now()).await.expect("the keys can be read").ok()
        }

        async fn read(&self, token: &str) -> Option<Named> {
            self.read_for(ORIGIN, token).await
        }
    }

    #[tokio::test]
    async fn se_07_our_token_names_its_session_until_it_ends() {
        let signer = Signer::new().await;
        let token = make(&signer.key(), ORIGIN, &signer.session, signer.world.clock.now());
        let named = Some(Named { user: signer.session.user_id, session: signer.session.id });

        assert_eq!(signer.read(token.expose_secret()).await, named);
        assert_eq!(signer.read_for("https://other.example.com", token.expose_secret()).await, None);
        signer.world.pass(2 * 24 * 3_600);
        assert_eq!(signer.read(token.expose_secret()).await, None);
    }

    #[tokio::test]
    async fn se_07_a_missing_or_wrong_claim_is_no_token() {
        let signer = Signer::new().await;
        assert!(signer.read(&jws::sign(&signer.key(), TYP, &signer.claims())).await.is_some());

        for name in ["iss", "aud", "sub", "iat", "exp", "sid", "token_use"] {
            let wrong = [None, Some(json!("x")), Some(json!(7.5)), Some(json!(["x"])), Some(json!(null)), Some(json!({}))];
            for value in wrong {
                let mut claims = signer.claims();
                claims[name] = value.clone().unwrap_or_default();
                if value.is_none() {
                    claims.as_object_mut().expect("an object").remove(name);
                }
                assert_eq!(signer.read(&jws::sign(&signer.key(), TYP, &claims)).await, None, "{claims}");
            }
        }
    }

    #[tokio::test]
    async fn se_07_nbf_is_honoured_and_times_must_be_numbers() {
        let signer = Signer::new().await;
        for (nbf, is_good) in [(json!(1_800_000_000), true), (json!(1_800_000_001), false), (json!("0"), false), (json!([0]), false)] {
            let mut claims = signer.claims();
            claims["nbf"] = nbf;
            assert_eq!(signer.read(&jws::sign(&signer.key(), TYP, &claims)).await.is_some(), is_good, "{claims}");
        }
    }

    #[tokio::test]
    async fn se_07_other_algorithms_keys_and_kinds_are_refused() {
        let (signer, other) = (Signer::new().await, Signer::new().await);
        let header = Header { kid: Some(signer.key().kid.clone()), ..Header::new(Algorithm::HS256) };
        let hs256 = jsonwebtoken::encode(&header, &signer.claims(), &EncodingKey::from_secret(b"k")).expect("a token");
        let good = jws::sign(&signer.key(), TYP, &signer.claims());
        let unsigned = format!("eyJhbGciOiJub25lIiwia2lkIjoiayJ9.{}.", good.split('.').nth(1).expect("a body"));
        let strangers = jws::sign(&other.key(), TYP, &signer.claims());
        let issuers = signer.world.signin.keyring.chain.signing(Purpose::Es256).await.expect("a key");

        for token in
            [hs256, unsigned, strangers, jws::sign(&issuers, TYP, &signer.claims()), jws::sign(&signer.key(), "at+jwt", &signer.claims())]
        {
            assert_eq!(signer.read(&token).await, None, "{token}");
        }
        for token in ["", ".", "..", "a.b.c", &"a".repeat(5_000), &good[..good.len() - 1], &format!("{good}.")] {
            assert_eq!(signer.read(token).await, None, "{token}");
        }
    }
}
