//! Tokens that providers gave us, sealed, beside the identities that they belong to.

use super::user_oauths;

diesel::table! {
    provider_tokens (identity_id) {
        identity_id -> Text,
        sealed -> Text,
        refreshing_until -> Nullable<Timestamp>,
        updated_at -> Timestamp,
    }
}

diesel::joinable!(provider_tokens -> user_oauths (identity_id));
diesel::allow_tables_to_appear_in_same_query!(provider_tokens, user_oauths);
