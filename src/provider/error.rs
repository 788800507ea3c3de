//! What can break between us and a provider.

use std::fmt;

/// Where it broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// The discovery document.
    Discovery,
    /// The signing keys.
    Keys,
    /// The authorization response, as the browser brought it.
    Authorization,
    /// The token endpoint.
    Token,
    /// The ID Token itself.
    IdToken,
    /// The userinfo endpoint, or a plain OAuth 2.0 profile.
    Profile,
}

impl Endpoint {
    /// Returns the word for the metrics' label.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Keys => "keys",
            Self::Authorization => "authorization",
            Self::Token => "token",
            Self::IdToken => "id_token",
            Self::Profile => "profile",
        }
    }
}

/// What broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// DNS, connection or TLS handshake failed; nothing was sent.
    Unreachable,
    /// The certificate is for another name, from an unknown authority or out of date.
    Untrusted,
    /// No answer in time, or our own deadline ran out.
    TimedOut,
    /// The connection broke before the answer was complete.
    ConnectionLost,
    /// Status 500 to 599, or an error code that means the same.
    ServerError,
    /// Status 429, or an error code that means the same.
    RateLimited,
    /// Not what was asked for: HTML, nothing, half a JSON text.
    Unreadable,
    /// Beyond every bound.
    TooLarge,
    /// A redirect, or a coding that was never offered.
    Unexpected,
    /// The code was used, has expired or is not one (RFC 6749 §5.2 `invalid_grant`).
    CodeRefused,
    /// The refresh token was revoked, has expired or is not one (RFC 6749 §5.2 `invalid_grant`).
    GrantRevoked,
    /// The code verifier was refused (RFC 7636 §4.6).
    VerifierRefused,
    /// Our client authentication was refused (RFC 6749 §5.2 `invalid_client`).
    ClientRefused,
    /// The access token was refused at the profile endpoint (RFC 6750 §3.1 `invalid_token`).
    AccessTokenRefused,
    /// The person has a step to do that was not shown (OIDC Core §3.1.2.6 `interaction_required`).
    InteractionRequired,
    /// Any other refusal: an error code, or status 4xx.
    Refused,
    /// Well-formed, but without what must be in it.
    Malformed,
    /// Discovery: another issuer, a missing member, not https.
    Invalid,
    /// RFC 9207: another issuer.
    IssuerMismatch,
    /// RFC 9207: advertised, but absent.
    IssuerMissing,
    /// The token answer has no ID Token.
    IdTokenMissing,
    /// The signature does not verify.
    SignatureInvalid,
    /// No published key has that id.
    KeyUnknown,
    /// An algorithm that is not on the list.
    AlgorithmUnexpected,
    /// Made for another client.
    AudienceMismatch,
    /// Expired on arrival.
    Expired,
    /// Not valid yet.
    FromFuture,
    /// No nonce although one was sent.
    NonceMissing,
    /// Another attempt's nonce.
    NonceMismatch,
    /// Made for another code or access token.
    HashMismatch,
    /// No usable subject.
    SubjectMissing,
    /// The profile is about somebody else.
    SubjectMismatch,
}

impl Fault {
    /// Tells what may be gone at the next try: a call without effect is worth repeating, a cached copy worth using.
    pub fn may_pass(self) -> bool {
        matches!(self, Self::Unreachable | Self::TimedOut | Self::ConnectionLost | Self::ServerError | Self::Unreadable)
    }
}

/// A call to a provider that did not give what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderError {
    /// Where.
    pub endpoint: Endpoint,
    /// What.
    pub fault: Fault,
    /// The provider's own error code, raw; to be cleaned before it is logged.
    pub code: Option<String>,
    /// The HTTP status, if there was an answer.
    pub http_status: Option<u16>,
    /// The name of the cause, where the provider's own dialect tells it: it is more precise than `fault`.
    pub cause: Option<String>,
}

impl ProviderError {
    /// Makes an error of which no more is known.
    pub fn new(endpoint: Endpoint, fault: Fault) -> Self {
        Self { endpoint, fault, code: None, http_status: None, cause: None }
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at the {:?} endpoint", self.fault, self.endpoint)
    }
}

impl std::error::Error for ProviderError {}
