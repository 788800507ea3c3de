use std::future::{Ready, ready};
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::join_all;

use super::*;

const LONG: Duration = Duration::from_secs(3600);

fn cache(lifetime: Duration, stale_lifetime: Duration) -> Cache<u32> {
    let timing = Timing { lifetime, stale_lifetime, failure_pause: Duration::ZERO, refetch_pause: LONG, ..Timing::default() };
    Cache::new(Endpoint::Keys, timing)
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(5)
}

fn fail<T>(fault: Fault) -> Ready<Result<T, ProviderError>> {
    ready(Err(ProviderError::new(Endpoint::Keys, fault)))
}

#[tokio::test]
async fn so_12_one_fetch_serves_all_who_wait() {
    let (cache, fetches) = (cache(LONG, LONG), AtomicU32::new(0));
    let fetch = || async {
        tokio::task::yield_now().await;
        Ok(fetches.fetch_add(1, Ordering::Relaxed))
    };

    let values = join_all((0..10).map(|_| cache.get(soon(), fetch()))).await;

    assert!(values.into_iter().all(|value| value.is_ok_and(|value| *value == 0)));
    assert_eq!(fetches.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_stale_value_is_given_out_while_somebody_else_fetches() {
    let cache = cache(Duration::ZERO, LONG);
    cache.get(soon(), async { Ok(1) }).await.expect("the first value");
    let flight = cache.flight.lock().await;

    let value = cache.get(soon(), async { Ok(2) }).await.expect("a stale value");

    assert_eq!(*value, 1);
    drop(flight);
    assert_eq!(*cache.get(soon(), async { Ok(3) }).await.expect("a fresh value"), 3);
}

#[tokio::test]
async fn a_stale_value_bridges_outages_only() {
    let cache = cache(Duration::ZERO, LONG);
    cache.get(soon(), async { Ok(1) }).await.expect("the first value");

    for (fault, is_bridged) in [(Fault::Unreachable, true), (Fault::RateLimited, true), (Fault::Invalid, false), (Fault::Untrusted, false)]
    {
        assert_eq!(cache.get(soon(), fail(fault)).await.is_ok(), is_bridged, "{fault:?}");
    }
}

#[tokio::test]
async fn a_value_that_is_too_old_bridges_nothing() {
    let cache = cache(Duration::ZERO, Duration::ZERO);
    cache.get(soon(), async { Ok(1) }).await.expect("the first value");

    assert_eq!(cache.get(soon(), fail(Fault::Unreachable)).await.map_err(|error| error.fault), Err(Fault::Unreachable));
}

#[tokio::test]
async fn who_waits_for_a_fetch_keeps_the_own_deadline() {
    let cache = cache(LONG, LONG);
    let _flight = cache.flight.lock().await;

    let error = cache.get(Instant::now(), async { Ok(1) }).await.expect_err("no value in time");

    assert_eq!((error.endpoint, error.fault), (Endpoint::Keys, Fault::TimedOut));
}

#[tokio::test]
async fn so_12_a_refetch_has_a_pause_and_takes_what_somebody_else_fetched() {
    let cache = cache(LONG, LONG);
    let first = cache.get(soon(), async { Ok(1) }).await.expect("the first value");

    assert_eq!(cache.refetch(&first, soon(), async { Ok(2) }).await.as_deref(), Some(&2));
    let second = cache.refetch(&first, soon(), fail(Fault::ServerError)).await.expect("the newer value, not fetched again");
    assert_eq!(*second, 2);
    assert_eq!(cache.refetch(&second, soon(), async { Ok(3) }).await, None);
}
