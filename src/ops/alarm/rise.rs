//! Whether a share of bad outcomes has risen against its own base line.
//!
//! Counted are outcomes of the last `RECENT`; the base line is the day before them,
//! of the same provider. A rise wants all of: `MIN_BAD` bad outcomes, a fifth of all
//! bad, and three times the base line (or half-way from it to everything, where that
//! is less). It is over once the share has come half-way back.

use chrono::TimeDelta;

/// How long a bucket is.
pub const BUCKET: TimeDelta = TimeDelta::minutes(10);
/// How many buckets count as recent: the one that is open and the one before.
pub const RECENT: i32 = 2;
/// How far back the base line reaches.
pub const BASE: TimeDelta = TimeDelta::hours(24);
/// How many bad outcomes, at most two of each client in a bucket, are more than bad luck.
const MIN_BAD: u32 = 10;
/// No share below this is a rise.
const MIN_SHARE: f64 = 0.2;
/// How many times the base line is a rise.
const FACTOR: f64 = 3.0;
/// A base line of few outcomes is moved towards a tenth, as if so many more had been seen.
const PRIOR: (f64, f64) = (1.0, 10.0);

/// Bad outcomes among all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// The bad ones.
    pub bad: u32,
    /// All of them.
    pub all: u32,
}

impl Share {
    /// Adds what somebody else has counted.
    pub fn add(&mut self, bad: u32, all: u32) {
        self.bad = self.bad.saturating_add(bad);
        self.all = self.all.saturating_add(all);
    }

    fn rate(self, (bad, all): (f64, f64)) -> f64 {
        let all = f64::from(self.all.max(self.bad)) + all;
        if all == 0.0 { 0.0 } else { (f64::from(self.bad) + bad) / all }
    }
}

/// How a share compares with its base line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// As ever.
    Normal,
    /// Too little to raise an alarm, too much to call one off.
    Uneasy,
    /// Risen.
    Risen,
}

/// Compares the recent share with the base line.
pub fn judge(recent: Share, base: Share) -> Trend {
    let (now, usual) = (recent.rate((0.0, 0.0)), base.rate(PRIOR));
    let risen = (FACTOR * usual).min(f64::midpoint(usual, 1.0)).max(MIN_SHARE);
    // A base line can lie above the floor only below `risen`, so this is always between the two.
    let uneasy = f64::midpoint(usual.min(risen), risen);
    if recent.bad >= MIN_BAD && now >= risen {
        Trend::Risen
    } else if recent.bad > 0 && now >= uneasy {
        Trend::Uneasy
    } else {
        Trend::Normal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn of(bad: u32, all: u32) -> Share {
        Share { bad, all }
    }

    #[test]
    fn a_rise_is_many_a_fifth_and_three_times_the_usual() {
        let usual = of(10, 1_000);
        assert_eq!(judge(of(10, 50), usual), Trend::Risen);
        assert_eq!(judge(of(9, 20), usual), Trend::Uneasy, "too few");
        assert_eq!(judge(of(10, 51), usual), Trend::Uneasy, "less than a fifth");
        assert_eq!(judge(of(5, 100), usual), Trend::Normal);
        assert_eq!(judge(of(0, 0), usual), Trend::Normal);
    }

    #[test]
    fn what_is_always_bad_is_no_rise_until_it_is_much_worse() {
        let usual = of(400, 1_000);
        assert_eq!(judge(of(45, 100), usual), Trend::Normal);
        assert_eq!(judge(of(60, 100), usual), Trend::Uneasy);
        assert_eq!(judge(of(75, 100), usual), Trend::Risen);
        assert_eq!(judge(of(100, 100), of(1_000, 1_000)), Trend::Risen, "everything is lost, as ever: still told");
    }

    #[test]
    fn without_a_base_line_a_third_is_a_rise() {
        assert_eq!(judge(of(10, 33), of(0, 0)), Trend::Risen);
        assert_eq!(judge(of(10, 40), of(0, 0)), Trend::Uneasy);
    }
}
