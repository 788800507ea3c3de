//! What runs beside the requests: forgetting, looking for keys, sending mail, telling clients.

use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use actix_web::{rt, web};
use futures_util::future::BoxFuture;
use tokio::time::{Interval, MissedTickBehavior, interval};
use url::Url;

use crate::issuer::backchannel::{Deliver, Undelivered};
use crate::keys;
use crate::mail::delivery::Delivery;
use crate::provider::outbound::{CallFault, Outbound};
use crate::web::state::AppState;

/// How often expired rows are removed.
const SWEEP_EVERY: Duration = Duration::from_secs(300);
/// How often clients are told of sessions that have ended.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// The tasks of a running server.
pub(super) struct Background(Vec<JoinHandle<()>>);

impl Background {
    /// Starts every task.
    pub(super) fn start(state: &web::Data<AppState>) -> Self {
        let signin = &state.signin;
        let mut tasks = vec![rt::spawn(sweep(state.clone())), rt::spawn(reload_keys(state.clone()))];
        if signin.config.issuer.enabled {
            tasks.push(rt::spawn(tell_clients(state.clone())));
        }
        if let Some(post) = signin.post.clone() {
            let (store, clock) = (signin.store.clone(), signin.clock.clone());
            tasks.push(rt::spawn(Delivery { store, post, clock }.run()));
        }
        Self(tasks)
    }

    /// Ends every task where it is; each can begin again where it was.
    pub(super) fn stop(self) {
        for task in self.0 {
            task.abort();
        }
    }
}

fn every(period: Duration) -> Interval {
    let mut tick = interval(period);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tick
}

/// Removes expired rows every few minutes (security.md DB-12).
async fn sweep(state: web::Data<AppState>) {
    let mut tick = every(SWEEP_EVERY);
    loop {
        tick.tick().await;
        let signin = &state.signin;
        let gone = signin.keyring.chain.delete_gone().await;
        match signin.store.delete_expired(signin.clock.now()).await.and_then(|rows| Ok(rows + gone?)) {
            Ok(count) => log::debug!(target: "genkan::store", event = "expired_removed", rows = count; "removed expired rows"),
            Err(error) => log::warn!(target: "genkan::store", event = "sweep_failed"; "expired rows were not removed: {error}"),
        }
    }
}

/// Tells clients of sessions that have ended.
async fn tell_clients(state: web::Data<AppState>) {
    let mut tick = every(TELL_EVERY);
    loop {
        tick.tick().await;
        if let Err(error) = state.issuer.tell_ended_sessions().await {
            log::warn!(target: "genkan::issuer", event = "logouts_not_sent"; "clients were not told of ended sessions: {error}");
        }
    }
}

/// Looks for keys that another process made or removed.
async fn reload_keys(state: web::Data<AppState>) {
    let mut tick = every(keys::RELOAD_EVERY);
    tick.tick().await;
    loop {
        tick.tick().await;
        if let Err(error) = state.signin.keyring.chain.reload().await {
            log::warn!(target: "genkan::keys", event = "keys_not_reloaded"; "the keys were not looked at; those that are known stay: {error}");
        }
    }
}

impl Deliver for Outbound {
    fn post<'a>(&'a self, url: &'a Url, name: &'static str, value: &'a str) -> BoxFuture<'a, Result<(), Undelivered>> {
        Box::pin(async move {
            match self.post_form(url, &[(name, value)]).await {
                Ok(200..=299) => Ok(()),
                Ok(_) => Err(Undelivered::Refused),
                Err(CallFault::NotAllowed) => Err(Undelivered::NotAllowed),
                Err(CallFault::NoAnswer) => Err(Undelivered::NoAnswer),
            }
        })
    }
}
