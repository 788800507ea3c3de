//! Every address, on one screen.

use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{Resource, guard as when, web};

use super::error::PageError;
use super::guard::render_errors;
use super::issuer::{authorize, consent, device, logout, registration, token};
use super::pages::{
    account, application, applications, cookies, health, home, language, ops, reset, sessions, signin, signout, signup, social,
    static_files, status, verify, ways,
};
use super::resource::{discovery, tokens, userinfo};
use super::state::AppState;
use super::visit::ACTION;
use super::{api, cors, session};

/// Names every address, its methods and its handlers.
///
/// What needs no session comes first: it costs no decryption.
pub fn configure(app: &AppState) -> impl FnOnce(&mut web::ServiceConfig) {
    let sessions = session::middleware(&app.signin);
    let has_issuer = app.signin.config.issuer.enabled;
    let has_registration = has_issuer && app.signin.config.issuer.dynamic_registration;
    move |config| {
        if has_issuer {
            endpoints(config);
        }
        if has_registration {
            config.service(resource("/oauth/register", "POST").route(web::post().to(registration::post)));
            config.service(
                resource("/oauth/register/{id}", "DELETE, GET, HEAD, PUT")
                    .route(get().to(registration::get))
                    .route(web::put().to(registration::put))
                    .route(web::delete().to(registration::delete)),
            );
        }
        config
            .service(resource("/healthz", "GET, HEAD").route(get().to(health::alive)))
            .service(resource("/readyz", "GET, HEAD").route(get().to(health::ready)))
            .service(resource("/.well-known/genkan-failures", "GET, HEAD").route(get().to(api::failures::get)))
            .service(resource("/status.json", "GET, HEAD").route(get().to(status::get_json)))
            .service(resource("/status.atom", "GET, HEAD").route(get().to(status::get_atom)))
            .service(resource("/static/{file:.*}", "GET, HEAD").route(get().to(static_files::get)))
            .service(resource("/favicon.ico", "GET, HEAD").route(get().to(static_files::favicon)))
            .service(resource("/api/me", "GET, HEAD").route(get().to(api::me::get)))
            .service(resource("/api/verify", "GET, HEAD").route(get().to(api::verify::get)))
            .service(
                web::scope("")
                    .configure(pages)
                    .configure(operators)
                    .configure(json)
                    .configure(|config| {
                        if has_issuer {
                            issuer_pages(config);
                        }
                    })
                    .default_service(web::to(not_found))
                    .wrap(from_fn(render_errors))
                    .wrap(sessions)
                    .wrap(from_fn(session::screen)),
            );
    }
}

fn pages(config: &mut web::ServiceConfig) {
    const BOTH: &str = "GET, HEAD, POST";
    config
        .service(resource("/", "GET, HEAD").route(get().to(home::get)))
        .service(resource("/login", BOTH).route(get().to(signin::get)).route(web::post().to(signin::post)))
        .service(resource("/register", BOTH).route(get().to(signup::get)).route(web::post().to(signup::post)))
        .service(resource("/logout", "POST").route(web::post().to(signout::post)))
        .service(resource("/auth/{provider}", BOTH).route(get().to(social::get)).route(web::post().to(social::post)))
        .service(
            resource("/auth/{provider}/callback", "GET, HEAD, OPTIONS, POST")
                .route(get().to(social::callback_get))
                .route(web::post().to(social::callback_post))
                .route(web::method(Method::OPTIONS).to(social::callback_probe)),
        )
        .service(resource("/account", "GET, HEAD").route(get().to(account::get)))
        .service(resource("/account/profile", "POST").route(web::post().to(account::post_profile)))
        .service(resource("/account/address/confirm", "POST").route(web::post().to(account::post_confirm)))
        .service(resource("/account/password", "POST").route(web::post().to(account::post_password)))
        .service(resource("/account/links/{id}/remove", "POST").route(web::post().to(ways::post_remove)))
        .service(resource("/account/sessions/end", "POST").route(web::post().to(sessions::post_end)))
        .service(resource("/account/sessions/end-others", "POST").route(web::post().to(sessions::post_end_others)))
        .service(resource("/status", "GET, HEAD").route(get().to(status::get)))
        .service(resource("/cookies", "GET, HEAD").route(get().to(cookies::get)))
        .service(resource("/forgot", BOTH).route(get().to(reset::forgot)).route(web::post().to(reset::post_forgot)))
        .service(resource("/reset/{token}", BOTH).route(get().to(reset::get)).route(web::post().to(reset::post)))
        .service(resource("/verify/{token}", BOTH).route(get().to(verify::get)).route(web::post().to(verify::post)))
        .service(resource("/language", "POST").route(web::post().to(language::post)));
}

/// What only operators reach: every handler takes an `Operator`.
fn operators(config: &mut web::ServiceConfig) {
    const READ: &str = "GET, HEAD";
    config
        .service(resource("/ops", READ).route(get().to(ops::overview::get)))
        .service(resource("/ops/failures", READ).route(get().to(ops::failures::get)))
        .service(resource("/ops/failures.csv", READ).route(get().to(ops::export::get)))
        .service(resource("/ops/failures/{reference}", READ).route(get().to(ops::story::get)))
        .service(resource("/ops/inbox", READ).route(get().to(ops::inbox::get)))
        .service(resource("/ops/inbox/try", READ).route(get().to(ops::inbox::get_trial)))
        .service(resource("/ops/rules", "GET, HEAD, POST").route(get().to(ops::rules::get)).route(web::post().to(ops::rules::post)))
        .service(resource("/ops/rules/level", "POST").route(web::post().to(ops::rules::post_level)))
        .service(resource("/ops/rules/end", "POST").route(web::post().to(ops::rules::post_end)))
        .service(resource("/ops/providers", READ).route(get().to(ops::providers::get)))
        .service(resource("/ops/providers/{provider}", READ).route(get().to(ops::provider::get)))
        .service(resource("/ops/providers/{provider}/check", "POST").route(web::post().to(ops::provider::post_check)))
        .service(resource("/ops/users", READ).route(get().to(ops::users::get)))
        .service(resource("/ops/users/{id}", READ).route(get().to(ops::user::get)))
        .service(resource("/ops/users/{id}/disable", "POST").route(web::post().to(ops::user::post_disable)))
        .service(resource("/ops/users/{id}/enable", "POST").route(web::post().to(ops::user::post_enable)))
        .service(resource("/ops/users/{id}/sign-out", "POST").route(web::post().to(ops::user::post_sign_out)))
        .service(resource("/ops/users/{id}/reset-link", "POST").route(web::post().to(ops::user::post_reset_link)))
        .service(resource("/ops/sessions", READ).route(get().to(ops::sessions::get)))
        .service(resource("/ops/sessions/end", "POST").route(web::post().to(ops::sessions::post_end)))
        .service(resource("/ops/sessions/end-all", "POST").route(web::post().to(ops::sessions::post_end_all)))
        .service(resource("/ops/audit", READ).route(get().to(ops::audit::get)));
}

fn json(config: &mut web::ServiceConfig) {
    config
        .service(resource("/api/users", "POST").route(web::post().to(api::users::post)))
        .service(
            resource("/api/session", "GET, HEAD, POST, DELETE")
                .route(get().to(api::session::get))
                .route(web::post().to(api::session::post))
                .route(web::delete().to(api::session::delete)),
        )
        .service(resource("/api/auth/{provider}", "POST").route(web::post().to(api::social::post)))
        .service(resource("/api/auth/{provider}/callback", "POST").route(web::post().to(api::social::callback)));
}

/// The issuer's endpoints for programs: no cookie is read there.
fn endpoints(config: &mut web::ServiceConfig) {
    const READ: &str = "GET, HEAD, OPTIONS";
    let asked_whether = || web::method(Method::OPTIONS).to(cors::preflight);
    let described = |path| resource(path, READ).route(get().to(discovery::metadata)).route(asked_whether());
    config
        .service(described("/.well-known/openid-configuration"))
        .service(described("/.well-known/oauth-authorization-server"))
        .service(resource("/.well-known/jwks.json", READ).route(get().to(discovery::keys)).route(asked_whether()))
        .service(
            resource("/oauth/userinfo", "GET, HEAD, OPTIONS, POST")
                .route(get().to(userinfo::answer))
                .route(web::post().to(userinfo::answer))
                .route(asked_whether()),
        )
        .service(resource("/oauth/introspect", "POST").route(web::post().to(tokens::introspect)))
        .service(resource("/oauth/revoke", "POST").route(web::post().to(tokens::revoke)));
    config
        .service(resource("/oauth/token", "OPTIONS, POST").route(web::post().to(token::post)).route(asked_whether()))
        .service(resource("/oauth/par", "POST").route(web::post().to(token::post_pushed)))
        .service(resource("/oauth/device_authorization", "POST").route(web::post().to(token::post_device)));
}

/// The issuer's pages for people.
fn issuer_pages(config: &mut web::ServiceConfig) {
    const BOTH: &str = "GET, HEAD, POST";
    config
        .service(resource("/oauth/authorize", BOTH).route(get().to(authorize::get)).route(web::post().to(authorize::post)))
        .service(
            resource("/oauth/continue/{id}", BOTH).route(get().to(authorize::get_continue)).route(web::post().to(authorize::post_continue)),
        )
        .service(resource("/oauth/continue/{id}/cancel", "POST").route(web::post().to(authorize::post_cancel)))
        .service(resource("/oauth/logout", BOTH).route(get().to(logout::get)).route(web::post().to(logout::post)))
        .service(resource("/oauth/logout/confirm", "POST").route(web::post().to(logout::post_confirm)))
        .service(resource("/applications", "GET, HEAD").route(get().to(applications::get)))
        .service(resource("/applications/new", BOTH).route(get().to(applications::get_new)).route(web::post().to(applications::post_new)))
        .service(resource("/applications/{id}", BOTH).route(get().to(application::get)).route(web::post().to(application::post)))
        .service(resource("/applications/{id}/rotate", "POST").route(web::post().to(application::post_rotate)))
        .service(resource("/applications/{id}/end-old", "POST").route(web::post().to(application::post_end_old)))
        .service(resource("/applications/{id}/delete", "POST").route(web::post().to(application::post_delete)))
        .service(resource("/device", BOTH).route(get().to(device::get)).route(web::post().to(device::post)))
        .service(resource("/account/applications/revoke", "POST").route(web::post().to(consent::post_revoke)));
}

/// Begins a resource that answers 405, and names its methods, where it has none (RFC 9110 §15.5.6).
///
/// One that only does something, or that only providers send browsers to, is named so that nobody is sent there afterwards.
fn resource(path: &str, allowed: &'static str) -> Resource {
    let is_page = allowed.starts_with("GET") && !path.ends_with("/callback");
    let resource = web::resource(path);
    let resource = if is_page { resource } else { resource.name(&format!("{ACTION}{path}")) };
    resource.default_service(web::to(move || async move { Err::<String, _>(PageError::MethodNotAllowed(allowed)) }))
}

/// Begins a route for GET, and for HEAD, which is GET without the body.
fn get() -> actix_web::Route {
    web::route().guard(when::Any(when::Get()).or(when::Head()))
}

async fn not_found() -> Result<String, PageError> {
    Err(PageError::NotFound)
}
