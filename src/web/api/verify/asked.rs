//! What a proxy asks for, in the query of the address that it asks.

use std::time::Duration;

use crate::domain::admission::Wanted;
use crate::domain::group::Group;
use crate::domain::scope::{Scope, Scopes};
use crate::issuer::admission::TokenRules;
use crate::web::error::PageError;

/// What the proxy asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// What people have to be.
    pub wanted: Wanted,
    /// Whether whoever has to sign in is sent there.
    pub redirect: bool,
    /// What access tokens have to be; `None` where only sessions pass.
    pub tokens: Option<TokenRules>,
}

impl Asked {
    /// Reads a query; what is not understood is refused, for it might have been meant to keep somebody out.
    ///
    /// # Errors
    ///
    /// [`PageError::BadRequest`].
    pub fn parse(query: &str) -> Result<Self, PageError> {
        let mut asked = Self::default();
        let (mut scopes, mut audience, mut allows_clients) = (Scopes::default(), None, false);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match (name.as_ref(), value.as_ref()) {
                ("require", "verified_email") if !asked.wanted.verified_email => asked.wanted.verified_email = true,
                ("redirect", "true") if !asked.redirect => asked.redirect = true,
                ("group", group) if asked.wanted.group.is_none() => {
                    let group = Group::parse(group).map_err(|_| PageError::BadRequest("the group has no name that a group can have"))?;
                    asked.wanted.group = Some(group);
                }
                ("max_age_secs", seconds) if asked.wanted.max_age.is_none() => {
                    let seconds = seconds.parse().map_err(|_| PageError::BadRequest("max_age_secs is no number of seconds"))?;
                    asked.wanted.max_age = Some(Duration::from_secs(seconds));
                }
                ("scope", scope) if !scopes.contains(scope) => {
                    Scope::parse(scope).map_err(|_| PageError::BadRequest("the scope is none that a token can have"))?;
                    let scope = Scopes::parse(scope).map_err(|_| PageError::BadRequest("there are too many scopes"))?;
                    scopes = scopes.union(&scope);
                }
                ("audience", api) if audience.is_none() && !api.is_empty() => audience = Some(api.to_owned()),
                ("client", "true") if !allows_clients => allows_clients = true,
                _ => return Err(PageError::BadRequest("a parameter is unknown, came twice, or has no such value")),
            }
        }
        if !scopes.is_empty() {
            asked.tokens = Some(TokenRules { scopes, audience, allows_clients });
        } else if audience.is_some() || allows_clients {
            return Err(PageError::BadRequest("access tokens need a scope: say which one"));
        }
        Ok(asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_that_is_not_understood_is_refused() {
        let asked = Asked::parse("require=verified_email&group=editors&max_age_secs=60&redirect=true").expect("a query");
        assert!(asked.redirect && asked.wanted.verified_email && asked.wanted.max_age == Some(Duration::from_secs(60)));
        assert_eq!(asked.wanted.group.as_ref().map(Group::as_str), Some("editors"));

        for query in [
            "require=email",
            "require=verified_email&require=verified_email",
            "group=A",
            "group=a&group=b",
            "grop=a",
            "max_age_secs=x",
            "scope=",
            "scope=a%20b",
            "scope=a&scope=a",
            "audience=https://api.example",
            "client=true",
            "scope=a&client=yes",
            "scope=a&audience=",
        ] {
            assert!(Asked::parse(query).is_err(), "{query}");
        }
    }

    #[test]
    fn tokens_pass_only_where_a_scope_is_named() {
        assert_eq!(Asked::parse("group=editors").expect("a query").tokens, None);
        let tokens = Asked::parse("scope=tea:pour&scope=tea:drink&audience=https://tea.example/api&client=true").expect("a query").tokens;
        let tokens = tokens.expect("rules for tokens");
        assert_eq!((tokens.scopes.to_string().as_str(), tokens.allows_clients), ("tea:drink tea:pour", true));
        assert_eq!(tokens.audience.as_deref(), Some("https://tea.example/api"));
    }
}
