//! What a client is told through the browser when it gets no code.
//!
//! Such an error can be made from a [`Destination`] alone, and a destination only by
//! checking client and redirect address: so nothing can be sent to an address that
//! was not checked (security.md AS-02; RFC 9700 §4.11).

use super::answer::Answer;
use super::destination::Destination;

/// The words of the standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A parameter is missing, repeated, or does not fit (RFC 6749 §4.1.2.1).
    InvalidRequest,
    /// This client may not ask for codes (RFC 6749 §4.1.2.1).
    UnauthorizedClient,
    /// The person said no, or gave up (RFC 6749 §4.1.2.1).
    AccessDenied,
    /// Anything but `code` (RFC 6749 §4.1.2.1).
    UnsupportedResponseType,
    /// A scope is malformed, or not the client's (RFC 6749 §4.1.2.1).
    InvalidScope,
    /// Nobody is signed in, and nobody may be asked (OIDC Core §3.1.2.6).
    LoginRequired,
    /// The person would have to be asked, and may not be (OIDC Core §3.1.2.6).
    ConsentRequired,
    /// Signed requests are not read here (OIDC Core §3.1.2.6).
    RequestNotSupported,
    /// Requests are fetched from nowhere (OIDC Core §3.1.2.6).
    RequestUriNotSupported,
    /// There is no registration on the way (OIDC Core §3.1.2.6).
    RegistrationNotSupported,
    /// The strength of sign-in that is essential to the client cannot be had (OIDC Core §5.5.1.1).
    UnmetAuthenticationRequirements,
}

impl Refusal {
    /// Returns the word.
    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
        }
    }
}

/// A refusal on its way to a destination that was checked.
#[derive(Clone, Debug)]
pub struct AuthorizeError {
    refusal: Refusal,
    /// For developers; holds nothing of the request.
    description: &'static str,
    to: Destination,
}

impl AuthorizeError {
    /// Refuses a request whose destination was checked.
    pub(super) fn new(to: &Destination, refusal: Refusal, description: &'static str) -> Self {
        Self { refusal, description, to: to.clone() }
    }

    /// Returns why.
    pub fn refusal(&self) -> Refusal {
        self.refusal
    }

    /// Returns what developers are told.
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// Returns where it goes.
    pub fn destination(&self) -> &Destination {
        &self.to
    }

    /// Makes the answer (RFC 6749 §4.1.2.1).
    pub fn answer(&self, issuer: &str) -> Answer {
        let fields = vec![("error", self.refusal.code().to_owned()), ("error_description", self.description.to_owned())];
        Answer::new(&self.to, issuer, fields)
    }
}
