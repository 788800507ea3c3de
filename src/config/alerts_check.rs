//! Checks where alerts are to go.

use secrecy::{ExposeSecret as _, SecretString};
use sentry::types::Dsn;
use url::Url;

use super::server::is_loopback;
use super::{AlertsConfig, MailConfig};
use crate::domain::email::Email;

/// What is wrong with a key, and what to do about it.
type Fault = (&'static str, String, &'static str);

/// The shortest key of a signature, in characters.
const MIN_SECRET_CHARS: usize = 16;

/// Checks addresses and key; none of them is ever shown.
pub(super) fn check(alerts: &AlertsConfig, mail: Option<&MailConfig>) -> Result<(), Fault> {
    check_letters(alerts, mail)?;
    check_address("alerts.webhook_url", alerts.webhook_url.as_ref())?;
    check_address("alerts.slack_url", alerts.slack_url.as_ref())?;
    if alerts.webhook_url.is_some() && alerts.webhook_secret.is_none() {
        let remedy = "make one with: openssl rand -base64 32";
        return Err(("alerts.webhook_secret", "it is missing: the webhook could not tell us from anybody else".to_owned(), remedy));
    }
    let is_short = |secret: &SecretString| secret.expose_secret().chars().count() < MIN_SECRET_CHARS;
    if alerts.webhook_secret.as_ref().is_some_and(is_short) {
        let problem = format!("it has fewer than {MIN_SECRET_CHARS} characters");
        return Err(("alerts.webhook_secret", problem, "make one with: openssl rand -base64 32"));
    }
    let Some(dsn) = &alerts.sentry_dsn else { return Ok(()) };
    let address = dsn.expose_secret().parse::<Dsn>().ok().map(|dsn| dsn.envelope_api_url());
    match address {
        Some(address) if is_safe(&address) => Ok(()),
        _ => Err(("alerts.sentry_dsn", "it is no DSN, or not https".to_owned(), "copy it from the project's settings, Client Keys")),
    }
}

fn check_letters(alerts: &AlertsConfig, mail: Option<&MailConfig>) -> Result<(), Fault> {
    if !alerts.mail_to.iter().all(|address| Email::parse(address).is_ok()) {
        return Err(("alerts.mail_to", "an item is no e-mail address".to_owned(), "write plain ones, as in [\"ops@example.com\"]"));
    }
    if !alerts.mail_to.is_empty() && mail.is_none() {
        return Err(("alerts.mail_to", "no mail can be sent".to_owned(), "configure [mail], or leave it out"));
    }
    Ok(())
}

fn check_address(key: &'static str, address: Option<&SecretString>) -> Result<(), Fault> {
    let url = address.map(|address| Url::parse(address.expose_secret()));
    match url {
        None => Ok(()),
        Some(Ok(url)) if is_safe(&url) => Ok(()),
        Some(_) => Err((key, "it is no https:// address".to_owned(), "write https://…; http is allowed to this machine only")),
    }
}

fn is_safe(url: &Url) -> bool {
    url.has_host() && (url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut AlertsConfig)) -> Option<&'static str> {
        let mut config = AlertsConfig::default();
        change(&mut config);
        check(&config, None).err().map(|(key, ..)| key)
    }

    #[test]
    fn addresses_are_https_and_a_webhook_has_a_key() {
        let secret = || Some("0123456789abcdef".into());
        assert_eq!(refused(|_| {}), None);
        assert_eq!(refused(|c| c.slack_url = Some("https://hooks.example/T/B/x".into())), None);
        assert_eq!(refused(|c| c.slack_url = Some("http://hooks.example/T/B/x".into())), Some("alerts.slack_url"));
        assert_eq!(refused(|c| c.webhook_url = Some("https://a.example/x".into())), Some("alerts.webhook_secret"));
        assert_eq!(refused(|c| (c.webhook_url, c.webhook_secret) = (Some("http://127.0.0.1:1/x".into()), secret())), None);
        assert_eq!(refused(|c| (c.webhook_url, c.webhook_secret) = (Some("ftp://a.example".into()), secret())), Some("alerts.webhook_url"));
        assert_eq!(refused(|c| c.webhook_secret = Some("short".into())), Some("alerts.webhook_secret"));
        assert_eq!(refused(|c| c.mail_to = vec!["ops@example.com".to_owned()]), Some("alerts.mail_to"), "there is no [mail]");
        assert_eq!(refused(|c| c.sentry_dsn = Some("https://key@sentry.example/42".into())), None);
        for dsn in ["http://key@sentry.example/42", "https://sentry.example/42", "x"] {
            assert_eq!(refused(|c| c.sentry_dsn = Some(dsn.into())), Some("alerts.sentry_dsn"), "{dsn}");
        }
    }
}
