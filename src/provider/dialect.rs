//! A provider's own words for failures: rules from (place, code, text) to the name of a cause.
//!
//! A rule may only add precision: whatever it misses is judged by the general
//! rules. Text is compared and never shown (security.md SO-13).

use serde::Deserialize;

/// At which answer a rule looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Place {
    /// The authorization response that the browser brings.
    Authorization,
    /// The answer of the token endpoint.
    Token,
    /// The answer of the token endpoint to a refresh token.
    Refresh,
    /// The answer of the profile endpoint.
    Profile,
}

/// One rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    /// Where it applies.
    pub at: Vec<Place>,
    /// Codes or numbers of which one is there; none given: any.
    #[serde(default)]
    pub code: Vec<String>,
    /// Texts of which one is contained, whatever the case; none given: any.
    #[serde(default)]
    pub text: Vec<String>,
    /// Whether another code or number has to stand beside it.
    #[serde(default)]
    pub beside: bool,
    /// The name of the cause: one of `genkan explain`.
    pub cause: String,
    /// Whether another trip, begun at once, is likely to end better; for authorization responses only.
    #[serde(default)]
    pub restart: bool,
}

/// What an answer says of a failure.
#[derive(Clone, Debug, Default)]
pub(super) struct Words<'a> {
    /// The error code, and other codes and numbers beside it; an empty one stands for an answer without any.
    pub codes: Vec<&'a str>,
    /// What is said beside them.
    pub text: &'a str,
}

/// Finds the cause that the first matching rule names.
pub(super) fn find_cause<'a>(rules: &'a [Rule], at: Place, words: &Words<'_>) -> Option<&'a str> {
    find(rules, at, words).map(|rule| rule.cause.as_str())
}

/// Finds the first matching rule.
pub(super) fn find<'a>(rules: &'a [Rule], at: Place, words: &Words<'_>) -> Option<&'a Rule> {
    let text = words.text.to_lowercase();
    let matches = |rule: &&Rule| {
        let has_code = rule.code.is_empty() || rule.code.iter().any(|code| words.codes.contains(&code.as_str()));
        let has_text = rule.text.is_empty() || rule.text.iter().any(|part| text.contains(&part.to_lowercase()));
        rule.at.contains(&at) && has_code && has_text && (!rule.beside || words.codes.len() > 1)
    };
    rules.iter().find(matches)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(code: &[&str], text: &[&str], cause: &str) -> Rule {
        let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Rule { at: vec![Place::Token], code: own(code), text: own(text), beside: false, cause: cause.to_owned(), restart: false }
    }

    #[test]
    fn the_first_rule_that_fits_whole_names_the_cause() {
        let rules = [rule(&["100"], &["Verification Code"], "code_unusable"), rule(&["100", "7"], &[], "token_refused")];
        for (at, codes, text, cause) in [
            (Place::Token, vec!["100"], "Invalid verification code format.", Some("code_unusable")),
            (Place::Token, vec!["100"], "Something else", Some("token_refused")),
            (Place::Token, vec!["invalid_grant", "7"], "", Some("token_refused")),
            (Place::Token, vec!["8"], "verification code", None),
            (Place::Profile, vec!["7"], "", None),
        ] {
            assert_eq!(find_cause(&rules, at, &Words { codes, text }), cause, "{text}");
        }
    }
}
