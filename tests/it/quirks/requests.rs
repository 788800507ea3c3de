//! What providers want to be sent, each looked for in what they got.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::play::Play;
use crate::support::idp::Received;

/// Checks the requests of a quirk.
#[track_caller]
pub fn check(id: &str, play: &Play<'_>) {
    let query = play.departed.url.query().unwrap_or_default();
    let sent = |name: &str| play.departed.sent.get(name).map_or("", String::as_str);
    let token = only(play.received("token"));
    let form = |name: &str| field(if token.method == "GET" { &token.query } else { &token.body }, name);
    let userinfo = play.received("userinfo").pop().unwrap_or_default();
    let is_sent = match id {
        "github-user-agent-required" => userinfo.headers["user-agent"].starts_with("genkan/"),
        "facebook-appsecret-proof-required" => field(&userinfo.query, "appsecret_proof").len() == 64,
        "apple-client-secret-jwt" => is_client_secret(&form("client_secret")),
        "apple-no-userinfo" => userinfo.path.is_empty(),
        "apple-scope-percent20" => query.contains("scope=openid%20email%20name") && !query.contains('+'),
        "x-pkce-and-basic" => {
            basic(&token) == "genkan:s3cret%3A%2F%2B" && form("client_id") == "genkan" && form("code_verifier").len() == 43
        }
        "x-s256-uppercase" => sent("code_challenge_method") == "S256",
        "x-confirmed-email-field" => field(&userinfo.query, "user.fields") == "confirmed_email" && sent("scope").contains("users.email"),
        "linkedin-secret-in-body" => form("client_secret") == "s3cret:/+" && basic(&token).is_empty(),
        "wechat-parameter-names" => token.method == "GET" && form("appid") == "genkan" && form("secret") == "s3cret:/+",
        "wechat-authorize-fragment" => play.departed.url.fragment() == Some("wechat_redirect") && sent("appid") == "genkan",
        "any-client-credentials-encoding" => basic(&token) == "genkan:s3cret%3A%2F%2B",
        "any-auth-style-probing-burns-code" => form("grant_type") == "authorization_code",
        "spotify-basic" => basic(&token).starts_with("genkan:"),
        "arcgis-format-parameter" => field(&userinfo.query, "f") == "json",
        _ => false,
    };
    assert!(is_sent, "{id}: {query}\n{token:?}\n{userinfo:?}");
}

/// Returns the one request: a code is sent once, in one way.
#[track_caller]
fn only(mut requests: Vec<Received>) -> Received {
    assert_eq!(requests.len(), 1, "{requests:?}");
    requests.remove(0)
}

fn field(form: &str, name: &str) -> String {
    url::form_urlencoded::parse(form.as_bytes()).find(|(found, _)| found == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Returns what the header of HTTP Basic says.
fn basic(request: &Received) -> String {
    let header = request.headers.get("authorization").and_then(|header| header.strip_prefix("Basic "));
    header.map(|header| String::from_utf8(STANDARD.decode(header).expect("base64")).expect("text")).unwrap_or_default()
}

/// Tells a client secret as Apple wants it.
fn is_client_secret(token: &str) -> bool {
    let part = |at: usize| -> Value {
        let part = token.split('.').nth(at).expect("a part");
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
    };
    let (header, claims) = (part(0), part(1));
    let lifetime = claims["exp"].as_i64().unwrap_or(i64::MAX) - claims["iat"].as_i64().unwrap_or(0);
    header["alg"] == "ES256" && header["kid"] == "KEY" && claims["iss"] == "TEAM" && claims["sub"] == "genkan" && lifetime <= 15_777_000
}
