use chrono::TimeZone as _;

use super::*;

fn provider(name: &str) -> ProviderId {
    ProviderId::parse(name).expect("a provider name")
}

fn clock() -> Clock {
    Clock::fixed(Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).single().expect("a time"))
}

fn begin(clock: &Clock, return_to: Option<&str>) -> Attempt {
    Attempt::new(clock, &provider("lab"), Purpose::SignIn, return_to.and_then(ReturnTo::parse), None)
}

#[test]
fn so_01_state_nonce_and_verifier_are_the_attempts_own_and_differ() {
    let (one, two) = (begin(&clock(), None), begin(&clock(), None));

    assert_ne!(one.state(), two.state());
    assert_ne!(one.state(), one.nonce());
    assert_ne!(one.nonce(), one.code_verifier());
    assert_eq!(one.code_verifier().len(), 43);
    assert_eq!(one.state(), one.clone().state());
}

#[test]
fn ten_attempts_are_found_in_any_order_and_the_eleventh_pushes_the_oldest_out() {
    let mut attempts = Attempts::default();
    let all: Vec<_> = (0..11).map(|_| begin(&clock(), Some("/account"))).collect();
    for attempt in &all {
        attempts.push(attempt.clone());
    }

    assert_eq!(attempts.find_by_state(&all[0].state()), None);
    for attempt in all[1..].iter().rev() {
        assert_eq!(attempts.find_by_state(&attempt.state()), Some(attempt));
    }
}

#[test]
fn se_08_long_return_targets_never_outgrow_the_cookie() {
    let mut attempts = Attempts::default();
    for _ in 0..20 {
        attempts.push(begin(&clock(), Some(&format!("/{}", "a".repeat(500)))));
    }

    assert!(attempts.size() <= MAX_ATTEMPTS_BYTES);
    assert!(!attempts.is_empty());
}

#[test]
fn a_finished_attempt_is_known_again_by_its_state_alone() {
    let (attempt, other) = (begin(&clock(), Some("/account")), begin(&clock(), None));
    let mut attempts = Attempts::default();
    attempts.push(attempt.clone());
    attempts.finish(&attempt);

    assert_eq!(attempts.find_by_state(&attempt.state()), None);
    assert_eq!(attempts.find_finished(&attempt.state()).and_then(|f| f.return_to.clone()), attempt.return_to);
    assert_eq!(attempts.find_finished(&other.state()), None);
    assert_eq!(attempts.find_finished("short"), None);
}

#[test]
fn an_attempt_expires_and_is_forgotten_later() {
    let clock = clock();
    let ttl = Duration::from_secs(600);
    let attempt = begin(&clock, None);
    let mut attempts = Attempts::default();
    attempts.push(attempt.clone());

    clock.advance(Duration::from_secs(601));
    attempts.drop_stale(clock.now(), ttl);
    assert!(attempt.is_expired(clock.now(), ttl));
    assert!(!attempts.is_pending(&provider("lab"), clock.now(), ttl));
    assert!(attempts.find_by_state(&attempt.state()).is_some());

    clock.advance(Duration::from_secs(600));
    attempts.drop_stale(clock.now(), ttl);
    assert!(attempts.is_empty());
}
