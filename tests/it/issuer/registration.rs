//! Programs that register clients (RFC 7591), over real HTTP.

use genkan::store::clients::ClientSwitch;
use reqwest::Method;
use serde_json::{Value, json};

use super::world::{CALLBACK, CHALLENGE, VERIFIER, assert_refused};
use crate::support::app::TestApp;
use crate::support::browser::Page;
use crate::support::logs;

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

/// A client that a program has registered, and the program's side.
struct Caretaker {
    app: TestApp,
    client: Value,
}

impl Caretaker {
    async fn new() -> Self {
        let app = open().await;
        let client = register(&app, &wanted()).await.json();
        Self { app, client }
    }

    fn id(&self) -> &str {
        self.client["client_id"].as_str().expect("an identifier")
    }

    async fn ask(&self, method: Method, body: Option<&Value>) -> Page {
        self.ask_with(method, self.client["registration_access_token"].as_str().expect("a token"), body).await
    }

    async fn ask_with(&self, method: Method, token: &str, body: Option<&Value>) -> Page {
        let address = self.client["registration_client_uri"].as_str().expect("an address");
        let path = address.strip_prefix(&self.app.address("")).expect("an address of ours");
        let request = self.app.browser().request(method, path).bearer_auth(token);
        Page::read(if let Some(body) = body { request.json(body) } else { request }).await
    }

    fn with(&self, changed: &Value) -> Value {
        let mut body = wanted();
        body["client_id"] = self.id().into();
        for (name, value) in changed.as_object().expect("an object") {
            body[name] = value.clone();
        }
        body
    }
}

#[actix_web::test]
async fn cr_04_a_program_reads_what_it_registered_and_never_the_secret() {
    let program = Caretaker::new().await;

    let page = program.ask(Method::GET, None).await;

    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{page:?}");
    let (read, registered) = (page.json(), &program.client);
    for name in ["client_id", "client_name", "redirect_uris", "registration_access_token", "registration_client_uri"] {
        assert_eq!(read[name], registered[name], "{name}");
    }
    assert!(read["client_secret"].is_null() && registered["client_secret"].is_string());
}

#[actix_web::test]
async fn cr_02_a_program_changes_its_client_as_a_whole_and_by_the_same_rules() {
    let program = Caretaker::new().await;

    let changed = program.ask(Method::PUT, Some(&program.with(&json!({ "client_name": "Coffee House" })))).await;
    assert_eq!((changed.status, changed.json()["client_name"].as_str()), (200, Some("Coffee House")), "{changed:?}");
    assert!(changed.json()["client_secret"].is_null(), "the one before goes on");
    let other_way = program.with(&json!({ "token_endpoint_auth_method": "none", "application_type": "native" }));
    assert_eq!(program.ask(Method::PUT, Some(&other_way)).await.json()["token_endpoint_auth_method"], "none");
    let back = program.ask(Method::PUT, Some(&program.with(&json!({})))).await;
    assert!(back.json()["client_secret"].is_string(), "it needs one again: {back:?}");

    for (change, error) in [
        (json!({ "redirect_uris": ["http://app.example/cb"] }), "invalid_redirect_uri"),
        (json!({ "grant_types": ["client_credentials"] }), "invalid_client_metadata"),
        (json!({ "scope": "openid groups" }), "invalid_client_metadata"),
        (json!({ "client_name": "genkan" }), "invalid_client_metadata"),
        (json!({ "client_id": "app-22222222222222222222" }), "invalid_client_metadata"),
        (json!({ "client_id": null }), "invalid_client_metadata"),
    ] {
        assert_refused(&program.ask(Method::PUT, Some(&program.with(&change))).await, 400, error);
    }
}

#[actix_web::test]
async fn cr_01_a_program_deletes_its_client_and_it_is_gone() {
    let program = Caretaker::new().await;

    let deleted = program.ask(Method::DELETE, None).await;

    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    assert_refused(&program.ask(Method::GET, None).await, 401, "invalid_token");
    assert_refused(&program.ask(Method::DELETE, None).await, 401, "invalid_token");
}

#[actix_web::test]
async fn cr_01_nobody_else_reads_changes_or_deletes_the_client_of_a_program() {
    let program = Caretaker::new().await;
    let other = register(&program.app, &wanted()).await.json();

    for token in
        ["x", other["registration_access_token"].as_str().expect("a token"), program.client["client_secret"].as_str().expect("one")]
    {
        for (method, body) in [(Method::GET, None), (Method::PUT, Some(program.with(&json!({})))), (Method::DELETE, None)] {
            let page = program.ask_with(method, token, body.as_ref()).await;
            assert_refused(&page, 401, "invalid_token");
            assert!(page.header("www-authenticate").starts_with("Bearer "), "{page:?}");
        }
    }
    assert_eq!(program.ask(Method::GET, None).await.status, 200);
}

#[actix_web::test]
async fn cr_03_what_operators_have_verified_or_disabled_is_no_longer_the_programs() {
    let program = Caretaker::new().await;
    let (issuer, id) = (&program.app.state.issuer, program.id().parse().expect("an identifier"));

    issuer.switch_client(&id, ClientSwitch::Verified(true)).await.expect("a client");
    assert_refused(&program.ask(Method::PUT, Some(&program.with(&json!({})))).await, 403, "access_denied");
    assert_refused(&program.ask(Method::DELETE, None).await, 403, "access_denied");
    assert_eq!(program.ask(Method::GET, None).await.status, 200);

    issuer.switch_client(&id, ClientSwitch::Disabled(true)).await.expect("a client");
    assert_refused(&program.ask(Method::GET, None).await, 401, "invalid_token");
}

#[actix_web::test]
async fn db_12_clients_of_programs_that_nobody_uses_go_after_their_time() {
    let app = TestApp::with(|config| (config.issuer.dynamic_registration, config.issuer.dynamic_unused_days) = (true, 30)).await;
    let id = register(&app, &wanted()).await.json()["client_id"].as_str().expect("an identifier").to_owned();

    assert_eq!(app.state.issuer.delete_unused_clients().await.expect("a sweep"), 0, "it has its time");
    app.clock.advance(std::time::Duration::from_secs(30 * 86_400));
    assert_eq!(app.state.issuer.delete_unused_clients().await.expect("a sweep"), 1);

    assert_eq!(logs::with("client", &id).last().expect("a line").field("reason"), "unused");
    let kept = TestApp::with(|config| (config.issuer.dynamic_registration, config.issuer.dynamic_unused_days) = (true, 0)).await;
    register(&kept, &wanted()).await;
    kept.clock.advance(std::time::Duration::from_secs(4_000 * 86_400));
    assert_eq!(kept.state.issuer.delete_unused_clients().await.expect("a sweep"), 0, "0: never");
}
