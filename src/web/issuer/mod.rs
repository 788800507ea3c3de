//! The issuer's endpoints and pages: what [`crate::issuer`] decides, as answers.
//!
//! Endpoints for programs ([`token`]) take forms and
//! give JSON that nothing may store. Pages for people ([`authorize`], [`consent`],
//! [`device`], [`logout`], [`farewell`]) are ours like any other. While a client waits for its person,
//! every page on the way offers to go back to it ([`application`]).

pub mod answer;
pub mod application;
pub mod authorize;
pub mod consent;
pub mod device;
pub mod farewell;
pub mod logout;
pub mod registration;
pub mod token;

use crate::issuer::Person;
use crate::web::signed_in::MaybeSignedIn;

/// Returns who is signed in, as the issuer sees them.
pub fn person(who: &MaybeSignedIn) -> Option<Person<'_>> {
    who.0.as_deref().map(|who| Person { user: &who.user, session: &who.session })
}
