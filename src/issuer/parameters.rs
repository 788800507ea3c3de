//! The parameters of a request to the issuer, read once and by one rule.
//!
//! "Parameters sent without a value MUST be treated as if they were omitted",
//! unknown ones are ignored and repeated ones are errors (RFC 6749 §3.1, §3.2).
//! What is not UTF-8, holds NUL, or is too much, cannot be read at all.

use std::fmt;

/// How many parameters a request may have, those that nobody asked for included.
const MAX_PARAMETERS: usize = 64;
/// How long all of them together may be, in bytes.
pub const MAX_BYTES: usize = 16 * 1_024;

/// The parameters of one request, in order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

/// Shows names alone: values are codes, tokens, secrets, states (security.md LG-03).
impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Why parameters cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameters cannot be read")]
pub struct Unreadable;

impl Parameters {
    /// Reads a query or a form (`application/x-www-form-urlencoded`).
    ///
    /// # Errors
    ///
    /// [`Unreadable`] for too many, too long ones, and for what is not UTF-8.
    pub fn parse(raw: &[u8]) -> Result<Self, Unreadable> {
        if raw.len() > MAX_BYTES {
            return Err(Unreadable);
        }
        let mut all = Vec::new();
        for pair in raw.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            if all.len() == MAX_PARAMETERS {
                return Err(Unreadable);
            }
            let (name, value) = pair.iter().position(|byte| *byte == b'=').map_or((pair, &[][..]), |at| (&pair[..at], &pair[at + 1..]));
            all.push((decode(name)?, decode(value)?));
        }
        Ok(Self(all))
    }

    /// Finds a parameter; one that is empty or repeated counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let value = values.next()?;
        (values.next().is_none() && !value.is_empty()).then_some(value)
    }

    /// Tells whether a parameter came at all, empty or not.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Tells whether any of these parameters came more than once.
    pub fn repeats(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.0.iter().filter(|(known, _)| known == name).count() > 1)
    }

    /// Adds a parameter, in place of any of that name.
    pub fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// Takes every parameter of that name out.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    /// Writes them as a query again.
    pub fn encode(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

impl FromIterator<(String, String)> for Parameters {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// Decodes one name or value; unlike the URL standard, what is not UTF-8 is refused, and so is
/// NUL, which no parameter of any standard has and which PostgreSQL cannot store (security.md HT-04).
pub(super) fn decode(text: &[u8]) -> Result<String, Unreadable> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes.push(digit(*high) << 4 | digit(*low));
                rest = after;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0')).ok_or(Unreadable)
}

/// Returns the value of a hexadecimal digit.
fn digit(letter: u8) -> u8 {
    match letter {
        b'0'..=b'9' => letter - b'0',
        _ => (letter | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lg_03_debug_output_shows_names_alone() {
        let parameters = Parameters::parse(b"code=secret&client_secret=secret").expect("well formed");

        assert_eq!(format!("{parameters:?}"), r#"["code", "client_secret"]"#);
    }

    fn parse(text: &str) -> Parameters {
        Parameters::parse(text.as_bytes()).expect("parameters")
    }

    #[test]
    fn as_06_an_empty_parameter_is_absent_and_a_repeated_one_is_told() {
        let parameters = parse("scope=a+b%2fc&state=&state2&x=1&x=1");

        assert_eq!(parameters.get("scope"), Some("a b/c"));
        assert_eq!((parameters.get("state"), parameters.has("state")), (None, true));
        assert_eq!((parameters.get("x"), parameters.has("none")), (None, false));
        assert!(parameters.repeats(&["scope", "x"]));
        assert!(!parameters.repeats(&["scope", "state"]));
    }

    #[test]
    fn ht_02_too_many_too_long_and_broken_ones_are_refused() {
        assert_eq!(Parameters::parse(&b"a=1&".repeat(65)), Err(Unreadable));
        assert_eq!(Parameters::parse(&vec![b'a'; MAX_BYTES + 1]), Err(Unreadable));
        assert_eq!(Parameters::parse(b"a=%ff"), Err(Unreadable));
        assert_eq!(Parameters::parse(b"a=b%00"), Err(Unreadable));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(pairs in proptest::collection::vec(("\\PC{0,8}", "\\PC{0,8}"), 0..8)) {
            let parameters: Parameters = pairs.into_iter().filter(|(name, value)| !name.is_empty() || !value.is_empty()).collect();
            prop_assert_eq!(Parameters::parse(parameters.encode().as_bytes()), Ok(parameters));
        }

        #[test]
        fn nothing_makes_reading_panic(raw in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = Parameters::parse(&raw);
        }
    }
}
