//! What is bound to a key, and who may use it (RFC 9449 §5, §6, §10).

use genkan::domain::client::{AccessTokenFormat, ClientAuthentication};
use serde_json::{Value, json};

use super::{Holder, TOKEN, bare, text};
use crate::issuer::world::{CALLBACK, CHALLENGE, assert_refused, claims};
use crate::support::signer::Signer;

/// A proof of somebody else.
fn foreign(holder: &Holder) -> String {
    let stranger = Signer::new();
    stranger.sign(&json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": bare(&stranger) }), &holder.claims("POST", TOKEN))
}

#[actix_web::test]
async fn tk_08_dpop_the_tokens_of_a_public_client_are_bound_to_its_key() {
    let holder = Holder::public().await;
    let tokens = holder.tokens().await;
    assert_eq!(text(&tokens, "token_type"), "DPoP");
    let refresh = text(&tokens, "refresh_token");

    assert_refused(&holder.refresh(refresh, &[]).await, 400, "invalid_dpop_proof");
    assert_refused(&holder.refresh(refresh, &[&foreign(&holder)]).await, 400, "invalid_grant");

    let renewed = holder.refresh(refresh, &[&holder.proof(TOKEN)]).await;
    assert_eq!((renewed.status, renewed.json()["token_type"].as_str()), (200, Some("DPoP")), "{renewed:?}");
    assert_refused(&holder.refresh(text(&renewed.json(), "refresh_token"), &[]).await, 400, "invalid_dpop_proof");
}

#[actix_web::test]
async fn tk_08_dpop_a_confidential_client_may_change_its_key() {
    let holder = Holder::new().await;
    let tokens = holder.tokens().await;

    let renewed = holder.refresh(text(&tokens, "refresh_token"), &[&foreign(&holder)]).await;
    assert_eq!((renewed.status, renewed.json()["token_type"].as_str()), (200, Some("DPoP")), "{renewed:?}");
    assert_ne!(claims(text(&renewed.json(), "access_token"))["cnf"]["jkt"], holder.jkt());
    let unbound = holder.refresh(text(&renewed.json(), "refresh_token"), &[]).await;
    assert_eq!((unbound.status, unbound.json()["token_type"].as_str()), (200, Some("Bearer")), "{unbound:?}");
}

#[actix_web::test]
async fn tk_08_dpop_the_first_proof_of_a_public_client_binds_what_comes_after() {
    let holder = Holder::public().await;
    let first = holder.redeem(&holder.code(&[]).await, &[]).await.json();
    assert_eq!(text(&first, "token_type"), "Bearer");

    let second = holder.refresh(text(&first, "refresh_token"), &[&holder.proof(TOKEN)]).await.json();

    assert_refused(&holder.refresh(text(&second, "refresh_token"), &[]).await, 400, "invalid_dpop_proof");
    assert_eq!(holder.refresh(text(&second, "refresh_token"), &[&holder.proof(TOKEN)]).await.status, 200);
}

#[actix_web::test]
async fn tk_03_dpop_a_used_token_ends_all_whoever_sends_it() {
    let holder = Holder::public().await;
    let first = holder.tokens().await;
    let second = holder.refresh(text(&first, "refresh_token"), &[&holder.proof(TOKEN)]).await.json();

    assert_refused(&holder.refresh(text(&first, "refresh_token"), &[&foreign(&holder)]).await, 400, "invalid_grant");

    assert_refused(&holder.refresh(text(&second, "refresh_token"), &[&holder.proof(TOKEN)]).await, 400, "invalid_grant");
}

#[actix_web::test]
async fn tk_01_dpop_a_code_is_bound_to_the_key_that_the_request_names() {
    for holder in [Holder::new().await, Holder::public().await] {
        let code = holder.code(&[("dpop_jkt", &holder.jkt())]).await;

        assert_refused(&holder.redeem(&code, &[]).await, 400, "invalid_dpop_proof");
        assert_refused(&holder.redeem(&code, &[&foreign(&holder)]).await, 400, "invalid_grant");
        assert_eq!(holder.redeem(&code, &[&holder.proof(TOKEN)]).await.status, 200);
    }
}

#[actix_web::test]
async fn as_06_dpop_jkt_has_to_be_a_thumbprint_and_comes_once() {
    let holder = Holder::new().await;
    let answer = holder.world.allow(&[("dpop_jkt", "key")]).await;
    assert_eq!(answer.get("error"), "invalid_request");

    let page = holder.world.browser.open(&format!("{}&dpop_jkt={}&dpop_jkt=x", holder.world.authorize(&[]), holder.jkt())).await;
    assert!(page.location().contains("error=invalid_request"), "{page:?}");
}

/// Pushes a request; returns what the endpoint says.
async fn push(holder: &Holder, more: &[(&str, &str)], proofs: &[&str]) -> crate::support::browser::Page {
    let usual = [
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    holder.ask("/oauth/par", &[&usual[..], more].concat(), proofs).await
}

/// Opens a pushed request and says yes; returns the code.
async fn code_of(holder: &Holder, pushed: &Value) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", holder.world.client.id.as_str())
        .append_pair("request_uri", text(pushed, "request_uri"))
        .finish();
    let page = holder.world.browser.open(&format!("/oauth/authorize?{query}")).await;
    holder.world.agree(page).await.get("code")
}

#[actix_web::test]
async fn tk_01_dpop_a_pushed_request_binds_its_code_by_proof_or_by_name() {
    let holder = Holder::new().await;
    let (proof, jkt) = (holder.proof("/oauth/par"), holder.jkt());
    for (more, proofs) in
        [(&[][..], &[&*proof][..]), (&[("dpop_jkt", &*jkt)], &[]), (&[("dpop_jkt", &*jkt)], &[&*holder.proof("/oauth/par")])]
    {
        let pushed = push(&holder, more, proofs).await;
        assert_eq!(pushed.status, 201, "{pushed:?}");
        let code = code_of(&holder, &pushed.json()).await;

        assert_refused(&holder.redeem(&code, &[&foreign(&holder)]).await, 400, "invalid_grant");
        assert_eq!(holder.redeem(&code, &[&holder.proof(TOKEN)]).await.status, 200);
    }
}

#[actix_web::test]
async fn tk_01_dpop_a_pushed_request_with_two_keys_or_a_wrong_proof_is_refused() {
    let holder = Holder::new().await;
    let other = "A".repeat(43);

    let two = push(&holder, &[("dpop_jkt", &other)], &[&holder.proof("/oauth/par")]).await;
    assert_refused(&two, 400, "invalid_request");
    let repeated = push(&holder, &[("dpop_jkt", &holder.jkt()), ("dpop_jkt", &other)], &[&holder.proof("/oauth/par")]).await;
    assert_refused(&repeated, 400, "invalid_request");
    let elsewhere = push(&holder, &[], &[&holder.proof(TOKEN)]).await;
    assert_refused(&elsewhere, 400, "invalid_dpop_proof");
}

#[actix_web::test]
async fn tk_08_dpop_a_client_can_forbid_itself_unbound_tokens() {
    let holder = Holder::with(|client| client.metadata.dpop_bound_access_tokens = true).await;

    assert_refused(&holder.client_credentials(&[]).await, 400, "invalid_dpop_proof");
    let code = holder.code(&[]).await;
    assert_refused(&holder.redeem(&code, &[]).await, 400, "invalid_dpop_proof");
    let tokens = holder.redeem(&code, &[&holder.proof(TOKEN)]).await;
    assert_eq!(tokens.status, 200, "{tokens:?}");
    assert_refused(&holder.refresh(text(&tokens.json(), "refresh_token"), &[]).await, 400, "invalid_dpop_proof");
}

#[actix_web::test]
async fn tk_08_dpop_an_opaque_token_is_bound_too() {
    let holder = Holder::with(|client| client.metadata.access_token_format = AccessTokenFormat::Opaque).await;
    let tokens = holder.tokens().await;
    let token = text(&tokens, "access_token");

    let told = holder.world.ask("/oauth/introspect", &[("token", token)]).await.json();
    assert_eq!((&told["token_type"], &told["cnf"]["jkt"]), (&json!("DPoP"), &json!(holder.jkt())), "{told}");
    assert_eq!(holder.open("/api/me", &format!("Bearer {token}"), &[]).await.status, 401);
    let page = holder.open("/api/me", &format!("DPoP {token}"), &[&holder.proof_for("/api/me", token)]).await;
    assert_eq!(page.status, 200, "{page:?}");
}

#[actix_web::test]
async fn tk_08_dpop_a_device_gets_bound_tokens() {
    let holder = Holder::with(|client| client.metadata.authentication = ClientAuthentication::None).await;
    let device = holder.ask("/oauth/device_authorization", &[("scope", "openid offline_access")], &[]).await.json();
    let page = holder.world.browser.open("/device").await;
    let page = holder.world.browser.submit(&page, "/device", &[("user_code", text(&device, "user_code"))]).await;
    holder.world.browser.submit(&page, "/device", &[("decision", "allow")]).await;

    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    let tokens = holder.ask(TOKEN, &[("grant_type", grant), ("device_code", text(&device, "device_code"))], &[&holder.proof(TOKEN)]).await;

    assert_eq!((tokens.status, tokens.json()["token_type"].as_str()), (200, Some("DPoP")), "{tokens:?}");
    let refresh = text(&tokens.json(), "refresh_token").to_owned();
    assert_refused(&holder.refresh(&refresh, &[]).await, 400, "invalid_dpop_proof");
    assert_eq!(holder.refresh(&refresh, &[&holder.proof(TOKEN)]).await.status, 200);
}
