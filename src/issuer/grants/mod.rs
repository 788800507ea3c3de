//! The token endpoint: one parse for all grants, and one module for each (RFC 6749 §3.2).
//!
//! The endpoint owns the common steps: reading the form, authenticating the client,
//! asking whether it may use the grant. A grant owns only what is its own: it says who
//! is given what, and `tokens` makes it. Everything that is written for one answer
//! is written in one transaction, after the tokens are made and before they leave.

pub mod client_credentials;
pub mod code;
pub mod device;
pub mod jwt_bearer;
pub mod password;
pub mod refresh;
mod tokens;

use std::net::IpAddr;
use std::sync::Arc;

use secrecy::SecretString;

use super::Issuer;
use super::dpop::{Offered, ProofFault};
use super::error::TokenError;
use super::parameters::Parameters;
use crate::domain::client::{Client, Grant};
use crate::domain::scope::Scopes;
use crate::domain::thumbprint::Thumbprint;
use crate::ops::metrics;

/// A request to the token endpoint, or to one of its neighbours. It is full of secrets, so there is no `Debug`.
#[derive(Clone, Copy)]
pub struct TokenRequest<'a> {
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// The form, as it came.
    pub form: &'a [u8],
    /// The proof in the `DPoP` header (RFC 9449 §5).
    pub proof: Option<Offered<'a>>,
    /// The address that it came from.
    pub address: IpAddr,
    /// The request's identifier in logs.
    pub request_id: &'a str,
}

/// What a client gets (RFC 6749 §5.1, OIDC Core §3.1.3.3).
#[derive(Clone, Debug)]
pub struct TokenAnswer {
    /// The access token.
    pub access_token: SecretString,
    /// What it is to be sent as.
    pub token_type: TokenType,
    /// How long it is good for, in seconds.
    pub expires_in_secs: u64,
    /// What renews it.
    pub refresh_token: Option<SecretString>,
    /// Who the person is.
    pub id_token: Option<SecretString>,
    /// What it is good for.
    pub scopes: Scopes,
}

/// How an access token is sent (RFC 6749 §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenType {
    /// As it is (RFC 6750).
    Bearer,
    /// With a proof of the key that it is bound to (RFC 9449 §5).
    Dpop,
}

impl TokenType {
    /// Returns the type of a token that is bound to this key, or to none.
    pub fn of(key: Option<&Thumbprint>) -> Self {
        if key.is_some() { Self::Dpop } else { Self::Bearer }
    }

    /// Returns the word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
        }
    }
}

/// Every parameter that means something at the token endpoint; each may come once.
const KNOWN: [&str; 15] = [
    "grant_type",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "scope",
    "assertion",
    "device_code",
    "username",
    "password",
    "resource",
];

impl Issuer {
    /// Answers the token endpoint; logs `tokens_issued` or `tokens_refused`, and counts both.
    ///
    /// # Errors
    ///
    /// [`TokenError`].
    pub async fn issue_tokens(&self, request: TokenRequest<'_>) -> Result<TokenAnswer, TokenError> {
        let form = read_form(request.form, &KNOWN).map_err(|error| self.refuse_unread(error))?;
        let grant = form.get("grant_type").and_then(Grant::parse);
        let mut client = None;
        let answer = self.issue_to(&mut client, grant, &form, request).await;
        match &answer {
            Ok(_) => metrics::count_tokens_issued(grant),
            Err(error) => self.note_no_tokens(client.as_deref(), grant, error),
        }
        answer
    }

    /// Logs and counts a request to the token endpoint that could not even be read; returns what was wrong.
    pub fn refuse_unread(&self, error: TokenError) -> TokenError {
        self.note_no_tokens(None, None, &error);
        error
    }

    /// Answers a form. `client` becomes who it is from, once that is known.
    async fn issue_to(
        &self,
        client: &mut Option<Arc<Client>>,
        grant: Option<Grant>,
        form: &Parameters,
        request: TokenRequest<'_>,
    ) -> Result<TokenAnswer, TokenError> {
        required(form, "grant_type", "grant_type is missing")?;
        let client = client.insert(self.authenticate_client(request.authorization, form).await?);
        self.issue_by(grant.ok_or(TokenError::UnsupportedGrantType)?, client, form, request).await
    }

    async fn issue_by(
        &self,
        grant: Grant,
        client: &Client,
        form: &Parameters,
        request: TokenRequest<'_>,
    ) -> Result<TokenAnswer, TokenError> {
        if !client.allows_grant(grant) {
            return Err(TokenError::UnauthorizedClient("grant_type is not one that this client is registered for"));
        }
        let key = self.key_of(client, request).await?;
        let key = key.as_ref();
        match grant {
            Grant::AuthorizationCode => self.redeem_code(client, form, key).await,
            Grant::RefreshToken => self.refresh(client, form, key).await,
            Grant::ClientCredentials => self.grant_client_credentials(client, form, key).await,
            Grant::JwtBearer => self.grant_by_assertion(client, form, key).await,
            Grant::DeviceCode => self.grant_device(client, form, key).await,
            Grant::Password => self.grant_by_password(client, form, request, key).await,
        }
    }

    /// Finds the key that the access token is to be bound to; none for a request without a proof,
    /// unless the client has said that it always has one (RFC 9449 §5, §5.2).
    async fn key_of(&self, client: &Client, request: TokenRequest<'_>) -> Result<Option<Thumbprint>, TokenError> {
        match request.proof {
            Some(offered) => Ok(Some(self.prove(offered, None, &client.id).await?)),
            None if client.metadata.dpop_bound_access_tokens => Err(ProofFault::Missing.into()),
            None => Ok(None),
        }
    }
}

/// Reads a form in which no parameter that is known may come twice (RFC 6749 §3.2).
pub(super) fn read_form(raw: &[u8], known: &[&str]) -> Result<Parameters, TokenError> {
    let form = Parameters::parse(raw).map_err(|_| {
        TokenError::InvalidRequest("the form cannot be read: it must be UTF-8 without NUL, with 64 parameters and 16 KiB at most")
    })?;
    if form.repeats(known) { Err(TokenError::InvalidRequest("a parameter came more than once: each may come once")) } else { Ok(form) }
}

/// Returns a parameter that the grant cannot do without.
pub(super) fn required<'a>(form: &'a Parameters, name: &str, missing: &'static str) -> Result<&'a str, TokenError> {
    form.get(name).ok_or(TokenError::InvalidRequest(missing))
}

/// Reads the scopes that are asked for; `None` if there are none (RFC 6749 §3.3).
///
/// # Errors
///
/// [`TokenError::InvalidScope`] if they are malformed, or wider than `most` (security.md TK-05).
pub(super) fn scopes_within(form: &Parameters, most: &Scopes) -> Result<Option<Scopes>, TokenError> {
    let Some(text) = form.get("scope") else { return Ok(None) };
    let asked = Scopes::parse(text)
        .map_err(|_| TokenError::InvalidScope("scope is malformed: words of printable ASCII with one space between them"))?;
    if asked.is_subset(most) {
        Ok(Some(asked))
    } else {
        Err(TokenError::InvalidScope("scope has a word that this client is not registered for, or that was not allowed before"))
    }
}
