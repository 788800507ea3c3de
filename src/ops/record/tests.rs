use super::*;
use crate::config::DatabaseConfig;
use crate::signin::failure::{Cause, Stage};
use crate::signin::testing::World;
use crate::store::counts::Width;
use crate::store::failures::FailureFilter;

fn failure() -> SigninFailure {
    SigninFailure { provider: ProviderId::parse("lab"), ..SigninFailure::new(Cause::TokenTimeout, Stage::Token) }
}

fn judgement() -> Judgement {
    Judgement { category: Category::IdpOutage, level: log::Level::Warn, rule: None }
}

/// Opens a database that takes nothing: it has no tables.
async fn broken_store(folder: &tempfile::TempDir) -> Store {
    let url = format!("sqlite:{}", folder.path().join("empty.db").display());
    let config = DatabaseConfig { url: url.into(), ..DatabaseConfig::default() };
    Store::connect(&config).await.expect("an empty database")
}

async fn references(store: &Store) -> Vec<String> {
    let failures = store.list_failures(FailureFilter::default(), 1_000_000).await.expect("a query");
    failures.into_iter().map(|failure| failure.reference).collect()
}

#[tokio::test]
async fn what_could_not_be_written_is_written_later_and_counts_once() {
    let world = World::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let (store, away) = (world.signin.store.clone(), broken_store(&folder).await);
    let recorder = Recorder::new(world.clock.clone(), Duration::from_secs(3600));
    recorder.take(&failure(), &judgement(), "AAAA-2222", "r");
    recorder.count(failure().provider.as_ref(), Outcome::Begun);

    recorder.write_out(&away).await.expect_err("there are no tables");
    recorder.count(failure().provider.as_ref(), Outcome::Begun);
    for _ in 0..2 {
        recorder.write_out(&store).await.expect("the store is there");
    }

    assert_eq!(references(&store).await, ["AAAA-2222"]);
    let now = world.clock.now();
    let counts = store.list_counts(now - TimeDelta::hours(1), now + TimeDelta::hours(1), Width::FiveMinutes).await.expect("a query");
    assert_eq!(counts.iter().map(|point| (point.outcome.as_str(), point.total)).collect::<Vec<_>>(), [("begun", 2)]);
}

#[tokio::test]
async fn lg_08_a_full_queue_drops_the_oldest_and_counts_them() {
    let world = World::new().await;
    let store = world.signin.store.clone();
    let recorder = Recorder::new(world.clock.clone(), Duration::from_secs(3600));

    for number in 0..MAX_QUEUED + 3 {
        recorder.take(&failure(), &judgement(), &number.to_string(), "r");
    }

    assert_eq!(recorder.queue().dropped, 3);
    recorder.write_out(&store).await.expect("the store is there");
    let kept = references(&store).await;
    assert_eq!((kept.len(), kept.contains(&"2".to_owned()), kept.contains(&"3".to_owned())), (MAX_QUEUED, false, true));
    assert_eq!(recorder.queue().dropped, 0, "the incident is over");
}

#[test]
fn an_attempt_is_counted_where_it_began() {
    let clock = Clock::fixed(DateTime::from_timestamp(1_800_000_299, 0).expect("a time"));
    let recorder = Recorder::new(clock.clone(), Duration::from_secs(3600));
    let (attempt, provider) = (AttemptId::new(&clock), ProviderId::parse("lab").expect("a name"));
    recorder.count(Some(&provider), Outcome::Begun);
    clock.advance(Duration::from_secs(600));

    recorder.count_returned(&provider, attempt);
    recorder.count_returned(&provider, attempt);

    let queue = recorder.queue();
    let told: Vec<_> = queue.changed().map(|count| (count.counted_at.timestamp(), count.outcome, count.total)).collect();
    assert_eq!(told, [(1_800_000_000, "begun".to_owned(), 1), (1_800_000_000, "returned".to_owned(), 1)]);
}

#[test]
fn a_fingerprint_names_provider_stage_cause_and_code() {
    let coded = SigninFailure { provider_error: ProviderErrorCode::clean("slow_down"), ..failure() };

    assert_eq!(fingerprint(&coded), "lab/token/token_timeout/slow_down");
    assert_eq!(fingerprint(&SigninFailure::new(Cause::CookieMissing, Stage::Callback)), "-/callback/cookie_missing/-");
}
