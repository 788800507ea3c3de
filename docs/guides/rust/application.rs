//! An application that signs people in with genkan: actix-web and openidconnect.

use std::collections::HashMap;
use std::error::Error;
use std::net::TcpListener;
use std::sync::{Mutex, PoisonError};

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Server;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
};
use serde::Deserialize;

/// The cookie that ties an answer to the browser that asked for it.
const COOKIE: &str = "trip";

/// What the application has to know.
pub struct Settings {
    /// Where genkan is, as in `https://id.example.com`.
    pub genkan: String,
    /// What `genkan client create` printed.
    pub client_id: String,
    /// The same.
    pub client_secret: String,
    /// Where the application is, as in `http://127.0.0.1:3000`.
    pub app: String,
}

/// What a browser is about to bring back.
struct Trip {
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

/// What it brings (RFC 6749 §4.1.2, RFC 9207).
#[derive(Deserialize)]
struct Answer {
    state: String,
    iss: String,
    code: Option<String>,
    error: Option<String>,
}

/// A client whose endpoints discovery has found.
type Genkan = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The application.
struct Application {
    genkan: Genkan,
    issuer: IssuerUrl,
    http: reqwest::Client,
    /// In earnest: in the browser's session, for ten minutes.
    trips: Mutex<HashMap<String, Trip>>,
}

/// Reads the settings and serves.
#[actix_web::main]
pub async fn main() -> Result<(), Box<dyn Error>> {
    let read = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set"));
    let settings =
        Settings { genkan: read("GENKAN")?, client_id: read("CLIENT_ID")?, client_secret: read("CLIENT_SECRET")?, app: read("APP")? };
    Ok(serve(settings, TcpListener::bind("127.0.0.1:3000")?).await?.await?)
}

/// Looks at genkan and begins to serve.
pub async fn serve(settings: Settings, listener: TcpListener) -> Result<Server, Box<dyn Error>> {
    // Redirects of an endpoint are not followed: they could lead anywhere.
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let issuer = IssuerUrl::new(settings.genkan)?;
    // The keys are in it: in earnest, look again once a day, and when a signature does not fit.
    let metadata = CoreProviderMetadata::discover_async(issuer.clone(), &|request| send(http.clone(), request)).await?;
    let genkan =
        CoreClient::from_provider_metadata(metadata, ClientId::new(settings.client_id), Some(ClientSecret::new(settings.client_secret)))
            .set_redirect_uri(RedirectUrl::new(format!("{}/callback", settings.app))?);
    let application = web::Data::new(Application { genkan, issuer, http, trips: Mutex::default() });
    let server = HttpServer::new(move || {
        App::new().app_data(application.clone()).route("/", web::get().to(begin)).route("/callback", web::get().to(finish))
    });
    Ok(server.workers(1).listen(listener)?.run())
}

/// Sends the browser to genkan.
async fn begin(application: web::Data<Application>) -> HttpResponse {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let request = application.genkan.authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random);
    let request = request.add_scope(Scope::new("profile".to_owned())).set_pkce_challenge(challenge);
    let (address, state, nonce) = request.url();
    let id = CsrfToken::new_random().into_secret();
    application.trips.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), Trip { state, nonce, verifier });
    let cookie = Cookie::build(COOKIE, id).http_only(true).same_site(SameSite::Lax).path("/").finish();
    HttpResponse::SeeOther().cookie(cookie).insert_header(("Location", address.as_str())).finish()
}

/// Takes the browser back, and greets whoever it is.
async fn finish(request: HttpRequest, answer: web::Query<Answer>, application: web::Data<Application>) -> HttpResponse {
    let id = request.cookie(COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let trip = application.trips.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    let Some(trip) = trip.filter(|trip| *trip.state.secret() == answer.state && application.issuer.as_str() == answer.iss) else {
        return HttpResponse::BadRequest().body("Please begin again.");
    };
    let Some(code) = &answer.code else {
        return HttpResponse::Ok().body(format!("Not signed in: {}", answer.error.as_deref().unwrap_or("nobody says why")));
    };
    match application.find_name(code, trip).await {
        Ok(name) => HttpResponse::Ok().body(format!("Hello, {name}")),
        Err(error) => HttpResponse::BadGateway().body(format!("Not signed in: {error}")),
    }
}

impl Application {
    /// Redeems the code, checks the ID Token and asks who it is.
    async fn find_name(&self, code: &str, trip: Trip) -> Result<String, Box<dyn Error>> {
        let http = |request| send(self.http.clone(), request);
        let exchange = self.genkan.exchange_code(AuthorizationCode::new(code.to_owned()))?.set_pkce_verifier(trip.verifier);
        let tokens = exchange.request_async(&http).await?;
        let id_token = tokens.id_token().ok_or("there is no ID Token")?;
        // Signature, issuer, audience, time and nonce.
        let claims = id_token.claims(&self.genkan.id_token_verifier(), &trip.nonce)?;
        let subject = claims.subject().clone();
        let person: CoreUserInfoClaims = self.genkan.user_info(tokens.access_token().clone(), Some(subject))?.request_async(&http).await?;
        let name = person.name().and_then(|name| name.get(None)).ok_or("there is no name")?;
        Ok(name.to_string())
    }
}

/// Puts reqwest under openidconnect, whose own feature for it is of an older version.
async fn send(http: reqwest::Client, request: openidconnect::HttpRequest) -> Result<openidconnect::HttpResponse, reqwest::Error> {
    let answer = http.execute(request.try_into()?).await?;
    let mut response = openidconnect::HttpResponse::default();
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = answer.bytes().await?.into();
    Ok(response)
}
