//! The programs of docs/guides/rust.md, as they stand there, with a real genkan and real time.

#[expect(clippy::disallowed_methods, reason = "it is somebody else's program: it reads its own environment")]
#[path = "../../docs/guides/rust/api.rs"]
mod api;
#[expect(clippy::disallowed_methods, reason = "it is somebody else's program: it reads its own environment")]
#[path = "../../docs/guides/rust/application.rs"]
mod application;

use std::net::TcpListener;

use actix_web::rt;
use genkan::domain::client::Client;
use genkan::domain::redirect_uri::RedirectUri;
use genkan::domain::scope::Scopes;
use reqwest::Method;

use crate::issuer::world::{SECRET, World, register};
use crate::support::app::TestApp;
use crate::support::browser::{Page, TestBrowser};

fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    (listener, address)
}

/// The application of the guide, registered and running.
async fn start_application(genkan: &TestApp) -> (Client, TestBrowser) {
    let (listener, address) = listen();
    let client = register(genkan, |client| {
        client.metadata.redirect_uris = vec![RedirectUri::parse(&format!("{address}/callback")).expect("an address")];
        client.metadata.scopes = Scopes::parse("openid profile").expect("scopes");
    })
    .await;
    let settings = application::Settings {
        genkan: genkan.address(""),
        client_id: client.id.to_string(),
        client_secret: SECRET.to_owned(),
        app: address.clone(),
    };
    rt::spawn(application::serve(settings, listener).await.expect("it starts"));
    (client, TestBrowser::new(address))
}

/// The API of the guide, running.
fn start_api(genkan: &TestApp) -> (String, TestBrowser) {
    let (listener, address) = listen();
    let settings = api::Settings { genkan: genkan.address(""), audience: address.clone() };
    rt::spawn(api::serve(settings, listener).expect("it starts"));
    (address.clone(), TestBrowser::new(address))
}

async fn pour(api: &TestBrowser, token: &str) -> Page {
    Page::read(api.request(Method::POST, "/pots").bearer_auth(token)).await
}

/// A token that a client gets for itself.
async fn token(genkan: &TestApp, scope: &str, audience: &str) -> (Client, String) {
    let client = register(genkan, |client| {
        client.metadata.scopes = Scopes::parse(scope).expect("scopes");
        client.metadata.audience = Some(audience.to_owned());
    })
    .await;
    let request = genkan.browser().request(Method::POST, "/oauth/token").basic_auth(client.id.as_str(), Some(SECRET));
    let page = Page::read(request.form(&[("grant_type", "client_credentials")])).await;
    (client, page.json()["access_token"].as_str().expect("a token").to_owned())
}

#[actix_web::test]
async fn cf_03_the_application_of_the_guide_for_rust_signs_people_in() {
    let genkan = TestApp::in_real_time().await;
    let (client, at_application) = start_application(&genkan).await;
    let browser = genkan.browser_of("hanako").await;
    let world = World { app: genkan, client, browser };

    let leaving = at_application.open("/").await;
    let answer = world.agree_at(leaving.location()).await;
    let way_back = format!("/callback?{}", answer.0.query().expect("an answer"));
    let foreign = way_back.replace("iss=http", "iss=https");

    let greeted = at_application.open(&way_back).await;
    assert_eq!((greeted.status, greeted.text.as_str()), (200, "Hello, Hanako"), "{greeted:?}");
    assert_eq!(at_application.open(&way_back).await.status, 400, "an answer counts once");
    at_application.open("/").await;
    assert_eq!(at_application.open(&foreign).await.status, 400, "and from the genkan that was asked");
    assert_eq!(TestBrowser::new(answer.0.origin().ascii_serialization()).open(&way_back).await.status, 400, "in the browser that asked");
}

#[actix_web::test]
async fn cf_03_the_api_of_the_guide_for_rust_takes_tokens_for_itself_and_no_others() {
    let genkan = TestApp::in_real_time().await;
    let (audience, api) = start_api(&genkan);

    let (client, good) = token(&genkan, "tea:pour", &audience).await;
    let poured = pour(&api, &good).await;
    assert_eq!((poured.status, poured.text), (200, format!("{} pours for nobody", client.id)));

    let missing = Page::read(api.request(Method::POST, "/pots")).await;
    assert_eq!((missing.status, missing.header("www-authenticate")), (401, "Bearer"));
    let narrow = pour(&api, &token(&genkan, "tea:look", &audience).await.1).await;
    assert_eq!((narrow.status, narrow.header("www-authenticate")), (403, "Bearer error=\"insufficient_scope\", scope=\"tea:pour\""));
    let other = token(&genkan, "tea:pour", "https://coffee.example").await.1;
    let garbled = format!("{}A", &good[..good.len() - 1]);
    for token in [other.as_str(), garbled.as_str(), "nonsense"] {
        let refused = pour(&api, token).await;
        assert_eq!((refused.status, refused.header("www-authenticate")), (401, "Bearer error=\"invalid_token\""), "{token}");
    }
}

#[actix_web::test]
async fn tk_08_the_api_of_the_guide_for_rust_takes_no_id_tokens() {
    let genkan = TestApp::in_real_time().await;
    let (_, api) = start_api(&genkan);
    let client = register(&genkan, |_| {}).await;
    let browser = genkan.browser_of("hanako").await;
    let world = World { app: genkan, client, browser };

    let tokens = world.tokens("openid profile tea:pour").await;

    for name in ["id_token", "access_token"] {
        let refused = pour(&api, tokens[name].as_str().expect("a token")).await;
        assert_eq!(refused.status, 401, "{name}, which is for genkan itself or for the client: {refused:?}");
    }
}
