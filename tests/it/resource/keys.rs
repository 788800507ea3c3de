//! Keys that change while everything runs.

use genkan::domain::client::SigningAlgorithm;
use genkan::keys::Purpose;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use serde_json::Value;

use crate::issuer::world::World;
use crate::support::app::TestApp;

/// Checks an ID Token as a client does: with the keys that are published, at this instance.
async fn is_good(app: &TestApp, world: &World, token: &str) -> bool {
    let keys: JwkSet = serde_json::from_value(app.browser().open("/.well-known/jwks.json").await.json()).expect("keys");
    let header = decode_header(token).expect("a header");
    let Some(key) = keys.find(&header.kid.expect("a name")) else { return false };
    let mut rules = Validation::new(header.alg);
    rules.validate_exp = false;
    rules.set_audience(&[world.client.id.as_str()]);
    rules.set_issuer(&[world.app.address("")]);
    decode::<Value>(token, &DecodingKey::from_jwk(key).expect("a key"), &rules).is_ok()
}

async fn id_token(world: &World) -> String {
    world.tokens("openid").await["id_token"].as_str().expect("an ID Token").to_owned()
}

#[actix_web::test]
async fn ky_02_a_client_checks_tokens_of_either_algorithm_across_a_rotation() {
    for algorithm in [SigningAlgorithm::Rs256, SigningAlgorithm::Es256] {
        let world = World::with(|client| client.metadata.id_token_algorithm = algorithm).await;
        let chain = &world.app.state.signin.keyring.chain;
        let before = id_token(&world).await;
        for purpose in Purpose::OF_ISSUER {
            chain.rotate(purpose).await.expect("a key");
        }

        let waiting = id_token(&world).await;
        world.app.clock.advance(std::time::Duration::from_secs(601));
        let after = id_token(&world).await;

        let kid = |token: &str| decode_header(token).expect("a header").kid;
        assert!(kid(&before) == kid(&waiting) && kid(&waiting) != kid(&after));
        for token in [&before, &waiting, &after] {
            assert!(is_good(&world.app, &world, token).await);
        }
    }
}

#[actix_web::test]
async fn ky_02_a_removed_key_leaves_the_key_set_and_its_tokens_open_nothing() {
    let world = World::new().await;
    let tokens = world.tokens("openid").await;
    let access = tokens["access_token"].as_str().expect("a token");
    let userinfo = async || {
        let request = world.app.browser().request(reqwest::Method::GET, "/oauth/userinfo").bearer_auth(access);
        crate::support::browser::Page::read(request).await.status
    };
    assert_eq!(userinfo().await, 200);

    let kid = decode_header(access).expect("a header").kid.expect("a name");
    world.app.state.signin.keyring.chain.revoke(&kid).await.expect("a query");

    world.app.clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(userinfo().await, 401);
    assert!(!world.app.browser().open("/.well-known/jwks.json").await.text.contains(&kid));
}

#[actix_web::test]
async fn se_13_replicas_read_each_others_tokens_whoever_made_the_key() {
    let world = World::new().await;
    let twin = world.app.twin().await;
    let mine = id_token(&world).await;
    assert!(is_good(&twin, &world, &mine).await, "the twin publishes the key of the first");
    let access = world.tokens("openid").await["access_token"].as_str().expect("a token").to_owned();

    let page =
        crate::support::browser::Page::read(twin.browser().request(reqwest::Method::GET, "/oauth/userinfo").bearer_auth(&access)).await;

    assert_eq!(page.status, 200, "{page:?}");
}
