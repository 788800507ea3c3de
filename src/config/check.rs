//! Checks what one value's kind cannot say: forms, and values that belong together.

use std::net::IpAddr;
use std::path::Path;

use secrecy::ExposeSecret as _;
use url::Url;

use super::alerts_check;
use super::server::is_loopback;
use super::settings::Settings;
use super::{Config, ConfigError, DatabaseConfig, HttpConfig, MailConfig, MailTls, ServerConfig, SessionConfig, SigninConfig};
use crate::domain::email::Email;

/// The shortest master key, in characters.
const MIN_SECRET_CHARS: usize = 32;
/// What the database URL may begin with.
const SCHEMES: [&str; 5] = ["sqlite:", "postgres://", "postgresql://", "mysql://", "mariadb://"];

/// What is wrong with a key, and what to do about it.
type Fault = (&'static str, String, &'static str);

/// Checks everything but the providers; writes domains in their normal form.
///
/// # Errors
///
/// [`ConfigError`] for the first fault.
pub(super) fn check(config: &mut Config, settings: &Settings) -> Result<(), ConfigError> {
    let found = check_server(&config.server)
        .and_then(|()| check_database(&config.database))
        .and_then(|()| check_log_filter(&config.log.filter))
        .and_then(|()| check_metrics(config))
        .and_then(|()| check_session(&config.session))
        .and_then(|()| check_http(&config.http, config.server.request_timeout_secs))
        .and_then(|()| config.mail.as_ref().map_or(Ok(()), check_mail))
        .and_then(|()| check_signin(&mut config.signin))
        .and_then(|()| alerts_check::check(&config.alerts, config.mail.as_ref()));
    found.map_err(|(key, problem, remedy)| ConfigError::new(key, settings.origin(key), problem, remedy))
}

/// Says what is allowed, but seldom meant.
pub fn warnings(config: &Config) -> Vec<String> {
    let mut warnings = Vec::new();
    if !config.server.is_https() && !is_loopback(&config.server.public_url) {
        warnings.push("server.public_url is http and not on this machine: cookies and passwords cross the network in clear".to_owned());
    }
    if config.password.cost < 12 {
        warnings.push("password.cost is below 12: stolen hashes are guessed faster".to_owned());
    }
    warnings
}

fn fault(key: &'static str, problem: impl Into<String>, remedy: &'static str) -> Result<(), Fault> {
    Err((key, problem.into(), remedy))
}

/// Tells whether a URL carries a user name or password.
pub(super) fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn check_server(server: &ServerConfig) -> Result<(), Fault> {
    let url = &server.public_url;
    let remedy = "write scheme, host and perhaps port, as in \"https://accounts.example.com\"";
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return fault("server.public_url", "it must begin with https:// or http:// and name a host", remedy);
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || has_credentials(url) {
        return fault("server.public_url", "it has more than scheme, host and port", remedy);
    }
    let is_short = |secret: &secrecy::SecretString| secret.expose_secret().chars().count() < MIN_SECRET_CHARS;
    if server.secret.as_ref().is_some_and(is_short) {
        return fault(
            "server.secret",
            format!("it has fewer than {MIN_SECRET_CHARS} characters"),
            "make one with: openssl rand -base64 32",
        );
    }
    Ok(())
}

fn check_database(database: &DatabaseConfig) -> Result<(), Fault> {
    let url = database.url.expose_secret();
    if SCHEMES.iter().any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty())) {
        return Ok(());
    }
    fault("database.url", "it is no database URL that is known here", "write sqlite:PATH, postgres://… or mysql://…")
}

/// Checks the levels of a filter; `env_logger` would only mutter and ignore it.
fn check_log_filter(filter: &str) -> Result<(), Fault> {
    let directives = filter.split('/').next().unwrap_or_default().split(',').map(str::trim).filter(|directive| !directive.is_empty());
    let mut levels = directives.filter_map(|directive| directive.split_once('=').map(|(_, level)| level.trim()));
    if levels.all(|level| level.parse::<log::LevelFilter>().is_ok()) {
        return Ok(());
    }
    fault("log.filter", "a level in it is none of off, error, warn, info, debug, trace", "write it as in \"info,genkan=debug\"")
}

fn check_metrics(config: &Config) -> Result<(), Fault> {
    let is_same = config.metrics.as_ref().is_some_and(|metrics| metrics.listen == config.server.listen && metrics.listen.port() != 0);
    if is_same {
        return fault("metrics.listen", "it is the address of the pages", "choose another port: metrics are not for everybody");
    }
    Ok(())
}

fn check_session(session: &SessionConfig) -> Result<(), Fault> {
    if session.idle_secs > session.ttl_secs {
        return fault("session.idle_secs", "it is longer than session.ttl_secs", "make it at most as long");
    }
    if session.fresh_secs > session.ttl_secs {
        return fault("session.fresh_secs", "it is longer than session.ttl_secs", "make it at most as long");
    }
    Ok(())
}

fn check_http(http: &HttpConfig, request_timeout_secs: u64) -> Result<(), Fault> {
    if http.connect_timeout_secs > http.total_timeout_secs {
        return fault("http.connect_timeout_secs", "it is longer than http.total_timeout_secs", "make it at most as long");
    }
    if http.total_timeout_secs >= request_timeout_secs {
        let remedy = "make it shorter, so that the person is told what the provider did";
        return fault("http.total_timeout_secs", "it is as long as server.request_timeout_secs or longer", remedy);
    }
    http.ca_file.as_deref().map_or(Ok(()), check_ca_file)
}

/// Checks that the file holds a certificate in PEM form (RFC 7468 §5).
fn check_ca_file(path: &Path) -> Result<(), Fault> {
    let Ok(bytes) = std::fs::read(path) else {
        return fault("http.ca_file", "the file cannot be read", "check the path and who may read it");
    };
    if String::from_utf8_lossy(&bytes).contains("-----BEGIN CERTIFICATE-----") {
        return Ok(());
    }
    fault("http.ca_file", "the file holds no certificate in PEM form", "convert it with: openssl x509 -inform der -in CERT -out CERT.pem")
}

fn check_mail(mail: &MailConfig) -> Result<(), Fault> {
    if Email::parse(&mail.from).is_err() {
        return fault("mail.from", "it is no e-mail address", "write a plain one, as in \"accounts@example.com\"");
    }
    if mail.host.chars().any(|c| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | ':')) {
        return fault("mail.host", "it is no host name", "write the name alone, as in \"mail.example.com\", and mail.port beside it");
    }
    let is_here = mail.host == "localhost" || mail.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if mail.tls == MailTls::None && !is_here {
        return fault(
            "mail.tls",
            "mail would cross the network in clear, with links that open accounts",
            "use starttls or tls, or a server on this machine",
        );
    }
    match (&mail.username, &mail.password) {
        (Some(_), None) => fault("mail.username", "there is no password beside it", "add mail.password or mail.password_file"),
        (None, Some(_)) => fault("mail.password", "there is no user name beside it", "add mail.username"),
        (Some(_), Some(_)) | (None, None) => Ok(()),
    }
}

fn check_signin(signin: &mut SigninConfig) -> Result<(), Fault> {
    if signin.verify_email {
        let remedy = "leave it false; an address counts as soon as it is registered";
        return fault("signin.verify_email", "this version sends no mail, so nobody could prove an address", remedy);
    }
    for domain in &mut signin.allowed_email_domains {
        match Email::parse(&format!("user@{domain}")) {
            Ok(email) => email.domain().clone_into(domain),
            Err(_) => {
                return fault("signin.allowed_email_domains", "an item is no domain", "write the part behind the @, as in \"example.com\"");
            }
        }
    }
    Ok(())
}
