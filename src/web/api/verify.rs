//! `GET /api/verify`: tells a reverse proxy whether a request may pass, and whose it is.
//!
//! The proxy asks with the headers of the request that it holds (nginx `auth_request`,
//! Caddy `forward_auth`, Traefik `ForwardAuth`); `docs/proxies.md` shows how. What is
//! wanted stands in the query of the address that the proxy asks, which is the
//! operator's and not the visitor's. Where it names a scope, programs pass with an access token.

mod asked;
mod by_token;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use self::asked::Asked;
use crate::domain::admission::Unfit;
use crate::domain::client::ClientId;
use crate::domain::ids::UserId;
use crate::domain::return_to::ReturnTo;
use crate::domain::scope::Scopes;
use crate::domain::user::User;
use crate::signin::admission::NotAdmitted;
use crate::web::cookies::{self, Brought};
use crate::web::error::PageError;
use crate::web::pages::signin;
use crate::web::render::{see_other, with_return_to};
use crate::web::state::AppState;

const USER: HeaderName = HeaderName::from_static("x-genkan-user");
const EMAIL: HeaderName = HeaderName::from_static("x-genkan-email");
const NAME: HeaderName = HeaderName::from_static("x-genkan-name");
/// Whose token a program brought.
const CLIENT: HeaderName = HeaderName::from_static("x-genkan-client");
/// What that lets its holder do.
const SCOPE: HeaderName = HeaderName::from_static("x-genkan-scope");
/// Why somebody does not pass.
const REASON: HeaderName = HeaderName::from_static("x-genkan-reason");
/// Where to sign in and come back from, for proxies that cannot pass a redirect on.
const LOGIN: HeaderName = HeaderName::from_static("x-genkan-login");
/// Where proxies put the path and query of the request that they hold.
const ORIGINAL_PATHS: [&str; 2] = ["x-original-uri", "x-forwarded-uri"];
/// Where proxies put its method.
const ORIGINAL_METHODS: [&str; 2] = ["x-original-method", "x-forwarded-method"];

/// Answers 200 with who it is, 401 if signing in helps (or 303 to there), 403 if it does not.
///
/// # Errors
///
/// [`PageError::BadRequest`] for a query that is not understood, [`PageError::Store`]: the
/// proxy takes both for "no".
pub async fn get(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, PageError> {
    let asked = Asked::parse(req.query_string())?;
    // A token decides, even where somebody is signed in.
    if let Some(rules) = &asked.tokens
        && let Some(answer) = by_token::answer(&req, &state, &asked, rules).await?
    {
        return Ok(answer);
    }
    let token = match cookies::find(req.headers(), state.cookies.token) {
        Brought::Nothing => None,
        Brought::One(token) => Some(token),
        Brought::Unusable => Some(""),
    };
    match state.signin.let_pass(token, &asked.wanted).await? {
        Ok(who) => Ok(admitted(&who.user)),
        Err(reason) => {
            let answer = refused(reason, asked.redirect, &login(&req, &state, reason));
            let takes_tokens = asked.tokens.is_some() && answer.status() == StatusCode::UNAUTHORIZED;
            Ok(if takes_tokens { by_token::tell(answer) } else { answer })
        }
    }
}

fn admitted(user: &User) -> HttpResponse {
    let email = user.email.as_deref().filter(|_| user.is_email_proven);
    Told { user: Some(user.id), name: Some(&user.name), email, ..Told::default() }.answer()
}

/// What the application is told of a request that may pass.
#[derive(Default)]
struct Told<'a> {
    user: Option<UserId>,
    name: Option<&'a str>,
    email: Option<&'a str>,
    /// The client whose token it is, and what that lets its holder do.
    client: Option<(&'a ClientId, &'a Scopes)>,
}

impl Told<'_> {
    /// Answers with every header, an empty one where there is nothing to tell: a proxy takes
    /// from them what it passes on, and must not leave what a visitor wrote, nor (as
    /// Caddy 2.6 does with one that is missing) write the name of its own variable.
    fn answer(self) -> HttpResponse {
        let text = |text: Option<&str>| encode(text.unwrap_or_default());
        HttpResponse::Ok()
            .insert_header((USER, self.user.map(|user| user.to_string()).unwrap_or_default()))
            .insert_header((NAME, text(self.name)))
            .insert_header((EMAIL, text(self.email)))
            .insert_header((CLIENT, text(self.client.map(|(client, _)| client.as_str()))))
            .insert_header((SCOPE, text(self.client.map(|(_, scopes)| scopes.to_string()).as_deref())))
            .finish()
    }
}

fn refused(reason: NotAdmitted, redirect: bool, login: &str) -> HttpResponse {
    if reason.is_about_signin() && redirect {
        let mut answer = see_other(login);
        answer.headers_mut().insert(REASON, HeaderValue::from_static(reason.as_str()));
        return answer;
    }
    let (mut answer, error, description) = if !reason.is_about_signin() {
        (HttpResponse::Forbidden(), "access_denied", "whoever is signed in may not come in here")
    } else if reason == NotAdmitted::Missing {
        (HttpResponse::Unauthorized(), "missing_authorization", "nobody is signed in")
    } else {
        (HttpResponse::Unauthorized(), "invalid_session", "the session is over: sign in again")
    };
    if reason.is_about_signin() {
        answer.insert_header((LOGIN, login));
    }
    answer.insert_header((REASON, reason.as_str())).json(json!({ "error": error, "error_description": description }))
}

/// Returns where to sign in, and come back from to what was asked for if it is on our own host.
fn login(req: &HttpRequest, state: &AppState, reason: NotAdmitted) -> String {
    let back = way_back(req.headers(), &state.origin(req));
    let path = match (reason, &back) {
        (NotAdmitted::Unfit(Unfit::TooOld), back) => signin::again(back.as_ref().map_or("/account", ReturnTo::as_str)),
        (_, back) => with_return_to("/login", back.as_ref()),
    };
    format!("{}{path}", state.origin(req))
}

/// Returns the path that the proxy holds a request for, unless it is on another host, to
/// which our cookie does not go, or a form, to which nobody can be sent back.
fn way_back(headers: &HeaderMap, origin: &str) -> Option<ReturnTo> {
    let find = |names: [&str; 2]| names.into_iter().find_map(|name| headers.get(name)?.to_str().ok());
    let host = headers.get("x-forwarded-host").and_then(|host| host.to_str().ok());
    let is_ours = host.is_none_or(|host| origin.split_once("://").is_some_and(|(_, own)| own.eq_ignore_ascii_case(host)));
    let is_safe = find(ORIGINAL_METHODS).is_none_or(|method| matches!(method, "GET" | "HEAD"));
    find(ORIGINAL_PATHS).filter(|_| is_ours && is_safe).and_then(ReturnTo::parse)
}

/// Encodes a text for a header: what is not plain ASCII as `%` and two digits for each byte of UTF-8 (RFC 3986 §2.1).
fn encode(text: &str) -> HeaderValue {
    use std::fmt::Write as _;
    let is_plain = |byte: u8| (byte.is_ascii_graphic() || byte == b' ') && byte != b'%';
    let encoded = text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if is_plain(byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    });
    HeaderValue::from_str(&encoded).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_script_fit_into_a_header() {
        for (name, encoded) in [("Hanako Yamada", "Hanako Yamada"), ("玄", "%E7%8E%84"), ("100 %", "100 %25"), ("a\r\nb: c", "a%0D%0Ab: c")]
        {
            assert_eq!(encode(name), encoded, "{name}");
        }
    }

    #[test]
    fn the_way_back_is_a_path_of_our_own_host() {
        let back = |pairs: &[(&'static str, &'static str)]| {
            let headers = pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            way_back(&headers.collect(), "https://a.example").map(String::from)
        };

        assert_eq!(back(&[("x-original-uri", "/app?x=1")]).as_deref(), Some("/app?x=1"));
        assert_eq!(back(&[("x-forwarded-uri", "/app"), ("x-forwarded-host", "A.example")]).as_deref(), Some("/app"));
        for refused in [
            [("x-forwarded-uri", "/app"), ("x-forwarded-host", "b.example")],
            [("x-forwarded-uri", "//b.example/"), ("x-forwarded-host", "a.example")],
            [("x-original-uri", "/app"), ("x-original-method", "POST")],
        ] {
            assert_eq!(back(&refused), None, "{refused:?}");
        }
    }
}
