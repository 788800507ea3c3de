//! Around every request: its identifier, its bounds, its deadline, its headers.
//!
//! Whatever goes wrong inside, an answer of ours leaves here: [`render_errors`]
//! stands behind the session and makes pages of errors; [`guard`] stands before
//! everything and catches what never came that far: breaches of the bounds,
//! deadlines, panics (security.md HT-01 to HT-04).

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header;
use actix_web::http::{Method, Version};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse, web};
use futures_util::FutureExt as _;
use tokio::time::timeout;

use super::cookies;
use super::error::{Asker, Kind, PageError};
use super::headers;
use super::page::Page;
use super::session::BrowserSession;
use super::signed_in::{MaybeSignedIn, StaleToken};
use super::state::AppState;
use super::text::Texts;
use super::visitor::RequestId;
use crate::domain::language::Language;

/// The longest address of a request, in bytes.
pub const MAX_URI_BYTES: usize = 8 * 1_024;
/// The same for an answer of a provider, which is larger than what is read of it: there
/// the failure is to be told and logged as one ([`crate::signin::callback`]).
const MAX_CALLBACK_URI_BYTES: usize = 32 * 1_024;

/// Names the request, holds it to its bounds and completes its answer.
///
/// # Errors
///
/// None that is not an answer of ours.
pub async fn guard(req: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(state) = req.app_data::<web::Data<AppState>>().cloned() else {
        return Err(PageError::Internal("the state is missing").into());
    };
    let id = RequestId::new();
    let asker = Asker::new(req.path(), req.headers(), id.0.clone());
    req.extensions_mut().insert(id);
    if let Err(error) = check_head(&req).and_then(|()| check_host(&req, &state)) {
        return Ok(req.into_response(last_answer(&error, &asker, &state)));
    }
    match timeout(state.request_timeout(), AssertUnwindSafe(next.call(req)).catch_unwind()).await {
        Ok(Ok(Ok(res))) => {
            let mut res = with_page_for_error(res.map_into_boxed_body(), &asker, || frame(asker.language()));
            widen_policy(&mut res, &state);
            headers::apply(res.headers_mut(), &state, &asker.request_id);
            Ok(res)
        }
        Ok(Ok(Err(error))) => {
            let error = PageError::of_status(error.as_response_error().status_code());
            Err(without_request(last_answer(&error, &asker, &state)))
        }
        Ok(Err(_panic)) => Err(without_request(last_answer(&PageError::Internal("a handler panicked"), &asker, &state))),
        Err(_elapsed) => Err(without_request(last_answer(&PageError::DeadlineExceeded, &asker, &state))),
    }
}

/// Makes pages of errors, in the person's session, and takes tokens away that are good for nothing.
///
/// # Errors
///
/// Those of whatever comes behind.
pub async fn render_errors(req: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let res = next.call(req).await?.map_into_boxed_body();
    let mut res = if res.response().error().is_some() {
        let asker = asker_of(res.request());
        let frame = error_frame(res.request(), &asker).await;
        with_page_for_error(res, &asker, || frame)
    } else {
        res
    };
    let is_stale = res.request().extensions().get::<StaleToken>().is_some();
    if is_stale && headers::is_html(res.headers()) {
        drop_token(&mut res);
    }
    Ok(res)
}

/// Lets the forms of a page lead back to the application that waits, where a handler has said so.
fn widen_policy(res: &mut ServiceResponse<BoxBody>, state: &AppState) {
    let target = res.request().extensions().get::<headers::FormTarget>().cloned();
    if let Some(target) = target.filter(|_| headers::is_html(res.headers())) {
        let policy = headers::with_form_target(&state.content_security_policy, &target);
        res.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Refuses a head that is beyond the bounds or asks for what we never do.
fn check_head(req: &ServiceRequest) -> Result<(), PageError> {
    let path_and_query = req.uri().path_and_query().map_or(0, |both| both.as_str().len());
    let bound = if req.path().ends_with("/callback") { MAX_CALLBACK_URI_BYTES } else { MAX_URI_BYTES };
    if path_and_query > bound {
        return Err(PageError::UriTooLong);
    }
    if matches!(*req.method(), Method::TRACE | Method::CONNECT) {
        return Err(PageError::MethodNotAllowed("GET, HEAD, POST"));
    }
    // RFC 9112 §3.2: exactly one; HTTP/1.0 knows none. HTTP/2 has `:authority`.
    let hosts = req.headers().get_all(header::HOST).count();
    if hosts > 1 || (hosts == 0 && req.version() < Version::HTTP_2) {
        return Err(PageError::BadRequest("the request needs exactly one Host header"));
    }
    Ok(())
}

/// Refuses a host that is not ours (security.md EM-04); probes ask for health under whatever address they have.
fn check_host(req: &ServiceRequest, state: &AppState) -> Result<(), PageError> {
    let is_probe = matches!(req.path(), "/healthz" | "/readyz");
    let host = req.headers().get(header::HOST).map_or(Some(""), |host| host.to_str().ok());
    let host = req.uri().authority().map(actix_web::http::uri::Authority::as_str).or(host).unwrap_or_default();
    if is_probe || state.signin.config.server.answers_to(host) { Ok(()) } else { Err(PageError::HostUnknown) }
}

fn asker_of(req: &HttpRequest) -> Asker {
    let id = req.extensions().get::<RequestId>().cloned().unwrap_or_default();
    Asker::new(req.path(), req.headers(), id.0)
}

/// Puts page or JSON in the place of a bare error, and logs it: once, since the new answer is none.
fn with_page_for_error(res: ServiceResponse<BoxBody>, asker: &Asker, frame: impl FnOnce() -> Page) -> ServiceResponse<BoxBody> {
    let Some(error) = res.response().error() else {
        return res;
    };
    let answer = match error.as_error::<PageError>() {
        Some(error) => logged_answer(error, asker, frame()),
        None => logged_answer(&PageError::of_status(res.status()), asker, frame()),
    };
    res.into_response(answer)
}

fn logged_answer(error: &PageError, asker: &Asker, frame: Page) -> HttpResponse {
    error.log(asker);
    error.answer(asker, frame)
}

/// Makes the whole answer where no handler was reached, or none came back.
fn last_answer(error: &PageError, asker: &Asker, state: &AppState) -> HttpResponse {
    let mut answer = logged_answer(error, asker, frame(asker.language()));
    headers::apply(answer.headers_mut(), state, &asker.request_id);
    answer
}

/// Wraps an answer for which the request is gone.
fn without_request(answer: HttpResponse) -> Error {
    InternalError::from_response("answered by the guard", answer).into()
}

/// Returns the frame of a page without a session.
fn frame(language: Language) -> Page {
    Page {
        texts: Texts::of(language),
        csrf_token: String::new(),
        signed_in: None,
        is_operator: false,
        flash: None,
        notice: None,
        path: "/".to_owned(),
        is_in_app: false,
        application: None,
    }
}

/// Returns the frame of an error page in the person's session; programs get none, and no cookie.
async fn error_frame(req: &HttpRequest, asker: &Asker) -> Page {
    if asker.kind == Kind::Json {
        return frame(Language::default());
    }
    let session = BrowserSession::of(req);
    let language = session.language().unwrap_or_else(|| asker.language());
    let signed_in = MaybeSignedIn::of(req).await.ok().and_then(|who| who.name());
    // Another site's form comes without the session cookie (`SameSite=Lax`): a new one would replace the one kept back.
    let is_kept_back = req.method() == Method::POST && !session.has_cookie();
    let csrf_token = if is_kept_back { String::new() } else { session.csrf_token() };
    Page { csrf_token, signed_in, ..frame(language) }
}

fn drop_token(res: &mut ServiceResponse<BoxBody>) {
    let Some(state) = res.request().app_data::<web::Data<AppState>>().cloned() else {
        return;
    };
    let removal = cookies::no_token(&state.signin.config);
    if let Err(error) = res.response_mut().add_cookie(&removal) {
        log::error!(target: "genkan::web", event = "cookie_failed"; "{error}");
    }
}
