//! Programs that register clients (RFC 7591), over real HTTP.

use reqwest::Method;
use serde_json::{Value, json};

use super::world::{CALLBACK, CHALLENGE, VERIFIER, assert_refused};
use crate::support::app::TestApp;
use crate::support::browser::Page;

const PATH: &str = "/oauth/register";

async fn open() -> TestApp {
    TestApp::with(|config| config.issuer.dynamic_registration = true).await
}

async fn register(app: &TestApp, body: &Value) -> Page {
    Page::read(app.browser().request(Method::POST, PATH).json(body)).await
}

fn wanted() -> Value {
    json!({ "client_name": "Tea House", "redirect_uris": [CALLBACK], "grant_types": ["authorization_code", "refresh_token"], "scope": "openid" })
}

#[actix_web::test]
async fn cr_02_a_program_registers_a_client_that_gets_tokens_after_consent() {
    let app = open().await;

    let page = register(&app, &wanted()).await;

    assert_eq!((page.status, page.header("cache-control")), (201, "no-store"), "{page:?}");
    let client = page.json();
    let text = |name: &str| client[name].as_str().unwrap_or_else(|| panic!("no {name}: {client}")).to_owned();
    assert_eq!((client["client_secret_expires_at"].as_i64(), client["redirect_uris"].clone()), (Some(0), json!([CALLBACK])));
    let browser = app.browser_of("hanako").await;
    let query = [
        ("client_id", text("client_id")),
        ("redirect_uri", CALLBACK.to_owned()),
        ("response_type", "code".to_owned()),
        ("scope", "openid".to_owned()),
        ("code_challenge", CHALLENGE.to_owned()),
        ("code_challenge_method", "S256".to_owned()),
    ];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let asked = browser.follow(&browser.open(&format!("/oauth/authorize?{query}")).await).await;
    assert_eq!(asked.status, 200, "nobody leaves consent out: {asked:?}");
    let action = asked.attributes("form[action^='/oauth/continue/']", "action").remove(0);
    let answer = super::world::Answer::of(browser.submit(&asked, &action, &[]).await.location());
    let code = answer.get("code");
    let fields = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
    let request = app.browser().request(Method::POST, "/oauth/token").form(&fields);
    let tokens = Page::read(request.basic_auth(text("client_id"), Some(text("client_secret")))).await;
    assert_eq!(tokens.status, 200, "{tokens:?}");
}

#[actix_web::test]
async fn cr_03_what_a_program_registers_is_nobodys_and_unverified() {
    let app = open().await;
    let id = register(&app, &wanted()).await.json()["client_id"].as_str().expect("an identifier").to_owned();

    let client = app.state.issuer.store.find_client(&id.parse().expect("an identifier")).await.expect("a query").expect("a client");

    assert!(client.owner.is_none() && !client.is_verified && !client.skips_consent && client.requires_pkce());
    assert_refused(&register(&app, &json!({ "client_name": "genkan", "redirect_uris": [CALLBACK] })).await, 400, "invalid_client_metadata");
}

#[actix_web::test]
async fn cr_02_what_breaks_a_rule_is_refused_with_the_word_of_the_standard() {
    let app = open().await;
    let with = |name: &str, value: Value| {
        let mut body = wanted();
        body[name] = value;
        body
    };
    for (body, error) in [
        (with("redirect_uris", json!(["http://app.example/cb"])), "invalid_redirect_uri"),
        (with("redirect_uris", json!(["javascript:alert(1)"])), "invalid_redirect_uri"),
        (with("redirect_uris", json!([])), "invalid_redirect_uri"),
        (with("grant_types", json!(["client_credentials"])), "invalid_client_metadata"),
        (with("grant_types", json!(["password"])), "invalid_client_metadata"),
        (with("scope", json!("openid tea:pour")), "invalid_client_metadata"),
        (with("jwks_uri", json!("https://app.example/keys")), "invalid_client_metadata"),
        (with("logo_uri", json!("http://app.example/logo")), "invalid_client_metadata"),
        (with("software_statement", json!("e30.e30.")), "unapproved_software_statement"),
    ] {
        assert_refused(&register(&app, &body).await, 400, error);
    }
    let form = Page::read(app.browser().request(Method::POST, PATH).form(&[("redirect_uris", CALLBACK)])).await;
    assert_refused(&form, 400, "invalid_client_metadata");
}

#[actix_web::test]
async fn si_04_registrations_are_counted_by_address_and_in_all() {
    let app = TestApp::with(|config| {
        (config.issuer.dynamic_registration, config.issuer.dynamic_clients, config.throttle.signups_per_address) = (true, 2, 4);
    })
    .await;

    assert_eq!((register(&app, &wanted()).await.status, register(&app, &wanted()).await.status), (201, 201));
    assert_refused(&register(&app, &wanted()).await, 403, "access_denied");
    assert_refused(&register(&app, &json!({})).await, 400, "invalid_redirect_uri");

    let page = register(&app, &wanted()).await;
    assert_refused(&page, 429, "too_many_requests");
    assert!(page.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0), "{page:?}");
}

#[actix_web::test]
async fn ky_01_registration_is_listed_and_there_only_where_it_is_on() {
    let (app, closed) = (open().await, TestApp::spawn().await);
    let listed =
        async |app: &TestApp| app.browser().open("/.well-known/openid-configuration").await.json()["registration_endpoint"].clone();

    assert_eq!(listed(&app).await, app.address(PATH));
    assert_eq!(app.browser().open(PATH).await.status, 405);
    assert!(listed(&closed).await.is_null());
    assert_eq!(register(&closed, &wanted()).await.status, 404);
}
