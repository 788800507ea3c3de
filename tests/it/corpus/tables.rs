//! What is not played, or not as the corpus has it; each with its reason.

/// Decided by a provider's own rule, which no preset of ours has: played, but the category is not compared.
pub const WAITING_FOR_DIALECT: [(&str, &str); 1] = [("alipay-error-response", "Alipay wants every request signed with RSA: no preset")];

/// Cases whose person is told something else than the corpus says, in the same category.
pub const OTHER_REMEDY: [(&str, &str, &str); 11] = [
    ("entra-loop-detected", "contact_support", "the loop is our own, and waiting does not end it"),
    ("twitch-empty-data", "contact_support", "a profile without anybody in it: trying again asks for the same"),
    ("vk-empty-response", "contact_support", "a profile without anybody in it: trying again asks for the same"),
    ("state-undecryptable", "retry_one_browser", "it cannot be told from another browser's cookie, where this is the advice"),
    ("any-error-invalid-request-uri", "contact_support", "we never send a request_uri, so trying again sends the same request"),
    ("callback-no-parameters", "retry_one_browser", "it cannot be told from a query that got lost, where this is the advice"),
    ("github-app-install-without-state", "retry_one_browser", "it cannot be told from a lost cookie, where this is the advice"),
    ("any-token-empty-400", "contact_support", "a refusal without a word is most often our configuration, as the other 4xx"),
    ("any-token-407-proxy", "contact_support", "our own proxy is refused, which only the operator can mend"),
    ("transport-unknown-encoding", "contact_support", "as the other answers that the protocol does not know"),
    ("x-errors-without-data", "contact_support", "the error has no code that would tell a suspended user from a refused client"),
];

/// Refusals that are pages on the provider's side; the browser never comes back, and no code of ours runs.
pub const NEVER_REACHES_US: [&str; 11] = [
    "apple-invalid-client-page",
    "entra-account-of-other-tenant",
    "entra-reply-url-mismatch-page",
    "google-org-internal-page",
    "google-disallowed-useragent-page",
    "google-redirect-uri-mismatch-page",
    "google-deleted-client-page",
    "google-testing-mode-page",
    "spotify-invalid-redirect-page",
    "twitch-redirect-mismatch-page",
    "x-something-went-wrong-page",
];

/// States that cannot be brought about from outside, or that are no failure with us.
pub const NOT_PLAYED: [(&str, &str); 11] = [
    ("entra-b2c-policy-mismatch", "no setting names a user flow: in B2C each flow is an issuer of its own, which is compared"),
    ("state-cookie-domain-apex-vs-www", "the way back is built from the host that the browser uses, so both are one"),
    ("state-secure-cookie-behind-proxy", "Secure follows server.public_url, not what a request looks like"),
    ("state-samesite-strict", "the session cookie is always Lax; headers.rs has it"),
    ("state-cookie-partitioned", "no cookie of ours is ever Partitioned; headers.rs has it"),
    ("pkce-verifier-missing", "state, nonce and verifier are made from one secret of the attempt: none can be lost alone"),
    ("nonce-missing-in-attempt", "state, nonce and verifier are made from one secret of the attempt: none can be lost alone"),
    ("link-email-differs", "linking compares no addresses, so there is nothing to refuse"),
    ("last-credential-unlink", "a form of the account page, not an attempt; the links' own tests have it"),
    ("concurrent-first-login-race", "both get in: whoever loses the race finds the user that the other one made"),
    ("identity-subject-changed", "another subject is another identity (OIDC Core §2); it is not looked for by address or name"),
];

/// What only OpenID Connect calls a failure: an ID Token's subject, subjects that are text, signed profiles.
pub const ONLY_OPENID: [&str; 4] =
    ["more-profile-other-subject", "more-profile-subject-number", "oidc-userinfo-sub-mismatch", "oidc-userinfo-jwt-bad-signature"];
