//! How far a sign-in has typically come when a cause is met.

use super::category::Stage;
use super::cause::Cause;

macro_rules! stages {
    ($( [$($stage:ident),+]: $($cause:ident),+; )+) => {
        impl Cause {
            /// Returns the stages at which it is met, the earliest first.
            pub fn stages(self) -> &'static [Stage] {
                match self { $($(Self::$cause)|+ => &[$(Stage::$stage),+],)+ }
            }
        }
    };
}

stages! {
    [Start]: FormExpired, CrossSiteRequest;
    [Start, Callback]: CookieMissing, ProviderUnknown;
    [Authorization, Callback]: ConsentDenied;
    [Authorization]: AuthorizationServerError, AuthorizationUnavailable, AuthorizationRefused, ResponseContradictory, CodeMissing,
        AutoLoginFailed;
    [Authorization, Token, Profile]: InteractionRequired, AccessNotPermitted;
    [Callback]: StateMissing, StateUnknown, AttemptExpired, AttemptRepeated, QueryMissing, QueryMalformed, ParameterRepeated,
        ParameterTooLong, StateOfOtherProvider, IssuerMismatch, IssuerMissing;
    [Start, Token]: DiscoveryUnreachable, DiscoveryTimeout, DiscoveryUnreadable, DiscoveryRefused, DiscoveryInvalid;
    [Start, Token, Profile]: CertificateUntrusted, AnswerTooLarge, AnswerUnexpected;
    [Token]: ConsentPartial, CodeUnusable, TokenUnreachable, TokenTimeout, TokenConnectionLost, TokenServerError, TokenRateLimited,
        TokenUnreadable, ClientRefused, VerifierRefused, TokenRefused, TokenMalformed, IdTokenMissing;
    [Token, Profile]: AccessRevoked;
    [Profile]: ProfileUnreachable, ProfileTimeout, ProfileConnectionLost, ProfileServerError, ProfileRateLimited, ProfileUnreadable,
        KeysUnreachable, KeysTimeout, KeysUnreadable, KeysRefused, NonceMissing, NonceMismatch, IdTokenSignatureInvalid, IdTokenIssuerMismatch,
        IdTokenAudienceMismatch, IdTokenHashMismatch, IdTokenMalformed, IdTokenAlgorithmUnexpected, IdTokenKeyUnknown, IdTokenExpired,
        IdTokenFromFuture, SubjectMismatch, SubjectMissing, ProfileTokenRefused, ProfileRefused, ProfileMalformed;
    [Callback, Account]: LinkSessionChanged, StoreUnavailable;
    [Account]: SignupClosed, UserDisabled, DomainNotAllowed, EmailMissing, EmailUnverified, EmailTaken, IdentityTaken, LastWayIn;
    [Start, Authorization, Callback, Token, Profile, Account]: Internal;
}
