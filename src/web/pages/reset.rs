//! `/forgot` and `/reset/{token}`: back in without the password.

use askama::Template;

use crate::web::page::{FormFault, Page};
use crate::web::text::TextKey;

/// Says how to get a reset link; this version sends no mail, so operators hand them over.
#[derive(Clone, Debug, Template)]
#[template(path = "forgot.html")]
pub struct ForgotPage {
    /// The frame.
    pub page: Page,
}

/// Takes a new password; posts `password` and `csrf_token` to `/reset/{token}`.
#[derive(Clone, Debug, Template)]
#[template(path = "reset.html")]
pub struct ResetPage {
    /// The frame.
    pub page: Page,
    /// The token of the link; `None` if the link does not work (any more).
    pub token: Option<String>,
    /// The account's user name, for password managers.
    pub username: String,
    /// What is wrong with the new password.
    pub password_fault: Option<TextKey>,
    /// Why the form was refused as a whole.
    pub fault: Option<FormFault>,
    /// How many characters a password needs.
    pub min_length: usize,
}
