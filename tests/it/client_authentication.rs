//! Who a client is at the token endpoint, over real HTTP (RFC 6749 §2.3, RFC 7523 §2.2).

use genkan::domain::client::{AssertionAlgorithm, Client, ClientAuthentication, Grant};
use genkan::issuer::client_auth::ASSERTION_TYPE;
use genkan::issuer::registration::Draft;
use jsonwebtoken::{EncodingKey, Header};
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::issuer::world::{SECRET, register};
use super::support::app::TestApp;
use super::support::browser::Page;
use super::support::logs;
use super::support::signer::Signer;

/// A client that speaks for itself, and how it proves who it is.
async fn client_with(app: &TestApp, authentication: ClientAuthentication) -> Client {
    register(app, |client| client.metadata.authentication = authentication).await
}

/// Asks for a token with these fields, and perhaps a header.
async fn ask(app: &TestApp, basic: Option<(&str, &str)>, fields: &[(&str, &str)]) -> Page {
    let form: Vec<_> = [("grant_type", "client_credentials")].iter().chain(fields).copied().collect();
    let request = app.browser().request(Method::POST, "/oauth/token").form(&form);
    Page::read(match basic {
        Some((id, secret)) => request.basic_auth(id, Some(secret)),
        None => request,
    })
    .await
}

#[track_caller]
fn assert_refused(page: &Page, status: u16, error: &str) {
    assert_eq!((page.status, &page.json()["error"]), (status, &json!(error)), "{page:?}");
    assert_eq!(page.header("cache-control"), "no-store");
    if status == 401 {
        assert!(page.header("www-authenticate").starts_with("Basic"), "{page:?}");
    }
}

#[actix_web::test]
async fn tk_06_a_client_is_who_it_proves_in_the_registered_way_and_no_other() {
    let app = TestApp::spawn().await;
    let basic = client_with(&app, ClientAuthentication::ClientSecretBasic).await;
    let post = client_with(&app, ClientAuthentication::ClientSecretPost).await;
    let (basic, post) = (basic.id.as_str(), post.id.as_str());

    assert_eq!(ask(&app, Some((basic, &encode(SECRET))), &[]).await.status, 200);
    assert_eq!(ask(&app, Some((basic, &encode(SECRET))), &[("client_id", basic)]).await.status, 200);
    assert_eq!(ask(&app, None, &[("client_id", post), ("client_secret", SECRET)]).await.status, 200);
    for (header, fields) in [
        (Some((basic, "wrong")), vec![]),
        (Some((basic, "")), vec![]),
        (Some(("app-22222222222222222222", SECRET)), vec![]),
        (Some(("", "")), vec![]),
        (Some((post, SECRET)), vec![]),
        (None, vec![("client_id", basic), ("client_secret", SECRET)]),
        (None, vec![("client_id", post), ("client_secret", "wrong")]),
        (None, vec![("client_id", post)]),
        (None, vec![("client_secret", SECRET)]),
        (None, vec![]),
    ] {
        assert_refused(&ask(&app, header, &fields).await, 401, "invalid_client");
    }
}

#[actix_web::test]
async fn tk_06_more_than_one_way_at_once_is_no_request() {
    let app = TestApp::spawn().await;
    let client = client_with(&app, ClientAuthentication::ClientSecretBasic).await;
    let header = Some((client.id.as_str(), SECRET));
    for fields in [
        vec![("client_secret", SECRET)],
        vec![("client_assertion", "a.b.c"), ("client_assertion_type", ASSERTION_TYPE)],
        vec![("client_id", "app-22222222222222222222")],
        vec![("client_id", client.id.as_str()), ("client_id", client.id.as_str())],
    ] {
        assert_refused(&ask(&app, header, &fields).await, 400, "invalid_request");
    }
    let unknown = [("client_assertion", "a.b.c"), ("client_assertion_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")];
    assert_refused(&ask(&app, None, &unknown).await, 400, "invalid_request");
}

#[actix_web::test]
async fn tk_14_a_disabled_client_is_nobody_and_the_log_says_why() {
    let app = TestApp::spawn().await;
    let client = register(&app, |client| client.disabled_at = Some(client.created_at)).await;

    assert_refused(&ask(&app, Some((client.id.as_str(), &encode(SECRET))), &[]).await, 401, "invalid_client");

    let told = logs::with("client", client.id.as_str());
    assert_eq!((told[0].field("event"), told[0].field("reason")), ("client_refused", "disabled"));
    assert!(!logs::all_text().contains(SECRET));
}

#[actix_web::test]
async fn si_05_wrong_secrets_are_counted_and_lock_nobody_out() {
    let app = TestApp::with(|config| config.throttle.per_address = 2).await;
    let client = client_with(&app, ClientAuthentication::ClientSecretBasic).await;
    let id = client.id.as_str();
    for status in [401, 401, 429, 429] {
        let refused = ask(&app, Some((id, "wrong")), &[]).await;
        assert_eq!(refused.status, status, "{refused:?}");
        assert_eq!(refused.header("retry-after").is_empty(), status == 401, "{refused:?}");
    }

    assert_eq!(ask(&app, Some((id, &encode(SECRET))), &[]).await.status, 200, "who knows the secret is let in");
}

#[actix_web::test]
async fn tk_13_without_the_database_no_client_is_anybody() {
    let app = TestApp::spawn().await;
    let client = client_with(&app, ClientAuthentication::ClientSecretBasic).await;
    app.break_database();

    let refused = ask(&app, Some((client.id.as_str(), &encode(SECRET))), &[]).await;

    assert!(refused.status >= 500, "{refused:?}");
}

/// Claims of a client about itself, as they should be, with `change` made to them.
fn claims(app: &TestApp, client: &Client, jti: &str, change: impl FnOnce(&mut Value)) -> Value {
    let now = app.clock.now().timestamp();
    let audience = format!("{}/oauth/token", app.state.issuer.identifier());
    let mut claims =
        json!({ "iss": client.id.as_str(), "sub": client.id.as_str(), "aud": audience, "exp": now + 60, "iat": now, "jti": jti });
    change(&mut claims);
    claims
}

async fn assert_by(app: &TestApp, token: &str) -> Page {
    ask(app, None, &[("client_assertion", token), ("client_assertion_type", ASSERTION_TYPE)]).await
}

async fn client_with_key(app: &TestApp, signer: &Signer) -> Client {
    let jwks = json!({ "keys": [signer.jwk(Some("one"))] });
    register(app, |client| {
        client.metadata.authentication = ClientAuthentication::PrivateKeyJwt;
        client.metadata.assertion_algorithm = Some(AssertionAlgorithm::Es256);
        client.metadata.jwks = Some(jwks);
    })
    .await
}

#[actix_web::test]
async fn tk_06_a_private_key_proves_a_client_once_for_us_and_now() {
    let app = TestApp::spawn().await;
    let (signer, stranger) = (Signer::new(), Signer::new());
    let client = client_with_key(&app, &signer).await;
    let header = json!({ "alg": "ES256", "kid": "one", "typ": "JWT" });
    let issuer = app.state.issuer.identifier();
    let now = app.clock.now().timestamp();

    for (jti, audience) in [("1", json!(issuer)), ("2", json!([issuer])), ("3", json!(format!("{issuer}/oauth/token")))] {
        let token = signer.sign(&header, &claims(&app, &client, jti, |claims| claims["aud"] = audience));
        let page = assert_by(&app, &token).await;
        assert_eq!(page.status, 200, "{page:?}");
        assert_refused(&assert_by(&app, &token).await, 401, "invalid_client");
    }
    let changes: [(&str, Value); 14] = [
        ("iss", json!("https://other.example")),
        ("sub", json!("app-22222222222222222222")),
        ("aud", json!("https://other.example/oauth/token")),
        ("aud", json!([issuer, "https://other.example"])),
        ("aud", json!([])),
        ("aud", json!(format!("{issuer}/"))),
        ("exp", json!(now - 61)),
        ("exp", json!(now + 7200)),
        ("exp", Value::Null),
        ("nbf", json!(now + 120)),
        ("iat", json!(now + 120)),
        ("jti", json!("")),
        ("jti", Value::Null),
        ("jti", json!(7)),
    ];
    for (number, (name, value)) in changes.into_iter().enumerate() {
        let bad = claims(&app, &client, &format!("bad {number}"), |claims| claims[name] = value.clone());
        let page = assert_by(&app, &signer.sign(&header, &bad)).await;
        assert_eq!(page.status, 401, "{name} {value}: {page:?}");
    }
    let good = |jti: &str| claims(&app, &client, jti, |_| {});
    for token in [
        stranger.sign(&header, &good("a")),
        signer.sign(&json!({ "alg": "ES256", "kid": "two" }), &good("b")),
        signer.sign(&json!({ "alg": "none" }), &good("c")),
        signer.sign(&json!({ "alg": "HS256", "kid": "one" }), &good("d")),
        signer.sign(&json!({ "alg": "ES256", "kid": "one", "typ": "at+jwt" }), &good("e")),
        signer.sign(&json!({ "alg": "ES256", "kid": "one", "crit": ["x"], "x": 1 }), &good("f")),
        signer.sign(&json!({ "alg": "ES256", "jwk": stranger.jwk(None) }), &good("g")).replace('.', ".."),
        "a.b.c".to_owned(),
    ] {
        assert_refused(&assert_by(&app, &token).await, 401, "invalid_client");
    }
}

#[actix_web::test]
async fn tk_06_of_parallel_uses_of_an_assertion_one_counts() {
    let app = TestApp::spawn().await;
    let signer = Signer::new();
    let client = client_with_key(&app, &signer).await;
    let token = signer.sign(&json!({ "alg": "ES256", "kid": "one" }), &claims(&app, &client, "once", |_| {}));

    let answers = futures_util::future::join_all((0..8).map(|_| assert_by(&app, &token))).await;

    assert_eq!(answers.iter().filter(|page| page.status == 200).count(), 1, "{answers:?}");
}

#[actix_web::test]
async fn tk_10_an_assertion_of_a_grant_and_one_of_a_client_do_not_take_each_others_place() {
    let app = TestApp::spawn().await;
    let signer = Signer::new();
    let client = client_with_key(&app, &signer).await;
    let header = json!({ "alg": "ES256", "kid": "one" });
    let about_itself = |jti: &str| signer.sign(&header, &claims(&app, &client, jti, |_| {}));
    let grant = [("grant_type", Grant::JwtBearer.as_str()), ("client_assertion_type", ASSERTION_TYPE)];
    let (proof, assertion) = (about_itself("1"), about_itself("2"));
    let fields: Vec<_> = grant.into_iter().chain([("client_assertion", proof.as_str()), ("assertion", assertion.as_str())]).collect();

    let refused = Page::read(app.browser().request(Method::POST, "/oauth/token").form(&fields)).await;

    assert_refused(&refused, 400, "invalid_grant");
}

#[actix_web::test]
async fn tk_06_a_secret_that_signs_is_known_to_nobody_who_reads_the_rows() {
    let app = TestApp::spawn().await;
    let draft = Draft {
        name: "Tea House".to_owned(),
        authentication: ClientAuthentication::ClientSecretJwt,
        grants: [Grant::ClientCredentials].into(),
        scopes: "tea:pour".to_owned(),
        ..Draft::default()
    };
    let made = app.state.issuer.register_client(None, &draft).await.expect("a client");
    let (client, secret) = (made.client, made.secret.expect("a secret"));
    let sign = |jti: &str, key: &str| {
        let key = EncodingKey::from_secret(key.as_bytes());
        jsonwebtoken::encode(&Header::default(), &claims(&app, &client, jti, |_| {}), &key).expect("a token")
    };

    assert_eq!(assert_by(&app, &sign("1", secret.expose_secret())).await.status, 200);
    assert_refused(&assert_by(&app, &sign("2", "another secret")).await, 401, "invalid_client");
    let rows = app.state.issuer.store.find_client_with_secrets(&client.id, app.clock.now()).await.expect("a query").expect("a client");
    assert!(rows.secrets[0].sealed.is_some());
    assert!(!format!("{rows:?}").contains(secret.expose_secret()));
    assert_refused(&assert_by(&app, &sign("3", &rows.secrets[0].hash)).await, 401, "invalid_client");
    let as_basic = ask(&app, Some((client.id.as_str(), secret.expose_secret())), &[]).await;
    assert_refused(&as_basic, 401, "invalid_client");
}

/// Encodes a half of the credentials (RFC 6749 §2.3.1).
fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
