//! What the application's server does with the answer that a browser brought.

use std::sync::OnceLock;
use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value};

use super::{Application, CALLBACK, Mistake, Step, Trip};
use crate::lab::form::Form;
use crate::lab::language::Text;
use crate::lab::state::Shared;

/// How long the site may take.
const TIMEOUT: Duration = Duration::from_secs(10);

const CAME_BACK: Text = Text { en: "Your browser came back", ja: "ブラウザーが戻ってきました" };
const TOKENS: Text = Text { en: "The code was changed into tokens", ja: "コードをトークンに交換しました" };
const NO_TOKENS: Text =
    Text { en: "The code was not changed into tokens", ja: "コードをトークンに交換できませんでした" };
const AGAIN: Text = Text { en: "The same code, once more", ja: "同じコードをもう一度" };
const CLAIMS: Text =
    Text { en: "The ID Token, checked with the site's published keys", ja: "サイトの公開鍵で検証した ID トークン" };
const NO_CLAIMS: Text = Text { en: "The ID Token cannot be believed", ja: "ID トークンを信用できません" };
const ME: Text = Text { en: "Who you are, with the access token", ja: "アクセストークンで取得した利用者情報" };

/// Finishes a trip; returns what was done.
pub(super) async fn finish(application: &Application, shared: &Shared, trip: &Trip, form: &Form) -> Vec<Step> {
    let is_ours = form.get("state") == Some(trip.state.as_str()) && form.get("iss") == Some(application.issuer.as_str());
    let came = form_json(form);
    let mut steps = vec![Step::answered(CAME_BACK, &format!("GET {CALLBACK}"), is_ours && form.get("code").is_some(), &came)];
    let Some(code) = form.get("code").filter(|_| is_ours) else { return steps };
    let (is_good, tokens) = redeem(application, shared, trip, code).await;
    steps.push(Step::answered(if is_good { TOKENS } else { NO_TOKENS }, "POST /oauth/token", is_good, &tokens));
    if !is_good {
        return steps;
    }
    steps.push(match check_id_token(application, trip, tokens["id_token"].as_str().unwrap_or_default()).await {
        Ok(claims) => Step::answered(CLAIMS, "GET /.well-known/jwks.json", true, &claims),
        Err(reason) => Step::found(NO_CLAIMS, false, reason),
    });
    if trip.mistake == Mistake::Twice {
        let (is_good, again) = redeem(application, shared, trip, code).await;
        steps.push(Step::answered(AGAIN, "POST /oauth/token", is_good, &again));
    }
    let access = tokens["access_token"].as_str().unwrap_or_default();
    let me = http().get(format!("{}/api/me", application.issuer)).bearer_auth(access);
    let (is_good, me) = ask(me).await;
    steps.push(Step::answered(ME, "GET /api/me", is_good, &me));
    steps
}

/// Changes a code into tokens (RFC 6749 §4.1.3).
async fn redeem(application: &Application, shared: &Shared, trip: &Trip, code: &str) -> (bool, Value) {
    let callback = format!("{}{CALLBACK}", shared.issuer);
    let secret = if trip.mistake == Mistake::Secret { "not the secret" } else { &application.client_secret };
    let wrong = super::random_token(32);
    let verifier = if trip.mistake == Mistake::Verifier { &wrong } else { &trip.verifier };
    let fields = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &callback), ("code_verifier", verifier)];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = http().post(format!("{}/oauth/token", application.issuer)).basic_auth(&application.client_id, Some(secret));
    ask(request.header("Content-Type", "application/x-www-form-urlencoded").body(body)).await
}

/// Checks signature, `iss`, `aud`, `exp` and `nonce` (OIDC Core §3.1.3.7).
async fn check_id_token(application: &Application, trip: &Trip, token: &str) -> Result<Value, String> {
    let (_, keys) = ask(http().get(format!("{}/.well-known/jwks.json", application.issuer))).await;
    let keys: JwkSet = serde_json::from_value(keys).map_err(|_| "the keys cannot be read")?;
    let head = jsonwebtoken::decode_header(token).map_err(|_| "it is no signed token")?;
    let key = head.kid.as_deref().and_then(|kid| keys.find(kid)).ok_or("its key is not published")?;
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_audience(&[&application.client_id]);
    rules.set_issuer(&[&application.issuer]);
    let key = DecodingKey::from_jwk(key).map_err(|_| "its key cannot be used")?;
    let read = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &rules).map_err(|error| error.to_string())?;
    if read.claims.get("nonce").and_then(Value::as_str) == Some(&trip.nonce) {
        Ok(read.claims.into())
    } else {
        Err("its nonce is another".to_owned())
    }
}

/// Sends a request; returns whether it went well, and the JSON, or what kept it from coming.
async fn ask(request: reqwest::RequestBuilder) -> (bool, Value) {
    let Ok(answer) = request.send().await else { return (false, "the site does not answer".into()) };
    let is_good = answer.status().is_success();
    let body = answer.bytes().await.unwrap_or_default();
    (is_good, serde_json::from_slice(&body).unwrap_or_else(|_| "the answer is no JSON".into()))
}

fn form_json(form: &Form) -> Value {
    let names = ["code", "error", "error_description", "iss", "state"];
    names.into_iter().filter_map(|name| Some((name.to_owned(), Value::from(form.get(name)?)))).collect::<Map<_, _>>().into()
}

/// Returns the client of this application; it follows no redirects, and no proxy stands between two servers of one machine.
#[expect(clippy::disallowed_methods, reason = "the lab uses nothing of ours, hence not our HTTP client either")]
fn http() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        let builder = reqwest::Client::builder().timeout(TIMEOUT).no_proxy().redirect(reqwest::redirect::Policy::none());
        builder.pool_max_idle_per_host(0).build().expect("a client without settings from outside can be built")
    })
}
