//! Query strings and form bodies, each name at most once (RFC 6749 §3.1).

use std::collections::BTreeMap;

/// Parameters by name; empty values count as absent (RFC 6749 §3.1).
#[derive(Clone, Debug, Default)]
pub(super) struct Form(BTreeMap<String, String>);

/// A parameter came twice.
#[derive(Debug)]
pub(super) struct Repeated;

impl Form {
    /// Reads `application/x-www-form-urlencoded` bytes.
    pub(super) fn read(raw: &[u8]) -> Result<Self, Repeated> {
        let mut form = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(raw) {
            if form.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(Repeated);
            }
        }
        form.retain(|_, value: &mut String| !value.is_empty());
        Ok(Self(form))
    }

    /// Returns a parameter that is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Returns a copy of a parameter.
    pub(super) fn owned(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

/// Escapes a value for a query string.
pub(super) fn escape(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_twice_is_refused_even_if_one_is_empty() {
        assert!(Form::read(b"code=a&state=b&code=").is_err());
        assert_eq!(Form::read(b"code=a+b%21&state=").expect("each once").get("code"), Some("a b!"));
        assert_eq!(Form::read(b"state=").expect("once").get("state"), None);
    }
}
