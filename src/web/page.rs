//! What every page has, whatever it is about.

use super::assets;
use super::flash_view::FlashView;
use super::issuer::application::Application;
use super::text::{TextKey, Texts};

/// The frame around a page: language, who is signed in, what is to be said once.
#[derive(Clone, Debug)]
pub struct Page {
    /// The words, in the person's language.
    pub texts: &'static Texts,
    /// What every form of the page carries (security.md WB-01).
    pub csrf_token: String,
    /// The name of whoever is signed in.
    pub signed_in: Option<String>,
    /// Why a sign-in failed, shown once.
    pub flash: Option<FlashView>,
    /// What went well, shown once.
    pub notice: Option<Notice>,
    /// The path of this page, to come back to after a change of language.
    pub path: String,
    /// Whether the browser looks like one inside another app, which providers refuse.
    pub is_in_app: bool,
    /// The application that the person signs in for, and the way back to it.
    pub application: Option<Application>,
}

impl Page {
    /// Returns a text without variables.
    pub fn text(&self, key: TextKey) -> &'static str {
        self.texts.get(key)
    }

    /// Tells whether nothing is to be said, so that there is room for a welcome.
    pub fn is_quiet(&self) -> bool {
        self.flash.is_none() && self.notice.is_none()
    }

    /// Returns the address of a file of `static/`.
    pub fn asset(&self, name: &'static str) -> &'static str {
        assets::url(name)
    }
}

/// Something that went well, or at least as asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The session has ended.
    SignedOut,
    /// An account was made just now.
    Welcome,
    /// Name and address were saved.
    ProfileSaved,
    /// The password was changed; other sessions ended.
    PasswordChanged,
    /// A password was added to an account that had none.
    PasswordAdded,
    /// A new password was set with a one-time link; sign in with it.
    PasswordReset,
    /// A way to sign in was added.
    Linked,
    /// A way to sign in was removed.
    Unlinked,
    /// One other session was ended.
    SessionEnded,
    /// All other sessions were ended.
    SessionsEnded,
    /// An operator's act was done.
    Acted,
    /// What an application was allowed was taken back.
    ConsentRevoked,
    /// An application was changed.
    ApplicationSaved,
    /// An application was deleted.
    ApplicationDeleted,
    /// The old secret of an application was ended.
    SecretEnded,
}

impl Notice {
    /// Every notice.
    pub const ALL: [Self; 15] = [
        Self::SignedOut,
        Self::Welcome,
        Self::ProfileSaved,
        Self::PasswordChanged,
        Self::PasswordAdded,
        Self::PasswordReset,
        Self::Linked,
        Self::Unlinked,
        Self::SessionEnded,
        Self::SessionsEnded,
        Self::Acted,
        Self::ConsentRevoked,
        Self::ApplicationSaved,
        Self::ApplicationDeleted,
        Self::SecretEnded,
    ];

    /// Returns the key of the text, which is also its name in the session cookie.
    pub fn key(self) -> TextKey {
        match self {
            Self::SignedOut => "notice-signed-out",
            Self::Welcome => "notice-welcome",
            Self::ProfileSaved => "notice-profile-saved",
            Self::PasswordChanged => "notice-password-changed",
            Self::PasswordAdded => "notice-password-added",
            Self::PasswordReset => "notice-password-reset",
            Self::Linked => "notice-linked",
            Self::Unlinked => "notice-unlinked",
            Self::SessionEnded => "notice-session-ended",
            Self::SessionsEnded => "notice-sessions-ended",
            Self::Acted => "notice-acted",
            Self::ConsentRevoked => "notice-consent-revoked",
            Self::ApplicationSaved => "notice-application-saved",
            Self::ApplicationDeleted => "notice-application-deleted",
            Self::SecretEnded => "notice-secret-ended",
        }
    }

    /// Finds a notice by its key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.key() == key)
    }
}

/// What is wrong with a form as a whole, beside the faults of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormFault {
    /// Identifier and password do not belong together: nothing more is told (security.md SI-03).
    WrongCredentials,
    /// Too many tries.
    Throttled {
        /// How long to wait, in minutes, rounded up.
        minutes: u64,
    },
    /// Every hashing thread is busy.
    Busy,
    /// The change needs a sign-in of just now (security.md SE-06).
    NotFresh,
}
