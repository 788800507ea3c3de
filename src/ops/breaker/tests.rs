use std::net::{IpAddr, Ipv4Addr};

use chrono::TimeZone as _;

use super::*;
use crate::clock::Clock;

struct Scene {
    breaker: Breaker,
    clock: Clock,
}

impl Scene {
    fn new() -> Self {
        let at = Utc.with_ymd_and_hms(2026, 11, 20, 12, 0, 0).single().expect("a time");
        Self { breaker: Breaker::default(), clock: Clock::fixed(at) }
    }

    fn outcome(&self, client: u8) -> Outcome {
        let client = Client::of(IpAddr::V4(Ipv4Addr::new(192, 0, 2, client)));
        Outcome { attempt: AttemptId::new(&self.clock), client, at: self.clock.now() }
    }

    fn fail(&mut self, times: usize, clients: u8) -> State {
        for (_, client) in (0..times).zip((0..clients).cycle()) {
            self.breaker.fail(self.outcome(client));
        }
        self.breaker.state()
    }

    fn succeed(&mut self) -> State {
        self.breaker.succeed(self.outcome(9));
        self.breaker.state()
    }

    fn probe(&mut self, works: bool) -> State {
        self.breaker.probed(works, self.clock.now());
        self.breaker.state()
    }
}

#[test]
fn dp_01_five_failures_of_three_clients_open_it_after_any_number_of_successes() {
    let mut scene = Scene::new();
    for _ in 0..100 {
        scene.succeed();
    }

    assert_eq!(scene.fail(4, 3), State::Closed);
    assert_eq!(scene.fail(1, 1), State::Open);
    assert_eq!(scene.breaker.turned(), Some(true));
}

#[test]
fn lg_07_one_client_opens_nothing_by_retrying_fifty_times_but_makes_us_look() {
    let mut scene = Scene::new();

    assert_eq!((scene.fail(2, 1), scene.breaker.is_suspect()), (State::Closed, false));
    assert_eq!((scene.fail(48, 1), scene.breaker.is_suspect()), (State::Closed, true));
    assert_eq!((scene.probe(true), scene.breaker.is_suspect()), (State::Closed, false), "the provider works for us");

    assert_eq!(scene.fail(1, 1), State::Closed);
    assert_eq!(scene.probe(false), State::Open, "it does not");
}

#[test]
fn lg_07_one_attempt_counts_once_however_often_it_is_told() {
    let mut scene = Scene::new();
    let outcome = scene.outcome(1);
    for client in 0..50 {
        scene.breaker.fail(Outcome { client: scene.outcome(client).client, ..outcome });
    }

    assert_eq!((scene.breaker.state(), scene.breaker.is_suspect()), (State::Closed, false));
}

#[test]
fn dp_01_two_good_probes_in_a_row_close_it_and_a_bad_one_between_starts_over() {
    let mut scene = Scene::new();
    scene.fail(5, 3);

    assert_eq!([true, false, true].map(|works| scene.probe(works)), [State::Probing, State::Open, State::Probing]);
    assert_eq!(scene.probe(true), State::Closed);
    assert_eq!(scene.fail(4, 3), State::Closed, "what was before is forgotten");
}

#[test]
fn dp_01_somebody_who_signs_in_closes_it_at_once() {
    let mut scene = Scene::new();
    scene.fail(5, 3);

    assert_eq!(scene.succeed(), State::Closed);
    assert_eq!(scene.breaker.turned(), Some(false));
}

#[test]
fn a_failure_now_and_then_opens_nothing() {
    let mut scene = Scene::new();
    for _ in 0..50 {
        scene.fail(1, 1);
        scene.clock.advance(Duration::from_secs(400));
    }

    assert_eq!((scene.breaker.state(), scene.breaker.is_suspect()), (State::Closed, false));
}

#[test]
fn what_others_know_counts_unless_we_know_better() {
    let mut scene = Scene::new();
    let now = scene.clock.now();
    scene.breaker.learn(true, 1, now);
    assert_eq!(scene.breaker.state(), State::Probing);

    scene.succeed();
    scene.breaker.learn(true, 0, now);
    assert_eq!(scene.breaker.state(), State::Closed, "the row is older than what we saw");

    scene.breaker.told(false);
    scene.breaker.learn(true, 0, now);
    assert_eq!(scene.breaker.state(), State::Open);
}

#[test]
fn dp_01_probes_come_seldom_but_often_enough_to_be_done_within_a_minute() {
    let mut pause = Duration::ZERO;
    for _ in 0..20 {
        pause = Breaker::pause_after(pause, false, 255);
        assert!((Duration::from_secs(4)..=LONGEST_PAUSE).contains(&pause), "{pause:?}");
    }
    assert_eq!(pause, LONGEST_PAUSE);
    assert!(pause + Breaker::pause_after(pause, true, 255) < Duration::from_secs(30));
    assert!(Breaker::pause_after(Duration::ZERO, false, 0) < Breaker::pause_after(Duration::ZERO, false, 255));
}
