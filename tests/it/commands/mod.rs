//! The commands as an operator meets them: the real binary, exit codes, messages.

mod client;
mod demo;
mod failures;
mod keys;
pub mod place;
mod serve;
mod user;

use genkan::lab::{Lab, LabClient, LabConfig, RedirectUris};
use place::Place;
use serde_json::Value;

/// A value that must never be seen again.
const CANARY: &str = "canary-5up3r-s3cr3t-value-of-32-chars";

#[test]
fn help_tells_every_command_and_the_exit_codes() {
    let place = Place::new();

    let help = place.succeed(&["--help"]);

    for command in ["serve", "demo", "migrate", "check", "user", "client", "keys", "failures", "rules", "alerts", "explain", "Exit codes"] {
        assert!(help.contains(command), "{help}");
    }
    for command in ["serve", "demo", "migrate", "check", "user", "client", "keys", "failures", "rules", "alerts", "explain"] {
        assert!(!place.succeed(&[command, "--help"]).is_empty());
    }
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let place = Place::new();

    place.fail(2, &["serve", "--colour"]);
    place.fail(2, &["user"]);
    place.fail(2, &["user", "sign-out"]);
    assert!(place.fail(2, &["explain", "token_timout"]).contains("did you mean token_timeout?"));
}

#[test]
fn explain_says_what_a_cause_means() {
    let text = Place::new().succeed(&["explain", "token_timeout"]);

    assert!(text.contains("idp_outage") && text.contains("What to do"), "{text}");
}

#[test]
fn dp_05_a_refused_configuration_ends_with_2_and_names_key_source_and_remedy_without_the_value() {
    for (text, expected) in [
        (
            format!("[server]\nsecrte = \"{CANARY}\"\n"),
            "server.secrte: there is no such key (from genkan.toml line 2); did you mean `secret`?",
        ),
        (format!("[database]\nurl = \"{CANARY}\"\n"), "database.url: it is no database URL that is known here (from genkan.toml line 2)"),
        (format!("[password]\ncost = \"{CANARY}\"\n"), "password.cost: it must be a whole number from 10 to 16 (from genkan.toml line 2)"),
    ] {
        for command in ["serve", "migrate", "user", "check"] {
            let args: &[&str] = if command == "user" { &["user", "list"] } else { &[command] };

            let ended = Place::with_file(&text).run(args);

            let said = format!("{}{}", ended.stdout, ended.stderr);
            assert_eq!(ended.status.code(), Some(2), "{command}: {said}");
            assert!(said.contains(expected) && !said.contains("canary"), "{command}: {said}");
        }
    }
}

#[test]
fn dp_05_a_refused_variable_is_named_and_its_value_is_not_shown() {
    let ended = Place::new().run_with(&["serve"], &[("GENKAN_SERVER__SECRE", CANARY)]);

    assert_eq!(ended.status.code(), Some(2));
    assert!(ended.stderr.contains("GENKAN_SERVER__SECRE"), "{}", ended.stderr);
    assert!(ended.stderr.contains("did you mean GENKAN_SERVER__SECRET?"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("canary"), "{}", ended.stderr);
}

#[test]
fn a_configuration_file_that_is_named_has_to_be_there() {
    assert!(Place::new().fail(2, &["--config", "missing.toml", "serve"]).contains("missing.toml"));
}

#[test]
fn migrate_says_what_it_applied_and_then_that_nothing_is_left() {
    let place = Place::new();

    assert!(place.succeed(&["migrate"]).starts_with("Applied"));
    assert_eq!(place.succeed(&["migrate"]).trim(), "The database is up to date.");
}

#[test]
fn ky_03_a_master_key_that_others_can_read_stops_every_command_that_needs_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    place.succeed(&["user", "list"]);
    let key = place.path().join("genkan.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("permissions");

    assert!(place.fail(2, &["user", "list"]).contains("run: chmod 600 genkan.key"));
    assert!(place.fail(2, &["serve"]).contains("run: chmod 600 genkan.key"));
}

#[test]
fn check_makes_nothing_and_tells_each_step() {
    let place = Place::new();

    let text = place.succeed(&["check"]);

    assert!(text.contains("the first start makes it"), "{text}");
    assert_eq!(std::fs::read_dir(place.path()).expect("the directory").count(), 0, "nothing was made");
    place.succeed(&["user", "list"]);
    let json: Value = serde_json::from_str(&place.succeed(&["check", "--json"])).expect("JSON");
    assert_eq!(json["ok"], true, "{json}");
}

/// Checks a lab that knows us by the secret `right`, configured with `secret`; returns exit code and report.
fn check_lab(secret: &str) -> (Option<i32>, String) {
    let client = LabClient { client_id: "a".to_owned(), client_secret: "right".to_owned(), redirect_uris: RedirectUris::Any };
    let lab = Lab::start(LabConfig { listen: ([127, 0, 0, 1], 0).into(), clients: vec![client] }).expect("a lab");
    let file = format!(
        "[[providers]]\nid = \"lab\"\npreset = \"oidc\"\nissuer = \"{}\"\nclient_id = \"a\"\nclient_secret = \"{secret}\"\n",
        lab.issuer()
    );
    let ended = Place::with_file(&file).run(&["check"]);
    (ended.status.code(), ended.stdout)
}

#[test]
fn check_finds_out_whether_a_provider_knows_us() {
    let (code, report) = check_lab("right");
    assert_eq!(code, Some(0), "{report}");
    for step in ["connection", "discovery", "issuer", "endpoints", "keys", "client", "redirect address"] {
        assert!(report.contains(&format!("ok       provider lab: {step}")), "{step}: {report}");
    }

    let (code, report) = check_lab("wrong");
    assert!(code == Some(1) && report.contains("failed   provider lab: client"), "{report}");
}

#[test]
fn check_ends_with_1_if_a_provider_does_not_answer() {
    let provider =
        "[[providers]]\nid = \"gone\"\npreset = \"oidc\"\nissuer = \"http://127.0.0.1:1\"\nclient_id = \"a\"\nclient_secret = \"b\"\n";
    let place = Place::with_file(provider);

    let ended = place.run(&["check"]);

    assert_eq!(ended.status.code(), Some(1), "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("failed   provider gone: connection"), "{}", ended.stdout);
}

#[test]
fn dp_05_what_a_preset_refuses_is_configuration_too() {
    for provider in
        ["id = \"a\"\npreset = \"oidc\"\nclient_id = \"a\"\nclient_secret = \"b\"", "id = \"a\"\npreset = \"nope\"\nclient_id = \"a\""]
    {
        let place = Place::with_file(&format!("[[providers]]\n{provider}\n"));

        assert_eq!(place.run(&["check"]).status.code(), Some(2), "{provider}");
        assert_eq!(place.run(&["serve"]).status.code(), Some(2), "{provider}");
    }
}
