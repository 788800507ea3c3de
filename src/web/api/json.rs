//! Reading and writing JSON: bounded, typed, and only from our own origin.

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use futures_util::future::LocalBoxFuture;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::domain::user::User;
use crate::signin::failure::{Category, Cause, Reported};
use crate::signin::session::OpenSession;
use crate::web::error::PageError;
use crate::web::signed_in::MaybeSignedIn;
use crate::web::state::AppState;
use crate::web::visit::Visit;
use crate::web::{body, cookies, csrf};

/// The depth to which a body may be nested. What we read has depth one.
const MAX_DEPTH: usize = 8;

/// A JSON body from a page of our own origin.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            body::check_type(&req, "application/json")?;
            check_origin(&req)?;
            let bytes = body::read(&req, payload).await?;
            parse(&bytes).map(Self)
        })
    }
}

/// Refuses a request that changes something and does not come from our own origin.
///
/// # Errors
///
/// [`PageError::ForeignOrigin`].
pub fn check_origin(req: &HttpRequest) -> Result<(), PageError> {
    let Some(app) = req.app_data::<web::Data<AppState>>() else {
        return Err(PageError::Internal("the state is missing"));
    };
    csrf::check_origin(req, &app.signin.config.server)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, PageError> {
    if depth(bytes) > MAX_DEPTH {
        return Err(PageError::BadRequest("the JSON is nested too deeply"));
    }
    let unreadable = PageError::BadRequest("the body is not the JSON that is expected here");
    // The reader skips members that nobody asked for without decoding them (RFC 8259 §8.1: JSON is UTF-8).
    let Ok(text) = std::str::from_utf8(bytes) else { return Err(unreadable) };
    serde_json::from_str(if text.is_empty() { "{}" } else { text }).map_err(|_| unreadable)
}

/// Measures nesting without parsing; brackets inside strings do not count.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut is_text, mut is_escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'{' | b'[' if !is_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !is_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// A user as programs see one.
#[derive(Serialize)]
pub struct UserView<'a> {
    id: String,
    name: &'a str,
    username: Option<&'a str>,
    email: Option<&'a str>,
    email_verified: bool,
}

impl<'a> From<&'a User> for UserView<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            id: user.id.to_string(),
            name: &user.name,
            username: user.username.as_deref(),
            email: user.email.as_deref(),
            email_verified: user.is_email_proven,
        }
    }
}

impl<'a> UserView<'a> {
    /// Describes a user to the holder of a token.
    pub fn for_token(user: &'a User, may_see_address: bool) -> Self {
        let whole = Self::from(user);
        if may_see_address { whole } else { Self { email: None, email_verified: false, ..whole } }
    }
}

/// Answers with the user of a session that was just opened, and its token.
pub async fn opened(visit: &Visit, who: &MaybeSignedIn, status: StatusCode, opened: &OpenSession) -> HttpResponse {
    visit.signed_in_anew(who, opened).await;
    HttpResponse::build(status)
        .cookie(cookies::token(&visit.signin().config, opened.token.expose_secret()))
        .cookie(cookies::device(&visit.signin().config, opened.device.seal(&visit.signin().keyring.sealing)))
        .json(UserView::from(&opened.user))
}

/// Answers a failed sign-in with category, cause and reference.
pub fn failed(reported: &Reported) -> HttpResponse {
    let category = reported.category;
    HttpResponse::build(status(category, reported.cause)).json(json!({
        "error": "signin_failed",
        "error_description": description(category),
        "category": category.as_str(),
        "cause": reported.cause.as_str(),
        "reference": reported.reference,
    }))
}

fn description(category: Category) -> &'static str {
    match category {
        Category::UserCancelled => "the sign-in was cancelled; nothing has changed",
        Category::BrowserEnvironment => "the browser lost something on the way; start again",
        Category::IdpOutage => "the provider is in trouble; wait or use another way to sign in",
        Category::Other => "the sign-in did not succeed; quote the reference",
    }
}

fn status(category: Category, cause: Cause) -> StatusCode {
    match (category, cause) {
        (Category::IdpOutage, _) | (_, Cause::StoreUnavailable) => StatusCode::SERVICE_UNAVAILABLE,
        (_, Cause::Internal) => StatusCode::INTERNAL_SERVER_ERROR,
        (_, Cause::ProviderUnknown) => StatusCode::NOT_FOUND,
        (_, Cause::EmailTaken | Cause::IdentityTaken | Cause::LastWayIn) => StatusCode::CONFLICT,
        (
            _,
            Cause::SignupClosed
            | Cause::UserDisabled
            | Cause::AccessNotPermitted
            | Cause::DomainNotAllowed
            | Cause::EmailMissing
            | Cause::EmailUnverified,
        ) => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ht_01_depth_is_counted_outside_of_strings() {
        assert_eq!(depth(br#"{"a":"[[[[\"[["}"#), 1);
        assert_eq!(depth(b"[[[]]]"), 3);
        assert!(parse::<serde_json::Value>(&b"[".repeat(9)).is_err());
    }

    #[test]
    fn what_is_not_utf_8_is_refused_in_members_too_that_nobody_reads() {
        #[derive(serde::Deserialize)]
        struct Nothing {}

        assert!(parse::<Nothing>(br#"{"unread":"x"}"#).is_ok());
        assert!(parse::<Nothing>(b"{\"unread\":\"\xff\"}").is_err());
    }
}
