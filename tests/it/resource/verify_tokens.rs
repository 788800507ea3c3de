//! `/api/verify` where a path takes access tokens: the same rules for programs, and why one does not pass.

use genkan::domain::client::Client;
use genkan::domain::group::Group;
use genkan::domain::identifier::Identifier;
use genkan::domain::scope::Scopes;
use reqwest::Method;

use crate::issuer::world::World;
use crate::support::browser::Page;
use crate::support::logs;

const API: &str = "https://tea.example/api";

async fn world(change: impl FnOnce(&mut Client)) -> World {
    let scopes = Scopes::parse("openid profile email tea:pour").expect("scopes");
    World::with(|client| {
        client.metadata.scopes = scopes;
        change(client);
    })
    .await
}

async fn verify(world: &World, query: &str, token: &str) -> Page {
    Page::read(world.app.browser().request(Method::GET, &format!("/api/verify?{query}")).bearer_auth(token)).await
}

async fn token(world: &World, scope: &str) -> String {
    world.tokens(scope).await["access_token"].as_str().expect("a token").to_owned()
}

async fn client_token(world: &World) -> String {
    let tokens = world.token(&[("grant_type", "client_credentials"), ("scope", "tea:pour")]).await.json();
    tokens["access_token"].as_str().expect("a token").to_owned()
}

/// Checks status, word, challenge and reason of a refusal.
#[track_caller]
fn assert_refused(page: &Page, status: u16, error: &str, reason: &str) {
    assert_eq!((page.status, page.json()["error"].as_str()), (status, Some(error)), "{page:?}");
    assert_eq!(page.header("x-genkan-reason"), reason, "{page:?}");
    assert!(page.header("www-authenticate").contains(&format!("error=\"{error}\"")), "{page:?}");
    assert!(page.header("x-genkan-user").is_empty() && page.header("x-genkan-client").is_empty(), "{page:?}");
}

#[actix_web::test]
async fn tk_08_a_token_with_the_scope_passes_and_says_what_its_scopes_open() {
    let world = world(|_| {}).await;

    let little = verify(&world, "scope=tea:pour", &token(&world, "openid tea:pour").await).await;
    let all = verify(&world, "scope=tea:pour&scope=profile", &token(&world, "openid profile email tea:pour").await).await;

    assert_eq!((little.status, little.header("x-genkan-client")), (200, world.client.id.as_str()), "{little:?}");
    assert_eq!((little.header("x-genkan-name"), little.header("x-genkan-email")), ("", ""));
    assert_eq!(little.header("x-genkan-user"), all.header("x-genkan-user"));
    assert_eq!((all.header("x-genkan-name"), all.header("x-genkan-email")), ("Hanako", "hanako@example.com"));
    assert_eq!(all.header("x-genkan-scope"), "email openid profile tea:pour");
    assert_eq!(all.header("access-control-allow-origin"), "", "WB-06");
}

#[actix_web::test]
async fn what_is_wrong_with_a_token_is_told_apart_to_proxies_too() {
    let world = world(|_| {}).await;
    let (good, narrow) = (token(&world, "openid tea:pour").await, token(&world, "openid").await);

    let missing = world.app.browser().open("/api/verify?scope=tea:pour").await;
    assert_eq!((missing.status, missing.json()["error"].as_str()), (401, Some("missing_authorization")));
    assert_eq!((missing.header("x-genkan-reason"), missing.header("www-authenticate")), ("missing", "Bearer realm=\"genkan\""));
    assert_refused(&verify(&world, "scope=tea:pour", "nonsense").await, 401, "invalid_token", "invalid");
    assert_refused(&verify(&world, "scope=tea:pour", "two words").await, 401, "invalid_token", "invalid");
    let too_narrow = verify(&world, "scope=tea:pour", &narrow).await;
    assert_refused(&too_narrow, 403, "insufficient_scope", "scope");
    assert!(too_narrow.header("www-authenticate").contains("scope=\"tea:pour\""));
    world.ask("/oauth/revoke", &[("token", &good)]).await;
    assert_refused(&verify(&world, "scope=tea:pour", &good).await, 401, "invalid_token", "revoked");
    world.app.clock.advance(std::time::Duration::from_secs(600));
    assert_refused(&verify(&world, "scope=tea:pour", &narrow).await, 401, "invalid_token", "expired");
}

#[actix_web::test]
async fn a_path_that_names_no_scope_takes_no_tokens() {
    let world = world(|_| {}).await;
    let good = token(&world, "openid tea:pour").await;

    let refused = verify(&world, "", &good).await;
    let with_session = Page::read(world.browser.request(Method::GET, "/api/verify").bearer_auth("of the application's own")).await;
    let with_basic = world.browser.request(Method::GET, "/api/verify?scope=tea:pour").basic_auth("a", Some("b"));

    assert_eq!((refused.status, refused.header("x-genkan-reason"), refused.header("www-authenticate")), (401, "missing", ""));
    assert_eq!(with_session.status, 200);
    assert_eq!(Page::read(with_basic).await.status, 200, "other schemes are the application's business");
    let both = world.browser.request(Method::GET, "/api/verify?scope=tea:pour").bearer_auth("nonsense");
    assert_eq!(Page::read(both).await.status, 401, "a token decides");
}

#[actix_web::test]
async fn tk_08_a_token_for_another_api_does_not_pass() {
    let of_api = world(|client| client.metadata.audience = Some(API.to_owned())).await;
    let token_of_api = token(&of_api, "openid tea:pour").await;
    let ours = world(|_| {}).await;
    let our_token = token(&ours, "openid tea:pour").await;
    let query = format!("scope=tea:pour&audience={API}");

    assert_eq!(verify(&of_api, &query, &token_of_api).await.status, 200);
    assert_refused(&verify(&of_api, "scope=tea:pour", &token_of_api).await, 401, "invalid_token", "invalid");
    assert_eq!(verify(&ours, "scope=tea:pour", &our_token).await.status, 200);
    assert_refused(&verify(&ours, &query, &our_token).await, 401, "invalid_token", "invalid");
}

#[actix_web::test]
async fn what_is_wanted_of_people_is_wanted_of_those_who_gave_a_token() {
    let world = world(|_| {}).await;
    let token = token(&world, "openid tea:pour").await;
    let ask = async |more: &str| verify(&world, &format!("scope=tea:pour&{more}"), &token).await;

    assert_eq!(ask("require=verified_email&max_age_secs=60").await.status, 200);
    let outside = ask("group=editors&redirect=true").await;
    assert_eq!((outside.status, outside.header("x-genkan-reason")), (403, "not_in_group"));
    let store = &world.app.state.signin.store;
    let user = store.find_user_by_identifier(&Identifier::parse("hanako")).await.expect("a query").expect("a user").id;
    store.insert_group_member(user, &Group::parse("editors").expect("a group"), world.app.clock.now()).await.expect("joined");
    assert_eq!(ask("group=editors").await.status, 200);
    world.app.clock.advance(std::time::Duration::from_secs(61));
    let old = ask("max_age_secs=60&redirect=true").await;
    assert_refused(&old, 401, "insufficient_user_authentication", "too_old");
    assert!(old.header("www-authenticate").contains("max_age=\"60\""), "RFC 9470 §3: {old:?}");
}

#[actix_web::test]
async fn tk_09_a_client_that_acts_for_nobody_passes_only_where_that_is_asked_for() {
    let world = world(|_| {}).await;
    let token = client_token(&world).await;

    let refused = verify(&world, "scope=tea:pour", &token).await;
    let passed = verify(&world, "scope=tea:pour&client=true", &token).await;
    let in_a_group = verify(&world, "scope=tea:pour&client=true&group=editors", &token).await;

    assert_eq!((refused.status, refused.header("x-genkan-reason")), (403, "no_person"), "{refused:?}");
    assert_eq!((passed.status, passed.header("x-genkan-client")), (200, world.client.id.as_str()));
    assert_eq!((passed.header("x-genkan-user"), passed.header("x-genkan-name")), ("", ""));
    assert_eq!((in_a_group.status, in_a_group.header("x-genkan-reason")), (403, "no_person"));
}

#[actix_web::test]
async fn tk_08_no_other_kind_of_token_passes() {
    let world = world(|_| {}).await;
    let tokens = world.tokens("openid tea:pour").await;
    let session = world.browser.cookie("jwt").expect("a session");

    for token in [tokens["id_token"].as_str(), tokens["refresh_token"].as_str(), Some(session.as_str())].into_iter().flatten() {
        assert_refused(&verify(&world, "scope=tea:pour", token).await, 401, "invalid_token", "invalid");
    }
}

#[actix_web::test]
async fn tk_13_a_database_that_is_away_lets_no_token_pass() {
    let world = world(|_| {}).await;
    let token = token(&world, "openid tea:pour").await;
    world.app.break_database();

    let refused = verify(&world, "scope=tea:pour", &token).await;

    assert!(refused.status >= 500 && refused.header("x-genkan-user").is_empty(), "{refused:?}");
}

#[actix_web::test]
async fn lg_05_a_token_that_does_not_pass_is_logged_and_counted_in_the_record() {
    let world = world(|_| {}).await;
    let token = client_token(&world).await;

    let page = verify(&world, "scope=tea:pour", &token).await;

    let lines = logs::with("request", page.header("x-request-id"));
    let refused: Vec<_> = lines.iter().filter(|line| line.field("event") == "bearer_refused").collect();
    assert!(refused.len() == 1 && refused[0].field("reason") == "no_person", "{lines:?}");
    assert_eq!(crate::record::count_outcomes(&world.app, "token_refused").await, 1);
}
