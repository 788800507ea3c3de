//! Every case of the lab through the real routes: what it is called, what the
//! person sees, what the log says, and what does not change.

use futures_util::future::join_all;
use genkan::lab::{Case, Expectation, Lab, case};
use genkan::signin::failure::Category::{self, BrowserEnvironment, IdpOutage, Other, UserCancelled};
use genkan::signin::failure::Cause;

use super::support::app::TestApp;
use super::support::browser::TestBrowser;
use super::support::trip::{Back, Trip, assert_unlogged, expect_failure};

/// Case, cause and stage, in the lab's order; a case that is not here signs in.
const CAUSES: [(&str, &str, &str); 55] = [
    ("cancel", "consent_denied", "authorization"),
    ("no_state", "state_missing", "callback"),
    ("wrong_state", "state_unknown", "callback"),
    ("other_browser", "cookie_missing", "callback"),
    ("query_lost", "query_missing", "callback"),
    ("code_lost", "code_missing", "authorization"),
    ("server_error", "authorization_server_error", "authorization"),
    ("temporarily_unavailable", "authorization_unavailable", "authorization"),
    ("invalid_scope", "authorization_refused", "authorization"),
    ("login_required", "interaction_required", "authorization"),
    ("unknown_error", "authorization_refused", "authorization"),
    ("code_and_error", "response_contradictory", "authorization"),
    ("code_twice", "parameter_repeated", "callback"),
    ("other_issuer", "issuer_mismatch", "callback"),
    ("no_issuer", "issuer_missing", "callback"),
    ("spent_code", "code_unusable", "token"),
    ("slow", "token_timeout", "token"),
    ("drip", "token_timeout", "token"),
    ("down", "token_connection_lost", "token"),
    ("truncated", "token_connection_lost", "token"),
    ("not_http", "token_connection_lost", "token"),
    ("html", "token_unreadable", "token"),
    ("half_json", "token_unreadable", "token"),
    ("empty", "token_unreadable", "token"),
    ("status_500", "token_server_error", "token"),
    ("status_502", "token_server_error", "token"),
    ("status_503", "token_server_error", "token"),
    ("status_429", "token_rate_limited", "token"),
    ("token_server_error", "token_server_error", "token"),
    ("invalid_grant", "code_unusable", "token"),
    ("invalid_client", "client_refused", "token"),
    ("invalid_request", "token_refused", "token"),
    ("error_200", "client_refused", "token"),
    ("no_access_token", "token_malformed", "token"),
    ("redirect", "answer_unexpected", "token"),
    ("wrong_nonce", "nonce_mismatch", "profile"),
    ("no_nonce", "nonce_missing", "profile"),
    ("wrong_audience", "id_token_audience_mismatch", "profile"),
    ("wrong_issuer", "id_token_issuer_mismatch", "profile"),
    ("expired", "id_token_expired", "profile"),
    ("from_future", "id_token_from_future", "profile"),
    ("bad_signature", "id_token_signature_invalid", "profile"),
    ("unknown_key", "id_token_key_unknown", "profile"),
    ("unsigned", "id_token_algorithm_unexpected", "profile"),
    ("no_id_token", "id_token_missing", "token"),
    ("no_sub", "subject_missing", "profile"),
    ("wrong_at_hash", "id_token_hash_mismatch", "profile"),
    ("wrong_azp", "id_token_audience_mismatch", "profile"),
    ("other_subject", "subject_mismatch", "profile"),
    ("profile_no_sub", "subject_missing", "profile"),
    ("profile_401", "profile_token_refused", "profile"),
    ("profile_500", "profile_server_error", "profile"),
    ("profile_html", "profile_unreadable", "profile"),
    ("profile_slow", "profile_timeout", "profile"),
    ("profile_down", "profile_connection_lost", "profile"),
];
/// The cases that take as long as we wait.
const STALLS: [&str; 3] = ["slow", "drip", "profile_slow"];

/// One run of a case in a browser of its own.
struct Run {
    case: &'static Case,
    browser: TestBrowser,
    /// Where the answer is opened, if not there.
    other: Option<TestBrowser>,
    is_signed_in: bool,
}

impl Run {
    /// Prepares a run; `token` is that of somebody who is signed in already.
    fn new(app: &TestApp, case: &'static Case, token: Option<&str>) -> Self {
        let open = || {
            let browser = app.browser();
            if let Some(token) = token {
                browser.set_cookie(&format!("jwt={token}; Path=/"));
            }
            browser
        };
        let other = (case.name == "other_browser").then(open);
        Self { case, browser: open(), other, is_signed_in: token.is_some() }
    }

    /// Goes there and back, and returns what must never be read again.
    async fn walk(&self, lab: &Lab) -> Vec<String> {
        let trip = Trip::begin(&self.browser, "lab", "").await;
        let sub = format!("{}-{}", self.case.name, self.is_signed_in);
        let back = trip.answer(self.case.name, &sub).await;
        match CAUSES.iter().find(|(name, ..)| *name == self.case.name) {
            Some((_, cause, stage)) => self.fail(lab, &back, cause, stage).await,
            None => self.succeed(lab, &back).await,
        }
        back.secrets()
    }

    async fn succeed(&self, lab: &Lab, back: &Back<'_>) {
        let name = self.case.name;
        assert_eq!(self.case.expects, Expectation::SignedIn, "{name} is not in the table");
        assert_eq!(back.open().await.location(), "/account", "{name}");
        let page = self.browser.open("/account").await;
        assert_eq!((page.status, page.flash(), back.times_sent(lab)), (200, None, 1), "{name}");
        back.assert_discreet(&page);
    }

    async fn fail(&self, lab: &Lab, back: &Back<'_>, cause: &str, stage: &str) {
        let name = self.case.name;
        let browser = self.other.as_ref().unwrap_or(&self.browser);
        let cause = Cause::from_name(cause).expect("a cause");
        assert_eq!(Some(cause.category()), category(self.case.expects), "{name}");
        let answer = browser.open(&back.url).await;
        assert!(answer.location().starts_with("/login"), "{name}: {answer:?}");
        let told = expect_failure(browser, &answer, cause, stage).await;
        assert_eq!((told.line.field("provider"), told.line.field("purpose")), ("lab", "sign_in"), "{name}");
        back.assert_discreet(&told.page);
        assert_eq!(browser.is_signed_in().await, self.is_signed_in, "{name}");
        let is_sent = !matches!(stage, "callback" | "authorization");
        assert_eq!(back.times_sent(lab), usize::from(is_sent), "{name}");
        self.come_again(lab, browser, back).await;
    }

    /// Reloads the answer itself: no second exchange, nobody signed in by it.
    async fn come_again(&self, lab: &Lab, browser: &TestBrowser, back: &Back<'_>) {
        let sent = back.times_sent(lab);
        let again = browser.open(&back.url).await;
        assert!(browser.follow(&again).await.flash().is_some(), "{}: {again:?}", self.case.name);
        assert_eq!(back.times_sent(lab), sent, "{}", self.case.name);
        assert_eq!(browser.is_signed_in().await, self.is_signed_in, "{}", self.case.name);
    }
}

fn category(expected: Expectation) -> Option<Category> {
    match expected {
        Expectation::SignedIn => None,
        Expectation::Cancelled => Some(UserCancelled),
        Expectation::Browser => Some(BrowserEnvironment),
        Expectation::Outage => Some(IdpOutage),
        Expectation::Other => Some(Other),
    }
}

/// Walks every case of a kind, signed out and signed in, all at once.
async fn walk_all(timeout_secs: u64, is_meant: impl Fn(&Case) -> bool) {
    let (app, lab) = TestApp::with_lab_and(|config| {
        config.http.total_timeout_secs = timeout_secs;
        // All of them write at once, and SQLite lets one after the other: on a busy machine that takes longer than a person waits.
        config.database.wait_timeout_secs = 60;
    })
    .await;
    let token = app.browser_of("hanako").await.cookie("jwt").expect("a token");
    let meant = || case::all().filter(|case| is_meant(case));
    let signed_out = meant().map(|case| Run::new(&app, case, None));
    // A success would end the session that all of them share.
    let signed_in = meant().filter(|case| case.expects != Expectation::SignedIn).map(|case| Run::new(&app, case, Some(&token)));
    let runs: Vec<_> = signed_out.chain(signed_in).collect();

    let secrets = join_all(runs.iter().map(|run| run.walk(&lab))).await.concat();

    assert_unlogged(&secrets);
}

#[actix_web::test]
async fn lg_02_lg_06_every_case_is_told_once_and_changes_nobody() {
    walk_all(8, |case| !STALLS.contains(&case.name)).await;
}

#[actix_web::test]
async fn so_11_lg_06_every_slow_case_ends_in_time_and_is_told_once() {
    walk_all(2, |case| STALLS.contains(&case.name)).await;
}

#[test]
fn every_case_of_the_lab_is_in_the_table() {
    let missing: Vec<_> = case::all()
        .filter(|case| (case.expects == Expectation::SignedIn) == CAUSES.iter().any(|(name, ..)| *name == case.name))
        .map(|case| case.name)
        .collect();

    assert_eq!(missing, Vec::<&str>::new());
    let successes = case::all().filter(|case| case.expects == Expectation::SignedIn).count();
    assert_eq!(case::all().count(), CAUSES.len() + successes);
}
