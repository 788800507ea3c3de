//! What stands behind genkan: tokens that are read, requests that may pass.

mod bearer;
mod discovery;
mod introspection;
mod keys;
mod proxies;
mod userinfo;
mod verify;
mod verify_tokens;
