//! Nonces of the server in proofs (RFC 9449 §8, §9).

use std::time::Duration;

use serde_json::json;

use super::{Holder, TOKEN, text};
use crate::issuer::world::{World, assert_refused, register};
use crate::support::app::TestApp;
use crate::support::signer::Signer;

/// A client of a genkan that wants its nonces.
async fn strict() -> Holder {
    let app = TestApp::with(|config| config.issuer.dpop_nonce = true).await;
    let client = register(&app, |_| {}).await;
    let browser = app.browser_of("hanako").await;
    Holder { world: World { app, client, browser }, signer: Signer::new() }
}

fn proof_with(holder: &Holder, nonce: &str) -> String {
    let mut claims = holder.claims("POST", TOKEN);
    claims["nonce"] = json!(nonce);
    holder.sign(&claims)
}

#[actix_web::test]
async fn tk_08_dpop_a_proof_needs_the_nonce_that_we_gave() {
    let holder = strict().await;

    let first = holder.client_credentials(&[&holder.proof(TOKEN)]).await;
    assert_refused(&first, 400, "use_dpop_nonce");
    let nonce = first.header("dpop-nonce").to_owned();
    let second = holder.client_credentials(&[&proof_with(&holder, &nonce)]).await;
    assert_eq!((second.status, second.header("dpop-nonce")), (200, &*nonce), "{second:?}");
    assert_refused(&holder.client_credentials(&[&proof_with(&holder, "made up")]).await, 400, "use_dpop_nonce");
}

#[actix_web::test]
async fn tk_08_dpop_a_nonce_goes_out_of_date_and_a_new_one_comes_in_time() {
    let holder = strict().await;
    let nonce = holder.client_credentials(&[&holder.proof(TOKEN)]).await.header("dpop-nonce").to_owned();

    holder.world.app.clock.advance(Duration::from_secs(60));
    let next = holder.client_credentials(&[&proof_with(&holder, &nonce)]).await;
    assert_eq!(next.status, 200, "{next:?}");
    assert_ne!(next.header("dpop-nonce"), nonce, "the one for the next request");

    holder.world.app.clock.advance(Duration::from_secs(400));
    assert_refused(&holder.client_credentials(&[&proof_with(&holder, &nonce)]).await, 400, "use_dpop_nonce");
}

#[actix_web::test]
async fn tk_08_dpop_resources_and_pushed_requests_want_it_too() {
    let holder = strict().await;
    let pushed = holder.ask("/oauth/par", &[], &[&holder.proof("/oauth/par")]).await;
    assert_refused(&pushed, 400, "use_dpop_nonce");
    let nonce = pushed.header("dpop-nonce").to_owned();
    let tokens = holder.redeem(&holder.code(&[]).await, &[&proof_with(&holder, &nonce)]).await.json();
    let token = text(&tokens, "access_token");

    for path in ["/api/me", "/api/session", "/oauth/userinfo"] {
        let page = holder.open(path, &format!("DPoP {token}"), &[&holder.proof_for(path, token)]).await;
        assert_eq!((page.status, page.json()["error"].as_str()), (401, Some("use_dpop_nonce")), "{page:?}");
        assert!(page.header("www-authenticate").starts_with("DPoP ") && page.header("dpop-nonce") == nonce, "{page:?}");
        let mut claims = holder.claims("GET", path);
        claims["ath"] = json!(genkan::secret::hash_token(token));
        claims["nonce"] = json!(page.header("dpop-nonce"));
        let page = holder.open(path, &format!("DPoP {token}"), &[&holder.sign(&claims)]).await;
        assert_eq!(page.status, 200, "{page:?}");
    }
}

#[actix_web::test]
async fn tk_08_dpop_replicas_take_the_nonces_of_each_other() {
    let holder = strict().await;
    let nonce = holder.client_credentials(&[&holder.proof(TOKEN)]).await.header("dpop-nonce").to_owned();
    let twin = holder.world.app.twin_with(|config| config.issuer.dpop_nonce = true).await;

    assert_eq!(twin.state.issuer.dpop_nonce(), Some(nonce));
}

#[actix_web::test]
async fn tk_08_dpop_who_wants_no_nonces_gives_none() {
    let holder = Holder::new().await;

    let page = holder.client_credentials(&[&proof_with(&holder, "whatever the client has from elsewhere")]).await;

    assert_eq!((page.status, page.header("dpop-nonce")), (200, ""), "{page:?}");
}
