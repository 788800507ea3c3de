//! A trip to a provider and back, step by step, with all that must never be seen again.

use std::collections::HashMap;

use genkan::lab::Lab;
use genkan::signin::failure::Cause;
use reqwest::{Method, Url};

use super::app::TestApp;
use super::browser::{Flash, Page, TestBrowser};
use super::logs::{self, Record};

/// What the lab says on bad days; nobody may read it with us.
const PROVIDER_TEXT: [&str; 10] = [
    "The person said no",
    "unexpected condition",
    "88 mph",
    "flux_capacitor_low",
    "not this one",
    "Welcome back!",
    "nginx",
    "Somebody Else",
    "else@people.example",
    "access token expired",
];

/// A browser that has left for the provider.
pub struct Trip<'a> {
    pub browser: &'a TestBrowser,
    /// The address at the provider.
    pub url: Url,
}

impl<'a> Trip<'a> {
    /// Leaves by the page with the one button.
    pub async fn begin(browser: &'a TestBrowser, provider: &str, query: &str) -> Self {
        let path = format!("/auth/{provider}");
        let page = browser.open(&format!("{path}{query}")).await;
        let page = browser.submit(&page, &path, &[]).await;
        Self { browser, url: Url::parse(page.location()).expect("an address") }
    }

    /// Lets the lab answer as a case, for a person of that subject, and returns the way back.
    pub async fn answer(&self, case: &str, sub: &str) -> Back<'a> {
        let mut url = self.url.clone();
        let email = format!("{sub}@people.example");
        url.query_pairs_mut().extend_pairs([("lab_case", case), ("lab_sub", sub), ("lab_name", "Ben"), ("lab_email", &email)]);
        url.query_pairs_mut().append_pair("lab_email_verified", "true");
        let url = self.browser.open(url.as_str()).await.location().to_owned();
        Back { browser: self.browser, sent: parameters(&self.url), brought: parameters(&Url::parse(&url).expect("an address")), url }
    }
}

/// A browser that is sent back to us.
pub struct Back<'a> {
    pub browser: &'a TestBrowser,
    /// The address with us.
    pub url: String,
    sent: HashMap<String, String>,
    brought: HashMap<String, String>,
}

impl Back<'_> {
    pub async fn open(&self) -> Page {
        self.browser.open(&self.url).await
    }

    /// Returns the path and query, for another instance.
    pub fn path(&self) -> &str {
        let from = self.url.find("/auth/").expect("a callback");
        &self.url[from..]
    }

    /// Returns how often the code that came back was sent to the lab.
    pub fn times_sent(&self, lab: &Lab) -> usize {
        self.brought.get("code").and_then(|code| lab.codes_sent().get(code).copied()).unwrap_or(0)
    }

    /// Returns what must never be read again.
    pub fn secrets(&self) -> Vec<String> {
        let sent = ["state", "nonce", "code_challenge"].iter().filter_map(|name| self.sent.get(*name));
        sent.chain(self.brought.get("code")).cloned().collect()
    }

    /// Asserts that nothing of the trip can be read on a page.
    #[track_caller]
    pub fn assert_discreet(&self, page: &Page) {
        let text = page.text.to_lowercase();
        for secret in self.secrets() {
            assert!(!page.text.contains(&secret), "{page:?}");
        }
        for words in PROVIDER_TEXT {
            assert!(!text.contains(&words.to_lowercase()), "{words}: {page:?}");
        }
    }
}

/// Asserts that nothing of the trips can be read in the log; an error code may.
#[track_caller]
pub fn assert_unlogged(secrets: &[String]) {
    let log = logs::all_text();
    for secret in secrets {
        assert!(!log.contains(secret.as_str()), "{secret} stands in the log");
    }
    for words in PROVIDER_TEXT.iter().filter(|words| !words.contains('_')) {
        assert!(!log.contains(words), "{words} stands in the log");
    }
}

/// Asserts what holds for every failed sign-in, and returns its one line in the log.
///
/// The flash is on the page that the answer leads to, once; a reload does not repeat it.
#[track_caller]
fn assert_told(landed: &Page, reloaded: &Page, cause: Cause, stage: &str) -> Record {
    let flash = landed.flash().unwrap_or_else(|| panic!("no flash: {landed:?}"));
    let category = cause.category();
    assert_eq!((flash.cause.as_str(), flash.category.as_str()), (cause.as_str(), category.as_str()));
    assert_eq!(reloaded.flash(), None, "a reload repeats it");
    line_of(&flash, category.level(), stage)
}

/// Returns the one line that tells of a flash.
#[track_caller]
fn line_of(flash: &Flash, level: log::Level, stage: &str) -> Record {
    let mut lines = logs::with("reference", &flash.reference);
    assert_eq!(lines.len(), 1, "{lines:?}");
    let line = lines.remove(0);
    assert_eq!((line.field("event"), line.field("cause"), line.field("stage")), ("signin_failed", flash.cause.as_str(), stage));
    assert_eq!((line.level, line.field("category")), (level, flash.category.as_str()), "{line:?}");
    let attempt = line.field("attempt").to_owned();
    assert!(attempt == "None" || outcomes_of(&attempt) == 1, "one outcome per attempt: {:?}", logs::with("attempt", &attempt));
    line
}

/// Counts the lines that say how an attempt ended: others may name it too, as the one that its outcome
/// could not be written for a second delivery, which a busy database brings about.
fn outcomes_of(attempt: &str) -> usize {
    let is_outcome = |line: &Record| ["signin_failed", "signin_succeeded", "link_added"].contains(&line.field("event"));
    logs::with("attempt", attempt).iter().filter(|line| is_outcome(line)).count()
}

/// What is known of a failed sign-in.
pub struct Told {
    /// The page that told it.
    pub page: Page,
    /// Its line in the log.
    pub line: Record,
}

/// Opens where a failed answer leads to, twice, and asserts what holds for every failure.
pub async fn expect_failure(browser: &TestBrowser, answer: &Page, cause: Cause, stage: &str) -> Told {
    let page = browser.follow(answer).await;
    let reloaded = browser.open(answer.location()).await;
    let line = assert_told(&page, &reloaded, cause, stage);
    Told { page, line }
}

/// Opens an address several times at once, with the same cookies.
pub async fn open_at_once(browser: &TestBrowser, urls: &[&str]) -> Vec<Page> {
    futures_util::future::join_all(urls.iter().map(|url| Page::read(browser.request(Method::GET, url)))).await
}

/// Returns the flash that an answer brings, whatever its siblings have brought.
pub async fn flash_of(app: &TestApp, answer: &Page) -> Flash {
    let browser = app.browser();
    for cookie in answer.set_cookies() {
        browser.set_cookie(cookie);
    }
    browser.follow(answer).await.flash().expect("a flash")
}

fn parameters(url: &Url) -> HashMap<String, String> {
    // The first of a name counts.
    url.query_pairs().into_owned().collect::<Vec<_>>().into_iter().rev().collect()
}
