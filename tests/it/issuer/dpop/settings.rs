//! The client's own setting, wherever it is made (RFC 9449 §5.2).

use genkan::domain::client::{Client, ClientId};
use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::browser::Page;

async fn find(app: &TestApp, id: &str) -> Client {
    let id = ClientId::parse(id).unwrap_or_else(|| panic!("no identifier: {id}"));
    app.state.issuer.store.find_client(&id).await.expect("a query").expect("a client")
}

#[actix_web::test]
async fn tk_08_dpop_a_program_registers_a_client_that_binds_its_tokens() {
    let app = TestApp::with(|config| config.issuer.dynamic_registration = true).await;
    for (given, is_bound) in [(json!(true), true), (json!(false), false)] {
        let body = json!({ "redirect_uris": ["https://app.example/cb"], "dpop_bound_access_tokens": given });

        let page = Page::read(app.browser().request(Method::POST, "/oauth/register").json(&body)).await;

        assert_eq!((page.status, &page.json()["dpop_bound_access_tokens"]), (201, &given), "{page:?}");
        assert_eq!(find(&app, page.json()["client_id"].as_str().expect("an id")).await.metadata.dpop_bound_access_tokens, is_bound);
    }
    let odd = json!({ "redirect_uris": ["https://app.example/cb"], "dpop_bound_access_tokens": "yes" });
    assert_eq!(Page::read(app.browser().request(Method::POST, "/oauth/register").json(&odd)).await.status, 400);
}

#[actix_web::test]
async fn tk_08_dpop_an_owner_turns_it_on_and_off_on_the_page() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    let fields = [
        ("name", "Tea House"),
        ("kind", "web"),
        ("redirect_uris", "https://tea.example/callback"),
        ("grant_authorization_code", "on"),
        ("scopes", "openid"),
        ("authentication", "client_secret_basic"),
        ("mode_query", "on"),
        ("requires_pkce", "on"),
    ];
    let page = browser.open("/applications/new").await;
    let on = [&fields[..], &[("dpop_bound_access_tokens", "on")]].concat();
    let path = browser.submit(&page, "/applications/new", &on).await.location().to_owned();
    let id = path.rsplit('/').next().expect("an id");
    assert!(find(&app, id).await.metadata.dpop_bound_access_tokens);

    let page = browser.open(&path).await;
    assert_eq!(page.attributes("#dpop_bound_access_tokens[checked]", "value"), ["on"], "{page:?}");
    browser.submit(&page, &path, &fields).await;

    assert!(!find(&app, id).await.metadata.dpop_bound_access_tokens);
}
