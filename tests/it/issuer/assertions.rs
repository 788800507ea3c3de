//! A trusted issuer's signed word gets tokens for a person (RFC 7523 §2.1).

use std::time::Duration;

use chrono::SubsecRound as _;
use genkan::domain::client::{AssertionAlgorithm, TrustedIssuer};
use genkan::domain::ids::{RowId, UserId};
use genkan::domain::scope::Scopes;
use serde_json::{Value, json};

use super::world::{World, assert_refused, claims};
use crate::support::browser::Page;
use crate::support::signer::Signer;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const PARTNER: &str = "https://partner.example";

struct Partner {
    world: World,
    signer: Signer,
    issuer: RowId,
    user: UserId,
}

impl Partner {
    async fn new() -> Self {
        let (world, signer) = (World::new().await, Signer::new());
        let (store, now) = (world.app.state.signin.store.clone(), world.app.clock.now().trunc_subsecs(0));
        let trusted = TrustedIssuer {
            id: RowId::new(&world.app.clock),
            issuer: PARTNER.to_owned(),
            jwks: json!({ "keys": [signer.jwk(Some("one"))] }),
            algorithm: AssertionAlgorithm::Es256,
            scopes: Scopes::parse("tea:pour profile other").expect("scopes"),
            is_disabled: false,
            created_at: now,
        };
        let (issuer, user) = (trusted.id, store.list_users(None, 1).await.expect("users").remove(0).id);
        store.insert_trusted_issuer(trusted).await.expect("trusted");
        store.link_trusted_subject(issuer, "hanako@partner", user, now).await.expect("linked");
        Self { world, signer, issuer, user }
    }

    /// Returns good claims; each call has a `jti` of its own.
    fn claims(&self) -> Value {
        let now = self.world.app.clock.now().timestamp();
        let audience = format!("http://127.0.0.1:{}", self.world.app.port);
        json!({ "iss": PARTNER, "sub": "hanako@partner", "aud": audience, "iat": now, "exp": now + 120, "jti": genkan::random::token() })
    }

    fn with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        claims[name] = value;
        claims
    }

    fn sign(&self, claims: &Value) -> String {
        self.signer.sign(&json!({ "alg": "ES256", "kid": "one" }), claims)
    }

    async fn ask(&self, assertion: &str) -> Page {
        self.world.token(&[("grant_type", GRANT), ("assertion", assertion)]).await
    }
}

#[actix_web::test]
async fn tk_10_a_trusted_word_gets_a_token_for_the_linked_person_once() {
    let partner = Partner::new().await;
    let assertion = partner.sign(&partner.claims());

    let page = partner.ask(&assertion).await;
    assert_eq!(page.status, 200, "{page:?}");
    let tokens = page.json();
    assert_eq!(tokens["scope"], "profile tea:pour", "what both the issuer and the client may have");
    assert_eq!((tokens.get("refresh_token"), tokens.get("id_token")), (None, None));
    assert_eq!(claims(tokens["access_token"].as_str().expect("a token"))["sub"], partner.user.to_string());
    assert_refused(&partner.ask(&assertion).await, 400, "invalid_grant");
}

#[actix_web::test]
async fn tk_10_of_parallel_uses_of_an_assertion_one_counts() {
    let partner = Partner::new().await;
    let assertion = partner.sign(&partner.claims());

    let answers = futures_util::future::join_all((0..6).map(|_| partner.ask(&assertion))).await;

    assert_eq!(answers.iter().filter(|page| page.status == 200).count(), 1, "{answers:?}");
}

#[actix_web::test]
async fn tk_10_whatever_is_wrong_with_an_assertion_it_does_not_count() {
    let partner = Partner::new().await;
    let now = partner.world.app.clock.now().timestamp();
    let client = partner.world.client.id.to_string();

    for (name, value) in [
        ("iss", json!("https://partner.example/")),
        ("iss", json!("https://other.example")),
        ("iss", json!(client)),
        ("sub", json!("somebody else")),
        ("sub", json!(partner.user.to_string())),
        ("aud", json!("https://other.example")),
        ("aud", json!([partner.claims()["aud"], "https://other.example"])),
        ("exp", json!(now - 61)),
        ("exp", json!(now + 3_600)),
        ("iat", json!(now + 120)),
        ("iat", json!(now - 3_600)),
        ("nbf", json!(now + 120)),
        ("jti", json!("")),
        ("jti", Value::Null),
        ("exp", Value::Null),
    ] {
        let page = partner.ask(&partner.sign(&partner.with(name, value.clone()))).await;
        assert_refused(&page, 400, "invalid_grant");
    }
    let stranger = Signer::new();
    let good = partner.claims();
    for forged in [
        stranger.sign(&json!({ "alg": "ES256", "kid": "one" }), &good),
        partner.signer.sign(&json!({ "alg": "HS256", "kid": "one" }), &good),
        partner.signer.sign(&json!({ "alg": "none" }), &good),
        partner.signer.sign(&json!({ "alg": "ES256", "kid": "one", "jwk": stranger.jwk(None) }), &good).replace('.', ".."),
        "a.b.c".to_owned(),
    ] {
        assert_refused(&partner.ask(&forged).await, 400, "invalid_grant");
    }
}

#[actix_web::test]
async fn tk_10_what_an_operator_turns_off_counts_no_more() {
    let partner = Partner::new().await;
    let store = &partner.world.app.state.signin.store;

    store.set_trusted_issuer_disabled(partner.issuer, true).await.expect("disabled");
    assert_refused(&partner.ask(&partner.sign(&partner.claims())).await, 400, "invalid_grant");
    store.set_trusted_issuer_disabled(partner.issuer, false).await.expect("enabled");
    partner.world.app.execute("UPDATE users SET disabled_at = '2026-11-20 12:00:00'");
    assert_refused(&partner.ask(&partner.sign(&partner.claims())).await, 400, "invalid_grant");
}

#[actix_web::test]
async fn tk_10_the_two_kinds_of_assertion_are_not_interchangeable() {
    let partner = Partner::new().await;
    let assertion = partner.sign(&partner.claims());

    let kind = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    let request = partner.world.app.browser().request(reqwest::Method::POST, "/oauth/token");
    let page = Page::read(request.form(&[("grant_type", "client_credentials"), kind, ("client_assertion", &assertion)])).await;

    assert_refused(&page, 401, "invalid_client");
}

#[actix_web::test]
async fn tk_10_the_clock_may_differ_by_a_minute() {
    let partner = Partner::new().await;
    let assertion = partner.sign(&partner.claims());

    partner.world.app.clock.advance(Duration::from_secs(179));

    assert_eq!(partner.ask(&assertion).await.status, 200);
}
