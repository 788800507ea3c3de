//! Bound tokens at our own doors (RFC 9449 §7).

use reqwest::Method;
use serde_json::json;

use super::{Holder, bare, text};
use crate::support::browser::Page;
use crate::support::signer::Signer;

const DOORS: [&str; 3] = ["/api/me", "/api/session", "/oauth/userinfo"];

/// Checks status, word and challenges of a refusal; whoever came with a proof is told of nothing else.
#[track_caller]
fn assert_refused(page: &Page, error: &str, challenge: &str) {
    assert_eq!((page.status, page.json()["error"].as_str()), (401, Some(error)), "{page:?}");
    assert!(page.header("www-authenticate").starts_with(challenge), "{page:?}");
    assert!(page.header("www-authenticate").contains(&format!("error=\"{error}\"")), "{page:?}");
}

#[actix_web::test]
async fn tk_08_dpop_a_bound_token_opens_with_a_proof_every_door_once() {
    let holder = Holder::new().await;
    let tokens = holder.tokens().await;
    let token = text(&tokens, "access_token");
    for path in DOORS {
        let proof = holder.proof_for(path, token);

        let page = holder.open(path, &format!("DPoP {token}"), &[&proof]).await;
        assert_eq!(page.status, 200, "{page:?}");
        let again = holder.open(path, &format!("dpop {token}"), &[&proof]).await;
        assert_refused(&again, "invalid_dpop_proof", "DPoP realm=\"genkan\"");
    }
}

#[actix_web::test]
async fn tk_08_dpop_a_bound_token_is_no_bearer_token_anywhere() {
    let holder = Holder::new().await;
    let tokens = holder.tokens().await;
    let token = text(&tokens, "access_token");
    for path in DOORS {
        for proofs in [&[][..], &[&*holder.proof_for(path, token)]] {
            let page = holder.open(path, &format!("Bearer {token}"), proofs).await;
            assert_refused(&page, "invalid_token", "Bearer realm=\"genkan\"");
        }
    }
    let request = holder.world.app.browser().request(Method::POST, "/oauth/userinfo").form(&[("access_token", token)]);
    assert_refused(&Page::read(request).await, "invalid_token", "Bearer realm=\"genkan\"");
}

#[actix_web::test]
async fn tk_08_dpop_an_unbound_token_is_not_taken_with_a_proof() {
    let holder = Holder::new().await;
    let tokens = holder.world.tokens("openid profile").await;
    let token = text(&tokens, "access_token");

    let page = holder.open("/api/me", &format!("DPoP {token}"), &[&holder.proof_for("/api/me", token)]).await;

    assert_refused(&page, "invalid_token", "DPoP realm=\"genkan\"");
    assert_eq!(holder.open("/api/me", &format!("Bearer {token}"), &["nonsense"]).await.status, 200, "nobody asked for that proof");
}

#[actix_web::test]
async fn tk_08_dpop_the_proof_has_to_be_for_this_token_and_this_door() {
    let holder = Holder::new().await;
    let (tokens, others) = (holder.tokens().await, holder.tokens().await);
    let token = text(&tokens, "access_token");
    let good = holder.proof_for("/api/me", token);
    let without_hash = holder.sign(&holder.claims("GET", "/api/me"));
    let mut posted = holder.claims("POST", "/api/me");
    posted["ath"] = json!(genkan::secret::hash_token(token));

    for proofs in [
        &[][..],
        &[&*good, &*good],
        &[&*without_hash],
        &[&*holder.proof_for("/api/me", text(&others, "access_token"))],
        &[&*holder.proof_for("/api/session", token)],
        &[&*holder.sign(&posted)],
    ] {
        let page = holder.open("/api/me", &format!("DPoP {token}"), proofs).await;
        assert_refused(&page, "invalid_dpop_proof", "DPoP realm=\"genkan\"");
    }
    assert_eq!(holder.open("/api/me", &format!("DPoP {token}"), &[&good]).await.status, 200);
}

#[actix_web::test]
async fn tk_08_dpop_a_stolen_token_is_of_no_use_to_another_key() {
    let holder = Holder::new().await;
    let tokens = holder.tokens().await;
    let (token, thief) = (text(&tokens, "access_token"), Signer::new());
    let mut claims = holder.claims("GET", "/api/me");
    claims["ath"] = json!(genkan::secret::hash_token(token));
    let proof = thief.sign(&json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": bare(&thief) }), &claims);

    let page = holder.open("/api/me", &format!("DPoP {token}"), &[&proof]).await;

    assert_refused(&page, "invalid_token", "DPoP realm=\"genkan\"");
}

#[actix_web::test]
async fn tk_08_dpop_who_brings_nothing_hears_of_both_schemes() {
    let holder = Holder::new().await;

    let answer = holder.world.app.browser().request(Method::GET, "/api/me").send().await.expect("an answer");

    let challenges: Vec<_> = answer.headers().get_all("www-authenticate").iter().map(|value| value.to_str().expect("text")).collect();
    assert_eq!(challenges, ["Bearer realm=\"genkan\"", "DPoP realm=\"genkan\", algs=\"ES256 ES384 EdDSA Ed25519 PS256 RS256\""]);
}

#[actix_web::test]
async fn tk_08_dpop_a_bound_token_does_not_pass_behind_a_proxy() {
    let holder = Holder::new().await;
    let page = holder.client_credentials(&[&holder.proof("/oauth/token")]).await.json();
    let (token, path) = (text(&page, "access_token"), "/api/verify?scope=tea:pour&client=true");
    let proof = holder.proof_for("/api/verify", token);

    for (scheme, proofs) in
        [("Bearer", &[][..]), ("Bearer", &[&*proof]), ("DPoP", &[&*proof]), ("DPoP", &[]), ("DPoP", &[&*proof, &*proof])]
    {
        let page = holder.open(path, &format!("{scheme} {token}"), proofs).await;
        assert_refused(&page, "invalid_token", "Bearer realm=\"genkan\"");
        assert_eq!((page.header("x-genkan-reason"), page.header("x-genkan-client")), ("binding", ""), "{page:?}");
    }
    let unbound = holder.client_credentials(&[]).await.json();
    assert_eq!(holder.open(path, &format!("Bearer {}", text(&unbound, "access_token")), &[]).await.status, 200);
}

#[actix_web::test]
async fn wb_06_dpop_scripts_may_send_proofs_and_read_nonces() {
    let holder = Holder::new().await;
    let preflight = holder.world.app.browser().request(Method::OPTIONS, "/oauth/token").header("Origin", "https://app.example");

    let allowed = Page::read(preflight).await;
    let tokens = holder.ask("/oauth/token", &[("grant_type", "client_credentials")], &[]).await;

    assert_eq!(allowed.header("access-control-allow-headers"), "authorization, content-type, dpop");
    assert_eq!(tokens.header("access-control-expose-headers"), "www-authenticate, dpop-nonce");
}

#[actix_web::test]
async fn ky_01_dpop_discovery_lists_the_algorithms() {
    let holder = Holder::new().await;

    let metadata = holder.world.browser.open("/.well-known/oauth-authorization-server").await.json();

    assert_eq!(metadata["dpop_signing_alg_values_supported"], json!(["ES256", "ES384", "EdDSA", "Ed25519", "PS256", "RS256"]));
}
