//! The form that describes an application: what it shows, and reading it.

use std::collections::BTreeSet;

use crate::domain::client::{
    AccessTokenFormat, AssertionAlgorithm, ClientAuthentication, ClientKind, Grant, ResponseMode, SigningAlgorithm,
};
use crate::domain::name::NameError;
use crate::domain::redirect_uri::RedirectUriError;
use crate::issuer::assertion::KeySetError;
use crate::issuer::registration::{Draft, Fault, Problem};
use crate::web::body::Form;
use crate::web::text::TextKey;

/// The form, as it is to be filled in, or as it was and is refused.
#[derive(Clone, Debug)]
pub struct ApplicationForm {
    /// What is in it.
    pub draft: Draft,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// The grants that can be chosen.
    pub grants: Vec<Grant>,
    /// Whether this person has as many applications as anybody may have.
    pub is_full: bool,
    /// Where to sign in again first; the change needs it (security.md SE-06).
    pub sign_in: Option<String>,
}

impl ApplicationForm {
    /// Takes a draft that is not refused.
    pub fn new(draft: Draft, grants: &BTreeSet<Grant>) -> Self {
        Self { draft, faults: Vec::new(), grants: grants.iter().copied().collect(), is_full: false, sign_in: None }
    }

    /// Reads what was sent. An unknown word is the default's, as if it had not been sent.
    pub fn read(form: &mut Form, grants: &BTreeSet<Grant>) -> Self {
        let default = Draft::default();
        let mut is_on = |name: &str| form.take(name).is_some();
        let chosen = grants.iter().copied().filter(|grant| is_on(&format!("grant_{}", grant.short()))).collect();
        let response_modes = ResponseMode::ALL.iter().copied().filter(|mode| is_on(&format!("mode_{mode}"))).collect();
        let dpop_bound_access_tokens = is_on("dpop_bound_access_tokens");
        let (requires_pkce, backchannel_logout_session_required) = (is_on("requires_pkce"), is_on("backchannel_logout_session_required"));
        let draft = Draft {
            kind: ClientKind::parse(&form.text("kind")).unwrap_or(default.kind),
            authentication: ClientAuthentication::parse(&form.text("authentication")).unwrap_or(default.authentication),
            assertion_algorithm: AssertionAlgorithm::parse(&form.text("assertion_algorithm")),
            access_token_format: AccessTokenFormat::parse(&form.text("access_token_format")).unwrap_or(default.access_token_format),
            access_token_algorithm: SigningAlgorithm::parse(&form.text("access_token_algorithm")).unwrap_or(default.access_token_algorithm),
            id_token_algorithm: SigningAlgorithm::parse(&form.text("id_token_algorithm")).unwrap_or(default.id_token_algorithm),
            grants: chosen,
            response_modes,
            requires_pkce,
            dpop_bound_access_tokens,
            backchannel_logout_session_required,
            name: form.text("name"),
            jwks: form.text("jwks"),
            redirect_uris: form.text("redirect_uris"),
            post_logout_redirect_uris: form.text("post_logout_redirect_uris"),
            scopes: form.text("scopes"),
            audience: form.text("audience"),
            access_token_ttl_secs: form.text("access_token_ttl_secs"),
            refresh_token_ttl_secs: form.text("refresh_token_ttl_secs"),
            backchannel_logout_uri: form.text("backchannel_logout_uri"),
            frontchannel_logout_uri: form.text("frontchannel_logout_uri"),
            logo_url: form.text("logo_url"),
            homepage_url: form.text("homepage_url"),
            policy_url: form.text("policy_url"),
            terms_url: form.text("terms_url"),
        };
        Self::new(without_contradiction(draft), grants)
    }

    /// Tells whether the form was refused.
    pub fn is_wrong(&self) -> bool {
        !self.faults.is_empty() || self.is_full || self.sign_in.is_some()
    }

    /// Tells whether what is folded away has to be seen.
    pub fn is_open(&self) -> bool {
        self.faults.iter().any(|fault| !matches!(fault.field.as_str(), "name" | "redirect_uris"))
    }

    /// Returns what is wrong with a field.
    pub fn fault(&self, field: &str) -> Option<TextKey> {
        self.faults.iter().find(|fault| fault.field.as_str() == field).map(|fault| text_of(fault.problem))
    }

    /// Tells whether a grant is chosen.
    pub fn has_grant(&self, grant: &Grant) -> bool {
        self.draft.grants.contains(grant)
    }

    /// Tells whether an algorithm is chosen.
    pub fn has_algorithm(&self, algorithm: &AssertionAlgorithm) -> bool {
        self.draft.assertion_algorithm == Some(*algorithm)
    }

    /// Tells whether a response mode is chosen.
    pub fn has_mode(&self, mode: &ResponseMode) -> bool {
        self.draft.response_modes.contains(mode)
    }
}

/// A browser application has no secret, whatever stands in the part of the form that is folded away.
fn without_contradiction(mut draft: Draft) -> Draft {
    let is_secret = draft.authentication.needs_secret();
    if is_secret && draft.kind == ClientKind::Spa {
        draft.authentication = ClientAuthentication::None;
    }
    draft
}

/// Returns the text for a kind of application.
pub fn text_of_kind(kind: &ClientKind) -> TextKey {
    match kind {
        ClientKind::Web => "application-kind-web",
        ClientKind::Native => "application-kind-native",
        ClientKind::Spa => "application-kind-spa",
    }
}

/// Returns the text for a grant.
pub fn text_of_grant(grant: &Grant) -> TextKey {
    match grant {
        Grant::AuthorizationCode => "application-grant-code",
        Grant::RefreshToken => "application-grant-refresh",
        Grant::ClientCredentials => "application-grant-client",
        Grant::JwtBearer => "application-grant-jwt",
        Grant::DeviceCode => "application-grant-device",
        Grant::Password => "application-grant-password",
    }
}

/// Returns the text for a problem of a field.
fn text_of(problem: Problem) -> TextKey {
    match problem {
        Problem::Name(NameError::Empty) => "fault-application-name-empty",
        Problem::Name(NameError::TooLong) => "fault-application-name-long",
        Problem::Name(NameError::Forbidden) => "fault-application-name-letters",
        Problem::LookAlike => "fault-application-look-alike",
        Problem::RedirectUri(RedirectUriError::TooLong | RedirectUriError::Malformed) => "fault-redirect-malformed",
        Problem::RedirectUri(RedirectUriError::Fragment) => "fault-redirect-fragment",
        Problem::RedirectUri(RedirectUriError::Wildcard) => "fault-redirect-wildcard",
        Problem::RedirectUri(RedirectUriError::Credentials) => "fault-redirect-credentials",
        Problem::RedirectUri(RedirectUriError::NotHttps) => "fault-redirect-http",
        Problem::RedirectUri(RedirectUriError::Scheme) => "fault-redirect-scheme",
        Problem::NativeOnly => "fault-redirect-native",
        Problem::RedirectUriMissing => "fault-redirect-missing",
        Problem::TooMany => "fault-application-too-many",
        Problem::NothingChosen => "fault-application-nothing",
        Problem::OperatorOnly => "fault-application-operator",
        Problem::RefreshAlone => "fault-application-refresh",
        Problem::NeedsSecret => "fault-application-needs-secret",
        Problem::CannotKeepSecret => "fault-application-no-secret",
        Problem::Scopes(_) => "fault-application-scopes",
        Problem::Keys(KeySetError::Malformed | KeySetError::TooMany) => "fault-keys-malformed",
        Problem::Keys(KeySetError::Private) => "fault-keys-private",
        Problem::Keys(KeySetError::Weak) => "fault-keys-weak",
        Problem::Keys(KeySetError::Unfit) => "fault-keys-unfit",
        Problem::KeysMissing => "fault-keys-missing",
        Problem::NotHttps => "fault-application-url",
        Problem::Elsewhere => "fault-application-elsewhere",
        Problem::OutOfRange => "fault-application-number",
    }
}
