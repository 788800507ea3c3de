//! What a client may learn about a person, by scope or by name (OIDC Core §5.1, §5.4, §5.5).

use serde_json::{Map, Value, json};

use super::Issuer;
use crate::domain::scope::{Scope, Scopes};
use crate::domain::user::User;

/// The scope that shows the groups that operators have put somebody into.
pub const GROUPS: &str = "groups";
/// Every claim that can be had, for discovery.
pub const CLAIMS: [&str; 6] = ["sub", "name", "preferred_username", "email", "email_verified", GROUPS];

/// Tells whether scopes open a claim (OIDC Core §5.4).
fn is_open(claim: &str, scopes: &Scopes) -> bool {
    match claim {
        "name" | "preferred_username" => scopes.contains(Scope::PROFILE),
        "email" | "email_verified" => scopes.contains(Scope::EMAIL),
        GROUPS => scopes.contains(GROUPS),
        _ => false,
    }
}

impl Issuer {
    /// Returns the claims that were asked for by name; what is not known of the person, and
    /// what nobody knows, is left out (OIDC Core §5.5.1).
    pub fn claims_named(&self, user: &User, names: &[&str]) -> Map<String, Value> {
        facts(user).into_iter().filter(|(name, _)| names.contains(&name.as_str())).collect()
    }
}

/// Returns the claims that scopes open, and those asked for by name.
pub(super) fn claims_open(user: &User, scopes: &Scopes, names: &[String]) -> Map<String, Value> {
    let is_wanted = |name: &str| is_open(name, scopes) || names.iter().any(|wanted| wanted == name);
    facts(user).into_iter().filter(|(name, _)| is_wanted(name)).collect()
}

/// Returns what is known.
fn facts(user: &User) -> Map<String, Value> {
    let Value::Object(mut facts) = json!({ "name": user.name, "preferred_username": user.username, "email": user.email }) else {
        return Map::new();
    };
    facts.retain(|_, fact| !fact.is_null());
    if user.email.is_some() {
        facts.insert("email_verified".to_owned(), user.is_email_proven.into());
    }
    facts
}
