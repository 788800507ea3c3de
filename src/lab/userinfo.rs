//! The userinfo endpoint (OIDC Core §5.3, RFC 6750).

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::answer::deliver;
use super::case::Strike;
use super::state::{AccessToken, Shared, TOKEN_SECS};

/// Answers who the person is, or what the case says.
pub(super) async fn answer(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let Some(token) = bearer(&request).and_then(|token| find(&shared, token)) else {
        let challenge = "Bearer realm=\"lab\", error=\"invalid_token\"";
        return HttpResponse::Unauthorized().insert_header((header::WWW_AUTHENTICATE, challenge)).finish();
    };
    let mut claims = token.grant.person.claims(&token.grant.authorization.scope);
    match &token.grant.case.strike {
        Strike::Userinfo(answer) => {
            let stall = shared.lock().stall;
            return deliver(answer.clone(), &request, stall).await;
        }
        Strike::ProfileWithout(hidden) => claims.retain(|name, _| !hidden.contains(&name.as_str())),
        _ => {}
    }
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(Value::Object(claims))
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
