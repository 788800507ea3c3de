//! Mail that waits to be sent.

diesel::table! {
    outbox (id) {
        id -> Text,
        sealed -> Text,
        tries -> Integer,
        due_at -> Timestamp,
        dead_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}
