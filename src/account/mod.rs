//! What people do to their own account: make it, describe it, guard it.
//!
//! Roads into a session are [`crate::signin`]'s.

pub mod address;
pub mod links;
pub mod overview;
pub mod password;
pub mod profile;
mod rules;
pub mod signup;
pub mod ways;
