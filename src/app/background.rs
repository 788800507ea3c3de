//! What runs beside the requests: forgetting, looking for keys, sending mail, telling clients, keeping the record, the rounds of the patrol.

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use actix_web::{rt, web};
use futures_util::future::BoxFuture;
use tokio::time::{Interval, MissedTickBehavior, interval};
use url::Url;

use crate::config::Config;
use crate::domain::identity::ProviderId;
use crate::issuer::backchannel::{Deliver, Undelivered};
use crate::keys;
use crate::mail::delivery::Delivery;
use crate::ops::patrol::Patrol;
use crate::provider::outbound::{CallFault, Outbound};
use crate::web::state::AppState;

/// How often expired rows are removed.
const SWEEP_EVERY: Duration = Duration::from_secs(300);
/// How often clients are told of sessions that have ended.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// How often what clients did not get is written for their owners.
const NOTE_EVERY: Duration = Duration::from_secs(1);

/// The tasks of a running server.
pub(super) struct Background(Vec<JoinHandle<()>>);

impl Background {
    /// Starts every task.
    pub(super) fn start(state: &web::Data<AppState>, patrol: Arc<Patrol>) -> Self {
        let signin = &state.signin;
        let mut tasks = vec![
            rt::spawn(sweep(state.clone())),
            rt::spawn(reload_keys(state.clone())),
            rt::spawn(record(state.clone())),
            rt::spawn(follow_rules(state.clone())),
            rt::spawn(async move { patrol.run().await }),
        ];
        if signin.config.issuer.enabled {
            tasks.push(rt::spawn(tell_clients(state.clone())));
            tasks.push(rt::spawn(note_refusals(state.clone())));
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

/// Writes the failure record as it grows.
async fn record(state: web::Data<AppState>) {
    state.signin.watch.recorder.run(&state.signin.store).await;
}

/// Keeps up with the operators' rules.
async fn follow_rules(state: web::Data<AppState>) {
    state.signin.watch.rules.follow(&state.signin.store).await;
}

/// Names the providers whose tokens are kept, the disabled ones too: they may come back.
fn keeping(config: &Config) -> Vec<ProviderId> {
    config.providers.iter().filter(|provider| provider.keep_tokens).filter_map(|provider| ProviderId::parse(&provider.id)).collect()
}

/// Removes expired rows every few minutes (security.md DB-12), and tokens that are no longer to be kept (SO-15).
async fn sweep(state: web::Data<AppState>) {
    let mut tick = every(SWEEP_EVERY);
    loop {
        tick.tick().await;
        let signin = &state.signin;
        if let Err(error) = signin.store.delete_tokens_but(keeping(&signin.config)).await {
            log::warn!(target: "genkan::store", event = "sweep_failed"; "tokens that are no longer kept were not removed: {error}");
        }
        if let Err(error) = state.issuer.delete_unused_clients().await {
            log::warn!(target: "genkan::store", event = "sweep_failed"; "clients that nobody uses were not removed: {error}");
        }
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

/// Writes what clients did not get.
async fn note_refusals(state: web::Data<AppState>) {
    let mut tick = every(NOTE_EVERY);
    loop {
        tick.tick().await;
        if let Err(error) = state.issuer.write_refusals().await {
            log::warn!(target: "genkan::issuer", event = "refusals_not_noted"; "what clients did not get was not noted for their owners: {error}");
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
