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
    is_good_for(app, world, token, world.client.id.as_str()).await
}

/// Checks a token as whoever it is for does.
async fn is_good_for(app: &TestApp, world: &World, token: &str, audience: &str) -> bool {
    let keys: JwkSet = serde_json::from_value(app.browser().open("/.well-known/jwks.json").await.json()).expect("keys");
    let header = decode_header(token).expect("a header");
    let Some(key) = keys.find(&header.kid.expect("a name")) else { return false };
    let mut rules = Validation::new(header.alg);
    rules.validate_exp = false;
    rules.set_audience(&[audience]);
    rules.set_issuer(&[world.app.address("")]);
    decode::<Value>(token, &DecodingKey::from_jwk(key).expect("a key"), &rules).is_ok()
}

async fn id_token(world: &World) -> String {
    world.tokens("openid").await["id_token"].as_str().expect("an ID Token").to_owned()
}

#[actix_web::test]
async fn tk_08_access_tokens_are_signed_as_their_client_wants_and_good_at_every_endpoint() {
    const API: &str = "https://api.example";
    for (algorithm, alg) in [(SigningAlgorithm::Rs256, "RS256"), (SigningAlgorithm::Es256, "ES256")] {
        let world = World::with(|client| {
            (client.metadata.access_token_algorithm, client.metadata.audience) = (algorithm, Some(API.to_owned()));
        })
        .await;
        let own = world.token(&[("grant_type", "client_credentials")]).await.json();
        let persons = world.tokens("openid").await;

        for tokens in [&own, &persons] {
            let token = tokens["access_token"].as_str().expect("a token");
            let header = decode_header(token).expect("a header");
            assert_eq!((format!("{:?}", header.alg).as_str(), header.typ.as_deref()), (alg, Some("at+jwt")));
            assert!(is_good_for(&world.app, &world, token, API).await);
            assert_eq!(world.ask("/oauth/introspect", &[("token", token)]).await.json()["active"], true);
        }
        let request = world.app.browser().request(reqwest::Method::GET, "/oauth/userinfo");
        let token = persons["access_token"].as_str().expect("a token");
        assert_eq!(crate::support::browser::Page::read(request.bearer_auth(token)).await.status, 200);
        assert_eq!(decode_header(persons["id_token"].as_str().expect("a token")).expect("a header").alg, jsonwebtoken::Algorithm::RS256);
    }
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
