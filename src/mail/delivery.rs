//! Sends what waits in the outbox: when what is tried, and what becomes of it.
//!
//! Any number of replicas may do it: a letter is claimed for a while, sent outside of
//! every transaction, and forgotten. A replica that dies in between leaves it to the
//! others, so a letter can arrive twice, but never not at all while a server takes it.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use tokio::time::sleep;

use super::Post;
use super::post::DeliveryError;
use crate::clock::Clock;
use crate::ops::metrics;
use crate::random;
use crate::store::outbox::ClaimedMail;
use crate::store::{Store, StoreError};

/// How often the outbox is looked at while there is nothing in it.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How many letters are on their way at once.
const BATCH: u32 = 8;
/// How long to wait after each try that failed; after the last the letter is dead.
const PAUSES_SECS: [i64; 8] = [15, 60, 300, 900, 3600, 10_800, 21_600, 43_200];

/// Everything that delivering needs.
pub struct Delivery {
    /// Where letters wait.
    pub store: Store,
    /// The way to the mail server.
    pub post: Arc<Post>,
    /// The time.
    pub clock: Clock,
}

impl Delivery {
    /// Sends whatever comes, until it is dropped.
    pub async fn run(self) {
        loop {
            match self.send_due().await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => {
                    log::warn!(target: "genkan::mail", event = "outbox_unreachable", problem = error.to_string(); "mail has to wait");
                }
            }
            sleep(LOOK_EVERY).await;
        }
    }

    /// Sends what is due, a few letters at once; returns how many it tried.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the outbox cannot be read.
    pub async fn send_due(&self) -> Result<usize, StoreError> {
        let lease = self.post.timeout * 2 + LOOK_EVERY;
        let claimed = self.store.claim_mail(self.clock.now(), lease, BATCH).await?;
        join_all(claimed.iter().map(|mail| self.send(mail))).await;
        if !claimed.is_empty() {
            metrics::set_mail(self.store.count_mail().await?);
        }
        Ok(claimed.len())
    }

    async fn send(&self, mail: &ClaimedMail) {
        let sent = match self.post.open(mail) {
            Some(letter) => self.post.deliver(mail.id, &letter, self.clock.now().into()).await,
            None => Err(DeliveryError { reason: "sealed_otherwise", smtp_status: None, is_final: true }),
        };
        let recorded = match sent {
            Ok(()) => {
                metrics::count_mail("delivered");
                log::debug!(target: "genkan::mail", event = "mail_delivered", mail = mail.id.to_string(), tries = mail.tries + 1; "mail delivered");
                self.store.delete_mail(mail.id).await
            }
            Err(error) => self.put_back(mail, &error).await,
        };
        if let Err(error) = recorded {
            log::warn!(target: "genkan::mail", event = "outbox_unreachable", problem = error.to_string(); "what became of a mail was not written");
        }
    }

    async fn put_back(&self, mail: &ClaimedMail, error: &DeliveryError) -> Result<(), StoreError> {
        let now = self.clock.now();
        let pause = usize::try_from(mail.tries).ok().and_then(|tries| PAUSES_SECS.get(tries)).filter(|_| !error.is_final);
        let due_at = pause.map(|secs| now + TimeDelta::seconds(with_jitter(*secs)));
        let (id, tries) = (mail.id.to_string(), mail.tries + 1);
        let (reason, smtp_status) = (error.reason, error.smtp_status);
        if due_at.is_some() {
            metrics::count_mail("deferred");
            log::warn!(target: "genkan::mail", event = "mail_deferred", mail = id, tries = tries, reason = reason, smtp_status = smtp_status; "mail is tried again later");
        } else {
            metrics::count_mail("dead");
            log::error!(target: "genkan::mail", event = "mail_dead", mail = id, tries = tries, reason = reason, smtp_status = smtp_status; "mail is given up");
        }
        self.store.return_mail(mail.id, due_at, now).await
    }
}

/// Adds up to a quarter, so that letters which failed together do not come back together.
fn with_jitter(secs: i64) -> i64 {
    let [chance] = random::bytes::<1>();
    secs + secs * i64::from(chance) / 1024
}
