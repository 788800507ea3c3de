//! The operators' pages, through real HTTP.

mod access;
mod failures;
mod overview;
mod people;
mod rules;

use chrono::TimeDelta;
use genkan::domain::ids::RowId;
use genkan::store::counts::RecordBatch;
use genkan::store::failures::{Failure, Step, Story};

use crate::support::app::TestApp;
use crate::support::browser::{Page, TestBrowser};
use crate::support::trip::Trip;

/// Lets a sign-in with the lab fail in a browser of its own; returns its reference.
async fn fail(app: &TestApp, case: &str) -> String {
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer(case, "ben").await;
    let landed = browser.follow(&back.open().await).await;
    app.write_record().await;
    landed.flash().unwrap_or_else(|| panic!("no flash: {landed:?}")).reference
}

/// A failure as it is recorded, a second ago.
fn failure(app: &TestApp, reference: &str) -> Failure {
    Failure {
        id: RowId::new(&app.clock),
        reference: reference.to_owned(),
        failed_at: app.clock.now() - TimeDelta::seconds(1),
        provider: Some("lab".to_owned()),
        category: "other".to_owned(),
        cause: "token_refused".to_owned(),
        stage: "token".to_owned(),
        purpose: "sign_in".to_owned(),
        provider_error: Some("flux_low".to_owned()),
        http_status: Some(400),
        attempt: None,
        is_genuine: true,
        rule: None,
        fingerprint: "lab token token_refused flux_low".to_owned(),
        story: Story { duration_ms: 12, request_id: "request-1".to_owned(), steps: vec![Step::default()], ..Story::default() },
    }
}

/// Records failures past the recorder.
async fn record(app: &TestApp, failures: Vec<Failure>) {
    let batch = RecordBatch { failures, expires_at: app.clock.now() + TimeDelta::days(30), ..RecordBatch::default() };
    app.state.signin.store.insert_record(batch).await.expect("the failures are recorded");
}

/// Sends a form of ours that has nothing but its token, whatever page it stands on.
async fn press(browser: &TestBrowser, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
    let mut all = vec![("csrf_token".to_owned(), page.csrf_token())];
    all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.post(action, &all).await
}
