//! Requests of programs, which bring an access token and no session (RFC 6750).

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use super::asked::Asked;
use super::{REASON, Told};
use crate::domain::scope::Scope;
use crate::issuer::admission::{NotLetPass, TokenRules};
use crate::issuer::bearer::{Bearer, BearerFault, Presented};
use crate::web::bearer::{self, Brought, Refusal};
use crate::web::error::PageError;
use crate::web::state::AppState;

/// What a request could have brought (RFC 6750 §3).
const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer realm=\"genkan\"");

/// Judges the token of a request; `None` if it brought none, so that its session counts.
///
/// # Errors
///
/// [`PageError::Store`] if nobody can say.
pub async fn answer(req: &HttpRequest, state: &AppState, asked: &Asked, rules: &TokenRules) -> Result<Option<HttpResponse>, PageError> {
    if !bearer::is_offered(req.headers()) {
        return Ok(None);
    }
    let refusal = match bearer::find(req) {
        Brought::Token(Presented::Bearer(token)) => match state.issuer.let_token_pass(token, rules, &asked.wanted).await {
            Ok(bearer) => return Ok(Some(admitted(&bearer))),
            Err(NotLetPass::Fault(fault)) => fault.into(),
            Err(NotLetPass::Unfit(unfit)) => Refusal::Unfit(unfit, asked.wanted.max_age),
            Err(NotLetPass::NoPerson) => Refusal::NoPerson,
        },
        Brought::Token(Presented::Dpop(..)) | Brought::Unproven(_) => BearerFault::BehindProxy.into(),
        // Proxies take any other status than 401 and 403 for a fault of ours (RFC 6750 §3.1, "malformed").
        Brought::Nothing | Brought::Unusable => BearerFault::Unknown.into(),
    };
    let reason = refusal.reason();
    let mut answer = refusal.answer(req)?;
    answer.headers_mut().insert(REASON, HeaderValue::from_static(reason));
    // The scheme with a proof, which comes second, is not taken here.
    if let Some(bearer) = answer.headers().get(header::WWW_AUTHENTICATE).cloned() {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
    }
    Ok(Some(answer))
}

/// Says in an answer to who brought nothing that a token would do.
pub fn tell(mut answer: HttpResponse) -> HttpResponse {
    answer.headers_mut().insert(header::WWW_AUTHENTICATE, CHALLENGE);
    answer
}

/// Names the client and what it may do, and of the person what its scopes open.
fn admitted(bearer: &Bearer) -> HttpResponse {
    let (claims, user) = (&bearer.claims, bearer.user.as_ref());
    let opens = |scope| user.filter(|_| claims.scope.contains(scope));
    Told {
        user: user.map(|user| user.id),
        name: opens(Scope::PROFILE).map(|user| user.name.as_str()),
        email: opens(Scope::EMAIL).filter(|user| user.is_email_proven).and_then(|user| user.email.as_deref()),
        client: Some((&claims.client_id, &claims.scope)),
    }
    .answer()
}
