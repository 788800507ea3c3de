//! The table that a run prints.

/// What answers took in one round.
pub struct Cost {
    /// Good answers per second.
    pub rate: f64,
    /// The server's own processor time for one answer, in microseconds.
    pub cpu_us: f64,
}

/// One line of the table.
pub struct Row {
    what: String,
    measured: String,
    mark: String,
}

impl Row {
    /// Makes a line from what we and the floor took.
    pub fn ratio(what: &str, ours: &[Cost], floor: &[Cost], mark: &str) -> Self {
        let [our_rate, floor_rate] = [ours, floor].map(|costs| median(costs.iter().map(|cost| cost.rate).collect()));
        let [our_cpu, floor_cpu] = [ours, floor].map(|costs| median(costs.iter().map(|cost| cost.cpu_us).collect()));
        let rate = format!("{:.2} ({our_rate:.0} against {floor_rate:.0} a second)", our_rate / floor_rate);
        let cpu = format!("CPU {:.2} ({our_cpu:.1} against {floor_cpu:.1} µs)", floor_cpu / our_cpu);
        Self { what: what.to_owned(), measured: format!("{rate}; {cpu}"), mark: mark.to_owned() }
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
