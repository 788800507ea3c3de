//! ID Tokens: one valid, and every way of being wrong.

use serde_json::{Value, json};

use super::server::Reply;
use super::world::{CLIENT_ID, Key, NOW, World, encode, keys};
use crate::provider::{Endpoint, Fault};

/// Identifies with this ID Token and names the fault of the ID Token, if any.
async fn fault_of(world: &World, id_token: &str) -> Option<Fault> {
    world.server.set("/token", [Reply::json(200, &World::tokens_with(id_token))]);
    let error = world.identify().await.err()?;
    assert_eq!(error.endpoint, Endpoint::IdToken, "{error}");
    Some(error.fault)
}

/// Changes claims of the valid token; null takes one away.
fn change(world: &World, changes: &Value) -> Value {
    let mut claims = world.claims();
    for (name, value) in changes.as_object().expect("an object of changes") {
        if value.is_null() {
            claims.as_object_mut().expect("claims").remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

async fn check_claims(rows: impl IntoIterator<Item = (Value, Option<Fault>)>) {
    let world = World::start();
    for (changes, fault) in rows {
        let token = world.key.sign(&change(&world, &changes));

        assert_eq!(fault_of(&world, &token).await, fault, "{changes}");
    }
}

#[tokio::test]
async fn so_06_issuer_and_audience_are_exact() {
    let world = World::start();
    check_claims([
        (json!({"iss": "https://idp.example"}), Some(Fault::IssuerMismatch)),
        (json!({"iss": format!("{}/", world.issuer)}), Some(Fault::IssuerMismatch)),
        (json!({"iss": ["x"]}), Some(Fault::Malformed)),
        (json!({"iss": null}), Some(Fault::Malformed)),
        (json!({"aud": "someone-else"}), Some(Fault::AudienceMismatch)),
        (json!({"aud": [CLIENT_ID, "other"]}), Some(Fault::AudienceMismatch)),
        (json!({"aud": [CLIENT_ID, "other"], "azp": CLIENT_ID}), Some(Fault::AudienceMismatch)),
        (json!({"aud": [CLIENT_ID], "azp": "other"}), Some(Fault::AudienceMismatch)),
        (json!({"aud": CLIENT_ID, "azp": 7}), Some(Fault::AudienceMismatch)),
        (json!({"aud": ["Client"]}), Some(Fault::AudienceMismatch)),
        (json!({"aud": []}), Some(Fault::Malformed)),
        (json!({"aud": null}), Some(Fault::Malformed)),
        (json!({"aud": [CLIENT_ID], "azp": CLIENT_ID}), None),
    ])
    .await;
}

#[tokio::test]
async fn so_06_times_have_a_leeway_of_a_minute() {
    check_claims([
        (json!({"exp": NOW - 59}), None),
        (json!({"exp": NOW - 60}), Some(Fault::Expired)),
        (json!({"exp": null}), Some(Fault::Malformed)),
        (json!({"exp": "2030-01-01"}), Some(Fault::Malformed)),
        (json!({"exp": 1_795_176_300.5}), None),
        (json!({"iat": NOW + 60}), None),
        (json!({"iat": NOW + 61}), Some(Fault::FromFuture)),
        (json!({"iat": NOW - 3660}), None),
        (json!({"iat": NOW - 3661}), Some(Fault::Expired)),
        (json!({"iat": null}), Some(Fault::Malformed)),
        (json!({"iat": true}), Some(Fault::Malformed)),
        (json!({"nbf": NOW + 60}), None),
        (json!({"nbf": NOW + 600}), Some(Fault::FromFuture)),
        (json!({"nbf": "soon"}), Some(Fault::Malformed)),
    ])
    .await;
}

#[tokio::test]
async fn so_06_nonce_hashes_and_subject_are_those_of_this_attempt() {
    check_claims([
        (json!({"nonce": null}), Some(Fault::NonceMissing)),
        (json!({"nonce": "other"}), Some(Fault::NonceMismatch)),
        (json!({"nonce": ["the-nonce"]}), Some(Fault::NonceMismatch)),
        (json!({"at_hash": "AAAA"}), Some(Fault::HashMismatch)),
        (json!({"at_hash": 7}), Some(Fault::HashMismatch)),
        (json!({"at_hash": null}), None),
        (json!({"c_hash": "AAAA"}), Some(Fault::HashMismatch)),
        (json!({"sub": null}), Some(Fault::SubjectMissing)),
        (json!({"sub": ""}), Some(Fault::SubjectMissing)),
        (json!({"sub": 7}), Some(Fault::SubjectMissing)),
        (json!({"sub": "a".repeat(256)}), Some(Fault::SubjectMissing)),
        (json!({"sub": "a".repeat(255)}), None),
        (json!({"updated_at": "2020-01-01T00:00:00Z", "address": "text", "locale": 7, "email_verified": "true"}), None),
    ])
    .await;
}

#[tokio::test]
async fn so_05_the_signature_is_verified_before_any_claim_counts() {
    let world = World::start();
    let forged = Key::ec("ec").sign(&change(&world, &json!({"nonce": "other", "aud": "other"})));

    assert_eq!(fault_of(&world, &forged).await, Some(Fault::SignatureInvalid));

    let valid = world.key.sign(&world.claims());
    let (header, rest) = valid.split_once('.').expect("three parts");
    let (_, signature) = rest.split_once('.').expect("three parts");
    let changed = format!("{header}.{}.{signature}", encode(&change(&world, &json!({"sub": "admin"}))));
    assert_eq!(fault_of(&world, &changed).await, Some(Fault::SignatureInvalid));
    assert_eq!(fault_of(&world, &format!("{header}.{}.", encode(&world.claims()))).await, Some(Fault::SignatureInvalid));
}

#[tokio::test]
async fn so_05_only_listed_algorithms_count_and_never_none_or_a_mac() {
    let world = World::start();
    for (algorithm, fault) in [
        (json!("none"), Fault::AlgorithmUnexpected),
        (json!("HS256"), Fault::AlgorithmUnexpected),
        (json!("ES512"), Fault::AlgorithmUnexpected),
        (json!("PS256"), Fault::AlgorithmUnexpected),
        (json!("es256"), Fault::AlgorithmUnexpected),
        (json!("RSA1_5"), Fault::AlgorithmUnexpected),
        (json!("RS256"), Fault::KeyUnknown),
        (Value::Null, Fault::Malformed),
    ] {
        let mut header = world.key.header();
        header["alg"] = algorithm.clone();

        let token = world.key.sign_with(&header, &world.claims());

        assert_eq!(fault_of(&world, &token).await, Some(fault), "{algorithm}");
    }
}

#[tokio::test]
async fn so_05_keys_and_extensions_in_the_header_are_not_taken() {
    let world = World::start();
    let attacker = Key::ec("ec");
    for (name, value, fault) in [
        ("jwk", attacker.jwk(), Fault::SignatureInvalid),
        ("jku", json!("https://evil.example/jwks"), Fault::SignatureInvalid),
        ("x5u", json!("https://evil.example/cert"), Fault::SignatureInvalid),
        ("crit", json!(["b64"]), Fault::Malformed),
        ("crit", json!([]), Fault::Malformed),
        ("typ", json!("at+jwt"), Fault::Malformed),
        ("kid", json!(7), Fault::Malformed),
    ] {
        let mut header = attacker.header();
        header[name] = value.clone();

        assert_eq!(fault_of(&world, &attacker.sign_with(&header, &world.claims())).await, Some(fault), "{name}: {value}");
    }
}

#[tokio::test]
async fn so_06_what_is_no_signed_token_is_malformed() {
    let world = World::start();
    let valid = world.key.sign(&world.claims());
    let five_parts = format!("{}.a.b.c.d", encode(&json!({"alg": "RSA-OAEP", "enc": "A256GCM"})));
    let list = world.key.sign(&json!(["sub"]));
    let padded = format!("{valid}==");
    for token in ["x", "a.b", "..", "a.b.c", &five_parts, &list, &padded, &format!("{valid}.x"), &format!(" {valid}")] {
        assert_eq!(fault_of(&world, token).await, Some(Fault::Malformed), "{token}");
    }
}

#[tokio::test]
async fn so_05_keys_of_other_kinds_and_signatures_of_every_listed_kind_work() {
    let world = World::start();
    let (ec, ed) = (Key::ec("ec-2"), Key::ed("ed"));
    let mut set = keys(&[Key::rsa(), &ec, &ed]);
    let others = [json!({"kty": "oct", "k": "AAAA", "kid": "rsa"}), json!({"kty": "AKP", "alg": "ML-DSA-44", "pub": "x"})];
    set["keys"].as_array_mut().expect("keys").extend(others);
    world.server.set("/jwks", [Reply::json(200, &set)]);

    for key in [Key::rsa(), &ec] {
        assert_eq!(fault_of(&world, &key.sign(&world.claims())).await, None, "{}", key.id);
    }
    let without_hash = change(&world, &json!({"at_hash": null}));
    assert_eq!(fault_of(&world, &ed.sign(&without_hash)).await, None);
}

#[tokio::test]
async fn so_05_a_token_without_key_id_fits_only_if_one_key_can_have_signed_it() {
    let world = World::start();
    let mut header = world.key.header();
    header.as_object_mut().expect("a header").remove("kid");
    let token = world.key.sign_with(&header, &world.claims());

    assert_eq!(fault_of(&world, &token).await, None);
    world.server.set("/jwks", [Reply::json(200, &keys(&[Key::rsa(), &world.key]))]);
    assert_eq!(fault_of(&world, &token).await, None);
    world.server.set("/jwks", [Reply::json(200, &keys(&[&Key::ec("other"), &world.key]))]);
    assert_eq!(fault_of(&world, &token).await, Some(Fault::KeyUnknown));
}

#[tokio::test]
async fn so_05_a_key_for_encryption_signs_nothing() {
    let world = World::start();
    let mut set = keys(&[&world.key]);
    set["keys"][0]["use"] = json!("enc");
    world.server.set("/jwks", [Reply::json(200, &set)]);

    assert_eq!(fault_of(&world, &world.key.sign(&world.claims())).await, Some(Fault::KeyUnknown));
}

#[tokio::test]
async fn so_05_an_rsa_key_below_2048_bits_signs_nothing() {
    let world = World::start();
    // 1024 bits, once with a zero before them.
    for modulus in [vec![0xc5; 128], [vec![0], vec![0xc5; 128]].concat()] {
        let n = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, modulus);
        let weak = json!({ "kty": "RSA", "kid": "weak", "use": "sig", "n": n, "e": "AQAB" });
        world.server.set("/jwks", [Reply::json(200, &json!({ "keys": [weak] }))]);
        let token = format!("{}.{}.{}", encode(&json!({ "alg": "RS256", "kid": "weak" })), encode(&world.claims()), "AAAA".repeat(43));

        assert_eq!(fault_of(&world, &token).await, Some(Fault::KeyUnknown));
    }
}
