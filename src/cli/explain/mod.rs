//! `genkan explain`

use std::fmt::Write as _;

use super::output::{CommandError, Output};
use crate::signin::failure::{Category, Cause};

/// Says what a cause means.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The cause, as it stands in the log: `token_timeout`. Without one, all are listed
    cause: Option<String>,
}

/// Explains one cause, or lists all.
pub(super) fn run(args: &Args) -> Result<Output, CommandError> {
    let Some(name) = &args.cause else { return Ok(Output::lines(list())) };
    Cause::from_name(name).map(|cause| Output::lines(explain(cause))).ok_or_else(|| CommandError::Usage(refuse(name)))
}

fn explain(cause: Cause) -> String {
    let category = cause.category();
    format!(
        "{cause}\n\n  category   {category}\n  log level  {level}\n  the person {remedy}\n\n  {meaning}\n\n  What to do: {advice}",
        cause = cause.as_str(),
        level = category.level().as_str().to_lowercase(),
        remedy = cause.remedy().as_str().replace('_', " "),
        meaning = cause.meaning(),
        advice = cause.operator_advice(),
    )
}

fn list() -> String {
    let mut text = String::new();
    for category in Category::ALL {
        let _ = writeln!(text, "{category} ({})", category.level().as_str().to_lowercase());
        for cause in Cause::ALL.iter().filter(|cause| cause.category() == category) {
            let _ = writeln!(text, "  {:<28} {}", cause.as_str(), cause.meaning());
        }
        text.push('\n');
    }
    text
}

fn refuse(name: &str) -> String {
    if is_reference(name) {
        return "this version keeps no record of references; find the line with this reference in the log and explain its cause".to_owned();
    }
    let near = Cause::ALL.iter().min_by_key(|cause| strsim::damerau_levenshtein(name, cause.as_str()));
    let near = near.filter(|cause| strsim::damerau_levenshtein(name, cause.as_str()) <= 3);
    near.map_or_else(
        || "there is no such cause; `genkan explain` lists all".to_owned(),
        |cause| format!("there is no such cause; did you mean {}?", cause.as_str()),
    )
}

/// Tells a reference such as `K7Q2-9F3M`.
fn is_reference(text: &str) -> bool {
    text.len() == 9 && text.bytes().enumerate().all(|(index, b)| if index == 4 { b == b'-' } else { b.is_ascii_alphanumeric() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_with(cause: Option<&str>) -> Result<Output, CommandError> {
        run(&Args { cause: cause.map(str::to_owned) })
    }

    #[test]
    fn every_cause_is_explained_and_listed() {
        let listed = format!("{:?}", run_with(None).expect("a list"));

        for cause in Cause::ALL {
            let explained = format!("{:?}", run_with(Some(cause.as_str())).expect("an explanation"));
            assert!(explained.contains(cause.category().as_str()), "{explained}");
            assert!(listed.contains(cause.as_str()), "{listed}");
        }
    }

    #[test]
    fn a_slip_and_a_reference_are_answered_with_what_to_do() {
        for (typed, hint) in [("token_timout", "did you mean token_timeout?"), ("K7Q2-9F3M", "in the log"), ("weather", "lists all")] {
            let error = run_with(Some(typed)).expect_err("a refusal");

            assert_eq!(error.code(), 2);
            assert!(error.to_string().contains(hint), "{error}");
        }
    }
}
