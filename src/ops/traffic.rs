//! How sign-ins went, step by step over an hour, a day or a week: what the pictures are made of.

use std::collections::BTreeSet;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};

use super::record::Outcome;
use crate::signin::failure::Category;
use crate::store::counts::{CountPoint, Width};
use crate::store::{Store, StoreError};

/// How far back to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// The last hour, by five minutes.
    Hour,
    /// The last day, by the hour.
    Day,
    /// The last week, by six hours.
    Week,
}

impl Range {
    /// Every range, the shortest first.
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Week];

    /// Returns the word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    /// Finds a range by its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|range| range.as_str() == word)
    }

    /// Returns how long one step is.
    pub fn step(self) -> TimeDelta {
        match self {
            Self::Hour => TimeDelta::minutes(5),
            Self::Day => TimeDelta::hours(1),
            Self::Week => TimeDelta::hours(6),
        }
    }

    /// Returns how many steps there are.
    pub fn steps(self) -> i32 {
        match self {
            Self::Hour => 12,
            Self::Day => 24,
            Self::Week => 28,
        }
    }

    /// Returns where the first step begins, so that the last one holds `now`.
    pub fn since(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let last = now.duration_trunc(self.step()).unwrap_or(now);
        last - self.step() * (self.steps() - 1)
    }

    fn width(self) -> Width {
        match self {
            Self::Hour => Width::FiveMinutes,
            Self::Day | Self::Week => Width::Hour,
        }
    }
}

/// Everything that was counted within a range.
#[derive(Clone, Debug)]
pub struct Traffic {
    range: Range,
    since: DateTime<Utc>,
    points: Vec<CountPoint>,
}

impl Traffic {
    /// Reads what was counted until now.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn read(store: &Store, range: Range, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let since = range.since(now);
        let until = since + range.step() * range.steps();
        Ok(Self { range, since, points: store.list_counts(since, until, range.width()).await? })
    }

    /// Returns the range.
    pub fn range(&self) -> Range {
        self.range
    }

    /// Returns when each step begins.
    pub fn starts(&self) -> impl Iterator<Item = DateTime<Utc>> {
        (0..self.range.steps()).map(|step| self.since + self.range.step() * step)
    }

    /// Returns what is left of one provider; the empty name is that of passwords and of what named no provider.
    #[must_use]
    pub fn of(&self, provider: &str) -> Self {
        let points = self.points.iter().filter(|point| point.provider == provider).cloned().collect();
        Self { points, ..*self }
    }

    /// Returns the providers that anything was counted of.
    pub fn providers(&self) -> BTreeSet<&str> {
        self.points.iter().map(|point| point.provider.as_str()).filter(|name| !name.is_empty()).collect()
    }

    /// Returns the sum of some outcomes in each step.
    pub fn series(&self, outcomes: &[Outcome]) -> Vec<u64> {
        let steps = usize::try_from(self.range.steps()).unwrap_or(0);
        let mut sums = vec![0_u64; steps];
        for point in self.points.iter().filter(|point| is_one_of(point, outcomes)) {
            let step = (point.at - self.since).num_seconds().div_euclid(self.range.step().num_seconds());
            if let Some(sum) = usize::try_from(step).ok().and_then(|step| sums.get_mut(step)) {
                *sum += point.total;
            }
        }
        sums
    }

    /// Returns the sum of some outcomes.
    pub fn total(&self, outcomes: &[Outcome]) -> u64 {
        self.points.iter().filter(|point| is_one_of(point, outcomes)).map(|point| point.total).sum()
    }

    /// Returns how many succeeded of a hundred that ended; cancels say nothing about a provider and are left out.
    pub fn success_percent(&self) -> Option<u64> {
        let good = self.total(&SUCCEEDED);
        let bad = self.total(&[Category::BrowserEnvironment, Category::IdpOutage, Category::Other].map(Outcome::Failed));
        // Rounded down: a hundred means that nothing failed.
        (good * 100).checked_div(good + bad)
    }

    /// Returns how many attempts began and did not come back, among those that have had `attempt_ttl` to do so.
    pub fn lost(&self, attempt_ttl: TimeDelta, now: DateTime<Utc>) -> u64 {
        let width = if self.range == Range::Hour { TimeDelta::minutes(5) } else { TimeDelta::hours(1) };
        let is_over = |point: &&CountPoint| point.at + width + attempt_ttl <= now;
        let sum = |outcome: Outcome| -> u64 {
            self.points.iter().filter(is_over).filter(|point| is_one_of(point, &[outcome])).map(|point| point.total).sum()
        };
        sum(Outcome::Begun).saturating_sub(sum(Outcome::Returned))
    }
}

/// What counts as a sign-in that went well.
pub const SUCCEEDED: [Outcome; 2] = [Outcome::SignedIn, Outcome::Linked];

fn is_one_of(point: &CountPoint, outcomes: &[Outcome]) -> bool {
    outcomes.iter().any(|outcome| outcome.as_str() == point.outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn point(time: &str, provider: &str, outcome: Outcome, total: u64) -> CountPoint {
        CountPoint { at: at(time), provider: provider.to_owned(), outcome: outcome.as_str().to_owned(), total }
    }

    fn traffic(range: Range, points: Vec<CountPoint>) -> Traffic {
        Traffic { range, since: range.since(at("2026-11-21T12:34:56Z")), points }
    }

    #[test]
    fn a_range_ends_with_the_step_that_holds_now() {
        let now = at("2026-11-21T12:34:56Z");

        for (range, first) in
            [(Range::Hour, "2026-11-21T11:35:00Z"), (Range::Day, "2026-11-20T13:00:00Z"), (Range::Week, "2026-11-14T18:00:00Z")]
        {
            assert_eq!(range.since(now), at(first), "{range:?}");
            assert_eq!(Range::parse(range.as_str()), Some(range));
            assert!(range.since(now) + range.step() * range.steps() > now);
        }
    }

    #[test]
    fn counts_are_put_into_their_steps_and_added_up() {
        let outage = Outcome::Failed(Category::IdpOutage);
        let traffic = traffic(
            Range::Week,
            vec![
                point("2026-11-14T18:00:00Z", "lab", outage, 1),
                point("2026-11-14T23:00:00Z", "github", outage, 2),
                point("2026-11-21T12:00:00Z", "lab", outage, 4),
                point("2026-11-21T12:00:00Z", "lab", Outcome::SignedIn, 8),
                point("2026-11-21T12:00:00Z", "", Outcome::SignedIn, 16),
            ],
        );

        let all = traffic.series(&[outage]);
        assert_eq!((all.len(), all[0], all[27], traffic.total(&[outage])), (28, 3, 4, 7));
        assert_eq!((traffic.of("lab").total(&[outage]), traffic.of("").total(&SUCCEEDED)), (5, 16));
        assert_eq!(traffic.providers().into_iter().collect::<Vec<_>>(), ["github", "lab"]);
    }

    #[test]
    fn a_hundred_per_cent_means_that_nothing_failed_and_cancels_do_not_count() {
        let time = "2026-11-21T12:00:00Z";
        let good = point(time, "lab", Outcome::SignedIn, 999);
        let cancelled = point(time, "lab", Outcome::Failed(Category::UserCancelled), 50);
        let failed = point(time, "lab", Outcome::Failed(Category::Other), 1);

        assert_eq!(traffic(Range::Day, vec![good.clone(), cancelled.clone()]).success_percent(), Some(100));
        assert_eq!(traffic(Range::Day, vec![good, failed]).success_percent(), Some(99));
        assert_eq!(traffic(Range::Day, vec![cancelled]).success_percent(), None);
    }

    #[test]
    fn attempts_that_may_still_be_away_are_not_lost() {
        let begun = |time| point(time, "lab", Outcome::Begun, 5);
        let points = vec![
            begun("2026-11-21T12:15:00Z"),
            point("2026-11-21T12:15:00Z", "lab", Outcome::Returned, 3),
            begun("2026-11-21T12:20:00Z"),
            begun("2026-11-21T12:30:00Z"),
        ];

        let lost = traffic(Range::Hour, points).lost(TimeDelta::seconds(600), at("2026-11-21T12:34:56Z"));

        assert_eq!(lost, 2, "the last two have until 12:35 and 12:45");
    }
}
