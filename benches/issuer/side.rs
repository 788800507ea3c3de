//! Whoever is measured, and measuring them in turns.

use std::time::Duration;

use super::client::{Connection, Load, Request};
use super::codes::Flow;
use super::table::{Cost, Row, median};

/// How often each side is measured.
const ROUNDS: usize = 5;
/// How long one round asks.
pub const ROUND: Duration = Duration::from_millis(800);
/// How many connections ask at once.
pub const CONNECTIONS: usize = 32;

/// What a side is asked to do.
pub enum Work {
    /// One request, again and again.
    Ask(Request),
    /// Codes, fetched and redeemed.
    Codes(Flow),
    /// Signing without any server, in this process.
    BareRsa(Box<super::signing::BareRsa>),
}

/// One of those who are compared.
pub struct Side<'a> {
    /// What it is called in the table.
    pub name: &'static str,
    work: Work,
    cpu_seconds: Box<dyn Fn() -> f64 + 'a>,
}

impl<'a> Side<'a> {
    /// Makes a side of its work and of what tells how much of a processor it has used.
    pub fn new(name: &'static str, work: Work, cpu_seconds: impl Fn() -> f64 + 'a) -> Self {
        Self { name, work, cpu_seconds: Box::new(cpu_seconds) }
    }

    async fn round(&self) -> Cost {
        let before = (self.cpu_seconds)();
        match &self.work {
            Work::Ask(request) => Load::run(request, CONNECTIONS, ROUND).await.cost(before, (self.cpu_seconds)()),
            Work::Codes(flow) => flow.run().await.cost(before, (self.cpu_seconds)()),
            Work::BareRsa(signer) => signer.run().cost(before, (self.cpu_seconds)()),
        }
    }

    /// Makes sure that what is measured is the work and not its refusal.
    async fn check(&self) {
        if let Work::Ask(request) = &self.work {
            let mut connection = Connection::open(request.address()).await.expect("it listens");
            let answer = connection.send(request).await.expect("it answers");
            assert_eq!(answer.status, 200, "{}: {}{}", self.name, answer.head, answer.body);
            assert!(!answer.body.contains("\"active\":false"), "{}: the token does not count", self.name);
        }
    }
}

/// Measures everybody in turns; returns the middle of each, in their order.
pub async fn in_turns(sides: &[Side<'_>]) -> Vec<Cost> {
    for side in sides {
        side.check().await;
    }
    let mut rounds: Vec<Vec<Cost>> = sides.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for (side, costs) in sides.iter().zip(&mut rounds) {
            costs.push(side.round().await);
        }
    }
    rounds.iter().map(|costs| middle(costs)).collect()
}

fn middle(costs: &[Cost]) -> Cost {
    Cost { rate: median(costs.iter().map(|cost| cost.rate).collect()), cpu_us: median(costs.iter().map(|cost| cost.cpu_us).collect()) }
}

/// Makes a line of the table from what we and others took; who did not take part is left out.
pub fn row(what: &str, ours: &Cost, others: &[(&str, Option<&Cost>)], mark: &str) -> Row {
    let ours_alone = format!("{:.0} a second, {:.0} µs CPU", ours.rate, ours.cpu_us);
    let compared = others.iter().filter_map(|(name, cost)| {
        let cost = (*cost)?;
        Some(format!("{:.2} of {name} ({:.0} a second, {:.0} µs)", ours.rate / cost.rate, cost.rate, cost.cpu_us))
    });
    let measured: Vec<_> = std::iter::once(ours_alone).chain(compared).collect();
    Row::note(what, measured.join("; "), mark)
}
