//! Access tokens: opaque ones, single ones taken back, and what keeps them alive.

use genkan::domain::client::{Client, ClientId, ClientMetadata};
use genkan::domain::ids::{FamilyId, UserId};
use genkan::store::Store;
use genkan::store::access_tokens::{OpaqueToken, TokenName};
use serde_json::json;

use super::values::{clock, insert, later, nobody, now, user_id};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(
    tk_13_an_opaque_token_is_found_until_it_is_taken_back,
    tk_12_of_parallel_revocations_one_is_news,
    tk_14_a_token_stands_as_long_as_all_that_it_hangs_on,
    db_12_expired_tokens_are_forgotten,
);

fn signed(name: &str) -> TokenName {
    TokenName::Signed(name.to_owned())
}

fn opaque(token_hash: &str, claims: &str, secs: i64) -> OpaqueToken {
    OpaqueToken { token_hash: token_hash.to_owned(), claims: claims.to_owned(), expires_at: later(secs) }
}

/// Registers a client.
pub(super) async fn add_client(store: &Store) -> ClientId {
    let metadata: ClientMetadata = serde_json::from_value(json!({
        "name": "Tea House", "kind": "web", "authentication": "client_secret_basic", "redirect_uris": [], "grants": ["client_credentials"],
        "scopes": "tea", "response_modes": ["query"], "requires_pkce": true, "access_token_format": "jwt", "id_token_algorithm": "RS256",
    }))
    .expect("a client's metadata");
    let (id, created_at) = (ClientId::generate(), now());
    let (is_verified, skips_consent, disabled_at) = (true, false, None);
    let client =
        Client { id: id.clone(), owner: None, metadata, is_verified, skips_consent, disabled_at, created_at, updated_at: created_at };
    assert!(store.insert_client(client, None, None).await.expect("a client can be stored"));
    id
}

/// Writes a family that holds for ten seconds, past the store.
fn add_family(database: &TestDatabase, client: &ClientId, user: UserId) -> FamilyId {
    let id = FamilyId::new(&clock());
    let time = |at: chrono::DateTime<chrono::Utc>| at.format("%Y-%m-%d %H:%M:%S").to_string();
    database.execute(&format!(
        "INSERT INTO token_families (id, client_id, user_id, grant_type, scopes, created_at, expires_at)
         VALUES ('{id}', '{client}', '{user}', 'authorization_code', 'openid', '{}', '{}')",
        time(now()),
        time(later(10)),
    ));
    id
}

async fn tk_13_an_opaque_token_is_found_until_it_is_taken_back(database: &TestDatabase) {
    let store = database.store().await;
    store.insert_access_token(opaque("Hash", &"{\"a\":1}".repeat(400), 10)).await.expect("stored");

    assert_eq!(store.find_access_token("Hash").await.expect("a query").map(|claims| claims.len()), Some(2_800));
    assert_eq!(store.find_access_token("hash").await.expect("a query"), None, "to the letter");
    assert!(store.insert_access_token(opaque("Hash", "", 10)).await.is_err(), "never twice");

    assert!(store.revoke_access_token(TokenName::Opaque("Hash".to_owned()), later(10)).await.expect("a query"));
    assert!(!store.revoke_access_token(TokenName::Opaque("Hash".to_owned()), later(10)).await.expect("a query"));
    assert_eq!(store.find_access_token("Hash").await.expect("a query"), None);
}

async fn tk_12_of_parallel_revocations_one_is_news(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];

    let results = at_once(8, |number| {
        let store = replicas[number % 2].clone();
        async move { store.revoke_access_token(signed("jti"), later(10)).await.expect("revoking works") }
    });

    assert_eq!(count(&results.await, |is_news| *is_news), 1);
}

async fn tk_14_a_token_stands_as_long_as_all_that_it_hangs_on(database: &TestDatabase) {
    let store = database.store().await;
    let (user, client) = (insert(&store, nobody()).await, add_client(&store).await);
    let family = add_family(database, &client, user.id);
    let of = |client: &ClientId, family, user| (client.clone(), Some((family, user)));
    let stands = async |holder, name: &str, at| store.find_standing(holder, signed(name), at).await.expect("a query");

    let standing = stands(of(&client, family, user.id), "jti", now()).await.expect("it stands");
    assert_eq!(standing.user.as_ref(), Some(&user));
    assert!(stands((client.clone(), None), "jti", later(99)).await.is_some_and(|own| own.user.is_none()), "on its own behalf");
    assert!(stands(of(&client, family, user.id), "jti", later(10)).await.is_none(), "over");
    assert!(stands(of(&client, FamilyId::new(&clock()), user.id), "jti", now()).await.is_none(), "another family");
    assert!(stands(of(&client, family, user_id()), "jti", now()).await.is_none(), "another user");
    assert!(stands(of(&ClientId::generate(), family, user.id), "jti", now()).await.is_none(), "another client");

    store.revoke_access_token(signed("gone"), later(10)).await.expect("revoked");
    assert!(stands(of(&client, family, user.id), "gone", now()).await.is_none());
    database.execute("UPDATE users SET disabled_at = '2026-01-01 00:00:00'");
    assert!(stands(of(&client, family, user.id), "jti", now()).await.is_none(), "disabled");
    database.execute("UPDATE users SET disabled_at = NULL; UPDATE clients SET disabled_at = '2026-01-01 00:00:00'");
    assert!(stands((client.clone(), None), "jti", now()).await.is_none(), "its client is disabled");
    database.execute("UPDATE clients SET disabled_at = NULL");
    assert!(store.end_family(family).await.expect("a query"));
    assert!(stands(of(&client, family, user.id), "jti", now()).await.is_none(), "ended");
}

async fn db_12_expired_tokens_are_forgotten(database: &TestDatabase) {
    let store = database.store().await;
    store.insert_access_token(opaque("short", "", 10)).await.expect("stored");
    store.insert_access_token(opaque("long", "", 11)).await.expect("stored");
    store.revoke_access_token(signed("short"), later(10)).await.expect("revoked");

    assert_eq!(store.delete_expired(later(10)).await.expect("deleting works"), 2);

    assert!(store.find_access_token("long").await.expect("a query").is_some());
}
