//! `/oauth/authorize`: who is sent where, and with what.

use reqwest::Method;

use super::world::{Answer, CALLBACK, CHALLENGE, World, register};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::Page;

#[actix_web::test]
async fn as_05_a_request_is_answered_with_code_state_and_issuer() {
    let world = World::new().await;

    let answer = world.allow(&[]).await;

    assert!(answer.0.as_str().starts_with(CALLBACK), "{answer:?}");
    assert_eq!(answer.get("code").len(), 43, "256 bits");
    assert_eq!(answer.get("state"), "the state");
    assert_eq!(answer.get("iss"), format!("http://127.0.0.1:{}", world.app.port));
}

#[actix_web::test]
async fn as_10_whoever_has_to_sign_in_comes_back_to_the_request() {
    let world = World::new().await;
    let browser = world.app.browser();

    let login = browser.open(&world.authorize(&[("login_hint", "hanako")])).await;
    let page = browser.follow(&login).await;
    assert_eq!(page.attributes("#identifier", "value"), ["hanako"]);
    assert!(page.text.contains("Tea House"), "{page:?}");
    let page = browser.submit(&page, "/login", &[("password", PASSWORD), ("identifier", "hanako")]).await;
    let page = browser.follow(&page).await;
    let action = page.attributes("form[action^='/oauth/continue/']", "action").remove(0);
    let page = browser.submit(&page, &action, &[]).await;

    assert!(Answer::of(page.location()).find("code").is_some(), "{page:?}");
}

#[actix_web::test]
async fn as_10_whoever_registers_comes_back_to_the_request() {
    let world = World::new().await;
    let browser = world.app.browser();

    let login = browser.open(&world.authorize(&[])).await;
    let page = browser.follow(&login).await;
    let register = page.attributes("a[href^='/register']", "href").remove(0);
    let page = browser.open(&register).await;
    let fields = [("name", "Taro"), ("username", "taro"), ("email", "taro@example.com"), ("password", PASSWORD)];
    let page = browser.submit(&page, "/register", &fields).await;

    assert!(page.location().starts_with("/oauth/continue/"), "{page:?}");
    assert_eq!(browser.follow(&page).await.status, 200);
}

#[actix_web::test]
async fn as_01_as_02_a_wrong_client_or_address_is_told_on_a_page_of_ours() {
    let world = World::new().await;
    let other = register(&world.app, |_| {}).await;
    let disabled = register(&world.app, |client| client.disabled_at = Some(client.created_at)).await;
    for (name, value) in [
        ("client_id", ""),
        ("client_id", "app-unknown"),
        ("client_id", &other.id.to_string().to_uppercase()),
        ("client_id", disabled.id.as_str()),
        ("redirect_uri", ""),
        ("redirect_uri", "https://app.example/callback/"),
        ("redirect_uri", "https://app.example/callback?x=1"),
        ("redirect_uri", "https://app.example/callback#x"),
        ("redirect_uri", "https://app.example:443/callback"),
        ("redirect_uri", "https://APP.example/callback"),
        ("redirect_uri", "https://app.example/callback/../callback"),
        ("redirect_uri", "https://app.example.evil.example/callback"),
        ("redirect_uri", "http://app.example/callback"),
        ("redirect_uri", "javascript:alert(1)"),
    ] {
        let page = world.browser.open(&world.authorize(&[(name, value)])).await;
        assert_eq!((page.status, page.header("location")), (400, ""), "{name}={value}: {page:?}");
        let shown = page.text.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).expect("a page");
        assert!(!shown.contains("evil") && !shown.contains("alert"), "{page:?}");
    }
}

#[actix_web::test]
async fn as_06_a_repeated_client_or_address_is_told_on_a_page_of_ours() {
    let world = World::new().await;

    for twice in [format!("&client_id={}", world.client.id), format!("&redirect_uri={CALLBACK}")] {
        let page = world.browser.open(&format!("{}{twice}", world.authorize(&[]))).await;
        assert_eq!((page.status, page.header("location")), (400, ""), "{page:?}");
    }
}

/// Requests whose client and address are right, and the error that each gets.
const REFUSED: [(&[(&str, &str)], &str); 17] = [
    (&[("response_type", "")], "invalid_request"),
    (&[("response_type", "token")], "unsupported_response_type"),
    (&[("response_type", "id_token")], "unsupported_response_type"),
    (&[("response_type", "code id_token")], "unsupported_response_type"),
    (&[("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
    (&[("code_challenge_method", "plain")], "invalid_request"),
    (&[("code_challenge_method", "")], "invalid_request"),
    (&[("code_challenge", "short")], "invalid_request"),
    (&[("scope", "")], "invalid_scope"),
    (&[("scope", "openid admin")], "invalid_scope"),
    (&[("scope", "open\"id")], "invalid_scope"),
    (&[("request", "eyJhbGciOiJub25lIn0..")], "request_not_supported"),
    (&[("request_uri", "https://app.example/request")], "request_uri_not_supported"),
    (&[("registration", "{}")], "registration_not_supported"),
    (&[("response_mode", "fragment")], "invalid_request"),
    (&[("max_age", "-1")], "invalid_request"),
    (&[("claims", "{")], "invalid_request"),
];

#[actix_web::test]
async fn as_03_as_04_as_06_what_cannot_be_done_is_told_to_the_client() {
    let world = World::new().await;

    for (changed, error) in REFUSED {
        let page = world.browser.open(&world.authorize(changed)).await;
        let answer = Answer::of(page.location());
        assert!(answer.0.as_str().starts_with(CALLBACK), "{changed:?}: {answer:?}");
        assert_eq!(answer.get("error"), error, "{changed:?}: {answer:?}");
        assert_eq!((answer.get("state"), answer.find("code")), ("the state".to_owned(), None));
        assert_eq!(answer.get("iss"), format!("http://127.0.0.1:{}", world.app.port));
    }
}

#[actix_web::test]
async fn as_02_a_strangers_link_bounces_nobody_through_us() {
    let world = World::new().await;
    let stranger = world.app.browser();

    for (changed, error) in REFUSED {
        let page = stranger.open(&world.authorize(changed)).await;
        assert!(page.location().starts_with("/login?return_to=%2Foauth%2Fcontinue%2F"), "{error}: {page:?}");
    }
    let silent = stranger.open(&world.authorize(&[("scope", "admin"), ("prompt", "none")])).await;
    assert_eq!(Answer::of(silent.location()).get("error"), "invalid_scope");
}

#[actix_web::test]
async fn as_06_unknown_parameters_mean_nothing_and_repeated_ones_are_errors() {
    let world = World::new().await;

    let ignored = world.allow(&[("unknown", "1"), ("resource_x", "2")]).await;
    assert!(ignored.find("code").is_some(), "{ignored:?}");
    for twice in
        ["&scope=openid", "&response_type=code", "&nonce=x", "&claims_locales=ja", "&prompt=none", &format!("&code_challenge={CHALLENGE}")]
    {
        let page = world.browser.open(&format!("{}{twice}&prompt=login&claims_locales=en", world.authorize(&[]))).await;
        assert_eq!(Answer::of(page.location()).get("error"), "invalid_request", "{twice}");
    }
    let states = world.browser.open(&format!("{}&state=other", world.authorize(&[]))).await;
    let answer = Answer::of(states.location());
    assert_eq!((answer.get("error"), answer.find("state")), ("invalid_request".to_owned(), None));
}

#[actix_web::test]
async fn as_07_a_posted_request_is_answered_like_any_other() {
    let world = World::new().await;
    let form = world.request(&[]);
    let headers = |request: reqwest::RequestBuilder| request.header("content-type", "application/x-www-form-urlencoded");

    let request = headers(world.app.browser().request(Method::POST, "/oauth/authorize")).body(form);
    let page = Page::read(request.header("origin", "https://app.example").header("sec-fetch-site", "cross-site")).await;
    assert!(page.set_cookies().is_empty(), "a form of another site must not replace the session: {page:?}");
    let answer = world.agree(page).await;

    assert!(answer.find("code").is_some(), "{answer:?}");
}

#[actix_web::test]
async fn cf_02_the_switch_lifts_pkce_for_confidential_clients_alone() {
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let lifted = World::with(|client| client.metadata.requires_pkce = false).await;
    let answer = lifted.allow(&without).await;
    let page = lifted.redeem_with(&answer.get("code"), &[("code_verifier", "")]).await;
    assert_eq!(page.status, 200, "{page:?}");

    let public = register(&lifted.app, |client| {
        client.metadata.requires_pkce = false;
        client.metadata.authentication = genkan::domain::client::ClientAuthentication::None;
    });
    let world = World { client: public.await, ..lifted };
    let page = world.browser.open(&world.authorize(&without)).await;
    assert_eq!(Answer::of(page.location()).get("error"), "invalid_request");
}

#[actix_web::test]
async fn as_01_a_native_client_may_choose_its_port() {
    let world = World::with(|client| {
        client.metadata.kind = genkan::domain::client::ClientKind::Native;
        client.metadata.authentication = genkan::domain::client::ClientAuthentication::None;
        client.metadata.redirect_uris = vec!["http://127.0.0.1/cb".to_owned().try_into().expect("an address")];
    });
    let world = world.await;

    let answer = world.allow(&[("redirect_uri", "http://127.0.0.1:51234/cb")]).await;

    assert_eq!(answer.0.port(), Some(51_234));
    let page = world.browser.open(&world.authorize(&[("redirect_uri", "http://127.0.0.1:51234/other")])).await;
    assert_eq!(page.status, 400);
}

#[actix_web::test]
async fn form_post_carries_the_answer_in_a_form_that_sends_itself() {
    let world = World::new().await;
    let question = world.browser.open(&world.authorize(&[("response_mode", "form_post")])).await;
    let question = world.browser.follow(&question).await;

    let page = world.press(&question).await;

    assert_eq!(page.status, 200, "{page:?}");
    let fields: Vec<String> = page.hidden_fields(CALLBACK).into_iter().map(|(name, _)| name).collect();
    assert_eq!(fields, ["code", "state", "iss"]);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'sha256-") && policy.contains("form-action https://app.example;"), "{policy}");
}

#[actix_web::test]
async fn without_an_issuer_there_is_none_of_its_pages() {
    let app = TestApp::with(|config| config.issuer.enabled = false).await;

    for path in ["/oauth/authorize", "/oauth/token", "/device"] {
        assert_eq!(app.browser().open(path).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn looking_ahead_begins_nothing() {
    let world = World::new().await;
    world.allow(&[]).await;

    let head = Page::read(world.browser.request(Method::HEAD, &world.authorize(&[]))).await;
    let prefetch = Page::read(world.browser.request(Method::GET, &world.authorize(&[])).header("sec-purpose", "prefetch")).await;

    assert_eq!((head.status, prefetch.status), (204, 204), "{prefetch:?}");
}
