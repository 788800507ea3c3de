//! Who is in which group.

diesel::table! {
    user_groups (user_id, name) {
        user_id -> Text,
        name -> Text,
        created_at -> Timestamp,
    }
}
