//! The failures of real providers, case by case through the real routes.
//!
//! `tests/corpus/failures.json` has them; its README is `docs/corpus.md`. Each case has
//! a provider of its own within one genkan, so that no case meets another's caches.

mod case;
mod fuzz;
mod judge;
mod play;
pub mod presets;
mod states;
mod tables;
mod transport;
mod world;

use futures_util::future::join_all;

use self::case::{Case, Wire};
use self::judge::{judge, words_of};
use self::play::Play;
use self::tables::{NEVER_REACHES_US, NOT_PLAYED, ONLY_OPENID, OTHER_REMEDY, WAITING_FOR_DIALECT};
use self::world::World;
use crate::support::logs;

const FAILURES: &str = include_str!("../../corpus/failures.json");
/// Cases of our own, in the same form: what a provider that nobody has met yet may do.
const MORE: &str = include_str!("../../corpus/more.json");
/// How many providers one genkan has: its sign-in page lists them all.
const AT_ONCE: usize = 24;

/// Plays cases, each at a provider of its own, and judges them.
async fn play_all(cases: &[Case], patience_secs: u64) {
    let authority = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(authority.path(), transport::AUTHORITY.pem()).expect("a written file");
    let mut problems = Vec::new();
    for cases in cases.chunks(AT_ONCE) {
        let world = World::of(cases, |config| {
            config.http.total_timeout_secs = patience_secs;
            config.http.ca_file = Some(authority.path().to_owned());
        });
        problems.extend(play_in(&world.await, cases).await);
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

/// Plays cases in a world that was made for them, and returns what was wrong.
async fn play_in(world: &World, cases: &[Case]) -> Vec<String> {
    let plays = join_all(cases.iter().enumerate().map(|(at, case)| Play::new(world, at, case))).await;
    let mut problems = join_all(plays.iter().map(async |play| judge(play, &play.run().await).await)).await.concat();
    let log = logs::all_text();
    for play in &plays {
        let seen = words_of(play).into_iter().filter(|word| log.contains(word.as_str()));
        problems.extend(seen.map(|word| format!("{}: {word:?} stands in the log", play.case.id)));
    }
    problems
}

/// Returns the cases that are played, of one kind.
fn cases(is_meant: impl Fn(&Wire) -> bool) -> Vec<Case> {
    Case::read_all(FAILURES).into_iter().filter(|case| is_meant(&case.wire) && !is_left_out(&case.id)).collect()
}

fn is_left_out(id: &str) -> bool {
    NEVER_REACHES_US.contains(&id) || NOT_PLAYED.iter().any(|(other, _)| *other == id)
}

#[actix_web::test]
async fn what_the_browser_brings_back_is_named_and_told_once() {
    play_all(&cases(|wire| matches!(wire, Wire::CallbackQuery { .. } | Wire::CallbackForm { .. })), 8).await;
}

#[actix_web::test]
async fn what_endpoints_answer_is_named_and_told_once() {
    play_all(&cases(|wire| matches!(wire, Wire::HttpResponse { .. })), 8).await;
}

#[actix_web::test]
async fn what_connections_do_is_named_and_told_once() {
    play_all(&cases(|wire| matches!(wire, Wire::Transport { .. })), 2).await;
}

#[actix_web::test]
async fn what_is_wrong_with_an_id_token_is_named_and_told_once() {
    play_all(&cases(|wire| matches!(wire, Wire::IdToken { .. })), 8).await;
}

#[actix_web::test]
async fn what_happens_to_ourselves_is_named_and_told_once() {
    let mut problems = Vec::new();
    for case in cases(|wire| matches!(wire, Wire::ServerState {})) {
        // The second provider is the one that the first is mixed up with.
        let world = World::of(&[case.clone(), case.clone()], |config| states::configure(&case.id, config)).await;
        problems.extend(play_in(&world, &[case]).await);
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

#[actix_web::test]
async fn cases_that_are_not_in_the_corpus_are_named_by_the_same_rules() {
    play_all(&Case::read_all(MORE), 4).await;
}

/// The same answers mean the same where there is no ID Token.
#[actix_web::test]
async fn plain_oauth_2_answers_are_named_by_the_same_rules() {
    let mut cases = [Case::read_all(FAILURES), Case::read_all(MORE)].concat();
    cases.retain(|case| {
        case.is_for_plain_oauth() && case.provider == "any" && !ONLY_OPENID.contains(&case.id.as_str()) && !is_left_out(&case.id)
    });
    for case in &mut cases {
        case.provider = "oauth2".to_owned();
    }
    play_all(&cases, 4).await;
}

#[actix_web::test]
async fn dp_07_answers_made_by_chance_are_each_told_once() {
    let endpoints = ["token", "userinfo", "discovery", "jwks"];
    let answers = endpoints.map(|endpoint| fuzz::answers(endpoint, AT_ONCE)).concat();
    play_all(&[answers, fuzz::queries(2 * AT_ONCE), fuzz::tokens(AT_ONCE)].concat(), 4).await;
}

#[test]
fn every_case_is_played_or_has_its_reason() {
    let all = Case::read_all(FAILURES);
    let is_known = |id: &str| all.iter().any(|case| case.id == id);

    let left_out = all.iter().filter(|case| is_left_out(&case.id)).count();
    let never: Vec<_> = all.iter().filter(|case| case.decided_by == "never_reaches_us").map(|case| case.id.as_str()).collect();

    assert_eq!((all.len(), left_out), (252, NEVER_REACHES_US.len() + NOT_PLAYED.len()));
    assert_eq!(never, NEVER_REACHES_US);
    assert!(WAITING_FOR_DIALECT.iter().all(|(id, reason)| is_known(id) && !reason.is_empty()));
    assert!(OTHER_REMEDY.iter().all(|(id, _, reason)| is_known(id) && !reason.is_empty()));
}
