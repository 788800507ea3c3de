//! Trouble at a provider, from the first failure to the last word: what people see, and what operators are told.

mod alarms;
mod notice;
mod receivers;
mod status;

use std::time::Duration;

use genkan::config::Config;
use genkan::domain::identity::ProviderId;
use genkan::lab::{Answer, Endpoint, Lab};
use serde_json::Value;

use crate::support::app::TestApp;
use crate::support::browser::TestBrowser;
use crate::support::idp::{Idp, Received, Reply};
use crate::support::trip::Trip;

/// The key of the webhook's signature.
const SECRET: &str = "a key for the tests of the webhook";

/// A genkan, its one provider, and whoever is told.
struct Scene {
    app: TestApp,
    lab: Lab,
    inbox: Idp,
}

impl Scene {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let inbox = Idp::start();
        inbox.set("/hook", Reply::json("{}"));
        let (app, lab) = TestApp::with_lab_and(|config| {
            config.alerts.webhook_url = Some(inbox.url("/hook").into());
            config.alerts.webhook_secret = Some(SECRET.into());
            change(config);
        })
        .await;
        let clock = app.clock.clone();
        lab.set_clock(move || clock.now().timestamp());
        Self { app, lab, inbox }
    }

    fn break_down(&self) {
        self.lab.set_answer(Endpoint::Token, Some(Answer::json(503, "{}")));
    }

    fn repair(&self) {
        self.lab.set_answer(Endpoint::Token, None);
    }

    /// Lets somebody sign in, or try to.
    async fn walk(&self) {
        walk(&self.app.browser(), "approve").await;
    }

    /// Tells whether the sign-in page says that the provider is in trouble.
    async fn has_notice(&self) -> bool {
        has_notice(&self.app).await
    }

    /// Returns how often the webhook was told of each turn of a kind: raised and resolved.
    fn told(&self, kind: &str) -> (usize, usize) {
        let count = |event: &str| self.bodies().iter().filter(|body| body["event"] == event && body["kind"] == kind).count();
        (count("alert_raised"), count("alert_resolved"))
    }

    fn bodies(&self) -> Vec<Value> {
        self.inbox.received("/hook").iter().map(|received: &Received| serde_json::from_str(&received.body).expect("JSON")).collect()
    }

    /// Makes rounds until something holds; its deadline is real time, for what runs beside the test.
    async fn until(&self, what: &str, holds: impl AsyncFn(&Self) -> bool) {
        for _ in 0..200 {
            self.app.patrol.tick().await;
            if holds(self).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never: {what}; told {:?}", self.bodies());
    }

    /// Lets time pass in steps of a round each.
    async fn pass(&self, secs: u64) {
        for _ in 0..secs.div_ceil(10) {
            self.app.clock.advance(Duration::from_secs(10));
            self.app.patrol.tick().await;
        }
    }
}

fn lab() -> ProviderId {
    ProviderId::parse("lab").expect("a name")
}

async fn walk(browser: &TestBrowser, case: &str) {
    let back = Trip::begin(browser, "lab", "").await.answer(case, "traveller").await;
    browser.follow(&back.open().await).await;
}

async fn has_notice(app: &TestApp) -> bool {
    app.browser().open("/login").await.text.contains("having trouble just now")
}
