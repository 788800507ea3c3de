//! The code exchange: our request through the `openidconnect` crate, the answer read by us first.
//!
//! The crate wants status 200, JSON, `token_type` and `expires_in` as a number.
//! What providers send is read leniently here, the error before everything else,
//! and the crate then gets a well-formed answer or our own typed error. The code
//! is sent once; how we authenticate is known before, never tried out with it.

use std::sync::{Arc, OnceLock};

use openidconnect::core::{CoreClient, CoreJsonWebKeySet};
use openidconnect::http::{Response, StatusCode, header};
use openidconnect::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, HttpRequest, HttpResponse, IssuerUrl, OAuth2TokenResponse as _, RequestTokenError,
    TokenUrl,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};

use super::CodeExchange;
use super::body::Body;
use super::error::{Endpoint, Fault, ProviderError};
use super::http::{Answer, Http};
use super::metadata::Metadata;
use super::preset::ClientAuthentication;
use super::refusal::{self, Refusal};
use super::settings::Settings;
use super::wording;

/// What a code was exchanged for; lives as long as the sign-in takes (security.md SO-15).
pub(super) struct Tokens {
    pub access_token: SecretString,
    pub id_token: SecretString,
    /// The scopes that were granted; absent if the provider did not say so (RFC 6749 §5.1).
    pub scopes: Option<Vec<String>>,
}

/// Exchanges a code (RFC 6749 §4.1.3, RFC 7636 §4.5).
///
/// # Errors
///
/// [`ProviderError`] of the token endpoint.
pub(super) async fn exchange(
    http: &Http,
    settings: &Settings,
    metadata: &Metadata,
    exchange: &CodeExchange<'_>,
) -> Result<Tokens, ProviderError> {
    let client = build_client(settings, metadata);
    // The crate has no place for an ID Token that is not parsed yet, so it goes around it.
    let id_token = Arc::new(OnceLock::new());
    let call = |request: HttpRequest| {
        let (http, id_token, deadline) = (http.clone(), id_token.clone(), exchange.deadline);
        async move {
            let normal = read(&http.post_once(Endpoint::Token, request, deadline).await?)?;
            id_token.get_or_init(|| normal.id_token);
            Ok::<HttpResponse, ProviderError>(normal.response)
        }
    };
    let answer = client
        .exchange_code(AuthorizationCode::new(exchange.code.to_owned()))
        .add_extra_param("redirect_uri", exchange.redirect_uri)
        .add_extra_param("code_verifier", exchange.code_verifier)
        .request_async(&call)
        .await
        .map_err(|error| match error {
            RequestTokenError::Request(error) => error,
            _ => ProviderError::new(Endpoint::Token, Fault::Malformed),
        })?;
    let id_token = id_token.get().cloned().ok_or_else(|| ProviderError::new(Endpoint::Token, Fault::IdTokenMissing))?;
    let scopes = answer.scopes().map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect());
    Ok(Tokens { access_token: answer.access_token().secret().as_str().into(), id_token, scopes })
}

type TokenClient = CoreClient<
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointSet,
>;

fn build_client(settings: &Settings, metadata: &Metadata) -> TokenClient {
    let issuer = IssuerUrl::from_url(settings.issuer_url.clone());
    let client = CoreClient::new(ClientId::new(settings.client_id.clone()), issuer, CoreJsonWebKeySet::default())
        .set_token_uri(TokenUrl::from_url(metadata.token_endpoint.clone()));
    let auth_type = match settings.client_authentication.unwrap_or(metadata.client_authentication) {
        ClientAuthentication::ClientSecretBasic => AuthType::BasicAuth,
        ClientAuthentication::ClientSecretPost | ClientAuthentication::None => AuthType::RequestBody,
    };
    let client = client.set_auth_type(auth_type);
    match &settings.client_secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned())),
        None => client,
    }
}

/// A token answer in the form that the crate reads, and the ID Token, which we read.
struct Normal {
    response: HttpResponse,
    id_token: SecretString,
}

/// Reads a token answer: the refusal first, then the status, then the tokens.
fn read(answer: &Answer) -> Result<Normal, ProviderError> {
    let body = Body::read(answer);
    if let Some((fault, code)) = find_fault(answer, &body) {
        return Err(ProviderError { code, ..answer.error(Endpoint::Token, fault) });
    }
    let object = match &body {
        Body::Object(object) => object,
        Body::OtherJson => return Err(answer.error(Endpoint::Token, Fault::Malformed)),
        Body::Text | Body::Empty => return Err(answer.error(Endpoint::Token, Fault::Unreadable)),
    };
    let tokens = normalise(object).ok_or_else(|| answer.error(Endpoint::Token, Fault::Malformed))?;
    let id_token = match object.get("id_token") {
        Some(Value::String(token)) if !token.is_empty() => SecretString::from(token.as_str()),
        None | Some(Value::Null | Value::String(_)) => return Err(answer.error(Endpoint::Token, Fault::IdTokenMissing)),
        Some(_) => return Err(answer.error(Endpoint::IdToken, Fault::Malformed)),
    };
    Ok(Normal { response: respond(&tokens), id_token })
}

/// Names what is wrong with an answer that is a refusal: steps 7 to 12 of the table in the corpus.
fn find_fault(answer: &Answer, body: &Body) -> Option<(Fault, Option<String>)> {
    let refusal = refusal::find(answer, body);
    let fault = match (answer.status.as_u16(), &refusal) {
        (429, _) => Fault::RateLimited,
        (500.., _) => Fault::ServerError,
        (_, Some(refusal)) => classify(refusal),
        (401, None) => Fault::ClientRefused,
        (403, None) if is_page(answer) => Fault::ServerError,
        (200..=299, None) => return None,
        (_, None) => Fault::Refused,
    };
    Some((fault, refusal.map(|refusal| refusal.code)))
}

/// Tells what a code means (RFC 6749 §5.2); a cancel it never is.
fn classify(refusal: &Refusal) -> Fault {
    match refusal.code.as_str() {
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
fn normalise(object: &Map<String, Value>) -> Option<Value> {
    let access_token = object.get("access_token")?.as_str().filter(|token| !token.is_empty())?;
    let is_bearer = match object.get("token_type") {
        None | Some(Value::Null) => true,
        Some(kind) => kind.as_str().is_some_and(|kind| kind.is_empty() || kind.eq_ignore_ascii_case("bearer")),
    };
    if !is_bearer {
        return None;
    }
    let mut tokens = json!({ "access_token": access_token, "token_type": "bearer" });
    if let Some(scope) = object.get("scope").and_then(read_scope) {
        tokens["scope"] = Value::String(scope);
    }
    Some(tokens)
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
