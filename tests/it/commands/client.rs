//! `genkan client`

use serde_json::{Value, json};

use super::place::Place;
use crate::support::signer::Signer;

const CREATE: [&str; 6] = ["client", "create", "--name", "Tea House", "--redirect-uri", "https://tea.example/cb"];

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn create(place: &Place) -> Value {
    json_of(&place.succeed(&[&CREATE[..], &["--json"]].concat()))
}

#[test]
fn cr_04_a_command_prints_a_secret_once() {
    let place = Place::new();
    let made = create(&place);
    let (id, secret) = (made["client_id"].as_str().expect("an id"), made["client_secret"].as_str().expect("a secret"));

    assert_eq!((secret.len(), &made["is_verified"], &made["owner"]), (43, &json!(true), &Value::Null));
    for args in [vec!["client", "list"], vec!["client", "list", "--json"], vec!["client", "show", id], vec!["client", "show", id, "--json"]]
    {
        let text = place.succeed(&args);
        assert!(text.contains(id) && text.contains("Tea House") && !text.contains(secret), "{text}");
    }
    let rotated = place.succeed(&["client", "rotate-secret", id, "--end-old"]);
    let new = rotated.trim().lines().last().expect("a secret").to_owned();
    assert!(new.len() == 43 && new != secret, "{rotated}");
}

#[test]
fn a_command_says_how_tokens_are_signed() {
    let place = Place::new();
    let usual = create(&place);
    let wished = json_of(&place.succeed(&[&CREATE[..], &["--access-token-algorithm", "RS256", "--json"]].concat()));

    assert_eq!((&usual["access_token_algorithm"], &wished["access_token_algorithm"]), (&json!("ES256"), &json!("RS256")));
    assert!(place.fail(2, &[&CREATE[..], &["--access-token-algorithm", "HS256"]].concat()).contains("no such choice"));
}

#[test]
fn clients_are_verified_disabled_enabled_and_deleted() {
    let place = Place::new();
    let made = create(&place);
    let id = made["client_id"].as_str().expect("an id");

    assert_eq!(json_of(&place.succeed(&["client", "disable", id, "--json"]))["is_disabled"], true);
    assert_eq!(place.succeed(&["client", "enable", id]).trim(), format!("{id} is enabled."));
    assert_eq!(json_of(&place.succeed(&["client", "verify", id, "--skip-consent", "--json"]))["skips_consent"], true);
    assert_eq!(place.succeed(&["client", "refusals", id]).trim(), "Nothing was refused lately.");
    assert_eq!(json_of(&place.succeed(&["client", "refusals", id, "--json"])), json!([]));
    let undone = json_of(&place.succeed(&["client", "verify", id, "--undo", "--json"]));
    assert_eq!((&undone["is_verified"], &undone["skips_consent"]), (&json!(false), &json!(false)));
    place.succeed(&["client", "delete", id]);
    assert!(place.fail(1, &["client", "show", id]).contains("there is no such application"));
    assert_eq!(place.succeed(&["client", "list"]).trim(), "There are no applications.");
}

#[test]
fn tk_08_dpop_a_command_registers_a_client_that_binds_its_tokens() {
    let place = Place::new();

    let bound = json_of(&place.succeed(&[&CREATE[..], &["--dpop-bound-access-tokens", "--json"]].concat()));

    assert_eq!((&bound["dpop_bound_access_tokens"], &create(&place)["dpop_bound_access_tokens"]), (&json!(true), &json!(false)));
}

#[test]
fn what_is_wrong_is_told_by_option() {
    let place = Place::new();
    let wrong = place.fail(2, &["client", "create", "--name", "Tea", "--redirect-uri", "http://tea.example/cb"]);
    assert!(wrong.contains("--redirect-uris: the address is http"), "{wrong}");
    assert!(place.fail(2, &["client", "create", "--name", "Tea", "--grant", "implicit"]).contains("no such choice"));
    let public = json_of(&place.succeed(&[
        "client",
        "create",
        "--name",
        "App",
        "--kind",
        "native",
        "--redirect-uri",
        "com.example.app:/cb",
        "--json",
    ]));
    let id = public["client_id"].as_str().expect("an id");
    assert_eq!((&public["authentication"], &public["client_secret"]), (&json!("none"), &Value::Null));
    assert!(place.fail(1, &["client", "rotate-secret", id]).contains("has no secret"));
    assert!(place.fail(1, &["client", "verify", id, "--skip-consent"]).contains("always asked"));
}

#[test]
fn tk_10_an_issuer_is_trusted_and_its_subjects_are_linked_by_an_operator() {
    let place = Place::new();
    place.create_hanako();
    let keys = place.path().join("keys.json");
    std::fs::write(&keys, json!({ "keys": [Signer::new().jwk(Some("one"))] }).to_string()).expect("a file");
    let keys = keys.to_str().expect("a path");
    let trust = |issuer: &str, more: &[&str]| {
        let args = [&["client", "trust-issuer", issuer, "--jwks-file", keys, "--scopes", "profile"][..], more].concat();
        place.run(&args)
    };

    assert_eq!(trust("https://ci.example", &[]).status.code(), Some(0));
    assert_eq!(trust("https://ci.example", &[]).status.code(), Some(1), "once is enough");
    assert_eq!(trust("app-22222222222222222222", &[]).status.code(), Some(2), "the name of a client");
    assert_eq!(trust("https://ci2.example", &["--algorithm", "RS256"]).status.code(), Some(2), "no key fits");
    assert_eq!(trust("https://ci2.example", &["--algorithm", "HS256"]).status.code(), Some(2));
    place.succeed(&["client", "link-subject", "https://ci.example", "robot", "hanako"]);
    let listed = json_of(&place.succeed(&["client", "trusted-issuers", "--json"]));
    assert_eq!((&listed[0]["issuer"], &listed[0]["subjects"][0]["subject"]), (&json!("https://ci.example"), &json!("robot")));
    place.succeed(&["client", "distrust-issuer", "https://ci.example"]);
    assert!(place.succeed(&["client", "trusted-issuers"]).contains("(not trusted)"));
    place.succeed(&["client", "distrust-issuer", "https://ci.example", "--undo"]);
    place.succeed(&["client", "unlink-subject", "https://ci.example", "robot"]);
    place.succeed(&["client", "distrust-issuer", "https://ci.example", "--delete"]);
    assert_eq!(place.succeed(&["client", "trusted-issuers"]).trim(), "No issuer is trusted.");
}

#[test]
fn tk_10_the_keys_of_an_issuer_can_be_given_in_pem() {
    let place = Place::new();
    let (path, private) = (place.path().join("key.pem"), place.path().join("private.pem"));
    let pair = rcgen::KeyPair::generate().expect("a key");
    std::fs::write(&path, pair.public_key_pem()).expect("a file");
    std::fs::write(&private, pair.serialize_pem()).expect("a file");
    let (path, private) = (path.to_str().expect("a path"), private.to_str().expect("a path"));
    let trust = ["client", "trust-issuer", "https://ci.example", "--scopes", "profile"];
    let with = |more: &[&'static str], files: &[&str]| -> Vec<String> {
        trust.iter().chain(more).map(|word| (*word).to_owned()).chain(files.iter().map(|word| (*word).to_owned())).collect()
    };
    let fail = |args: Vec<String>| place.fail(2, &args.iter().map(String::as_str).collect::<Vec<_>>());

    assert!(fail(with(&[], &["--pem-file", private])).contains("--pem-file: it holds a private key"));
    assert!(fail(with(&["--algorithm", "RS256"], &["--pem-file", path])).contains("EC P-256, which makes no signatures of RS256"));
    assert!(fail(with(&[], &["--pem-file", "there-is-no.pem"])).contains("--pem-file: "));
    assert!(fail(with(&[], &["--jwks-file", path])).contains("for PEM there is --pem-file"));
    assert!(fail(with(&[], &[])).contains("--jwks-file"), "one of the two is needed");
    fail(with(&[], &["--jwks-file", path, "--pem-file", path]));

    let args = with(&[], &["--pem-file", path]);
    place.succeed(&args.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(place.succeed(&["client", "trusted-issuers"]).contains("https://ci.example  ES256  profile"));
}
