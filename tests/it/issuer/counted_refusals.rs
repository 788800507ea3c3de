//! Programs that get nothing: one log line each, counted in the metrics and in the record (security.md LG-05).

use reqwest::Method;

use super::world::World;
use crate::record::count_outcomes;
use crate::support::browser::Page;
use crate::support::{logs, metrics};

/// What is sent to each neighbour of the token endpoint, what it answers, and the endpoint's word.
const REFUSED: [(&str, &str, &str, &str); 4] = [
    ("/oauth/par", "response_type=code", "invalid_request", "par"),
    ("/oauth/device_authorization", "scope=unheard-of", "invalid_scope", "device_authorization"),
    ("/oauth/introspect", "", "invalid_request", "introspect"),
    ("/oauth/revoke", "token=a&token=b", "invalid_request", "revoke"),
];

async fn ask(world: &World, path: &str, body: &str) -> Page {
    let request = world.app.browser().request(Method::POST, path).basic_auth(world.client.id.as_str(), Some(super::world::SECRET));
    Page::read(request.header("content-type", "application/x-www-form-urlencoded").body(body.to_owned())).await
}

#[actix_web::test]
async fn lg_05_a_refusal_beside_the_token_endpoint_is_one_line_and_one_count() {
    metrics::start();
    let world = World::new().await;

    for (path, body, error, endpoint) in REFUSED {
        let before = metrics::count("genkan_issuer_refusals_total", &[("endpoint", endpoint), ("error", error)]);
        let page = ask(&world, path, body).await;
        assert_eq!(page.json()["error"], error, "{path}: {page:?}");

        let lines = logs::with("request", page.header("x-request-id"));
        let refused: Vec<_> = lines.iter().filter(|line| line.field("event") == "endpoint_refused").collect();
        assert!(refused.len() == 1 && refused[0].field("endpoint") == endpoint && refused[0].field("reason") == error, "{lines:?}");
        assert!(metrics::count("genkan_issuer_refusals_total", &[("endpoint", endpoint), ("error", error)]) > before, "{path}");
    }
    assert_eq!(count_outcomes(&world.app, "token_refused").await, 4);
}

#[actix_web::test]
async fn lg_05_what_cannot_be_read_is_counted_too() {
    let world = World::new().await;

    for (path, ..) in REFUSED {
        let page = Page::read(world.app.browser().request(Method::POST, path).body("x")).await;
        assert_eq!(page.json()["error"], "invalid_request", "{path}: {page:?}");
    }

    assert_eq!(count_outcomes(&world.app, "token_refused").await, 4);
}

#[actix_web::test]
async fn lg_05_refused_tokens_and_refused_grants_stand_in_the_record() {
    let world = World::new().await;

    world.token(&[("grant_type", "authorization_code"), ("code", "made up")]).await;
    for path in ["/api/me", "/api/session", "/oauth/userinfo"] {
        Page::read(world.app.browser().request(Method::GET, path).bearer_auth("nonsense")).await;
    }
    world.app.browser().open("/api/me").await;

    assert_eq!(count_outcomes(&world.app, "token_refused").await, 4, "who brought nothing was refused nothing");
}

#[actix_web::test]
async fn a_device_that_has_to_wait_is_not_counted_as_refused() {
    let world = World::new().await;
    let waiting = world.ask("/oauth/device_authorization", &[("scope", "openid")]).await.json();
    let code = waiting["device_code"].as_str().expect("a code").to_owned();

    let page = world.token(&[("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", &code)]).await;

    assert_eq!(page.json()["error"], "authorization_pending", "{page:?}");
    assert_eq!(count_outcomes(&world.app, "token_refused").await, 0);
}
