use chrono::DateTime;

use super::rule::check;
use super::*;
use crate::domain::identity::ProviderId;
use crate::domain::ids::AttemptId;
use crate::signin::failure::{Cause, ProviderErrorCode, Stage};

fn clock() -> Clock {
    Clock::fixed(DateTime::from_timestamp(1_800_000_000, 0).expect("a time"))
}

fn failure(cause: Cause, stage: Stage, code: &str) -> SigninFailure {
    SigninFailure {
        provider: ProviderId::parse("lab"),
        attempt: Some(AttemptId::new(&clock())),
        provider_error: ProviderErrorCode::clean(code),
        ..SigninFailure::new(cause, stage)
    }
}

fn about_code(code: &str) -> Matcher {
    Matcher { provider_error: ProviderErrorCode::clean(code), ..Matcher::default() }
}

fn about_cause(cause: Cause) -> Matcher {
    Matcher { cause: Some(cause), ..Matcher::default() }
}

/// Makes rules that hold, as [`Rules::refresh`] does; the later is the newer.
fn rules(all: Vec<(Matcher, Gives)>) -> Rules {
    let made = |(seconds, (matcher, gives)): (u64, (Matcher, Gives))| {
        let clock = clock();
        clock.advance(Duration::from_secs(seconds));
        Rule::new(&clock, matcher, gives, "", "test")
    };
    let mut rules: Vec<_> = (0..).zip(all).map(made).collect();
    rules.sort_by_key(|rule| std::cmp::Reverse((rule.matcher.precision(), rule.id)));
    Rules(RwLock::new(Arc::new(Known { version: RulesVersion::default(), rules })))
}

#[test]
fn without_rules_everything_is_as_the_catalogue_says() {
    for cause in Cause::ALL {
        let judgement = Rules::default().judge(&failure(*cause, Stage::Token, ""));

        let category = cause.category();
        assert_eq!(judgement, Judgement { category, level: category.level(), rule: None });
    }
}

#[test]
fn the_most_precise_rule_holds_and_of_equals_the_newest() {
    let precise = Matcher { cause: Some(Cause::TokenRefused), stage: Some(Stage::Token), ..about_code("slow_down") };
    let rules = rules(vec![
        (precise, Gives::Category(Category::IdpOutage)),
        (about_code("slow_down"), Gives::Category(Category::Other)),
        (about_code("slow_down"), Gives::Category(Category::BrowserEnvironment)),
    ]);
    let category = |failure: &SigninFailure| rules.judge(failure).category;

    assert_eq!(category(&failure(Cause::TokenRefused, Stage::Token, "slow_down")), Category::IdpOutage);
    assert_eq!(category(&failure(Cause::TokenRefused, Stage::Profile, "slow_down")), Category::BrowserEnvironment);
    assert_eq!(category(&failure(Cause::TokenRefused, Stage::Token, "other")), Category::Other);
}

#[test]
fn lg_06_no_rule_hides_a_refused_check_or_what_may_be_forged() {
    let rules = rules(vec![
        (about_code("x"), Gives::Category(Category::UserCancelled)),
        (Matcher { category: Some(Category::Other), ..Matcher::default() }, Gives::Level(Level::Debug)),
        (Matcher { category: Some(Category::BrowserEnvironment), ..Matcher::default() }, Gives::Level(Level::Debug)),
    ]);

    for cause in PROTECTED {
        let judgement = rules.judge(&failure(cause, Stage::Callback, "x"));
        assert_eq!((judgement.category, judgement.level), (cause.category(), cause.category().level()), "{cause:?}");
        let refused = check(&about_cause(cause), Gives::Category(Category::UserCancelled));
        assert!(matches!(refused, Err(RuleError::Protected(_))), "{cause:?}: {refused:?}");
        assert!(check(&about_cause(cause), Gives::Level(Level::Error)).is_ok(), "louder is fine: {cause:?}");
    }
    let forged = SigninFailure { attempt: None, ..failure(Cause::TokenRefused, Stage::Token, "x") };
    assert_eq!(rules.judge(&forged).category, Category::Other);
}

#[test]
fn levels_are_the_operators() {
    let rules = rules(vec![
        (Matcher { category: Some(Category::IdpOutage), ..Matcher::default() }, Gives::Level(Level::Error)),
        (about_cause(Cause::TokenTimeout), Gives::Level(Level::Info)),
    ]);
    let level = |cause| rules.judge(&failure(cause, Stage::Token, "")).level;

    assert_eq!(level(Cause::TokenServerError), Level::Error);
    assert_eq!(level(Cause::TokenTimeout), Level::Info, "the cause is more precise");
    assert_eq!(level(Cause::TokenRefused), Level::Error);
}

#[test]
fn a_rule_has_to_be_about_something_and_to_change_something() {
    let everything = Matcher { provider: ProviderId::parse("lab"), ..Matcher::default() };
    let narrowed = Matcher { provider: ProviderId::parse("lab"), ..about_cause(Cause::TokenTimeout) };

    assert!(matches!(check(&everything, Gives::Category(Category::IdpOutage)), Err(RuleError::TooBroad)));
    assert!(matches!(check(&about_cause(Cause::TokenTimeout), Gives::Category(Category::IdpOutage)), Err(RuleError::Idle)));
    assert!(matches!(check(&narrowed, Gives::Level(Level::Info)), Err(RuleError::LevelTarget)));
    assert!(matches!(check(&Matcher::default(), Gives::Level(Level::Info)), Err(RuleError::LevelTarget)));
}

#[test]
fn a_rule_is_read_as_it_was_stored() {
    let level = Matcher { category: Some(Category::Other), ..Matcher::default() };
    let full =
        Matcher { provider: ProviderId::parse("lab"), stage: Some(Stage::Token), cause: Some(Cause::TokenRefused), ..about_code("x") };
    for (matcher, gives) in [(level, Gives::Level(Level::Warn)), (full, Gives::Category(Category::BrowserEnvironment))] {
        let rule = Rule::new(&clock(), matcher, gives, "why\nnot", "hanako");

        assert_eq!(Rule::read(StoredRule::from(&rule)), Some(rule.clone()));
        assert_eq!(rule.note, "whynot");
        let newer = StoredRule { stage: Some("elsewhere".to_owned()), ..StoredRule::from(&rule) };
        assert_eq!(Rule::read(newer), None, "a newer version's words");
    }
}

#[test]
fn an_exported_rule_names_a_cause_of_its_category() {
    for (stage, category, cause) in [
        (Stage::Authorization, Category::UserCancelled, "consent_denied"),
        (Stage::Token, Category::BrowserEnvironment, "code_unusable"),
        (Stage::Token, Category::IdpOutage, "token_server_error"),
        (Stage::Profile, Category::IdpOutage, "profile_server_error"),
    ] {
        let matcher = Matcher { stage: Some(stage), ..about_code("slow_down") };
        let rule = Rule::new(&clock(), matcher, Gives::Category(category), "seen since May", "test");

        let expected = format!("# seen since May\n[[dialect]]\nat = [\"{stage}\"]\ncode = [\"slow_down\"]\ncause = \"{cause}\"\n");
        assert_eq!(rule.to_dialect(), Some(expected));
        assert_eq!(Cause::from_name(cause).map(Cause::category), Some(category));
    }
    let rule = Rule::new(&clock(), about_cause(Cause::TokenRefused), Gives::Category(Category::IdpOutage), "", "test");
    assert_eq!(rule.to_dialect(), None, "a dialect needs a stage and a code");
}
