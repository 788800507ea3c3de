//! Presets of an operator's own: the worked example of the documentation, and what stops the start.

use std::fs;

use genkan::app::Application;
use genkan::clock::Clock;
use genkan::config::Config;
use serde_json::json;
use tempfile::TempDir;

use super::support::idp::Reply;
use super::support::upstream::Upstream;

/// Returns the worked example of docs/providers.md.
fn example() -> String {
    let docs = fs::read_to_string("docs/providers.md").expect("the documentation");
    let (_, rest) = docs.split_once("<!-- yado.toml -->\n```toml\n").expect("the example");
    rest.split_once("```").expect("its end").0.to_owned()
}

/// Writes a preset into a directory of its own, and returns its path.
fn write(text: &str) -> (TempDir, String) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("yado.toml");
    fs::write(&path, text).expect("a written file");
    (directory, path.display().to_string())
}

/// Starts a genkan that offers Yado, played on loopback.
async fn start() -> (Upstream, TempDir) {
    let (directory, path) = write(&example());
    let endpoints = json!({
        "preset": path, "issuer": null, "authorization_url": "{base}/authorize", "token_url": "{base}/token",
        "userinfo_url": "{base}/me", "emails_url": "{base}/addresses",
    });
    let upstream = Upstream::of(&[("yado".to_owned(), endpoints)], |_| {}).await;
    upstream.answer("yado", "token", Reply::json(r#"{"access_token":"x"}"#));
    upstream.answer("yado", "me", Reply::json(r#"{"guest":{"number":12,"handle":"hanako"}}"#));
    let addresses = r#"{"items":[{"address":"a@example.com"},{"address":"b@example.com","main":true,"confirmed":true}]}"#;
    upstream.answer("yado", "addresses", Reply::json(addresses));
    (upstream, directory)
}

#[actix_web::test]
async fn the_worked_example_signs_in_without_any_code() {
    let (upstream, _directory) = start().await;
    let browser = upstream.app.browser();

    let departed = upstream.leave(&browser, "yado").await;
    let page = upstream.come_back(&browser, "yado", &departed.fill("code={code}&state={state}")).await;

    assert!(example().lines().count() < 40);
    assert_eq!((departed.sent["scope"].as_str(), departed.sent["view"].as_str()), ("me,addresses", "page"));
    assert_eq!(page.location(), "/account");
    let user = upstream.find("yado", "", "12").await.expect("the guest");
    assert_eq!((user.name.as_str(), user.email.as_deref()), ("hanako", Some("b@example.com")));
    assert_eq!(upstream.received("yado", "me")[0].headers["x-yado-client"], "genkan");
}

#[actix_web::test]
async fn the_worked_example_names_its_own_failures() {
    let (upstream, _directory) = start().await;
    for (query, cause) in [("error=guest_left", "consent_denied"), ("code={code}", "token_server_error")] {
        let browser = upstream.app.browser();
        upstream.answer("yado", "token", Reply::typed(409, "application/json", r#"{"error":"no_vacancy"}"#));

        let departed = upstream.leave(&browser, "yado").await;
        let page = upstream.come_back(&browser, "yado", &departed.fill(&format!("{query}&state={{state}}"))).await;

        assert_eq!(browser.follow(&page).await.flash().map(|flash| flash.cause).as_deref(), Some(cause), "{query}");
    }
}

#[actix_web::test]
async fn a_preset_that_cannot_be_used_stops_the_start() {
    let unknown_cause = example().replace("consent_denied", "bad_weather");
    let unknown_key = example().replace("scopes =", "scoops =");
    let bad_path = example().replace("guest.number", "guest[");
    let no_cleartext = example().replace("https://yado.example/oauth/token", "http://yado.example/oauth/token");
    for text in [unknown_cause, unknown_key, bad_path, no_cleartext, String::new()] {
        let (_directory, path) = write(&text);
        let provider = json!({ "id": "yado", "preset": path, "client_id": "genkan", "client_secret": "secret" });
        let mut config = Config { providers: vec![serde_json::from_value(provider).expect("a provider")], ..Config::default() };
        config.database.url = "sqlite::memory:".to_owned().into();

        let error = Application::build(config, Clock::system()).await.map(|_| ()).expect_err("a refusal");

        assert!(error.to_string().starts_with("providers.yado."), "{error}");
    }
}
