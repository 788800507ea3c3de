//! Tests of the whole way from sources to a checked configuration.

use std::path::PathBuf;

use secrecy::ExposeSecret as _;
use tempfile::TempDir;

use super::*;
use crate::config::Signup;
use crate::config::schema::{KEYS, Kind};

/// A value that must never be seen again.
const CANARY: &str = "canary-5up3r-s3cr3t-value-of-32-chars";

/// A directory with a configuration file in it.
struct Given {
    dir: TempDir,
}

impl Given {
    fn file(text: &str) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::write(dir.path().join("genkan.toml"), text).expect("a file");
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn load(&self, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        load_with(Some(&self.path("genkan.toml")), variables)
    }

    #[track_caller]
    fn refuse(&self, variables: &[(&str, &str)]) -> ConfigError {
        self.load(variables).map(|_| ()).expect_err("a refusal")
    }
}

const LAB: &str = "[[providers]]\nid = \"my-lab\"\npreset = \"lab\"\nclient_id = \"a\"\n";

#[test]
fn without_any_source_the_defaults_hold() {
    let config = load_with(None, Vec::new()).expect("the defaults");

    assert_eq!(config.server.listen.port(), 8080);
    assert!(config.metrics.is_none() && config.providers.is_empty());
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let given = Given::file("[server]\nlisten = \"127.0.0.1:1\"\nworkers = 2\n[signin]\nsignup = \"closed\"\n");

    let config =
        given.load(&[("GENKAN_SERVER__LISTEN", "127.0.0.1:2"), ("GENKAN_METRICS__LISTEN", "127.0.0.1:3")]).expect("a configuration");

    assert_eq!((config.server.listen.port(), config.server.workers, config.signin.signup), (2, 2, Signup::Closed));
    assert_eq!(config.metrics.map(|metrics| metrics.listen.port()), Some(3));
}

#[test]
fn variables_override_a_provider_of_the_file_and_add_another() {
    let given = Given::file(LAB);

    let config = given
        .load(&[
            ("GENKAN_PROVIDERS__MY_LAB__CLIENT_ID", "12345"),
            ("GENKAN_PROVIDERS__MY_LAB__SCOPES", "openid,email"),
            ("GENKAN_PROVIDERS__OTHER__PRESET", "oidc"),
            ("GENKAN_PROVIDERS__OTHER__CLIENT_ID", "b"),
            ("GENKAN_PROVIDERS__OTHER__ISSUER", "https://idp.example.com"),
        ])
        .expect("a configuration");

    let ids: Vec<_> = config.providers.iter().map(|p| (p.id.as_str(), p.client_id.as_str())).collect();
    assert_eq!(ids, [("my-lab", "12345"), ("other", "b")]);
    assert_eq!(config.providers[0].scopes.as_ref().map(Vec::len), Some(2));
}

#[test]
fn a_secret_file_is_read_without_its_last_newline() {
    let given = Given::file("[server]\n");
    let path = given.path("secret");
    std::fs::write(&path, format!("{CANARY}\n\n")).expect("a file");

    let config = given.load(&[("GENKAN_SERVER__SECRET_FILE", path.to_str().expect("text"))]).expect("a configuration");

    assert_eq!(config.server.secret.map(|secret| secret.expose_secret().to_owned()), Some(format!("{CANARY}\n")));
}

#[test]
fn a_secret_file_that_is_missing_empty_or_one_too_many_is_refused() {
    let given = Given::file("[server]\nsecret_file = \"/does/not/exist\"\n");
    assert_eq!(given.refuse(&[]).problem, "the file cannot be read: entity not found");

    let empty = given.path("empty");
    std::fs::write(&empty, "\n").expect("a file");
    assert_eq!(given.refuse(&[("GENKAN_SERVER__SECRET_FILE", empty.to_str().expect("text"))]).problem, "the file is empty");

    let both = given.refuse(&[("GENKAN_SERVER__SECRET", CANARY)]);
    assert_eq!(both.problem, "both secret (from GENKAN_SERVER__SECRET) and secret_file are set");
}

#[test]
fn a_named_file_that_is_missing_is_an_error() {
    let error = load_with(Some(Path::new("/does/not/exist.toml")), Vec::new()).map(|_| ()).expect_err("a refusal");

    assert!(error.to_string().contains("/does/not/exist.toml"), "{error}");
}

#[test]
fn values_out_of_range_are_refused_with_the_range() {
    for (variable, value, expected) in [
        ("GENKAN_PASSWORD__COST", "9", "it must be a whole number from 10 to 16"),
        ("GENKAN_PASSWORD__MIN_LENGTH", "7", "it must be a whole number from 8 to 64"),
        ("GENKAN_SESSION__TTL_SECS", "-1", "it must be a whole number from 60 to 315360000"),
        ("GENKAN_SIGNIN__SIGNUP", "maybe", "it must be one of: open, invitation, closed"),
        ("GENKAN_SIGNIN__REQUIRE_EMAIL", "perhaps", "it must be true or false"),
        ("GENKAN_SERVER__TRUSTED_PROXIES", "10.0.0.0/99", "it must be a list of networks, as in [\"10.0.0.0/8\", \"192.0.2.7/32\"]"),
        ("GENKAN_SERVER__LISTEN", "8080", "it must be an IP address and a port, as in \"127.0.0.1:8080\""),
        ("GENKAN_SERVER__PUBLIC_URL", "", "it must be a URL, as in \"https://accounts.example.com\""),
        ("GENKAN_DATABASE__URL", "mongodb://x", "it is no database URL that is known here"),
        ("GENKAN_LOG__FILTER", "info,genkan=loud", "a level in it is none of off, error, warn, info, debug, trace"),
    ] {
        let error = Given::file("").refuse(&[(variable, value)]);

        assert_eq!((error.problem.as_str(), error.source_name.as_str()), (expected, variable));
    }
}

#[test]
fn the_public_url_is_scheme_host_and_port_alone() {
    for url in ["ftp://a.example", "https://a.example/genkan", "https://a.example/?x=1", "https://a.example/#x", "https://u:p@a.example"] {
        assert_eq!(Given::file("").refuse(&[("GENKAN_SERVER__PUBLIC_URL", url)]).key, "server.public_url", "{url}");
    }
    for url in ["https://a.example", "https://a.example:8443/", "http://localhost:8080", "http://[::1]:8080"] {
        assert!(Given::file("").load(&[("GENKAN_SERVER__PUBLIC_URL", url)]).is_ok(), "{url}");
    }
}

#[test]
fn what_does_not_fit_together_is_refused() {
    for (text, key) in [
        ("[session]\nttl_secs = 60\n", "session.idle_secs"),
        ("[session]\nttl_secs = 100\nidle_secs = 100\n", "session.fresh_secs"),
        ("[http]\nconnect_timeout_secs = 9\n", "http.connect_timeout_secs"),
        ("[http]\ntotal_timeout_secs = 30\n", "http.total_timeout_secs"),
        ("[http]\nca_file = \"genkan.toml\"\n", "http.ca_file"),
        ("[metrics]\nlisten = \"127.0.0.1:8080\"\n", "metrics.listen"),
        ("[metrics]\n", "metrics.listen"),
        ("[signin]\nverify_email = true\n", "signin.verify_email"),
        ("[signin]\nallowed_email_domains = [\"a@example.com\"]\n", "signin.allowed_email_domains"),
        ("[server]\nsecret = \"short\"\n", "server.secret"),
    ] {
        assert_eq!(Given::file(text).refuse(&[]).key, key, "{text}");
    }
}

#[test]
fn allowed_domains_are_brought_into_normal_form() {
    let config = Given::file("[signin]\nallowed_email_domains = [\"Example.COM\", \"例え.テスト\"]\n").load(&[]).expect("a configuration");

    assert_eq!(config.signin.allowed_email_domains, ["example.com", "xn--r8jz45g.xn--zckzah"]);
}

#[test]
fn providers_that_cannot_work_are_refused() {
    for (line, key) in [
        ("issuer = \"http://idp.example.com\"", "providers.my-lab.issuer"),
        ("issuer = \"https://idp.example.com?x=1\"", "providers.my-lab.issuer"),
        ("token_url = \"https://u:p@idp.example.com\"", "providers.my-lab.token_url"),
        ("scopes = [\"openid email\"]", "providers.my-lab.scopes"),
        ("scopes = [\"openid\"]\nrequired_scopes = [\"email\"]", "providers.my-lab.required_scopes"),
        ("[[providers]]\nid = \"my_lab\"\npreset = \"lab\"\nclient_id = \"a\"", "providers.my_lab.id"),
        ("[[providers]]\nid = \"password\"\npreset = \"lab\"\nclient_id = \"a\"", "providers.password.id"),
        ("[[providers]]\nid = \"A/b\"\npreset = \"lab\"\nclient_id = \"a\"", "providers[1].id"),
        ("[[providers]]\nid = \"b\"\npreset = \"lab\"", "providers.b.client_id"),
    ] {
        let error = Given::file(&format!("{LAB}{line}\n")).refuse(&[]);

        assert_eq!(error.key, key, "{error}");
        assert!(error.source_name.contains("genkan.toml line"), "{error}");
    }
    assert!(Given::file(&format!("{LAB}issuer = \"http://127.0.0.1:8081\"\n")).load(&[]).is_ok());
}

#[test]
fn dp_05_no_refusal_shows_the_value_of_a_secret() {
    for secret in KEYS.iter().filter(|key| key.kind == Kind::Secret) {
        let (head, variable) = match secret.section {
            "providers" => (LAB.to_owned(), format!("GENKAN_PROVIDERS__MY_LAB__{}", secret.name.to_uppercase())),
            section => (format!("[{section}]\n"), format!("GENKAN_{}__{}", section.to_uppercase(), secret.name.to_uppercase())),
        };
        let name = secret.name;
        let with = |line: String| Given::file(&format!("{head}{line}\n"));

        for error in [
            with(format!("{name}x = \"{CANARY}\"")).refuse(&[]),
            with(format!("{name} = [\"{CANARY}\"]")).refuse(&[]),
            with(format!("{name} = \"{CANARY}")).refuse(&[]),
            with(format!("{name} = {CANARY}")).refuse(&[]),
            with(format!("{name} = \"{CANARY}\"\n{name}_file = \"/x\"")).refuse(&[]),
            with(format!("{name}_file = \"/x\"")).refuse(&[(&variable, CANARY)]),
            with(String::new()).refuse(&[(&format!("{variable}X"), CANARY)]),
        ] {
            assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
        }
    }
}

#[test]
fn dp_05_a_configuration_shows_no_secret_when_printed_for_debugging() {
    let text =
        format!("[server]\nsecret = \"{CANARY}\"\n[database]\nurl = \"postgres://u:{CANARY}@db\"\n{LAB}client_secret = \"{CANARY}\"\n");

    let config = Given::file(&text).load(&[]).expect("a configuration");

    assert!(!format!("{config:?}").contains("canary"));
}

#[test]
fn dp_05_a_key_of_a_provider_is_named_with_the_provider_and_a_bad_name_is_not_shown() {
    for (text, key) in [
        (format!("{LAB}nope = 1\n"), "providers.my-lab.nope"),
        (format!("{LAB}trust_email = \"perhaps\"\n"), "providers.my-lab.trust_email"),
        (format!("[[providers]]\nid = \"{CANARY}\"\npreset = \"lab\"\nclient_id = \"a\"\n"), "providers[0].id"),
        (format!("{LAB}[[providers]]\nid = \"{CANARY} \"\nnope = 1\n"), "providers[1].nope"),
        (format!("{LAB}[[providers]]\nid = \"{CANARY} \"\n"), "providers[1].preset"),
        ("[[providers]]\npreset = \"lab\"\n".to_owned(), "providers[0].id"),
    ] {
        let error = Given::file(&text).refuse(&[]);

        assert_eq!(error.key, key, "{text}");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}
