//! The catalogue of failures: nothing that somebody filters or counts by disappears.

use genkan::signin::failure::Cause;

use crate::support::app::TestApp;

/// Every name that was ever told to anybody, in alphabetical order. Add; never take away.
const TOLD: &str = include_str!("causes.txt");

#[test]
fn no_cause_disappears_and_every_new_one_is_noted() {
    let mut causes: Vec<&str> = Cause::ALL.iter().map(|cause| cause.as_str()).collect();
    causes.sort_unstable();

    assert_eq!(TOLD.lines().collect::<Vec<_>>(), causes, "left: tests/it/docs/causes.txt, right: the code");
}

#[actix_web::test]
async fn programs_read_the_catalogue_without_a_session() {
    let app = TestApp::spawn().await;

    let page = app.browser().open("/.well-known/genkan-failures").await;

    assert_eq!((page.status, page.header("cache-control")), (200, "public, max-age=3600"), "{page:?}");
    assert!(page.set_cookies().is_empty(), "{page:?}");
    let catalogue = page.json();
    let causes = catalogue["causes"].as_array().expect("causes");
    let timeout = causes.iter().find(|entry| entry["cause"] == "token_timeout").expect("a cause");
    assert_eq!(causes.len(), Cause::ALL.len());
    assert_eq!((&timeout["category"], &timeout["level"], &timeout["retryable"]), (&"idp_outage".into(), &"warn".into(), &true.into()));
    assert_eq!(timeout["elsewhere"]["python_social_auth_7"][0], "timeout");
}
