//! The floor: the least work on the same stack, in a process of its own.

use std::sync::LazyLock;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use askama::Template;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

static SECRET: &[u8] = b"the floor has nothing to protect";
static KEY: LazyLock<DecodingKey> = LazyLock::new(|| DecodingKey::from_secret(SECRET));

static SIGNING: LazyLock<EcdsaKeyPair> = LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"));
static RSA: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).expect("a key"));
/// About as long as a description of an issuer.
static TEXT: LazyLock<web::Bytes> = LazyLock::new(|| web::Bytes::from("{\"constant\":true}".repeat(128)));

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    exp: u64,
}

/// A sign-in page of about the size of ours, with one value to escape.
#[derive(Template)]
#[template(
    source = "<!doctype html><html lang=\"en\"><head><title>Sign in</title></head><body><form method=\"post\"><input type=\"hidden\" value=\"{{ token }}\">{% for _ in 0..40 %}<p>A line of a page that is about as long as ours, with a label and a field.</p>{% endfor %}</form></body></html>",
    ext = "html"
)]
struct FloorPage<'a> {
    token: &'a str,
}

/// Returns a cookie that the floor's `/api/me` takes.
pub fn cookie() -> String {
    let claims = Claims { sub: "floor".to_owned(), exp: u64::from(u32::MAX) };
    let token = encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(SECRET)).expect("a token");
    format!("jwt={token}")
}

/// Serves until it is ended; prints its port first.
pub fn serve() {
    let runtime = actix_web::rt::System::new();
    runtime.block_on(async {
        let app = || {
            let pages = App::new().route("/login", web::get().to(page)).route("/api/me", web::get().to(me));
            pages
                .route("/text", web::get().to(text))
                .route("/token", web::post().to(token))
                .route("/token/rs256", web::post().to(token_rs256))
        };
        let server = HttpServer::new(app).bind(("127.0.0.1", 0)).expect("a free port");
        println!("{}", server.addrs()[0].port());
        server.run().await.expect("a server that runs");
    });
}

async fn page() -> HttpResponse {
    let page = FloorPage { token: "2f9d6c1e" };
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page.render().expect("a page"))
}

async fn me(request: HttpRequest) -> HttpResponse {
    let cookie = request.cookie("jwt");
    let claims = cookie.and_then(|cookie| decode::<Claims>(cookie.value(), &KEY, &Validation::new(Algorithm::HS256)).ok());
    match claims {
        Some(token) => HttpResponse::Ok().json(serde_json::json!({"id": token.claims.sub, "name": "Floor", "email": "floor@example.com"})),
        None => HttpResponse::Unauthorized().finish(),
    }
}

async fn text() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(TEXT.clone())
}

/// Signs a token with ES256 for whoever asks.
async fn token(form: web::Bytes) -> HttpResponse {
    give(&form, "ES256", |text| SIGNING.sign(&SystemRandom::new(), text).expect("a signature").as_ref().to_vec())
}

/// The same with RS256.
async fn token_rs256(form: web::Bytes) -> HttpResponse {
    give(&form, "RS256", |text| {
        let mut signature = vec![0; RSA.public_modulus_len()];
        RSA.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature).expect("a signature");
        signature
    })
}

/// Makes a token with the claims of an access token (RFC 9068 §2.2).
fn give(form: &web::Bytes, algorithm: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> HttpResponse {
    let id = URL_SAFE_NO_PAD.encode(aws_lc_rs::rand::generate::<[u8; 32]>(&SystemRandom::new()).expect("randomness").expose());
    let claims = serde_json::json!({
        "iss": "http://localhost:3000", "aud": "http://localhost:3000", "sub": "app", "client_id": "app", "scope": "tea:pour",
        "iat": form.len(), "exp": u32::MAX, "jti": id,
    });
    let header = URL_SAFE_NO_PAD.encode(format!("{{\"alg\":\"{algorithm}\",\"kid\":\"floor\",\"typ\":\"at+jwt\"}}"));
    let text = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let token = format!("{text}.{}", URL_SAFE_NO_PAD.encode(sign(text.as_bytes())));
    HttpResponse::Ok().json(serde_json::json!({"access_token": token, "token_type": "Bearer", "expires_in": 600}))
}
