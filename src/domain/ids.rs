//! Identifiers of our own rows: UUID version 7 (RFC 9562 §5.7), as text.
//!
//! They sort by the time they were made. They name things and are no secrets.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::{NoContext, Timestamp, Uuid};

use crate::clock::Clock;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a new identifier, stamped with the clock's time.
            pub fn new(clock: &Clock) -> Self {
                Self(uuid_v7(clock))
            }

            /// Returns when it was made.
            pub fn made_at(self) -> DateTime<Utc> {
                let unix = self.0.get_timestamp().map(|at| at.to_unix());
                unix.and_then(|(seconds, nanos)| DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)).unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::try_parse(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// Names a user; the `sub` of every token about that user.
    UserId
);
id!(
    /// Names a session; the `sid` of its token.
    SessionId
);
id!(
    /// Names an attempt, from its start to its only outcome.
    AttemptId
);
id!(
    /// Names a family: all the tokens that come of one yes of a person.
    FamilyId
);
id!(
    /// Names any other row: a way to sign in, a one-time link, a key.
    RowId
);

fn uuid_v7(clock: &Clock) -> Uuid {
    let now = clock.now();
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
}
