//! The operators' rules: which category an understood failure has, and how loudly each kind is logged.
//!
//! A rule is kept in the database and holds on every replica within seconds: each
//! asks every [`POLL`] whether anything is new and judges from memory. It is made once
//! per failure, in [`crate::signin::Signin::report`], so log, counters, record and page
//! agree. What was recorded before stays as it was.
//!
//! No rule can hide an attack: what a security check refused keeps its category and
//! is never logged more quietly ([`PROTECTED`]), and whatever belongs to no attempt of
//! its browser, and so may be forged, keeps its category too (security.md LG-06, LG-07).

mod inbox;
mod rule;
mod trial;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

pub use inbox::{Inbox, inbox};
pub use rule::{Gives, Matcher, PROTECTED, Rule, RuleError};
pub use trial::{Trial, try_rule};

use log::Level;

use crate::clock::Clock;
use crate::domain::ids::RowId;
use crate::signin::failure::{Category, SigninFailure};
use crate::store::rules::{RulesVersion, StoredRule};
use crate::store::{Store, StoreError};

/// How often a replica asks whether the rules have changed.
pub const POLL: Duration = Duration::from_secs(2);

/// What a failure counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Its category.
    pub category: Category,
    /// How loudly it is logged.
    pub level: Level,
    /// The rule that gave it its category; `None` if it is the cause's own.
    pub rule: Option<RowId>,
}

/// The rules that hold, in memory.
#[derive(Default)]
pub struct Rules(RwLock<Arc<Known>>);

#[derive(Default)]
struct Known {
    version: RulesVersion,
    /// The most precise first; of equals the newest.
    rules: Vec<Rule>,
}

impl Rules {
    /// Judges a failure.
    pub fn judge(&self, failure: &SigninFailure) -> Judgement {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        let moved = known.rules.iter().find_map(|rule| Some((rule.id, rule.category_for(failure)?)));
        let (rule, category) = moved.map_or((None, failure.cause.category()), |(id, category)| (Some(id), category));
        let level = known.rules.iter().find_map(|rule| rule.level_for(failure.cause, category));
        Judgement { category, level: level.unwrap_or_else(|| category.level()), rule }
    }

    /// Reads the rules if they have changed.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; the rules that were known stay in force.
    pub async fn refresh(&self, store: &Store) -> Result<(), StoreError> {
        let version = store.find_rules_version().await?;
        if version == self.0.read().unwrap_or_else(PoisonError::into_inner).version {
            return Ok(());
        }
        let mut rules = list_rules(store).await?;
        rules.retain(|rule| rule.ended.is_none());
        rules.sort_by_key(|rule| std::cmp::Reverse((rule.matcher.precision(), rule.id)));
        log::info!(target: "genkan::ops", event = "rules_changed", rules = rules.len(); "other rules hold now");
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Known { version, rules });
        Ok(())
    }

    /// Keeps up with the database until it is dropped.
    pub async fn follow(&self, store: &Store) {
        loop {
            // While the database is away the known rules hold; others tell that it is away.
            let _ = self.refresh(store).await;
            tokio::time::sleep(POLL).await;
        }
    }
}

/// Lists every rule that can be read, the oldest first; those that have ended too.
///
/// # Errors
///
/// [`StoreError`] if the database fails.
pub async fn list_rules(store: &Store) -> Result<Vec<Rule>, StoreError> {
    Ok(store.list_rules().await?.into_iter().filter_map(Rule::read).collect())
}

/// Puts a rule into force and writes who did.
///
/// # Errors
///
/// [`RuleError`]; nothing has changed then.
pub async fn add_rule(store: &Store, clock: &Clock, rule: (Matcher, Gives), note: &str, by: &str) -> Result<Rule, RuleError> {
    let (matcher, gives) = rule;
    rule::check(&matcher, gives)?;
    let rule = Rule::new(clock, matcher, gives, note, by);
    store.insert_rule(StoredRule::from(&rule)).await?;
    log::info!(target: "genkan::ops", event = "rule_added", rule = rule.id.to_string(), by = rule.made_by.as_str(); "a rule was added");
    Ok(rule)
}

/// Ends a rule and writes who did.
///
/// # Errors
///
/// [`StoreError::NotFound`] if none of that name holds.
pub async fn end_rule(store: &Store, clock: &Clock, id: RowId, by: &str) -> Result<(), StoreError> {
    store.end_rule(id, by, clock.now()).await?;
    log::info!(target: "genkan::ops", event = "rule_ended", rule = id.to_string(), by = by; "a rule was ended");
    Ok(())
}

#[cfg(test)]
mod tests;
