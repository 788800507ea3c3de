//! Applications that are registered with our issuer.
//!
//! [`ClientMetadata`] is what its owner chooses, in the words of RFC 7591 §2; it is made
//! by `issuer::registration`, which checks what belongs together. The rest of a
//! [`Client`] is ours: the identifier, and what only an operator may switch.

pub mod name;
mod trusted;
mod words;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

pub use name::{ClientName, MAX_CLIENT_NAME_CHARS};
pub use trusted::{TrustedIssuer, TrustedSubject};
pub use words::{AccessTokenFormat, AssertionAlgorithm, ClientAuthentication, ClientKind, Grant, ResponseMode, SigningAlgorithm};

use super::ids::{RowId, UserId};
use super::redirect_uri::RedirectUri;
use super::scope::Scopes;
use crate::random;

/// What every client identifier begins with, and no user's (a UUID) can.
const ID_PREFIX: &str = "app-";
/// The letters of a client identifier: 32, none of which looks like another.
const ID_ALPHABET: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";
/// How many letters follow the prefix: 100 bits.
const ID_LETTERS: usize = 20;

/// Names a client: made here, never chosen, and never equal to a subject
/// (security.md TK-09; RFC 9700 §4.15).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(String);

impl ClientId {
    /// Makes a new identifier.
    pub fn generate() -> Self {
        let letters = random::bytes::<ID_LETTERS>().map(|byte| char::from(ID_ALPHABET[usize::from(byte) % 32]));
        Self(letters.iter().fold(ID_PREFIX.to_owned(), |mut id, letter| {
            id.push(*letter);
            id
        }))
    }

    /// Reads an identifier; `None` if it cannot be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let letters = text.strip_prefix(ID_PREFIX)?;
        let is_valid = letters.len() == ID_LETTERS && letters.bytes().all(|byte| ID_ALPHABET.contains(&byte));
        is_valid.then(|| Self(text.to_owned()))
    }

    /// Returns the identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ClientId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or("no client identifier")
    }
}

impl TryFrom<String> for ClientId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ClientId> for String {
    fn from(id: ClientId) -> Self {
        id.0
    }
}

/// A registered application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The identifier that never changes.
    pub id: ClientId,
    /// Who registered it; `None`: an operator.
    pub owner: Option<UserId>,
    /// What its owner chose.
    pub metadata: ClientMetadata,
    /// Whether an operator has checked who is behind it (security.md CR-03).
    pub is_verified: bool,
    /// Whether people are not asked, because it is the site's own (security.md AS-08).
    pub skips_consent: bool,
    /// When an operator disabled it.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

impl Client {
    /// Tells whether it may do nothing at all (security.md TK-14).
    pub fn is_disabled(&self) -> bool {
        self.disabled_at.is_some()
    }

    /// Tells whether it cannot keep a secret (RFC 6749 §2.1).
    pub fn is_public(&self) -> bool {
        self.metadata.authentication == ClientAuthentication::None
    }

    /// Tells whether it may use a grant (security.md TK-05).
    pub fn allows_grant(&self, grant: Grant) -> bool {
        self.metadata.grants.contains(&grant)
    }

    /// Finds the registered address that one in a request matches (security.md AS-01).
    pub fn find_redirect_uri(&self, presented: &str) -> Option<&RedirectUri> {
        let is_native = self.metadata.kind == ClientKind::Native;
        self.metadata.redirect_uris.iter().find(|registered| registered.matches(presented, is_native))
    }

    /// Tells whether people may be sent to an address after signing out (RP-Initiated Logout §2).
    pub fn allows_post_logout_redirect(&self, presented: &str) -> bool {
        let is_native = self.metadata.kind == ClientKind::Native;
        self.metadata.post_logout_redirect_uris.iter().any(|registered| registered.matches(presented, is_native))
    }

    /// Tells whether an authorization request needs a code challenge (security.md AS-03, CF-02).
    ///
    /// A public client always does, whatever the switch says.
    pub fn requires_pkce(&self) -> bool {
        self.metadata.requires_pkce || self.is_public()
    }

    /// Tells whether its consent may be left out (security.md AS-08).
    pub fn may_skip_consent(&self) -> bool {
        self.skips_consent && self.is_verified && !self.is_public()
    }
}

/// What the owner of a client chooses (RFC 7591 §2, OIDC Registration §2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientMetadata {
    /// What consent calls it.
    pub name: ClientName,
    /// What runs it.
    pub kind: ClientKind,
    /// How it proves who it is.
    pub authentication: ClientAuthentication,
    /// The one algorithm of its assertions; only with a `_jwt` authentication.
    #[serde(default)]
    pub assertion_algorithm: Option<AssertionAlgorithm>,
    /// Its public keys, a JWK Set (RFC 7517 §5); only with `private_key_jwt`.
    #[serde(default)]
    pub jwks: Option<serde_json::Value>,
    /// Where authorization responses may go.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where people may go after signing out.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// The ways to a token it may use.
    pub grants: BTreeSet<Grant>,
    /// The scopes it may ask for; those of its own API beside the standard ones.
    pub scopes: Scopes,
    /// The ways in which an authorization response may travel; the first is the default.
    pub response_modes: Vec<ResponseMode>,
    /// Whether an authorization request needs a code challenge; see [`Client::requires_pkce`].
    pub requires_pkce: bool,
    /// What its access tokens look like.
    pub access_token_format: AccessTokenFormat,
    /// The signature of its access tokens; an opaque one has none.
    #[serde(default = "SigningAlgorithm::of_access_tokens")]
    pub access_token_algorithm: SigningAlgorithm,
    /// The API that its access tokens are for (RFC 9068 §3, `aud`), to the letter, for APIs compare it so; absent: our own.
    #[serde(default)]
    pub audience: Option<String>,
    /// How long an access token is good for, in seconds; absent: as the issuer is set.
    #[serde(default)]
    pub access_token_ttl_secs: Option<u32>,
    /// How long a refresh token is good for at most, in seconds; absent: as the issuer is set.
    #[serde(default)]
    pub refresh_token_ttl_secs: Option<u32>,
    /// Whether it gets no access token without a DPoP proof (RFC 9449 §5.2).
    #[serde(default)]
    pub dpop_bound_access_tokens: bool,
    /// The signature of its ID Tokens.
    pub id_token_algorithm: SigningAlgorithm,
    /// Where it is told that a session has ended (Back-Channel Logout §2.2).
    #[serde(default)]
    pub backchannel_logout_uri: Option<Url>,
    /// Whether that message must name the session.
    #[serde(default)]
    pub backchannel_logout_session_required: bool,
    /// What the person's browser loads when a session ends (Front-Channel Logout §2); it always learns which one.
    #[serde(default)]
    pub frontchannel_logout_uri: Option<Url>,
    /// Its mark; the person's browser loads it, never this server.
    #[serde(default)]
    pub logo_url: Option<Url>,
    /// Its home page.
    #[serde(default)]
    pub homepage_url: Option<Url>,
    /// What it does with data about people.
    #[serde(default)]
    pub policy_url: Option<Url>,
    /// Its terms of service.
    #[serde(default)]
    pub terms_url: Option<Url>,
}

/// A secret of a client, as far as we know it (security.md TK-06, CR-04).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSecret {
    /// The row.
    pub id: RowId,
    /// SHA-256 of the secret ([`crate::secret::hash_token`]); it has 256 random bits.
    pub hash: String,
    /// The secret, sealed; kept only where signatures are checked with it (`client_secret_jwt`).
    pub sealed: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stops working, because a newer one has taken its place.
    pub expires_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn tk_09_a_client_identifier_is_no_subject_and_back() {
        let id = ClientId::generate();

        assert_eq!(ClientId::parse(id.as_str()), Some(id.clone()));
        assert!(id.as_str().parse::<UserId>().is_err());
        assert_eq!(ClientId::parse(&UserId::new(&Clock::system()).to_string()), None);
        for text in
            ["", "app-", "app-2345678923456789234", "APP-23456789234567892345", "app-2345678923456789234l", " app-23456789234567892345"]
        {
            assert_eq!(ClientId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_client_of_before_has_access_tokens_signed_as_before() {
        let metadata: ClientMetadata = serde_json::from_value(serde_json::json!({
            "name": "Tea House", "kind": "web", "authentication": "client_secret_basic", "redirect_uris": [], "grants": [],
            "scopes": "", "response_modes": [], "requires_pkce": true, "access_token_format": "jwt", "id_token_algorithm": "RS256",
        }))
        .expect("metadata");

        assert_eq!(metadata.access_token_algorithm, SigningAlgorithm::Es256);
    }

    #[test]
    fn ky_04_client_identifiers_are_random() {
        assert_ne!(ClientId::generate(), ClientId::generate());
        assert_eq!(ClientId::generate().as_str().len(), ID_PREFIX.len() + ID_LETTERS);
    }
}
