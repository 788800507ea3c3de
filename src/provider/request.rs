//! Requests without effect, as the crate's type.

use openidconnect::HttpRequest;
use openidconnect::http::{HeaderName, HeaderValue, Request, header};
use secrecy::ExposeSecret as _;
use url::Url;

use super::error::{Endpoint, Fault, ProviderError};
use super::userinfo::Call;

/// Makes a GET for JSON, with a bearer token if there is one (RFC 6750 §2.1).
pub(super) fn get(url: &Url, bearer: Option<HeaderValue>) -> HttpRequest {
    let mut request = Request::new(Vec::new());
    *request.uri_mut() = url.as_str().parse().unwrap_or_default();
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(bearer) = bearer {
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
    }
    request
}

/// Makes the GET of a profile.
///
/// # Errors
///
/// [`Fault::Malformed`] of the token endpoint for a token that fits no header.
pub(super) fn profile(call: &Call<'_>) -> Result<HttpRequest, ProviderError> {
    let token = call.access_token.expose_secret();
    let mut url = call.url.clone();
    let mut parameters = call.parameters.clone();
    parameters.extend(call.token_parameter.map(|name| (name.to_owned(), token.to_owned())));
    if !parameters.is_empty() {
        url.query_pairs_mut().extend_pairs(parameters);
    }
    let in_header =
        call.token_parameter.is_none().then(|| bearer(token).ok_or_else(|| ProviderError::new(Endpoint::Token, Fault::Malformed)));
    let mut request = get(&url, in_header.transpose()?);
    for (name, value) in &call.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            request.headers_mut().insert(name, value);
        }
    }
    Ok(request)
}

/// Makes the header of a bearer token, which is not to be printed; `None` for one that fits no header.
pub(super) fn bearer(token: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}
