//! The table of every key: where it stands, what it may hold, what is secret.
//!
//! The structs of this module's siblings say the same in types; a test compares
//! the two. The table is what lets an error name a key without touching its value.

/// What a key may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any text that is not empty.
    Text,
    /// Text that is never shown; `<key>_file` may name a file with it instead.
    Secret,
    /// A path.
    Path,
    /// An address of the web.
    Url,
    /// `host:port` to listen on, the host as a number.
    Listen,
    /// A whole number, from and to.
    Number(u64, u64),
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A list of networks in CIDR notation (RFC 4632 §3.1).
    Networks,
}

/// One key of one section.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// The section, as in `server`.
    pub section: &'static str,
    /// The key, as in `public_url`.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
}

const fn key(section: &'static str, name: &'static str, kind: Kind) -> Key {
    Key { section, name, kind }
}

/// The longest time that a setting may give, in seconds: ten years.
const MAX_SECS: u64 = 10 * 365 * 86_400;
/// The most of anything that is counted in 32 bits.
const MAX_COUNT: u64 = u32::MAX as u64;

/// How we may say who we are at a token endpoint (OIDC Core §9; the raw one does without the form encoding of RFC 6749 §2.3.1).
const CLIENT_AUTHENTICATIONS: [&str; 4] = ["client_secret_basic", "client_secret_basic_raw", "client_secret_post", "none"];

/// Every key there is.
pub(super) const KEYS: &[Key] = &[
    key("server", "listen", Kind::Listen),
    key("server", "public_url", Kind::Url),
    key("server", "other_hosts", Kind::Texts),
    key("server", "trusted_proxies", Kind::Networks),
    key("server", "secret", Kind::Secret),
    key("server", "secret_file", Kind::Path),
    key("server", "workers", Kind::Number(0, 1024)),
    key("server", "shutdown_timeout_secs", Kind::Number(1, 3600)),
    key("server", "request_timeout_secs", Kind::Number(1, 3600)),
    key("database", "url", Kind::Secret),
    key("database", "url_file", Kind::Path),
    key("database", "max_connections", Kind::Number(1, 1000)),
    key("database", "wait_timeout_secs", Kind::Number(1, 60)),
    key("log", "format", Kind::Choice(&["text", "json"])),
    key("log", "filter", Kind::Text),
    key("metrics", "listen", Kind::Listen),
    key("signin", "attempt_ttl_secs", Kind::Number(1, 86_400)),
    key("signin", "signup", Kind::Choice(&["open", "invitation", "closed"])),
    key("signin", "require_email", Kind::Flag),
    key("signin", "require_verified_email", Kind::Flag),
    key("signin", "verify_email", Kind::Flag),
    key("signin", "allowed_email_domains", Kind::Texts),
    key("password", "min_length", Kind::Number(8, 64)),
    key("password", "cost", Kind::Number(10, 16)),
    key("password", "threads", Kind::Number(0, 1024)),
    key("password", "queue", Kind::Number(1, 100_000)),
    key("session", "ttl_secs", Kind::Number(60, MAX_SECS)),
    key("session", "idle_secs", Kind::Number(60, MAX_SECS)),
    key("session", "fresh_secs", Kind::Number(1, MAX_SECS)),
    key("session", "cache_ms", Kind::Number(0, 5_000)),
    key("throttle", "window_secs", Kind::Number(1, 86_400)),
    key("throttle", "per_account", Kind::Number(1, MAX_COUNT)),
    key("throttle", "per_address", Kind::Number(1, MAX_COUNT)),
    key("throttle", "global", Kind::Number(1, MAX_COUNT)),
    key("throttle", "signups_per_address", Kind::Number(1, MAX_COUNT)),
    key("throttle", "requests_per_address", Kind::Number(1, MAX_COUNT)),
    key("throttle", "mails_per_recipient", Kind::Number(1, MAX_COUNT)),
    key("throttle", "mails_per_address", Kind::Number(1, MAX_COUNT)),
    key("throttle", "mails_global", Kind::Number(1, MAX_COUNT)),
    key("ops", "failure_retention_days", Kind::Number(0, 3650)),
    key("issuer", "enabled", Kind::Flag),
    key("issuer", "request_ttl_secs", Kind::Number(60, 86_400)),
    key("issuer", "code_ttl_secs", Kind::Number(1, 60)),
    key("issuer", "access_token_ttl_secs", Kind::Number(30, 86_400)),
    key("issuer", "id_token_ttl_secs", Kind::Number(30, 86_400)),
    key("issuer", "refresh_idle_secs", Kind::Number(60, MAX_SECS)),
    key("issuer", "refresh_ttl_secs", Kind::Number(60, MAX_SECS)),
    key("issuer", "device_code_ttl_secs", Kind::Number(60, 3_600)),
    key("issuer", "device_interval_secs", Kind::Number(1, 60)),
    key("issuer", "password_grant", Kind::Flag),
    key("issuer", "dynamic_registration", Kind::Flag),
    key("issuer", "dynamic_clients", Kind::Number(0, 1_000_000)),
    key("issuer", "dpop_nonce", Kind::Flag),
    key("issuer", "dynamic_unused_days", Kind::Number(0, 3_650)),
    key("issuer", "clients_per_owner", Kind::Number(0, 10_000)),
    key("issuer", "secret_overlap_secs", Kind::Number(0, 2_592_000)),
    key("issuer", "logout_to_loopback", Kind::Flag),
    key("http", "ca_file", Kind::Path),
    key("http", "connect_timeout_secs", Kind::Number(1, 60)),
    key("http", "total_timeout_secs", Kind::Number(1, 60)),
    key("http", "max_calls_per_provider", Kind::Number(1, 10_000)),
    key("alerts", "log", Kind::Flag),
    key("alerts", "webhook_url", Kind::Secret),
    key("alerts", "webhook_url_file", Kind::Path),
    key("alerts", "webhook_secret", Kind::Secret),
    key("alerts", "webhook_secret_file", Kind::Path),
    key("alerts", "slack_url", Kind::Secret),
    key("alerts", "slack_url_file", Kind::Path),
    key("alerts", "sentry_dsn", Kind::Secret),
    key("alerts", "sentry_dsn_file", Kind::Path),
    key("alerts", "mail_to", Kind::Texts),
    key("alerts", "timeout_secs", Kind::Number(1, 60)),
    key("alerts", "tries", Kind::Number(1, 10)),
    key("mail", "host", Kind::Text),
    key("mail", "port", Kind::Number(1, 65_535)),
    key("mail", "tls", Kind::Choice(&["starttls", "tls", "none"])),
    key("mail", "username", Kind::Text),
    key("mail", "password", Kind::Secret),
    key("mail", "password_file", Kind::Path),
    key("mail", "from", Kind::Text),
    key("mail", "timeout_secs", Kind::Number(1, 300)),
    key("providers", "id", Kind::Text),
    key("providers", "preset", Kind::Text),
    key("providers", "client_id", Kind::Text),
    key("providers", "client_secret", Kind::Secret),
    key("providers", "client_secret_file", Kind::Path),
    key("providers", "enabled", Kind::Flag),
    key("providers", "trust_email", Kind::Flag),
    key("providers", "keep_tokens", Kind::Flag),
    key("providers", "name", Kind::Text),
    key("providers", "issuer", Kind::Url),
    key("providers", "authorization_url", Kind::Url),
    key("providers", "token_url", Kind::Url),
    key("providers", "userinfo_url", Kind::Url),
    key("providers", "emails_url", Kind::Url),
    key("providers", "jwks_url", Kind::Url),
    key("providers", "discovery_url", Kind::Url),
    key("providers", "scopes", Kind::Texts),
    key("providers", "required_scopes", Kind::Texts),
    key("providers", "client_authentication", Kind::Choice(&CLIENT_AUTHENTICATIONS)),
    key("providers", "response_mode", Kind::Choice(&["query", "form_post"])),
    key("providers", "tenant", Kind::Text),
    key("providers", "hosted_domain", Kind::Text),
    key("providers", "user_flow", Kind::Text),
    key("providers", "organization", Kind::Text),
    key("providers", "max_age_secs", Kind::Number(0, MAX_SECS)),
    key("providers", "acr_values", Kind::Texts),
    key("providers", "team_id", Kind::Text),
    key("providers", "key_id", Kind::Text),
    key("providers", "private_key", Kind::Secret),
    key("providers", "private_key_file", Kind::Path),
];

/// The keys that have no default: section, key, and an example to write.
pub(super) const REQUIRED: &[(&str, &str, &str)] = &[
    ("metrics", "listen", "listen = \"127.0.0.1:9090\""),
    ("mail", "host", "host = \"mail.example.com\""),
    ("mail", "from", "from = \"accounts@example.com\""),
    ("providers", "preset", "preset = \"oidc\""),
    ("providers", "client_id", "client_id = \"…\""),
];

/// Finds a key.
pub(super) fn find(section: &str, name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.section == section && key.name == name)
}

/// Tells whether there is such a section.
pub(super) fn is_section(section: &str) -> bool {
    KEYS.iter().any(|key| key.section == section)
}

/// Finds the known key that `section.name` most likely was meant to be.
pub(super) fn nearest(section: &str, name: &str) -> Option<&'static Key> {
    let typed = format!("{section}.{name}");
    let distance = |key: &Key| strsim::damerau_levenshtein(&typed, &format!("{}.{}", key.section, key.name));
    let near = KEYS.iter().min_by_key(|key| distance(key)).filter(|key| distance(key) <= 3.max(name.len() / 3));
    near.or_else(|| KEYS.iter().find(|key| key.name == name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use figment::error::Kind as FigmentKind;
    use figment::value::{Dict, Value};

    use super::*;
    use crate::config::{Config, ProviderConfig};

    /// Asks serde which fields a section has, by giving it one that it cannot have.
    fn fields_of(section: &str) -> BTreeSet<String> {
        let unknown = Value::from(Dict::from([("?".to_owned(), Value::from(1))]));
        let kind = if section == "providers" {
            unknown.deserialize::<ProviderConfig>().map(|_| ()).expect_err("an unknown field").kind
        } else {
            let whole = Value::from(Dict::from([(section.to_owned(), unknown)]));
            whole.deserialize::<Config>().map(|_| ()).expect_err("an unknown field").kind
        };
        let FigmentKind::UnknownField(_, fields) = kind else { panic!("{section}: {kind:?}") };
        fields.iter().map(|&field| field.to_owned()).collect()
    }

    #[test]
    fn the_table_holds_exactly_the_fields_of_the_structs() {
        let sections: BTreeSet<_> = KEYS.iter().map(|key| key.section).collect();

        for section in sections {
            let known: BTreeSet<_> = KEYS.iter().filter(|key| key.section == section).map(|key| key.name.to_owned()).collect();
            assert_eq!(known, fields_of(section), "[{section}]");
        }
    }

    #[test]
    fn dp_05_every_secret_can_come_from_a_file() {
        for secret in KEYS.iter().filter(|key| key.kind == Kind::Secret) {
            let file = find(secret.section, &format!("{}_file", secret.name));

            assert_eq!(file.map(|key| key.kind), Some(Kind::Path), "{}.{}", secret.section, secret.name);
        }
    }

    #[test]
    fn a_slip_finds_the_key_that_was_meant() {
        for (section, name, meant) in [
            ("server", "publicurl", Some(("server", "public_url"))),
            ("sever", "listen", Some(("server", "listen"))),
            ("server", "cost", Some(("password", "cost"))),
            ("providers", "client_sercet", Some(("providers", "client_secret"))),
            ("weather", "tomorrow", None),
        ] {
            assert_eq!(nearest(section, name).map(|key| (key.section, key.name)), meant, "{section}.{name}");
        }
    }

    /// Reads a document of this repository.
    fn read(path: &str) -> String {
        std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).expect("a document")
    }

    #[test]
    fn every_key_stands_in_the_readme() {
        let readme = read("README.md");
        for key in KEYS.iter().filter(|key| !key.name.ends_with("_file") || find(key.section, &key.name.replace("_file", "")).is_none()) {
            let section = if key.section == "providers" { "providers[]" } else { key.section };
            let is_told = readme.lines().filter(|line| line.starts_with(&format!("| `{section}."))).any(|row| {
                let keys = row.split('|').nth(1).unwrap_or_default();
                keys.contains(&format!("`{section}.{}`", key.name)) || keys.contains(&format!("`{}`", key.name))
            });
            assert!(is_told, "{section}.{}", key.name);
        }
        assert!(readme.contains(&Config::default().log.filter), "log.filter has another default");
    }

    #[test]
    fn every_key_stands_in_its_section_of_the_documentation() {
        let document = read("docs/configuration.md");
        for key in KEYS {
            let chapters =
                document.split("\n## ").filter(|chapter| chapter.starts_with('`') && chapter.contains(&format!("[{}]", key.section)));
            let mut rows = chapters.flat_map(str::lines).filter_map(|line| line.strip_prefix("| `"));
            let is_told = rows.any(|row| row.split('|').next().is_some_and(|keys| format!("`{keys}").contains(&format!("`{}`", key.name))));
            assert!(is_told, "[{}] {}", key.section, key.name);
        }
    }
}
