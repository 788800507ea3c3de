//! The two cookies: what they carry, when they end, and what a bad one means.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use genkan::domain::identifier::Identifier;
use reqwest::Method;

use super::support::app::{PASSWORD, TestApp};
use super::support::browser::{Page, TestBrowser};
use super::support::logs;

#[actix_web::test]
async fn se_08_every_cookie_has_every_flag() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    app.browser_of("hanako").await;

    let page = browser.sign_in("hanako", PASSWORD).await;

    let cookies = page.set_cookies();
    assert_eq!(cookies.len(), 3, "{cookies:?}");
    for cookie in cookies {
        for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

#[actix_web::test]
async fn se_08_under_https_cookies_are_secure_and_host_only() {
    let app = TestApp::with(|config| config.server.public_url = "https://accounts.example".parse().expect("a URL")).await;

    let page = app.browser().open("/login").await;

    let cookies = page.set_cookies();
    assert!(cookies[0].starts_with("__Host-genkan=") && cookies[0].contains("Secure"), "{cookies:?}");
    assert_eq!(page.header("strict-transport-security"), "max-age=31536000; includeSubDomains");
}

/// Starts attempts to link until they fill the cookie, then adds whatever else can be in it.
async fn fill(browser: &TestBrowser, lengths: &[usize]) {
    let page = browser.open("/login?again=1").await;
    browser.submit(&page, "/language", &[("language", "ja")]).await;
    for length in lengths {
        let target = format!("/{}", "a".repeat(*length));
        let page = browser.open("/auth/lab?purpose=link").await;
        let page = browser.submit(&page, "/auth/lab", &[("return_to", &target), ("purpose", "link")]).await;
        assert!(page.location().starts_with("http://127.0.0.1"), "{page:?}");
    }
    let page = browser.open("/account").await;
    browser.submit(&page, "/account/profile", &[("name", "Hanako"), ("email", "hanako@example.com")]).await;
    let page = browser.post("/account/profile", &[]).await;
    assert_eq!(page.location(), "/account");
}

#[actix_web::test]
async fn se_08_whatever_a_session_holds_fits_into_the_cookie() {
    let (app, _lab) = TestApp::with_lab().await;
    app.browser_of("hanako").await;

    for lengths in [&[40, 500, 200, 20, 20, 20, 20, 20, 20, 20, 20, 20, 300][..], &[1; 12], &[500; 6], &[30; 12], &[90; 12]] {
        let browser = app.browser();
        browser.sign_in("hanako", PASSWORD).await;
        fill(&browser, lengths).await;
        let size = browser.cookie("genkan").expect("a cookie").len() + "__Host-genkan=".len();
        assert!(size < 4_096, "{lengths:?}: {size} bytes");
    }
}

#[actix_web::test]
async fn se_09_a_bad_session_cookie_is_no_session_and_is_replaced() {
    let app = TestApp::spawn().await;
    let own = app.browser();
    own.open("/login").await;
    let sealed = own.cookie("genkan").expect("a cookie");

    for header in [
        "genkan=garbage".to_owned(),
        "genkan=%ff%00".to_owned(),
        format!("genkan={sealed}; genkan={sealed}"),
        format!("genkan={}", "a".repeat(9_000)),
    ] {
        let page = Page::read(app.browser().request(Method::GET, "/login").header("cookie", header)).await;
        assert_eq!(page.status, 200, "{page:?}");
        assert!(page.set_cookies()[0].starts_with("genkan="), "{page:?}");
    }
}

#[actix_web::test]
async fn se_09_a_bad_token_is_signed_out_and_cleared_by_the_next_page_only() {
    let app = TestApp::spawn().await;
    let signed_in = app.browser_of("hanako").await;
    let token = signed_in.cookie("jwt").expect("a token");

    for header in ["jwt=garbage".to_owned(), format!("jwt={token}; jwt={token}"), format!("jwt={token}x"), "jwt=".to_owned()] {
        let browser = app.browser();
        let page = Page::read(browser.request(Method::GET, "/login").header("cookie", &header)).await;
        assert_eq!(page.status, 200, "{page:?}");
        assert!(page.set_cookies().iter().any(|cookie| cookie.starts_with("jwt=;") && cookie.contains("Max-Age=0")), "{page:?}");
        let answer = Page::read(browser.request(Method::GET, "/api/me").header("cookie", &header)).await;
        assert_eq!((answer.status, answer.set_cookies().len()), (401, 0), "{answer:?}");
    }
}

#[actix_web::test]
async fn se_03_the_session_is_renewed_at_sign_in_and_keeps_the_language() {
    let app = TestApp::spawn().await;
    app.browser_of("hanako").await;
    let browser = app.browser();
    let page = browser.open("/login").await;
    browser.submit(&page, "/language", &[("language", "ja")]).await;
    let before = browser.open("/login").await.csrf_token();

    browser.sign_in("hanako", PASSWORD).await;

    let account = browser.open("/account").await;
    assert_ne!(account.csrf_token(), before);
    assert_eq!(account.attributes("html", "lang"), ["ja"]);
}

#[actix_web::test]
async fn se_12_sign_out_is_on_every_signed_in_page_and_ends_the_session_for_good() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    let (token, account) = (browser.cookie("jwt").expect("a token"), browser.open("/account").await);
    let missing = browser.open("/no-such-page").await;
    assert!(!missing.attributes("form[action='/logout']", "method").is_empty(), "{missing:?}");

    let page = browser.submit(&account, "/logout", &[]).await;

    assert_eq!(page.location(), "/login");
    assert_eq!(page.header("clear-site-data"), "\"cache\", \"storage\"");
    browser.set_cookie(&format!("jwt={token}; Path=/"));
    assert!(!browser.is_signed_in().await, "the token must be dead on the server as well");
}

#[actix_web::test]
async fn se_04_a_session_ends_after_two_days_whatever_happens() {
    let app = TestApp::with(|config| config.session.idle_secs = 172_800).await;
    let browser = app.browser_of("hanako").await;

    for _ in 0..4 {
        assert!(browser.is_signed_in().await);
        app.clock.advance(std::time::Duration::from_secs(43_201));
    }

    assert!(!browser.is_signed_in().await);
}

#[actix_web::test]
async fn se_05_people_end_their_own_sessions_elsewhere() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    let (one, two) = (app.browser(), app.browser());
    one.sign_in("hanako", PASSWORD).await;
    two.sign_in("hanako", PASSWORD).await;
    let page = browser.open("/account").await;
    assert_eq!(page.attributes("form[action='/account/sessions/end'] input[name=session]", "value").len(), 2, "{page:?}");

    let ended = browser.submit(&page, "/account/sessions/end", &[]).await;

    assert_eq!(ended.location(), "/account");
    assert!(one.is_signed_in().await ^ two.is_signed_in().await);
    let page = browser.open("/account").await;
    browser.submit(&page, "/account/sessions/end-others", &[]).await;
    assert!(!one.is_signed_in().await && !two.is_signed_in().await && browser.is_signed_in().await);
}

#[actix_web::test]
async fn se_05_nobody_ends_a_strangers_session() {
    let app = TestApp::spawn().await;
    let (hanako, taro) = (app.browser_of("hanako").await, app.browser_of("taro").await);
    let identifier = Identifier::parse("hanako");
    let user = app.state.signin.store.find_user_by_identifier(&identifier).await.expect("an answer").expect("a user");
    let session = app.state.signin.store.list_sessions(user.id, app.clock.now()).await.expect("sessions").remove(0);
    let csrf_token = taro.open("/account").await.csrf_token();

    let fields = [("csrf_token".to_owned(), csrf_token), ("session".to_owned(), session.id.to_string())];
    let page = taro.post("/account/sessions/end", &fields).await;

    assert_eq!(page.status, 404, "{page:?}");
    assert!(hanako.is_signed_in().await);
}

#[actix_web::test]
async fn se_03_signing_in_again_ends_the_session_before() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    let before = browser.cookie("jwt").expect("a token");
    let page = browser.open("/login?again=1").await;

    let page = browser.submit(&page, "/login", &[("identifier", "hanako"), ("password", PASSWORD)]).await;

    assert_eq!(page.location(), "/account");
    assert!(browser.is_signed_in().await);
    let thief = app.browser();
    thief.set_cookie(&format!("jwt={before}; Path=/"));
    assert!(!thief.is_signed_in().await);
}

#[actix_web::test]
async fn se_06_a_sensitive_change_long_after_signing_in_asks_to_do_it_again() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    app.clock.advance(std::time::Duration::from_secs(3_600));
    let page = browser.open("/account").await;

    let page = browser.submit(&page, "/account/profile", &[("name", "Hanako"), ("email", "new@example.com")]).await;

    assert_eq!(page.status, 422, "{page:?}");
    let again = page.attributes("a[href^='/login?again']", "href").remove(0);
    assert!(!browser.open(&again).await.attributes("form[action='/login']", "method").is_empty());
}

#[actix_web::test]
async fn se_11_the_session_cookie_is_encrypted_and_its_attempts_expire() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    lab.script("approve");
    let page = browser.open("/login").await;
    let page = browser.submit(&page, "/auth/lab", &[]).await;
    let cookie = browser.cookie("genkan").expect("a cookie").replace("%2F", "/").replace("%3D", "=");
    let plain = STANDARD.decode(&cookie).unwrap_or_default();
    assert!(!String::from_utf8_lossy(&plain).contains("lab"), "{cookie}");
    let back = browser.follow(&page).await.location().to_owned();

    app.clock.advance(std::time::Duration::from_secs(601));
    let page = browser.open(&back).await;

    assert_eq!(browser.follow(&page).await.flash().map(|flash| flash.cause).as_deref(), Some("attempt_expired"));
}

#[actix_web::test]
async fn se_12_signed_in_pages_are_not_kept() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;

    for path in ["/account", "/api/me", "/api/session"] {
        assert_eq!(browser.open(path).await.header("cache-control"), "no-store", "{path}");
    }
}

#[actix_web::test]
async fn si_08_the_log_names_the_client_behind_a_trusted_proxy_only() {
    let trusting = TestApp::with(|config| config.server.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a network")]).await;
    let plain = TestApp::spawn().await;

    for (app, address) in [(&trusting, "203.0.113.7"), (&plain, "127.0.0.1")] {
        let request = app.browser().request(Method::POST, "/login").header("x-forwarded-for", "198.51.100.1, 203.0.113.7");
        let page = Page::read(request.form(&[("identifier", "hanako")])).await;
        let lines = logs::with("request", page.header("x-request-id"));
        assert_eq!(lines[0].field("address"), address, "{lines:?}");
    }
}

#[actix_web::test]
async fn the_language_is_the_persons_choice_then_the_browsers() {
    let app = TestApp::spawn().await;
    let browser = app.browser();

    let page = Page::read(browser.request(Method::GET, "/login").header("accept-language", "ja,en;q=0.5")).await;
    assert_eq!((page.header("content-language"), page.attributes("html", "lang")), ("ja", vec!["ja".to_owned()]));
    let page = browser.submit(&page, "/language", &[("language", "en"), ("return_to", "/login?return_to=%2Faccount")]).await;

    assert_eq!(page.location(), "/login?return_to=%2Faccount");
    let page = Page::read(browser.request(Method::GET, "/login").header("accept-language", "ja")).await;
    assert_eq!(page.header("content-language"), "en");
    assert!(page.header("vary").contains("Accept-Language"));
}
