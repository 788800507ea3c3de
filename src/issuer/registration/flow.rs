//! Registering, changing and deleting clients (security.md CR-01, CR-03, CR-04).
//!
//! Whoever acts for a person names the owner; an operator names nobody and may do it all.
//! What shows a secret, or takes one away, needs a fresh sign-in (SE-06), which the
//! caller asks for. What was remembered of a client is forgotten here with every change,
//! after it is stored (TK-14); other processes notice within `session.cache_ms`.

use std::time::Duration;

use chrono::SubsecRound as _;
use secrecy::{ExposeSecret as _, SecretString};

use super::{Draft, Fault, Field, Problem, Rules, validate};
use crate::domain::client::name::skeleton_of;
use crate::domain::client::{Client, ClientAuthentication, ClientId, ClientMetadata, ClientSecret};
use crate::domain::ids::{RowId, UserId};
use crate::issuer::event::Event;
use crate::issuer::{Issuer, Person};
use crate::random;
use crate::secret::hash_token;
use crate::store::StoreError;
use crate::store::clients::ClientSwitch;

/// What nobody but the site may be called.
const OWN_NAMES: [&str; 2] = ["genkan", "玄関"];

/// A client that was registered just now.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The client.
    pub client: Client,
    /// Its secret, which is known here and now only (security.md CR-04).
    pub secret: Option<SecretString>,
    /// With what the program that registered it looks after it, known here and now only (RFC 7592 §3).
    pub registration_token: Option<SecretString>,
}

/// Who registers a client.
#[derive(Clone, Copy, Debug)]
enum Registrant {
    /// Somebody who is signed in; it is theirs.
    Person(UserId),
    /// Whoever may use the commands.
    Operator,
    /// Nobody whom we know (RFC 7591).
    Program,
}

impl Registrant {
    fn owner(self) -> Option<UserId> {
        if let Self::Person(owner) = self { Some(owner) } else { None }
    }
}

/// Why a client was not registered or changed.
#[derive(Debug)]
pub enum Refused {
    /// Something is wrong with what was written.
    Faults(Vec<Fault>),
    /// This person has as many as anybody may have.
    Quota,
    /// There is no such client of theirs.
    NotFound,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            error => Self::Store(error),
        }
    }
}

impl Issuer {
    /// Tells whether a sign-in is recent enough for what shows or ends a secret (security.md SE-06).
    pub fn is_fresh(&self, person: Person<'_>) -> bool {
        let age = (self.clock.now() - person.session.created_at).to_std().unwrap_or_default();
        age <= Duration::from_secs(self.config.session.fresh_secs)
    }

    /// Returns the rules for a person's clients. `client`: the one that is changed.
    pub fn rules_for_person(&self, client: Option<&Client>) -> Rules {
        let kept = client.map(|client| client.metadata.grants.clone()).unwrap_or_default();
        Rules::for_person(self.config.server.is_loopback(), &kept)
    }

    /// Registers a client. Logs `client_registered`.
    ///
    /// # Errors
    ///
    /// [`Refused`], but never `NotFound`.
    pub async fn register_client(&self, owner: Option<UserId>, draft: &Draft) -> Result<Registered, Refused> {
        self.register_as(owner.map_or(Registrant::Operator, Registrant::Person), draft).await
    }

    /// Registers a client for a program, as nobody's and unverified. Logs `client_registered`.
    ///
    /// # Errors
    ///
    /// [`Refused`], but never `NotFound`.
    pub(super) async fn register_program(&self, draft: &Draft) -> Result<Registered, Refused> {
        self.register_as(Registrant::Program, draft).await
    }

    async fn register_as(&self, by: Registrant, draft: &Draft) -> Result<Registered, Refused> {
        let is_loopback = self.config.server.is_loopback();
        let (rules, quota) = match by {
            Registrant::Person(_) => (self.rules_for_person(None), Some(self.config.issuer.clients_per_owner)),
            Registrant::Operator => (Rules::for_operator(is_loopback), None),
            Registrant::Program => (Rules::for_program(is_loopback), Some(self.config.issuer.dynamic_clients)),
        };
        let metadata = self.validate_named(by, draft, &rules).await?;
        let now = self.clock.now().trunc_subsecs(0);
        let id = ClientId::generate();
        let made = metadata.authentication.needs_secret().then(|| self.new_secret(&id, metadata.authentication));
        let (secret, row) = made.unzip();
        let client = Client {
            id,
            owner: by.owner(),
            metadata,
            // What an operator registers, an operator knows.
            is_verified: matches!(by, Registrant::Operator),
            skips_consent: false,
            disabled_at: None,
            created_at: now,
            updated_at: now,
        };
        let registration_token = matches!(by, Registrant::Program).then(random::token);
        let is_inserted = match (&registration_token, quota) {
            (Some(token), Some(quota)) => self.store.insert_client_of_program(client.clone(), row, quota, hash_token(token)).await?,
            _ => self.store.insert_client(client.clone(), row, quota).await?,
        };
        if !is_inserted {
            return Err(Refused::Quota);
        }
        note("client_registered", &client.id, by.owner());
        Ok(Registered { client, secret, registration_token: registration_token.map(SecretString::from) })
    }

    /// Changes a client; makes a secret if it needs one now and has none. Logs `client_changed`.
    ///
    /// # Errors
    ///
    /// [`Refused`], but never `Quota`.
    pub async fn change_client(&self, id: &ClientId, owner: Option<UserId>, draft: &Draft) -> Result<Registered, Refused> {
        let before = self.find_own(id, owner).await?.ok_or(Refused::NotFound)?;
        let rules = match owner {
            Some(_) => self.rules_for_person(Some(&before)),
            None => Rules::for_operator(self.config.server.is_loopback()),
        };
        let metadata = self.validate_named(before.owner.map_or(Registrant::Operator, Registrant::Person), draft, &rules).await?;
        self.change_to(before, owner, metadata).await
    }

    /// Changes a client of a program, by the rules for programs. Logs `client_changed`.
    ///
    /// # Errors
    ///
    /// [`Refused`], but never `Quota`.
    pub(super) async fn change_program(&self, before: Client, draft: &Draft) -> Result<Registered, Refused> {
        let rules = Rules::for_program(self.config.server.is_loopback());
        let metadata = self.validate_named(Registrant::Program, draft, &rules).await?;
        self.change_to(before, None, metadata).await
    }

    async fn change_to(&self, before: Client, owner: Option<UserId>, metadata: ClientMetadata) -> Result<Registered, Refused> {
        let id = &before.id;
        let (was, is) = (before.metadata.authentication, metadata.authentication);
        // A sealed secret is needed for signatures alone, and only then kept.
        let is_renewed = is.needs_secret() && (!was.needs_secret() || (was != is && is == ClientAuthentication::ClientSecretJwt));
        let client = self.store.update_client(id, owner, metadata, self.clock.now()).await?;
        self.forget_client(id);
        note("client_changed", id, owner);
        let secret = if is_renewed { Some(self.rotate(&client, owner, Duration::ZERO).await?) } else { None };
        Ok(Registered { client, secret, registration_token: None })
    }

    /// Makes a new secret; the one before works on for a while. Logs `client_secret_rotated`.
    ///
    /// # Errors
    ///
    /// [`Refused::NotFound`], also for a client that has no secret; [`Refused::Store`].
    pub async fn rotate_client_secret(&self, id: &ClientId, owner: Option<UserId>) -> Result<Registered, Refused> {
        let client = self.find_own(id, owner).await?.filter(|client| client.metadata.authentication.needs_secret());
        let client = client.ok_or(Refused::NotFound)?;
        let overlap = Duration::from_secs(self.config.issuer.secret_overlap_secs);
        let secret = self.rotate(&client, owner, overlap).await?;
        Ok(Registered { client, secret: Some(secret), registration_token: None })
    }

    /// Ends the secrets that a newer one has taken the place of. Logs `client_secret_ended`.
    ///
    /// # Errors
    ///
    /// [`Refused::NotFound`], [`Refused::Store`].
    pub async fn end_old_client_secrets(&self, id: &ClientId, owner: Option<UserId>) -> Result<(), Refused> {
        if self.store.end_old_client_secrets(id, owner, self.clock.now()).await? {
            self.forget_client(id);
            note("client_secret_ended", id, owner);
        }
        Ok(())
    }

    /// Deletes a client with everything that it was given. Logs `client_deleted`.
    ///
    /// # Errors
    ///
    /// [`Refused::NotFound`], [`Refused::Store`].
    pub async fn delete_client(&self, id: &ClientId, owner: Option<UserId>) -> Result<(), Refused> {
        if !self.store.delete_client(id, owner).await? {
            return Err(Refused::NotFound);
        }
        self.forget_client(id);
        note("client_deleted", id, owner);
        Ok(())
    }

    /// Switches what only an operator may. Logs `client_switched`.
    ///
    /// # Errors
    ///
    /// [`Refused::NotFound`], [`Refused::Store`].
    pub async fn switch_client(&self, id: &ClientId, switch: ClientSwitch) -> Result<(), Refused> {
        self.store.switch_client(id, switch, self.clock.now()).await?;
        self.forget_client(id);
        Event::new("client_switched", id).reason(switch.as_str()).log();
        Ok(())
    }

    /// Finds a client of an owner; `None` as owner: anybody's.
    async fn find_own(&self, id: &ClientId, owner: Option<UserId>) -> Result<Option<Client>, StoreError> {
        match owner {
            Some(owner) => self.store.find_client_of(owner, id).await,
            None => self.store.find_client(id).await,
        }
    }

    /// Checks a draft, and its name against those that must not be imitated (security.md CR-03).
    async fn validate_named(&self, by: Registrant, draft: &Draft, rules: &Rules) -> Result<ClientMetadata, Refused> {
        let metadata = validate(draft, rules).map_err(Refused::Faults)?;
        let skeleton = metadata.name.skeleton();
        let host = self.config.server.public_url.host_str().unwrap_or_default();
        if matches!(by, Registrant::Operator) {
            return Ok(metadata);
        }
        let is_ours = OWN_NAMES.iter().chain([&host]).any(|own| skeleton_of(own) == skeleton);
        if is_ours || self.store.is_name_verified_elsewhere(&skeleton, by.owner()).await? {
            return Err(Refused::Faults(vec![Fault { field: Field::Name, problem: Problem::LookAlike }]));
        }
        Ok(metadata)
    }

    async fn rotate(&self, client: &Client, owner: Option<UserId>, overlap: Duration) -> Result<SecretString, Refused> {
        let (secret, row) = self.new_secret(&client.id, client.metadata.authentication);
        self.store.rotate_client_secret(&client.id, owner, row, overlap).await?;
        self.forget_client(&client.id);
        note("client_secret_rotated", &client.id, owner);
        Ok(secret)
    }

    /// Makes a secret of 256 bits, and what is kept of it (security.md TK-06, KY-04).
    fn new_secret(&self, client: &ClientId, authentication: ClientAuthentication) -> (SecretString, ClientSecret) {
        let secret = SecretString::from(random::token());
        let is_kept = authentication == ClientAuthentication::ClientSecretJwt;
        let row = ClientSecret {
            id: RowId::new(&self.clock),
            hash: hash_token(secret.expose_secret()),
            sealed: is_kept.then(|| self.seal_client_secret(client, secret.expose_secret())),
            created_at: self.clock.now().trunc_subsecs(0),
            expires_at: None,
        };
        (secret, row)
    }
}

fn note(event: &'static str, client: &ClientId, owner: Option<UserId>) {
    let event = Event::new(event, client);
    match owner {
        Some(owner) => event.user(owner).log(),
        None => event.log(),
    }
}
