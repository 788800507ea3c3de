//! The token endpoint, for clients on their own behalf.

use super::house::form;
use super::other::NAME;
use super::side::{Side, Work, in_turns, row};
use super::table::Row;
use super::{Parties, signing};

/// What the bare server is called in the table.
const FLOOR: &str = "the floor";

/// Measures `client_credentials` with tokens that are signed, in both ways, and tokens that are opaque.
pub async fn measure(parties: &Parties) -> Vec<Row> {
    let Parties { floor, genkan, other } = parties;
    let fields = "grant_type=client_credentials&scope=tea:pour";
    let ours = |application| genkan.side(Work::Ask(genkan.ask(application, "/oauth/token", fields)));
    let bare = |path| Side::new(FLOOR, Work::Ask(form(floor.address, path, "", fields)), || floor.cpu_seconds());
    let mut sides = vec![bare("/token"), bare("/token/rs256"), signing::side()];
    sides.extend([&genkan.signed, &genkan.rsa, &genkan.opaque].map(ours));
    if let Some(other) = other {
        let signed = |algorithm| format!("{fields}&resource=https%3A%2F%2F{algorithm}.example");
        sides.extend([signed("es256"), signed("rs256"), fields.to_owned()].map(|fields| other.side(Work::Ask(other.token(&fields)))));
    }
    let costs = in_turns(&sides).await;
    let elliptic = [(FLOOR, Some(&costs[0])), (NAME, costs.get(6))];
    let rsa = [(signing::NAME, Some(&costs[2])), (FLOOR, Some(&costs[1])), (NAME, costs.get(7))];
    vec![
        row("token, client credentials, JWT ES256", &costs[3], &elliptic, "≥ 0.5 of the floor; ≥ 3 of oidc-provider"),
        row("token, client credentials, JWT RS256", &costs[4], &rsa, "≥ 0.9 of bare signing"),
        row("token, client credentials, opaque", &costs[5], &[(NAME, costs.get(8))], ""),
    ]
}
