//! The token endpoint, for clients on their own behalf.

use super::Parties;
use super::client::Request;
use super::house::form;
use super::other::NAME;
use super::side::{Side, Work, in_turns, row};
use super::table::Row;

/// Measures `client_credentials` with tokens that are signed and tokens that are opaque.
pub async fn measure(parties: &Parties) -> Vec<Row> {
    let Parties { floor, genkan, other } = parties;
    let fields = "grant_type=client_credentials&scope=tea:pour";
    let ours = |application| genkan.side(Work::Ask(genkan.ask(application, "/oauth/token", fields)));
    let bare: Request = form(floor.address, "/token", "", fields);
    let mut sides = vec![Side::new("the floor", Work::Ask(bare), || floor.cpu_seconds()), ours(&genkan.signed), ours(&genkan.opaque)];
    if let Some(other) = other {
        let signed = format!("{fields}&resource=https%3A%2F%2Fapi.example");
        sides.extend([signed.as_str(), fields].map(|fields| other.side(Work::Ask(other.token(fields)))));
    }
    let costs = in_turns(&sides).await;
    let signed = [("the floor", Some(&costs[0])), (NAME, costs.get(3))];
    vec![
        row("token, client credentials, JWT ES256", &costs[1], &signed, "≥ 0.5 of the floor; ≥ 3 of oidc-provider"),
        row("token, client credentials, opaque", &costs[2], &[(NAME, costs.get(4))], ""),
    ]
}
