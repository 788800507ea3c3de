//! `genkan user`

use serde_json::Value;

use super::place::Place;

#[test]
fn si_09_a_new_installation_has_no_users_and_a_made_one_gets_a_link_that_works_once() {
    let place = Place::new();
    assert_eq!(place.succeed(&["user", "list", "--json"]).trim(), "[]");

    let made = place.create_hanako();

    let link = made.lines().last().expect("a link");
    assert!(link.starts_with("http://localhost:8080/reset/"), "{made}");
    let listed = place.succeed(&["user", "list"]);
    assert!(listed.contains("hanako") && !listed.contains("operator"), "{listed}");
}

#[test]
fn si_09_the_first_operator_is_made_by_a_command() {
    let place = Place::new();

    place.succeed(&["user", "create", "--name", "Taro", "--username", "taro", "--operator"]);

    assert!(place.succeed(&["user", "list"]).contains("(operator)"));
}

#[test]
fn users_are_named_by_user_name_address_or_id() {
    let place = Place::new();
    place.create_hanako();
    let users: Value = serde_json::from_str(&place.succeed(&["user", "list", "--json"])).expect("JSON");
    let id = users[0]["id"].as_str().expect("an id");

    assert_eq!(place.succeed(&["user", "disable", "Hanako"]).trim(), "hanako is disabled; 0 sessions ended.");
    assert!(place.succeed(&["user", "list"]).contains("(disabled)"));
    assert_eq!(place.succeed(&["user", "enable", "hanako@example.com"]).trim(), "hanako is enabled.");
    assert_eq!(place.succeed(&["user", "make-operator", id]).trim(), "hanako is an operator.");
    assert!(place.fail(1, &["user", "disable", "nobody"]).contains("there is no such user"));
}

#[test]
fn a_taken_user_name_or_address_is_told() {
    let place = Place::new();
    place.create_hanako();

    let taken = place.fail(1, &["user", "create", "--name", "H", "--username", "HANAKO"]);
    assert!(taken.contains("--username: somebody has this user name"), "{taken}");
    let taken = place.fail(1, &["user", "create", "--name", "H", "--username", "h", "--email", "Hanako@example.com"]);
    assert!(taken.contains("--email: this address belongs to an account"), "{taken}");
    assert!(place.fail(2, &["user", "create", "--name", "H", "--username", "a b"]).contains("--username:"));
}

#[test]
fn links_and_sign_out_answer_with_what_happened() {
    let place = Place::new();
    place.create_hanako();

    assert!(place.succeed(&["user", "reset-link", "hanako"]).starts_with("http://localhost:8080/reset/"));
    assert!(place.succeed(&["user", "invite"]).starts_with("http://localhost:8080/register"));
    assert_eq!(place.succeed(&["user", "sign-out", "hanako"]).trim(), "0 sessions ended.");
    assert_eq!(place.succeed(&["user", "sign-out", "--all"]).trim(), "0 sessions ended.");
}

#[test]
fn rs_05_an_operator_starts_a_reset_and_neither_chooses_nor_sees_a_password() {
    let place = Place::new();
    place.create_hanako();

    for command in ["create", "reset-link", "invite"] {
        let help = place.succeed(&["user", command, "--help"]).to_lowercase();
        assert!(!help.contains("--password"), "{help}");
        place.fail(2, &["user", command, "--password", "correct horse battery"]);
    }
    let printed = place.succeed(&["user", "reset-link", "hanako"]);
    let listed = place.succeed(&["user", "list", "--json"]);

    assert_eq!(printed.trim().lines().filter(|line| line.contains("/reset/")).count(), 1, "{printed}");
    for said in [printed, listed] {
        assert!(!said.contains("$2") && !said.to_lowercase().contains("hash"), "{said}");
    }
}
