//! Our own authorization server, for the applications behind us (RFC 6749, OpenID Connect Core 1.0).
//!
//! A client sends a person to `/oauth/authorize` and gets a code; it sends the code
//! to `/oauth/token` and gets tokens. All that one such yes leads to is a *family*:
//! a row that every code, refresh token and access token of it hangs on, so that
//! ending it ends them all.
//!
//! ```text
//! authorize ─▶ (sign-in) ─▶ (consent) ─▶ code ─▶ grants::code ─▶ tokens ─▶ grants::refresh ─▶ tokens …
//! device ────▶ (person at /device) ────────────▶ grants::device ─▶ tokens
//! ```
//!
//! | module | owns |
//! |---|---|
//! | [`parameters`] | reading a request's parameters |
//! | [`authorize`] | what a request may ask, what has to happen first, and the answer |
//! | [`client_auth`], [`assertion`] | who a client is, and signed words of others |
//! | [`registration`] | what a client may be registered as, and changing it |
//! | [`pkce`] | the proof that who redeems a code is who asked for it |
//! | [`grants`] | the token endpoint: one parse for all grants, one module for each |
//! | [`device`] | devices that wait, and the person who decides about them |
//! | [`consent`] | what people have allowed, listed and taken back |
//! | [`logout`] | ending a session from a client, and telling clients that one has ended |
//! | [`error`] | what a client is told when it gets no token |
//! | [`event`] | the log lines |
//!
//! Responses and templates are [`crate::web`]'s. Nothing here opens a session.

pub mod assertion;
pub mod authorize;
pub mod client_auth;
pub mod consent;
pub mod device;
pub mod error;
pub mod event;
pub mod grants;
pub mod logout;
pub mod parameters;
pub mod pkce;
pub mod registration;
pub mod shims;
pub use shims as access_token;
pub use shims as id_token;
pub use shims as facts;

use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Config;
use crate::domain::user::{Session, User};
use crate::keys::Keychain;
use crate::store::Store;

/// What every flow of the issuer needs: the parts, built once by [`crate::app`].
#[derive(Clone)]
pub struct Issuer {
    /// The settings.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Clock,
    /// The database.
    pub store: Store,
    /// What signs tokens.
    pub keys: Arc<Keychain>,
    /// Keys the names of throttle counters and of user codes.
    pub throttle: [u8; 32],
    /// Checks passwords, for the one grant that sends them.
    pub passwords: Arc<dyn grants::password::CheckPassword>,
}

impl Issuer {
    /// Returns the issuer identifier: the origin of our pages, to the letter (RFC 8414 §2).
    pub fn identifier(&self) -> String {
        self.config.server.origin()
    }
}

/// Somebody who is signed in, as the issuer sees them.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// Who.
    pub user: &'a User,
    /// The session.
    pub session: &'a Session,
}
