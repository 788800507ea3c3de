//! What everybody may read: discovery and the public keys.

use super::Parties;
use super::client::Request;
use super::other::NAME;
use super::side::{Side, Work, in_turns, row};
use super::table::Row;

/// Measures discovery and keys against a constant text.
pub async fn measure(parties: &Parties) -> Vec<Row> {
    let Parties { floor, genkan, other } = parties;
    let get = |address, path| Work::Ask(Request::get(address, path, ""));
    let ours = |path| genkan.side(get(genkan.genkan.address, path));
    let mut sides = vec![
        Side::new("the floor", get(floor.address, "/text"), || floor.cpu_seconds()),
        ours("/.well-known/openid-configuration"),
        ours("/.well-known/jwks.json"),
    ];
    let paths = ["/.well-known/openid-configuration", "/jwks"];
    sides.extend(other.iter().flat_map(|other| paths.map(|path| other.side(get(other.address, path)))));
    let costs = in_turns(&sides).await;
    let text = ("the floor's constant text", Some(&costs[0]));
    vec![
        row("discovery", &costs[1], &[text, (NAME, costs.get(3))], "≥ 0.7 of the floor"),
        row("keys", &costs[2], &[text, (NAME, costs.get(4))], "≥ 0.7 of the floor"),
    ]
}
