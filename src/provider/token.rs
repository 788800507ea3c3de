//! The code exchange: our request through the `openidconnect` crate, the answer read by us first.
//!
//! The crate wants status 200, JSON, `token_type` and `expires_in` as a number.
//! What providers send is read leniently here, the error before everything else,
//! and the crate then gets a well-formed answer or our own typed error. The code
//! is sent once; how we authenticate is known before, never tried out with it.

mod client_auth;
mod refresh;

use std::sync::{Arc, OnceLock};

use openidconnect::http::{Response, StatusCode, header};
use openidconnect::{AuthorizationCode, HttpRequest, HttpResponse, OAuth2TokenResponse as _, RequestTokenError};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};

use super::body::Body;
use super::dialect::{self, Place};
use super::error::{Endpoint, Fault, ProviderError};
use super::http::Answer;
use super::metadata::Metadata;
use super::preset::Kind;
use super::refusal::{self, Refusal};
use super::settings::Settings;
use super::wording;
use super::{CodeExchange, Provider};

/// What a code was exchanged for; lives as long as the sign-in takes (security.md SO-15).
pub(super) struct Tokens {
    /// Empty where only an ID Token came, which some providers find enough.
    pub access_token: SecretString,
    pub id_token: Option<SecretString>,
    /// The scopes that were granted; absent if the provider did not say so (RFC 6749 §5.1).
    pub scopes: Option<Vec<String>>,
    /// The whole answer, for what presets find in it.
    pub answer: Map<String, Value>,
}

impl Tokens {
    /// Tells whether there is a token for the profile endpoint.
    pub fn has_access_token(&self) -> bool {
        !self.access_token.expose_secret().is_empty()
    }
}

/// Exchanges a code (RFC 6749 §4.1.3, RFC 7636 §4.5).
///
/// # Errors
///
/// [`ProviderError`] of the token endpoint.
pub(super) async fn exchange(provider: &Provider, metadata: &Metadata, exchange: &CodeExchange<'_>) -> Result<Tokens, ProviderError> {
    let settings = &provider.settings;
    let client = client_auth::build(settings, metadata, provider.clock.now());
    // The crate has no place for what else an answer holds, so that goes around it.
    let answer = Arc::new(OnceLock::new());
    let call = |request: HttpRequest| {
        let (http, settings, answer, deadline) = (provider.http.clone(), settings.clone(), answer.clone(), exchange.deadline);
        let request = client_auth::adapt(request, &settings, metadata);
        async move {
            let normal = read(&http.post_once(Endpoint::Token, request, deadline).await?, &settings, Grant::Code)?;
            answer.get_or_init(|| normal.answer);
            Ok::<HttpResponse, ProviderError>(normal.response)
        }
    };
    let mut request =
        client.exchange_code(AuthorizationCode::new(exchange.code.to_owned())).add_extra_param("redirect_uri", exchange.redirect_uri);
    if settings.preset.authorization.pkce {
        request = request.add_extra_param("code_verifier", exchange.code_verifier);
    }
    for (name, value) in settings.fill_all(&settings.preset.token.parameters) {
        request = request.add_extra_param(name, value);
    }
    let tokens = request.request_async(&call).await.map_err(|error| match error {
        RequestTokenError::Request(error) => error,
        _ => ProviderError::new(Endpoint::Token, Fault::Malformed),
    })?;
    let answer = answer.get().cloned().unwrap_or_default();
    let id_token = answer.get("id_token").and_then(Value::as_str).filter(|token| !token.is_empty()).map(SecretString::from);
    let scope_of =
        |scope: &openidconnect::Scope| settings.preset.scope_aliases.get(scope.as_str()).cloned().unwrap_or_else(|| scope.to_string());
    let scopes = tokens.scopes().map(|scopes| scopes.iter().map(scope_of).collect());
    Ok(Tokens { access_token: tokens.access_token().secret().as_str().into(), id_token, scopes, answer })
}

/// A token answer in the form that the crate reads, and as it came.
pub(super) struct Normal {
    response: HttpResponse,
    answer: Map<String, Value>,
}

/// What was sent to the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grant {
    /// A code (RFC 6749 §4.1.3).
    Code,
    /// A refresh token (RFC 6749 §6).
    Refresh,
}

/// Reads a token answer: the refusal first, then the status, then the tokens.
pub(super) fn read(answer: &Answer, settings: &Settings, grant: Grant) -> Result<Normal, ProviderError> {
    let body = Body::read(answer);
    let refusal = refusal::find(answer, &body);
    if let Some(fault) = find_fault(answer, refusal.as_ref()) {
        let words = refusal.as_ref().map(Refusal::words).unwrap_or_default();
        let (place, fault) = match (grant, fault) {
            (Grant::Code, fault) => (Place::Token, fault),
            (Grant::Refresh, Fault::CodeRefused | Fault::VerifierRefused) => (Place::Refresh, Fault::GrantRevoked),
            (Grant::Refresh, fault) => (Place::Refresh, fault),
        };
        let cause = dialect::find_cause(&settings.preset.dialect, place, &words).map(str::to_owned);
        return Err(ProviderError { cause, code: refusal.map(|refusal| refusal.code), ..answer.error(Endpoint::Token, fault) });
    }
    let object = match body {
        Body::Object(object) => object,
        Body::Array(_) | Body::OtherJson => return Err(answer.error(Endpoint::Token, Fault::Malformed)),
        Body::Text | Body::Empty => return Err(answer.error(Endpoint::Token, Fault::Unreadable)),
    };
    let has_id_token = has_id_token(&object).map_err(|()| answer.error(Endpoint::IdToken, Fault::Malformed))?;
    let is_oidc = settings.preset.kind == Kind::Oidc;
    let tokens = normalise(&object, settings, is_oidc && has_id_token).ok_or_else(|| answer.error(Endpoint::Token, Fault::Malformed))?;
    if is_oidc && !has_id_token && grant == Grant::Code {
        return Err(answer.error(Endpoint::Token, Fault::IdTokenMissing));
    }
    Ok(Normal { response: respond(&tokens), answer: object })
}

/// Tells whether there is an ID Token; something that is no text is none.
fn has_id_token(object: &Map<String, Value>) -> Result<bool, ()> {
    match object.get("id_token") {
        Some(Value::String(token)) => Ok(!token.is_empty()),
        None | Some(Value::Null) => Ok(false),
        Some(_) => Err(()),
    }
}

/// Names what is wrong with an answer that is a refusal: steps 7 to 12 of the table in the corpus.
fn find_fault(answer: &Answer, refusal: Option<&Refusal>) -> Option<Fault> {
    match (answer.status.as_u16(), refusal) {
        (429, _) => Some(Fault::RateLimited),
        (500.., _) => Some(Fault::ServerError),
        (_, Some(refusal)) => Some(classify(refusal)),
        (401, None) => Some(Fault::ClientRefused),
        (403, None) if is_page(answer) => Some(Fault::ServerError),
        (200..=299, None) => None,
        (_, None) => Some(Fault::Refused),
    }
}

/// Tells what a code means (RFC 6749 §5.2); a cancel it never is.
fn classify(refusal: &Refusal) -> Fault {
    // Case and separators are the server's taste: `INVALID_GRANT`, `invalid-grant`, `invalidGrant`.
    match wording::word(&refusal.code).as_str() {
        "invalid_grant" if wording::is_about_verifier(&refusal.text) => Fault::VerifierRefused,
        "invalid_grant" => Fault::CodeRefused,
        "server_error" | "temporarily_unavailable" => Fault::ServerError,
        "login_required" | "interaction_required" => Fault::InteractionRequired,
        "unauthorized_client" => Fault::ClientRefused,
        code if wording::refuses_client(code) || wording::refuses_client(&refusal.text) => Fault::ClientRefused,
        _ => Fault::Refused,
    }
}

/// Tells the page of a bot filter in front of the provider: HTML where nobody looks at pages.
fn is_page(answer: &Answer) -> bool {
    let is_declared = answer.header(header::CONTENT_TYPE.as_str()).is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"));
    is_declared && answer.body.trim_ascii_start().starts_with(b"<")
}

/// Keeps what is needed, in the types that RFC 6749 §5.1 gives it; `None` without a usable access token.
fn normalise(object: &Map<String, Value>, settings: &Settings, has_id_token: bool) -> Option<Value> {
    let found = find_access_token(object, settings);
    let access_token = match &found {
        Some(token) => token.as_str().filter(|token| !token.is_empty())?,
        // Nothing but an ID Token was asked for, and nothing else came.
        None if has_id_token => "",
        None => return None,
    };
    let is_elsewhere = settings.preset.token.access.iter().any(|path| path.find(object).is_some());
    if !is_elsewhere && !is_bearer(object.get("token_type").or_else(|| object.get("tokenType"))) {
        return None;
    }
    let mut tokens = json!({ "access_token": access_token, "token_type": "bearer" });
    if let Some(scope) = object.get("scope").and_then(read_scope) {
        tokens["scope"] = Value::String(scope);
    }
    Some(tokens)
}

/// Finds the access token where the preset says, or under one of the names that it has been seen under.
fn find_access_token<'a>(object: &'a Map<String, Value>, settings: &Settings) -> Option<&'a Value> {
    let known = ["access_token", "accessToken", "token"].iter().find_map(|name| object.get(*name).filter(|token| !token.is_null()));
    settings.preset.token.access.iter().find_map(|path| path.find(object)).or(known)
}

/// Tells a bearer token. A phrase is no registered type, whose names have no blanks (RFC 6749 §11.1), but a label.
fn is_bearer(kind: Option<&Value>) -> bool {
    let is_bearer = |kind: &str| kind.is_empty() || kind.eq_ignore_ascii_case("bearer") || kind.contains(' ');
    kind.is_none_or(|kind| kind.is_null() || kind.as_str().is_some_and(is_bearer))
}

/// Reads scopes between blanks or commas, or in a list; nothing at all counts as not said.
fn read_scope(scope: &Value) -> Option<String> {
    let text = match scope {
        Value::String(text) => text.clone(),
        Value::Array(scopes) => scopes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        _ => return None,
    };
    let scopes: Vec<_> = text.split([' ', ',']).filter(|scope| !scope.is_empty()).collect();
    (!scopes.is_empty()).then(|| scopes.join(" "))
}

fn respond(tokens: &Value) -> HttpResponse {
    let mut response = Response::new(tokens.to_string().into_bytes());
    *response.status_mut() = StatusCode::OK;
    response
}
