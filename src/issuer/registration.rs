//! What a client may be registered as: one set of rules for the pages, the commands and
//! programs (RFC 7591 §2, §5; security.md CR-02, CR-03).
//!
//! A [`Draft`] is what somebody wrote; [`validate`] makes [`ClientMetadata`](crate::domain::client::ClientMetadata) of it or says
//! everything that is wrong at once. [`flow`] registers, changes and deletes; [`program`] does it for
//! programs, whose words are [`wire`]'s, and [`caretaker`] lets them look after what they registered.

pub mod caretaker;
mod draft;
mod fault;
pub mod flow;
pub mod program;
mod rules;
pub mod wire;

pub use draft::{Draft, Mode};
pub use fault::{Fault, Field, Problem};
pub use rules::validate;

use std::collections::BTreeSet;

use crate::domain::client::Grant;
use crate::domain::scope::{Scope, Scopes};

/// Who registers a client, and what follows from it.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Whether http to this machine will do although the client is no native one: where
    /// genkan itself runs on this machine, somebody is developing.
    pub allows_loopback: bool,
    /// The grants that can be chosen.
    pub grants: BTreeSet<Grant>,
    /// The scopes that can be chosen; absent: any.
    pub scopes: Option<Scopes>,
}

impl Rules {
    /// Returns the rules for a person. `kept`: what an operator has allowed this client before.
    pub fn for_person(allows_loopback: bool, kept: &BTreeSet<Grant>) -> Self {
        let own = [Grant::AuthorizationCode, Grant::RefreshToken, Grant::ClientCredentials, Grant::DeviceCode];
        Self { allows_loopback, grants: own.into_iter().chain(kept.iter().copied()).collect(), scopes: None }
    }

    /// Returns the rules for an operator, who alone can allow what speaks for people
    /// without asking them (security.md TK-10, TK-11).
    pub fn for_operator(allows_loopback: bool) -> Self {
        Self { allows_loopback, grants: Grant::ALL.iter().copied().collect(), scopes: None }
    }

    /// Returns the rules for programs: what needs a person's yes each time, and only scopes
    /// that we give a meaning to ourselves, for nobody knows who is behind it (RFC 7591 §5);
    /// not the groups, which say something of the house and not of the person alone.
    pub fn for_program(allows_loopback: bool) -> Self {
        let scopes = Scope::STANDARD.iter().filter(|scope| **scope != Scope::GROUPS).filter_map(|scope| Scopes::parse(scope).ok());
        Self {
            allows_loopback,
            grants: [Grant::AuthorizationCode, Grant::RefreshToken].into(),
            scopes: Some(scopes.fold(Scopes::default(), |all, scope| all.union(&scope))),
        }
    }
}
