//! What the store promises, on every database alike (security.md DB-04).
//!
//! A behaviour is written once, as a function over an empty database; [`contract`]
//! makes one test of it per backend, so that a failure names both.

mod access_tokens;
mod alarms;
mod attempts;
mod clients;
mod desk;
mod dpop;
mod email_links;
mod failures;
mod faults;
mod grants;
mod groups;
mod identities;
mod lasting;
mod links;
mod outbox;
mod provider_tokens;
mod refusals;
mod rules;
mod schema;
mod sessions;
mod throttles;
mod token_keys;
mod unlinking;
mod users;
mod values;

use std::future::Future;

use crate::support::database::{Backend, TestDatabase};

/// Makes one test per behaviour and backend.
macro_rules! contract {
    ($($behaviour:ident),+ $(,)?) => {
        #[cfg(feature = "sqlite")]
        $crate::store_contract::contract!(@backend sqlite, Sqlite, $($behaviour),+);
        #[cfg(feature = "postgres")]
        $crate::store_contract::contract!(@backend postgres, Postgres, $($behaviour),+);
        #[cfg(feature = "mysql")]
        $crate::store_contract::contract!(@backend mysql, Mysql, $($behaviour),+);
    };
    (@backend $module:ident, $backend:ident, $($behaviour:ident),+) => {
        mod $module {
            $(
                #[tokio::test]
                async fn $behaviour() {
                    let backend = $crate::support::database::Backend::$backend;
                    $crate::store_contract::run(backend, async |database| super::$behaviour(database).await).await;
                }
            )+
        }
    };
}
use contract;

/// Runs a behaviour on an empty database, if there is a server for it.
async fn run(backend: Backend, behaviour: impl AsyncFnOnce(&TestDatabase)) {
    if let Some(database) = TestDatabase::create(backend) {
        behaviour(&database).await;
    }
}

/// Does the same `count` times at once; returns what came of each.
async fn at_once<T, F>(count: usize, action: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = (0..count).map(|number| tokio::spawn(action(number))).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.expect("no task panics"));
    }
    results
}

/// Counts the results that are as they should be for one winner.
fn count<T>(results: &[T], is_wanted: impl Fn(&T) -> bool) -> usize {
    results.iter().filter(|result| is_wanted(result)).count()
}
