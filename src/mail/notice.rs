//! What a person is told by mail about their own account.

use chrono::{DateTime, Utc};

use super::Letter;
use crate::domain::language::Language;
use crate::domain::user::User;
use crate::text::{TextKey, Texts};

/// Something that happened to an account and that its owner should hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The password was changed by somebody who knew the old one (security.md PW-07).
    PasswordChanged,
    /// A password was added to an account without one.
    PasswordAdded,
    /// A password was set with a link.
    PasswordReset,
    /// A way to sign in was linked; names the provider (security.md LK-07).
    LinkAdded(String),
    /// A way to sign in was removed; names the provider.
    LinkRemoved(String),
    /// The address was changed; goes to the old one (security.md EM-11).
    EmailChanged,
    /// Somebody signed in with a browser that was not used before (security.md SI-11).
    NewDevice,
    /// The password was tried in vain, again and again.
    ManyTries,
}

impl Notice {
    /// Returns the keys of subject and first paragraph.
    fn keys(&self) -> (TextKey, TextKey) {
        match self {
            Self::PasswordChanged => ("mail-password-changed-subject", "mail-password-changed"),
            Self::PasswordAdded => ("mail-password-added-subject", "mail-password-added"),
            Self::PasswordReset => ("mail-password-reset-subject", "mail-password-reset"),
            Self::LinkAdded(_) => ("mail-link-added-subject", "mail-link-added"),
            Self::LinkRemoved(_) => ("mail-link-removed-subject", "mail-link-removed"),
            Self::EmailChanged => ("mail-email-changed-subject", "mail-email-changed"),
            Self::NewDevice => ("mail-new-device-subject", "mail-new-device"),
            Self::ManyTries => ("mail-many-tries-subject", "mail-many-tries"),
        }
    }

    fn provider(&self) -> &str {
        match self {
            Self::LinkAdded(provider) | Self::LinkRemoved(provider) => provider,
            Self::PasswordChanged | Self::PasswordAdded | Self::PasswordReset | Self::EmailChanged | Self::NewDevice | Self::ManyTries => {
                ""
            }
        }
    }
}

/// What stands in every notice: when, with what, and where to look.
#[derive(Clone, Debug)]
pub struct Circumstances<'a> {
    /// The person's language.
    pub language: Language,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The browser in a few words of ours; empty if none is known.
    pub browser: &'a str,
    /// The origin of our pages, from the configuration (security.md EM-04).
    pub origin: &'a str,
}

/// Writes a notice to the address that the account has.
///
/// `None` where the account has none that counts as proven: nobody knows whose it is.
pub fn write(notice: &Notice, user: &User, circumstances: &Circumstances<'_>) -> Option<Letter> {
    let to = user.email.as_deref().filter(|_| user.is_email_proven)?;
    let texts = Texts::of(circumstances.language);
    let (subject, what) = notice.keys();
    let mut paragraphs = vec![
        texts.with("mail-greeting", "name", &user.name),
        texts.with(what, "provider", notice.provider()),
        texts.with("mail-when", "time", &texts.time(circumstances.at)),
    ];
    if !circumstances.browser.is_empty() {
        paragraphs.push(texts.with("mail-browser", "browser", circumstances.browser));
    }
    paragraphs.push(texts.with("mail-not-you", "link", &format!("{}/account", circumstances.origin)));
    paragraphs.push(texts.with("mail-signature", "site", circumstances.origin));
    Some(Letter::new(to, &texts.with(subject, "provider", notice.provider()), &paragraphs))
}
