//! `/auth/{provider}`: the page before the trip, and the one that catches a cross-site answer.

use askama::Template;

use super::ProviderButton;
use crate::signin::attempt::Purpose;
use crate::web::page::Page;

/// One button, so that a bare link signs nobody in; posts `csrf_token`, `return_to`
/// and `purpose` to `/auth/{provider}`.
#[derive(Clone, Debug, Template)]
#[template(path = "interstitial.html")]
pub struct InterstitialPage {
    /// The frame.
    pub page: Page,
    /// Whom to go to.
    pub provider: ProviderButton,
    /// What for.
    pub purpose: Purpose,
    /// Where to go afterwards.
    pub return_to: Option<String>,
    /// Whether the browser looks like one inside another app, which providers refuse.
    pub is_in_app: bool,
}

/// One button that posts what a provider sent once more, from our own origin.
#[derive(Clone, Debug, Template)]
#[template(path = "bounce.html")]
pub struct BouncePage {
    /// The frame.
    pub page: Page,
    /// The display name of the provider.
    pub provider: String,
    /// The path to post to.
    pub action: String,
    /// What to post: names and values, in order.
    pub fields: Vec<(String, String)>,
}
