//! What other software calls our causes, for whoever comes from there.
//!
//! The closest names, looked up in the sources: several of our causes share one of
//! theirs, and where they have none the list is empty. A cause without a row does
//! not compile.

use super::cause::Cause;

/// The names of one cause in other software.
#[derive(Clone, Copy, Debug, Default)]
pub struct Elsewhere {
    /// Error codes of RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1 and OIDC Core §3.1.2.6.
    pub oauth: &'static [&'static str],
    /// Exceptions of Python Social Auth before version 7 (`social_core/exceptions.py`).
    pub social_auth: &'static [&'static str],
    /// Codes of Python Social Auth since version 7 (the same file).
    pub social_auth_7: &'static [&'static str],
    /// Values of django-allauth's `AuthError`.
    pub allauth: &'static [&'static str],
    /// Error types of Auth.js (`@auth/core`).
    pub auth_js: &'static [&'static str],
    /// Errors of Keycloak's events, and keys of its messages.
    pub keycloak: &'static [&'static str],
    /// Error codes of Spring Security's OAuth 2.0 client.
    pub spring: &'static [&'static str],
}

impl Elsewhere {
    /// Returns every list under its key in JSON and its name for people.
    pub fn systems(&self) -> [(&'static str, &'static str, &'static [&'static str]); 7] {
        [
            ("oauth", "OAuth 2.0, OpenID Connect", self.oauth),
            ("python_social_auth", "Python Social Auth to 6", self.social_auth),
            ("python_social_auth_7", "Python Social Auth 7", self.social_auth_7),
            ("django_allauth", "django-allauth", self.allauth),
            ("auth_js", "Auth.js", self.auth_js),
            ("keycloak", "Keycloak", self.keycloak),
            ("spring_security", "Spring Security", self.spring),
        ]
    }
}

macro_rules! elsewhere {
    ($( $($cause:ident),+ => { $($system:ident: [$($name:literal),+]),* } )+) => {
        impl Cause {
            /// Returns what other software calls it.
            #[expect(clippy::needless_update, reason = "most rows leave something out, and one does not")]
            pub fn elsewhere(self) -> Elsewhere {
                match self {
                    $($(Self::$cause)|+ => Elsewhere { $($system: &[$($name),+],)* ..Elsewhere::default() },)+
                }
            }
        }
    };
}

elsewhere! {
    ConsentDenied => {
        oauth: ["access_denied"], social_auth: ["AuthCanceled"], social_auth_7: ["authorization_declined"], allauth: ["cancelled"],
        auth_js: ["OAuthCallbackError"], keycloak: ["access-denied-when-idp-auth"] }
    ConsentPartial => {}
    AccessRevoked => { social_auth: ["AuthTokenRevoked"], social_auth_7: ["token_revoked"] }

    CookieMissing => {
        social_auth: ["AuthStateMissing"], social_auth_7: ["session_context_missing"], auth_js: ["InvalidCheck"], keycloak: ["cookie_not_found"],
        spring: ["authorization_request_not_found"] }
    FormExpired => { auth_js: ["MissingCSRF"] }
    StateMissing => {
        social_auth: ["AuthMissingParameter"], social_auth_7: ["missing_parameter"], allauth: ["unknown"],
        keycloak: ["identityProviderMissingStateMessage"], spring: ["invalid_request"] }
    StateUnknown => {
        social_auth: ["AuthStateForbidden"], social_auth_7: ["state_mismatch", "session_context_missing"], allauth: ["unknown"], auth_js: ["InvalidCheck"],
        spring: ["authorization_request_not_found", "invalid_state_parameter"] }
    AttemptExpired, AttemptRepeated => { social_auth_7: ["state_mismatch"], spring: ["authorization_request_not_found"] }
    QueryMissing => {
        social_auth: ["AuthMissingParameter"], social_auth_7: ["missing_parameter"], allauth: ["unknown"],
        keycloak: ["identityProviderMissingStateMessage"], spring: ["invalid_request"] }
    QueryMalformed => {}
    CodeMissing => {
        social_auth: ["AuthMissingParameter"], allauth: ["unknown"], keycloak: ["identityProviderMissingCodeOrErrorMessage"],
        spring: ["invalid_request"] }
    CodeUnusable => {
        oauth: ["invalid_grant"], social_auth_7: ["authorization_code_rejected"], allauth: ["unknown"], auth_js: ["CallbackRouteError"],
        keycloak: ["invalid_code", "expired_code", "identityProviderUnexpectedErrorMessage"], spring: ["invalid_grant"] }
    AutoLoginFailed => {}
    LinkSessionChanged => { social_auth_7: ["user_mismatch"], keycloak: ["not_logged_in"] }

    AuthorizationServerError => {
        oauth: ["server_error"], social_auth: ["AuthFailed"], social_auth_7: ["unavailable"], allauth: ["unknown"],
        auth_js: ["OAuthCallbackError"], keycloak: ["identityProviderUnexpectedErrorMessage"], spring: ["server_error"] }
    AuthorizationUnavailable => {
        oauth: ["temporarily_unavailable"], social_auth: ["AuthFailed"], social_auth_7: ["unavailable"], allauth: ["unknown"],
        auth_js: ["OAuthCallbackError"], keycloak: ["identityProviderUnexpectedErrorMessage"], spring: ["temporarily_unavailable"] }
    TokenUnreachable, TokenConnectionLost => {
        social_auth: ["AuthConnectionError"], social_auth_7: ["connection_failed"], allauth: ["unknown"], auth_js: ["CallbackRouteError"],
        keycloak: ["identity_provider_login_failure", "identityProviderUnexpectedErrorMessage"], spring: ["invalid_token_response"] }
    TokenTimeout => {
        social_auth: ["AuthConnectionError"], social_auth_7: ["timeout"], allauth: ["unknown"], auth_js: ["CallbackRouteError"],
        keycloak: ["identity_provider_login_failure", "identityProviderUnexpectedErrorMessage"], spring: ["invalid_token_response"] }
    TokenServerError => {
        social_auth: ["AuthUnreachableProvider"], social_auth_7: ["unavailable"], allauth: ["unknown"], auth_js: ["CallbackRouteError"],
        keycloak: ["identity_provider_login_failure", "identityProviderUnexpectedErrorMessage"], spring: ["invalid_token_response"] }
    TokenRateLimited => {
        social_auth_7: ["rate_limited"], allauth: ["unknown"], auth_js: ["CallbackRouteError"],
        keycloak: ["identity_provider_login_failure", "identityProviderUnexpectedErrorMessage"], spring: ["invalid_token_response"] }
    TokenUnreadable => {
        social_auth_7: ["malformed_response"], allauth: ["unknown"], auth_js: ["CallbackRouteError"],
        keycloak: ["identity_provider_login_failure", "identityProviderUnexpectedErrorMessage"], spring: ["invalid_token_response"] }
    ProfileUnreachable, ProfileConnectionLost => {
        social_auth: ["AuthConnectionError"], social_auth_7: ["connection_failed"], allauth: ["unknown"], auth_js: ["CallbackRouteError"],
        spring: ["invalid_user_info_response"] }
    ProfileTimeout => {
        social_auth: ["AuthConnectionError"], social_auth_7: ["timeout"], allauth: ["unknown"], auth_js: ["CallbackRouteError"],
        spring: ["invalid_user_info_response"] }
    ProfileServerError => {
        social_auth: ["AuthUnreachableProvider"], social_auth_7: ["unavailable"], allauth: ["unknown"], auth_js: ["CallbackRouteError"],
        spring: ["invalid_user_info_response"] }
    ProfileRateLimited => {
        social_auth_7: ["rate_limited"], allauth: ["unknown"], auth_js: ["CallbackRouteError"], spring: ["invalid_user_info_response"] }
    ProfileUnreadable => {
        social_auth_7: ["malformed_response"], allauth: ["unknown"], auth_js: ["CallbackRouteError"], spring: ["invalid_user_info_response"] }
    DiscoveryUnreachable, KeysUnreachable => { social_auth: ["AuthConnectionError"], social_auth_7: ["connection_failed", "unavailable"] }
    DiscoveryTimeout, KeysTimeout => { social_auth: ["AuthConnectionError"], social_auth_7: ["timeout"] }
    DiscoveryUnreadable, KeysUnreadable => { social_auth_7: ["malformed_response"] }

    CrossSiteRequest => { auth_js: ["MissingCSRF"] }
    ParameterRepeated, ParameterTooLong, StateOfOtherProvider, IssuerMismatch, IssuerMissing => {}
    NonceMissing, NonceMismatch => { social_auth: ["AuthTokenError"], social_auth_7: ["nonce_mismatch"], spring: ["invalid_nonce"] }
    IdTokenSignatureInvalid => { social_auth: ["AuthTokenError"], social_auth_7: ["invalid_signature"], spring: ["invalid_id_token"] }
    IdTokenIssuerMismatch, IdTokenAudienceMismatch => {
        social_auth: ["AuthTokenError"], social_auth_7: ["invalid_claim"], spring: ["invalid_id_token"] }
    IdTokenHashMismatch => { social_auth: ["AuthTokenError"], social_auth_7: ["invalid_claim"] }
    SubjectMismatch => { social_auth_7: ["invalid_claim"], spring: ["invalid_user_info_response"] }

    ProviderUnknown => {
        social_auth: ["MissingBackend", "WrongBackend"], social_auth_7: ["backend_missing"], auth_js: ["InvalidProvider"],
        keycloak: ["unknown_identity_provider", "identityProviderNotFoundMessage"], spring: ["client_registration_not_found"] }
    ResponseContradictory => {}
    AuthorizationRefused => {
        oauth: ["invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope"], social_auth: ["AuthFailed"],
        social_auth_7: ["invalid_setting", "http_error"], allauth: ["unknown"], auth_js: ["OAuthCallbackError"],
        keycloak: ["identityProviderUnexpectedErrorMessage"],
        spring: ["invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope"] }
    InteractionRequired => {
        oauth: ["login_required", "interaction_required", "account_selection_required"], social_auth: ["AuthFailed"],
        social_auth_7: ["http_error"], allauth: ["unknown"], auth_js: ["OAuthCallbackError"] }
    ClientRefused => {
        oauth: ["invalid_client"], social_auth: ["AuthForbidden"], social_auth_7: ["invalid_setting"], allauth: ["unknown"],
        auth_js: ["CallbackRouteError"], keycloak: ["invalid_client_credentials", "identityProviderUnexpectedErrorMessage"],
        spring: ["invalid_client"] }
    VerifierRefused => {
        oauth: ["invalid_grant"], social_auth_7: ["authorization_code_rejected"], allauth: ["unknown"], auth_js: ["CallbackRouteError"],
        keycloak: ["pkce_verification_failed", "code_verifier_missing", "invalid_code_verifier"], spring: ["invalid_grant"] }
    TokenRefused => {
        oauth: ["invalid_request", "unauthorized_client", "unsupported_grant_type", "invalid_scope"], social_auth_7: ["invalid_setting"],
        allauth: ["unknown"], auth_js: ["CallbackRouteError"], keycloak: ["identityProviderUnexpectedErrorMessage"],
        spring: ["invalid_request", "unauthorized_client", "unsupported_grant_type", "invalid_scope"] }
    TokenMalformed => { social_auth_7: ["missing_claim"], auth_js: ["CallbackRouteError"], spring: ["invalid_token_response"] }
    IdTokenMissing => { spring: ["invalid_id_token"] }
    IdTokenMalformed => { social_auth: ["AuthTokenError"], social_auth_7: ["malformed_response"], spring: ["invalid_id_token"] }
    IdTokenAlgorithmUnexpected, IdTokenKeyUnknown => {
        social_auth: ["AuthTokenError"], social_auth_7: ["invalid_signature"], spring: ["invalid_id_token"] }
    IdTokenExpired => { social_auth: ["AuthTokenError"], social_auth_7: ["response_expired"], spring: ["invalid_id_token"] }
    IdTokenFromFuture => { social_auth: ["AuthTokenError"], social_auth_7: ["response_not_yet_valid"], spring: ["invalid_id_token"] }
    SubjectMissing => { social_auth_7: ["missing_claim"], auth_js: ["OAuthProfileParseError"], spring: ["missing_user_name_attribute"] }
    ProfileTokenRefused => {
        oauth: ["invalid_token"], social_auth: ["AuthForbidden"], social_auth_7: ["credential_rejected"], allauth: ["unknown"],
        auth_js: ["CallbackRouteError"], spring: ["invalid_token"] }
    ProfileRefused => {
        oauth: ["insufficient_scope"], social_auth_7: ["http_error"], allauth: ["unknown"], auth_js: ["CallbackRouteError"],
        spring: ["insufficient_scope", "invalid_user_info_response"] }
    ProfileMalformed => {
        social_auth_7: ["malformed_response"], auth_js: ["OAuthProfileParseError"], spring: ["invalid_user_info_response"] }
    DiscoveryRefused, KeysRefused => { social_auth_7: ["http_error"] }
    DiscoveryInvalid => {}
    CertificateUntrusted => { social_auth_7: ["tls_error"] }
    AnswerTooLarge, AnswerUnexpected => {}

    SignupClosed => { auth_js: ["AccessDenied"], keycloak: ["registration_disabled"] }
    UserDisabled => { auth_js: ["AccessDenied"], keycloak: ["user_disabled"] }
    AccessNotPermitted => { social_auth: ["AuthForbidden"], social_auth_7: ["membership_required"] }
    DomainNotAllowed => { social_auth: ["AuthForbidden"], social_auth_7: ["authentication_disallowed"], auth_js: ["AccessDenied"] }
    EmailMissing => { social_auth_7: ["profile_email_missing"] }
    EmailUnverified => { social_auth: ["InvalidEmail"], social_auth_7: ["email_verification_rejected"] }
    EmailTaken => {
        social_auth_7: ["email_in_use"], auth_js: ["OAuthAccountNotLinked"],
        keycloak: ["federated_identity_account_exists", "federatedIdentityExistsMessage"] }
    IdentityTaken => {
        social_auth: ["AuthAlreadyAssociated"], social_auth_7: ["identity_in_use"], auth_js: ["OAuthAccountNotLinked"] }
    LastWayIn => {
        social_auth: ["NotAllowedToDisconnect"], social_auth_7: ["disconnect_disallowed"],
        keycloak: ["federatedIdentityRemovingLastProviderMessage"] }

    StoreUnavailable => { auth_js: ["AdapterError"] }
    Internal => { social_auth: ["AuthUnknownError"], social_auth_7: ["unknown_error"], keycloak: ["internalServerError"] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_of(system: &str) -> Vec<&'static str> {
        let lists = Cause::ALL.iter().flat_map(|cause| cause.elsewhere().systems());
        lists.filter(|(key, ..)| *key == system).flat_map(|(.., names)| names.iter().copied()).collect()
    }

    #[test]
    fn every_exception_of_python_social_auth_about_a_sign_in_has_a_cause() {
        let named = all_of("python_social_auth");
        for exception in [
            "AuthFailed",
            "AuthCanceled",
            "AuthUnknownError",
            "AuthTokenError",
            "AuthMissingParameter",
            "AuthStateMissing",
            "AuthStateForbidden",
            "AuthAlreadyAssociated",
            "AuthTokenRevoked",
            "AuthForbidden",
            "AuthUnreachableProvider",
            "AuthConnectionError",
            "NotAllowedToDisconnect",
        ] {
            assert!(named.contains(&exception), "{exception}");
        }
    }

    #[test]
    fn every_error_code_of_the_standards_has_a_cause() {
        let named = all_of("oauth");
        for code in [
            "invalid_request",
            "unauthorized_client",
            "access_denied",
            "unsupported_response_type",
            "invalid_scope",
            "server_error",
            "temporarily_unavailable",
            "invalid_client",
            "invalid_grant",
            "unsupported_grant_type",
            "login_required",
            "interaction_required",
            "account_selection_required",
            "invalid_token",
            "insufficient_scope",
        ] {
            assert!(named.contains(&code), "{code}");
        }
    }
}
