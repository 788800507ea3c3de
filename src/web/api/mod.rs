//! JSON for single-page applications.
//!
//! What changes something needs `Content-Type: application/json` and an `Origin`
//! of ours; that replaces the forms' token. Errors are `{"error",
//! "error_description"}`, a failed sign-in has `category`, `cause` and `reference` too.

pub mod failures;
pub mod json;
pub mod me;
pub mod session;
pub mod social;
pub mod users;
pub mod verify;
