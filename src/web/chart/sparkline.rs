//! A small line without axes, to be read beside its number.

use super::path::PathData;
use super::scale::Scale;

/// The view box.
const WIDTH: u32 = 120;
/// Its height.
const HEIGHT: u32 = 28;
/// What is left free above and below, for the thickness of the line.
const MARGIN: u32 = 2;

/// A line that shows how a number went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sparkline {
    /// What it shows, in words, for those who do not see it.
    pub label: String,
    /// The line.
    pub path: PathData,
}

impl Sparkline {
    /// Draws the numbers from left to right.
    pub fn new(label: String, values: &[u64]) -> Self {
        let scale = Scale::new(values.iter().copied().max().unwrap_or(0), HEIGHT - 2 * MARGIN);
        let steps = u32::try_from(values.len().saturating_sub(1)).unwrap_or(1).max(1);
        let mut path = PathData::default();
        for (index, value) in (0..=steps).zip(values) {
            path.add_point(index * WIDTH / steps, HEIGHT - MARGIN - scale.length_of(*value));
        }
        Self { label, path }
    }

    /// Returns the view box of the picture.
    pub fn view_box(&self) -> String {
        format!("0 0 {WIDTH} {HEIGHT}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_from_edge_to_edge_and_up_with_its_numbers() {
        assert_eq!(Sparkline::new(String::new(), &[0, 1, 2]).path.to_string(), "M0 26L60 14L120 2");
        assert_eq!(Sparkline::new(String::new(), &[2]).path.to_string(), "M0 2");
        assert!(Sparkline::new(String::new(), &[]).path.is_empty());
    }
}
