//! Who we say we are at the token endpoint, in the one way that is known before a code is sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use openidconnect::core::{CoreClient, CoreJsonWebKeySet};
use openidconnect::http::{HeaderValue, Method as HttpMethod, header};
use openidconnect::{AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest, IssuerUrl, TokenUrl};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::super::metadata::Metadata;
use super::super::preset::{ClientAuthentication, Encoding, Method};
use super::super::settings::Settings;

type TokenClient = CoreClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// Builds the crate's client, with the secret where it stands in body or header as the protocol has it.
pub(super) fn build(settings: &Settings, metadata: &Metadata, now: DateTime<Utc>) -> TokenClient {
    let issuer = IssuerUrl::from_url(settings.issuer.url.clone());
    let client = CoreClient::new(ClientId::new(settings.client_id.clone()), issuer, CoreJsonWebKeySet::default())
        .set_token_uri(TokenUrl::from_url(metadata.token_endpoint.clone()));
    let (auth_type, secret) = match style(settings, metadata) {
        ClientAuthentication::ClientSecretBasic => (AuthType::BasicAuth, settings.client_secret.clone()),
        ClientAuthentication::ClientSecretPost => (AuthType::RequestBody, settings.client_secret.clone()),
        ClientAuthentication::ClientSecretEs256 => {
            (AuthType::RequestBody, make_secret(settings, now).or_else(|| settings.client_secret.clone()))
        }
        ClientAuthentication::ClientSecretBasicRaw | ClientAuthentication::None => (AuthType::RequestBody, None),
    };
    let client = client.set_auth_type(auth_type);
    match secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned())),
        None => client,
    }
}

/// Changes a finished request into what an odd provider wants: the raw header, other names, fewer parameters, JSON, GET.
pub(super) fn adapt(mut request: HttpRequest, settings: &Settings, metadata: &Metadata) -> HttpRequest {
    let is_raw = style(settings, metadata) == ClientAuthentication::ClientSecretBasicRaw;
    if let Some(header) = raw_basic(settings).filter(|_| is_raw) {
        request.headers_mut().insert(header::AUTHORIZATION, header);
    }
    let own = &settings.preset;
    let is_plain = own.authorization.names.is_empty() && own.token.omit.is_empty() && own.token.encoding == Encoding::Form;
    if is_plain && own.token.method == Method::Post {
        return request;
    }
    let pairs: Vec<_> = form_urlencoded::parse(request.body()).into_owned().collect();
    let kept = pairs.iter().filter(|(name, _)| !own.token.omit.contains(name));
    let renamed = kept.map(|(name, value)| (settings.parameter(name), value));
    if own.token.encoding == Encoding::Json {
        let object: Map<_, _> = renamed.map(|(name, value)| (name.to_owned(), Value::from(value.as_str()))).collect();
        *request.body_mut() = Value::Object(object).to_string().into_bytes();
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        return request;
    }
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(renamed).finish();
    if own.token.method == Method::Post {
        *request.body_mut() = form.into_bytes();
        return request;
    }
    let mut url = metadata.token_endpoint.clone();
    url.set_query(Some(&form));
    request.body_mut().clear();
    request.headers_mut().remove(header::CONTENT_TYPE);
    *request.method_mut() = HttpMethod::GET;
    *request.uri_mut() = url.as_str().parse().unwrap_or_default();
    request
}

fn style(settings: &Settings, metadata: &Metadata) -> ClientAuthentication {
    settings.client_authentication.unwrap_or(metadata.client_authentication)
}

fn make_secret(settings: &Settings, now: DateTime<Utc>) -> Option<SecretString> {
    settings.secret_key.as_ref()?.make(&settings.client_id, &settings.issuer.name, now)
}

/// Makes the header without the form encoding that RFC 6749 §2.3.1 wants and some servers do not undo.
fn raw_basic(settings: &Settings) -> Option<HeaderValue> {
    let secret = settings.client_secret.as_ref()?.expose_secret();
    let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(format!("{}:{secret}", settings.client_id)))).ok()?;
    value.set_sensitive(true);
    Some(value)
}
