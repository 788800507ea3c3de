//! Path data of SVG (SVG 2 §9.3): letters of ours and whole numbers, so there is nothing to escape.

use std::fmt::{self, Write as _};

/// The `d` of a path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathData(String);

impl PathData {
    /// Adds a closed box; coordinates in units of the view box, from the upper left corner.
    pub fn add_box(&mut self, x: u32, y: u32, width: u32, height: u32) {
        if width > 0 && height > 0 {
            self.push(format_args!("M{x} {y}h{width}v{height}h-{width}z"));
        }
    }

    /// Adds the next point of a line.
    pub fn add_point(&mut self, x: u32, y: u32) {
        let command = if self.0.is_empty() { 'M' } else { 'L' };
        self.push(format_args!("{command}{x} {y}"));
    }

    /// Tells whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn push(&mut self, step: fmt::Arguments<'_>) {
        self.0.write_fmt(step).expect("a string takes everything");
    }
}

impl fmt::Display for PathData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_and_lines_are_written_as_path_data_and_nothing_is_drawn_for_nothing() {
        let (mut boxes, mut line) = (PathData::default(), PathData::default());

        boxes.add_box(1, 2, 3, 4);
        boxes.add_box(9, 9, 3, 0);
        line.add_point(0, 5);
        line.add_point(10, 6);

        assert_eq!(boxes.to_string(), "M1 2h3v4h-3z");
        assert_eq!(line.to_string(), "M0 5L10 6");
        assert!(PathData::default().is_empty());
    }
}
