//! What clients of our issuer did not get.

diesel::table! {
    client_refusals (id) {
        id -> Text,
        client_id -> Text,
        place -> Text,
        grant_type -> Text,
        error -> Text,
        detail -> Text,
        times -> BigInt,
        first_at -> Timestamp,
        last_at -> Timestamp,
        expires_at -> Timestamp,
    }
}
