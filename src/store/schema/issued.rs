//! Keys of tokens, and what is stored of access tokens.

diesel::table! {
    token_keys (kid) {
        kid -> Text,
        purpose -> Text,
        sealed -> Text,
        created_at -> Timestamp,
        signs_at -> Timestamp,
    }
}

diesel::table! {
    access_tokens (token_hash) {
        token_hash -> Text,
        claims -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    revoked_tokens (token_hash) {
        token_hash -> Text,
        expires_at -> Timestamp,
    }
}
