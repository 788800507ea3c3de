//! The catalogue: every cause of a failed sign-in, in one table.
//!
//! A row says all there is to say about a cause; the enum, its category, its
//! remedy and its place in the catalogue are made from it. What the person reads
//! is in `templates/texts/*.ftl` under `cause-<name>`.

use super::category::{Category, Remedy};

macro_rules! causes {
    ($( $variant:ident = $name:literal, $category:ident, $remedy:ident, $meaning:literal, $operator:literal; )+) => {
        /// Why a sign-in did not succeed. Closed: a new cause is a new row here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Cause {
            $(
                #[doc = $meaning]
                $variant,
            )+
        }

        impl Cause {
            /// Every cause, in the catalogue's order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the name in logs, metrics, pages and the catalogue.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// Returns the category, which decides words and log level.
            pub fn category(self) -> Category {
                match self { $(Self::$variant => Category::$category,)+ }
            }

            /// Returns what the person can do.
            pub fn remedy(self) -> Remedy {
                match self { $(Self::$variant => Remedy::$remedy,)+ }
            }

            /// Returns what it means, for operators.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }

            /// Returns what the operator should do.
            pub fn operator_advice(self) -> &'static str {
                match self { $(Self::$variant => $operator,)+ }
            }
        }
    };
}

causes! {
    // The person changed their mind.
    ConsentDenied = "consent_denied", UserCancelled, Retry,
        "The person pressed Cancel at the provider (RFC 6749 §4.1.2.1, `access_denied`, or the provider's own word).",
        "Nothing.";
    ConsentPartial = "consent_partial", UserCancelled, Retry,
        "The person did not grant a permission that this site needs.",
        "Nothing; if it is frequent, ask for fewer scopes.";
    AccessRevoked = "access_revoked", UserCancelled, Retry,
        "The person has withdrawn this site's access at the provider.",
        "Nothing.";

    // The browser lost something.
    CookieMissing = "cookie_missing", BrowserEnvironment, RetryOneBrowser,
        "The browser sent no session cookie: refused, lost, or another browser than the one that began.",
        "Watch the trend; a sudden rise after a change means our own cookie or host name is wrong.";
    FormExpired = "form_expired", BrowserEnvironment, Retry,
        "The form was older than the session: an old tab, or a page from the browser's cache.",
        "Watch the trend.";
    StateMissing = "state_missing", BrowserEnvironment, RetryOneBrowser,
        "The answer came without a state, so it belongs to no attempt.",
        "Watch the trend; always at one provider means that it drops the state.";
    StateUnknown = "state_unknown", BrowserEnvironment, RetryOneBrowser,
        "The state belongs to no attempt of this browser.",
        "Watch the trend; it is also what a forged callback looks like.";
    AttemptExpired = "attempt_expired", BrowserEnvironment, Retry,
        "The person took longer than `signin.attempt_ttl_secs`.",
        "Watch the trend; raise the time if people need it.";
    AttemptRepeated = "attempt_repeated", BrowserEnvironment, RetryOneBrowser,
        "The answer had been used already: reload, back button, or a link opened twice.",
        "Watch the trend.";
    QueryMissing = "query_missing", BrowserEnvironment, RetryOneBrowser,
        "The browser came back with none of the parameters that an answer has.",
        "Watch the trend; always at one provider means a wrong response mode or a proxy that cuts queries.";
    QueryMalformed = "query_malformed", BrowserEnvironment, RetryOneBrowser,
        "The answer's parameters are not readable text.",
        "Watch the trend.";
    CodeMissing = "code_missing", BrowserEnvironment, RetryOneBrowser,
        "The answer had neither a code nor an error.",
        "Watch the trend.";
    CodeUnusable = "code_unusable", BrowserEnvironment, Retry,
        "The provider would not take the code: used, expired or cut (RFC 6749 §5.2, `invalid_grant`).",
        "Watch the trend; always at one provider means a wrong redirect address.";
    AutoLoginFailed = "auto_login_failed", BrowserEnvironment, Retry,
        "The provider could not sign the person in without asking on this device.",
        "Watch the trend; check extra parameters such as `prompt`.";
    LinkSessionChanged = "link_session_changed", BrowserEnvironment, RetryOneBrowser,
        "Whoever began to link an account is signed out or is somebody else now.",
        "Watch the trend.";

    // The provider is in trouble.
    AuthorizationServerError = "authorization_server_error", IdpOutage, WaitOrOtherMethod,
        "The provider sent the browser back with `server_error` (RFC 6749 §4.1.2.1).",
        "Look at the provider's status page if it lasts.";
    AuthorizationUnavailable = "authorization_unavailable", IdpOutage, WaitOrOtherMethod,
        "The provider sent the browser back with `temporarily_unavailable` (RFC 6749 §4.1.2.1).",
        "Look at the provider's status page if it lasts.";
    TokenUnreachable = "token_unreachable", IdpOutage, WaitOrOtherMethod,
        "The token endpoint could not be reached: name, connection or TLS handshake failed.",
        "If it never worked, check the address and the way out of this network.";
    TokenTimeout = "token_timeout", IdpOutage, WaitOrOtherMethod,
        "The token endpoint did not answer in time.",
        "Look at the provider's status page if it lasts.";
    TokenConnectionLost = "token_connection_lost", IdpOutage, WaitOrOtherMethod,
        "The connection to the token endpoint broke before the answer was complete.",
        "Look at the provider's status page if it lasts.";
    TokenServerError = "token_server_error", IdpOutage, WaitOrOtherMethod,
        "The token endpoint answered with a server error.",
        "Look at the provider's status page if it lasts.";
    TokenRateLimited = "token_rate_limited", IdpOutage, WaitOrOtherMethod,
        "The token endpoint answered that we ask too often.",
        "Ask the provider for a higher quota.";
    TokenUnreadable = "token_unreadable", IdpOutage, WaitOrOtherMethod,
        "The token endpoint answered with something that is not a token answer: HTML, nothing, or half of it.",
        "Look at the provider's status page if it lasts; if it never worked, check the address.";
    ProfileUnreachable = "profile_unreachable", IdpOutage, WaitOrOtherMethod,
        "The profile endpoint could not be reached: name, connection or TLS handshake failed.",
        "If it never worked, check the address and the way out of this network.";
    ProfileTimeout = "profile_timeout", IdpOutage, WaitOrOtherMethod,
        "The profile endpoint did not answer in time.",
        "Look at the provider's status page if it lasts.";
    ProfileConnectionLost = "profile_connection_lost", IdpOutage, WaitOrOtherMethod,
        "The connection to the profile endpoint broke before the answer was complete.",
        "Look at the provider's status page if it lasts.";
    ProfileServerError = "profile_server_error", IdpOutage, WaitOrOtherMethod,
        "The profile endpoint answered with a server error.",
        "Look at the provider's status page if it lasts.";
    ProfileRateLimited = "profile_rate_limited", IdpOutage, WaitOrOtherMethod,
        "The profile endpoint answered that we ask too often.",
        "Ask the provider for a higher quota.";
    ProfileUnreadable = "profile_unreadable", IdpOutage, WaitOrOtherMethod,
        "The profile endpoint answered with something that is not a profile.",
        "Look at the provider's status page if it lasts.";
    DiscoveryUnreachable = "discovery_unreachable", IdpOutage, WaitOrOtherMethod,
        "The provider's discovery document could not be fetched, and no copy was at hand.",
        "If it never worked, check `issuer` and the way out of this network.";
    DiscoveryTimeout = "discovery_timeout", IdpOutage, WaitOrOtherMethod,
        "The provider's discovery document did not arrive in time, and no copy was at hand.",
        "Look at the provider's status page if it lasts.";
    DiscoveryUnreadable = "discovery_unreadable", IdpOutage, WaitOrOtherMethod,
        "The provider's discovery address answered with something that is not a discovery document.",
        "If it never worked, check `issuer`.";
    KeysUnreachable = "keys_unreachable", IdpOutage, WaitOrOtherMethod,
        "The provider's signing keys could not be fetched, and no copy was at hand.",
        "Look at the provider's status page if it lasts.";
    KeysTimeout = "keys_timeout", IdpOutage, WaitOrOtherMethod,
        "The provider's signing keys did not arrive in time, and no copy was at hand.",
        "Look at the provider's status page if it lasts.";
    KeysUnreadable = "keys_unreadable", IdpOutage, WaitOrOtherMethod,
        "The provider's key address answered with something that is not a key set, or an empty one.",
        "Look at the provider's status page if it lasts.";

    // Everything else, first of all what looks like an attack.
    CrossSiteRequest = "cross_site_request", Other, Retry,
        "Another site tried to send a form of ours.",
        "Look for a page that posts to this site; check `server.public_url` if it happens to everybody.";
    ParameterRepeated = "parameter_repeated", Other, ContactSupport,
        "The answer had a parameter twice (RFC 6749 §3.1).",
        "Look at the attempt: no provider does this.";
    ParameterTooLong = "parameter_too_long", Other, ContactSupport,
        "The answer had a parameter beyond every bound.",
        "Look at the attempt: no provider does this.";
    StateOfOtherProvider = "state_of_other_provider", Other, ContactSupport,
        "The attempt was begun with another provider than the one that answered.",
        "A mix-up attack (RFC 9700 §4.4), or a redirect address registered at the wrong provider.";
    IssuerMismatch = "issuer_mismatch", Other, ContactSupport,
        "The answer names another issuer than the provider's (RFC 9207 §2.4).",
        "A mix-up attack (RFC 9700 §4.4), or a wrong `issuer` in the configuration.";
    IssuerMissing = "issuer_missing", Other, ContactSupport,
        "The provider advertises an issuer in its answers and sent none (RFC 9207 §2.4).",
        "A mix-up attack (RFC 9700 §4.4), or a proxy that cuts parameters.";
    NonceMissing = "nonce_missing", Other, ContactSupport,
        "The ID Token has no nonce although one was sent (OIDC Core §3.1.3.7).",
        "The provider breaks the protocol; tell them.";
    NonceMismatch = "nonce_mismatch", Other, ContactSupport,
        "The ID Token's nonce is not this attempt's (OIDC Core §3.1.3.7).",
        "A replayed token; look at the attempt.";
    IdTokenSignatureInvalid = "id_token_signature_invalid", Other, ContactSupport,
        "The ID Token's signature does not verify with the provider's keys.",
        "A forged token, or a provider that signs with a key it does not publish.";
    IdTokenIssuerMismatch = "id_token_issuer_mismatch", Other, ContactSupport,
        "The ID Token is from another issuer (OIDC Core §3.1.3.7).",
        "Check `issuer`; else a forged token.";
    IdTokenAudienceMismatch = "id_token_audience_mismatch", Other, ContactSupport,
        "The ID Token is for another client (OIDC Core §3.1.3.7).",
        "Check `client_id`; else a token that was made for another site.";
    IdTokenHashMismatch = "id_token_hash_mismatch", Other, ContactSupport,
        "The ID Token belongs to another code or access token (OIDC Core §3.3.2.11).",
        "A token that was put in another's place; look at the attempt.";
    SubjectMismatch = "subject_mismatch", Other, ContactSupport,
        "The profile is about somebody else than the ID Token (OIDC Core §5.3.2).",
        "A token that was put in another's place; tell the provider.";

    // What breaks the protocol, or our configuration of it.
    ProviderUnknown = "provider_unknown", Other, Retry,
        "No provider of that name is configured and enabled.",
        "Check for an old link, or a redirect address registered at a provider that was removed.";
    ResponseContradictory = "response_contradictory", Other, ContactSupport,
        "The answer had a code and an error, or a response type that was not asked for.",
        "The provider breaks the protocol; tell them.";
    AuthorizationRefused = "authorization_refused", Other, ContactSupport,
        "The provider refused the request; `provider_error` is its word.",
        "Mostly our configuration: client, redirect address, scopes.";
    InteractionRequired = "interaction_required", Other, Retry,
        "The provider needs a step that it did not show (OIDC Core §3.1.2.6).",
        "Check extra parameters such as `prompt`.";
    ClientRefused = "client_refused", Other, WaitOrOtherMethod,
        "The provider did not accept our client authentication (RFC 6749 §5.2, `invalid_client`).",
        "Check `client_id` and `client_secret`; the secret may have expired.";
    VerifierRefused = "verifier_refused", Other, Retry,
        "The provider did not accept the code verifier (RFC 7636 §4.6).",
        "Check that nothing between us and the provider changes the request.";
    TokenRefused = "token_refused", Other, ContactSupport,
        "The token endpoint refused the exchange; `provider_error` is its word.",
        "Mostly our configuration: client, redirect address, grant.";
    TokenMalformed = "token_malformed", Other, ContactSupport,
        "The token answer lacks a usable access token.",
        "The provider breaks the protocol, or it is not the endpoint you think.";
    IdTokenMissing = "id_token_missing", Other, ContactSupport,
        "The token answer has no ID Token.",
        "Check that the scopes contain `openid`.";
    IdTokenMalformed = "id_token_malformed", Other, ContactSupport,
        "The ID Token is not a signed token that we can read, or lacks a claim.",
        "Check whether the provider is set to encrypt ID Tokens.";
    IdTokenAlgorithmUnexpected = "id_token_algorithm_unexpected", Other, ContactSupport,
        "The ID Token is signed in a way that is not on the provider's list.",
        "Check the client's signing algorithm at the provider.";
    IdTokenKeyUnknown = "id_token_key_unknown", Other, ContactSupport,
        "The ID Token is signed with a key that the provider does not publish.",
        "The provider's key rotation is broken, or the token is forged.";
    IdTokenExpired = "id_token_expired", Other, Retry,
        "The ID Token had expired on arrival; the clocks differ.",
        "Check this machine's clock first, then tell the provider.";
    IdTokenFromFuture = "id_token_from_future", Other, Retry,
        "The ID Token is not valid yet; the clocks differ.",
        "Check this machine's clock first, then tell the provider.";
    SubjectMissing = "subject_missing", Other, ContactSupport,
        "The provider did not say who the person is: no subject, or an unusable one.",
        "The provider breaks the protocol, or the profile path is wrong.";
    ProfileTokenRefused = "profile_token_refused", Other, Retry,
        "The profile endpoint did not take the access token that had just been given (RFC 6750 §3.1, `invalid_token`).",
        "If it is frequent, the profile address belongs to another service than the token address.";
    ProfileRefused = "profile_refused", Other, ContactSupport,
        "The profile endpoint refused us.",
        "Check scopes and permissions of the client at the provider.";
    ProfileMalformed = "profile_malformed", Other, ContactSupport,
        "The profile's signature or form is wrong.",
        "Check the client's userinfo settings at the provider.";
    DiscoveryRefused = "discovery_refused", Other, WaitOrOtherMethod,
        "The provider's discovery address answered that there is nothing.",
        "Check `issuer`.";
    DiscoveryInvalid = "discovery_invalid", Other, WaitOrOtherMethod,
        "The discovery document names another issuer, lacks a member, or leads away from https (OIDC Discovery §4.3).",
        "Check `issuer`, to the letter.";
    KeysRefused = "keys_refused", Other, ContactSupport,
        "The provider's key address answered that there is nothing.",
        "Check `jwks_url` or tell the provider.";
    CertificateUntrusted = "certificate_untrusted", Other, WaitOrOtherMethod,
        "The provider's certificate is for another name, from an unknown authority or out of date.",
        "Check the address; for an authority of your own set `http.ca_file`.";
    AnswerTooLarge = "answer_too_large", Other, ContactSupport,
        "The provider's answer is beyond every bound.",
        "Check the address; else tell the provider.";
    AnswerUnexpected = "answer_unexpected", Other, ContactSupport,
        "The provider answered in a way that the protocol does not know: a redirect, or a coding never offered.",
        "Check the address, to the letter.";

    // Policy and conflicts: the person is told what is needed.
    SignupClosed = "signup_closed", Other, ContactSupport,
        "There is no account for this identity, and `signin.signup` does not let it make one.",
        "Invite the person.";
    UserDisabled = "user_disabled", Other, ContactSupport,
        "The account is disabled.",
        "`genkan user enable` if that is wrong.";
    AccessNotPermitted = "access_not_permitted", Other, ContactSupport,
        "The provider, or whoever administers it, does not let this person use this site: not assigned, blocked, or outside the organisation.",
        "Check who is assigned to this site at the provider, and `organization`, `hosted_domain` and `tenant` here.";
    DomainNotAllowed = "domain_not_allowed", Other, ContactSupport,
        "The address is of a domain that is not in `signin.allowed_email_domains`.",
        "Add the domain if that is wrong.";
    EmailMissing = "email_missing", Other, Retry,
        "The provider gave no e-mail address, and `signin.require_email` asks for one.",
        "Check the scopes; or do not require one.";
    EmailUnverified = "email_unverified", Other, ContactSupport,
        "The address is not verified, and `signin.require_verified_email` asks for that.",
        "Set the provider's `trust_email` if its word counts.";
    EmailTaken = "email_taken", Other, ContactSupport,
        "The address belongs to an account that this identity is not linked to.",
        "Nothing: the person can sign in the old way and link.";
    IdentityTaken = "identity_taken", Other, ContactSupport,
        "The identity belongs to another user here.",
        "Nothing: the person can sign in with it, or unlink it there.";
    LastWayIn = "last_way_in", Other, ContactSupport,
        "The only way to sign in cannot be removed.",
        "Nothing.";

    // Ourselves.
    StoreUnavailable = "store_unavailable", Other, WaitOrOtherMethod,
        "Our own database did not answer.",
        "Look at the database now.";
    Internal = "internal", Other, ContactSupport,
        "Something that cannot happen, did.",
        "Report it with the log lines of this reference.";
}

impl Cause {
    /// Finds a cause by its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cause| cause.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_cause_has_a_name_of_its_own_and_is_found_by_it() {
        let names: HashSet<_> = Cause::ALL.iter().map(|cause| cause.as_str()).collect();

        assert_eq!(names.len(), Cause::ALL.len());
        for cause in Cause::ALL {
            assert_eq!(Cause::from_name(cause.as_str()), Some(*cause));
        }
        assert_eq!(Cause::from_name("no_such_cause"), None);
    }
}
