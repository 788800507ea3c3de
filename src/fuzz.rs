//! What the fuzz targets of `tests/fuzz` call, and the replay of their corpora in the normal tests (security.md DP-07).
//!
//! One function for each reader of foreign input. It takes anything, must not panic of
//! itself, and asserts what has to hold of whatever was read. Built with the feature
//! `fuzzing` only: nothing of it is in the binary. A new reader is a function here, a line
//! in [`TARGETS`], a target and a corpus.

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::email::Email;
use crate::domain::identifier::Identifier;
use crate::domain::identity::Subject;
use crate::domain::name::{DisplayName, Username};
use crate::domain::return_to::{MAX_RETURN_TO_BYTES, ReturnTo};
use crate::domain::thumbprint::Thumbprint;
use crate::issuer::dpop::proof::{Claims, MAX_BYTES, Proof};
use crate::issuer::registration::{Rules, validate, wire};
use crate::provider::fuzz as provider;
use crate::signin::attempt::Attempts;
use crate::signin::callback::Callback;
use crate::web::cookies::{self, Brought};

/// A target: its name, which is also that of its corpus, and what it calls.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 11] = [
    ("address", address),
    ("callback", callback),
    ("client_metadata", client_metadata),
    ("cookies", cookies),
    ("discovery", provider::discovery),
    ("dpop_proof", dpop_proof),
    ("id_token", provider::id_token),
    ("key_set", provider::key_set),
    ("profile", provider::profile),
    ("return_to", return_to),
    ("token_answer", provider::token_answer),
];

/// Runs a target by its name.
///
/// # Panics
///
/// Panics if there is no such target, or if what has to hold does not.
pub fn run(name: &str, data: &[u8]) {
    let (_, target) = TARGETS.iter().find(|(target, _)| *target == name).expect("a target");
    target(data);
}

/// Reads `Cookie` headers, one per line, and the attempts that a session cookie would hold.
fn cookies(data: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(header::COOKIE, value);
        }
    }
    for name in ["genkan", "__Host-jwt"] {
        if let Brought::One(value) = cookies::find(&headers, name) {
            assert!(!value.contains(';') && value.len() < 4_096, "more than one value");
        }
        let mut rest = headers.clone();
        cookies::remove(&mut rest, name);
        assert_eq!(cookies::find(&rest, name), Brought::Nothing, "a removed cookie is still there");
    }
    if let Ok(attempts) = serde_json::from_slice::<Attempts>(data) {
        let written = serde_json::to_vec(&attempts).expect("attempts become JSON");
        assert_eq!(serde_json::from_slice::<Attempts>(&written).ok().as_ref(), Some(&attempts), "attempts change on their way");
        assert!(attempts.find_by_state("").is_none(), "an empty state belongs to nobody");
    }
}

/// Reads return targets.
fn return_to(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let Some(target) = ReturnTo::parse(text) else { return };
    let path = target.as_str();
    assert!(path.starts_with('/') && !path.starts_with("//") && path.len() <= MAX_RETURN_TO_BYTES, "{path:?} is no path of ours");
    assert!(!path.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace()), "{path:?} is no plain path");
    let origin = url::Url::parse("https://accounts.example.com").expect("a URL");
    let joined = origin.join(path).expect("a path joins");
    assert_eq!(joined.origin(), origin.origin(), "{path:?} leads away");
    assert_eq!(ReturnTo::parse(path).as_ref(), Some(&target), "{path:?} is read differently the second time");
}

/// Reads what a browser brings back: a query, or a form.
fn callback(data: &[u8]) {
    let Ok(callback) = Callback::read(data) else { return };
    let code = callback.accept(|_| None);
    assert!(code.is_err() || (callback.error.is_none() && callback.error_code.is_none()), "a refusal with a code");
    assert!(code.is_ok_and(|code| !code.is_empty()) || callback.provider_error().is_none_or(|code| code.as_str().len() <= 64));
}

/// Reads what programs register, and what is told them of it.
fn client_metadata(data: &[u8]) {
    let Ok(draft) = wire::read(data) else { return };
    let rules = Rules::for_program(false);
    let Ok(metadata) = validate(&draft, &rules) else { return };
    assert!(metadata.requires_pkce && metadata.grants.is_subset(&rules.grants), "{metadata:?} has more than programs get");
    assert!(rules.scopes.as_ref().is_some_and(|most| metadata.scopes.is_subset(most)), "{} is too much", metadata.scopes);
    for uri in &metadata.redirect_uris {
        let url = uri.to_url();
        assert!(url.fragment().is_none() && url.username().is_empty() && url.password().is_none(), "{uri} is no plain address");
        assert!(!matches!(url.scheme(), "javascript" | "data" | "file"), "{uri} leads nowhere good");
    }
    let written = serde_json::to_vec(&wire::write(&metadata)).expect("metadata become JSON");
    let again = wire::read(&written).map(|draft| validate(&draft, &rules));
    assert_eq!(again, Ok(Ok(metadata)), "metadata change on their way");
}

/// Reads proofs of keys: as they are, and what could be the header or the claims of one.
fn dpop_proof(data: &[u8]) {
    if let Ok(proof) = str::from_utf8(data).map_err(drop).and_then(|text| Proof::read(text.trim_end()).map_err(drop)) {
        assert!(data.len() <= MAX_BYTES + 1 && Thumbprint::parse(proof.key.as_str()).is_some(), "no proof of ours");
        assert!(!proof.claims.jti.is_empty() && proof.claims.jti.len() <= 256, "a name that cannot be stored");
    }
    let unsigned = format!("{}.e30.", URL_SAFE_NO_PAD.encode(data));
    assert!(Proof::read(&unsigned).is_err(), "a proof that nobody signed");
    if let Ok(claims) = serde_json::from_slice::<Claims>(data) {
        let here = url::Url::parse("https://id.example.com/oauth/token").expect("a URL");
        let is_here = url::Url::parse(&claims.htu).is_ok_and(|given| given.host() == here.host() && given.path() == here.path());
        assert!(!claims.is_for(&here) || is_here, "{:?} is elsewhere", claims.htu);
    }
}

/// Reads addresses, and the other things that people type or providers say of them.
fn address(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(email) = Email::parse(text) {
        let again = Email::parse(email.as_str()).expect("an address stays one");
        assert_eq!((again.as_str(), again.normal()), (email.as_str(), email.normal()), "{text:?} changes");
        assert!(email.as_str().is_ascii() && email.as_str().matches('@').count() == 1, "{text:?} is not plain");
        let is_plain = |c: char| !c.is_control() && !c.is_whitespace() && !matches!(c, ',' | ';' | '<' | '>' | '"');
        assert!(email.as_str().chars().all(is_plain), "{text:?} could end a header");
    }
    let _ = Identifier::parse(text);
    if let Some(name) = DisplayName::from_provider(text) {
        assert!(!name.as_str().contains(char::is_control), "{text:?} has control characters");
    }
    if let Ok(name) = Username::parse(text) {
        assert!(!name.as_str().is_empty() && !name.as_str().contains('@'), "{text:?} is no user name");
    }
    assert!(Subject::parse(text).is_none_or(|subject| subject.as_str() == text), "a subject is changed");
}
