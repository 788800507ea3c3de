//! What a person types to say who they are.

use super::email::Email;
use super::name::Username;

/// A user name or an e-mail address, told apart by form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identifier {
    /// Anything that can be a user name.
    Username(Username),
    /// Anything with an at-sign that is an address.
    Email(Email),
    /// Whatever can belong to nobody. It costs the same work as the others.
    Nobody,
}

impl Identifier {
    /// Parses what was typed; never fails, for a refusal would tell something.
    pub fn parse(text: &str) -> Self {
        if text.contains('@') {
            Email::parse(text).map_or(Self::Nobody, Self::Email)
        } else {
            Username::parse(text).map_or(Self::Nobody, Self::Username)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_told_apart_by_form() {
        assert!(matches!(Identifier::parse("hanako"), Identifier::Username(_)));
        assert!(matches!(Identifier::parse("090"), Identifier::Username(_)));
        assert!(matches!(Identifier::parse("hanako@example.com"), Identifier::Email(_)));
        for nobody in ["", "@", "a@b", "+81 90 1234 5678", "花子"] {
            assert_eq!(Identifier::parse(nobody), Identifier::Nobody, "{nobody}");
        }
    }
}
