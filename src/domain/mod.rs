//! Parsed values and the rules they obey, without any I/O.
//!
//! Types parse: whoever holds an [`email::Email`] holds a valid one.

pub mod admission;
pub mod audit;
pub mod client;
pub mod email;
pub mod group;
pub mod identifier;
pub mod identity;
pub mod ids;
pub mod language;
pub mod name;
pub mod password;
pub mod redirect_uri;
pub mod return_to;
pub mod scope;
pub mod thumbprint;
pub mod user;
