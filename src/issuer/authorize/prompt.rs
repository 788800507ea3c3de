//! `prompt`, `max_age` and the other wishes about how a person signs in (OIDC Core §3.1.2.1).

/// What `prompt` asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of its own in the protocol")]
pub struct Prompt {
    /// Show nothing: answer or fail.
    pub is_none: bool,
    /// Let the person sign in, whether signed in or not.
    pub login: bool,
    /// Ask for consent, whether given or not.
    pub consent: bool,
    /// Let the person choose who they are.
    pub select_account: bool,
}

impl Prompt {
    /// Reads a list separated by spaces; words that we do not know mean nothing here.
    /// `None` if `none` stands beside another.
    pub fn parse(text: &str) -> Option<Self> {
        let mut prompt = Self::default();
        for word in text.split(' ') {
            match word {
                "none" => prompt.is_none = true,
                "login" => prompt.login = true,
                "consent" => prompt.consent = true,
                "select_account" => prompt.select_account = true,
                _ => {}
            }
        }
        let is_mixed = prompt.is_none && text.split(' ').filter(|word| !word.is_empty()).count() > 1;
        (!is_mixed).then_some(prompt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_07_none_stands_alone() {
        assert_eq!(Prompt::parse("none"), Some(Prompt { is_none: true, ..Prompt::default() }));
        assert_eq!(Prompt::parse("login consent"), Some(Prompt { login: true, consent: true, ..Prompt::default() }));
        assert_eq!(Prompt::parse("create"), Some(Prompt::default()));
        for mixed in ["none login", "consent none", "none unknown"] {
            assert_eq!(Prompt::parse(mixed), None, "{mixed}");
        }
    }
}
