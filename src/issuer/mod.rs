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
//! | [`known_client`] | clients, as they were a moment ago |
//! | [`client_auth`], [`assertion`], [`pem`] | who a client is, signed words of others, and their keys |
//! | [`registration`] | what a client may be registered as, and changing it |
//! | [`pkce`] | the proof that who redeems a code is who asked for it |
//! | [`grants`] | the token endpoint: one parse for all grants, one module for each |
//! | [`device`] | devices that wait, and the person who decides about them |
//! | [`consent`] | what people have allowed, listed and taken back |
//! | [`logout`], [`backchannel`], [`frontchannel`] | ending a session from a client, and telling clients that one has ended |
//! | [`access_token`], [`id_token`], [`facts`] | what tokens say, and making them |
//! | [`bearer`] | reading an access token, and whether it counts |
//! | [`dpop`] | tokens that only the holder of a key can use |
//! | [`admission`] | whether one lets a request pass to an API behind a proxy |
//! | [`discovery`] | what we can do, and our public keys |
//! | [`userinfo`], [`introspect`], [`revoke`], [`person`] | what the holder of a token can do with it |
//! | [`error`], [`refusals`] | what a client is told when it gets nothing; logging and counting it, and noting it for its owner |
//! | `throttle` | counters |
//! | [`event`] | the log lines |
//!
//! Responses and templates are [`crate::web`]'s. Nothing here opens a session.

pub mod access_token;
pub mod admission;
pub mod assertion;
pub mod authorize;
pub mod backchannel;
pub mod bearer;
pub mod client_auth;
pub mod consent;
pub mod device;
pub mod discovery;
pub mod dpop;
pub mod error;
pub mod event;
pub mod facts;
pub mod frontchannel;
pub mod grants;
pub mod id_token;
pub mod introspect;
pub mod known_client;
pub mod logout;
pub mod parameters;
pub mod pem;
pub mod person;
pub mod pkce;
pub mod refusals;
pub mod registration;
pub mod revoke;
mod throttle;
pub mod userinfo;

use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Config;
use crate::domain::user::{Session, User};
use crate::keys::Keychain;
use crate::ops::watch::Watch;
use crate::remembered::Remembered;
use crate::store::Store;
use crate::store::clients::secrets::ClientWithSecrets;

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
    /// Clients read a moment ago.
    pub clients: Arc<Remembered<ClientWithSecrets>>,
    /// Access tokens seen a moment ago.
    pub bearers: Arc<Remembered<bearer::Bearer>>,
    /// Keys the names of throttle counters and of user codes.
    pub throttle: [u8; 32],
    /// Checks passwords, for the one grant that sends them.
    pub passwords: Arc<dyn grants::password::CheckPassword>,
    /// What clients did not get, until it is written.
    pub refusals: Arc<refusals::Notes>,
    /// Hears of programs that get nothing.
    pub watch: Arc<Watch>,
    /// Tells clients of what has happened.
    pub messenger: Arc<dyn backchannel::Deliver>,
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
