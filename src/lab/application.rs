//! An application that people sign in to with the site that the lab was told of: the other side of an OpenID provider.
//!
//! It does what the guides for developers say: a code with PKCE, state and nonce, the ID
//! Token checked with the published keys, the access token taken to `/api/me`. And it
//! can do each of these wrong, to show what a developer is told then. Its trips are
//! kept in memory, and belong to the browser that began them.
//!
//! ```text
//! GET /app ─▶ POST /app ─▶ the site's /oauth/authorize ─▶ GET /app/callback ─▶ token, keys, /api/me ─▶ GET /app
//! ```

mod calls;
mod mistake;
mod step;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(super) use self::mistake::Mistake;
pub(super) use self::step::Step;
use super::form::Form;
use super::keys::random_token;
use super::language::Language;
use super::state::Shared;
use super::{authorize, pages};

/// Where the application is.
pub(super) const PATH: &str = "/app";
/// Where answers come back to.
pub(super) const CALLBACK: &str = "/app/callback";
/// What it asks for.
pub const SCOPES: &str = "openid profile email";
/// Remembers which trip is the browser's.
const COOKIE: &str = "lab_application";

/// The site that people sign in with, and what the application is called there.
#[derive(Clone)]
pub struct Application {
    /// The issuer identifier of the site.
    pub issuer: String,
    /// Its name there.
    pub client_id: String,
    /// Its secret there.
    pub client_secret: String,
}

/// One try to sign in.
#[derive(Clone)]
pub(super) struct Trip {
    mistake: Mistake,
    state: String,
    nonce: String,
    verifier: String,
    /// What has happened so far.
    pub(super) steps: Vec<Step>,
}

impl Application {
    /// Returns where the browser goes, with everything that belongs into a request (OIDC Core §3.1.2.1, RFC 7636 §4.3).
    fn authorization_url(&self, lab: &str, trip: &Trip) -> String {
        let challenge = challenge_of(&trip.verifier);
        let callback = format!("{lab}{CALLBACK}");
        let wrong_callback = format!("{callback}/");
        let is = |mistake| trip.mistake == mistake;
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("response_type", "code").append_pair("client_id", &self.client_id);
        query.append_pair("redirect_uri", if is(Mistake::RedirectUri) { &wrong_callback } else { &callback });
        query.append_pair("scope", if is(Mistake::Scope) { "openid tea:pour" } else { SCOPES });
        query.append_pair("state", &trip.state).append_pair("nonce", &trip.nonce);
        if !is(Mistake::Challenge) {
            query.append_pair("code_challenge", &challenge).append_pair("code_challenge_method", "S256");
        }
        if is(Mistake::NoQuestion) {
            query.append_pair("prompt", "none");
        }
        format!("{}/oauth/authorize?{}", self.issuer, query.finish())
    }
}

/// Shows the application, and what came of this browser's last trip.
pub(super) async fn get(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let Some(application) = shared.lock().application.clone() else { return HttpResponse::NotFound().finish() };
    let form = Form::read(request.query_string().as_bytes()).unwrap_or_default();
    let language = Language::choose(&form, authorize::accept_language(&request));
    let steps = cookie_of(request.headers()).and_then(|key| shared.lock().trips.get_mut(&key).map(|trip| trip.steps.clone()));
    pages::application(language, &application.issuer, &steps.unwrap_or_default())
}

/// Sends the browser to the site.
pub(super) async fn post(shared: web::Data<Shared>, body: web::Bytes) -> HttpResponse {
    let Some(application) = shared.lock().application.clone() else { return HttpResponse::NotFound().finish() };
    let form = Form::read(&body).unwrap_or_default();
    let mistake = form.get("mistake").and_then(Mistake::parse).unwrap_or(Mistake::None);
    let mut trip = Trip { mistake, state: random_token(32), nonce: random_token(32), verifier: random_token(32), steps: Vec::new() };
    let url = application.authorization_url(&shared.issuer, &trip);
    trip.steps.push(Step::sent(&url));
    let key = shared.lock().trips.insert(trip);
    let cookie = Cookie::build(COOKIE, key).path(PATH).http_only(true).same_site(SameSite::Lax).finish();
    HttpResponse::SeeOther().insert_header((header::LOCATION, url)).cookie(cookie).finish()
}

/// Takes the answer: what did not begin in this browser, or comes from elsewhere, goes no further.
pub(super) async fn callback(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let form = Form::read(request.query_string().as_bytes()).unwrap_or_default();
    let (application, key) = (shared.lock().application.clone(), cookie_of(request.headers()));
    let back = HttpResponse::SeeOther().insert_header((header::LOCATION, PATH)).finish();
    let (Some(application), Some(key)) = (application, key) else { return back };
    // A trip is taken out while it goes on, so that a callback that comes twice does nothing.
    let Some(mut trip) = shared.lock().trips.get_mut(&key).filter(|trip| trip.is_away()).map(Trip::take) else { return back };
    let steps = calls::finish(&application, &shared, &trip, &form).await;
    trip.steps.extend(steps);
    if let Some(kept) = shared.lock().trips.get_mut(&key) {
        *kept = trip;
    }
    back
}

impl Trip {
    /// Tells whether the browser has not come back yet.
    fn is_away(&self) -> bool {
        self.steps.len() == 1
    }

    /// Takes the steps out; what is left is not away any more.
    fn take(&mut self) -> Self {
        let left = Self { steps: Vec::new(), ..self.clone() };
        std::mem::replace(self, left)
    }
}

/// Makes the challenge of a verifier: `BASE64URL(SHA256(verifier))` (RFC 7636 §4.2).
fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes()))
}

fn cookie_of(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split("; ")).filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        // RFC 7636, Appendix B.
        assert_eq!(challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
