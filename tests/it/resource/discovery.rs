//! What the issuer says of itself, and its public keys.

use reqwest::Method;
use serde_json::Value;

use crate::issuer::world::World;
use crate::support::app::TestApp;
use crate::support::browser::Page;

const METADATA: [&str; 2] = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

#[actix_web::test]
async fn ky_01_the_issuer_is_the_public_address_to_the_letter_in_both_documents() {
    let app = TestApp::spawn().await;

    let [openid, oauth] = [app.browser().open(METADATA[0]).await, app.browser().open(METADATA[1]).await];

    assert_eq!(openid.json(), oauth.json());
    assert_eq!(openid.json()["issuer"], app.address(""));
    assert!(openid.header("content-type").starts_with("application/json"));
    let algorithms = openid.json()["id_token_signing_alg_values_supported"].clone();
    assert!(algorithms.as_array().expect("a list").contains(&"RS256".into()), "{algorithms}");
}

#[actix_web::test]
async fn ky_01_every_address_that_is_listed_is_there() {
    let app = TestApp::spawn().await;
    let metadata = app.browser().open(METADATA[0]).await.json();
    let listed = metadata.as_object().expect("an object").iter().filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri");

    for (name, address) in listed {
        let path = address.as_str().and_then(|address| address.strip_prefix(&app.address(""))).expect("an address of ours");
        let page = app.browser().open(path).await;
        assert!(page.status != 404, "{name}: {page:?}");
    }
}

#[actix_web::test]
async fn ky_01_nothing_is_listed_that_is_switched_off() {
    let open = TestApp::with(|config| (config.issuer.password_grant, config.issuer.dynamic_registration) = (false, false)).await;
    let closed = TestApp::with(|config| config.issuer.enabled = false).await;

    let metadata = open.browser().open(METADATA[0]).await.json();

    assert!(metadata["registration_endpoint"].is_null());
    assert!(!metadata["grant_types_supported"].as_array().expect("a list").contains(&"password".into()));
    for path in [METADATA[0], METADATA[1], "/.well-known/jwks.json", "/oauth/userinfo"] {
        assert_eq!(closed.browser().open(path).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn ky_02_the_key_set_has_public_halves_with_unique_names() {
    let app = TestApp::spawn().await;

    let page = app.browser().open("/.well-known/jwks.json").await;

    let keys = page.json()["keys"].as_array().expect("a list").clone();
    let of = |name: &str| keys.iter().map(|key| key[name].as_str().expect("a text").to_owned()).collect::<Vec<_>>();
    assert_eq!((of("alg"), of("kty")), (vec!["ES256".to_owned(), "RS256".to_owned()], vec!["EC".to_owned(), "RSA".to_owned()]));
    assert_ne!(of("kid")[0], of("kid")[1]);
    for private in ["d", "p", "q", "dp", "dq", "qi"] {
        assert!(keys.iter().all(|key| key.get(private).is_none()), "{private}");
    }
}

#[actix_web::test]
async fn what_is_known_already_is_not_sent_again() {
    let app = TestApp::spawn().await;
    for path in [METADATA[0], "/.well-known/jwks.json"] {
        let page = app.browser().open(path).await;
        assert_eq!(page.header("cache-control"), "public, max-age=300");

        let tag = page.header("etag").to_owned();
        let again = Page::read(app.browser().request(Method::GET, path).header("if-none-match", format!("\"x\", W/{tag}"))).await;

        assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", tag.as_str()));
    }
}

#[actix_web::test]
async fn wb_06_scripts_of_other_origins_read_metadata_keys_userinfo_and_tokens_and_nothing_else() {
    let app = TestApp::spawn().await;
    let asked = async |method: Method, path: &str| {
        let request = app.browser().request(method, path).header("origin", "https://spa.example");
        let page = Page::read(request).await;
        assert_eq!(page.header("access-control-allow-credentials"), "", "{path}");
        page.header("access-control-allow-origin").to_owned()
    };

    for path in [METADATA[0], METADATA[1], "/.well-known/jwks.json", "/oauth/userinfo"] {
        assert_eq!(asked(Method::GET, path).await, "*", "{path}");
        assert_eq!(asked(Method::OPTIONS, path).await, "*", "{path}");
    }
    assert_eq!((asked(Method::POST, "/oauth/token").await, asked(Method::OPTIONS, "/oauth/token").await), ("*".into(), "*".into()));
    for (method, path) in [
        (Method::GET, "/oauth/authorize"),
        (Method::GET, "/api/me"),
        (Method::GET, "/api/verify"),
        (Method::POST, "/oauth/par"),
        (Method::OPTIONS, "/oauth/par"),
        (Method::POST, "/oauth/device_authorization"),
        (Method::OPTIONS, "/oauth/device_authorization"),
        (Method::POST, "/oauth/introspect"),
        (Method::POST, "/oauth/revoke"),
        (Method::GET, "/login"),
    ] {
        assert_eq!(asked(method, path).await, "", "{path}");
    }
}

#[actix_web::test]
async fn cf_01_an_id_token_says_what_the_profile_wants() {
    let world = World::new().await;

    let tokens = world.tokens("openid profile").await;

    let token = tokens["id_token"].as_str().expect("an ID Token");
    let claims: Value = crate::issuer::world::claims(token);
    assert_eq!((claims["iss"].as_str(), claims["aud"].as_str()), (Some(world.app.address("").as_str()), Some(world.client.id.as_str())));
    assert_eq!(claims["nonce"], "the nonce");
    for name in ["sub", "exp", "iat", "auth_time", "at_hash", "sid"] {
        assert!(!claims[name].is_null(), "{name}: {claims}");
    }
    let header = jsonwebtoken::decode_header(token).expect("a header");
    assert_eq!((header.alg, header.typ.as_deref()), (jsonwebtoken::Algorithm::RS256, Some("JWT")));
}
