//! `user_groups`: who is in which group.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::rows::stored;
use super::schema::user_groups;
use super::transaction::is_first;
use super::{Store, StoreError};
use crate::domain::group::Group;
use crate::domain::ids::UserId;

impl Store {
    /// Puts a user into a group; tells whether they were not in it before.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such user.
    pub async fn insert_group_member(&self, user: UserId, group: &Group, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let (user, group, now) = (user.to_string(), group.to_string(), stored(now));
        let inserted = self.write(move |connection| {
            let row = (user_groups::user_id.eq(&user), user_groups::name.eq(&group), user_groups::created_at.eq(now));
            diesel::insert_into(user_groups::table).values(row).execute(connection)?;
            Ok(())
        });
        is_first(inserted.await)
    }

    /// Takes a user out of a group; tells whether they were in it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn delete_group_member(&self, user: UserId, group: &Group) -> Result<bool, StoreError> {
        let (user, group) = (user.to_string(), group.to_string());
        self.write(move |connection| Ok(diesel::delete(user_groups::table.find((&user, &group))).execute(connection)? == 1)).await
    }

    /// Tells whether a user is in a group.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn is_in_group(&self, user: UserId, group: &Group) -> Result<bool, StoreError> {
        let (user, group) = (user.to_string(), group.to_string());
        self.read(move |connection| {
            let found: i64 = user_groups::table.find((&user, &group)).count().get_result(connection)?;
            Ok(found == 1)
        })
        .await
    }

    /// Lists the groups that a user is in, by name.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn list_groups(&self, user: UserId) -> Result<Vec<String>, StoreError> {
        let user = user.to_string();
        self.read(move |connection| {
            let own = user_groups::table.filter(user_groups::user_id.eq(&user));
            Ok(own.order(user_groups::name).select(user_groups::name).load(connection)?)
        })
        .await
    }
}
