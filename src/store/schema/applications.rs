//! Applications of our issuer, and issuers that we trust.

use super::{authorization_requests, consents, token_families};

diesel::table! {
    clients (id) {
        id -> Text,
        owner_id -> Nullable<Text>,
        name_skeleton -> Text,
        metadata -> Text,
        is_verified -> Bool,
        skips_consent -> Bool,
        disabled_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    client_secrets (id) {
        id -> Text,
        client_id -> Text,
        secret_hash -> Text,
        sealed -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    client_registrations (client_id) {
        client_id -> Text,
        token_hash -> Text,
        registered_at -> Timestamp,
    }
}

diesel::table! {
    trusted_issuers (id) {
        id -> Text,
        issuer -> Text,
        jwks -> Text,
        algorithm -> Text,
        scopes -> Text,
        is_disabled -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    trusted_subjects (id) {
        id -> Text,
        trusted_issuer_id -> Text,
        subject -> Text,
        user_id -> Text,
        created_at -> Timestamp,
    }
}

diesel::joinable!(client_secrets -> clients (client_id));
diesel::joinable!(client_registrations -> clients (client_id));
diesel::allow_tables_to_appear_in_same_query!(clients, client_secrets);
diesel::allow_tables_to_appear_in_same_query!(clients, client_registrations, authorization_requests, token_families, consents);
