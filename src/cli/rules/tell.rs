//! Rules and trials, told.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::ops::export::time;
use crate::ops::rules::{Rule, Trial};
use crate::signin::failure::Category;
use crate::store::rules::StoredRule;

/// How many failures of a trial are shown.
const MAX_SHOWN: usize = 10;

/// Tells a rule in one line.
pub(super) fn to_text(rule: &Rule) -> String {
    let stored = StoredRule::from(rule);
    let about = [
        ("provider", &stored.provider),
        ("stage", &stored.stage),
        ("cause", &stored.cause),
        ("error", &stored.provider_error),
        ("category", if stored.level.is_some() { &stored.category } else { &None }),
    ];
    let about: Vec<_> = about.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?))).collect();
    let gives = stored.level.map_or_else(|| stored.category.unwrap_or_default(), |level| format!("level {level}"));
    let mut text = format!("{}  {} → {gives}  by {} at {}", rule.id, about.join(" "), rule.made_by, time(rule.made_at));
    if let Some((by, at)) = &rule.ended {
        let _ = write!(text, "  ended by {by} at {}", time(*at));
    }
    if !rule.note.is_empty() {
        let _ = write!(text, "  ({})", rule.note);
    }
    text
}

/// Tells a rule as JSON.
pub(super) fn to_json(rule: &Rule) -> Value {
    let stored = StoredRule::from(rule);
    json!({
        "id": stored.id.to_string(),
        "provider": stored.provider,
        "stage": stored.stage,
        "cause": stored.cause,
        "provider_error": stored.provider_error,
        "category": stored.category,
        "level": stored.level,
        "note": stored.note,
        "made_by": stored.made_by,
        "made_at": time(stored.made_at),
        "ended_by": stored.ended_by,
        "ended_at": stored.ended_at.map(time),
    })
}

/// Tells what a rule would have moved.
pub(super) fn trial(trial: &Trial, category: Category) -> String {
    let mut text = format!("{} of {} recorded failures would have been {category}:", trial.moved.len(), trial.looked_at);
    for failure in trial.moved.iter().take(MAX_SHOWN) {
        let _ = write!(text, "\n  {}  {}  {}  {}", failure.reference, time(failure.failed_at), failure.category, failure.fingerprint);
    }
    if trial.moved.len() > MAX_SHOWN {
        let _ = write!(text, "\n  and {} more", trial.moved.len() - MAX_SHOWN);
    }
    text
}
