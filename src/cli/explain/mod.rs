//! `genkan explain`

mod markdown;
mod reference;

use std::fmt::Write as _;

use super::output::{CommandError, Output};
use crate::config::Config;
use crate::domain::language::Language;
use crate::random;
use crate::signin::failure::{Category, Cause, Stage};
use crate::web::catalogue::{entry, what_the_person_reads};

/// Says what a cause means.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The cause, as it stands in the log: `token_timeout`; or a reference that somebody quotes: `K7Q2-9F3M`. Without one, all are listed
    #[arg(value_name = "CAUSE|REFERENCE")]
    cause: Option<String>,
    /// Prints JSON
    #[arg(long, requires = "cause")]
    json: bool,
    /// Lists every cause
    #[arg(long, conflicts_with_all = ["cause", "markdown"])]
    list: bool,
    /// Prints the whole catalogue as Markdown: what docs/failures.md holds
    #[arg(long, conflicts_with = "cause")]
    markdown: bool,
}

/// Returns the reference that is asked for, if it is one; that needs the database.
pub(super) fn reference_of(args: &Args) -> Option<String> {
    let typed = args.cause.as_deref().filter(|typed| Cause::from_name(typed).is_none())?;
    random::parse_reference(typed)
}

/// Tells the story of a reference.
pub(super) async fn run_reference(args: &Args, reference: String, config: &Config) -> Result<Output, CommandError> {
    reference::run(reference, args.json, config).await
}

/// Explains one cause, or lists all.
pub(super) fn run(args: &Args) -> Result<Output, CommandError> {
    match &args.cause {
        Some(name) => Cause::from_name(name)
            .map(|cause| Output::lines(if args.json { format!("{:#}", entry(cause)) } else { explain(cause) }))
            .ok_or_else(|| CommandError::Usage(refuse(name))),
        None if args.markdown => Ok(Output::lines(markdown::catalogue())),
        None => Ok(Output::lines(list())),
    }
}

fn explain(cause: Cause) -> String {
    let (category, remedy) = (cause.category(), cause.remedy());
    let mut text = format!(
        "{cause}\n\n  category   {category}\n  log level  {level}\n  stage      {stages}\n  remedy     {remedy}\n  \
         retryable  {retryable}\n\n  {meaning}\n\n  The person reads: {person}\n\n  What to do: {advice}\n",
        cause = cause.as_str(),
        level = level_of(category),
        stages = stages_of(cause),
        remedy = remedy.as_str().replace('_', " "),
        retryable = if remedy.is_retryable() { "yes" } else { "no" },
        meaning = cause.meaning(),
        person = what_the_person_reads(cause, Language::En),
        advice = cause.operator_advice(),
    );
    for (_, system, names) in cause.elsewhere().systems().into_iter().filter(|(.., names)| !names.is_empty()) {
        let _ = write!(text, "\n  {system}: {}", names.join(", "));
    }
    text
}

fn level_of(category: Category) -> String {
    category.level().as_str().to_lowercase()
}

fn stages_of(cause: Cause) -> String {
    cause.stages().iter().map(|stage: &Stage| stage.as_str()).collect::<Vec<_>>().join(", ")
}

fn list() -> String {
    let mut text = String::new();
    for category in Category::ALL {
        let _ = writeln!(text, "{category} ({})", level_of(category));
        for cause in Cause::ALL.iter().filter(|cause| cause.category() == category) {
            let _ = writeln!(text, "  {:<28} {}", cause.as_str(), cause.meaning());
        }
        text.push('\n');
    }
    text
}

fn refuse(name: &str) -> String {
    let near = Cause::ALL.iter().min_by_key(|cause| strsim::damerau_levenshtein(name, cause.as_str()));
    let near = near.filter(|cause| strsim::damerau_levenshtein(name, cause.as_str()) <= 3);
    near.map_or_else(
        || "there is no such cause; `genkan explain` lists all".to_owned(),
        |cause| format!("there is no such cause; did you mean {}?", cause.as_str()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_with(cause: Option<&str>) -> Result<Output, CommandError> {
        run(&Args { cause: cause.map(str::to_owned), json: false, list: false, markdown: false })
    }

    #[test]
    fn every_cause_is_explained_and_listed() {
        let listed = format!("{:?}", run_with(None).expect("a list"));

        for cause in Cause::ALL {
            let explained = format!("{:?}", run_with(Some(cause.as_str())).expect("an explanation"));
            assert!(explained.contains(cause.category().as_str()) && explained.contains("The person reads: "), "{explained}");
            assert!(listed.contains(cause.as_str()), "{listed}");
        }
    }

    #[test]
    fn the_names_elsewhere_are_told_where_there_are_any() {
        let told = explain(Cause::ConsentDenied);

        assert!(
            told.contains("Python Social Auth to 6: AuthCanceled") && told.contains("OAuth 2.0, OpenID Connect: access_denied"),
            "{told}"
        );
        assert!(!explain(Cause::AnswerTooLarge).contains("Auth.js"));
    }

    #[test]
    fn a_slip_is_answered_with_what_to_do() {
        for (typed, hint) in [("token_timout", "did you mean token_timeout?"), ("weather", "lists all")] {
            let error = run_with(Some(typed)).expect_err("a refusal");

            assert_eq!(error.code(), 2);
            assert!(error.to_string().contains(hint), "{error}");
        }
    }
}
