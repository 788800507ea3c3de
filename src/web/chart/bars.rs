//! Stacked bars over time.

use super::path::PathData;
use super::scale::Scale;

/// The view box: wide enough for 60 bars, stretched by the page as it needs.
const WIDTH: u32 = 600;
/// Its height.
const HEIGHT: u32 = 160;

/// Numbers of one kind, one for each step of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The word that chooses colour and pattern; one of ours.
    pub kind: &'static str,
    /// What the legend and the table call it.
    pub label: String,
    /// The numbers.
    pub values: Vec<u64>,
}

impl Series {
    /// Returns the sum of all numbers.
    pub fn total(&self) -> u64 {
        self.values.iter().sum()
    }
}

/// One series as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// The word that chooses colour and pattern.
    pub kind: &'static str,
    /// The boxes.
    pub path: PathData,
}

/// A picture of stacked bars, and the table that says the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars {
    /// Unique on the page; the ids of title and description are made of it.
    pub id: &'static str,
    /// What it shows.
    pub title: String,
    /// What is to be seen in it, in one sentence.
    pub description: String,
    /// The series, the lowest of the stack first.
    pub series: Vec<Series>,
    /// When each step begins, in words.
    pub times: Vec<String>,
    scale: Scale,
}

impl Bars {
    /// Stacks series of equally many numbers.
    pub fn new(id: &'static str, title: String, description: String, series: Vec<Series>, times: Vec<String>) -> Self {
        let sum_at = |index: usize| series.iter().filter_map(|one| one.values.get(index)).sum();
        let max = (0..times.len()).map(sum_at).max().unwrap_or(0);
        Self { id, title, description, series, times, scale: Scale::new(max, HEIGHT) }
    }

    /// Returns the view box of the picture.
    pub fn view_box(&self) -> String {
        format!("0 0 {WIDTH} {HEIGHT}")
    }

    /// Returns the number at the top of the axis.
    pub fn top(&self) -> u64 {
        self.scale.top()
    }

    /// Tells whether there is nothing to be seen.
    pub fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.total() == 0)
    }

    /// Returns the boxes of every series that has any.
    pub fn layers(&self) -> Vec<Layer> {
        let mut floors = vec![0_u64; self.times.len()];
        let layers = self.series.iter().map(|series| {
            let mut path = PathData::default();
            for (index, (value, floor)) in series.values.iter().zip(&mut floors).enumerate() {
                let (left, width) = self.slot(index);
                let bottom = self.scale.length_of(*floor);
                *floor += value;
                let top = if *value == 0 { bottom } else { self.scale.length_of(*floor).max(bottom + 1).min(HEIGHT) };
                path.add_box(left, HEIGHT - top, width, top - bottom.min(top));
            }
            Layer { kind: series.kind, path }
        });
        layers.filter(|layer| !layer.path.is_empty()).collect()
    }

    /// Returns the times that stand below the picture: the first, some between, the last.
    pub fn ticks(&self) -> Vec<&str> {
        let last = self.times.len().saturating_sub(1);
        let mut indices = vec![0, last / 3, last * 2 / 3, last];
        indices.dedup();
        indices.into_iter().filter_map(|index| self.times.get(index)).map(String::as_str).collect()
    }

    /// Returns the table: for each step its time and its numbers, the newest first.
    pub fn rows(&self) -> impl Iterator<Item = (&str, Vec<u64>)> {
        let numbers = |index: usize| self.series.iter().map(|series| series.values.get(index).copied().unwrap_or(0)).collect();
        self.times.iter().enumerate().rev().map(move |(index, time)| (time.as_str(), numbers(index)))
    }

    /// Returns where a bar begins and how wide it is; a gap of a quarter is left.
    fn slot(&self, index: usize) -> (u32, u32) {
        let count = u32::try_from(self.times.len().max(1)).unwrap_or(WIDTH);
        let index = u32::try_from(index).unwrap_or(0);
        let (left, right) = (index * WIDTH / count, (index + 1) * WIDTH / count);
        let width = right - left;
        (left + width / 8, (width - width / 4).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(values: &[&[u64]]) -> Bars {
        let kinds = ["succeeded", "idp_outage", "other"];
        let series = values.iter().zip(kinds).map(|(values, kind)| Series { kind, label: kind.to_owned(), values: values.to_vec() });
        let times = (0..values[0].len()).map(|hour| format!("{hour}:00")).collect();
        Bars::new("traffic", String::new(), String::new(), series.collect(), times)
    }

    #[test]
    fn series_stand_on_each_other_and_reach_their_sum() {
        let bars = bars(&[&[2, 0], &[2, 4]]);

        let paths: Vec<_> = bars.layers().iter().map(|layer| layer.path.to_string()).collect();

        assert_eq!(bars.top(), 4);
        assert_eq!(paths, ["M37 80h225v80h-225z", "M37 0h225v80h-225zM337 0h225v160h-225z"]);
    }

    #[test]
    fn one_failure_among_many_successes_is_still_drawn() {
        let bars = bars(&[&[100_000], &[1]]);

        assert_eq!(bars.layers().len(), 2);
        assert!(bars.layers()[1].path.to_string().ends_with("v1h-450z"), "{:?}", bars.layers()[1]);
    }

    #[test]
    fn the_table_says_what_the_picture_shows_newest_first() {
        let bars = bars(&[&[1, 2, 3, 4, 5], &[0, 0, 7, 0, 0]]);

        let rows: Vec<_> = bars.rows().collect();

        assert_eq!(rows.len(), 5);
        assert_eq!((&rows[0], &rows[2]), (&("4:00", vec![5, 0]), &("2:00", vec![3, 7])));
        assert_eq!(bars.ticks(), ["0:00", "1:00", "2:00", "4:00"]);
    }

    #[test]
    fn nothing_is_nothing() {
        let empty = bars(&[&[]]);

        assert!(empty.is_empty() && empty.layers().is_empty() && empty.ticks().is_empty());
        assert!(bars(&[&[0, 0]]).is_empty());
    }
}
