//! `genkan explain K7Q2-9F3M`: the story of one failure.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::explain;
use crate::cli::output::{CommandError, Output};
use crate::config::Config;
use crate::ops::export::{time, to_json};
use crate::signin::failure::Cause;
use crate::store::Store;
use crate::store::failures::{Failure, FailureFilter, Step};

/// How many failures may share a reference, which is one too many.
const MAX_NAMESAKES: i64 = 10;

/// Tells what the record knows about a reference.
pub(super) async fn run(reference: String, is_json: bool, config: &Config) -> Result<Output, CommandError> {
    let store = Store::connect(&config.database).await?;
    store.check_ready().await?;
    let filter = FailureFilter { reference: Some(reference.clone()), ..FailureFilter::default() };
    let failures = store.list_failures(filter, MAX_NAMESAKES).await?;
    if failures.is_empty() {
        let days = config.ops.failure_retention_days;
        let reason = format!(
            "no failure of the last {days} days has the reference {reference}; look it up in the log if it is older, or ask for it again"
        );
        return Err(CommandError::Failed(reason));
    }
    if is_json {
        return Ok(Output::lines(format!("{:#}", failures.iter().map(json_of).collect::<Value>())));
    }
    Ok(Output::lines(failures.iter().map(tell).collect::<Vec<_>>().join("\n\n")))
}

fn json_of(failure: &Failure) -> Value {
    let mut value = to_json(failure);
    if let Some(cause) = Cause::from_name(&failure.cause) {
        value["meaning"] = cause.meaning().into();
        value["remedy"] = cause.remedy().as_str().into();
        value["operator"] = cause.operator_advice().into();
        value["elsewhere"] = cause.elsewhere().systems().into_iter().map(|(key, _, names)| (key.to_owned(), json!(names))).collect();
    }
    value
}

fn tell(failure: &Failure) -> String {
    let mut text = format!("{}\n\n", failure.reference);
    for (name, value) in facts(failure) {
        if let Some(value) = value {
            let _ = writeln!(text, "  {name:<17} {value}");
        }
    }
    text.push_str("\n  What happened:\n");
    if let Some(attempt) = failure.attempt {
        let away = (failure.failed_at - attempt.made_at()).num_seconds().max(0);
        let _ = writeln!(text, "    {}  the attempt began; it ended {away} s later", time(attempt.made_at()));
    }
    for step in &failure.story.steps {
        let _ = writeln!(text, "    {:>6} ms  {}", format!("+{}", step.at_ms), tell_step(step));
    }
    let _ = writeln!(text, "    {:>6} ms  failed: {} at stage {}", format!("+{}", failure.story.duration_ms), failure.cause, failure.stage);
    if let Some(cause) = Cause::from_name(&failure.cause) {
        let _ = write!(text, "\n{}", explain(cause));
    }
    text
}

fn facts(failure: &Failure) -> [(&'static str, Option<String>); 13] {
    let story = &failure.story;
    let genuine = if failure.is_genuine { "yes" } else { "no: it belongs to no attempt of its browser, and may be forged" };
    [
        ("at", Some(time(failure.failed_at))),
        ("provider", failure.provider.clone()),
        ("category", Some(failure.category.clone())),
        ("cause", Some(failure.cause.clone())),
        ("stage", Some(failure.stage.clone())),
        ("purpose", Some(failure.purpose.clone())),
        ("provider's error", failure.provider_error.clone()),
        ("its HTTP status", failure.http_status.map(|status| status.to_string())),
        ("clock difference", story.clock_difference_secs.map(|secs| format!("{secs} s"))),
        ("detail", story.detail.clone()),
        ("genuine", Some(genuine.to_owned())),
        ("by rule", failure.rule.map(|rule| rule.to_string())),
        ("request", Some(story.request_id.clone()).filter(|id| !id.is_empty())),
    ]
}

fn tell_step(step: &Step) -> String {
    let mut text = format!("{:<10} {}, {} ms", step.name, step.result.replace('_', " "), step.took_ms);
    if let Some(status) = step.http_status {
        let _ = write!(text, ", status {status}");
    }
    if let Some(kind) = &step.content_type {
        let _ = write!(text, ", {kind}");
    }
    if let Some(bytes) = step.bytes {
        let _ = write!(text, ", {bytes} bytes");
    }
    if !step.fields.is_empty() {
        let _ = write!(text, ", members {}", step.fields.join(" "));
    }
    text
}
