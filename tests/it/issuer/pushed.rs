//! Pushed authorization requests (RFC 9126).

use std::time::Duration;

use super::world::{CALLBACK, CHALLENGE, SECRET, World, assert_refused, register};
use crate::support::browser::Page;

const REQUEST: [(&str, &str); 6] = [
    ("redirect_uri", CALLBACK),
    ("response_type", "code"),
    ("scope", "openid"),
    ("state", "pushed"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

async fn push(world: &World) -> String {
    let page = world.ask("/oauth/par", &REQUEST).await;
    assert_eq!((page.status, page.json()["expires_in"].as_u64()), (201, Some(90)), "{page:?}");
    let uri = page.json()["request_uri"].as_str().expect("a name").to_owned();
    assert!(uri.starts_with("urn:ietf:params:oauth:request_uri:"), "{uri}");
    format!(
        "/oauth/authorize?{}",
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", world.client.id.as_str())
            .append_pair("request_uri", &uri)
            .finish()
    )
}

#[actix_web::test]
async fn a_pushed_request_is_answered_once() {
    let world = World::new().await;
    let address = push(&world).await;

    let page = world.browser.open(&address).await;
    let answer = world.agree(page).await;
    assert_eq!(answer.get("state"), "pushed");
    assert_eq!(world.redeem(&answer.get("code")).await.status, 200);

    assert_eq!(world.browser.open(&address).await.status, 400);
}

#[actix_web::test]
async fn a_pushed_request_is_its_clients_and_soon_too_old() {
    let world = World::new().await;
    let other = register(&world.app, |_| {}).await;
    let address = push(&world).await;

    let foreign = world.browser.open(&address.replace(world.client.id.as_str(), other.id.as_str())).await;
    assert_eq!(foreign.status, 400, "{foreign:?}");
    world.app.clock.advance(Duration::from_secs(90));
    assert_eq!(world.browser.open(&address).await.status, 400);
}

#[actix_web::test]
async fn what_could_not_be_answered_cannot_be_pushed() {
    let world = World::new().await;
    let with = |name: &'static str, value: &'static str| {
        let mut fields: Vec<_> = REQUEST.into_iter().filter(|(known, _)| *known != name).collect();
        fields.push((name, value));
        fields
    };

    for (fields, error) in [
        (with("redirect_uri", "https://evil.example/"), "invalid_request"),
        (with("scope", "admin"), "invalid_scope"),
        (with("response_type", "token"), "invalid_request"),
        (with("code_challenge_method", "plain"), "invalid_request"),
        (with("request_uri", "urn:ietf:params:oauth:request_uri:x"), "invalid_request"),
        (with("client_id", "app-another"), "invalid_request"),
    ] {
        let page = world.ask("/oauth/par", &fields).await;
        assert!([400, 401].contains(&page.status), "{fields:?}: {page:?}");
        assert!(page.json()["error"] == error || page.status == 401, "{fields:?}: {page:?}");
    }
    let stranger = world.app.browser().request(reqwest::Method::POST, "/oauth/par").form(&REQUEST);
    assert_refused(&Page::read(stranger.basic_auth(world.client.id.as_str(), Some("wrong"))).await, 401, "invalid_client");
}

#[actix_web::test]
async fn tk_06_the_credentials_of_a_pushed_request_are_not_kept() {
    let world = World::with(|client| client.metadata.authentication = genkan::domain::client::ClientAuthentication::ClientSecretPost).await;
    let mut fields = REQUEST.to_vec();
    fields.extend([("client_id", world.client.id.as_str()), ("client_secret", SECRET)]);
    let page = Page::read(world.app.browser().request(reqwest::Method::POST, "/oauth/par").form(&fields)).await;
    assert_eq!(page.status, 201, "{page:?}");
    let id = page.json()["request_uri"].as_str().expect("a name").rsplit(':').next().expect("an id").to_owned();

    let hash = genkan::secret::hash_token(&id);
    let kept =
        world.app.state.signin.store.find_authorization_request(&hash, world.app.clock.now()).await.expect("a query").expect("a row");

    assert!(!kept.parameters.contains("secret"), "{}", kept.parameters);
}
