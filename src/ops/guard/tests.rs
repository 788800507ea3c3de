use std::net::{IpAddr, Ipv4Addr};

use super::*;
use crate::clock::Clock;

const LOST: Cause = Cause::CodeUnusable;
const DOWN: Cause = Cause::TokenTimeout;

fn client() -> Client {
    Client::of(IpAddr::V4(Ipv4Addr::LOCALHOST))
}

/// One provider, and what was raised about it.
struct Scene {
    guards: Guards,
    provider: ProviderId,
    clock: Clock,
}

impl Scene {
    /// A provider that has worked.
    fn settled() -> Self {
        let scene = Self::fresh();
        scene.guards.note_success(&scene.provider);
        scene
    }

    fn fresh() -> Self {
        Self { guards: Guards::default(), provider: ProviderId::parse("lab").expect("a name"), clock: Clock::system() }
    }

    fn failure(&self, cause: Cause) -> SigninFailure {
        let attempt = Some(AttemptId::new(&self.clock));
        SigninFailure { provider: Some(self.provider.clone()), attempt, ..SigninFailure::new(cause, Stage::Token) }
    }

    /// Fails `times` and returns every guard that has tripped in this incident.
    fn fail(&self, cause: Cause, times: usize) -> Vec<Guard> {
        for _ in 0..times {
            self.guards.note_failure(&self.failure(cause), client());
        }
        self.tripped()
    }

    fn tripped(&self) -> Vec<Guard> {
        self.guards.with(&self.provider, |record| record.tripped.clone())
    }
}

#[test]
fn twenty_failures_of_one_kind_trip_the_guard_and_nineteen_do_not() {
    for cause in [LOST, DOWN] {
        let scene = Scene::settled();
        assert_eq!(scene.fail(cause, RUN_LENGTH - 1), []);
        assert_eq!(scene.fail(cause, 1), [Guard::HundredPerCent]);
    }
}

#[test]
fn an_incident_is_told_once_and_ends_with_a_success() {
    let scene = Scene::settled();
    assert_eq!(scene.fail(DOWN, 3 * RUN_LENGTH), [Guard::HundredPerCent]);

    scene.guards.note_success(&scene.provider);

    assert_eq!(scene.fail(DOWN, RUN_LENGTH - 1), []);
    assert_eq!(scene.fail(DOWN, 1), [Guard::HundredPerCent]);
}

#[test]
fn a_success_or_a_failure_of_another_kind_breaks_the_run() {
    let scene = Scene::settled();
    scene.fail(LOST, RUN_LENGTH - 1);
    scene.guards.note_success(&scene.provider);
    assert_eq!(scene.fail(LOST, RUN_LENGTH - 1), []);
    scene.fail(DOWN, 1);
    assert_eq!(scene.fail(LOST, RUN_LENGTH - 1), []);
}

#[test]
fn cancels_and_conflicts_neither_count_nor_break_a_run() {
    let scene = Scene::settled();
    scene.fail(LOST, RUN_LENGTH - 1);
    assert_eq!(scene.fail(Cause::ConsentDenied, RUN_LENGTH), []);
    let conflict = SigninFailure { stage: Stage::Account, ..scene.failure(Cause::EmailTaken) };
    scene.guards.note_failure(&conflict, client());

    assert_eq!(scene.fail(LOST, 1), [Guard::HundredPerCent]);
}

#[test]
fn failures_that_are_ours_anyway_trip_only_the_first_contact() {
    assert_eq!(Scene::settled().fail(Cause::ClientRefused, 2 * RUN_LENGTH), []);
    assert_eq!(Scene::fresh().fail(Cause::ClientRefused, 2 * RUN_LENGTH), [Guard::FirstContact]);
}

#[test]
fn a_provider_that_never_worked_is_suspect_after_three_failures() {
    let scene = Scene::fresh();
    assert_eq!(scene.fail(Cause::ConsentDenied, FIRST_FAILURES), []);
    assert_eq!(scene.fail(LOST, FIRST_FAILURES - 1), []);
    assert_eq!(scene.fail(DOWN, 1), [Guard::FirstContact]);
    assert_eq!(scene.fail(DOWN, RUN_LENGTH - 1), [Guard::FirstContact, Guard::HundredPerCent]);
}

#[test]
fn lg_07_forged_callbacks_and_reloads_trip_nothing() {
    for scene in [Scene::settled(), Scene::fresh()] {
        let forged = SigninFailure { attempt: None, ..scene.failure(Cause::StateUnknown) };
        let reloaded = scene.failure(Cause::AttemptRepeated);
        for failure in [forged, reloaded] {
            for _ in 0..3 * RUN_LENGTH {
                scene.guards.note_failure(&failure, client());
            }
        }
        assert_eq!(scene.tripped(), []);
    }
}

#[test]
fn our_own_faults_are_not_the_providers() {
    let scene = Scene::fresh();
    assert_eq!(scene.fail(Cause::StoreUnavailable, RUN_LENGTH), []);
}

#[test]
fn one_provider_says_nothing_about_another() {
    let scene = Scene::settled();
    scene.fail(DOWN, RUN_LENGTH);
    let other = ProviderId::parse("other").expect("a name");

    scene.guards.note_success(&other);

    assert_eq!(scene.tripped(), [Guard::HundredPerCent]);
}
