//! The inbox for what nobody has understood, and the rules that come of it.

use super::{fail, failure, press, record};
use crate::support::app::TestApp;

const TRY: &str = "/ops/inbox/try?provider=lab&stage=token&cause=token_refused&code=flux_low&category=browser_environment";

fn fields(category: &str) -> [(&str, &str); 6] {
    let note = ("note", "seen <b>twice</b>");
    [("provider", "lab"), ("stage", "token"), ("cause", "token_refused"), ("code", "flux_low"), ("category", category), note]
}

#[actix_web::test]
async fn a_rule_is_shown_against_the_record_before_it_takes_effect_and_holds_afterwards() {
    let (app, _lab) = TestApp::with_lab().await;
    record(&app, vec![failure(&app, "AAAA-AAAA"), failure(&app, "BBBB-BBBB")]).await;
    let operator = app.operator("hanako").await;

    let inbox = operator.open("/ops/inbox").await;
    assert!(inbox.text.contains("token_refused") && inbox.text.contains("/ops/failures/AAAA-AAAA"), "{inbox:?}");
    let trial = operator.open(TRY).await;
    assert!(trial.text.contains("It would have moved 2 failures.") && trial.text.contains("BBBB-BBBB"), "{trial:?}");
    assert!(operator.open("/ops/rules").await.text.contains("There is no rule"), "a trial changes nothing");

    let made = press(&operator, &trial, "/ops/rules", &fields("browser_environment")).await;

    let rules = operator.follow(&made).await;
    assert!(rules.text.contains("lab · token · token_refused · flux_low → Browser"), "{rules:?}");
    assert!(rules.text.contains("[[dialect]]") && rules.text.contains("seen &#60;b&#62;twice"), "{rules:?}");
    assert_eq!(operator.open("/ops/failures?category=other").await.attributes(".cards .row-name a", "href").len(), 2, "history stays");
    let id = rules.attributes("input[name=rule]", "value").remove(0);
    let ended = press(&operator, &rules, "/ops/rules/end", &[("rule", &id)]).await;
    assert!(operator.follow(&ended).await.text.contains("Ended: hanako"));
    assert_eq!(press(&operator, &rules, "/ops/rules/end", &[("rule", &id)]).await.status, 404);
    let audit = operator.open("/ops/audit").await.text;
    assert!(audit.contains("Made a rule") && audit.contains("Ended a rule"));
}

#[actix_web::test]
async fn a_rule_of_the_pages_moves_the_next_failure_of_its_kind() {
    let (app, _lab) = TestApp::with_lab().await;
    let before = fail(&app, "invalid_client").await;
    let operator = app.operator("hanako").await;
    let story = operator.open(&format!("/ops/failures/{before}")).await;
    assert!(story.text.contains("client_refused") && story.text.contains("Other"), "{story:?}");

    let fields = [("cause", "client_refused"), ("category", "idp_outage")];
    assert_eq!(press(&operator, &story, "/ops/rules", &fields).await.location(), "/ops/rules");
    let after = fail(&app, "invalid_client").await;

    let found = operator.open("/ops/failures?category=idp_outage").await;
    assert_eq!(found.attributes(".cards .row-name a", "href"), [format!("/ops/failures/{after}")]);
    let story = operator.open(&format!("/ops/failures/{after}")).await;
    assert!(story.text.contains("by a rule") && story.text.contains("Lab is having trouble"), "as the person was told: {story:?}");
}

#[actix_web::test]
async fn lg_06_no_rule_hides_a_refused_security_check_or_everything_at_once() {
    let (app, _lab) = TestApp::with_lab().await;
    fail(&app, "wrong_nonce").await;
    let operator = app.operator("hanako").await;
    let inbox = operator.open("/ops/inbox").await;
    assert!(inbox.text.contains("nonce_mismatch") && inbox.text.contains("no rule moves it"), "{inbox:?}");
    assert!(inbox.attributes("form[action='/ops/inbox/try']", "action").is_empty(), "{inbox:?}");

    for (query, words) in [
        ("cause=nonce_mismatch&category=user_cancelled", "refused security check"),
        ("provider=lab&category=user_cancelled", "name a cause"),
        ("cause=token_refused&category=other", "so without a rule"),
    ] {
        let trial = operator.open(&format!("/ops/inbox/try?{query}")).await;
        assert!(trial.status == 200 && trial.text.contains(words), "{query}: {trial:?}");
        assert!(trial.attributes("form[action='/ops/rules']", "action").is_empty(), "{query}");
        let fields: Vec<_> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let refused = press(&operator, &inbox, "/ops/rules", &fields).await;
        assert!(refused.status == 422 && refused.text.contains(words), "{query}: {refused:?}");
    }
    for broken in ["category=none", "cause=weather&category=other", ""] {
        assert_eq!(operator.open(&format!("/ops/inbox/try?{broken}")).await.status, 400, "{broken}");
    }
    assert!(operator.open("/ops/rules").await.text.contains("There is no rule"));
}

#[actix_web::test]
async fn levels_are_the_operators_but_never_quieter_for_a_refused_check() {
    let (app, _lab) = TestApp::with_lab().await;
    let operator = app.operator("hanako").await;
    let page = operator.open("/ops/rules").await;

    let set = press(&operator, &page, "/ops/rules/level", &[("target", "idp_outage"), ("level", "error")]).await;
    let refused = press(&operator, &page, "/ops/rules/level", &[("target", "nonce_mismatch"), ("level", "debug")]).await;

    let rules = operator.follow(&set).await;
    assert!(rules.text.contains("idp_outage → logged at error"), "{rules:?}");
    assert!(refused.status == 422 && refused.text.contains("cannot be logged more quietly"), "{refused:?}");
    let reference = fail(&app, "status_503").await;
    assert_eq!(crate::support::logs::with("reference", &reference)[0].level, log::Level::Error);
}
