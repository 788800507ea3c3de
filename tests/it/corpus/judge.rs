//! What has to hold for every case, whatever went wrong.

use genkan::signin::failure::Cause;

use super::case::Case;
use super::play::{CODE, Play};
use super::states::{self, Who};
use super::tables::{OTHER_REMEDY, WAITING_FOR_DIALECT};
use super::world::{access_token, path};
use crate::support::browser::{Flash, Page};
use crate::support::logs::{self, Record};

/// Judges the answer of a case; returns what is wrong.
pub async fn judge(play: &Play<'_>, answer: &Page) -> Vec<String> {
    let mut problems = Vec::new();
    if play.case.remedy == "none" {
        expect_nothing(answer, &mut problems);
    } else {
        expect_failure(play, answer, &mut problems).await;
    }
    if times_sent(play) > 1 {
        problems.push("the code was sent more than once".to_owned());
    }
    let expected = states::afterwards(&play.case.id, play.is_signed_in);
    let found = who(play).await;
    if expected != Who::Unknown && found != expected {
        problems.push(format!("{found:?} is signed in, not {expected:?}"));
    }
    problems.iter().map(|problem| format!("{}: {problem}", play.case.id)).collect()
}

/// Returns how often the code was sent to the provider.
fn times_sent(play: &Play<'_>) -> usize {
    let sent = play.world.idp.received(&path(&play.name, "token"));
    let is_it = |body: &str| url::form_urlencoded::parse(body.as_bytes()).any(|(name, value)| name == "code" && value == CODE);
    sent.iter().filter(|request| is_it(&request.body)).count()
}

async fn who(play: &Play<'_>) -> Who {
    let me = play.browser.open("/api/me").await;
    match me.status {
        401 => Who::Nobody,
        200 if me.text.contains("hanako") => Who::Hanako,
        200 => Who::Somebody,
        _ => Who::Unknown,
    }
}

/// Expects no word of a failure: neither on a page nor in the log.
fn expect_nothing(answer: &Page, problems: &mut Vec<String>) {
    let lines = lines_of(answer);
    if !lines.is_empty() || answer.status >= 400 {
        problems.push(format!("something was told: {} {lines:?}", answer.status));
    }
}

async fn expect_failure(play: &Play<'_>, answer: &Page, problems: &mut Vec<String>) {
    let Some((landed, flash)) = land(play, answer).await else {
        problems.push(format!("no flash: {} {}", answer.status, answer.header("location")));
        return;
    };
    problems.extend(compare(play.case, &flash));
    problems.extend(read_line(&flash, &lines_of(answer)));
    let text = landed.text.to_lowercase();
    let seen = words_of(play).into_iter().find(|word| text.contains(&word.to_lowercase()));
    problems.extend(seen.map(|word| format!("{word:?} stands on the page")));
    if answer.status == 404 {
        return;
    }
    let again = play.landing_browser().open(landing(answer)).await;
    if again.flash().is_some() {
        problems.push("a reload repeats it".to_owned());
    }
}

/// Returns the page that tells of the failure.
async fn land(play: &Play<'_>, answer: &Page) -> Option<(Page, Flash)> {
    let landed = match answer.status {
        303 => play.landing_browser().open(landing(answer)).await,
        // Where no attempt can have begun, there is nowhere to go back to.
        404 => answer.clone(),
        _ => return None,
    };
    let flash = landed.flash()?;
    Some((landed, flash))
}

fn landing(answer: &Page) -> &str {
    answer.header("location")
}

fn compare(case: &Case, flash: &Flash) -> Vec<String> {
    let advice = Cause::from_name(&flash.cause).expect("a cause").remedy().as_str();
    let remedy = OTHER_REMEDY.iter().find(|(id, ..)| *id == case.id).map_or(case.remedy.as_str(), |(_, remedy, _)| remedy);
    let mut problems = Vec::new();
    if case.category == "any" || WAITING_FOR_DIALECT.iter().any(|(id, _)| *id == case.id) {
        return problems;
    }
    if flash.category != case.category {
        problems.push(format!("{} is {}, not {}", flash.cause, flash.category, case.category));
    }
    if advice != remedy {
        problems.push(format!("{} advises {}, not {remedy}", flash.cause, advice));
    }
    problems
}

/// Reads the one line of a flash.
fn read_line(flash: &Flash, lines: &[Record]) -> Option<String> {
    let [line] = lines else { return Some(format!("{} lines: {lines:?}", lines.len())) };
    let level = match flash.category.as_str() {
        "user_cancelled" => log::Level::Debug,
        "browser_environment" => log::Level::Info,
        "idp_outage" => log::Level::Warn,
        _ => log::Level::Error,
    };
    let is_right = line.level == level
        && line.field("reference") == flash.reference
        && line.field("cause") == flash.cause
        && line.field("category") == flash.category;
    (!is_right).then(|| format!("the line is of another failure: {line:?}"))
}

/// Returns the lines about failed sign-ins that a request has left.
fn lines_of(answer: &Page) -> Vec<Record> {
    let lines = logs::with("request", answer.header("x-request-id"));
    lines.into_iter().filter(|line| line.field("event") == "signin_failed").collect()
}

/// Returns what must never be read: secrets, and the provider's own words.
pub fn words_of(play: &Play<'_>) -> Vec<String> {
    let mut words = play.case.foreign_words();
    words.extend([CODE.to_owned(), access_token(&play.name)]);
    words
}
