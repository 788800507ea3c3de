//! The table that a run prints.

/// One line of the table.
pub struct Row {
    what: String,
    measured: String,
    mark: String,
}

impl Row {
    /// Makes a line from a rate and the floor's rate.
    pub fn ratio(what: &str, ours: f64, floor: f64, mark: &str) -> Self {
        Self {
            what: what.to_owned(),
            measured: format!("{:.2} ({ours:.1} against {floor:.1} a second)", ours / floor),
            mark: mark.to_owned(),
        }
    }

    /// Makes a line from words.
    pub fn note(what: &str, measured: String, mark: &str) -> Self {
        Self { what: what.to_owned(), measured, mark: mark.to_owned() }
    }
}

/// Prints the lines as Markdown.
pub fn print(rows: &[Row]) {
    println!("| work | measured | mark |\n|---|---|---|");
    for Row { what, measured, mark } in rows {
        println!("| {what} | {measured} | {mark} |");
    }
}

/// Returns the middle value; 0 for none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
