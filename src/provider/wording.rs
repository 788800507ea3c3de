//! What a refusal is about, by its words; only ever for precision, every miss falls back to the general rule.
//!
//! Texts are for developers and change without notice, so nothing is decided by
//! them but which of several refusals it was (security.md SO-13).

/// What our client is called in texts.
const CLIENT: [&str; 8] =
    ["client secret", "client id", "client credentials", "client authentication", "app secret", "app id", "application id", "consumer key"];
/// How texts say that something was not taken.
const REFUSED: [&str; 8] = ["invalid", "bad ", "wrong", "incorrect", "unknown", "mismatch", "not match", "error validating"];

/// RFC 7636 §4.6 has no code of its own for a verifier that does not match.
pub(super) fn is_about_verifier(text: &str) -> bool {
    names_any(&plain(text), &["code verifier", "code challenge", "pkce"])
}

/// Tells a code or text that refuses our client: `invalid_client`, `incorrect_client_credentials`, "Error validating client secret."
pub(super) fn refuses_client(text: &str) -> bool {
    let text = plain(text);
    names_any(&text, &REFUSED) && (text == "invalid client" || names_any(&text, &CLIENT))
}

/// Tells a text that speaks of our client.
pub(super) fn names_client(text: &str) -> bool {
    names_any(&plain(text), &CLIENT)
}

/// Tells a text that refuses the access token.
pub(super) fn refuses_token(text: &str) -> bool {
    let text = plain(text);
    let is_spent = names_any(&text, &REFUSED) || names_any(&text, &["expired", "revoked", "does not exist"]);
    (is_spent && text.contains("token")) || text.contains("authentication failed")
}

/// Writes a code as the standards do: small letters, underscores between words.
pub(super) fn word(code: &str) -> String {
    let (mut word, mut before) = (String::new(), ' ');
    for letter in code.trim().chars() {
        if letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
            word.push('_');
        }
        word.push(if matches!(letter, '-' | ' ') { '_' } else { letter.to_ascii_lowercase() });
        before = letter;
    }
    word
}

/// Writes codes and texts alike: small letters, blanks between words.
fn plain(text: &str) -> String {
    text.to_ascii_lowercase().replace(['_', '-'], " ")
}

fn names_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_client_is_told_from_a_parameter_that_is_missing() {
        for (text, expected) in [
            ("invalid_client", true),
            ("invalid_client_id", true),
            ("bad_client_secret", true),
            ("incorrect_client_credentials", true),
            ("invalid client secret", true),
            ("Error validating application. Invalid application ID.", true),
            ("Missing required parameter [client_id].", false),
            ("invalid_request", false),
            ("bad_verification_code", false),
            ("", false),
        ] {
            assert_eq!(refuses_client(text), expected, "{text}");
        }
    }

    #[test]
    fn a_refused_token_is_told_from_a_permission_that_is_missing() {
        for (text, expected) in [
            ("Invalid token.", true),
            ("invalid credential, access_token is invalid or not latest", true),
            ("this access token does not exist", true),
            ("Authentication failed", true),
            ("Insufficient privileges to complete the operation.", false),
            ("Missing required token scope", false),
        ] {
            assert_eq!(refuses_token(text), expected, "{text}");
        }
    }

    #[test]
    fn a_code_is_the_same_in_every_spelling() {
        for code in ["invalid_grant", "INVALID_GRANT", "Invalid-Grant", "invalidGrant", " invalid grant"] {
            assert_eq!(word(code), "invalid_grant");
        }
        assert_eq!(word("40029"), "40029");
    }

    #[test]
    fn a_verifier_is_recognised_in_every_spelling() {
        for text in ["The Code_Verifier does not match", "PKCE verification failed", "code-challenge missing"] {
            assert!(is_about_verifier(text), "{text}");
        }
        assert!(!is_about_verifier("code is invalid"));
    }
}
