//! The lab's HTTP server: its thread, its routes, and what it says about itself.

use std::any::Any;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd as _;
use std::sync::{Arc, mpsc};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, UNIX_EPOCH};

use actix_web::body::BoxBody;
use actix_web::dev::{Extensions, Server, ServerHandle, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue, HttpDate};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt, web};
use serde_json::json;

use super::answer::{Socket, deliver};
use super::form::Form;
use super::language::Language;
use super::mailbox::Mailbox;
use super::pages::Extras;
use super::state::{Endpoint, Shared};
use super::{application, authorize, consent, pages, profile, token, userinfo};

/// Serves on a thread of its own until the handle stops it.
///
/// # Errors
///
/// If the thread or the server cannot be started.
pub(super) fn spawn(listener: TcpListener, shared: Arc<Shared>) -> io::Result<(ServerHandle, JoinHandle<()>)> {
    let (sender, receiver) = mpsc::channel();
    let thread = Builder::new().name("genkan-lab".to_owned()).spawn(move || {
        rt::System::new().block_on(async move {
            let served = match build(listener, shared) {
                Ok(server) => sender.send(Ok(server.handle())).map(|()| server),
                Err(error) => return drop(sender.send(Err(error))),
            };
            // If nobody waits for the handle any more, nobody wants the server either.
            if let Ok(server) = served
                && let Err(error) = server.await
            {
                log::debug!(target: "genkan::lab", error:display; "the lab's server ended");
            }
        });
    })?;
    let handle = receiver.recv().map_err(|_| io::Error::other("the lab's thread ended before its server began"))??;
    Ok((handle, thread))
}

fn build(listener: TcpListener, shared: Arc<Shared>) -> io::Result<Server> {
    let shared = web::Data::from(shared);
    let app = move || App::new().app_data(shared.clone()).wrap(from_fn(count_and_break)).configure(routes);
    let server = HttpServer::new(app)
        .workers(1)
        .disable_signals()
        // A client that hangs up must end its stalled request.
        .h1_allow_half_closed(false)
        .on_connect(keep_socket)
        .listen(listener)?
        .run();
    Ok(server)
}

fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(index))
        .route("/lab.css", web::get().to(pages::stylesheet))
        .route(Endpoint::Discovery.path(), web::get().to(discovery))
        .route(Endpoint::Jwks.path(), web::get().to(jwks))
        .route(Endpoint::Authorize.path(), web::get().to(authorize::get))
        .route(Endpoint::Authorize.path(), web::post().to(authorize::post))
        .route("/consent", web::post().to(consent::post))
        .route(Endpoint::Token.path(), web::post().to(token::post))
        .route(Endpoint::Userinfo.path(), web::get().to(userinfo::answer))
        .route(Endpoint::Userinfo.path(), web::post().to(userinfo::answer))
        .route(Endpoint::Profile.path(), web::get().to(profile::user))
        .route(Endpoint::Emails.path(), web::get().to(profile::emails))
        .route(application::PATH, web::get().to(application::get))
        .route(application::PATH, web::post().to(application::post))
        .route(application::CALLBACK, web::get().to(application::callback))
        .route("/mail", web::get().to(mail_page))
        .route("/log", web::get().to(log_page));
}

/// Keeps a second handle on the socket, for answers that are not HTTP.
fn keep_socket(connection: &dyn Any, data: &mut Extensions) {
    let stream = connection.downcast_ref::<rt::net::TcpStream>().map(|stream| stream.as_fd().try_clone_to_owned());
    if let Some(Ok(descriptor)) = stream {
        data.insert(Socket(TcpStream::from(descriptor)));
    }
}

/// Counts the request, and answers it as an outage does while there is one.
async fn count_and_break(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse, actix_web::Error> {
    let scripted = request.app_data::<web::Data<Shared>>().zip(Endpoint::from_path(request.path())).and_then(|(shared, endpoint)| {
        log::trace!(target: "genkan::lab", endpoint = endpoint.as_str(); "a request arrives");
        let now = shared.now();
        let mut memory = shared.lock();
        *memory.requests.entry(endpoint).or_default() += 1;
        let stall = memory.stall;
        let answer = memory.answers.get(&endpoint).cloned().or_else(|| memory.struck(endpoint, now));
        answer.map(|answer| (answer, stall))
    });
    let date = request.app_data::<web::Data<Shared>>().map(|shared| date(shared.now()));
    let mut response = match scripted {
        Some((answer, stall)) => {
            let response = deliver(answer, request.request(), stall).await;
            request.into_response(response)
        }
        None => next.call(request).await?,
    };
    if let Some(date) = date
        && !response.headers().contains_key(header::DATE)
    {
        response.headers_mut().insert(header::DATE, date);
    }
    Ok(response)
}

/// Writes a time, in seconds since the Unix epoch, as the lab's clock would have it (RFC 9110 §6.6.1).
fn date(at: i64) -> HeaderValue {
    let at = UNIX_EPOCH + Duration::from_secs(u64::try_from(at).unwrap_or_default());
    HeaderValue::from_str(&HttpDate::from(at).to_string()).expect("a date is ASCII")
}

async fn index(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let form = Form::read(request.query_string().as_bytes()).unwrap_or_default();
    let memory = shared.lock();
    let has = Extras { log: memory.log.is_some(), mailbox: memory.mailbox.is_some(), application: memory.application.is_some() };
    drop(memory);
    pages::index(Language::choose(&form, authorize::accept_language(&request)), &shared.issuer, has)
}

/// Shows the log that was lent to the lab, or says that there is none.
async fn log_page(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let source = shared.lock().log.clone();
    let Some(source) = source else { return HttpResponse::NotFound().finish() };
    let form = Form::read(request.query_string().as_bytes()).unwrap_or_default();
    let is_still = form.get("still").is_some();
    pages::log(Language::choose(&form, authorize::accept_language(&request)), &source(), is_still)
}

/// Shows the letters, or says that there is no mailbox.
async fn mail_page(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let letters = shared.lock().mailbox.as_ref().map(Mailbox::letters);
    let Some(letters) = letters else { return HttpResponse::NotFound().finish() };
    let form = Form::read(request.query_string().as_bytes()).unwrap_or_default();
    pages::mail(Language::choose(&form, authorize::accept_language(&request)), &letters, form.get("still").is_some())
}

/// The provider metadata (OIDC Discovery §3, RFC 9207 §3).
async fn discovery(shared: web::Data<Shared>) -> HttpResponse {
    let at = |endpoint: Endpoint| format!("{}{}", shared.issuer, endpoint.path());
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(json!({
        "issuer": shared.issuer,
        "authorization_endpoint": at(Endpoint::Authorize),
        "token_endpoint": at(Endpoint::Token),
        "userinfo_endpoint": at(Endpoint::Userinfo),
        "jwks_uri": at(Endpoint::Jwks),
        "scopes_supported": ["openid", "profile", "email"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "name", "email", "email_verified"],
        "ui_locales_supported": ["en", "ja"],
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn jwks(shared: web::Data<Shared>) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(shared.keys.jwks())
}
