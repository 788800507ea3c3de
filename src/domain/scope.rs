//! What a token lets its holder do (RFC 6749 §3.3).

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// The longest scope, in bytes.
pub const MAX_SCOPE_BYTES: usize = 64;
/// The most scopes in one list.
pub const MAX_SCOPES: usize = 32;

/// Why a list of scopes is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// A scope has a character that no scope can have, or is too long.
    #[error("a scope is not made of plain characters, or too long")]
    Malformed,
    /// There are more scopes than fit.
    #[error("there are too many scopes")]
    TooMany,
}

/// One scope: plain ASCII without space, `"` and `\` (RFC 6749 §3.3, `scope-token`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope(String);

impl Scope {
    /// Asks for an ID Token (OIDC Core §3.1.2.1).
    pub const OPENID: &str = "openid";
    /// Asks for name and picture (OIDC Core §5.4).
    pub const PROFILE: &str = "profile";
    /// Asks for the address (OIDC Core §5.4).
    pub const EMAIL: &str = "email";
    /// Asks for a refresh token (OIDC Core §11).
    pub const OFFLINE_ACCESS: &str = "offline_access";
    /// Asks for the groups that operators have put the person into.
    pub const GROUPS: &str = "groups";
    /// The scopes that genkan itself gives a meaning to: all of them are about a person.
    pub const STANDARD: [&str; 5] = [Self::OPENID, Self::PROFILE, Self::EMAIL, Self::GROUPS, Self::OFFLINE_ACCESS];

    /// Parses one scope.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        let is_allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
        let is_valid = !text.is_empty() && text.len() <= MAX_SCOPE_BYTES && text.bytes().all(is_allowed);
        if is_valid { Ok(Self(text.to_owned())) } else { Err(ScopeError::Malformed) }
    }

    /// Returns the scope.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether genkan itself gives it a meaning.
    pub fn is_standard(&self) -> bool {
        Self::STANDARD.contains(&self.as_str())
    }
}

/// A set of scopes; its text is separated by single spaces, in alphabetical order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// Parses a list separated by spaces; order and repetition mean nothing (RFC 6749 §3.3).
    ///
    /// # Errors
    ///
    /// [`ScopeError`].
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        let scopes: BTreeSet<Scope> = text.split(' ').filter(|scope| !scope.is_empty()).map(Scope::parse).collect::<Result<_, _>>()?;
        if scopes.len() > MAX_SCOPES { Err(ScopeError::TooMany) } else { Ok(Self(scopes)) }
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether a scope is among them.
    pub fn contains(&self, scope: &str) -> bool {
        self.iter().any(|own| own.as_str() == scope)
    }

    /// Tells whether each of them is among the others too.
    pub fn is_subset(&self, others: &Self) -> bool {
        self.0.is_subset(&others.0)
    }

    /// Returns what both have.
    #[must_use]
    pub fn intersection(&self, others: &Self) -> Self {
        Self(self.0.intersection(&others.0).cloned().collect())
    }

    /// Returns what either has.
    #[must_use]
    pub fn union(&self, others: &Self) -> Self {
        Self(self.0.union(&others.0).cloned().collect())
    }

    /// Returns the same without one scope.
    #[must_use]
    pub fn without(&self, scope: &str) -> Self {
        Self(self.0.iter().filter(|own| own.as_str() != scope).cloned().collect())
    }

    /// Returns those that genkan itself gives no meaning to.
    #[must_use]
    pub fn without_standard(&self) -> Self {
        Self(self.0.iter().filter(|own| !own.is_standard()).cloned().collect())
    }

    /// Goes through the scopes in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, scope) in self.0.iter().enumerate() {
            f.write_str(if number == 0 { "" } else { " " })?;
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl TryFrom<String> for Scopes {
    type Error = ScopeError;

    fn try_from(text: String) -> Result<Self, ScopeError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(text: &str) -> Scopes {
        Scopes::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn order_and_repetition_of_scopes_mean_nothing() {
        assert_eq!(scopes("profile openid  profile "), scopes("openid profile"));
        assert_eq!(scopes("profile openid").to_string(), "openid profile");
        assert!(scopes("").is_empty() && scopes("  ").is_empty());
        assert!(scopes("https://api.example.com/read api:write").contains("api:write"));
    }

    #[test]
    fn tk_05_a_wider_list_is_no_subset() {
        assert!(scopes("openid").is_subset(&scopes("openid email")));
        assert!(!scopes("openid admin").is_subset(&scopes("openid email")));
        assert!(scopes("").is_subset(&scopes("")));
        assert_eq!(scopes("openid admin").intersection(&scopes("openid email")), scopes("openid"));
        assert_eq!(scopes("openid email").without("email"), scopes("openid"));
        assert_eq!(scopes("openid").union(&scopes("email")), scopes("email openid"));
    }

    #[test]
    fn scopes_are_plain_ascii_short_and_few() {
        for text in ["a\"b", "a\\b", "日本", "a\tb", "a\nb", "a\u{7f}", &"a".repeat(65)] {
            assert_eq!(Scopes::parse(text), Err(ScopeError::Malformed), "{text:?}");
        }
        let many: Vec<String> = (0..=MAX_SCOPES).map(|number| format!("s{number}")).collect();
        assert_eq!(Scopes::parse(&many.join(" ")), Err(ScopeError::TooMany));
    }
}
