//! The authorization code, for a browser that is signed in and a consent that is remembered.

use std::net::SocketAddr;
use std::time::Instant;

use super::Parties;
use super::client::{Connection, Load, Request, Response};
use super::house::form;
use super::other::{NAME, OidcProvider};
use super::side::{CONNECTIONS, ROUND, Work, in_turns, row};
use super::signing;
use super::table::Row;

/// The example of RFC 7636, Appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK: &str = "https://app.example/callback";

/// Measures codes with exchange, ID Tokens signed either way, beside bare RSA signing.
pub async fn measure(parties: &Parties) -> Vec<Row> {
    let Parties { genkan, other, .. } = parties;
    let mut sides = vec![
        signing::side(),
        genkan.side(Work::Codes(genkan.flow(&genkan.signed))),
        genkan.side(Work::Codes(genkan.flow(&genkan.elliptic))),
    ];
    sides.extend(other.iter().flat_map(|other| ["RS256", "ES256"].map(|algorithm| other.side(Work::Codes(flow(other, algorithm))))));
    let costs = in_turns(&sides).await;
    let rsa = [(signing::NAME, Some(&costs[0])), (NAME, costs.get(3))];
    vec![
        row("code with exchange, ID Token RS256", &costs[1], &rsa, "≥ 0.9 of bare signing; ≥ 10 of oidc-provider"),
        row("code with exchange, ID Token ES256", &costs[2], &[(NAME, costs.get(4))], "≥ 10 of oidc-provider"),
    ]
}

fn flow(other: &OidcProvider, algorithm: &str) -> Flow {
    Flow::new(other.address, ["/auth", "/token"], algorithm, &other.authorization(algorithm), other.cookies())
}

/// What browser and application ask in turns.
#[derive(Clone)]
pub struct Flow {
    /// The browser's request.
    pub authorize: Request,
    address: SocketAddr,
    token_path: &'static str,
    authorization: String,
}

impl Flow {
    /// Makes it from the paths of both endpoints, the client, and the browser's cookies.
    pub fn new(address: SocketAddr, paths: [&'static str; 2], client: &str, authorization: &str, cookies: &str) -> Self {
        let query = format!(
            "client_id={client}&redirect_uri={CALLBACK}&response_type=code&scope=openid+profile&state=s&nonce=n\
             &code_challenge={CHALLENGE}&code_challenge_method=S256"
        );
        let authorize = Request::get(address, &format!("{}?{query}", paths[0]), cookies);
        Self { authorize, address, token_path: paths[1], authorization: authorization.to_owned() }
    }

    /// Fetches a code and redeems it on the same connection; returns the answer with the tokens.
    pub async fn once(&self, connection: &mut Connection) -> Response {
        let answer = connection.send(&self.authorize).await.expect("it answers");
        let code = answer.location().split(['?', '&']).find_map(|pair| pair.strip_prefix("code="));
        let code = code.unwrap_or_else(|| panic!("no code: {}", answer.head));
        let fields = format!("grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}&code_verifier={VERIFIER}");
        let tokens = connection.send(&form(self.address, self.token_path, &self.authorization, &fields)).await.expect("it answers");
        assert!(tokens.body.contains("\"id_token\""), "no tokens: {}", tokens.body);
        tokens
    }

    /// Does so on many connections until the round is over.
    pub async fn run(&self) -> Load {
        let started = Instant::now();
        let people: Vec<_> = (0..CONNECTIONS).map(|_| tokio::spawn(keep_on(self.clone(), started))).collect();
        let mut answers = Vec::new();
        for person in people {
            answers.extend(person.await.expect("every code is redeemed"));
        }
        Load::of(answers, started.elapsed())
    }
}

async fn keep_on(flow: Flow, started: Instant) -> Vec<(std::time::Duration, u16)> {
    let mut connection = Connection::open(flow.address).await.expect("it listens");
    let mut answers = Vec::new();
    while started.elapsed() < ROUND {
        let before = Instant::now();
        let status = flow.once(&mut connection).await.status;
        answers.push((before.elapsed(), status));
    }
    answers
}
