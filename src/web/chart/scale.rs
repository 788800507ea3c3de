//! From numbers to lengths.

/// An axis that begins at zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    top: u64,
    length: u32,
}

impl Scale {
    /// Makes an axis of `length` units that has room for `max`.
    pub fn new(max: u64, length: u32) -> Self {
        Self { top: round_up(max), length }
    }

    /// Returns the number at the end of the axis: 2, 4 or 10 times a power of ten, so that its half is whole.
    pub fn top(self) -> u64 {
        self.top
    }

    /// Returns the length of a number; what is there is never drawn as nothing.
    pub fn length_of(self, value: u64) -> u32 {
        if value == 0 {
            return 0;
        }
        let exact = u128::from(value) * u128::from(self.length) / u128::from(self.top);
        u32::try_from(exact).unwrap_or(self.length).clamp(1, self.length)
    }
}

fn round_up(max: u64) -> u64 {
    let mut power: u64 = 1;
    loop {
        for step in [2, 4, 10] {
            let top = power.saturating_mul(step);
            if top >= max {
                return top;
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_number_that_can_be_halved() {
        for (max, top) in [(0, 2), (1, 2), (3, 4), (5, 10), (10, 10), (11, 20), (399, 400), (401, 1_000), (u64::MAX, u64::MAX)] {
            assert_eq!(Scale::new(max, 100).top(), top, "{max}");
        }
    }

    #[test]
    fn small_numbers_stay_visible_and_nothing_is_longer_than_its_axis() {
        let scale = Scale::new(10_000, 160);

        assert_eq!([0, 1, 5_000, 10_000, u64::MAX].map(|value| scale.length_of(value)), [0, 1, 80, 160, 160]);
    }
}
