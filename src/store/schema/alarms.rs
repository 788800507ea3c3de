//! What operators and visitors are told of trouble: step 001000.

diesel::table! {
    provider_health (provider) {
        provider -> Text,
        is_troubled -> Bool,
        since -> Timestamp,
        probe_at -> Timestamp,
        probe_pause_secs -> Integer,
        good_probes -> Integer,
        worked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    incidents (id) {
        id -> Text,
        kind -> Text,
        provider -> Text,
        subject -> Text,
        open_key -> Nullable<Text>,
        failures -> Integer,
        opened_at -> Timestamp,
        seen_at -> Timestamp,
        resolved_at -> Nullable<Timestamp>,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    outcome_counts (id) {
        id -> Text,
        provider -> Text,
        bucket_at -> Timestamp,
        begun -> Integer,
        ended -> Integer,
        outages -> Integer,
        browsers -> Integer,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    seen_failures (fingerprint) {
        fingerprint -> Text,
        first_seen_at -> Timestamp,
        expires_at -> Timestamp,
    }
}
