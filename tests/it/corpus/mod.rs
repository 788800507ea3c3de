//! The failures of real providers, case by case through the real routes.
//!
//! `tests/corpus/failures.json` has them; its README is `docs/corpus.md`. Each case has
//! a provider of its own within one genkan, so that no case meets another's caches.

mod case;
mod judge;
mod play;
mod presets;
mod transport;
mod world;

use futures_util::future::join_all;

use self::case::{Case, Wire};
use self::judge::{judge, words_of};
use self::play::Play;
use self::world::World;
use crate::support::logs;

const FAILURES: &str = include_str!("../../corpus/failures.json");
/// How many providers one genkan has: its sign-in page lists them all.
const AT_ONCE: usize = 24;

/// Plays cases and judges them.
async fn play_all(cases: &[Case], patience_secs: u64) {
    let mut problems = Vec::new();
    let authority = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(authority.path(), transport::AUTHORITY.pem()).expect("a written file");
    for cases in cases.chunks(AT_ONCE) {
        let world = World::of(cases, |config| {
            config.http.total_timeout_secs = patience_secs;
            config.http.ca_file = Some(authority.path().to_owned());
        }).await;
        let plays: Vec<_> = cases.iter().enumerate().map(|(at, case)| Play::new(&world, at, case)).collect();
        let judged = join_all(plays.iter().map(async |play| judge(play, &play.run().await).await)).await;
        problems.extend(judged.into_iter().flatten());
        let log = logs::all_text();
        let seen = plays.iter().flat_map(|play| words_of(play).into_iter().map(|word| (play.case.id.as_str(), word)));
        problems.extend(seen.filter(|(_, word)| log.contains(word.as_str())).map(|(id, word)| format!("{id}: {word:?} stands in the log")));
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

fn cases(is_meant: impl Fn(&Case) -> bool) -> Vec<Case> {
    Case::read_all(FAILURES).into_iter().filter(|case| is_meant(case) && case.decided_by == "generic_rule").collect()
}

#[actix_web::test]
async fn what_the_browser_brings_back_is_named_and_told_once() {
    play_all(&cases(|case| matches!(case.wire, Wire::CallbackQuery { .. } | Wire::CallbackForm { .. })), 8).await;
}

#[actix_web::test]
async fn what_endpoints_answer_is_named_and_told_once() {
    play_all(&cases(|case| matches!(case.wire, Wire::HttpResponse { .. })), 8).await;
}

#[actix_web::test]
async fn what_connections_do_is_named_and_told_once() {
    play_all(&cases(|case| matches!(case.wire, Wire::Transport { .. })), 2).await;
}

#[actix_web::test]
async fn what_is_wrong_with_an_id_token_is_named_and_told_once() {
    play_all(&cases(|case| matches!(case.wire, Wire::IdToken { .. })), 8).await;
}
