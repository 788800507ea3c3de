use proptest::prelude::*;
use serde_json::json;

use super::*;

fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}.", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

#[test]
fn what_an_assertion_claims_is_read_only_to_find_the_keys() {
    let token = unsigned(&json!({ "alg": "HS256" }), &json!({ "iss": "https://other.example", "sub": "robot" }));

    assert_eq!(issuer_of(&token).as_deref(), Some("https://other.example"));
    assert_eq!(subject_of(&token).as_deref(), Some("robot"));
    assert_eq!(verify::<Value>(&token, &json!({ "keys": [] }), AssertionAlgorithm::Es256), None);
    assert_eq!(verify_with_secret::<Value>(&token, b"secret"), None);
}

#[test]
fn tk_10_tokens_for_another_use_are_no_assertions() {
    let claims = json!({ "iss": "a" });
    for header in [
        json!({ "alg": "HS256", "typ": "at+jwt" }),
        json!({ "alg": "HS256", "typ": "logout+jwt" }),
        json!({ "alg": "HS256", "crit": ["b64"], "b64": false }),
        json!({ "alg": "none" }),
    ] {
        assert_eq!(issuer_of(&unsigned(&header, &claims)), None, "{header}");
    }
    assert_eq!(issuer_of(&unsigned(&json!({ "alg": "HS256" }), &json!({ "iss": "a".repeat(9000) }))), None, "too long");
}

proptest! {
    #[test]
    fn nothing_makes_reading_panic(text in "[A-Za-z0-9_.-]{0,80}") {
        let _ = (issuer_of(&text), verify::<Value>(&text, &json!({ "keys": [] }), AssertionAlgorithm::Rs256));
    }

    #[test]
    fn no_json_makes_checking_keys_panic(text in "[\\{\\}\\[\\]\":,a-z0-9]{0,40}") {
        if let Ok(json) = serde_json::from_str(&text) {
            prop_assert!(check_keys(&json, AssertionAlgorithm::Es256).is_err());
        }
    }
}
