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
    let mut all = all.as_array().into_iter().flatten();
    assert!(all.any(|failure| failure["reference"] == *reference && failure["genuine"] == true));
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

#[actix_web::test]
async fn a_rule_is_tried_added_listed_exported_and_ended_by_commands() {
    let place = Place::new();
    let url = format!("sqlite:{}", place.path().join("genkan.db").display());
    let (app, _lab) = TestApp::with_lab_and(|config| config.database.url = url.into()).await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("invalid_request", "someone").await;
    let reference = browser.follow(&back.open().await).await.flash().expect("a flash").reference;
    app.state.signin.watch.recorder.write_out(&app.state.signin.store).await.expect("the record is written");

    let inbox = place.succeed(&["failures", "inbox", "--since", "3650d"]);
    assert!(inbox.contains("lab/token/token_refused/invalid_request") && inbox.contains(&reference), "{inbox}");
    let about = ["--provider", "lab", "--stage", "token", "--error", "invalid_request", "--category", "idp_outage", "--since", "3650d"];
    let trial = place.succeed(&[&["rules", "try"], &about[..]].concat());
    assert!(trial.contains("1 of 1 recorded failures") && trial.contains(&reference), "{trial}");
    assert_eq!(place.succeed(&["rules", "list"]).trim(), "There are no rules.");
    place.succeed(&[&["rules", "add", "--note", "theirs", "--by", "hanako"], &about[..]].concat());
    let rules: Value = serde_json::from_str(&place.succeed(&["rules", "list", "--json"])).expect("JSON");
    let id = rules[0]["id"].as_str().expect("a name");
    assert_eq!((rules[0]["made_by"].as_str(), rules[0]["category"].as_str()), (Some("hanako"), Some("idp_outage")));
    let dialect = place.succeed(&["rules", "export", id]);
    assert!(dialect.contains("[[dialect]]") && dialect.contains("cause = \"token_server_error\""), "{dialect}");
    place.succeed(&["rules", "end", id]);
    assert!(place.fail(1, &["rules", "end", id]).contains("no rule of that name holds"));
    assert!(place.succeed(&["rules", "list", "--all"]).contains("ended by command line"));
}

#[test]
fn a_rule_that_would_hide_something_is_refused() {
    let place = Place::new();
    place.succeed(&["migrate"]);

    let refused = place.fail(2, &["rules", "add", "--cause", "nonce_mismatch", "--category", "user_cancelled"]);
    assert!(refused.contains("refused security check"), "{refused}");
    assert!(place.fail(2, &["rules", "add", "--provider", "lab", "--category", "idp_outage"]).contains("name a cause or an error code"));
    assert!(place.fail(2, &["rules", "level", "--cause", "state_unknown", "--level", "debug"]).contains("more quietly"));
    assert!(place.succeed(&["rules", "level", "--cause", "token_timeout", "--level", "info"]).contains("holds on every replica"));
    assert!(place.succeed(&["rules", "list"]).contains("cause=token_timeout → level info"));
}
