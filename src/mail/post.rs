//! The way to the mail server, and the seal on what waits for it.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use secrecy::ExposeSecret as _;

use super::Letter;
use crate::clock::Clock;
use crate::config::{Config, ConfigError, MailConfig, MailTls};
use crate::domain::ids::RowId;
use crate::secret::SealingKey;
use crate::store::outbox::{ClaimedMail, NewMail};
use crate::tls;

/// Why a letter was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryError {
    /// The word for the log.
    pub reason: &'static str,
    /// The server's answer (RFC 5321 §4.2), if it gave one.
    pub smtp_status: Option<u16>,
    /// Whether no later try can help: the address is refused.
    pub is_final: bool,
}

/// Seals, opens and delivers letters.
pub struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    domain: String,
    key: SealingKey,
    /// How long one delivery may take.
    pub timeout: Duration,
}

impl Post {
    /// Prepares the way to the configured server; makes no connection. `key` seals what waits.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for an address or certificate that cannot be used.
    pub fn new(mail: &MailConfig, config: &Config, key: SealingKey) -> Result<Self, ConfigError> {
        let from: Mailbox = mail.from.parse().map_err(|_| refuse("mail.from", "it is no e-mail address", "write a plain one"))?;
        let timeout = Duration::from_secs(mail.timeout_secs);
        let hello = config.server.public_url.host_str().unwrap_or("localhost").to_owned();
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&mail.host)
            .port(mail.port())
            .tls(protection(mail, config)?)
            .hello_name(ClientId::Domain(hello))
            .timeout(Some(timeout));
        if let Some((username, password)) = mail.username.as_ref().zip(mail.password.as_ref()) {
            builder = builder.credentials(Credentials::new(username.clone(), password.expose_secret().to_owned()));
        }
        let domain = from.email.domain().to_owned();
        Ok(Self { transport: builder.build(), from, domain, key, timeout })
    }

    /// Seals a letter for the outbox.
    ///
    /// # Panics
    ///
    /// Never: three texts are always JSON.
    pub fn seal(&self, letter: &Letter, clock: &Clock) -> NewMail {
        let (id, now) = (RowId::new(clock), clock.now());
        let plain = serde_json::to_vec(letter).expect("three texts");
        NewMail { id, sealed: self.key.seal(&context(id), &plain), now, expires_at: now + letter.lifetime }
    }

    /// Opens a sealed letter; `None` if it was sealed with another key or for another row.
    pub fn open(&self, mail: &ClaimedMail) -> Option<Letter> {
        serde_json::from_slice(&self.key.open(&context(mail.id), &mail.sealed)?).ok()
    }

    /// Hands one letter to the mail server.
    ///
    /// # Errors
    ///
    /// [`DeliveryError`]; nothing of the letter is in it.
    pub async fn deliver(&self, id: RowId, letter: &Letter, at: SystemTime) -> Result<(), DeliveryError> {
        let unfit = |()| DeliveryError { reason: "unfit", smtp_status: None, is_final: true };
        let to = letter.to.parse().map(|address| Mailbox::new(None, address)).map_err(|_| unfit(()))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&letter.subject)
            .date(at)
            .message_id(Some(format!("<{id}@{}>", self.domain)))
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|_| unfit(()))?;
        let sent = tokio::time::timeout(self.timeout, self.transport.send(message)).await;
        match sent {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(DeliveryError::from(&error)),
            Err(_) => Err(DeliveryError { reason: "timeout", smtp_status: None, is_final: false }),
        }
    }
}

impl From<&SmtpError> for DeliveryError {
    fn from(error: &SmtpError) -> Self {
        let smtp_status = error.status().map(u16::from);
        let reason = match smtp_status {
            Some(_) => "refused",
            None if error.is_timeout() => "timeout",
            None if error.is_tls() || tls::is_untrusted(error) => "tls",
            None if error.is_client() || error.is_response() => "protocol",
            None => "unreachable",
        };
        // 550 to 556 are about this address or letter; 53x about us, which an operator can mend (RFC 5321 §4.2.3, RFC 4954 §6).
        Self { reason, smtp_status, is_final: smtp_status.is_some_and(|status| (550..=556).contains(&status)) }
    }
}

fn context(id: RowId) -> String {
    format!("mail:{id}")
}

fn protection(mail: &MailConfig, config: &Config) -> Result<Tls, ConfigError> {
    if mail.tls == MailTls::None {
        return Ok(Tls::None);
    }
    let mut builder = TlsParameters::builder(mail.host.clone());
    if let Some(file) = &config.http.ca_file {
        let unusable = || refuse("http.ca_file", "holds no certificate that can be used", "name a PEM file");
        let pem = std::fs::read(file).map_err(|_| unusable())?;
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|_| unusable())?);
    }
    let parameters =
        builder.build_rustls().map_err(|_| refuse("mail.tls", "TLS cannot be set up on this machine", "install ca-certificates"))?;
    Ok(if mail.tls == MailTls::Tls { Tls::Wrapper(parameters) } else { Tls::Required(parameters) })
}

fn refuse(key: &str, problem: &str, remedy: &str) -> ConfigError {
    ConfigError { key: key.to_owned(), problem: problem.to_owned(), source_name: "[mail]".to_owned(), remedy: remedy.to_owned() }
}
