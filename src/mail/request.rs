//! Letters that a visitor asks for by typing an address or a user name; each holds one link.
//!
//! Whoever types need not be whoever reads. So nothing that they typed is in such a
//! letter, or else our mail server would carry a stranger's words to whomever they choose.

use std::time::Duration;

use url::Url;

use super::Letter;
use crate::domain::email::Email;
use crate::domain::language::Language;
use crate::text::{TextKey, Texts};

/// For how long a link works that proves an address.
pub const PROOF_TTL: Duration = Duration::from_secs(24 * 3_600);
/// For how long a mailed link works that sets a new password.
pub const RESET_TTL: Duration = Duration::from_secs(3_600);

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// An account wants this address: here is the link that proves it.
    ProveAddress(Url),
    /// An account wants this address, which is another's already: here is the sign-in page (security.md EM-12).
    AddressInUse(Url),
    /// The password is forgotten: here is the link that sets a new one.
    SetPassword(Url),
}

impl Request {
    /// Returns the keys of the subject and of what stands before and after the link.
    fn keys(&self) -> [TextKey; 3] {
        match self {
            Self::ProveAddress(_) => ["mail-prove-subject", "mail-prove", "mail-prove-terms"],
            Self::AddressInUse(_) => ["mail-in-use-subject", "mail-in-use", "mail-in-use-terms"],
            Self::SetPassword(_) => ["mail-set-password-subject", "mail-set-password", "mail-set-password-terms"],
        }
    }

    fn link(&self) -> &Url {
        match self {
            Self::ProveAddress(link) | Self::AddressInUse(link) | Self::SetPassword(link) => link,
        }
    }

    /// Returns for how long the letter is of use.
    fn lifetime(&self) -> Duration {
        match self {
            Self::ProveAddress(_) | Self::AddressInUse(_) => PROOF_TTL,
            Self::SetPassword(_) => RESET_TTL,
        }
    }
}

/// Writes a letter to one address, as from `origin`, the origin of our pages (security.md EM-04).
pub fn write(request: &Request, to: &Email, language: Language, origin: &str) -> Letter {
    let texts = Texts::of(language);
    let [subject, before, after] = request.keys();
    let paragraphs = [
        texts.with(before, "site", origin),
        request.link().to_string(),
        texts.get(after).to_owned(),
        texts.with("mail-asked-signature", "site", origin),
    ];
    Letter { lifetime: request.lifetime(), ..Letter::new(to.as_str(), texts.get(subject), &paragraphs) }
}
