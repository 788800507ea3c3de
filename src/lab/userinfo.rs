//! The userinfo endpoint (OIDC Core §5.3, RFC 6750).

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::answer::deliver;
use super::case::Strike;
use super::state::{AccessToken, Shared, TOKEN_SECS};

/// Answers who the person is, or what the case says.
pub(super) async fn answer(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let token = match authorize(&request, &shared) {
        Ok(token) => token,
        Err(refusal) => return refusal,
    };
    if let Some(answer) = scripted(&token, &request, &shared).await {
        return answer;
    }
    let mut claims = token.grant.person.claims(&token.grant.authorization.scope);
    if let Strike::ProfileWithout(hidden) = &token.grant.case.strike {
        claims.retain(|name, _| !hidden.contains(&name.as_str()));
    }
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(Value::Object(claims))
}

/// Finds the access token of a request, or returns the refusal (RFC 6750 §3.1).
pub(super) fn authorize(request: &HttpRequest, shared: &Shared) -> Result<AccessToken, HttpResponse> {
    bearer(request).and_then(|token| find(shared, token)).ok_or_else(|| {
        let challenge = "Bearer realm=\"lab\", error=\"invalid_token\"";
        HttpResponse::Unauthorized().insert_header((header::WWW_AUTHENTICATE, challenge)).finish()
    })
}

/// Returns what the case answers in place of a profile.
pub(super) async fn scripted(token: &AccessToken, request: &HttpRequest, shared: &Shared) -> Option<HttpResponse> {
    let Strike::Userinfo(answer) = &token.grant.case.strike else { return None };
    let stall = shared.lock().stall;
    Some(deliver(answer.clone(), request, stall).await)
}

/// Reads `Authorization: Bearer` (RFC 6750 §2.1), the scheme in any case.
fn bearer(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn find(shared: &Shared, token: &str) -> Option<AccessToken> {
    let now = shared.now();
    shared.lock().tokens.get_mut(token).filter(|token| now - token.issued_at <= TOKEN_SECS).cloned()
}
