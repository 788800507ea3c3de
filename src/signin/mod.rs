//! The roads into a session, and every way of leaving them.
//!
//! Sign-in with a provider is one straight road, each step a function that
//! returns a [`failure::SigninFailure`] for whatever leaves it:
//!
//! ```text
//! begin ─▶ (browser at the provider) ─▶ callback::read ─▶ find the attempt ─▶ consume it
//!       ─▶ exchange the code ─▶ read the profile ─▶ find or make the user, or link ─▶ open a session
//! ```
//!
//! | module | owns |
//! |---|---|
//! | [`failure`] | causes, categories, the one log line |
//! | [`attempt`] | what the browser carries while it is away |
//! | [`callback`] | the order of checks on what it brings back |
//! | [`classify`] | what a provider's fault means |
//! | [`social`] | the road itself |
//! | [`password`], [`lane`], [`hash`] | the other road, and where its hashing runs |
//! | [`throttle`] | how many tries are let through |
//! | [`gate`] | who may have a session at all |
//! | [`session`], [`token`], [`cache`] | a session, the token that names it, and the short memory between them |
//! | [`device`] | browsers that were used before |
//! | [`tokens`] | the providers' tokens that are kept |
//! | [`admission`] | who may pass to what stands behind a reverse proxy |
//! | [`event`] | the log line of whatever else happened |
//! | [`keyring`] | the secrets behind all of this; keys that sign are [`crate::keys`]'s |
//! | [`check`] | whether a provider works, without anybody signing in |
//!
//! Responses, cookies and templates are [`crate::web`]'s; the account behind a
//! session is [`crate::account`]'s.

pub mod admission;
pub mod attempt;
pub mod cache;
pub mod callback;
pub mod check;
pub mod classify;
pub mod device;
pub mod event;
pub mod failure;
pub mod gate;
pub mod hash;
pub mod keyring;
pub mod lane;
mod notices;
pub mod password;
mod priority;
pub mod session;
pub mod social;
#[cfg(test)]
pub(crate) mod testing;
pub mod throttle;
pub mod token;
pub mod tokens;
pub mod visitor;

use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Config;
use crate::mail::Post;
use crate::ops::watch::Watch;
use crate::provider::Providers;
use crate::store::Store;

/// What every flow needs: the parts, built once by [`crate::app`].
#[derive(Clone)]
pub struct Signin {
    /// The settings.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Clock,
    /// The database.
    pub store: Store,
    /// The providers that people can sign in with.
    pub providers: Arc<Providers>,
    /// The keys.
    pub keyring: Arc<keyring::Keyring>,
    /// Where passwords are hashed.
    pub lane: Arc<lane::Lane>,
    /// Sessions seen a moment ago.
    pub sessions: Arc<session::SessionCache>,
    /// The way to the mail server; absent: no mail is written.
    pub post: Option<Arc<Post>>,
    /// What hears how sign-ins begin and end.
    pub watch: Arc<Watch>,
}
