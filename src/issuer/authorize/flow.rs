//! The steps of a request, each one call from a page.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use crate::domain::client::Client;
use crate::domain::ids::SessionId;
use crate::domain::language::Language;
use crate::domain::redirect_uri::RedirectUri;
use crate::domain::scope::Scopes;
use crate::issuer::event::Event;
use crate::issuer::parameters::Parameters;
use crate::issuer::refusals::Place;
use crate::issuer::{Issuer, Person};
use crate::random;
use crate::secret::hash_token;
use crate::store::authorization_requests::StoredRequest;
use crate::store::consents::Consent;
use crate::store::families::Family;

use super::answer::Answer;
use super::decide::{Facts, Next, decide};
use super::destination::{Destination, Lost};
use super::request::{AuthorizeRequest, Refused};

/// What a page does next.
#[derive(Debug)]
pub enum Step {
    /// The person signs in and comes back with the identifier.
    SignIn {
        /// Names the request; 256 random bits.
        id: String,
        /// Although somebody is signed in already.
        again: bool,
        /// The language that the person prefers, as the client knows it.
        language: Option<Language>,
    },
    /// The person is asked, on the page of the identifier.
    Ask {
        /// Names the request.
        id: String,
        /// What is asked.
        question: Box<Question>,
    },
    /// The browser takes this to the client.
    Answer(Answer),
}

/// What a person is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// Who asks.
    pub client: Client,
    /// The host that the answer goes to, or the scheme of an application's own.
    pub place: String,
    /// The address that the answer goes to.
    pub redirect_uri: String,
    /// What for.
    pub scopes: Scopes,
    /// Whether some of it was allowed before.
    pub allowed_before: Option<Scopes>,
    /// The language that the person prefers, as the client knows it.
    pub language: Option<Language>,
}

/// A request on its way through the steps.
struct Journey {
    origin: Origin,
    parameters: Parameters,
}

/// Where a request comes from.
enum Origin {
    /// It has just come from this address.
    Fresh(IpAddr),
    /// It was kept under this identifier.
    Kept(String, StoredRequest),
}

impl Journey {
    /// Returns when the request came, and the session that its browser had then.
    fn arrival(&self, person: Option<Person<'_>>, now: DateTime<Utc>) -> (DateTime<Utc>, Option<SessionId>) {
        match &self.origin {
            Origin::Kept(_, row) => (row.created_at, row.session),
            Origin::Fresh(_) => (now, person.map(|person| person.session.id)),
        }
    }

    /// Returns the row's key, if there is a row.
    fn row(&self) -> Option<&str> {
        match &self.origin {
            Origin::Kept(_, row) => Some(&row.id_hash),
            Origin::Fresh(_) => None,
        }
    }
}

impl Issuer {
    /// Takes a request at the authorization endpoint, from a browser at `address`.
    ///
    /// # Errors
    ///
    /// [`Lost`]: the person is told, and nothing is sent anywhere (security.md AS-02).
    pub async fn begin_authorization(&self, raw: &[u8], address: IpAddr, person: Option<Person<'_>>) -> Result<Step, Lost> {
        let parameters = Parameters::parse(raw).map_err(|_| Lost::Unreadable)?;
        if let Some(id) = parameters.get("request_uri").and_then(super::pushed::id_of) {
            // RFC 9126 §4: the client is named beside it; RFC 6749 §3.1: once.
            let client = parameters.get("client_id").ok_or(Lost::ClientUnknown)?;
            return self.go_on_as(id, Some(client), person, false).await;
        }
        self.step(Journey { origin: Origin::Fresh(address), parameters }, person, false).await
    }

    /// Goes on with a request that was kept.
    ///
    /// # Errors
    ///
    /// [`Lost`].
    pub async fn go_on(&self, id: &str, person: Option<Person<'_>>) -> Result<Step, Lost> {
        self.go_on_as(id, None, person, false).await
    }

    /// Goes on after the person has said yes to what was asked.
    ///
    /// # Errors
    ///
    /// [`Lost`].
    pub async fn agree(&self, id: &str, person: Person<'_>) -> Result<Step, Lost> {
        self.go_on_as(id, None, Some(person), true).await
    }

    /// Ends a request because the person said no, or gave up.
    ///
    /// # Errors
    ///
    /// [`Lost`].
    pub async fn give_up(&self, id: &str) -> Result<Answer, Lost> {
        let row = self.find_request(id).await?;
        let parameters = Parameters::parse(row.parameters.as_bytes()).map_err(|_| Lost::Unreadable)?;
        let to = Destination::check(self, &parameters).await?;
        if !self.store.delete_authorization_request(&row.id_hash).await? {
            return Err(Lost::RequestGone);
        }
        let error = to.refuse(super::error::Refusal::AccessDenied, "the person did not agree");
        self.note_unanswered(&error);
        Ok(error.answer(&self.identifier()))
    }

    /// Finds what a request that waits is about, for the pages on its way.
    ///
    /// # Errors
    ///
    /// [`Lost`].
    pub async fn find_waiting(&self, id: &str) -> Result<(Destination, Parameters), Lost> {
        let row = self.find_request(id).await?;
        let parameters = Parameters::parse(row.parameters.as_bytes()).map_err(|_| Lost::Unreadable)?;
        Ok((Destination::check(self, &parameters).await?, parameters))
    }

    async fn find_request(&self, id: &str) -> Result<StoredRequest, Lost> {
        self.store.find_authorization_request(&hash_token(id), self.clock.now()).await?.ok_or(Lost::RequestGone)
    }

    /// Finds a request by the name that its client got for it; another client's is none.
    pub(super) async fn find_request_of(&self, client: &str, id: &str) -> Result<StoredRequest, Lost> {
        let found = self.find_request(id).await?;
        if found.client_id == client { Ok(found) } else { Err(Lost::RequestGone) }
    }

    async fn go_on_as(&self, id: &str, client: Option<&str>, person: Option<Person<'_>>, has_agreed: bool) -> Result<Step, Lost> {
        let mut row = match client {
            Some(client) => self.find_request_of(client, id).await?,
            None => self.find_request(id).await?,
        };
        if row.is_pushed {
            self.open(&mut row, person).await?;
        }
        let parameters = Parameters::parse(row.parameters.as_bytes()).map_err(|_| Lost::Unreadable)?;
        self.step(Journey { origin: Origin::Kept(id.to_owned(), row), parameters }, person, has_agreed).await
    }

    /// Opens a pushed request: from now on it waits for its person.
    async fn open(&self, row: &mut StoredRequest, person: Option<Person<'_>>) -> Result<(), Lost> {
        row.is_pushed = false;
        row.session = person.map(|person| person.session.id);
        row.created_at = self.clock.now();
        row.expires_at = row.created_at + self.config.issuer.request_ttl();
        if self.store.open_authorization_request(row).await? { Ok(()) } else { Err(Lost::RequestGone) }
    }

    /// Checks the request as a whole and does what is next.
    async fn step(&self, journey: Journey, person: Option<Person<'_>>, has_agreed: bool) -> Result<Step, Lost> {
        let request = match AuthorizeRequest::check(self, &journey.parameters).await {
            Ok(request) => request,
            Err(Refused::Here(lost)) => return Err(lost),
            // A stranger's link must not bounce people through us: they sign in first (security.md AS-02).
            Err(Refused::There(_)) if person.is_none() && journey.parameters.get("prompt") != Some("none") => {
                return Ok(Step::SignIn { id: self.keep(&journey, None).await?, again: false, language: None });
            }
            Err(Refused::There(error)) => return self.refuse(&journey, &error).await,
        };
        let consent = match person {
            Some(person) => self.store.find_consent(person.user.id, &request.to.client().id).await?,
            None => None,
        };
        let now = self.clock.now();
        let (asked_at, session_before) = journey.arrival(person, now);
        let facts = Facts { person, asked_at, session_before, consent: consent.as_ref(), has_agreed, now };
        let language = request.language;
        match (decide(&request, &facts), person) {
            (Next::Refuse(error), _) => self.refuse(&journey, &error).await,
            (Next::SignIn { again }, _) => Ok(Step::SignIn { id: self.keep(&journey, session_before).await?, again, language }),
            (Next::Grant, Some(person)) => {
                let basis = |family: &Family| self.basis_of(family, &request.opened(), consent, has_agreed);
                self.grant(journey.row().map(str::to_owned), &request, person, basis).await
            }
            (Next::Ask, _) | (Next::Grant, None) => {
                let id = self.keep(&journey, session_before).await?;
                Ok(Step::Ask { id, question: Box::new(question(&request, consent)) })
            }
        }
    }

    /// Keeps a request, if it is not kept already; returns its identifier.
    async fn keep(&self, journey: &Journey, session: Option<SessionId>) -> Result<String, Lost> {
        let address = match &journey.origin {
            Origin::Kept(id, _) => return Ok(id.clone()),
            Origin::Fresh(address) => *address,
        };
        if let Some(wait) = self.count_kept(address).await? {
            return Err(Lost::Throttled(wait));
        }
        let (id, now) = (random::token(), self.clock.now());
        let request = StoredRequest {
            id_hash: hash_token(&id),
            is_pushed: false,
            client_id: journey.parameters.get("client_id").unwrap_or_default().to_owned(),
            parameters: journey.parameters.encode(),
            session,
            created_at: now,
            expires_at: now + self.config.issuer.request_ttl(),
        };
        self.store.insert_authorization_request(request).await?;
        Ok(id)
    }

    /// Ends a request with an error at the client.
    async fn refuse(&self, journey: &Journey, error: &super::error::AuthorizeError) -> Result<Step, Lost> {
        if let Some(row) = journey.row() {
            self.store.delete_authorization_request(row).await?;
        }
        self.note_unanswered(error);
        Ok(Step::Answer(error.answer(&self.identifier())))
    }

    /// Logs a request that gets no code, and notes it for the owner of the client.
    fn note_unanswered(&self, error: &super::error::AuthorizeError) {
        let (client, code, detail) = (&error.destination().client().id, error.refusal().code(), error.description());
        Event::new("authorization_refused", client).reason(code).detail(detail).log();
        self.note_refusal(client, Place::Authorization, None, (code, detail));
    }
}

fn question(request: &AuthorizeRequest, consent: Option<Consent>) -> Question {
    let client = request.to.client().clone();
    let place = client.find_redirect_uri(request.to.redirect_uri()).map(RedirectUri::place).unwrap_or_default();
    Question {
        place,
        redirect_uri: request.to.redirect_uri().to_owned(),
        scopes: request.opened(),
        allowed_before: consent.map(|consent| consent.scopes),
        language: request.language,
        client,
    }
}
