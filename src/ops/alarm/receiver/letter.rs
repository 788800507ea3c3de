//! Mail: one letter to one operator, through the outbox or, to try it, straight to the server.

use std::fmt;
use std::sync::Arc;

use super::NotDelivered;
use crate::clock::Clock;
use crate::config::AlertsConfig;
use crate::domain::ids::RowId;
use crate::mail::{Letter, Post};
use crate::ops::alarm::{Alert, Incident, Turn};
use crate::store::Store;

/// The way of letters, as far as alerts need it.
#[derive(Clone)]
pub struct Mail {
    /// Seals and delivers.
    pub post: Arc<Post>,
    /// Where the outbox is, which tries again for as long as letters are of use; absent: the server is asked at once.
    pub outbox: Option<Store>,
    /// The time.
    pub clock: Clock,
}

/// An operator's address.
pub struct Mailbox {
    mail: Mail,
    to: String,
}

impl Mailbox {
    /// Takes the addresses that the configuration names, one receiver each.
    pub fn list(config: &AlertsConfig, mail: &Mail) -> Vec<Self> {
        config.mail_to.iter().map(|to| Self { mail: mail.clone(), to: to.clone() }).collect()
    }

    /// Writes a letter into the outbox, or hands it to the server.
    ///
    /// # Errors
    ///
    /// [`NotDelivered`], with the server's status if it gave one.
    pub async fn deliver(&self, alert: &Alert) -> Result<u16, NotDelivered> {
        let (letter, Mail { post, outbox, clock }) = (self.write(alert), &self.mail);
        let Some(outbox) = outbox else {
            let sent = post.deliver(RowId::new(clock), &letter, clock.now().into()).await;
            return sent.map(|()| OK).map_err(|error| NotDelivered {
                reason: error.reason,
                status: error.smtp_status,
                retry_after: None,
                is_final: error.is_final,
            });
        };
        let written = outbox.insert_mail(post.seal(&letter, clock)).await;
        written.map(|()| OK).map_err(|_| NotDelivered { reason: "no database", status: None, retry_after: None, is_final: false })
    }

    fn write(&self, alert: &Alert) -> Letter {
        let Incident { id, kind, provider, failures, opened_at, resolved_at, .. } = &alert.incident;
        let subject = match alert.turn {
            Turn::Raised => format!("[genkan] {provider}: {}", kind.headline()),
            Turn::Resolved => format!("[genkan] {provider}: over: {}", kind.headline()),
            Turn::Test => "[genkan] a test of the alerts".to_owned(),
        };
        let time = |at: &chrono::DateTime<chrono::Utc>| at.format("%Y-%m-%d %H:%M:%S UTC").to_string();
        let mut facts = vec![format!("Incident: {id}"), format!("Kind: {}", kind.as_str()), format!("Raised: {}", time(opened_at))];
        facts.extend(resolved_at.as_ref().map(|at| format!("Over: {}", time(at))));
        facts.push(format!("Failures: {failures}"));
        Letter::new(&self.to, &subject, &[alert.summary(), facts.join("\n")])
    }
}

/// What SMTP says when a letter is taken (RFC 5321 §4.2.3).
const OK: u16 = 250;

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailbox")
    }
}
