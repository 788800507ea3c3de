//! Mail that waits to be sent, and the addresses that are to be proven by it.

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

diesel::table! {
    email_links (token_hash) {
        token_hash -> Text,
        user_id -> Text,
        email -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}
