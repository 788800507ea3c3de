use serde_json::{Value, json};

use super::rotation::{RotationError, State};
use super::*;
use crate::config::DatabaseConfig;

/// A database with one chain on it, and the time.
struct Site {
    store: Store,
    clock: Clock,
    chain: Keychain,
    _directory: tempfile::TempDir,
}

impl Site {
    async fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let url = format!("sqlite:{}", directory.path().join("keys.db").display()).into();
        let store = Store::connect(&DatabaseConfig { url, ..DatabaseConfig::default() }).await.expect("a database");
        store.migrate().await.expect("migrations");
        let clock = Clock::fixed(DateTime::from_timestamp(1_800_000_000, 0).expect("a time"));
        let chain = replica(&store, &clock).await.expect("keys");
        Self { store, clock, chain, _directory: directory }
    }

    fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    fn states(&self, purpose: Purpose) -> Vec<State> {
        self.chain.list().into_iter().filter(|key| key.purpose == purpose).map(|key| key.state).collect()
    }

    async fn published(&self) -> Vec<String> {
        self.chain.published().await.expect("keys").iter().map(|key| key.kid.clone()).collect()
    }
}

async fn replica(store: &Store, clock: &Clock) -> Result<Keychain, KeyError> {
    Keychain::open(store, SealingKey::new(&[7; 32]), clock, Duration::from_secs(3_600)).await
}

async fn read(chain: &Keychain, purpose: Purpose, token: &str) -> Option<Value> {
    jws::read(chain, &[purpose], "x", token).await.expect("the keys can be read")
}

#[tokio::test]
async fn ky_02_a_key_is_published_before_it_signs_and_kept_as_long_as_its_tokens() {
    let site = Site::new().await;
    let first = site.chain.signing(Purpose::Es256).await.expect("a key");
    let token = jws::sign(&first, "x", &json!({}));

    let next = site.chain.rotate(Purpose::Es256).await.expect("a key");

    assert_eq!(site.states(Purpose::Es256), [State::Signing, State::Published]);
    assert!(site.published().await.contains(&next.kid));
    assert_eq!(site.chain.signing(Purpose::Es256).await.expect("a key").kid, first.kid);
    site.pass(600);
    assert_eq!(site.states(Purpose::Es256), [State::Retiring, State::Signing]);
    assert_eq!(site.chain.signing(Purpose::Es256).await.expect("a key").kid, next.kid);
    site.pass(LONGEST_ISSUED.as_secs());
    assert!(read(&site.chain, Purpose::Es256, &token).await.is_some());
    site.pass(60);
    assert!(read(&site.chain, Purpose::Es256, &token).await.is_none());
    assert!(!site.published().await.contains(&first.kid));
    assert_eq!(site.chain.delete_gone().await.expect("a query"), 1);
    assert!(site.store.list_token_keys().await.expect("rows").iter().all(|row| row.kid != first.kid));
}

#[tokio::test]
async fn ky_02_while_a_key_waits_there_is_no_other() {
    let site = Site::new().await;
    let next = site.chain.rotate(Purpose::Rs256).await.expect("a key");

    let refused = site.chain.rotate(Purpose::Rs256).await;

    assert!(matches!(refused, Err(RotationError::UnderWay { kid, .. }) if kid == next.kid));
}

#[tokio::test]
async fn ky_02_a_removed_key_is_good_for_nothing_and_another_signs_at_once() {
    let site = Site::new().await;
    let other = replica(&site.store, &site.clock).await.expect("keys");
    let first = site.chain.signing(Purpose::Es256).await.expect("a key");
    let token = jws::sign(&first, "x", &json!({}));
    assert!(read(&other, Purpose::Es256, &token).await.is_some());

    let successor = site.chain.revoke(&first.kid).await.expect("a query").expect("it was there").expect("a successor");

    assert!(read(&site.chain, Purpose::Es256, &token).await.is_none());
    assert_eq!(site.chain.signing(Purpose::Es256).await.expect("a key").kid, successor.kid);
    let (published, fresh) =
        (site.published().await, jws::sign(&site.chain.signing(Purpose::Es256).await.expect("a key"), "x", &json!({})));
    assert!(published.contains(&successor.kid) && !published.contains(&first.kid));
    other.reload().await.expect("rows");
    assert!(read(&other, Purpose::Es256, &token).await.is_none());
    assert!(read(&other, Purpose::Es256, &fresh).await.is_some());
    assert!(site.chain.revoke(&first.kid).await.expect("a query").is_none(), "it is gone");
}

#[tokio::test]
async fn se_13_a_replica_reads_what_a_key_it_does_not_know_has_signed() {
    let site = Site::new().await;
    let other = replica(&site.store, &site.clock).await.expect("keys");
    let first = site.chain.signing_session();
    site.chain.rotate(Purpose::Session).await.expect("a key");
    site.pass(60);

    let key = site.chain.signing_session();
    let token = jws::sign(&key, "x", &json!({}));

    assert_ne!(key.kid, first.kid);
    assert!(read(&other, Purpose::Session, &token).await.is_some());
    assert!(read(&other, Purpose::Session, &jws::sign(&first, "x", &json!({}))).await.is_some(), "retiring");
    assert!(read(&other, Purpose::Es256, &token).await.is_none(), "another purpose");
}

#[tokio::test]
async fn se_13_names_that_nobody_knows_make_nobody_look_twice() {
    let site = Site::new().await;
    site.chain.reload().await.expect("rows");
    let stored = site.store.list_token_keys().await.expect("rows");
    site.store.delete_token_keys(vec![stored[0].kid.clone()]).await.expect("a query");

    for name in ["session-token-x", "session-token-y", "x"] {
        assert!(site.chain.find(name, &[Purpose::Session]).await.expect("no query").is_none());
    }

    assert!(site.chain.find(&stored[0].kid, &[Purpose::Session]).await.expect("no query").is_some(), "nobody looked");
}

#[tokio::test]
async fn ky_02_replicas_that_need_the_first_key_at_once_share_it() {
    let site = Site::new().await;
    let other = replica(&site.store, &site.clock).await.expect("keys");

    let (one, two) = tokio::join!(site.chain.signing(Purpose::Rs256), other.signing(Purpose::Rs256));

    let (one, two) = (one.expect("a key"), two.expect("a key"));
    assert_eq!((&one.kid, &one.jwk), (&two.kid, &two.jwk));
}

#[tokio::test]
async fn ky_02_the_public_half_holds_nothing_private() {
    let site = Site::new().await;
    for key in site.chain.published().await.expect("keys") {
        let jwk = serde_json::to_value(&key.jwk).expect("JSON");
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(jwk.get(private).is_none(), "{private}");
        }
        assert_eq!((jwk["use"].as_str(), jwk["kid"].as_str()), (Some("sig"), Some(key.kid.as_str())));
    }
}

#[tokio::test]
async fn ky_03_token_keys_are_stored_sealed_each_for_its_name_and_purpose() {
    let site = Site::new().await;
    site.chain.signing(Purpose::Es256).await.expect("a key");
    let wrong = Keychain::open(&site.store, SealingKey::new(&[8; 32]), &site.clock, Duration::from_secs(60)).await;
    assert!(matches!(wrong, Err(KeyError::WrongMasterKey)));

    let rows = site.store.list_token_keys().await.expect("rows");
    let mut row = rows.into_iter().find(|row| row.purpose == Purpose::Session.as_str()).expect("a row");
    row.purpose = Purpose::Es256.as_str().to_owned();
    site.store.replace_token_key(&row.kid.clone(), Some(row)).await.expect("a query");

    assert!(matches!(replica(&site.store, &site.clock).await, Err(KeyError::Store(StoreError::BrokenRow(_)))));
}
