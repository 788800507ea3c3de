//! Every way in which a proof can be wrong (RFC 9449 §4.3).

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Holder, TOKEN, bare};
use crate::issuer::world::assert_refused;
use crate::support::logs;
use crate::support::signer::Signer;

/// Returns an object with one member changed, or, for null, left out.
fn with(object: &Value, name: &str, value: Value) -> Value {
    let mut object = object.clone();
    let members = object.as_object_mut().expect("an object");
    if value.is_null() {
        members.remove(name)
    } else {
        members.insert(name.to_owned(), value)
    };
    object
}

#[actix_web::test]
async fn tk_08_dpop_a_proof_binds_the_token_to_its_key() {
    let holder = Holder::new().await;

    let page = holder.client_credentials(&[&holder.proof(TOKEN)]).await;

    assert_eq!((page.status, page.json()["token_type"].as_str()), (200, Some("DPoP")), "{page:?}");
    let token = page.json()["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(crate::issuer::world::claims(&token)["cnf"], json!({ "jkt": holder.jkt() }));
    let told = holder.world.ask("/oauth/introspect", &[("token", &token)]).await.json();
    assert_eq!((&told["token_type"], &told["cnf"]["jkt"]), (&json!("DPoP"), &json!(holder.jkt())), "{told}");
}

#[actix_web::test]
async fn tk_08_dpop_without_a_proof_nothing_changes() {
    let holder = Holder::new().await;

    let page = holder.client_credentials(&[]).await;

    assert_eq!((page.status, page.json()["token_type"].as_str()), (200, Some("Bearer")), "{page:?}");
    assert_eq!(crate::issuer::world::claims(page.json()["access_token"].as_str().expect("a token")).get("cnf"), None);
}

#[actix_web::test]
async fn tk_08_dpop_whatever_a_proof_says_wrongly_it_is_refused() {
    let holder = Holder::new().await;
    let now = holder.world.app.clock.now().timestamp();
    for (name, value) in [
        ("htm", json!("GET")),
        ("htm", json!("post")),
        ("htm", Value::Null),
        ("htu", json!(holder.address("/oauth/par"))),
        ("htu", json!(holder.address("/oauth/token/"))),
        ("htu", json!(holder.address(TOKEN).replace("http:", "https:"))),
        ("htu", json!(holder.address(TOKEN).replace("127.0.0.1", "localhost"))),
        ("htu", json!(holder.address(TOKEN).replace("127.", "a@127."))),
        ("htu", json!(holder.address(TOKEN).replace("/oauth", "\\oauth"))),
        ("htu", json!(format!(" {}", holder.address(TOKEN)))),
        ("htu", json!("/oauth/token")),
        ("htu", json!("")),
        ("htu", Value::Null),
        ("iat", json!(now - 151)),
        ("iat", json!(now + 91)),
        ("iat", json!(i64::MAX)),
        ("iat", json!(i64::MIN)),
        ("iat", json!(now.to_string())),
        ("iat", Value::Null),
        ("exp", json!(now - 90)),
        ("nbf", json!(now + 91)),
        ("jti", json!("")),
        ("jti", json!("a".repeat(257))),
        ("jti", json!(1)),
        ("jti", Value::Null),
    ] {
        let page = holder.client_credentials(&[&holder.sign(&with(&holder.claims("POST", TOKEN), name, value.clone()))]).await;
        assert_refused(&page, 400, "invalid_dpop_proof");
    }
}

#[actix_web::test]
async fn tk_08_dpop_whatever_is_wrong_with_the_header_it_is_refused() {
    let holder = Holder::new().await;
    let (good, jwk) = (holder.header(), holder.jwk());
    let x = jwk["x"].as_str().expect("a coordinate").to_owned();
    for header in [
        with(&good, "typ", json!("JWT")),
        with(&good, "typ", json!("at+jwt")),
        with(&good, "typ", Value::Null),
        with(&good, "alg", json!("none")),
        with(&good, "alg", json!("HS256")),
        with(&good, "alg", json!("ES384")),
        with(&good, "alg", json!("RS256")),
        with(&good, "alg", json!("es256")),
        with(&good, "alg", Value::Null),
        with(&good, "crit", json!(["b64"])),
        with(&good, "crit", json!([])),
        with(&good, "jwk", Value::Null),
        with(&good, "jwk", json!("key")),
        with(&good, "jwk", bare(&Signer::new())),
        with(&good, "jwk", with(&jwk, "d", json!("AAAA"))),
        with(&good, "jwk", with(&jwk, "k", json!("AAAA"))),
        with(&good, "jwk", json!({ "kty": "oct", "k": "c2VjcmV0" })),
        with(&good, "jwk", with(&jwk, "use", json!("enc"))),
        with(&good, "jwk", with(&jwk, "alg", json!("ES384"))),
        with(&good, "jwk", with(&jwk, "key_ops", json!(["encrypt"]))),
        with(&good, "jwk", with(&jwk, "crv", json!("P-384"))),
        with(&good, "jwk", with(&jwk, "x", json!(format!("{x}=")))),
        with(&good, "jwk", with(&jwk, "x", json!(format!("AA{x}")))),
        with(&good, "jwk", with(&jwk, "x", json!(x.replace(|c: char| c.is_ascii_alphabetic(), "A")))),
    ] {
        let page = holder.client_credentials(&[&holder.signer.sign(&header, &holder.claims("POST", TOKEN))]).await;
        assert_refused(&page, 400, "invalid_dpop_proof");
    }
}

#[actix_web::test]
async fn tk_08_dpop_what_is_no_single_signed_proof_is_refused() {
    let holder = Holder::new().await;
    let (good, another) = (holder.proof(TOKEN), holder.proof(TOKEN));
    let unsigned = &good[..=good.rfind('.').expect("a signature")];
    let changed: String =
        good.chars().rev().enumerate().map(|(at, c)| if at == 20 { if c == 'A' { 'B' } else { 'A' } } else { c }).collect();
    let changed: String = changed.chars().rev().collect();
    let long = holder.sign(&with(&holder.claims("POST", TOKEN), "more", json!("a".repeat(6_000))));
    let twice = holder.signer.sign(&holder.header(), &json!("{}"));
    let joined = format!("{good}, {another}");

    for proofs in [
        &[""][..],
        &["a.b.c"],
        &[unsigned],
        &[&changed],
        &[&good.replace('.', "..")],
        &[&format!("{good}=")],
        &[&joined],
        &[&good, &another],
        &[&long],
        &[&twice],
    ] {
        assert_refused(&holder.client_credentials(proofs).await, 400, "invalid_dpop_proof");
    }
    assert_eq!(holder.client_credentials(&[&good]).await.status, 200, "none of that used it up");
}

#[actix_web::test]
async fn tk_08_dpop_an_address_is_read_as_addresses_are() {
    let holder = Holder::new().await;
    for htu in [holder.address("/oauth/token?x=1#y"), holder.address("/oauth/./token"), holder.address(TOKEN).replace("http:", "HTTP:")] {
        let page = holder.client_credentials(&[&holder.sign(&with(&holder.claims("POST", TOKEN), "htu", json!(htu)))]).await;
        assert_eq!(page.status, 200, "{htu}: {page:?}");
    }
}

#[actix_web::test]
async fn dp_04_dpop_clocks_may_differ_by_ninety_seconds() {
    let holder = Holder::new().await;
    let now = holder.world.app.clock.now().timestamp();
    for iat in [now - 150, now + 90] {
        let page = holder.client_credentials(&[&holder.sign(&with(&holder.claims("POST", TOKEN), "iat", json!(iat)))]).await;
        assert_eq!(page.status, 200, "{iat}: {page:?}");
    }
}

#[actix_web::test]
async fn tk_08_dpop_a_proof_counts_once_for_as_long_as_it_could_count() {
    let holder = Holder::new().await;
    let proof = holder.sign(&with(&holder.claims("POST", TOKEN), "iat", json!(holder.world.app.clock.now().timestamp() + 90)));
    assert_eq!(holder.client_credentials(&[&proof]).await.status, 200);

    holder.world.app.clock.advance(Duration::from_secs(239));
    holder.world.app.state.signin.store.delete_expired(holder.world.app.clock.now()).await.expect("expiry");

    assert_refused(&holder.client_credentials(&[&proof]).await, 400, "invalid_dpop_proof");
}

#[actix_web::test]
async fn lg_05_dpop_replays_and_refusals_are_events_of_their_own() {
    logs::capture();
    let holder = Holder::new().await;
    let client = holder.world.client.id.to_string();
    let proof = holder.proof(TOKEN);
    holder.client_credentials(&[&proof]).await;

    holder.client_credentials(&[&proof]).await;
    holder.client_credentials(&[&holder.proof("/oauth/par")]).await;

    let lines = logs::with("client", &client);
    let of = |event: &str| lines.iter().filter(|line| line.field("event") == event).collect::<Vec<_>>();
    assert_eq!((of("dpop_proof_replayed").len(), of("dpop_proof_replayed")[0].level), (1, log::Level::Warn), "{lines:?}");
    assert_eq!((of("dpop_proof_refused").len(), of("dpop_proof_refused")[0].field("reason")), (1, "address"), "{lines:?}");
    assert!(!logs::all_text().contains(&proof[..40]), "a proof stands in the log");
}

#[actix_web::test]
async fn db_01_dpop_of_parallel_uses_of_a_proof_one_counts() {
    let holder = Holder::new().await;
    let proof = holder.proof(TOKEN);
    let proofs = [proof.as_str()];

    let answers = join_all((0..6).map(|_| holder.client_credentials(&proofs))).await;

    assert_eq!(answers.iter().filter(|page| page.status == 200).count(), 1, "{answers:?}");
}

#[actix_web::test]
async fn tk_08_dpop_nobody_uses_up_the_proofs_of_another_key() {
    let (holder, stranger) = (Holder::new().await, Signer::new());
    let claims = holder.claims("POST", TOKEN);
    let theirs = stranger.sign(&json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": bare(&stranger) }), &claims);
    assert_eq!(holder.client_credentials(&[&theirs]).await.status, 200);

    assert_eq!(holder.client_credentials(&[&holder.sign(&claims)]).await.status, 200);
}

#[actix_web::test]
async fn tk_13_dpop_a_failing_database_takes_no_proof() {
    let holder = Holder::new().await;
    holder.world.app.execute("DROP TABLE spent_values");

    let page = holder.client_credentials(&[&holder.proof(TOKEN)]).await;

    assert_eq!((page.status, page.json()["error"].as_str()), (503, Some("temporarily_unavailable")), "{page:?}");
}
