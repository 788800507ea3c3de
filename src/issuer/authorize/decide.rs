//! What has to happen before a request gets its code: pure rules, no I/O.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::ids::SessionId;
use crate::issuer::Person;
use crate::store::consents::Consent;

use super::error::{AuthorizeError, Refusal};
use super::request::{AuthorizeRequest, ExpectedUser};

/// How much the clocks of two replicas may differ (security.md DP-04).
const CLOCK_DIFFERENCE: TimeDelta = TimeDelta::seconds(90);

/// What is next.
#[derive(Debug)]
pub enum Next {
    /// The person has to sign in.
    SignIn {
        /// Although somebody is signed in already.
        again: bool,
    },
    /// The person has to be asked.
    Ask,
    /// The code can be issued.
    Grant,
    /// The client is told that it cannot.
    Refuse(Box<AuthorizeError>),
}

/// What is known beside the request.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Who is signed in.
    pub person: Option<Person<'a>>,
    /// When the request came.
    pub asked_at: DateTime<Utc>,
    /// The session that the browser had when the request came; another one was opened for it.
    pub session_before: Option<SessionId>,
    /// What this person has allowed this client before.
    pub consent: Option<&'a Consent>,
    /// Whether the person has just been asked and said yes.
    pub has_agreed: bool,
    /// The time.
    pub now: DateTime<Utc>,
}

impl Facts<'_> {
    /// Tells whether the person signed in for this very request: since it came, too, for its
    /// address may have been taken along into a browser with an older session.
    fn is_fresh(&self, person: Person<'_>) -> bool {
        self.session_before != Some(person.session.id) && person.session.created_at + CLOCK_DIFFERENCE >= self.asked_at
    }
}

/// Decides what is next for a request.
pub fn decide(request: &AuthorizeRequest, facts: &Facts<'_>) -> Next {
    let refuse = |refusal, text| Next::Refuse(Box::new(request.to.refuse(refusal, text)));
    let silent = request.prompt.is_none;
    let Some(person) = facts.person else {
        return if silent { refuse(Refusal::LoginRequired, "nobody is signed in") } else { Next::SignIn { again: false } };
    };
    let is_fresh = facts.is_fresh(person);
    if !is_expected(request, person) {
        // Who signs in as somebody else for it will do so again (OIDC Core §3.1.2.1, id_token_hint).
        let is_final = silent || is_fresh;
        return if is_final { refuse(Refusal::LoginRequired, "somebody else is signed in") } else { Next::SignIn { again: true } };
    }
    if !is_fresh && must_sign_in_again(request, person, facts.now) {
        return if silent { refuse(Refusal::LoginRequired, "the sign-in is too old") } else { Next::SignIn { again: true } };
    }
    if facts.has_agreed || !needs_consent(request, facts, is_fresh) {
        return Next::Grant;
    }
    if silent { refuse(Refusal::ConsentRequired, "the person has to be asked") } else { Next::Ask }
}

fn is_expected(request: &AuthorizeRequest, person: Person<'_>) -> bool {
    match request.expected_user {
        None => true,
        Some(ExpectedUser::Known(user)) => user == person.user.id,
        Some(ExpectedUser::Nobody) => false,
    }
}

/// Tells whether a sign-in of before the request is too old for it (OIDC Core §3.1.2.1, `prompt`, `max_age`).
fn must_sign_in_again(request: &AuthorizeRequest, person: Person<'_>, now: DateTime<Utc>) -> bool {
    let age = u64::try_from((now - person.session.created_at).num_seconds()).unwrap_or(0);
    request.prompt.login || request.max_age_secs.is_some_and(|most| most == 0 || age > most)
}

/// Tells whether the person has to be asked: unless the site's operator has said that it
/// is not needed, a client that anybody can be, or that nobody has looked at, asks every
/// time (security.md AS-08).
fn needs_consent(request: &AuthorizeRequest, facts: &Facts<'_>, is_fresh: bool) -> bool {
    let client = request.to.client();
    if request.prompt.consent || (request.prompt.select_account && !is_fresh) {
        return true;
    }
    if client.may_skip_consent() {
        return false;
    }
    let is_remembered = facts.consent.is_some_and(|consent| request.opened().is_subset(&consent.scopes));
    client.is_public() || !client.is_verified || !is_remembered
}
