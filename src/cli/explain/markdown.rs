//! The catalogue as `docs/failures.md`.

use std::fmt::Write as _;

use super::{level_of, stages_of};
use crate::domain::language::Language;
use crate::signin::failure::{Category, Cause};
use crate::web::catalogue::what_the_person_reads;

/// What stands before the causes.
const HEAD: &str = "# Why a sign-in fails

Every cause that genkan tells apart, as it stands in the log (`cause=`), in the metrics, on the page (`data-cause`) and in JSON. Made from
the table in the code: do not edit, but run `genkan explain --markdown > docs/failures.md`. The same for programs:
`GET /.well-known/genkan-failures`. For one cause: `genkan explain CAUSE`.

*Stage* is how far the sign-in had typically come. *Retryable* says whether the same once more can succeed although nobody has repaired
anything. Under *elsewhere* stand the closest names in other software, looked up in its sources: the codes of RFC 6749, RFC 6750 and OpenID Connect,
Python Social Auth (exceptions to version 6, codes since 7), django-allauth's `AuthError`, Auth.js, Keycloak (events and messages) and Spring
Security.
";

/// Writes the whole document.
pub(super) fn catalogue() -> String {
    let mut text = HEAD.to_owned();
    for category in Category::ALL {
        let causes: Vec<Cause> = Cause::ALL.iter().copied().filter(|cause| cause.category() == category).collect();
        let _ = write!(text, "\n## {category}: logged at {}\n\n", level_of(category));
        let links: Vec<String> = causes.iter().map(|cause| format!("[{0}](#{0})", cause.as_str())).collect();
        let _ = writeln!(text, "{}", links.join(", "));
        for cause in causes {
            section(&mut text, cause);
        }
    }
    text
}

fn section(text: &mut String, cause: Cause) {
    let remedy = cause.remedy();
    let retryable = if remedy.is_retryable() { "yes" } else { "no" };
    let _ = write!(
        text,
        "\n### {name}\n\n{meaning}\n\n- Stage: {stages}. Remedy: `{remedy}`. Retryable: {retryable}.\n- The person reads: {person}\n- What to do: {advice}\n",
        name = cause.as_str(),
        meaning = cause.meaning(),
        stages = stages_of(cause),
        remedy = remedy.as_str(),
        person = what_the_person_reads(cause, Language::En),
        advice = cause.operator_advice(),
    );
    let elsewhere = cause.elsewhere().systems().into_iter().filter(|(.., names)| !names.is_empty());
    let elsewhere: Vec<String> = elsewhere.map(|(_, system, names)| format!("{system} `{}`", names.join("`, `"))).collect();
    if !elsewhere.is_empty() {
        let _ = writeln!(text, "- Elsewhere: {}.", elsewhere.join("; "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_what_the_code_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/failures.md");
        let document = std::fs::read_to_string(path).unwrap_or_default();

        assert!(document == catalogue(), "docs/failures.md is stale: cargo run -- explain --markdown > docs/failures.md");
    }
}
