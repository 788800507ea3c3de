//! The rules themselves. Pure: what other clients there are is asked by [`super::flow`].

use serde_json::Value;
use url::Url;

use super::{Draft, Fault, Field, Problem, Rules};
use crate::domain::client::{AssertionAlgorithm, ClientAuthentication, ClientKind, ClientMetadata, ClientName, Grant};
use crate::domain::redirect_uri::{RedirectUri, Target};
use crate::domain::scope::Scopes;
use crate::issuer::assertion;

/// The most addresses in one list.
const MAX_URIS: usize = 10;
/// The longest of the other addresses, in bytes.
const MAX_URL_BYTES: usize = 512;
/// The longest JWK Set, in bytes.
const MAX_JWKS_BYTES: usize = 8 * 1_024;
/// How long an access token may be good for, in seconds.
const ACCESS_TOKEN_SECS: std::ops::RangeInclusive<u32> = 30..=86_400;
/// How long a refresh token may be good for, in seconds: a year at most.
const REFRESH_TOKEN_SECS: std::ops::RangeInclusive<u32> = 60..=31_536_000;

/// Collects what is wrong.
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, field: Field, problem: impl Into<Problem>) {
        self.0.push(Fault { field, problem: problem.into() });
    }

    fn keep<T>(&mut self, field: Field, result: Result<T, impl Into<Problem>>) -> Option<T> {
        result.map_err(|problem| self.add(field, problem)).ok()
    }
}

/// Makes metadata of a draft.
///
/// # Errors
///
/// Everything that is wrong with it, in the order of the form.
pub fn validate(draft: &Draft, rules: &Rules) -> Result<ClientMetadata, Vec<Fault>> {
    let mut faults = Faults(Vec::new());
    let name = faults.keep(Field::Name, ClientName::parse(&draft.name));
    let redirect_uris = read_uris(draft, rules, Field::RedirectUris, &draft.redirect_uris, &mut faults);
    let post_logout_redirect_uris = read_uris(draft, rules, Field::PostLogoutRedirectUris, &draft.post_logout_redirect_uris, &mut faults);
    check_authentication(draft, &mut faults);
    check_grants(draft, rules, redirect_uris.is_empty(), &mut faults);
    let (assertion_algorithm, jwks) = read_keys(draft, &mut faults);
    let scopes = faults.keep(Field::Scopes, Scopes::parse(&draft.scopes.split_whitespace().collect::<Vec<_>>().join(" ")));
    if let (Some(scopes), Some(most)) = (&scopes, &rules.scopes)
        && !scopes.is_subset(most)
    {
        faults.add(Field::Scopes, Problem::OperatorOnly);
    }
    if draft.response_modes.is_empty() {
        faults.add(Field::ResponseModes, Problem::NothingChosen);
    }
    let mut url = |field, text: &str, allows_http| read_url(field, text, allows_http, &mut faults);
    let (audience, logo_url) = (url(Field::Audience, &draft.audience, false), url(Field::LogoUrl, &draft.logo_url, false));
    let (homepage_url, policy_url) =
        (url(Field::HomepageUrl, &draft.homepage_url, rules.allows_loopback), url(Field::PolicyUrl, &draft.policy_url, false));
    let terms_url = url(Field::TermsUrl, &draft.terms_url, false);
    let backchannel_logout_uri = url(Field::BackchannelLogoutUri, &draft.backchannel_logout_uri, rules.allows_loopback);
    let frontchannel_logout_uri = url(Field::FrontchannelLogoutUri, &draft.frontchannel_logout_uri, rules.allows_loopback);
    check_place(frontchannel_logout_uri.as_ref(), &redirect_uris, &mut faults);
    let access_token_ttl_secs = read_secs(Field::AccessTokenTtl, &draft.access_token_ttl_secs, &ACCESS_TOKEN_SECS, &mut faults);
    let refresh_token_ttl_secs = read_secs(Field::RefreshTokenTtl, &draft.refresh_token_ttl_secs, &REFRESH_TOKEN_SECS, &mut faults);
    let (Some(name), Some(scopes), true) = (name, scopes, faults.0.is_empty()) else { return Err(faults.0) };
    Ok(ClientMetadata {
        name,
        kind: draft.kind,
        authentication: draft.authentication,
        assertion_algorithm,
        jwks,
        redirect_uris,
        post_logout_redirect_uris,
        grants: draft.grants.clone(),
        scopes,
        response_modes: draft.response_modes.clone(),
        requires_pkce: draft.requires_pkce || draft.authentication == ClientAuthentication::None,
        access_token_format: draft.access_token_format,
        access_token_algorithm: draft.access_token_algorithm,
        audience: audience.map(|_| draft.audience.trim().to_owned()),
        access_token_ttl_secs,
        refresh_token_ttl_secs,
        dpop_bound_access_tokens: draft.dpop_bound_access_tokens,
        id_token_algorithm: draft.id_token_algorithm,
        backchannel_logout_uri,
        backchannel_logout_session_required: draft.backchannel_logout_session_required,
        frontchannel_logout_uri,
        logo_url,
        homepage_url,
        policy_url,
        terms_url,
    })
}

/// Reads addresses, one a line (security.md CR-02).
fn read_uris(draft: &Draft, rules: &Rules, field: Field, text: &str, faults: &mut Faults) -> Vec<RedirectUri> {
    let mut uris = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Some(uri) = faults.keep(field, RedirectUri::parse(line)) else { return Vec::new() };
        let is_fine = match uri.target() {
            Target::Https => true,
            Target::Loopback => draft.kind == ClientKind::Native || rules.allows_loopback,
            Target::PrivateUse => draft.kind == ClientKind::Native,
        };
        if !is_fine {
            faults.add(field, Problem::NativeOnly);
            return Vec::new();
        }
        if !uris.contains(&uri) {
            uris.push(uri);
        }
    }
    if uris.len() > MAX_URIS {
        faults.add(field, Problem::TooMany);
    }
    uris
}

/// Checks that a client which runs on people's machines claims no secret (RFC 6749 §2.1).
fn check_authentication(draft: &Draft, faults: &mut Faults) {
    if draft.kind == ClientKind::Spa && draft.authentication != ClientAuthentication::None {
        faults.add(Field::Authentication, Problem::CannotKeepSecret);
    }
}

/// Checks the grants against each other and against who asks (security.md TK-05).
fn check_grants(draft: &Draft, rules: &Rules, has_no_address: bool, faults: &mut Faults) {
    let has = |grant| draft.grants.contains(&grant);
    if draft.grants.is_empty() {
        faults.add(Field::Grants, Problem::NothingChosen);
    } else if !draft.grants.is_subset(&rules.grants) {
        faults.add(Field::Grants, Problem::OperatorOnly);
    } else if has(Grant::RefreshToken) && ![Grant::AuthorizationCode, Grant::DeviceCode, Grant::Password].into_iter().any(has) {
        faults.add(Field::Grants, Problem::RefreshAlone);
    } else if has(Grant::ClientCredentials) && draft.authentication == ClientAuthentication::None {
        faults.add(Field::Grants, Problem::NeedsSecret);
    }
    let is_refused_already = faults.0.iter().any(|fault| fault.field == Field::RedirectUris);
    if has(Grant::AuthorizationCode) && has_no_address && !is_refused_already {
        faults.add(Field::RedirectUris, Problem::RedirectUriMissing);
    }
}

/// Reads the algorithm and the keys of assertions, which go with the authentication.
fn read_keys(draft: &Draft, faults: &mut Faults) -> (Option<AssertionAlgorithm>, Option<Value>) {
    match draft.authentication {
        ClientAuthentication::ClientSecretJwt => (Some(AssertionAlgorithm::Hs256), None),
        ClientAuthentication::PrivateKeyJwt => {
            let algorithm = draft.assertion_algorithm.filter(|algorithm| *algorithm != AssertionAlgorithm::Hs256);
            let algorithm = algorithm.unwrap_or(AssertionAlgorithm::Es256);
            let text = draft.jwks.trim();
            if text.is_empty() {
                faults.add(Field::Jwks, Problem::KeysMissing);
                return (None, None);
            }
            let json = if text.len() > MAX_JWKS_BYTES { None } else { serde_json::from_str(text).ok() };
            let keys = json.ok_or(assertion::KeySetError::Malformed).and_then(|json| assertion::check_keys(&json, algorithm));
            (Some(algorithm), faults.keep(Field::Jwks, keys))
        }
        _ => (None, None),
    }
}

/// Reads an https address that is shown or told; `allows_http`: on this machine, http will do.
fn read_url(field: Field, text: &str, allows_http: bool, faults: &mut Faults) -> Option<Url> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let uri = if text.len() > MAX_URL_BYTES { None } else { RedirectUri::parse(text).ok() };
    let is_fine = uri.filter(|uri| uri.target() == Target::Https || (allows_http && uri.target() == Target::Loopback));
    faults.keep(field, is_fine.ok_or(Problem::NotHttps)).map(|uri| uri.to_url())
}

/// Checks that what a browser loads is at a place that people are sent to anyway (Front-Channel Logout §2).
fn check_place(url: Option<&Url>, redirect_uris: &[RedirectUri], faults: &mut Faults) {
    if url.is_some_and(|url| redirect_uris.iter().all(|uri| uri.to_url().origin() != url.origin())) {
        faults.add(Field::FrontchannelLogoutUri, Problem::Elsewhere);
    }
}

fn read_secs(field: Field, text: &str, range: &std::ops::RangeInclusive<u32>, faults: &mut Faults) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let secs = text.parse().ok().filter(|secs| range.contains(secs));
    faults.keep(field, secs.ok_or(Problem::OutOfRange))
}

#[cfg(test)]
mod tests;
