//! `/ops/inbox`: failures that nobody has understood yet, and what a rule for them would do.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use chrono::TimeDelta;

use super::{Section, words};
use crate::domain::identity::ProviderId;
use crate::ops::rules::{Inbox, Matcher, PROTECTED, RuleError, Trial, inbox, try_rule};
use crate::signin::failure::{Category, Cause, ProviderErrorCode, Stage};
use crate::web::error::PageError;
use crate::web::operator::Operator;
use crate::web::page::Page;
use crate::web::render::with_parameter;
use crate::web::visit::Visit;

/// How far back the inbox looks.
const LOOKS_BACK: TimeDelta = TimeDelta::days(30);
/// How many kinds are shown.
const MAX_KINDS: i64 = 30;
/// How many failures that a rule would move are shown.
const MAX_SHOWN: usize = 10;

/// The inbox; its forms ask `/ops/inbox/try` with the fields of a [`Proposal`].
#[derive(Clone, Debug, Template)]
#[template(path = "ops/inbox.html")]
pub struct InboxPage {
    /// The frame.
    pub page: Page,
    /// Where in the navigation it is.
    pub section: Section,
    /// The kinds, the most frequent first.
    pub kinds: Vec<Inbox>,
}

/// What a rule would do; its form posts the same fields, `note` and `csrf_token` to `/ops/rules`.
#[derive(Clone, Debug, Template)]
#[template(path = "ops/trial.html")]
pub struct TrialPage {
    /// The frame.
    pub page: Page,
    /// Where in the navigation it is.
    pub section: Section,
    /// The rule.
    pub proposal: Proposal,
    /// What it would have done; otherwise why it is refused, in English.
    pub trial: Result<Trial, String>,
}

/// A rule as it stands in a form: every field may be empty but the category.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The provider's name.
    pub provider: String,
    /// The stage's word.
    pub stage: String,
    /// The cause's word.
    pub cause: String,
    /// The provider's error code.
    pub code: String,
    /// The category's word.
    pub category: String,
}

impl InboxPage {
    /// Returns the categories that a failure can be moved to, with their names.
    pub fn categories(&self) -> Vec<(&'static str, &'static str)> {
        let others = Category::ALL.into_iter().filter(|category| *category != Category::Other);
        others.map(|category| (category.as_str(), self.page.text(words::of_category(category)))).collect()
    }

    /// Tells whether no rule may move a kind: a refused security check, or a fault of our own.
    pub fn is_protected(&self, entry: &Inbox) -> bool {
        Cause::from_name(&entry.kind.cause).is_none_or(|cause| PROTECTED.contains(&cause))
    }

    /// Returns what a cause means, for operators.
    pub fn meaning(&self, entry: &Inbox) -> &'static str {
        Cause::from_name(&entry.kind.cause).map_or("", Cause::meaning)
    }

    /// Returns the failures of a kind.
    pub fn path_of_kind(&self, entry: &Inbox) -> String {
        with_parameter(Section::Failures.path(), "fingerprint", &entry.kind.fingerprint)
    }
}

impl TrialPage {
    /// Returns the name of the category that the rule gives.
    pub fn category(&self) -> &str {
        words::of_category_word(self.page.texts, &self.proposal.category)
    }

    /// Returns the newest failures that it would have moved.
    pub fn shown<'a>(&self, trial: &'a Trial) -> &'a [crate::store::failures::Failure] {
        &trial.moved[..trial.moved.len().min(MAX_SHOWN)]
    }
}

impl Proposal {
    /// Reads what was asked for, field by field.
    pub fn read(mut field: impl FnMut(&str) -> String) -> Self {
        Self { provider: field("provider"), stage: field("stage"), cause: field("cause"), code: field("code"), category: field("category") }
    }

    /// Returns the fields with their names.
    pub fn fields(&self) -> [(&'static str, &str); 5] {
        [("provider", &self.provider), ("stage", &self.stage), ("cause", &self.cause), ("code", &self.code), ("category", &self.category)]
    }

    /// Makes the rule.
    ///
    /// # Errors
    ///
    /// [`PageError::BadRequest`] for words that we do not know: only a broken form has them.
    pub fn parse(&self) -> Result<(Matcher, Category), PageError> {
        const UNKNOWN: PageError = PageError::BadRequest("this is no rule");
        let matcher = Matcher {
            provider: given(&self.provider, ProviderId::parse).ok_or(UNKNOWN)?,
            stage: given(&self.stage, Stage::from_name).ok_or(UNKNOWN)?,
            cause: given(&self.cause, Cause::from_name).ok_or(UNKNOWN)?,
            provider_error: given(&self.code, ProviderErrorCode::clean).ok_or(UNKNOWN)?,
            category: None,
        };
        Ok((matcher, Category::from_name(&self.category).ok_or(UNKNOWN)?))
    }
}

/// Reads a field that may be empty; `None` if it holds a word that is not known.
#[expect(clippy::option_option, reason = "absent and unknown are different")]
fn given<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { parse(text).map(Some) }
}

/// Shows the inbox.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::NotFound`] for whoever is no operator, [`PageError::Store`].
pub async fn get(visit: Visit, operator: Operator) -> Result<HttpResponse, PageError> {
    let signin = visit.signin();
    let kinds = inbox(&signin.store, signin.clock.now() - LOOKS_BACK, MAX_KINDS).await?;
    let page = InboxPage { page: visit.page(&operator.signed_in()).await, section: Section::Inbox, kinds };
    Ok(visit.html(StatusCode::OK, &page))
}

/// Shows what a rule would have done, and does nothing.
///
/// # Errors
///
/// As [`get`], and [`PageError::BadRequest`].
pub async fn get_trial(visit: Visit, operator: Operator) -> Result<HttpResponse, PageError> {
    let proposal = Proposal::read(|name| visit.query(name).unwrap_or_default());
    let (matcher, category) = proposal.parse()?;
    let signin = visit.signin();
    let trial = match try_rule(&signin.store, &matcher, category, signin.clock.now() - LOOKS_BACK).await {
        Ok(trial) => Ok(trial),
        Err(RuleError::Store(error)) => return Err(error.into()),
        Err(refused) => Err(refused.to_string()),
    };
    let page = TrialPage { page: visit.page(&operator.signed_in()).await, section: Section::Inbox, proposal, trial };
    Ok(visit.html(StatusCode::OK, &page))
}
