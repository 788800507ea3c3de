//! An authorization request, read and checked as a whole.
//!
//! The order of checks: client and redirect address, which decide whether anything can
//! be sent at all; then what concerns the answer; then everything else, each with
//! an error that goes to the client.

use crate::domain::client::{Client, Grant};
use crate::domain::ids::UserId;
use crate::domain::language::Language;
use crate::domain::scope::{Scope, Scopes};
use crate::domain::thumbprint::Thumbprint;
use crate::issuer::Issuer;
use crate::issuer::parameters::Parameters;
use crate::issuer::person;
use crate::issuer::pkce::CodeChallenge;

use super::claims::ClaimsRequest;
use super::destination::{Destination, Lost};
use super::error::{AuthorizeError, Refusal};
use super::prompt::Prompt;

/// Every parameter that means something here; each may come once (security.md AS-06).
const KNOWN: [&str; 22] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "login_hint",
    "id_token_hint",
    "acr_values",
    "claims",
    "claims_locales",
    "ui_locales",
    "display",
    "request",
    "request_uri",
    "registration",
    "dpop_jkt",
];
/// The longest nonce, in bytes.
const MAX_NONCE_BYTES: usize = 512;
/// The longest hint, in bytes; whatever is longer can be no user name or address.
const MAX_HINT_BYTES: usize = 320;

/// A request that may be answered with a code.
#[derive(Clone)]
pub struct AuthorizeRequest {
    /// Where the answer goes.
    pub to: Destination,
    /// What is asked for.
    pub scopes: Scopes,
    /// What the verifier has to meet.
    pub challenge: Option<CodeChallenge>,
    /// The key that the code is bound to (RFC 9449 §10).
    pub key: Option<Thumbprint>,
    /// What the ID Token repeats.
    pub nonce: Option<String>,
    /// What the person has to do.
    pub prompt: Prompt,
    /// How old the sign-in may be, in seconds.
    pub max_age_secs: Option<u64>,
    /// Who the person most likely is, as they would type it.
    pub login_hint: Option<String>,
    /// Who the person has to be.
    pub expected_user: Option<ExpectedUser>,
    /// Single facts that are asked for.
    pub claims: Option<ClaimsRequest>,
    /// The language that the person prefers, as the client knows it.
    pub language: Option<Language>,
}

/// Whom the client means by `id_token_hint` or a `sub` in `claims`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedUser {
    /// This one.
    Known(UserId),
    /// Somebody who is no user of ours, so nobody.
    Nobody,
}

/// Why a request gets no code, in the two ways in which that can be told.
#[derive(Debug)]
pub enum Refused {
    /// On a page of ours.
    Here(Lost),
    /// At the client's.
    There(Box<AuthorizeError>),
}

impl From<Lost> for Refused {
    fn from(lost: Lost) -> Self {
        Self::Here(lost)
    }
}

impl From<AuthorizeError> for Refused {
    fn from(error: AuthorizeError) -> Self {
        Self::There(Box::new(error))
    }
}

impl AuthorizeRequest {
    /// Reads and checks a request.
    ///
    /// # Errors
    ///
    /// [`Refused`].
    pub async fn check(issuer: &Issuer, parameters: &Parameters) -> Result<Self, Refused> {
        let to = Destination::check(issuer, parameters).await?;
        to.check_answer(parameters)?;
        let refuse = |refusal, description| to.refuse(refusal, description);
        if parameters.repeats(&KNOWN) {
            return Err(refuse(Refusal::InvalidRequest, "a parameter came more than once: each may come once").into());
        }
        check_supported(parameters).map_err(|(refusal, text)| refuse(refusal, text))?;
        let challenge = challenge_of(to.client(), parameters).map_err(|text| refuse(Refusal::InvalidRequest, text))?;
        if !to.client().allows_grant(Grant::AuthorizationCode) {
            return Err(refuse(Refusal::UnauthorizedClient, "this client is not registered for the authorization_code grant").into());
        }
        let scopes = scopes_of(to.client(), parameters).map_err(|text| refuse(Refusal::InvalidScope, text))?;
        let wishes = Wishes::read(parameters).map_err(|(refusal, text)| refuse(refusal, text))?;
        let hinted = hinted_user(issuer, parameters).await.map_err(|text| refuse(Refusal::InvalidRequest, text))?;
        let named = wishes.claims.as_ref().and_then(ClaimsRequest::subject).map(expected);
        Ok(Self {
            scopes,
            challenge,
            key: wishes.key,
            nonce: parameters.get("nonce").map(str::to_owned),
            prompt: wishes.prompt,
            max_age_secs: wishes.max_age_secs,
            login_hint: parameters.get("login_hint").filter(|hint| hint.len() <= MAX_HINT_BYTES).map(str::to_owned),
            expected_user: hinted.or(named),
            claims: wishes.claims,
            language: parameters.get("ui_locales").and_then(|tags| tags.split(' ').find_map(Language::from_tag)),
            to,
        })
    }
}

impl AuthorizeRequest {
    /// Returns what the person is asked for: the scopes, and those that open the claims asked
    /// for by name, as far as they are the client's (security.md AS-08).
    pub fn opened(&self) -> Scopes {
        let most = &self.to.client().metadata.scopes;
        let named = self.claims.iter().flat_map(ClaimsRequest::names).filter_map(person::scope_of);
        let named = named.filter(|scope| most.contains(scope)).filter_map(|scope| Scopes::parse(scope).ok());
        named.fold(self.scopes.clone(), |all, scope| all.union(&scope))
    }
}

/// What has a form of its own.
struct Wishes {
    key: Option<Thumbprint>,
    prompt: Prompt,
    max_age_secs: Option<u64>,
    claims: Option<ClaimsRequest>,
}

impl Wishes {
    fn read(parameters: &Parameters) -> Result<Self, (Refusal, &'static str)> {
        let invalid = |text| (Refusal::InvalidRequest, text);
        if parameters.get("nonce").is_some_and(|nonce| nonce.len() > MAX_NONCE_BYTES) {
            return Err(invalid("nonce is too long: 512 bytes at most"));
        }
        let prompt = Prompt::parse(parameters.get("prompt").unwrap_or_default()).ok_or(invalid("prompt=none stands alone"))?;
        let seconds = parameters.get("max_age").map(|text| text.parse::<u32>().map(u64::from)).transpose();
        let max_age_secs = seconds.map_err(|_| invalid("max_age must be a whole number of seconds"))?;
        let claims = parameters
            .get("claims")
            .map(|text| ClaimsRequest::parse(text).ok_or(invalid("claims is not JSON as in OpenID Connect Core 5.5")));
        let claims = claims.transpose()?;
        if claims.as_ref().is_some_and(ClaimsRequest::needs_unknown_context) {
            return Err((Refusal::UnmetAuthenticationRequirements, "the essential acr cannot be had here"));
        }
        let key = parameters.get("dpop_jkt").map(|text| Thumbprint::parse(text).ok_or(invalid("dpop_jkt must be a SHA-256 thumbprint")));
        Ok(Self { key: key.transpose()?, prompt, max_age_secs, claims })
    }
}

/// Refuses what we do not do, with the error that it has; nothing is fetched (security.md AS-04, AS-06).
fn check_supported(parameters: &Parameters) -> Result<(), (Refusal, &'static str)> {
    if parameters.get("request").is_some() {
        return Err((Refusal::RequestNotSupported, "request objects are not supported"));
    }
    if parameters.get("request_uri").is_some() {
        return Err((Refusal::RequestUriNotSupported, "only a request_uri from the pushed authorization request endpoint is supported"));
    }
    if parameters.get("registration").is_some() {
        return Err((Refusal::RegistrationNotSupported, "registration is not supported here"));
    }
    match parameters.get("response_type") {
        Some("code") => Ok(()),
        Some(_) => Err((Refusal::UnsupportedResponseType, "only response_type=code is supported")),
        None => Err((Refusal::InvalidRequest, "response_type is missing")),
    }
}

/// Reads the challenge; required unless the client's switch says otherwise (security.md AS-03, CF-02).
fn challenge_of(client: &Client, parameters: &Parameters) -> Result<Option<CodeChallenge>, &'static str> {
    let challenge = CodeChallenge::parse(parameters.get("code_challenge"), parameters.get("code_challenge_method"));
    let challenge = challenge.map_err(|fault| match fault {
        crate::issuer::pkce::ChallengeFault::Method => "code_challenge_method must be S256",
        crate::issuer::pkce::ChallengeFault::Form => "code_challenge must be 43 characters of base64url",
        crate::issuer::pkce::ChallengeFault::Missing => "code_challenge is missing",
    })?;
    if challenge.is_none() && client.requires_pkce() { Err("code_challenge is missing") } else { Ok(challenge) }
}

/// Reads the scopes: those of the client and no others (security.md TK-05).
///
/// `offline_access` means nothing for a client without refresh tokens, and is ignored then (OIDC Core §11).
fn scopes_of(client: &Client, parameters: &Parameters) -> Result<Scopes, &'static str> {
    let asked = Scopes::parse(parameters.get("scope").ok_or("scope is missing")?)
        .map_err(|_| "scope is malformed: words of printable ASCII with one space between them")?;
    let asked = if client.allows_grant(Grant::RefreshToken) { asked } else { asked.without(Scope::OFFLINE_ACCESS) };
    if asked.is_subset(&client.metadata.scopes) { Ok(asked) } else { Err("scope has a word that this client is not registered for") }
}

async fn hinted_user(issuer: &Issuer, parameters: &Parameters) -> Result<Option<ExpectedUser>, &'static str> {
    let Some(token) = parameters.get("id_token_hint") else { return Ok(None) };
    let hinted = issuer.read_id_token_hint(token).await.ok_or("id_token_hint is no ID Token of ours")?;
    Ok(Some(ExpectedUser::Known(hinted.user)))
}

fn expected(subject: &str) -> ExpectedUser {
    subject.parse().map_or(ExpectedUser::Nobody, ExpectedUser::Known)
}
