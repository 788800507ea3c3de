//! The claim `groups`, and claims asked for by name: what opens them, and what the person is asked.

use genkan::domain::group::Group;
use genkan::domain::identifier::Identifier;
use genkan::domain::scope::Scopes;
use reqwest::Method;
use serde_json::{Value, json};

use super::world::{World, claims};
use crate::support::browser::Page;

const METADATA: &str = "/.well-known/openid-configuration";

/// A world whose client may see groups, and whose person is in two.
async fn world_with_groups() -> World {
    let world = World::with(|client| client.metadata.scopes = Scopes::parse("openid profile email groups offline_access").expect("scopes"));
    let world = world.await;
    let store = &world.app.state.signin.store;
    let user = store.find_user_by_identifier(&Identifier::parse("hanako")).await.expect("a query").expect("a user").id;
    for group in ["writers", "admins"] {
        let group = Group::parse(group).expect("a group");
        store.insert_group_member(user, &group, world.app.clock.now()).await.expect("joined");
    }
    world
}

/// What the ID Token and userinfo say.
async fn told(world: &World, tokens: &Value) -> (Value, Value) {
    let access = tokens["access_token"].as_str().expect("a token");
    let page = Page::read(world.app.browser().request(Method::GET, "/oauth/userinfo").bearer_auth(access)).await;
    (claims(tokens["id_token"].as_str().expect("an ID Token")), page.json())
}

async fn tokens_with_claims(world: &World, scope: &str, wishes: &str) -> Value {
    let answer = world.allow(&[("scope", scope), ("claims", wishes)]).await;
    world.redeem(&answer.get("code")).await.json()
}

#[actix_web::test]
async fn ky_01_groups_stand_in_the_id_token_and_at_userinfo_if_their_scope_was_given() {
    let world = world_with_groups().await;

    let (id, info) = told(&world, &world.tokens("openid groups").await).await;
    let (id_without, info_without) = told(&world, &world.tokens("openid profile email").await).await;

    assert_eq!((&id["groups"], &info["groups"]), (&json!(["admins", "writers"]), &json!(["admins", "writers"])));
    assert_eq!((&id_without["groups"], &info_without["groups"]), (&Value::Null, &Value::Null));
    assert_eq!((&id_without["name"], &id_without["email"]), (&Value::Null, &Value::Null), "the other scopes are userinfo's");
}

#[actix_web::test]
async fn ky_01_groups_can_be_asked_for_by_name_in_either_place() {
    let world = world_with_groups().await;

    let (id, info) = told(&world, &tokens_with_claims(&world, "openid", r#"{"id_token":{"groups":null}}"#).await).await;
    assert_eq!((&id["groups"], &info["groups"]), (&json!(["admins", "writers"]), &Value::Null));
    let (id, info) = told(&world, &tokens_with_claims(&world, "openid", r#"{"userinfo":{"groups":null}}"#).await).await;
    assert_eq!((&id["groups"], &info["groups"]), (&Value::Null, &json!(["admins", "writers"])));
}

#[actix_web::test]
async fn ky_01_every_scope_and_claim_that_is_listed_can_be_had() {
    let world = world_with_groups().await;
    let metadata = world.app.browser().open(METADATA).await.json();
    let words = |name: &str| {
        let list = metadata[name].as_array().unwrap_or_else(|| panic!("{name}"));
        list.iter().map(|word| word.as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };

    let (_, info) = told(&world, &world.tokens(&words("scopes_supported").join(" ")).await).await;

    let had: Vec<_> = info.as_object().expect("an object").keys().cloned().collect();
    let mut listed = words("claims_supported");
    listed.sort();
    assert_eq!(had, listed);
}

#[actix_web::test]
async fn as_08_the_person_is_asked_about_groups_and_about_claims_by_name_in_words() {
    let world = world_with_groups().await;

    let by_scope = world.browser.open(&world.authorize(&[("scope", "openid groups")])).await;
    let by_name = world.browser.open(&world.authorize(&[("scope", "openid"), ("claims", r#"{"userinfo":{"email":null}}"#)])).await;
    let japanese = world.browser.open(&world.authorize(&[("scope", "openid groups")])).await;
    let japanese = world.browser.request(Method::GET, japanese.location()).header("accept-language", "ja");
    let japanese = Page::read(japanese).await;

    for (page, words) in [(by_scope, "which groups"), (by_name, "see your e-mail address"), (japanese, "所属グループを見る")] {
        let page = if page.status == 303 { world.browser.follow(&page).await } else { page };
        assert!(page.text.contains(words), "{words}: {page:?}");
    }
}

#[actix_web::test]
async fn as_08_a_claim_by_name_is_asked_about_anew_and_then_remembered() {
    let world = world_with_groups().await;
    world.tokens("openid").await;
    let wish = [("scope", "openid"), ("claims", r#"{"id_token":{"email":{"essential":true}}}"#)];
    let is_asked = async || !world.browser.open(&world.authorize(&wish)).await.location().starts_with("https://app.example/");

    assert!(is_asked().await, "a yes to the name of nothing opens no address");
    world.allow(&wish).await;
    assert!(!is_asked().await);
}

#[actix_web::test]
async fn tk_05_a_claim_by_name_needs_the_scope_to_be_the_clients() {
    let world = World::with(|client| client.metadata.scopes = Scopes::parse("openid").expect("scopes")).await;
    let wishes = r#"{"userinfo":{"email":null,"groups":null},"id_token":{"name":null,"email":{"essential":true}}}"#;

    let (id, info) = told(&world, &tokens_with_claims(&world, "openid", wishes).await).await;

    assert_eq!(info.as_object().map(serde_json::Map::len), Some(1), "{info}");
    assert_eq!((&id["name"], &id["email"]), (&Value::Null, &Value::Null));
}

#[actix_web::test]
async fn tk_09_a_client_on_its_own_behalf_gets_no_groups() {
    let world = world_with_groups().await;

    let page = world.token(&[("grant_type", "client_credentials"), ("scope", "groups")]).await;

    assert_eq!(page.json()["error"], "invalid_scope");
}
