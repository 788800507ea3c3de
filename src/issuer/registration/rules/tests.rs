use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::domain::client::Grant::{AuthorizationCode, ClientCredentials, DeviceCode, JwtBearer, Password, RefreshToken};
use crate::domain::redirect_uri::RedirectUriError;
use crate::issuer::assertion::KeySetError;

fn draft() -> Draft {
    Draft { name: "Tea House".to_owned(), redirect_uris: "https://tea.example/cb".to_owned(), ..Draft::default() }
}

fn person() -> Rules {
    Rules::for_person(false, &[].into())
}

#[track_caller]
fn assert_refused(draft: &Draft, field: Field, problem: Problem) {
    assert_eq!(validate(draft, &person()), Err(vec![Fault { field, problem }]));
}

#[test]
fn a_name_and_an_address_are_enough() {
    let metadata = validate(&draft(), &person()).expect("metadata");

    assert!(metadata.requires_pkce);
    assert_eq!(metadata.scopes.to_string(), "email offline_access openid profile");
    assert_eq!(validate(&Draft::from(&metadata), &person()), Ok(metadata), "what is kept can be edited again");
}

#[test]
fn cr_02_addresses_go_with_the_kind_of_application() {
    let with = |kind, uri: &str| Draft { kind, authentication: ClientAuthentication::None, redirect_uris: uri.to_owned(), ..draft() };
    for uri in ["http://127.0.0.1/cb", "com.example.app:/cb"] {
        assert!(validate(&with(ClientKind::Native, uri), &person()).is_ok(), "{uri}");
        assert_refused(&with(ClientKind::Spa, uri), Field::RedirectUris, Problem::NativeOnly);
    }
    let developing = Rules::for_person(true, &[].into());
    assert!(validate(&with(ClientKind::Spa, "http://localhost:3000/cb"), &developing).is_ok());
    assert!(validate(&with(ClientKind::Spa, "com.example.app:/cb"), &developing).is_err());
    assert_refused(&with(ClientKind::Native, "http://tea.example"), Field::RedirectUris, Problem::RedirectUri(RedirectUriError::NotHttps));
    let many = (0..11).map(|number| format!("https://tea.example/{number}")).collect::<Vec<_>>().join("\n");
    assert_refused(&with(ClientKind::Web, &many), Field::RedirectUris, Problem::TooMany);
}

#[test]
fn tk_05_grants_that_make_no_sense_or_need_an_operator_are_refused() {
    let with = |grants: &[Grant]| Draft { grants: grants.iter().copied().collect(), ..draft() };
    assert_refused(&with(&[]), Field::Grants, Problem::NothingChosen);
    assert_refused(&with(&[RefreshToken]), Field::Grants, Problem::RefreshAlone);
    assert_refused(&with(&[AuthorizationCode, Password]), Field::Grants, Problem::OperatorOnly);
    assert_refused(&with(&[JwtBearer]), Field::Grants, Problem::OperatorOnly);
    assert!(validate(&with(&[JwtBearer, Password]), &Rules::for_operator(false)).is_ok());
    assert!(validate(&with(&[Password]), &Rules::for_person(false, &[Password].into())).is_ok(), "what an operator allowed stays allowed");
    let public = Draft { authentication: ClientAuthentication::None, ..with(&[ClientCredentials]) };
    assert_refused(&public, Field::Grants, Problem::NeedsSecret);
    assert!(validate(&Draft { redirect_uris: String::new(), ..with(&[DeviceCode]) }, &person()).is_ok());
    assert_refused(&Draft { redirect_uris: String::new(), ..draft() }, Field::RedirectUris, Problem::RedirectUriMissing);
    assert_refused(&Draft { kind: ClientKind::Spa, ..draft() }, Field::Authentication, Problem::CannotKeepSecret);
}

#[test]
fn cf_02_a_public_client_cannot_lift_pkce() {
    let without = |authentication| Draft { authentication, requires_pkce: false, ..draft() };

    assert!(!validate(&without(ClientAuthentication::ClientSecretPost), &person()).expect("metadata").requires_pkce);
    assert!(validate(&without(ClientAuthentication::None), &person()).expect("metadata").requires_pkce);
}

#[test]
fn tk_06_keys_are_public_and_fit_their_algorithm() {
    let with = |jwks: &str| Draft { authentication: ClientAuthentication::PrivateKeyJwt, jwks: jwks.to_owned(), ..draft() };
    let key = json!({ "kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM" });
    let mut private = key.clone();
    private["d"] = json!("870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE");
    let small = json!({ "kty": "RSA", "e": "AQAB", "n": "AQAB" });
    let set = |keys: &[&serde_json::Value]| json!({ "keys": keys }).to_string();

    let kept = validate(&with(&set(&[&key])), &person()).expect("metadata");
    assert_eq!(kept.assertion_algorithm, Some(AssertionAlgorithm::Es256));
    for (jwks, problem) in [
        (String::new(), Problem::KeysMissing),
        ("{".to_owned(), Problem::Keys(KeySetError::Malformed)),
        (set(&[]), Problem::Keys(KeySetError::Malformed)),
        (set(&[&private]), Problem::Keys(KeySetError::Private)),
        (set(&[&small]), Problem::Keys(KeySetError::Weak)),
        (set(&[&key; 9]), Problem::Keys(KeySetError::TooMany)),
    ] {
        assert_refused(&with(&jwks), Field::Jwks, problem);
    }
    let other = Draft { assertion_algorithm: Some(AssertionAlgorithm::Es384), ..with(&set(&[&key])) };
    assert_refused(&other, Field::Jwks, Problem::Keys(KeySetError::Unfit));
}

proptest! {
    #[test]
    fn cr_02_no_text_makes_validation_panic_or_slip_through(name in "\\PC{0,20}", uri in "\\PC{0,40}", jwks in "\\PC{0,40}", scopes in "\\PC{0,20}") {
        let draft = Draft { name, redirect_uris: uri, jwks, scopes, authentication: ClientAuthentication::PrivateKeyJwt, ..Draft::default() };
        prop_assert!(validate(&draft, &person()).is_err());
    }
}

#[test]
fn rfc_9068_an_audience_is_kept_to_the_letter() {
    for audience in ["https://api.example", "https://api.example/", "https://api.example/tea"] {
        let metadata = validate(&Draft { audience: audience.to_owned(), ..draft() }, &person()).expect("metadata");

        assert_eq!(metadata.audience.as_deref(), Some(audience));
    }
}

#[test]
fn cr_02_what_a_browser_loads_at_sign_out_is_where_people_are_sent_anyway() {
    let with = |uri: &str| Draft { frontchannel_logout_uri: uri.to_owned(), ..draft() };

    let metadata = validate(&with("https://tea.example/bye?x=1"), &person()).expect("metadata");
    assert_eq!(validate(&Draft::from(&metadata), &person()), Ok(metadata), "what is kept can be edited again");
    for elsewhere in ["https://other.example/bye", "https://tea.example:8443/bye", "https://x.tea.example/bye"] {
        assert_refused(&with(elsewhere), Field::FrontchannelLogoutUri, Problem::Elsewhere);
    }
    assert_refused(&with("http://tea.example/bye"), Field::FrontchannelLogoutUri, Problem::NotHttps);
}
