//! The tables, as all three databases have them.
//!
//! Written by hand: only types that SQLite, PostgreSQL and MySQL share. Times are
//! UTC and whole seconds. `migrations/` makes what is described here.

mod tokens;

pub use tokens::*;
mod desk;

pub use desk::*;
mod record;
pub use record::*;
mod alarms;

pub use alarms::*;
mod grants;

pub use grants::*;
mod groups;
mod issued;

pub use groups::*;
pub use issued::*;
mod applications;

pub use applications::*;
mod mail;
mod refusals;

pub use mail::*;
pub use refusals::*;

diesel::table! {
    users (id) {
        id -> Text,
        name -> Text,
        email -> Nullable<Text>,
        email_normal -> Nullable<Text>,
        is_email_proven -> Bool,
        is_operator -> Bool,
        disabled_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    user_authentications (id) {
        id -> Text,
        user_id -> Text,
        username -> Text,
        username_normal -> Text,
        password_hash -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    user_oauths (id) {
        id -> Text,
        user_id -> Text,
        provider -> Text,
        issuer -> Text,
        identity -> Text,
        created_at -> Timestamp,
        last_used_at -> Timestamp,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        user_id -> Text,
        method -> Text,
        browser -> Text,
        created_at -> Timestamp,
        seen_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    consumed_attempts (id) {
        id -> Text,
        outcome -> Nullable<Text>,
        user_id -> Nullable<Text>,
        session_id -> Nullable<Text>,
        cause -> Nullable<Text>,
        reference -> Nullable<Text>,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    spent_values (value_hash) {
        value_hash -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    throttles (key_hash) {
        key_hash -> Text,
        window_started_at -> Timestamp,
        tries -> Integer,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    one_time_links (token_hash) {
        token_hash -> Text,
        purpose -> Text,
        user_id -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    signing_keys (name) {
        name -> Text,
        purpose -> Text,
        sealed -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    /// Kept by `diesel_migrations`.
    __diesel_schema_migrations (version) {
        version -> Text,
        run_on -> Timestamp,
    }
}

diesel::joinable!(user_authentications -> users (user_id));
diesel::joinable!(user_oauths -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(one_time_links -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(users, user_authentications, user_oauths, sessions, one_time_links);
