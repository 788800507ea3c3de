//! An authorization response, before it is written as a redirect or a form.

use std::fmt;

use crate::domain::client::ResponseMode;

use super::destination::Destination;

/// What the browser takes to the client.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    redirect_uri: String,
    mode: ResponseMode,
    fields: Vec<(&'static str, String)>,
    /// What the client is called, for the page that posts a form.
    client_name: String,
}

/// Shows the names of the fields alone: one is the code (security.md LG-03).
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.iter().map(|(name, _)| name).collect();
        f.debug_struct("Answer").field("redirect_uri", &self.redirect_uri).field("fields", &names).finish_non_exhaustive()
    }
}

impl Answer {
    /// Adds to `fields` what stands in every answer: the state, as it came, and who
    /// answers (RFC 6749 §4.1.2; RFC 9207 §2; security.md AS-05).
    pub(super) fn new(to: &Destination, issuer: &str, mut fields: Vec<(&'static str, String)>) -> Self {
        fields.extend(to.state().map(|state| ("state", state.to_owned())));
        fields.push(("iss", issuer.to_owned()));
        let client_name = to.client().metadata.name.to_string();
        Self { redirect_uri: to.redirect_uri().to_owned(), mode: to.response_mode(), fields, client_name }
    }

    /// Returns the way in which it travels.
    pub fn mode(&self) -> ResponseMode {
        self.mode
    }

    /// Returns where it goes, without the answer itself.
    pub fn action(&self) -> &str {
        &self.redirect_uri
    }

    /// Returns names and values, in order.
    pub fn fields(&self) -> &[(&'static str, String)] {
        &self.fields
    }

    /// Returns what the client is called.
    pub fn client_name(&self) -> &str {
        &self.client_name
    }

    /// Returns the address with the answer in its query; a query of its own is kept (RFC 6749 §3.1.2).
    pub fn location(&self) -> String {
        let separator = match self.redirect_uri.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish();
        format!("{}{separator}{query}", self.redirect_uri)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(redirect_uri: &str) -> Answer {
        let fields = vec![("code", "a b".to_owned()), ("iss", "https://a.example".to_owned())];
        Answer { redirect_uri: redirect_uri.to_owned(), mode: ResponseMode::Query, fields, client_name: String::new() }
    }

    #[test]
    fn lg_03_debug_output_holds_no_code() {
        let shown = format!("{:?}", answer("https://c.example/cb"));

        assert!(shown.contains("\"code\"") && !shown.contains("a b"), "{shown}");
    }

    #[test]
    fn an_answer_is_added_to_the_address_as_registered() {
        for (registered, location) in [
            ("https://c.example/cb", "https://c.example/cb?code=a+b&iss=https%3A%2F%2Fa.example"),
            ("https://c.example/cb?x=1", "https://c.example/cb?x=1&code=a+b&iss=https%3A%2F%2Fa.example"),
            ("https://c.example/cb?", "https://c.example/cb?code=a+b&iss=https%3A%2F%2Fa.example"),
            ("com.example.app:/cb", "com.example.app:/cb?code=a+b&iss=https%3A%2F%2Fa.example"),
        ] {
            assert_eq!(answer(registered).location(), location);
        }
    }
}
