//! The `claims` parameter: single facts that a client asks for (OIDC Core §5.5).

use serde_json::{Map, Value};

/// The longest value, in bytes.
const MAX_CLAIMS_BYTES: usize = 4_096;

/// A well-formed `claims` parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimsRequest {
    text: String,
    id_token: Map<String, Value>,
    userinfo: Map<String, Value>,
}

impl ClaimsRequest {
    /// Reads the JSON; `None` if it is none, or not of the form that the standard gives it.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_CLAIMS_BYTES {
            return None;
        }
        let Ok(Value::Object(mut whole)) = serde_json::from_str(text) else { return None };
        let mut part = |name: &str| match whole.remove(name) {
            None | Some(Value::Null) => Some(Map::new()),
            Some(Value::Object(part)) => Some(part),
            Some(_) => None,
        };
        let (id_token, userinfo) = (part("id_token")?, part("userinfo")?);
        let is_form = |wish: &Value| wish.is_null() || wish.is_object();
        let is_well_formed = id_token.values().chain(userinfo.values()).all(is_form);
        is_well_formed.then(|| Self { text: text.to_owned(), id_token, userinfo })
    }

    /// Returns the JSON as it came.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the names asked for in the ID Token.
    pub fn id_token_names(&self) -> impl Iterator<Item = &str> {
        self.id_token.keys().map(String::as_str)
    }

    /// Returns the names asked for at userinfo.
    pub fn userinfo_names(&self) -> Vec<String> {
        self.userinfo.keys().cloned().collect()
    }

    /// Returns the names asked for anywhere.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.id_token.keys().chain(self.userinfo.keys()).map(String::as_str)
    }

    /// Returns the subject that the ID Token must be about, if one is named (OIDC Core §5.5.1).
    pub fn subject(&self) -> Option<&str> {
        let wishes = [self.id_token.get("sub"), self.userinfo.get("sub")];
        wishes.into_iter().flatten().find_map(|wish| wish.get("value")?.as_str())
    }

    /// Tells whether the client cannot do without a strength of sign-in: none of ours has a
    /// name that it could know (OIDC Core §5.5.1.1).
    pub fn needs_unknown_context(&self) -> bool {
        let Some(wish) = self.id_token.get("acr") else { return false };
        let is_essential = wish.get("essential").and_then(Value::as_bool).unwrap_or(false);
        is_essential && (wish.get("value").is_some() || wish.get("values").is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_07_claims_are_read_as_the_standard_writes_them() {
        let claims =
            ClaimsRequest::parse(r#"{"userinfo":{"email":null},"id_token":{"sub":{"value":"x"},"name":{"essential":true}},"other":1}"#);
        let claims = claims.expect("well formed");

        assert_eq!(claims.userinfo_names(), ["email"]);
        assert_eq!(claims.id_token_names().collect::<Vec<_>>(), ["name", "sub"]);
        assert_eq!(claims.subject(), Some("x"));
        assert!(!claims.needs_unknown_context());
    }

    #[test]
    fn as_07_other_claims_are_refused() {
        for text in
            ["", "x", "[]", "1", r#"{"userinfo":[]}"#, r#"{"id_token":{"name":"x"}}"#, &format!("{{\"a\":\"{}\"}}", "x".repeat(5_000))]
        {
            assert_eq!(ClaimsRequest::parse(text), None, "{text}");
        }
    }

    #[test]
    fn as_07_an_essential_context_that_cannot_be_had_is_told() {
        for (acr, is_unmet) in [
            (r#"{"essential":true,"values":["urn:mace:incommon:iap:silver"]}"#, true),
            (r#"{"essential":true,"value":"2"}"#, true),
            (r#"{"values":["2"]}"#, false),
            (r#"{"essential":true}"#, false),
            ("null", false),
        ] {
            let claims = ClaimsRequest::parse(&format!(r#"{{"id_token":{{"acr":{acr}}}}}"#)).expect("well formed");
            assert_eq!(claims.needs_unknown_context(), is_unmet, "{acr}");
        }
    }
}
