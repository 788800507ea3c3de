//! `genkan keys`

use serde_json::Value;

use super::place::Place;

fn list(place: &Place) -> Vec<(String, String)> {
    let listed: Value = serde_json::from_str(&place.succeed(&["keys", "list", "--json"])).expect("JSON");
    let text = |key: &Value, name: &str| key[name].as_str().expect("a text").to_owned();
    listed.as_array().expect("an array").iter().map(|key| (text(key, "kid"), text(key, "state"))).collect()
}

#[test]
fn se_13_ky_02_rotation_publishes_a_key_of_each_kind_before_it_signs() {
    let place = Place::new();
    assert_eq!(list(&place), [("session-token-1".to_owned(), "signing".to_owned())]);

    let made: Value = serde_json::from_str(&place.succeed(&["keys", "rotate", "--json"])).expect("JSON");

    let algorithms: Vec<&str> = made.as_array().expect("an array").iter().filter_map(|key| key["algorithm"].as_str()).collect();
    assert_eq!(algorithms, ["ES256", "RS256", "ES256"]);
    assert_eq!(list(&place).iter().filter(|(_, state)| state == "published").count(), 3);
    assert!(place.fail(1, &["keys", "rotate", "issuer"]).contains("is published already and signs from"));
    assert!(place.succeed(&["keys", "list"]).contains("GONE AT"));
}

#[test]
fn ky_02_a_removed_key_has_a_successor_at_once() {
    let place = Place::new();

    let removed = place.succeed(&["keys", "revoke", "session-token-1"]);

    let keys = list(&place);
    assert_eq!((keys.len(), keys[0].1.as_str()), (1, "signing"), "{keys:?}");
    assert!(removed.contains(&format!("{} signs now", keys[0].0)), "{removed}");
    assert!(place.fail(1, &["keys", "revoke", "session-token-1"]).contains("there is no key"));
    assert!(place.succeed(&["keys", "revoke", &keys[0].0, "--json"]).contains("\"successor\": \"session-token-"));
}
