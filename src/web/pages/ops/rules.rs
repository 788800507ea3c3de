//! `/ops/rules`: what operators have decided, and ending it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use log::Level;

use super::inbox::Proposal;
use super::{Section, desk, done, refused, words};
use crate::ops::rules::{Gives, Matcher, Rule, RuleError, list_rules};
use crate::signin::failure::{Category, Cause};
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::operator::Operator;
use crate::web::page::Page;
use crate::web::text::TextKey;
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// The list. Its forms post, each with `csrf_token`: `rule` to `/ops/rules/end`; `target` (a category or
/// a cause), `level` and `note` to `/ops/rules/level`.
#[derive(Clone, Debug, Template)]
#[template(path = "ops/rules.html")]
pub struct RulesPage {
    /// The frame.
    pub page: Page,
    /// Where in the navigation it is.
    pub section: Section,
    /// Rules that hold, then those that have ended, the newest first.
    pub rules: Vec<Rule>,
    /// Why the last form was refused, in English.
    pub fault: Option<String>,
}

impl RulesPage {
    /// Returns what a rule is about, in words of the log.
    pub fn about(&self, rule: &Rule) -> String {
        let matcher = &rule.matcher;
        let words = [
            matcher.provider.as_ref().map(ToString::to_string),
            matcher.stage.map(|stage| stage.as_str().to_owned()),
            matcher.cause.map(|cause| cause.as_str().to_owned()),
            matcher.provider_error.as_ref().map(ToString::to_string),
            matcher.category.map(|category| category.as_str().to_owned()),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Returns what a rule gives.
    pub fn gives(&self, rule: &Rule) -> String {
        match rule.gives {
            Gives::Category(category) => self.page.text(words::of_category(category)).to_owned(),
            Gives::Level(level) => self.page.texts.with("ops-rule-level", "level", &level.as_str().to_lowercase()),
        }
    }

    /// Returns every category, with its name.
    pub fn categories(&self) -> [(&'static str, TextKey); 4] {
        Category::ALL.map(|category| (category.as_str(), words::of_category(category)))
    }

    /// Returns every cause.
    pub fn causes(&self) -> impl Iterator<Item = &'static str> {
        Cause::ALL.iter().map(|cause| cause.as_str())
    }

    /// Returns the levels that a failure can be logged at, the loudest first.
    pub fn levels(&self) -> [&'static str; 4] {
        ["error", "warn", "info", "debug"]
    }
}

/// Shows the list.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::NotFound`] for whoever is no operator, [`PageError::Store`].
pub async fn get(visit: Visit, operator: Operator) -> Result<HttpResponse, PageError> {
    let page = visit.page(&operator.signed_in()).await;
    Ok(visit.html(StatusCode::OK, &view(&visit, page, None).await?))
}

/// Puts a rule for a category into force.
///
/// # Errors
///
/// [`PageError::BadRequest`], [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post(visit: Visit, operator: Operator, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, Section::Inbox.path(), cause);
    }
    let (matcher, category) = Proposal::read(|name| form.text(name)).parse()?;
    make(&visit, &operator, (matcher, Gives::Category(category)), &form.text("note")).await
}

/// Puts a rule for a log level into force.
///
/// # Errors
///
/// As [`post`].
pub async fn post_level(visit: Visit, operator: Operator, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, Section::Rules.path(), cause);
    }
    let (target, level) = (form.text("target"), form.text("level"));
    let matcher = Matcher { category: Category::from_name(&target), cause: Cause::from_name(&target), ..Matcher::default() };
    let level: Level = level.parse().map_err(|_| PageError::BadRequest("this is no level"))?;
    make(&visit, &operator, (matcher, Gives::Level(level)), &form.text("note")).await
}

/// Ends a rule.
///
/// # Errors
///
/// [`PageError::NotFound`] if it does not hold, [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post_end(visit: Visit, operator: Operator, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, Section::Rules.path(), cause);
    }
    let id = form.text("rule").parse().map_err(|_| PageError::BadRequest("this is no rule"))?;
    desk(&visit, &operator).end_rule(id).await.map_err(refused)?;
    Ok(done(&visit, Section::Rules.path()))
}

async fn make(visit: &Visit, operator: &Operator, rule: (Matcher, Gives), note: &str) -> Result<HttpResponse, PageError> {
    match desk(visit, operator).make_rule(rule, note).await {
        Ok(_) => Ok(done(visit, Section::Rules.path())),
        Err(RuleError::Store(error)) => Err(error.into()),
        Err(fault) => {
            let page = view(visit, visit.quiet_page(&operator.signed_in()), Some(fault.to_string())).await?;
            Ok(visit.html(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn view(visit: &Visit, page: Page, fault: Option<String>) -> Result<RulesPage, PageError> {
    let mut rules = list_rules(&visit.signin().store).await?;
    rules.sort_by_key(|rule| (rule.ended.is_some(), std::cmp::Reverse(rule.id)));
    Ok(RulesPage { page, section: Section::Rules, rules, fault })
}
