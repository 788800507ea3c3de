//! The pages on which people register applications, over real HTTP.

use genkan::domain::client::{Client, ClientId};
use genkan::store::clients::ClientSwitch;
use reqwest::Method;
use std::time::Duration;

use super::support::app::TestApp;
use super::support::browser::{Page, TestBrowser};
use super::support::logs;

const NEW: &str = "/applications/new";
/// What the form holds when nothing is changed but the name and the address.
const FIELDS: [(&str, &str); 10] = [
    ("name", "Tea House"),
    ("kind", "web"),
    ("redirect_uris", "https://tea.example/callback"),
    ("grant_authorization_code", "on"),
    ("grant_refresh_token", "on"),
    ("grant_client_credentials", "on"),
    ("scopes", "openid profile"),
    ("authentication", "client_secret_basic"),
    ("mode_query", "on"),
    ("requires_pkce", "on"),
];

fn with<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = FIELDS.iter().copied().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
    kept.chain(changed.iter().copied()).collect()
}

async fn try_register(browser: &TestBrowser, changed: &[(&str, &str)]) -> Page {
    let page = browser.open(NEW).await;
    browser.submit(&page, NEW, &with(changed)).await
}

/// Registers an application; returns its address and its page, with the secret on it.
async fn register(browser: &TestBrowser, changed: &[(&str, &str)]) -> (String, Page) {
    let answer = try_register(browser, changed).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let page = browser.follow(&answer).await;
    assert_eq!(page.status, 200, "{page:?}");
    (answer.location().to_owned(), page)
}

fn secret_on(page: &Page) -> Option<String> {
    let html = scraper::Html::parse_document(&page.text);
    let code = scraper::Selector::parse("#client-secret").expect("a selector");
    html.select(&code).next().map(|code| code.text().collect())
}

async fn find(app: &TestApp, path: &str) -> Client {
    let id = ClientId::parse(path.rsplit('/').next().expect("an identifier")).expect("an identifier");
    app.state.issuer.store.find_client(&id).await.expect("a query").expect("a client")
}

async fn token_status(app: &TestApp, client: &Client, secret: &str) -> u16 {
    let request = app.browser().request(Method::POST, "/oauth/token").basic_auth(client.id.as_str(), Some(secret));
    Page::read(request.form(&[("grant_type", "client_credentials"), ("scope", "")])).await.status
}

#[actix_web::test]
async fn cr_04_a_new_application_shows_its_secret_once_and_works_with_it() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;

    let (path, page) = register(&browser, &[]).await;

    let client = find(&app, &path).await;
    let secret = secret_on(&page).expect("a secret");
    assert_eq!(secret.len(), 43);
    assert_eq!(token_status(&app, &client, &secret).await, 200);
    for page in [browser.open(&path).await, browser.open("/applications").await] {
        assert_eq!(page.status, 200, "{page:?}");
        assert!(page.text.contains("Tea House") && page.text.contains(client.id.as_str()), "{page:?}");
        assert!(!page.text.contains(&secret), "it is shown once");
    }
    assert!(page.text.contains("/oauth/token") && page.text.contains("code_challenge_method=S256"), "how to connect");
    assert!(!logs::all_text().contains(&secret));
    assert_eq!(logs::with("client", client.id.as_str())[0].field("event"), "client_registered");
}

#[actix_web::test]
async fn cr_01_applications_are_for_the_signed_in_and_each_sees_their_own() {
    let app = TestApp::spawn().await;
    let (hanako, taro, nobody) = (app.browser_of("hanako").await, app.browser_of("taro").await, app.browser());
    let (path, _) = register(&hanako, &[]).await;

    for address in ["/applications", NEW, &path] {
        assert!(nobody.open(address).await.location().starts_with("/login"), "{address}");
    }
    assert!(!taro.open("/applications").await.text.contains("Tea House"));
    let (theirs, unknown) = (taro.open(&path).await, taro.open("/applications/app-22222222222222222222").await);
    assert_eq!((theirs.status, unknown.status), (404, 404));
    let token = taro.open(NEW).await.csrf_token();
    for action in ["", "/rotate", "/end-old", "/delete"] {
        let fields: Vec<_> =
            with(&[("csrf_token", &token)]).iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        assert_eq!(taro.post(&format!("{path}{action}"), &fields).await.status, 404, "{action}");
    }
    assert_eq!(find(&app, &path).await.metadata.name.as_str(), "Tea House");
}

#[actix_web::test]
async fn cr_01_nobody_registers_more_than_the_quota() {
    let app = TestApp::with(|config| config.issuer.clients_per_owner = 2).await;
    let browser = app.browser_of("hanako").await;
    for name in ["One", "Two"] {
        register(&browser, &[("name", name)]).await;
    }

    let refused = try_register(&browser, &[("name", "Three")]).await;

    assert_eq!(refused.status, 422);
    assert!(!browser.open("/applications").await.text.contains(NEW), "there is no button for it any more");
}

#[actix_web::test]
async fn cr_02_every_wrong_field_says_why_and_keeps_what_was_typed() {
    let app = TestApp::with(|config| config.server.public_url = "https://id.example".parse().expect("a URL")).await;
    let rules = app.state.issuer.rules_for_person(None);
    assert!(!rules.allows_loopback);
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    for (field, value) in [
        ("name", ""),
        ("name", "\u{420}\u{430}ypal"),
        ("name", "genkan"),
        ("redirect_uris", ""),
        ("redirect_uris", "http://tea.example/cb"),
        ("redirect_uris", "https://tea.example/cb#x"),
        ("redirect_uris", "https://*.tea.example/cb"),
        ("redirect_uris", "javascript:alert(1)"),
        ("redirect_uris", "com.example.app:/cb"),
        ("scopes", "a\"b"),
        ("jwks", "{}"),
        ("logo_url", "http://tea.example/logo"),
        ("backchannel_logout_uri", "http://169.254.169.254/"),
        ("access_token_ttl_secs", "1"),
    ] {
        let changed = if field == "jwks" { vec![(field, value), ("authentication", "private_key_jwt")] } else { vec![(field, value)] };
        let page = try_register(&browser, &changed).await;
        assert_eq!(page.status, 422, "{field} {value:?}: {page:?}");
        assert_eq!(page.attributes("[aria-invalid]", "name"), [field], "{value:?}");
        assert!(!page.attributes(&format!("#{field}-fault"), "class").is_empty());
    }
    let password = try_register(&browser, &[("grant_password", "on"), ("grant_jwt_bearer", "on")]).await;
    assert_eq!(password.status, 303, "what cannot be chosen is not read");
    let client = find(&app, password.location()).await;
    assert!(client.metadata.grants.iter().all(|grant| !matches!(grant.short(), "password" | "jwt_bearer")));
}

#[actix_web::test]
async fn the_signature_of_access_tokens_is_chosen_on_the_page_and_kept() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    let chosen = "#access_token_algorithm option[selected]";

    let (usual, page) = register(&browser, &[]).await;
    assert_eq!(page.attributes(chosen, "value"), ["ES256"]);
    let (wished, page) = register(&browser, &[("name", "Old House"), ("access_token_algorithm", "RS256")]).await;
    assert_eq!(page.attributes(chosen, "value"), ["RS256"]);

    let of = async |path: &str| find(&app, path).await.metadata.access_token_algorithm.as_str();
    assert_eq!((of(&usual).await, of(&wished).await), ("ES256", "RS256"));
}

#[actix_web::test]
async fn cr_03_a_verified_name_cannot_be_imitated() {
    let app = TestApp::spawn().await;
    let (hanako, taro) = (app.browser_of("hanako").await, app.browser_of("taro").await);
    let (path, page) = register(&hanako, &[]).await;
    assert!(page.text.contains("checked yet"), "it is said to be unverified");
    let id = find(&app, &path).await.id;
    app.state.issuer.store.switch_client(&id, ClientSwitch::Verified(true), app.clock.now()).await.expect("a client");

    let refused = try_register(&taro, &[("name", "TEA-H0USE")]).await;

    assert_eq!((refused.status, refused.attributes("[aria-invalid]", "name")), (422, vec!["name".to_owned()]), "{refused:?}");
    assert!(hanako.open(&path).await.text.contains("Verified"));
}

#[actix_web::test]
async fn cr_04_a_rotated_secret_overlaps_until_it_is_ended() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    let (path, page) = register(&browser, &[]).await;
    let (client, old) = (find(&app, &path).await, secret_on(&page).expect("a secret"));

    let rotated = browser.submit(&page, &format!("{path}/rotate"), &[]).await;
    let page = browser.follow(&rotated).await;
    let new = secret_on(&page).expect("a new secret");

    assert_ne!(old, new);
    assert_eq!((token_status(&app, &client, &old).await, token_status(&app, &client, &new).await), (200, 200));
    assert!(page.text.contains("works until"), "{page:?}");
    browser.submit(&page, &format!("{path}/end-old"), &[]).await;
    assert_eq!((token_status(&app, &client, &old).await, token_status(&app, &client, &new).await), (401, 200));
    let page = browser.open(&path).await;
    browser.submit(&page, &format!("{path}/rotate"), &[]).await;
    app.clock.advance(Duration::from_secs(86_400));
    assert_eq!(token_status(&app, &client, &new).await, 401, "a day later the overlap is over");
}

#[actix_web::test]
async fn se_06_what_changes_an_application_needs_a_fresh_sign_in() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    let (path, page) = register(&browser, &[]).await;
    let before = find(&app, &path).await;
    app.clock.advance(Duration::from_secs(601));

    for action in ["rotate", "delete"] {
        let answer = browser.submit(&page, &format!("{path}/{action}"), &[]).await;
        assert!(answer.location().starts_with("/login?again=1"), "{action}: {answer:?}");
    }
    let refused = browser.submit(&page, &path, &with(&[("name", "Other")])).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.attributes("#name", "value"), ["Other"], "what was typed is kept");
    assert_eq!(find(&app, &path).await, before);
}

#[actix_web::test]
async fn an_application_is_changed_and_deleted_on_its_page() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    let (path, page) = register(&browser, &[]).await;

    let saved = browser.submit(&page, &path, &with(&[("name", "Coffee House"), ("audience", "https://api.example/")])).await;
    assert_eq!(saved.location(), path);
    let client = find(&app, &path).await;
    assert_eq!((client.metadata.name.as_str(), client.metadata.audience.is_some()), ("Coffee House", true));
    assert!(secret_on(&browser.open(&path).await).is_none(), "a secret that is there is not made anew");
    let spa = [("kind", "spa"), ("authentication", "none")];
    let mut fields = with(&spa);
    fields.retain(|(name, _)| *name != "grant_client_credentials");
    let page = browser.open(&path).await;
    assert_eq!(browser.submit(&page, &path, &fields).await.status, 303);
    assert!(find(&app, &path).await.requires_pkce() && find(&app, &path).await.is_public());

    let page = browser.open(&path).await;
    let deleted = browser.submit(&page, &format!("{path}/delete"), &[]).await;
    assert_eq!(deleted.location(), "/applications");
    assert_eq!(browser.open(&path).await.status, 404);
}

#[actix_web::test]
async fn wb_01_forms_of_applications_want_their_token() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    let (path, _) = register(&browser, &[]).await;
    for action in [NEW.to_owned(), path.clone(), format!("{path}/rotate"), format!("{path}/end-old"), format!("{path}/delete")] {
        let fields: Vec<_> =
            with(&[("csrf_token", "forged")]).iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let page = browser.post(&action, &fields).await;
        assert!(browser.follow(&page).await.flash().is_some(), "{action}: {page:?}");
    }
    assert_eq!(find(&app, &path).await.metadata.name.as_str(), "Tea House");
}

#[actix_web::test]
async fn an_owner_reads_on_the_page_what_was_refused_and_what_helps() {
    let app = TestApp::spawn().await;
    let (hanako, taro) = (app.browser_of("hanako").await, app.browser_of("taro").await);
    let (path, page) = register(&hanako, &[]).await;
    assert!(page.text.contains("Nothing. What your application asks for"), "{page:?}");
    let client = find(&app, &path).await;

    assert_eq!(token_status(&app, &client, "wrong").await, 401);
    let strange = app.browser().open(&format!("/oauth/authorize?client_id={}&redirect_uri=https://tea.example/", client.id)).await;
    assert_eq!(strange.status, 400);

    let page = hanako.open(&path).await;
    for told in
        ["client_secret is not one that works", "differs from the registered ones in its path", "Compare client ID, secret", "Once."]
    {
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
    assert_eq!(taro.open(&path).await.status, 404, "nobody else");
}
