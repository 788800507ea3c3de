//! Whether a provider takes our redirect address, as far as it tells without a user.

use std::time::Instant;

use openidconnect::http::header;
use url::Url;

use super::super::error::{Endpoint, ProviderError};
use super::super::http::Answer;
use super::super::preset::Kind;
use super::super::{AuthorizationRequest, Provider, wording};
use super::Finding;
use crate::domain::language::Language;
use crate::random;

impl Provider {
    /// Sends an authorization request as a browser would, but follows nothing.
    ///
    /// Of an OpenID provider nothing is to be shown (`prompt=none`, OIDC Core §3.1.2.1):
    /// it then answers to the redirect address, and that proves it is registered.
    pub async fn check_redirect_address(&self, redirect_uri: &str) -> Finding {
        match self.ask_for_nobody(redirect_uri).await {
            Ok(answer) => judge(&answer, redirect_uri),
            Err(error) => Finding::Broken(error),
        }
    }

    async fn ask_for_nobody(&self, redirect_uri: &str) -> Result<Answer, ProviderError> {
        let (state, nonce, code_verifier) = (random::token(), random::token(), random::token());
        let request = AuthorizationRequest {
            redirect_uri,
            state: &state,
            nonce: &nonce,
            code_verifier: &code_verifier,
            language: Language::En,
            is_retry: false,
        };
        let mut url = self.authorization_url(&request).await?;
        url.set_fragment(None);
        if self.settings.preset.kind == Kind::Oidc && !url.query_pairs().any(|(name, _)| name == "prompt") {
            url.query_pairs_mut().append_pair("prompt", "none");
        }
        self.http.probe(&url, Instant::now() + self.patience).await
    }
}

fn judge(answer: &Answer, redirect_uri: &str) -> Finding {
    let registered = format!("to be registered there: {redirect_uri}");
    let location = answer.header(header::LOCATION.as_str()).unwrap_or_default();
    let text = String::from_utf8_lossy(&answer.body);
    if location.starts_with(redirect_uri) {
        return Finding::Good(format!("it answers to {redirect_uri}"));
    }
    let error = refusal_in(location).unwrap_or_default();
    if names_address(&error) || (answer.status.is_client_error() && names_address(&text)) {
        return Finding::Wrong(format!("it does not know {redirect_uri}: register it there, to the letter"));
    }
    if answer.status.is_server_error() {
        return Finding::Broken(answer.error(Endpoint::Authorization, super::super::error::Fault::ServerError));
    }
    if answer.status.is_client_error() || !error.is_empty() {
        let client = if wording::names_client(&text) || wording::names_client(&error) { " and speaks of the client" } else { "" };
        return Finding::Odd(format!("it refuses the request with status {}{client}; {registered}", answer.status.as_u16()));
    }
    Finding::Good(format!("it asks who is there before it tells more; {registered}"))
}

/// Returns what a redirect to the provider's own error page says.
fn refusal_in(location: &str) -> Option<String> {
    let url = Url::options().base_url(Url::parse("https://provider.invalid").ok().as_ref()).parse(location).ok()?;
    let texts: Vec<String> = url.query_pairs().filter(|(name, _)| name.starts_with("error")).map(|(_, value)| value.into_owned()).collect();
    (!texts.is_empty()).then(|| texts.join(" "))
}

/// Tells a text about a redirect address, in any spelling.
fn names_address(text: &str) -> bool {
    let text = text.to_ascii_lowercase().replace(['_', '-', ' '], "");
    ["redirecturi", "redirecturl", "redirectaddress", "callbackurl", "replyurl", "replyaddress"].iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use openidconnect::http::{HeaderMap, HeaderValue, StatusCode};

    use super::*;

    const OURS: &str = "https://app.example/auth/x/callback";

    fn answer(status: u16, location: &'static str, body: &str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert(header::LOCATION, HeaderValue::from_static(location));
        Answer { status: StatusCode::from_u16(status).expect("a status"), headers, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn an_answer_to_the_address_proves_it_and_an_error_page_about_it_refutes_it() {
        for (status, location, body, expected) in [
            (302, "https://app.example/auth/x/callback?error=login_required&state=s", "", "good"),
            (302, "https://idp.example/login?next=%2Fauthorize", "", "good"),
            (200, "", "<form>Sign in; our redirect_uri help</form>", "good"),
            (400, "", "Error 400: redirect_uri_mismatch", "wrong"),
            (400, "", "The Redirect URI is not whitelisted", "wrong"),
            (302, "/error?error=redirect_uri_mismatch", "", "wrong"),
            (302, "https://idp.example/oops?error_description=Invalid%20callback%20URL", "", "wrong"),
            (400, "", "unknown client_id", "odd"),
            (404, "", "", "odd"),
            (503, "", "", "broken"),
        ] {
            let found = match judge(&answer(status, location, body), OURS) {
                Finding::Good(_) => "good",
                Finding::Wrong(_) => "wrong",
                Finding::Odd(_) => "odd",
                Finding::Broken(_) => "broken",
                Finding::Skipped(_) => "skipped",
            };
            assert_eq!(found, expected, "{status} {location} {body}");
        }
    }
}
