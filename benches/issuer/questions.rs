//! What is asked about tokens, and with them: introspection, `/api/verify`, `/api/me`.

use super::client::Request;
use super::house::token_of;
use super::other::NAME;
use super::side::{Side, Work, in_turns, row};
use super::table::Row;
use super::{Parties, floor};

/// Measures everything that reads a token, against a handler that reads one and no store.
pub async fn measure(parties: &Parties) -> Vec<Row> {
    let Parties { floor: bare, genkan, other } = parties;
    let address = genkan.genkan.address;
    let bearer = format!("Authorization: Bearer {}\r\n", token_of(&genkan.flow(&genkan.signed)).await);
    let mut requests = Vec::new();
    for application in [&genkan.opaque, &genkan.signed] {
        let token = genkan.own_token(application).await;
        requests.push(genkan.ask(application, "/oauth/introspect", &format!("token={token}")));
    }
    requests.push(Request::get(address, "/api/verify", &genkan.cookies));
    requests.push(Request::get_with(address, "/api/me", &bearer));
    let me = Request::get(bare.address, "/api/me", &floor::cookie());
    let mut sides = vec![Side::new("the floor", Work::Ask(me), || bare.cpu_seconds())];
    sides.extend(requests.into_iter().map(|request| genkan.side(Work::Ask(request))));
    sides.extend(other.iter().map(|other| other.side(Work::Ask(other.introspection()))));
    let costs = in_turns(&sides).await;
    let floor = ("the floor's `/api/me`", Some(&costs[0]));
    vec![
        row("introspection, opaque", &costs[1], &[floor, (NAME, costs.get(5))], ""),
        row("introspection, JWT", &costs[2], &[floor], ""),
        row("GET /api/verify, JWT cookie", &costs[3], &[floor], "≥ 0.7 of the floor"),
        row("GET /api/me, bearer", &costs[4], &[floor], ""),
    ]
}
