//! A person's profile, put together from what came: ID Token and userinfo, or the profile of plain OAuth 2.0.

use serde_json::{Map, Value};

use super::path::Path;
use super::preset::ProfilePaths;
use super::profile::Profile;
use crate::domain::email::Email;
use crate::domain::identity::{Identity, Subject};
use crate::domain::name::DisplayName;

/// Tells whether the claims leave something open that userinfo may know.
pub(super) fn is_incomplete(claims: &Map<String, Value>, paths: &ProfilePaths) -> bool {
    find_name(claims, paths).is_none() || !paths.email.iter().any(|path| claims.contains_key(path.root()))
}

/// Puts the profile together; `sources` come in the order of their weight.
///
/// The address and whether it is verified are taken from the same source.
pub(super) fn build_profile(
    identity: Identity,
    sources: &[&Map<String, Value>],
    paths: &ProfilePaths,
    granted_scopes: Option<Vec<String>>,
) -> Profile {
    let email = sources.iter().find_map(|claims| Some((find_email(claims, paths)?, is_verified(claims, paths))));
    Profile {
        identity,
        name: sources.iter().find_map(|claims| find_name(claims, paths)),
        is_email_verified: email.as_ref().is_some_and(|(_, is_verified)| *is_verified),
        email: email.map(|(email, _)| email),
        granted_scopes,
    }
}

/// Puts before a subject what it is unique in; `None` if a source should have said that and none does.
pub(super) fn scope_subject(subject: Subject, scope: Option<&Path>, sources: &[&Map<String, Value>]) -> Option<Subject> {
    let Some(path) = scope else { return Some(subject) };
    let scope = sources.iter().find_map(|claims| path.text(claims))?;
    Subject::parse(&format!("{scope}:{}", subject.as_str()))
}

fn find_name(claims: &Map<String, Value>, paths: &ProfilePaths) -> Option<DisplayName> {
    paths.name.iter().find_map(|path| DisplayName::from_provider(path.find(claims)?.as_str()?))
}

fn find_email(claims: &Map<String, Value>, paths: &ProfilePaths) -> Option<Email> {
    paths.email.iter().find_map(|path| Email::parse(path.find(claims)?.as_str()?).ok())
}

/// Only the boolean counts: `"true"` and `1` are what sloppy providers send for addresses nobody proved
/// (security.md SO-09), unless the preset knows the text to be meant.
fn is_verified(claims: &Map<String, Value>, paths: &ProfilePaths) -> bool {
    let is_true = |path: &Path| match path.find(claims) {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(flag)) => paths.flags_as_text && flag == "true",
        _ => false,
    };
    !paths.email_verified.is_empty() && paths.email_verified.iter().all(is_true)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::identity::ProviderId;

    fn build(sources: &[Value]) -> Profile {
        let identity = Identity {
            provider: ProviderId::parse("lab").expect("test data"),
            issuer: "https://idp.example".to_owned(),
            subject: Subject::parse("sub").expect("test data"),
        };
        let sources: Vec<_> = sources.iter().filter_map(Value::as_object).collect();
        build_profile(identity, &sources, &ProfilePaths::default(), None)
    }

    #[test]
    fn so_09_only_boolean_true_counts_as_verified() {
        for (verified, expected) in
            [(json!(true), true), (json!(false), false), (json!("true"), false), (json!(1), false), (Value::Null, false)]
        {
            let profile = build(&[json!({"email": "a@example.com", "email_verified": verified})]);

            assert_eq!(profile.is_email_verified, expected, "{verified}");
        }
        assert!(!build(&[json!({"email": "a@example.com"})]).is_email_verified);
    }

    #[test]
    fn so_09_an_address_never_borrows_the_verification_of_another_source() {
        let profile = build(&[json!({"email": "a@example.com"}), json!({"email": "b@example.com", "email_verified": true})]);

        assert_eq!(profile.email.map(|email| email.to_string()).as_deref(), Some("a@example.com"));
        assert!(!profile.is_email_verified);
        assert!(!build(&[json!({"email": "not an address", "email_verified": true})]).is_email_verified);
    }

    #[test]
    fn the_first_usable_name_is_taken() {
        for (sources, name) in [
            (vec![json!({"name": "山田 花子", "preferred_username": "hanako"})], Some("山田 花子")),
            (vec![json!({"name": "", "preferred_username": "hanako"})], Some("hanako")),
            (vec![json!({"name": 7}), json!({"name": "Hanako"})], Some("Hanako")),
            (vec![json!({})], None),
        ] {
            assert_eq!(build(&sources).name.as_ref().map(DisplayName::as_str), name, "{sources:?}");
        }
    }

    #[test]
    fn userinfo_is_wanted_while_name_or_address_is_missing() {
        for (claims, wanted) in [
            (json!({"name": "A", "email": "a@example.com"}), false),
            (json!({"preferred_username": "a", "email": null}), false),
            (json!({"name": "A"}), true),
            (json!({"email": "a@example.com"}), true),
        ] {
            assert_eq!(is_incomplete(claims.as_object().expect("test data"), &ProfilePaths::default()), wanted, "{claims}");
        }
    }
}
