//! Who gets to the operators' pages, and by what.

use std::time::Duration;

use reqwest::Method;

use super::{fail, press};
use crate::support::app::TestApp;
use crate::support::browser::Page;

const PAGES: [&str; 14] = [
    "/ops/inbox",
    "/ops/inbox/try?cause=token_refused&category=idp_outage",
    "/ops/rules",
    "/ops",
    "/ops/failures",
    "/ops/failures.csv",
    "/ops/failures/K7Q2-9F3M",
    "/ops/providers",
    "/ops/providers/lab",
    "/ops/users",
    "/ops/users/01a1fc29-9e56-71fe-9aa9-d51a48e1eae6",
    "/ops/sessions",
    "/ops/audit",
    "/ops?range=week",
];

const FORMS: [&str; 10] = [
    "/ops/rules",
    "/ops/rules/level",
    "/ops/rules/end",
    "/ops/providers/lab/check",
    "/ops/users/01a1fc29-9e56-71fe-9aa9-d51a48e1eae6/disable",
    "/ops/users/01a1fc29-9e56-71fe-9aa9-d51a48e1eae6/enable",
    "/ops/users/01a1fc29-9e56-71fe-9aa9-d51a48e1eae6/sign-out",
    "/ops/users/01a1fc29-9e56-71fe-9aa9-d51a48e1eae6/reset-link",
    "/ops/sessions/end",
    "/ops/sessions/end-all",
];

#[actix_web::test]
async fn lg_09_nobody_but_operators_gets_to_an_operators_page() {
    let (app, _lab) = TestApp::with_lab().await;
    fail(&app, "status_503").await;
    let (nobody, person) = (app.browser(), app.browser_of("hanako").await);
    let account = person.open("/account").await;

    for path in PAGES {
        let back = nobody.open(path).await;
        let encoded: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        assert_eq!(back.location(), format!("/login?return_to={encoded}"), "{path}");
        let page = person.open(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(!page.text.contains("ops"), "{path} tells that it is there: {page:?}");
    }
    for path in FORMS {
        assert_eq!(press(&person, &account, path, &[]).await.status, 404, "{path}");
        assert_eq!(press(&nobody, &nobody.open("/login").await, path, &[]).await.location(), "/login?return_to=%2Fops", "{path}");
    }
    assert!(person.is_signed_in().await, "nothing was ended");
}

#[actix_web::test]
async fn lg_09_operators_get_to_all_of_them_until_they_are_none_any_more() {
    let (app, _lab) = TestApp::with_lab().await;
    let reference = fail(&app, "status_503").await;
    let operator = app.operator("hanako").await;
    let story = format!("/ops/failures/{reference}");

    for path in PAGES.into_iter().filter(|path| !path.contains("K7Q2") && !path.contains("01a1")).chain([story.as_str()]) {
        assert_eq!(operator.open(path).await.status, 200, "{path}");
    }
    for path in [
        "/ops/failures/K7Q2-9F3M",
        "/ops/users/01a1fc29-9e56-71fe-9aa9-d51a48e1eae6",
        "/ops/providers/none",
        "/ops/none",
        "/ops/failures/none",
    ] {
        assert_eq!(operator.open(path).await.status, 404, "{path}");
    }
    app.execute("UPDATE users SET is_operator = 0");
    app.clock.advance(Duration::from_secs(1));
    assert_eq!(operator.open("/ops").await.status, 404);
}

#[actix_web::test]
async fn se_06_operators_sign_in_once_more_when_their_sign_in_is_not_fresh() {
    let (app, _lab) = TestApp::with_lab().await;
    let operator = app.operator("hanako").await;
    let page = operator.open("/ops/sessions").await;

    app.clock.advance(Duration::from_secs(601));

    let sent = operator.open("/ops/failures?category=other").await;
    assert_eq!(sent.location(), "/login?again=1&return_to=%2Fops%2Ffailures%3Fcategory%3Dother");
    let again = operator.follow(&sent).await;
    assert!(again.text.contains("Sign in once more"), "{again:?}");
    assert_eq!(press(&operator, &page, "/ops/sessions/end-all", &[]).await.location(), "/login?again=1&return_to=%2Fops");
    let fields = [("identifier", "hanako"), ("password", crate::support::app::PASSWORD)];
    let back = operator.submit(&again, "/login", &fields).await;
    assert_eq!(back.location(), "/ops/failures?category=other");
    assert_eq!(operator.follow(&back).await.status, 200);
}

#[actix_web::test]
async fn wb_01_wb_02_no_operators_form_works_without_its_token_or_by_get() {
    let (app, _lab) = TestApp::with_lab().await;
    let (operator, other) = (app.operator("hanako").await, app.browser_of("ben").await);

    for path in FORMS {
        let is_page = path == "/ops/rules";
        assert_eq!(operator.open(path).await.status, if is_page { 200 } else { 405 }, "{path}");
        let without = operator.post(path, &[]).await;
        assert!([303, 404].contains(&without.status), "{path}: {without:?}");
        let foreign = operator.request(Method::POST, path).header("origin", "https://evil.example").form(&[("csrf_token", "x")]);
        assert!([403, 404].contains(&Page::read(foreign).await.status), "{path}");
    }
    assert!(other.is_signed_in().await, "nothing was ended");
    assert!(!operator.open("/ops/audit").await.text.contains("Signed everybody out"));
}

#[actix_web::test]
async fn wb_04_operators_pages_are_kept_by_nobody_and_found_by_no_robot() {
    let (app, _lab) = TestApp::with_lab().await;
    fail(&app, "status_503").await;
    let operator = app.operator("hanako").await;

    for path in ["/ops", "/ops/failures", "/ops/providers/lab", "/ops/users", "/ops/sessions", "/ops/audit"] {
        let page = operator.open(path).await;
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert!(page.header("content-security-policy").contains("script-src 'none'"), "{path}");
        assert_eq!(page.attributes("meta[name=robots]", "content"), ["noindex, nofollow"], "{path}");
        assert!(page.attributes("script, style, [style]", "class").is_empty() && !page.text.contains("<script"), "{path}");
    }
}
