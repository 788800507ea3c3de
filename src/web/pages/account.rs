//! `/account`: who one is here, how one gets in, and where one is signed in.

use askama::Template;
use chrono::{DateTime, Utc};

use crate::web::assets::Mark;
use crate::web::page::{FormFault, Page};
use crate::web::text::TextKey;

/// The account page. Its forms post, each with `csrf_token`:
///
/// - `name`, `email` to `/account/profile`;
/// - `current_password` (or `username`, if there is no password yet) and
///   `new_password` to `/account/password`;
/// - `session` to `/account/sessions/end`, nothing more to `/account/sessions/end-others`.
#[derive(Clone, Debug, Template)]
#[template(path = "account.html")]
pub struct AccountPage {
    /// The frame.
    pub page: Page,
    /// Whether this person may open the operators' pages.
    pub is_operator: bool,
    /// Name and address.
    pub profile: ProfileForm,
    /// The password, there or yet to be made.
    pub password: PasswordForm,
    /// The providers that are linked.
    pub ways: Vec<WayView>,
    /// Where this person is signed in, this browser first.
    pub sessions: Vec<SessionView>,
}

/// The form for name and address.
#[derive(Clone, Debug, Default)]
pub struct ProfileForm {
    /// The name as stored, or as typed.
    pub name: String,
    /// What is wrong with the name.
    pub name_fault: Option<TextKey>,
    /// The address as stored, or as typed.
    pub email: String,
    /// What is wrong with the address.
    pub email_fault: Option<TextKey>,
    /// Why the form was refused as a whole.
    pub fault: Option<FormFault>,
}

/// The form for the password.
#[derive(Clone, Debug, Default)]
pub struct PasswordForm {
    /// Whether there is a password to change; else one is added.
    pub has_password: bool,
    /// The user name as stored; without a password, as typed.
    pub username: String,
    /// What is wrong with the user name; only when a password is added.
    pub username_fault: Option<TextKey>,
    /// What is wrong with the current password.
    pub current_fault: Option<TextKey>,
    /// What is wrong with the new password.
    pub new_fault: Option<TextKey>,
    /// How many characters a password needs.
    pub min_length: usize,
    /// Why the form was refused as a whole.
    pub fault: Option<FormFault>,
}

/// One session in the list.
#[derive(Clone, Debug)]
pub struct SessionView {
    /// The session's id, for the button that ends it.
    pub id: String,
    /// The browser in a few words.
    pub browser: String,
    /// The display name of the provider; `None` for the password.
    pub method: Option<String>,
    /// When it was last used.
    pub seen: DateTime<Utc>,
    /// When it began.
    pub since: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// A provider that is linked.
#[derive(Clone, Debug)]
pub struct WayView {
    /// The provider's display name.
    pub name: String,
    /// Its mark.
    pub mark: Mark,
    /// When it was linked.
    pub since: DateTime<Utc>,
}

impl ProfileForm {
    /// Tells whether the form was refused.
    pub fn is_wrong(&self) -> bool {
        self.name_fault.is_some() || self.email_fault.is_some() || self.fault.is_some()
    }
}

impl PasswordForm {
    /// Tells whether the form was refused.
    pub fn is_wrong(&self) -> bool {
        self.username_fault.is_some() || self.current_fault.is_some() || self.new_fault.is_some() || self.fault.is_some()
    }
}

impl AccountPage {
    /// Tells whether there is a session to end beside this one.
    pub fn has_other_sessions(&self) -> bool {
        self.sessions.iter().any(|session| !session.is_current)
    }
}
