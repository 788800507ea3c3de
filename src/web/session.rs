//! The session cookie behind a typed face: attempts, flash, CSRF token, language.
//!
//! The cookie is encrypted and lives as long as the browser does. Nothing in it
//! says who is signed in: that is the token's, see [`super::signed_in`]. One that
//! cannot be read counts as no session, costs one decryption, and is replaced.

use std::future::{Ready, ready};

use actix_session::config::{BrowserSession as UntilClosed, CookieContentSecurity, SessionLifecycle};
use actix_session::storage::CookieSessionStore;
use actix_session::{Session, SessionExt as _, SessionMiddleware};
use actix_web::body::MessageBody;
use actix_web::cookie::{Key, SameSite};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use subtle::ConstantTimeEq as _;

use super::cookies::{self, Brought};
use super::error::PageError;
use super::flash::Flash;
use super::page::Notice;
use super::state::AppState;
use crate::domain::client::ClientId;
use crate::domain::language::Language;
use crate::random;
use crate::signin::Signin;
use crate::signin::attempt::Attempts;

const ATTEMPTS: &str = "a";
const CSRF: &str = "c";
const FLASH: &str = "f";
const LANGUAGE: &str = "l";
const NOTICE: &str = "n";
const SECRET: &str = "s";

/// Builds the middleware that opens and seals the cookie (security.md SE-08, SE-11).
pub fn middleware(signin: &Signin) -> SessionMiddleware<CookieSessionStore> {
    let is_https = signin.config.server.is_https();
    SessionMiddleware::builder(CookieSessionStore::default(), Key::from(&signin.keyring.cookie))
        .cookie_name(cookies::CookieNames::new(is_https).session.to_owned())
        .cookie_content_security(CookieContentSecurity::Private)
        .cookie_secure(is_https)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".to_owned())
        .session_lifecycle(SessionLifecycle::BrowserSession(UntilClosed::default()))
        .build()
}

/// Which session cookie a request brought, as seen before it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct BroughtCookie(bool);

/// Takes a session cookie that came twice or is too large out of the request, before it is opened.
///
/// # Errors
///
/// Those of whatever comes behind.
pub async fn screen<B: MessageBody>(mut req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, actix_web::Error> {
    let name = req.app_data::<web::Data<AppState>>().map_or("", |state| state.cookies.session);
    let brought = cookies::find(req.headers(), name);
    let (is_any, is_unusable) = (brought != Brought::Nothing, brought == Brought::Unusable);
    if is_unusable {
        cookies::remove(req.headers_mut(), name);
    }
    req.extensions_mut().insert(BroughtCookie(is_any));
    next.call(req).await
}

/// The session of the browser that asks.
pub struct BrowserSession {
    session: Session,
    has_cookie: bool,
    was_loaded: bool,
}

impl BrowserSession {
    /// Opens the session of a request that came through [`middleware`].
    pub fn of(req: &HttpRequest) -> Self {
        let has_cookie = req.extensions().get::<BroughtCookie>().is_some_and(|brought| brought.0);
        let session = req.get_session();
        let was_loaded = has_cookie && session.contains_key(CSRF);
        Self { session, has_cookie, was_loaded }
    }

    /// Tells whether the request brought a session cookie, readable or not.
    pub fn has_cookie(&self) -> bool {
        self.has_cookie
    }

    /// Tells whether the request brought a session cookie of ours that could be read.
    pub fn was_loaded(&self) -> bool {
        self.was_loaded
    }

    /// Returns the CSRF token for the forms of a page; makes one for a new session.
    pub fn csrf_token(&self) -> String {
        self.read(CSRF).unwrap_or_else(|| {
            let token = random::token();
            self.write(CSRF, &token);
            token
        })
    }

    /// Tells whether a form carries this session's token, in constant time.
    pub fn is_csrf_token(&self, token: &str) -> bool {
        self.read::<String>(CSRF).is_some_and(|own| own.as_bytes().ct_eq(token.as_bytes()).into())
    }

    /// Returns the attempts that are under way.
    pub fn attempts(&self) -> Attempts {
        self.read(ATTEMPTS).unwrap_or_default()
    }

    /// Replaces the attempts; makes the session one that is known again.
    pub fn set_attempts(&self, attempts: &Attempts) {
        if attempts.is_empty() {
            self.forget(ATTEMPTS);
        } else {
            self.csrf_token();
            self.write(ATTEMPTS, attempts);
        }
    }

    /// Keeps a flash for the next page.
    pub fn set_flash(&self, flash: &Flash) {
        self.write(FLASH, flash);
    }

    /// Returns the flash and forgets it.
    pub fn take_flash(&self) -> Option<Flash> {
        self.take(FLASH)
    }

    /// Tells whether a flash waits to be shown.
    pub fn has_flash(&self) -> bool {
        self.session.contains_key(FLASH)
    }

    /// Keeps a notice for the next page.
    pub fn set_notice(&self, notice: Notice) {
        self.csrf_token();
        self.write(NOTICE, notice.key());
    }

    /// Keeps a client's new secret for its page, where it is shown once (security.md CR-04).
    pub fn set_client_secret(&self, client: &ClientId, secret: &SecretString) {
        self.write(SECRET, (client.as_str(), secret.expose_secret()));
    }

    /// Returns the secret that was kept for the page of this client, and forgets whichever was kept.
    pub fn take_client_secret(&self, client: &ClientId) -> Option<String> {
        let (of, secret) = self.take::<(String, String)>(SECRET)?;
        (of == client.as_str()).then_some(secret)
    }

    /// Returns the notice and forgets it.
    pub fn take_notice(&self) -> Option<Notice> {
        Notice::from_key(&self.take::<String>(NOTICE)?)
    }

    /// Returns the language the person chose.
    pub fn language(&self) -> Option<Language> {
        self.read(LANGUAGE)
    }

    /// Remembers the language the person chose.
    pub fn set_language(&self, language: Language) {
        self.write(LANGUAGE, language);
    }

    /// Renews the session at sign-in: a new CSRF token; attempts and language stay (security.md SE-03).
    pub fn renew(&self) {
        self.session.renew();
        self.write(CSRF, random::token());
    }

    /// Forgets everything at sign-out but the language, and which attempts have been used.
    pub fn clear(&self) {
        let (language, marks) = (self.language(), self.attempts().marks());
        self.session.clear();
        self.session.renew();
        if let Some(language) = language {
            self.set_language(language);
        }
        self.set_attempts(&marks);
        self.csrf_token();
    }

    fn read<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        // A value that cannot be read is one of another version: as good as none.
        self.session.get(key).ok().flatten()
    }

    fn take<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        let value = self.read(key);
        self.forget(key);
        value
    }

    fn forget(&self, key: &str) {
        // Removing marks the cookie as changed, so only what is there is removed.
        if self.session.contains_key(key) {
            self.session.remove(key);
        }
    }

    fn write(&self, key: &str, value: impl Serialize) {
        self.session.insert(key, value).expect("strings and plain structs become JSON");
    }
}

impl FromRequest for BrowserSession {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(req)))
    }
}
