//! What operators do for and to people, and that it is kept.

use std::time::Duration;

use super::press;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Page, TestBrowser};
use crate::support::logs;

/// Opens the page of the one user that a search finds.
async fn find(operator: &TestBrowser, query: &str) -> (String, Page) {
    let list = operator.open(&format!("/ops/users?q={query}")).await;
    let mut links = list.attributes(".cards .row-name a", "href");
    assert_eq!(links.len(), 1, "{query}: {list:?}");
    let path = links.remove(0);
    let page = operator.open(&path).await;
    assert_eq!(page.status, 200, "{page:?}");
    (path, page)
}

#[actix_web::test]
async fn users_are_found_by_name_address_and_id() {
    let app = TestApp::spawn().await;
    let operator = app.operator("hanako").await;
    for name in ["ben", "benjamin"] {
        app.browser_of(name).await;
    }

    let (path, page) = find(&operator, "benj").await;
    assert!(page.text.contains("benjamin@example.com"), "{page:?}");
    for query in ["BENJAMIN", "benjamin%40example.com", "+benjamin+", path.trim_start_matches("/ops/users/")] {
        assert_eq!(find(&operator, query).await.0, path, "{query}");
    }
    let links = async |query: &str| operator.open(&format!("/ops/users?q={query}")).await.attributes(".cards .row-name a", "href").len();
    assert_eq!((links("").await, links("ben").await, links("be%25").await, links("nobody").await), (3, 2, 0, 0));
}

#[actix_web::test]
async fn se_05_operators_end_one_session_all_of_a_user_or_all_there_are() {
    let app = TestApp::spawn().await;
    let operator = app.operator("hanako").await;
    let (first, second, other) = (app.browser_of("ben").await, app.browser(), app.browser_of("akari").await);
    second.sign_in("ben", PASSWORD).await;
    let (path, page) = find(&operator, "ben").await;

    let sessions = page.attributes("input[name=session]", "value");
    assert_eq!(sessions.len(), 2);
    let user = path.trim_start_matches("/ops/users/");
    let ended = press(&operator, &page, "/ops/sessions/end", &[("user", user), ("session", &sessions[0])]).await;
    assert_eq!(ended.location(), "/ops/sessions");
    assert!(operator.follow(&ended).await.text.contains("It is kept in the audit"));
    assert_eq!([first.is_signed_in().await, second.is_signed_in().await].iter().filter(|is| **is).count(), 1);
    assert_eq!(press(&operator, &page, "/ops/sessions/end", &[("user", user), ("session", &sessions[0])]).await.status, 404);

    assert_eq!(press(&operator, &page, &format!("{path}/sign-out"), &[]).await.location(), path);
    assert!(!first.is_signed_in().await && !second.is_signed_in().await && other.is_signed_in().await);

    assert_eq!(press(&operator, &page, "/ops/sessions/end-all", &[]).await.location(), "/ops/sessions");
    assert!(!other.is_signed_in().await && operator.is_signed_in().await);
}

#[actix_web::test]
async fn si_02_a_user_who_is_shut_out_stays_out_until_let_in_and_operators_cannot_shut_themselves_out() {
    let app = TestApp::spawn().await;
    let operator = app.operator("hanako").await;
    let browser = app.browser_of("ben").await;
    let (path, page) = find(&operator, "ben").await;

    assert_eq!(press(&operator, &page, &format!("{path}/disable"), &[]).await.location(), path);
    assert!(!browser.is_signed_in().await);
    assert_eq!(browser.sign_in("ben", PASSWORD).await.status, 422);
    assert!(operator.open(&path).await.text.contains("Let in again"));
    assert_eq!(press(&operator, &page, &format!("{path}/enable"), &[]).await.location(), path);
    assert_eq!(browser.sign_in("ben", PASSWORD).await.status, 303);

    let (own, page) = find(&operator, "hanako").await;
    assert!(page.attributes(&format!("form[action='{own}/disable']"), "action").is_empty());
    assert_eq!(press(&operator, &page, &format!("{own}/disable"), &[]).await.status, 400);
    assert!(operator.is_signed_in().await);
}

#[actix_web::test]
async fn rs_05_an_operator_starts_a_reset_and_sees_no_password() {
    let app = TestApp::spawn().await;
    let operator = app.operator("hanako").await;
    let browser = app.browser_of("ben").await;
    let (path, page) = find(&operator, "ben").await;
    assert!(page.attributes("input[type=password]", "name").is_empty());

    let made = press(&operator, &page, &format!("{path}/reset-link"), &[]).await;

    assert_eq!((made.status, made.header("cache-control")), (200, "no-store"));
    let link = made.text.split("<code class=\"whole\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a link").to_owned();
    let token = link.rsplit('/').next().expect("a token");
    assert!(link.contains("/reset/") && !operator.open(&path).await.text.contains(token), "it is shown once");
    assert!(!logs::all_text().contains(token) && !operator.open("/ops/audit").await.text.contains(token));
    let form = browser.open(&format!("/reset/{token}")).await;
    let set = browser.submit(&form, &format!("/reset/{token}"), &[("password", "a wholly new one of theirs")]).await;
    assert_eq!(set.status, 303, "{set:?}");
    assert_eq!(app.browser().sign_in("ben", "a wholly new one of theirs").await.status, 303);
}

#[actix_web::test]
async fn lg_09_whatever_operators_do_stands_in_the_audit_with_who_what_and_when() {
    let app = TestApp::spawn().await;
    let operator = app.operator("hanako").await;
    app.browser_of("ben").await;
    let (path, page) = find(&operator, "ben").await;
    let user = path.trim_start_matches("/ops/users/");

    for act in ["disable", "enable", "sign-out", "reset-link"] {
        press(&operator, &page, &format!("{path}/{act}"), &[]).await;
        app.clock.advance(Duration::from_secs(1));
    }
    press(&operator, &page, "/ops/sessions/end-all", &[]).await;

    let audit = operator.open("/ops/audit").await;
    let told = ["Signed everybody out", "Made a link", "Signed a user out", "Let a user in", "Shut a user out"];
    let places: Vec<_> = told.iter().map(|words| audit.text.find(words).unwrap_or_else(|| panic!("no {words}: {audit:?}"))).collect();
    assert!(places.is_sorted(), "the newest first: {audit:?}");
    assert!(audit.text.contains("20 Nov 2026, 12:00 UTC") && audit.text.contains(&path), "{audit:?}");
    let lines: Vec<_> = logs::with("subject", user).into_iter().map(|line| line.field("act").to_owned()).collect();
    assert_eq!(lines, ["user_disabled", "user_enabled", "user_signed_out", "reset_link_made"]);
    assert!(logs::with("subject", user).iter().all(|line| !line.field("operator").is_empty() && !line.field("request").is_empty()));
}
