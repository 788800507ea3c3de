//! `genkan failures` and `genkan explain REFERENCE`, while a server runs on the same database.

use serde_json::Value;

use super::place::Place;
use crate::support::app::TestApp;
use crate::support::trip::Trip;

/// A server whose database the commands of the place find, with one cancel and one outage.
async fn with_failures() -> (Place, TestApp, String) {
    let place = Place::new();
    let url = format!("sqlite:{}", place.path().join("genkan.db").display());
    let (app, _lab) = TestApp::with_lab_and(|config| config.database.url = url.into()).await;
    let browser = app.browser();
    for case in ["cancel", "status_503"] {
        let back = Trip::begin(&browser, "lab", "").await.answer(case, "someone").await;
        let page = browser.follow(&back.open().await).await;
        if case == "status_503" {
            app.state.signin.watch.recorder.write_out(&app.state.signin.store).await.expect("the record is written");
            return (place, app, page.flash().expect("a flash").reference);
        }
    }
    unreachable!("the last case returns")
}

#[actix_web::test]
async fn failures_are_listed_filtered_and_counted_while_the_server_runs() {
    let (place, _app, reference) = with_failures().await;

    let all: Value = serde_json::from_str(&place.succeed(&["failures", "--since", "3650d", "--json"])).expect("JSON");
    assert_eq!(all.as_array().map(Vec::len), Some(2), "{all}");
    assert_eq!((all[0]["reference"].as_str(), all[0]["genuine"].as_bool()), (Some(reference.as_str()), Some(true)));
    let outages = place.succeed(&["failures", "--since", "3650d", "--category", "idp_outage", "--provider", "lab"]);
    assert!(outages.lines().count() == 2 && outages.contains("token_server_error"), "{outages}");
    assert!(place.succeed(&["failures", "--since", "3650d", "--cause", "token_timeout"]).contains("no such failures"));
    let counts = place.succeed(&["failures", "--since", "3650d", "--count-by", "category"]);
    assert!(counts.contains("1  idp_outage") && counts.contains("1  user_cancelled") && counts.contains("2  in all"), "{counts}");
    let csv = place.succeed(&["failures", "--reference", &reference.to_lowercase(), "--csv"]);
    assert!(csv.starts_with("reference,at,provider") && csv.contains(&format!("\"{reference}\"")) && csv.lines().count() == 2, "{csv}");
}

#[actix_web::test]
async fn a_reference_leads_to_its_story() {
    let (place, _app, reference) = with_failures().await;

    let story = place.succeed(&["explain", &reference.to_lowercase().replace('-', "")]);
    for expected in
        [&reference, "the attempt began", "token      answered", "status 503", "failed: token_server_error at stage token", "What to do:"]
    {
        assert!(story.contains(expected), "{expected}: {story}");
    }
    let json: Value = serde_json::from_str(&place.succeed(&["explain", &reference, "--json"])).expect("JSON");
    assert_eq!((json[0]["cause"].as_str(), json[0]["remedy"].as_str()), (Some("token_server_error"), Some("wait_or_other_method")));
    assert!(json[0]["steps"][0]["http_status"] == 503 && json[0]["began_at"].is_string(), "{json}");
}

#[test]
fn an_unknown_reference_and_a_slip_are_told() {
    let place = Place::new();
    place.succeed(&["migrate"]);

    assert!(place.fail(1, &["explain", "k7q2-9f3m"]).contains("no failure of the last 30 days has the reference K7Q2-9F3M"));
    assert!(place.fail(2, &["failures", "--cause", "token_timout"]).contains("there is no cause token_timout"));
    assert!(place.fail(2, &["failures", "--since", "yesterday"]).contains("--since: write a span"));
    place.fail(2, &["failures", "--category", "outage"]);
}
