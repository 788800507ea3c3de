//! The steps of a check and how they are told.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::domain::identity::ProviderId;
use crate::signin::check::{Status, Step};

/// Everything that was looked at, in its order.
#[derive(Debug, Default)]
pub(super) struct Report(Vec<Step>);

impl Report {
    /// Adds a step.
    pub fn add(&mut self, name: impl Into<String>, status: Status, detail: impl Into<String>) {
        self.0.push(Step::new(name, status, detail));
    }

    /// Adds what was found at a provider.
    pub fn add_provider(&mut self, id: &ProviderId, steps: Vec<Step>) {
        self.0.extend(steps.into_iter().map(|step| Step { name: format!("provider {id}: {}", step.name), ..step }));
    }

    /// Tells whether no step failed.
    pub fn is_ok(&self) -> bool {
        self.0.iter().all(|step| step.status != Status::Failed)
    }

    /// Writes one line for each step.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for step in &self.0 {
            let _ = writeln!(text, "{:<8} {:<28} {}", step.status.as_str(), step.name, step.detail);
        }
        text.push_str(if self.is_ok() {
            "\nEverything that was looked at works."
        } else {
            "\nSomething does not work: see the lines with `failed`."
        });
        text
    }

    /// Writes one object with all steps.
    pub fn to_json(&self) -> String {
        let of = |step: &Step| json!({"step": step.name, "status": step.status.as_str(), "detail": step.detail});
        format!("{:#}", json!({"ok": self.is_ok(), "steps": self.0.iter().map(of).collect::<Value>()}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_step_is_enough_and_a_warning_is_not() {
        let mut report = Report::default();
        report.add("a", Status::Warning, "");
        report.add("b", Status::Skipped, "");
        assert!(report.is_ok());

        report.add("c", Status::Failed, "why");

        assert!(!report.is_ok());
        let json: Value = serde_json::from_str(&report.to_json()).expect("JSON");
        assert_eq!((json["ok"].as_bool(), json["steps"][2]["detail"].as_str()), (Some(false), Some("why")));
        assert!(report.to_text().contains("failed   c "), "{}", report.to_text());
    }
}
