//! What is wrong with a draft: which field, and why.

use std::fmt;

use crate::domain::name::NameError;
use crate::domain::redirect_uri::RedirectUriError;
use crate::domain::scope::ScopeError;
use crate::issuer::assertion::KeySetError;

/// A field of a draft, by the name that forms, commands and programs have for it (RFC 7591 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the field of that name in `Draft`")]
pub enum Field {
    Name,
    Authentication,
    Jwks,
    RedirectUris,
    PostLogoutRedirectUris,
    Grants,
    Scopes,
    ResponseModes,
    Audience,
    AccessTokenTtl,
    RefreshTokenTtl,
    BackchannelLogoutUri,
    FrontchannelLogoutUri,
    LogoUrl,
    HomepageUrl,
    PolicyUrl,
    TermsUrl,
}

impl Field {
    /// Returns the name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Authentication => "authentication",
            Self::Jwks => "jwks",
            Self::RedirectUris => "redirect_uris",
            Self::PostLogoutRedirectUris => "post_logout_redirect_uris",
            Self::Grants => "grants",
            Self::Scopes => "scopes",
            Self::ResponseModes => "response_modes",
            Self::Audience => "audience",
            Self::AccessTokenTtl => "access_token_ttl_secs",
            Self::RefreshTokenTtl => "refresh_token_ttl_secs",
            Self::BackchannelLogoutUri => "backchannel_logout_uri",
            Self::FrontchannelLogoutUri => "frontchannel_logout_uri",
            Self::LogoUrl => "logo_url",
            Self::HomepageUrl => "homepage_url",
            Self::PolicyUrl => "policy_url",
            Self::TermsUrl => "terms_url",
        }
    }
}

/// Why a field is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The name breaks a rule of names.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The name looks like that of a verified application, or of this site (security.md CR-03).
    #[error("the name looks like that of another application")]
    LookAlike,
    /// A redirect address breaks a rule of such addresses.
    #[error(transparent)]
    RedirectUri(#[from] RedirectUriError),
    /// An address of this kind is for native applications alone (RFC 8252 §7).
    #[error("only a native application may have an address of this kind")]
    NativeOnly,
    /// The grant needs a redirect address.
    #[error("the code grant needs a redirect address")]
    RedirectUriMissing,
    /// There are more items than fit.
    #[error("there are too many items")]
    TooMany,
    /// Nothing was chosen.
    #[error("at least one is needed")]
    NothingChosen,
    /// An operator alone can allow this grant.
    #[error("only an operator can allow this")]
    OperatorOnly,
    /// Nothing would ever give a refresh token.
    #[error("refresh tokens come with the code or the device grant")]
    RefreshAlone,
    /// A public client has nothing to prove itself with (RFC 6749 §4.4).
    #[error("an application without a secret cannot speak for itself")]
    NeedsSecret,
    /// A native or browser application cannot keep a secret (RFC 6749 §2.1).
    #[error("an application of this kind cannot keep a secret")]
    CannotKeepSecret,
    /// Scopes break a rule of scopes.
    #[error(transparent)]
    Scopes(#[from] ScopeError),
    /// Keys break a rule of keys.
    #[error(transparent)]
    Keys(#[from] KeySetError),
    /// The authentication needs keys.
    #[error("public keys are needed")]
    KeysMissing,
    /// It is no https address.
    #[error("this is no https address")]
    NotHttps,
    /// It is at another place than the redirect addresses (Front-Channel Logout §2).
    #[error("scheme, host and port must be those of a redirect address")]
    Elsewhere,
    /// The number is out of range.
    #[error("this is no number within the range")]
    OutOfRange,
}

/// One thing that is wrong with a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub field: Field,
    /// Why.
    pub problem: Problem,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field.as_str(), self.problem)
    }
}
