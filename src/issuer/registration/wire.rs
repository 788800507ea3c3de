//! Client metadata as programs write and read it: JSON with the words of RFC 7591 §2 and
//! OIDC Registration §2.
//!
//! What we do not know is ignored, as both standards want it. What we know and cannot do is
//! refused, so that nobody finds out later that they got something else.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Draft, Field};
use crate::domain::client::{AssertionAlgorithm, ClientAuthentication, ClientKind, ClientMetadata, Grant, SigningAlgorithm};
use crate::domain::redirect_uri::{RedirectUri, Target};

/// A member that cannot be what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{member}: {problem}")]
pub struct Unfit {
    /// Which member; `body` for all of it.
    pub member: &'static str,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// The members that mean something here.
#[derive(Debug, Deserialize)]
struct Members {
    redirect_uris: Option<Vec<String>>,
    post_logout_redirect_uris: Option<Vec<String>>,
    token_endpoint_auth_method: Option<String>,
    token_endpoint_auth_signing_alg: Option<String>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
    application_type: Option<String>,
    subject_type: Option<String>,
    id_token_signed_response_alg: Option<String>,
    access_token_signed_response_alg: Option<String>,
    client_name: Option<String>,
    client_uri: Option<String>,
    logo_uri: Option<String>,
    policy_uri: Option<String>,
    tos_uri: Option<String>,
    scope: Option<String>,
    jwks: Option<Value>,
    jwks_uri: Option<Value>,
    software_statement: Option<Value>,
    #[serde(default)]
    dpop_bound_access_tokens: bool,
    backchannel_logout_uri: Option<String>,
    #[serde(default)]
    backchannel_logout_session_required: bool,
    frontchannel_logout_uri: Option<String>,
}

/// Reads what a program wrote. Whether it may be so is [`super::validate`]'s to say.
///
/// # Errors
///
/// [`Unfit`] names the first member that cannot be read, or asks for what is not there.
pub fn read(body: &[u8]) -> Result<Draft, Unfit> {
    let malformed = Unfit { member: "body", problem: "this is no JSON object of client metadata" };
    let members: Members = serde_json::from_slice(body).map_err(|_| malformed)?;
    refuse_unsupported(&members)?;
    let authentication = word("token_endpoint_auth_method", members.token_endpoint_auth_method.as_deref(), ClientAuthentication::parse)?;
    let authentication = authentication.unwrap_or(ClientAuthentication::ClientSecretBasic);
    let redirect_uris = lines("redirect_uris", members.redirect_uris)?;
    // RFC 7591 §2: "authorization_code" unless something else is said.
    let grants = members.grant_types.unwrap_or_else(|| vec![Grant::AuthorizationCode.as_str().to_owned()]);
    let grants = grants.iter().map(|grant| Grant::parse(grant).ok_or(unsupported("grant_types")));
    let usual = Draft::default();
    Ok(Draft {
        name: members.client_name.unwrap_or_else(|| host_of(&redirect_uris)),
        kind: kind_of(members.application_type.as_deref(), authentication, &redirect_uris)?,
        authentication,
        assertion_algorithm: word(
            "token_endpoint_auth_signing_alg",
            members.token_endpoint_auth_signing_alg.as_deref(),
            AssertionAlgorithm::parse,
        )?,
        jwks: members.jwks.map(|jwks| jwks.to_string()).unwrap_or_default(),
        redirect_uris,
        post_logout_redirect_uris: lines("post_logout_redirect_uris", members.post_logout_redirect_uris)?,
        grants: grants.collect::<Result<_, _>>()?,
        scopes: members.scope.unwrap_or(usual.scopes),
        // Not registered by any standard; other servers call it so.
        access_token_algorithm: word(
            "access_token_signed_response_alg",
            members.access_token_signed_response_alg.as_deref(),
            SigningAlgorithm::parse,
        )?
        .unwrap_or(usual.access_token_algorithm),
        id_token_algorithm: word("id_token_signed_response_alg", members.id_token_signed_response_alg.as_deref(), SigningAlgorithm::parse)?
            .unwrap_or(usual.id_token_algorithm),
        dpop_bound_access_tokens: members.dpop_bound_access_tokens,
        backchannel_logout_uri: members.backchannel_logout_uri.unwrap_or_default(),
        backchannel_logout_session_required: members.backchannel_logout_session_required,
        frontchannel_logout_uri: members.frontchannel_logout_uri.unwrap_or_default(),
        logo_url: members.logo_uri.unwrap_or_default(),
        homepage_url: members.client_uri.unwrap_or_default(),
        policy_url: members.policy_uri.unwrap_or_default(),
        terms_url: members.tos_uri.unwrap_or_default(),
        ..Draft::default()
    })
}

/// Writes what was registered (RFC 7591 §3.2.1); reading it again gives the same.
pub fn write(metadata: &ClientMetadata) -> Map<String, Value> {
    let is_native = metadata.kind == ClientKind::Native;
    let all = json!({
        "client_name": metadata.name,
        "application_type": if is_native { "native" } else { "web" },
        "redirect_uris": metadata.redirect_uris,
        "post_logout_redirect_uris": Some(&metadata.post_logout_redirect_uris).filter(|uris| !uris.is_empty()),
        "token_endpoint_auth_method": metadata.authentication,
        "token_endpoint_auth_signing_alg": metadata.assertion_algorithm,
        "jwks": metadata.jwks,
        "grant_types": metadata.grants,
        "response_types": ["code"],
        "scope": metadata.scopes,
        "subject_type": "public",
        "access_token_signed_response_alg": metadata.access_token_algorithm,
        "id_token_signed_response_alg": metadata.id_token_algorithm,
        "dpop_bound_access_tokens": metadata.dpop_bound_access_tokens,
        "client_uri": metadata.homepage_url,
        "logo_uri": metadata.logo_url,
        "policy_uri": metadata.policy_url,
        "tos_uri": metadata.terms_url,
        "backchannel_logout_uri": metadata.backchannel_logout_uri,
        "backchannel_logout_session_required": metadata.backchannel_logout_session_required,
        "frontchannel_logout_uri": metadata.frontchannel_logout_uri,
        "frontchannel_logout_session_required": metadata.frontchannel_logout_uri.as_ref().map(|_| true),
    });
    let Value::Object(all) = all else { return Map::new() };
    all.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

/// Returns what programs call a field of a draft.
pub fn member_of(field: Field) -> &'static str {
    match field {
        Field::Name => "client_name",
        Field::Authentication => "token_endpoint_auth_method",
        Field::Grants => "grant_types",
        Field::Scopes => "scope",
        Field::LogoUrl => "logo_uri",
        Field::HomepageUrl => "client_uri",
        Field::PolicyUrl => "policy_uri",
        Field::TermsUrl => "tos_uri",
        other => other.as_str(),
    }
}

/// Refuses what we know and do not do.
fn refuse_unsupported(members: &Members) -> Result<(), Unfit> {
    if members.software_statement.is_some() {
        return Err(Unfit { member: "software_statement", problem: "nobody's statements are trusted here" });
    }
    if members.jwks_uri.is_some() {
        return Err(Unfit { member: "jwks_uri", problem: "nothing is fetched; send the keys as jwks" });
    }
    if members.response_types.as_ref().is_some_and(|types| types.iter().any(|kind| kind != "code")) {
        return Err(unsupported("response_types"));
    }
    if members.subject_type.as_deref().is_some_and(|kind| kind != "public") {
        return Err(unsupported("subject_type"));
    }
    Ok(())
}

fn unsupported(member: &'static str) -> Unfit {
    Unfit { member, problem: "this is not supported" }
}

fn word<T>(member: &'static str, text: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Unfit> {
    text.map(|text| parse(text).ok_or(unsupported(member))).transpose()
}

/// Puts addresses on lines of their own; none may be two.
fn lines(member: &'static str, uris: Option<Vec<String>>) -> Result<String, Unfit> {
    let uris = uris.unwrap_or_default();
    let is_one = |uri: &String| !uri.is_empty() && !uri.chars().any(|c| c.is_whitespace() || c.is_control());
    if uris.iter().all(is_one) { Ok(uris.join("\n")) } else { Err(Unfit { member, problem: "an address is empty or has spaces" }) }
}

/// Returns what runs the client. Where nobody says it, an address on the person's own machine
/// and no secret do.
fn kind_of(word: Option<&str>, authentication: ClientAuthentication, redirect_uris: &str) -> Result<ClientKind, Unfit> {
    let is_own = |line: &str| RedirectUri::parse(line).is_ok_and(|uri| uri.target() != Target::Https);
    match word {
        Some("web") => Ok(ClientKind::Web),
        Some("native") => Ok(ClientKind::Native),
        Some(_) => Err(unsupported("application_type")),
        None if authentication == ClientAuthentication::None && redirect_uris.lines().any(is_own) => Ok(ClientKind::Native),
        None => Ok(ClientKind::Web),
    }
}

/// Names a client that has no name after where people go; consent shows that in any case.
fn host_of(redirect_uris: &str) -> String {
    let first = redirect_uris.lines().next().and_then(|line| url::Url::parse(line).ok());
    first.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issuer::registration::{Rules, validate};

    fn read_json(body: &Value) -> Result<Draft, Unfit> {
        read(body.to_string().as_bytes())
    }

    #[test]
    fn cr_02_what_is_left_out_has_the_defaults_of_the_standard_and_reads_the_same_again() {
        let draft = read_json(&json!({ "redirect_uris": ["https://tea.example/cb"], "contacts": ["a@tea.example"], "logo_uri": null }));
        let metadata = validate(&draft.expect("a draft"), &Rules::for_program(false)).expect("metadata");

        assert_eq!(metadata.name.to_string(), "tea.example");
        assert_eq!(metadata.authentication, ClientAuthentication::ClientSecretBasic);
        assert_eq!(metadata.grants, [Grant::AuthorizationCode].into());
        assert!(metadata.requires_pkce);
        let written = Value::Object(write(&metadata));
        let again = read_json(&written).expect("a draft");
        assert_eq!(validate(&again, &Rules::for_program(false)), Ok(metadata), "{written}");
    }

    #[test]
    fn the_signatures_of_both_kinds_of_tokens_are_read_and_written() {
        let wanted = json!({
            "redirect_uris": ["https://tea.example/cb"],
            "access_token_signed_response_alg": "RS256", "id_token_signed_response_alg": "ES256",
        });
        let metadata = validate(&read_json(&wanted).expect("a draft"), &Rules::for_program(false)).expect("metadata");

        let written = write(&metadata);

        assert_eq!((metadata.access_token_algorithm, metadata.id_token_algorithm), (SigningAlgorithm::Rs256, SigningAlgorithm::Es256));
        for name in ["access_token_signed_response_alg", "id_token_signed_response_alg"] {
            assert_eq!(written[name], wanted[name], "{name}");
        }
    }

    #[test]
    fn cr_02_what_cannot_be_done_is_named() {
        for (name, value) in [
            ("redirect_uris", json!(["https://a.example/cb\nhttps://b.example/cb"])),
            ("redirect_uris", json!([""])),
            ("response_types", json!(["code", "token"])),
            ("grant_types", json!(["implicit"])),
            ("token_endpoint_auth_method", json!("tls_client_auth")),
            ("id_token_signed_response_alg", json!("none")),
            ("access_token_signed_response_alg", json!("HS256")),
            ("subject_type", json!("pairwise")),
            ("application_type", json!("robot")),
            ("jwks_uri", json!("https://tea.example/keys")),
            ("software_statement", json!("a.b.c")),
        ] {
            let unfit = read_json(&json!({ name: value })).expect_err("refused");
            assert_eq!(unfit.member, name, "{unfit}");
        }
        for body in ["", "[]", "{\"scope\":1}", "{\"scope\":\"a\",\"scope\":\"b\"}"] {
            assert_eq!(read(body.as_bytes()).expect_err("refused").member, "body", "{body}");
        }
    }

    #[test]
    fn cr_02_a_public_client_on_this_machine_is_a_native_one() {
        let uris = json!(["http://127.0.0.1/cb"]);
        let public = read_json(&json!({ "redirect_uris": uris, "token_endpoint_auth_method": "none" })).expect("a draft");
        let secret = read_json(&json!({ "redirect_uris": uris })).expect("a draft");

        assert_eq!((public.kind, secret.kind), (ClientKind::Native, ClientKind::Web));
    }
}
