//! Plain OAuth 2.0 at the lab, with the `oauth2` crate, which the lab does not use, as the judge.

use std::time::{Duration, Instant};

use genkan::clock::Clock;
use genkan::config::{HttpConfig, ProviderConfig};
use genkan::provider::{CodeExchange, Profile, Providers};
use openidconnect::core::{CoreClient, CoreJsonWebKeySet};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, HttpRequest, HttpResponse, IssuerUrl, OAuth2TokenResponse as _, PkceCodeVerifier,
    RedirectUrl, TokenResponse as _, TokenUrl,
};
use serde_json::json;

use super::*;

async fn send(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let answer = http().execute(request.try_into()?).await?;
    let mut response = openidconnect::http::Response::new(Vec::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = answer.bytes().await?.to_vec();
    Ok(response)
}

/// Begins without `openid` and returns the code.
async fn plain_code(lab: &Lab, case: &str, person: &str) -> String {
    let choice = [("scope", "profile email"), ("nonce", ""), ("lab_case", case), ("lab_person", person)];
    query(&location(&open(authorization_url(lab, &choice)).await)).remove("code").expect("a code")
}

async fn get(lab: &Lab, path: &str, access_token: &str) -> Value {
    let request = http().get(format!("{}{path}", lab.issuer())).bearer_auth(access_token);
    request.send().await.expect("an answer").json().await.expect("JSON")
}

#[tokio::test]
async fn an_independent_client_exchanges_a_code_and_reads_the_profile() {
    let lab = start();
    let url = |path: &str| format!("{}{path}", lab.issuer());
    let issuer = IssuerUrl::new(lab.issuer()).expect("an issuer");
    let client = CoreClient::new(ClientId::new(CLIENT.to_owned()), issuer, CoreJsonWebKeySet::default())
        .set_client_secret(ClientSecret::new(SECRET.to_owned()))
        .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned()).expect("an address"))
        .set_token_uri(TokenUrl::new(url("/token")).expect("an address"));

    let code = AuthorizationCode::new(plain_code(&lab, "approve", "akari").await);
    let exchange = client.exchange_code(code).set_pkce_verifier(PkceCodeVerifier::new(VERIFIER.to_owned()));
    let answer = exchange.request_async(&send).await.expect("tokens");

    assert!(answer.id_token().is_none() && answer.expires_in() == Some(Duration::from_secs(3600)), "{answer:?}");
    let profile = get(&lab, "/api/user", answer.access_token().secret()).await;
    assert!(profile["id"].is_u64() && profile.get("sub").is_none(), "{profile}");
    assert_eq!((&profile["login"], &profile["email"]), (&json!("akari"), &json!("akari@people.example")));
    let emails = get(&lab, "/api/user/emails", answer.access_token().secret()).await;
    assert_eq!(emails, json!([{ "email": "akari@people.example", "primary": true, "verified": true, "visibility": null }]));
}

#[tokio::test]
async fn whoever_asks_for_no_json_gets_the_tokens_as_a_form() {
    let lab = start();
    let read = async |accept: &str| {
        let code = plain_code(&lab, "approve", "no_email").await;
        let form = [("grant_type", "authorization_code"), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER), ("code", &code)];
        let request = http().post(format!("{}/token", lab.issuer())).basic_auth(CLIENT, Some("a+secret%3A+100%25%2B"));
        let answer = request.header("accept", accept).form(&form).send().await.expect("an answer");
        (answer.headers()["content-type"].to_str().expect("ASCII").to_owned(), answer.text().await.expect("text"))
    };

    let (form_type, form) = read("*/*").await;
    let (json_type, _) = read("application/json").await;

    assert!(form_type.starts_with("application/x-www-form-urlencoded") && json_type == "application/json", "{form_type} {json_type}");
    let tokens: HashMap<_, _> = url::form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    let profile = get(&lab, "/api/user", &tokens["access_token"]).await;
    assert_eq!((&profile["email"], get(&lab, "/api/user/emails", &tokens["access_token"]).await), (&Value::Null, json!([])));
}

/// Signs in with our own client of plain OAuth 2.0, of this preset.
async fn sign_in(lab: &Lab, preset: &str, case: &str) -> Profile {
    let at = |path: &str| format!("{}{path}", lab.issuer());
    let config = json!({
        "id": "lab-oauth2", "preset": preset, "client_id": CLIENT, "client_secret": SECRET, "issuer": lab.issuer(),
        "authorization_url": at("/authorize"), "token_url": at("/token"), "userinfo_url": at("/api/user"), "scopes": ["profile", "email"],
        "emails_url": if preset == "github" { json!(at("/api/user/emails")) } else { Value::Null },
    });
    let config: ProviderConfig = serde_json::from_value(config).expect("a configuration");
    let providers = Providers::new(&[config], &HttpConfig::default(), Clock::system()).expect("a provider");
    let provider = providers.find("lab-oauth2").expect("the provider");
    let mut url = provider.authorization_url(&super::our_client::request()).await.expect("an address");
    url.query_pairs_mut().append_pair("lab_case", case);
    let back = query(&location(&open(url).await));
    let deadline = Instant::now() + Duration::from_secs(5);
    let exchange = CodeExchange { code: &back["code"], code_verifier: VERIFIER, nonce: "the-nonce", redirect_uri: CALLBACK, deadline };
    provider.identify(&exchange).await.expect("a profile").profile
}

#[tokio::test]
async fn our_own_client_reads_the_plain_profile_whatever_form_the_tokens_have() {
    let lab = start();

    for (preset, case) in [("oauth2", "approve"), ("oauth2", "form_tokens"), ("github", "approve")] {
        let profile = sign_in(&lab, preset, case).await;

        assert!(profile.identity.subject.as_str().parse::<u64>().is_ok(), "{preset} {case}: {profile:?}");
        assert_eq!(profile.email.as_ref().map(genkan::domain::email::Email::as_str), Some("akari@people.example"), "{preset} {case}");
    }
}

#[tokio::test]
async fn the_page_of_plain_oauth_offers_nothing_about_id_tokens() {
    let lab = start();

    let page = open(authorization_url(&lab, &[("scope", "profile"), ("nonce", "")])).await.text().await.expect("text");

    for (case, is_offered) in
        [("html", true), ("corpus:any-token-429-bare", true), ("wrong_nonce", false), ("corpus:idtoken-nonce-mismatch", false)]
    {
        assert_eq!(page.contains(&format!("value=\"{case}\"")), is_offered, "{case}");
    }
}
