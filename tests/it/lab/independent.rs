//! The `openidconnect` crate, which the lab does not use, as the judge.

use genkan::lab::RedirectUris;
use openidconnect::core::{CoreIdTokenClaims, CoreProviderMetadata, CoreResponseType};
use openidconnect::{
    AccessTokenHash, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, RedirectUrl, Scope, TokenResponse as _,
};

use super::*;

/// Lends the crate an HTTP client.
async fn send(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let answer = http().execute(request.try_into()?).await?;
    let mut response = openidconnect::http::Response::new(Vec::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = answer.bytes().await?.to_vec();
    Ok(response)
}

/// Signs somebody in and returns what the crate makes of the ID Token: its subject, or its complaint.
async fn sign_in(lab: &Lab, case: &str) -> Result<String, String> {
    let issuer = IssuerUrl::new(lab.issuer()).expect("an issuer");
    let metadata = CoreProviderMetadata::discover_async(issuer, &send).await.map_err(|error| format!("{error:?}"))?;
    let id = ClientId::new(CLIENT.to_owned());
    let client = openidconnect::core::CoreClient::from_provider_metadata(metadata, id, Some(ClientSecret::new(SECRET.to_owned())))
        .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned()).expect("an address"));
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = client
        .authorize_url(AuthenticationFlow::<CoreResponseType>::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scope(Scope::new("email".to_owned()))
        .set_pkce_challenge(challenge)
        .add_extra_param("lab_case", case)
        .url();
    let mut back = query(&location(&open(url).await));
    assert_eq!((back.get("state"), back.get("iss")), (Some(state.secret()), Some(&lab.issuer())));

    let exchange = client.exchange_code(AuthorizationCode::new(back.remove("code").expect("a code"))).expect("a token endpoint");
    let answer = exchange.set_pkce_verifier(verifier).request_async(&send).await.map_err(|error| format!("{error:?}"))?;
    let verifier = client.id_token_verifier();
    let token = answer.id_token().ok_or("no ID Token")?;
    let claims: &CoreIdTokenClaims = token.claims(&verifier, &nonce).map_err(|error| format!("{error:?}"))?;
    let key = token.signing_key(&verifier).map_err(|error| format!("{error:?}"))?;
    let hash = AccessTokenHash::from_token(answer.access_token(), token.signing_alg().expect("signed"), key).expect("a hash");
    if claims.access_token_hash() != Some(&hash) {
        return Err("at_hash".to_owned());
    }
    let profile: openidconnect::core::CoreUserInfoClaims = client
        .user_info(answer.access_token().clone(), Some(claims.subject().clone()))
        .expect("a userinfo endpoint")
        .request_async(&send)
        .await
        .map_err(|error| format!("{error:?}"))?;
    assert_eq!(profile.email_verified(), Some(true));
    Ok(profile.subject().to_string())
}

#[tokio::test]
async fn an_independent_client_signs_somebody_in_with_either_algorithm() {
    let lab = start_with(RedirectUris::Any);

    assert_eq!(sign_in(&lab, "approve").await, Ok("lab-akari".to_owned()));
    lab.set_signing_algorithm(SigningAlgorithm::Es256);
    assert_eq!(sign_in(&lab, "approve").await, Ok("lab-akari".to_owned()));
}

#[tokio::test]
async fn an_independent_client_complains_about_each_bad_id_token() {
    let lab = start();
    let table = [
        ("wrong_nonce", "InvalidNonce"),
        ("no_nonce", "InvalidNonce"),
        ("wrong_audience", "InvalidAudience"),
        ("wrong_issuer", "InvalidIssuer"),
        ("expired", "Expired"),
        ("bad_signature", "SignatureVerification(CryptoError"),
        ("unknown_key", "NoMatchingKey"),
        ("unsigned", "NoSignature"),
        ("no_id_token", "no ID Token"),
        ("no_sub", "sub"),
        ("wrong_at_hash", "at_hash"),
        ("other_subject", "InvalidSubject"),
    ];

    for (case, complaint) in table {
        let outcome = sign_in(&lab, case).await;

        assert!(outcome.as_ref().is_err_and(|error| error.contains(complaint)), "{case}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_rotated_key_signs_and_the_one_before_stays_published() {
    let lab = start();
    let kids = async || -> Vec<String> {
        let jwks: Value = open(Url::parse(&format!("{}/jwks", lab.issuer())).expect("an address")).await.json().await.expect("JSON");
        jwks["keys"].as_array().expect("keys").iter().map(|key| key["kid"].as_str().expect("a kid").to_owned()).collect()
    };
    let before = kids().await;

    lab.rotate_keys();

    let after = kids().await;
    assert_eq!((after.len(), &after[1]), (2, &before[0]));
    assert_eq!(sign_in(&lab, "approve").await, Ok("lab-akari".to_owned()));
}
