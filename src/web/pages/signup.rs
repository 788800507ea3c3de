//! `/register`: making an account with a password.

use askama::Template;

use super::ProviderButton;
use crate::account::signup::SignupFaults;
use crate::web::fault_text;
use crate::web::page::{FormFault, Page};
use crate::web::text::TextKey;

/// The registration page; its form posts `name`, `username`, `email`, `password`,
/// `csrf_token`, `return_to` and `invitation` to `/register`.
#[derive(Clone, Debug, Template)]
#[template(path = "signup.html")]
pub struct SignupPage {
    /// The frame.
    pub page: Page,
    /// What was typed as name.
    pub name: String,
    /// What was typed as user name.
    pub username: String,
    /// What was typed as address.
    pub email: String,
    /// What is wrong with the fields.
    pub faults: SignupFaultsView,
    /// Why the form was refused as a whole.
    pub fault: Option<FormFault>,
    /// Where to go afterwards.
    pub return_to: Option<String>,
    /// How many characters a password needs.
    pub min_length: usize,
    /// Whether an address is required.
    pub email_required: bool,
    /// The token of an invitation.
    pub invitation: Option<String>,
    /// The other ways to make an account.
    pub providers: Vec<ProviderButton>,
}

/// The faults of the registration form, as keys of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignupFaultsView {
    /// The name.
    pub name: Option<TextKey>,
    /// The user name.
    pub username: Option<TextKey>,
    /// The address.
    pub email: Option<TextKey>,
    /// The password.
    pub password: Option<TextKey>,
}

impl SignupFaultsView {
    /// Tells whether any field is wrong.
    pub fn any(&self) -> bool {
        *self != Self::default()
    }

    /// Lists the wrong fields: the id of each, and the key of its label.
    pub fn wrong_fields(&self) -> impl Iterator<Item = (&'static str, TextKey)> {
        let fields = [
            (self.name, "name", "signup-name"),
            (self.username, "username", "signup-username"),
            (self.email, "email", "signup-email"),
            (self.password, "password", "signup-password"),
        ];
        fields.into_iter().filter_map(|(fault, id, label)| fault.map(|_| (id, label)))
    }
}

impl From<&SignupFaults> for SignupFaultsView {
    fn from(faults: &SignupFaults) -> Self {
        Self {
            name: faults.name.map(fault_text::of_name),
            username: faults.username.map(fault_text::of_username),
            email: faults.email.map(fault_text::of_email),
            password: faults.password.map(fault_text::of_password),
        }
    }
}
