//! `/oauth/introspect` and `/oauth/revoke`

use genkan::domain::client::{AccessTokenFormat, ClientAuthentication};
use genkan::domain::identifier::Identifier;
use reqwest::Method;
use serde_json::{Value, json};

use crate::issuer::world::{SECRET, World, assert_refused, register};
use crate::support::browser::Page;

const BOTH: [AccessTokenFormat; 2] = [AccessTokenFormat::Jwt, AccessTokenFormat::Opaque];

async fn world(format: AccessTokenFormat) -> World {
    World::with(|client| client.metadata.access_token_format = format).await
}

/// Issues an access token and a refresh token.
async fn issue(world: &World) -> (String, String) {
    let tokens = world.tokens("openid profile offline_access").await;
    let of = |name: &str| tokens[name].as_str().expect("a token").to_owned();
    (of("access_token"), of("refresh_token"))
}

async fn introspect(world: &World, token: &str) -> Value {
    let page = world.ask("/oauth/introspect", &[("token", token)]).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{page:?}");
    page.json()
}

async fn is_active(world: &World, token: &str) -> bool {
    world.app.clock.advance(std::time::Duration::from_millis(60));
    let described = introspect(world, token).await;
    if described["active"] == json!(false) {
        assert_eq!(described, json!({ "active": false }), "nothing else is told");
    }
    described["active"] == json!(true)
}

async fn revoke(world: &World, token: &str) {
    let page = world.ask("/oauth/revoke", &[("token", token)]).await;
    assert_eq!((page.status, page.text.as_str()), (200, ""), "{page:?}");
}

#[actix_web::test]
async fn tk_12_a_client_is_told_what_its_own_tokens_are() {
    for format in BOTH {
        let world = world(format).await;
        let (access, refresh) = issue(&world).await;
        assert_eq!(access.contains('.'), format == AccessTokenFormat::Jwt);

        let (access, refresh) = (introspect(&world, &access).await, introspect(&world, &refresh).await);

        assert_eq!((&access["active"], &access["username"], &access["token_type"]), (&json!(true), &json!("hanako"), &json!("Bearer")));
        assert_eq!((&access["client_id"], &access["scope"]), (&json!(world.client.id.as_str()), &json!("offline_access openid profile")));
        assert_eq!(access["exp"].as_i64().expect("a time") - access["iat"].as_i64().expect("a time"), 600);
        assert_eq!((&refresh["active"], &refresh["sub"]), (&json!(true), &access["sub"]));
    }
}

#[actix_web::test]
async fn tk_12_a_token_taken_back_is_inactive_at_once() {
    for format in BOTH {
        let world = world(format).await;
        let ((access, refresh), (other, _)) = (issue(&world).await, issue(&world).await);
        assert!(is_active(&world, &access).await && is_active(&world, &refresh).await);

        revoke(&world, &access).await;
        assert_eq!(introspect(&world, &access).await, json!({ "active": false }), "no time has passed");
        assert!(is_active(&world, &refresh).await && is_active(&world, &other).await, "the others count on");

        let (third, refresh) = issue(&world).await;
        revoke(&world, &refresh).await;
        assert_eq!(introspect(&world, &third).await, json!({ "active": false }), "it hung on the same consent");
        assert!(!is_active(&world, &refresh).await);
        revoke(&world, &access).await;
        revoke(&world, "unknown").await;
    }
}

#[actix_web::test]
async fn tk_12_somebody_elses_token_is_inactive_and_stays_good() {
    for format in BOTH {
        let world = world(format).await;
        let (access, refresh) = issue(&world).await;
        let other = register(&world.app, |_| {}).await;
        let ask = async |path: &str, token: &str| {
            let request = world.app.browser().request(Method::POST, path).form(&[("token", token)]);
            Page::read(request.basic_auth(other.id.as_str(), Some(SECRET))).await
        };

        for token in [&access, &refresh] {
            assert_eq!(ask("/oauth/introspect", token).await.json(), json!({ "active": false }));
            assert_eq!(ask("/oauth/revoke", token).await.status, 200);
            assert!(is_active(&world, token).await);
        }
    }
}

#[actix_web::test]
async fn tk_12_nobody_asks_without_proof_of_who_they_are() {
    let world = World::new().await;
    let (access, _) = issue(&world).await;
    let public = register(&world.app, |client| client.metadata.authentication = ClientAuthentication::None).await;
    let ask = |path: &str, fields: &[(&str, &str)]| Page::read(world.app.browser().request(Method::POST, path).form(fields));

    for path in ["/oauth/introspect", "/oauth/revoke"] {
        assert_refused(&ask(path, &[("token", &access)]).await, 401, "invalid_client");
        assert_refused(&world.ask(path, &[]).await, 400, "invalid_request");
        assert_refused(&world.ask(path, &[("token", "a"), ("token", "b")]).await, 400, "invalid_request");
        assert_refused(&world.ask(&format!("{path}?token=a"), &[("token", "a")]).await, 400, "invalid_request");
    }
    assert_refused(&ask("/oauth/introspect", &[("token", "x"), ("client_id", public.id.as_str())]).await, 401, "invalid_client");
    assert_eq!(ask("/oauth/revoke", &[("token", "x"), ("client_id", public.id.as_str())]).await.status, 200, "RFC 7009 §2.1");
}

#[actix_web::test]
async fn tk_14_who_is_disabled_or_signed_out_or_gone_has_no_active_token() {
    for format in BOTH {
        for statement in ["UPDATE users SET disabled_at = '2026-01-01 00:00:00'", "UPDATE clients SET disabled_at = '2026-01-01 00:00:00'"]
        {
            let world = world(format).await;
            let (access, refresh) = issue(&world).await;
            let reader = world.app.twin().await;
            world.app.execute(statement);
            world.app.clock.advance(std::time::Duration::from_millis(60));
            for token in [&access, &refresh] {
                let page = Page::read(reader.browser().request(Method::GET, "/oauth/userinfo").bearer_auth(token)).await;
                assert_eq!(page.status, 401, "{statement}");
            }
        }
    }
}

#[actix_web::test]
async fn tk_14_disabling_through_the_store_ends_everything() {
    let world = World::new().await;
    let (access, refresh) = issue(&world).await;
    let store = &world.app.state.signin.store;
    let user = store.find_user_by_identifier(&Identifier::parse("hanako")).await.expect("a query").expect("a user");

    store.set_user_disabled(user.id, true, world.app.clock.now()).await.expect("disabled");

    assert!(!is_active(&world, &access).await && !is_active(&world, &refresh).await);
    store.set_user_disabled(user.id, false, world.app.clock.now()).await.expect("enabled");
    assert!(!is_active(&world, &access).await, "what has ended stays so");
}

#[actix_web::test]
async fn an_expired_token_is_inactive() {
    for format in BOTH {
        let world = world(format).await;
        let (access, _) = issue(&world).await;

        world.app.clock.advance(std::time::Duration::from_secs(600));

        assert!(!is_active(&world, &access).await);
        revoke(&world, &access).await;
    }
}

#[actix_web::test]
async fn tk_13_a_database_that_is_away_makes_questions_and_revocation_fail() {
    for format in BOTH {
        let world = world(format).await;
        let (access, _) = issue(&world).await;
        world.app.clock.advance(std::time::Duration::from_secs(1));
        world.app.break_database();

        let asked = world.ask("/oauth/introspect", &[("token", &access)]).await;
        let revoked = world.ask("/oauth/revoke", &[("token", &access)]).await;
        let used = Page::read(world.app.browser().request(Method::GET, "/oauth/userinfo").bearer_auth(&access)).await;

        for page in [asked, revoked, used] {
            assert!(page.status >= 500, "{page:?}");
            assert!(page.json()["active"].is_null() && !page.json()["error"].is_null(), "{page:?}");
        }
    }
}
