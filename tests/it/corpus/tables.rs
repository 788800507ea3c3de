//! What is not played, or not as the corpus has it; each with its reason.

/// Decided by a provider's own rule, which no preset of ours has: played, but the category is not compared.
pub const WAITING_FOR_DIALECT: [(&str, &str); 31] = [
    ("line-login-required-silent", "the line preset is not there yet"),
    ("cognito-trigger-refused", "the cognito preset is not there yet"),
    ("entra-admin-consent-needed", "the entra preset is not there yet"),
    ("entra-user-not-assigned", "the entra preset is not there yet"),
    ("entra-blocked-by-conditional-access", "the entra preset is not there yet"),
    ("entra-mfa-not-passed", "the entra preset is not there yet"),
    ("okta-user-not-assigned", "the okta preset is not there yet"),
    ("wechat-cancel-without-code", "the wechat preset is not there yet"),
    ("alipay-error-response", "the alipay preset is not there yet"),
    ("entra-loop-detected", "the entra preset is not there yet"),
    ("facebook-code-used", "the facebook preset is not there yet"),
    ("facebook-code-invalid-format", "the facebook preset is not there yet"),
    ("github-bad-verification-code-json", "the github preset is not there yet"),
    ("kakao-koe303", "the kakao preset is not there yet"),
    ("linkedin-code-mismatch", "the linkedin preset is not there yet"),
    ("naver-no-valid-data-in-session", "the naver preset is not there yet"),
    ("qq-jsonp-error", "the qq preset is not there yet"),
    ("slack-code-already-used", "the slack preset is not there yet"),
    ("slack-fatal-error", "the slack preset is not there yet"),
    ("twitch-invalid-code", "the twitch preset is not there yet"),
    ("wechat-40029", "the wechat preset is not there yet"),
    ("wechat-40163", "the wechat preset is not there yet"),
    ("facebook-code-4-app-limit", "the facebook preset is not there yet"),
    ("github-403-primary-rate-limit", "the github preset is not there yet"),
    ("github-403-secondary-rate-limit", "the github preset is not there yet"),
    ("slack-token-revoked", "the slack preset is not there yet"),
    ("slack-team-migrating", "the slack preset is not there yet"),
    ("vk-error-other", "the vk preset is not there yet"),
    ("entra-not-consented", "the x preset is not there yet"),
    ("twitch-empty-data", "the x preset is not there yet"),
    ("vk-empty-response", "the x preset is not there yet"),
];

/// Need a setting that is not there yet; without it nothing is wrong.
pub const WAITING_FOR_SETTINGS: [(&str, &str); 5] = [
    ("any-query-where-form-post-expected", "the response_mode preset is not there yet"),
    ("not-member-of-organization", "the organization preset is not there yet"),
    ("entra-tenant-mismatch", "the tenant preset is not there yet"),
    ("entra-tid-missing", "the tenant preset is not there yet"),
    ("entra-b2c-policy-mismatch", "the tenant preset is not there yet"),
];

/// Cases whose person is told something else than the corpus says, in the same category.
pub const OTHER_REMEDY: [(&str, &str, &str); 8] = [
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
    ("state-cookie-domain-apex-vs-www", "the way back is built from the host that the browser uses, so both are one"),
    ("state-secure-cookie-behind-proxy", "Secure follows server.public_url, not what a request looks like"),
    ("state-samesite-strict", "the session cookie is always Lax; headers.rs has it"),
    ("state-cookie-partitioned", "no cookie of ours is ever Partitioned; headers.rs has it"),
    ("pkce-verifier-missing", "state, nonce and verifier are made from one secret of the attempt: none can be lost alone"),
    ("nonce-missing-in-attempt", "state, nonce and verifier are made from one secret of the attempt: none can be lost alone"),
    ("link-email-differs", "linking compares no addresses, so there is nothing to refuse"),
    ("last-credential-unlink", "a form of the account page, not an attempt; the links' own tests have it"),
    ("concurrent-first-login-race", "both get in: whoever loses the race finds the user that the other one made"),
    ("stored-token-revoked-by-user", "a refresh, not an attempt; the tests of kept tokens have it"),
    ("identity-subject-changed", "another subject is another identity (OIDC Core §2); it is not looked for by address or name"),
];
