//! What goes on just now, at the top of the overview and on the provider's page.

use chrono::TimeDelta;
use genkan::domain::ids::RowId;
use genkan::lab::{Answer, Endpoint, Lab};
use genkan::ops::alarm::Kind;
use genkan::store::incidents::IncidentRow;
use genkan::store::outbox::NewMail;

use super::fail;
use crate::support::app::TestApp;
use crate::support::browser::Page;
use crate::support::trip::Trip;

/// Lets the provider fail until people are told; its own probes find the same.
async fn break_down(app: &TestApp, lab: &Lab) {
    lab.set_answer(Endpoint::Token, Some(Answer::json(503, "{}")));
    for _ in 0..5 {
        let browser = app.browser();
        let back = Trip::begin(&browser, "lab", "").await.answer("approve", "ben").await;
        browser.follow(&back.open().await).await;
    }
    app.patrol.tick().await;
}

/// Raises an incident past the patrol, so that only its telling is tried; returns its name.
async fn raise(app: &TestApp, kind: Kind, provider: &str, subject: &str) -> RowId {
    let (id, now) = (RowId::new(&app.clock), app.clock.now());
    let incident = IncidentRow {
        id,
        kind: kind.as_str().to_owned(),
        provider: provider.to_owned(),
        subject: subject.to_owned(),
        failures: 7,
        opened_at: now,
        seen_at: now,
        resolved_at: None,
        expires_at: now + TimeDelta::days(30),
    };
    let key = format!("{}/{provider}/{subject}", kind.as_str());
    assert!(app.state.signin.store.raise_incident(incident, key).await.expect("a database"));
    id
}

fn count(page: &Page, words: &str) -> usize {
    page.text.matches(words).count()
}

#[actix_web::test]
async fn a_calm_day_is_said_in_a_line() {
    let (app, _lab) = TestApp::with_lab().await;
    let operator = app.operator("hanako").await;

    let page = operator.open("/ops").await;

    assert!(page.text.contains("Nothing: no incident, and no provider is in trouble."), "{page:?}");
    assert_eq!(page.attributes(".incident", "class"), Vec::<String>::new());
    let provider = operator.open("/ops/providers/lab").await;
    assert!(provider.text.contains("nothing: it works"), "{provider:?}");
}

#[actix_web::test]
async fn an_outage_stands_at_the_top_with_what_people_are_told() {
    let (app, lab) = TestApp::with_lab().await;
    let operator = app.operator("hanako").await;
    break_down(&app, &lab).await;

    let (overview, list, provider) =
        (operator.open("/ops").await, operator.open("/ops/providers").await, operator.open("/ops/providers/lab").await);

    assert_eq!(count(&overview, "Lab is in trouble"), 1, "told once, by its incident: {overview:?}");
    assert!(overview.text.find("Lab is in trouble") < overview.text.find("class=\"tiles\""), "before every number");
    for page in [&overview, &list, &provider] {
        assert_eq!(count(page, "<span class=\"badge trouble\">in trouble</span>"), 1, "{page:?}");
    }
    assert!(provider.text.contains("that it is in trouble<br>") && provider.text.contains("since 20 Nov 2026"), "{provider:?}");
    assert!(overview.attributes(".leads a", "href").contains(&"/ops/failures?provider=lab&category=idp_outage".to_owned()), "{overview:?}");
}

#[actix_web::test]
async fn every_kind_of_incident_says_what_to_do_and_where_to_look() {
    let (app, _lab) = TestApp::with_lab().await;
    let operator = app.operator("hanako").await;
    for kind in Kind::ALL {
        raise(&app, kind, "lab", if kind == Kind::Other { "token_refused at token flux" } else { "" }).await;
    }

    let page = operator.open("/ops").await;

    assert_eq!(page.attributes(".incident", "class").len(), Kind::ALL.len(), "{page:?}");
    let leads = page.attributes(".leads a", "href");
    assert!(leads.contains(&"/ops/failures?provider=lab&cause=token_refused".to_owned()), "{leads:?}");
    for lead in leads {
        assert_eq!(operator.open(&lead).await.status, 200, "{lead}");
    }
}

#[actix_web::test]
async fn an_incident_that_is_over_leaves_the_overview_and_stays_with_its_provider_for_a_week() {
    let (app, _lab) = TestApp::with_lab().await;
    let operator = app.operator("hanako").await;
    let id = raise(&app, Kind::LostAttempts, "lab", "").await;
    raise(&app, Kind::IdpOutage, "elsewhere", "").await;

    assert!(app.state.signin.store.resolve_incident(id, app.clock.now()).await.expect("a database"));

    let (overview, provider) = (operator.open("/ops").await, operator.open("/ops/providers/lab").await);
    assert!(!overview.text.contains("attempts begin and never end"), "{overview:?}");
    assert_eq!(count(&overview, "elsewhere is in trouble"), 1, "one that is configured no more keeps its id: {overview:?}");
    assert!(provider.text.contains("attempts begin and never end"), "{provider:?}");
    assert_eq!(provider.attributes(".incident", "class"), ["incident browser_environment over"]);
}

#[actix_web::test]
async fn letters_that_were_given_up_are_told() {
    let (app, _lab) = TestApp::with_lab().await;
    let operator = app.operator("hanako").await;
    let (store, now) = (&app.state.signin.store, app.clock.now());
    let id = RowId::new(&app.clock);
    store.insert_mail(NewMail { id, sealed: "sealed".to_owned(), now, expires_at: now + TimeDelta::days(2) }).await.expect("a letter");
    assert!(!operator.open("/ops").await.text.contains("Letters given up"), "one that waits is none");

    store.return_mail(id, None, now).await.expect("the letter is dead");

    let page = operator.open("/ops").await;
    assert!(page.text.contains("Letters given up: 1") && page.text.contains("mail_dead"), "{page:?}");
}

#[actix_web::test]
async fn every_page_has_the_box_that_leads_from_a_reference_to_its_story() {
    let (app, _lab) = TestApp::with_lab().await;
    let reference = fail(&app, "wrong_nonce").await;
    let operator = app.operator("hanako").await;
    let typed = reference.to_lowercase().replace('-', "%20");

    for section in
        ["", "/failures", "/inbox", "/providers", "/rules", "/users", "/sessions", "/audit", "/providers/lab", "/failures/AAAA-AAAA"]
    {
        let page = operator.open(&format!("/ops{section}")).await;
        assert_eq!(page.attributes("form.find", "action"), ["/ops/failures"], "{section}: {page:?}");
        assert_eq!(page.attributes("form.find input", "name"), ["reference"], "{section}");
    }
    let answer = operator.open(&format!("/ops/failures?reference={typed}")).await;
    assert_eq!(answer.location(), format!("/ops/failures/{reference}"));
}

#[actix_web::test]
async fn a_reference_leads_an_operator_to_its_story_and_nobody_else() {
    let (app, _lab) = TestApp::with_lab().await;
    for (browser, is_operator) in [(app.operator("hanako").await, true), (app.browser_of("taro").await, false), (app.browser(), false)] {
        let back = Trip::begin(&browser, "lab", "").await.answer("wrong_nonce", "ben").await;

        let page = browser.follow(&back.open().await).await;

        let reference = page.flash().expect("a flash").reference;
        let story = format!("/ops/failures/{reference}");
        let leads = page.attributes(".reference a", "href");
        assert_eq!(leads, if is_operator { vec![story] } else { Vec::new() }, "{page:?}");
    }
}
