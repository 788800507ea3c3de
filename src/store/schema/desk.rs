//! What operators did.

use super::users;

diesel::table! {
    audit (id) {
        id -> Text,
        operator_id -> Text,
        act -> Text,
        subject -> Nullable<Text>,
        acted_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(audit, users);
