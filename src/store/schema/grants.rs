//! The tables of the issuer's grants: what people and clients have been given, and what is under way.

use super::sessions;

diesel::table! {
    token_families (id) {
        id -> Text,
        client_id -> Text,
        user_id -> Text,
        /// The session it ends with; none for what outlives one.
        session_id -> Nullable<Text>,
        /// The session it began in, for ID Tokens.
        sid -> Nullable<Text>,
        grant_type -> Text,
        scopes -> Text,
        auth_time -> Nullable<Timestamp>,
        method -> Nullable<Text>,
        claims -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        /// The key that the code, or refresh tokens without another proof, are bound to.
        dpop_jkt -> Nullable<Text>,
    }
}

diesel::table! {
    authorization_codes (code_hash) {
        code_hash -> Text,
        family_id -> Text,
        redirect_uri -> Text,
        code_challenge -> Nullable<Text>,
        nonce -> Nullable<Text>,
        redeemable_until -> Timestamp,
        redeemed_at -> Nullable<Timestamp>,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Text,
        family_id -> Text,
        issued_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    consents (id) {
        id -> Text,
        user_id -> Text,
        client_id -> Text,
        scopes -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    authorization_requests (id_hash) {
        id_hash -> Text,
        /// `pushed` until the browser arrives with it, then `open`.
        state -> Text,
        client_id -> Text,
        parameters -> Text,
        /// The session of the browser when it arrived.
        session_id -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    device_codes (device_hash) {
        device_hash -> Text,
        user_code_hash -> Text,
        client_id -> Text,
        scopes -> Text,
        /// `pending`, `approved` or `denied`.
        state -> Text,
        user_id -> Nullable<Text>,
        auth_time -> Nullable<Timestamp>,
        method -> Nullable<Text>,
        interval_secs -> Integer,
        polled_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    client_sessions (id) {
        id -> Text,
        session_id -> Text,
        user_id -> Text,
        client_id -> Text,
        tries -> Integer,
        next_try_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::joinable!(authorization_codes -> token_families (family_id));
diesel::joinable!(refresh_tokens -> token_families (family_id));
diesel::allow_tables_to_appear_in_same_query!(token_families, authorization_codes, refresh_tokens);
diesel::allow_tables_to_appear_in_same_query!(client_sessions, sessions);
