//! The endpoints of the issuer that read tokens, and what tells others about it.

pub mod discovery;
pub mod tokens;
pub mod userinfo;
