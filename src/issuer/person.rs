//! What a client may learn about a person, by scope or by name (OIDC Core §5.1, §5.4, §5.5).
//!
//! A name opens nothing that its scope would not: a client gets it only if that scope is
//! registered for it, and the person is asked in the scope's words (security.md TK-05, AS-08).

use serde_json::{Map, Value, json};

use super::Issuer;
use crate::domain::scope::{Scope, Scopes};
use crate::domain::user::User;
use crate::store::StoreError;

/// The claim that lists the groups that operators have put somebody into.
const GROUPS: &str = "groups";
/// Every claim that can be had, for discovery.
pub const CLAIMS: [&str; 6] = ["sub", "name", "preferred_username", "email", "email_verified", GROUPS];

/// Returns the scope that opens a claim (OIDC Core §5.4); `None` for what nobody knows.
pub(super) fn scope_of(claim: &str) -> Option<&'static str> {
    match claim {
        "name" | "preferred_username" => Some(Scope::PROFILE),
        "email" | "email_verified" => Some(Scope::EMAIL),
        GROUPS => Some(Scope::GROUPS),
        _ => None,
    }
}

/// Tells whether scopes open a claim.
pub(super) fn is_open(claim: &str, scopes: &Scopes) -> bool {
    scope_of(claim).is_some_and(|scope| scopes.contains(scope))
}

impl Issuer {
    /// Returns what userinfo tells: the claims that scopes open, and those asked for by name.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the groups cannot be looked up.
    pub(super) async fn claims_open(&self, user: &User, scopes: &Scopes, names: &[String]) -> Result<Map<String, Value>, StoreError> {
        self.facts(user, |claim| is_open(claim, scopes) || names.iter().any(|name| name == claim)).await
    }

    /// Returns what an ID Token tells beside the protocol's own claims: those asked for by name,
    /// and the groups if their scope was given. The other scopes are userinfo's (OIDC Core §5.4);
    /// for this one there is no standard, and applications look for it here.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the groups cannot be looked up.
    pub(super) async fn claims_of_id_token(&self, user: &User, scopes: &Scopes, names: &[&str]) -> Result<Map<String, Value>, StoreError> {
        self.facts(user, |claim| names.contains(&claim) || (claim == GROUPS && is_open(claim, scopes))).await
    }

    /// Returns what is known and wanted; what is not known is left out (OIDC Core §5.5.1).
    async fn facts(&self, user: &User, is_wanted: impl Fn(&str) -> bool) -> Result<Map<String, Value>, StoreError> {
        let is_verified = user.email.is_some().then_some(user.is_email_proven);
        let facts = json!({
            "name": user.name, "preferred_username": user.username, "email": user.email, "email_verified": is_verified,
        });
        let Value::Object(mut facts) = facts else { return Ok(Map::new()) };
        facts.retain(|claim, fact| !fact.is_null() && is_wanted(claim));
        if is_wanted(GROUPS) {
            facts.insert(GROUPS.to_owned(), self.store.list_groups(user.id).await?.into());
        }
        Ok(facts)
    }
}
