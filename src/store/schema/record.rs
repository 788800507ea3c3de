//! What the failure record keeps: one row for each failure, and counts of everything.

diesel::table! {
    failures (id) {
        id -> Text,
        reference -> Text,
        failed_at -> Timestamp,
        provider -> Nullable<Text>,
        category -> Text,
        cause -> Text,
        stage -> Text,
        purpose -> Text,
        provider_error -> Nullable<Text>,
        http_status -> Nullable<Integer>,
        attempt_id -> Nullable<Text>,
        is_genuine -> Bool,
        rule_id -> Nullable<Text>,
        fingerprint -> Text,
        story -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    signin_counts (id) {
        id -> Text,
        counted_at -> Timestamp,
        hour_at -> Timestamp,
        provider -> Text,
        outcome -> Text,
        total -> Integer,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    rules (id) {
        id -> Text,
        provider -> Nullable<Text>,
        stage -> Nullable<Text>,
        cause -> Nullable<Text>,
        provider_error -> Nullable<Text>,
        category -> Nullable<Text>,
        level -> Nullable<Text>,
        note -> Text,
        made_by -> Text,
        made_at -> Timestamp,
        ended_by -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
    }
}
