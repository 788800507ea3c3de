//! `/login`: password and providers side by side.

use askama::Template;

use super::ProviderButton;
use crate::web::page::{FormFault, Page};

/// The sign-in page; its form posts `identifier`, `password`, `csrf_token`, `return_to` to `/login`.
#[derive(Clone, Debug, Template)]
#[template(path = "signin.html")]
pub struct SigninPage {
    /// The frame.
    pub page: Page,
    /// What was typed as user name or address.
    pub identifier: String,
    /// Why the form was refused.
    pub fault: Option<FormFault>,
    /// Where to go afterwards.
    pub return_to: Option<String>,
    /// The other ways to sign in.
    pub providers: Vec<ProviderButton>,
    /// Whether to offer registration.
    pub may_sign_up: bool,
}
