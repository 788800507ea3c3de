//! An API that takes genkan's access tokens (JWT, RFC 9068) and asks nobody about them: actix-web and jsonwebtoken.

use std::error::Error;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::dev::Server;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, ResponseError, web};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use tokio::sync::Mutex;

/// How long the keys are left alone, whatever tokens come.
const PAUSE: Duration = Duration::from_secs(30);
/// How long they count; genkan lets a new key be seen for ten minutes before it signs.
const LONGEST: Duration = Duration::from_secs(300);

/// What the API has to know.
pub struct Settings {
    /// Where genkan is, as in `https://id.example.com`.
    pub genkan: String,
    /// What tokens for this API have as `aud`: the audience that is registered with the client.
    pub audience: String,
}

/// What a token says (RFC 9068 §2.2).
#[derive(Deserialize)]
struct Claims {
    sub: String,
    client_id: String,
    #[serde(default)]
    scope: String,
}

/// The API.
struct Api {
    settings: Settings,
    http: reqwest::Client,
    keys: Mutex<Option<(Instant, Arc<JwkSet>)>>,
}

/// Why a request gets nothing (RFC 6750 §3.1).
#[derive(Debug)]
enum Refused {
    Missing,
    Invalid,
    Scope(&'static str),
    Unavailable,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => f.write_str("Bearer"),
            Self::Invalid => f.write_str("Bearer error=\"invalid_token\""),
            Self::Scope(scope) => write!(f, "Bearer error=\"insufficient_scope\", scope=\"{scope}\""),
            Self::Unavailable => f.write_str("genkan's keys cannot be had"),
        }
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Missing | Self::Invalid => StatusCode::UNAUTHORIZED,
            Self::Scope(_) => StatusCode::FORBIDDEN,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        if !matches!(self, Self::Unavailable) {
            answer.insert_header((WWW_AUTHENTICATE, self.to_string()));
        }
        answer.finish()
    }
}

/// Reads the settings and serves.
#[actix_web::main]
pub async fn main() -> Result<(), Box<dyn Error>> {
    let read = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set"));
    Ok(serve(Settings { genkan: read("GENKAN")?, audience: read("API")? }, TcpListener::bind("127.0.0.1:3001")?)?.await?)
}

/// Begins to serve.
pub fn serve(settings: Settings, listener: TcpListener) -> Result<Server, Box<dyn Error>> {
    let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).build()?;
    let api = web::Data::new(Api { settings, http, keys: Mutex::default() });
    let server = HttpServer::new(move || App::new().app_data(api.clone()).route("/pots", web::post().to(pour)));
    Ok(server.workers(1).listen(listener)?.run())
}

/// Pours tea for whoever may.
async fn pour(request: HttpRequest, api: web::Data<Api>) -> Result<HttpResponse, Refused> {
    let claims = api.check(&request, "tea:pour").await?;
    // A client that acts for nobody is its own subject (RFC 9068 §2.2).
    let whom = if claims.sub == claims.client_id { "nobody" } else { claims.sub.as_str() };
    Ok(HttpResponse::Ok().body(format!("{} pours for {whom}", claims.client_id)))
}

impl Api {
    /// Reads the token of a request and checks that it is for this API, good, and wide enough.
    async fn check(&self, request: &HttpRequest, scope: &'static str) -> Result<Claims, Refused> {
        let header = request.headers().get(AUTHORIZATION).ok_or(Refused::Missing)?.to_str().map_err(|_| Refused::Invalid)?;
        let token = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer")).ok_or(Refused::Missing)?.1;
        let head = decode_header(token).map_err(|_| Refused::Invalid)?;
        // An ID Token is no access token: the type tells them apart (RFC 9068 §4).
        if head.typ.as_deref() != Some("at+jwt") {
            return Err(Refused::Invalid);
        }
        let name = head.kid.ok_or(Refused::Invalid)?;
        let key = self.find_key(&name).await?.ok_or(Refused::Invalid)?;
        let mut rules = Validation::new(Algorithm::ES256);
        rules.set_issuer(&[&self.settings.genkan]);
        rules.set_audience(&[&self.settings.audience]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let claims = decode::<Claims>(token, &key, &rules).map_err(|_| Refused::Invalid)?.claims;
        if claims.scope.split(' ').any(|own| own == scope) { Ok(claims) } else { Err(Refused::Scope(scope)) }
    }

    /// Finds a key of genkan's; looks at the key set again now and then, and for one that is new.
    async fn find_key(&self, name: &str) -> Result<Option<DecodingKey>, Refused> {
        let mut kept = self.keys.lock().await;
        let is_good = kept.as_ref().is_some_and(|(at, keys)| {
            let age = at.elapsed();
            age < PAUSE || (age < LONGEST && keys.find(name).is_some())
        });
        if !is_good {
            let answer = self.http.get(format!("{}/.well-known/jwks.json", self.settings.genkan)).send().await;
            let keys = answer.map_err(|_| Refused::Unavailable)?.json::<JwkSet>().await.map_err(|_| Refused::Unavailable)?;
            *kept = Some((Instant::now(), Arc::new(keys)));
        }
        let keys = kept.as_ref().map(|(_, keys)| Arc::clone(keys));
        drop(kept);
        Ok(keys.and_then(|keys| DecodingKey::from_jwk(keys.find(name)?).ok()))
    }
}
