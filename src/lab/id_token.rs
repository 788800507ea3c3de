//! ID Tokens (OIDC Core §2), as they should be or as a case wants them.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::case::{Claim, Forgery, Seal, Strike};
use super::keys::Key;
use super::state::{Grant, Shared, TOKEN_SECS};

/// What makes a client read the keys again.
const NEW_KEY: Forgery = Forgery { claims: &[], header: &[], seal: Seal::UnknownKey };
/// What most cases have.
const SOUND: Forgery = Forgery { claims: &[], header: &[], seal: Seal::Sound };

/// Makes the ID Token of a grant; none if the case is that there is none.
pub(super) fn make(shared: &Shared, grant: &Grant, access_token: &str) -> Option<String> {
    let forgery = match &grant.case.strike {
        Strike::IdToken(forgery) => forgery,
        Strike::Metadata(..) => &NEW_KEY,
        _ => &SOUND,
    };
    let now = shared.now();
    let mut claims = claims(&shared.issuer, grant, access_token, now);
    for (name, claim) in forgery.claims {
        match claim {
            Claim::Removed => claims.remove(*name),
            Claim::Text(text) => claims.insert((*name).to_owned(), json!(text)),
            Claim::FromNow(seconds) => claims.insert((*name).to_owned(), json!(now + seconds)),
            Claim::Template(value) => claims.insert((*name).to_owned(), fill(value, grant, now)),
        };
    }
    match forgery.seal {
        Seal::Sound => Some(sign(&shared.keys.signing(), forgery.header, &claims)),
        Seal::Broken => Some(break_signature(&sign(&shared.keys.signing(), &[], &claims))),
        Seal::UnknownKey => Some(sign(&shared.keys.unpublished(), &[], &claims)),
        Seal::Undotted => Some(sign(&shared.keys.signing(), &[], &claims).replace('.', "-")),
        Seal::Encrypted => Some(format!("{}.AAAA.AAAA", sign(&shared.keys.signing(), &[], &claims))),
        Seal::Unnamed => Some(sign(&shared.keys.unpublished(), &[("kid", Value::Null)], &claims)),
        Seal::Unsigned => Some(unsigned(&claims)),
        Seal::Absent => None,
    }
}

/// Returns the claims; name and e-mail are left to userinfo, as for any code flow (OIDC Core §5.4).
fn claims(issuer: &str, grant: &Grant, access_token: &str, now: i64) -> Map<String, Value> {
    let hash = digest(&SHA256, access_token.as_bytes());
    let mut claims = Map::from_iter([
        ("iss".to_owned(), json!(issuer)),
        ("sub".to_owned(), json!(grant.person.sub)),
        ("aud".to_owned(), json!(grant.authorization.client_id)),
        ("iat".to_owned(), json!(now)),
        ("exp".to_owned(), json!(now + TOKEN_SECS)),
        ("auth_time".to_owned(), json!(grant.issued_at)),
        ("at_hash".to_owned(), json!(URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]))),
    ]);
    if let Some(nonce) = &grant.authorization.nonce {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    claims
}

/// Fills in what the corpus leaves open.
fn fill(value: &Value, grant: &Grant, now: i64) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix("now").map(str::parse::<i64>) {
            Some(Ok(seconds)) => json!(now + seconds),
            _ => json!(text.replace("{client_id}", &grant.authorization.client_id)),
        },
        Value::Array(values) => values.iter().map(|value| fill(value, grant, now)).collect(),
        other => other.clone(),
    }
}

/// Signs with the key, whatever the changed header says of it (RFC 7515 §5.1).
fn sign(key: &Key, changes: &[(&'static str, Value)], claims: &Map<String, Value>) -> String {
    let mut header =
        Map::from_iter([("typ".to_owned(), json!("JWT")), ("alg".to_owned(), json!(key.algorithm)), ("kid".to_owned(), json!(key.kid))]);
    for (name, value) in changes {
        header.insert((*name).to_owned(), value.clone());
    }
    header.retain(|_, value| !value.is_null());
    let encoded = |part: &Map<String, Value>| URL_SAFE_NO_PAD.encode(Value::Object(part.clone()).to_string());
    let signed = format!("{}.{}", encoded(&header), encoded(claims));
    let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &key.private, key.algorithm);
    format!("{signed}.{}", signature.expect("the key was made for the algorithm"))
}

/// Changes one bit in the middle of the signature.
fn break_signature(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap_or((token, ""));
    let mut signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
    let middle = signature.len() / 2;
    if let Some(byte) = signature.get_mut(middle) {
        *byte ^= 1;
    }
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Writes an unsecured token (RFC 7519 §6).
fn unsigned(claims: &Map<String, Value>) -> String {
    let claims = URL_SAFE_NO_PAD.encode(Value::Object(claims.clone()).to_string());
    format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#))
}
