//! genkan with four applications, and one person who has allowed them what they ask.

use std::net::SocketAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::client::{Connection, Request, Response};
use super::codes::Flow;
use super::process::Genkan;
use super::side::{Side, Work};

/// One of the applications.
pub struct Application {
    pub id: String,
    authorization: String,
}

/// genkan, and who knows it.
pub struct House {
    pub genkan: Genkan,
    /// Its access tokens are signed with ES256, its ID Tokens with RS256.
    pub signed: Application,
    /// The same, but for ID Tokens signed with ES256.
    pub elliptic: Application,
    /// Its access tokens are signed with RS256.
    pub rsa: Application,
    /// Its access tokens are opaque.
    pub opaque: Application,
    /// The cookies of the person's browser.
    pub cookies: String,
}

impl House {
    pub async fn start() -> Self {
        let genkan = Genkan::start("[throttle]\nper_account = 1000000\nper_address = 1000000\n").await;
        let cookies = genkan.register("hanako").await;
        let kinds = [["jwt", "ES256", "RS256"], ["jwt", "ES256", "ES256"], ["jwt", "RS256", "RS256"], ["opaque", "ES256", "RS256"]];
        let [signed, elliptic, rsa, opaque] = kinds.map(|kind| register(&genkan, kind));
        let house = Self { genkan, signed, elliptic, rsa, opaque, cookies };
        for application in [&house.signed, &house.elliptic] {
            house.consent(application).await;
        }
        house
    }

    /// Makes a side of its work.
    pub fn side(&self, work: Work) -> Side<'_> {
        Side::new("genkan", work, || self.genkan.cpu_seconds())
    }

    /// Makes a request of an application.
    pub fn ask(&self, application: &Application, path: &str, fields: &str) -> Request {
        form(self.genkan.address, path, &application.authorization, fields)
    }

    /// Returns a token that an application gets for itself.
    pub async fn own_token(&self, application: &Application) -> String {
        let response = self.genkan.ask(&self.ask(application, "/oauth/token", "grant_type=client_credentials")).await;
        access_token(&response)
    }

    /// Makes the flow of codes of an application for the person's browser.
    pub fn flow(&self, application: &Application) -> Flow {
        let paths = ["/oauth/authorize", "/oauth/token"];
        Flow::new(self.genkan.address, paths, &application.id, &application.authorization, &self.cookies)
    }

    /// Says yes on the consent page, once.
    async fn consent(&self, application: &Application) {
        let (genkan, mut cookies) = (&self.genkan, self.cookies.clone());
        let question = genkan.ask(&self.flow(application).authorize).await;
        let path = question.location().to_owned();
        let page = genkan.ask(&Request::get(genkan.address, &path, &cookies)).await;
        cookies += "; ";
        cookies += &page.cookies();
        let field = |name: &str| {
            let found = page.body.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next());
            found.unwrap_or_else(|| panic!("no {name} on the consent page: {} {}", page.status, page.body)).to_owned()
        };
        let body = format!("csrf_token={}&user={}", field("csrf_token"), field("user"));
        let answer = genkan.ask(&Request::form(genkan.address, &path, &genkan.origin(), &cookies, &body)).await;
        assert!(answer.location().contains("code="), "no code after the consent: {}", answer.head);
    }
}

/// Registers an application as an operator does, who vouches for it by that: its consents are remembered.
fn register(genkan: &Genkan, [format, access, id_token]: [&str; 3]) -> Application {
    let fixed = "client create --json --name Bench --redirect-uri https://app.example/callback --grant authorization_code";
    let mut args: Vec<&str> = fixed.split(' ').collect();
    args.extend(["--grant", "client_credentials", "--scopes", "openid profile tea:pour"]);
    args.extend(["--access-token-format", format, "--access-token-algorithm", access, "--id-token-algorithm", id_token]);
    let made: Value = serde_json::from_str(&genkan.command(&args)).expect("JSON");
    let [id, secret] = ["client_id", "client_secret"].map(|name| made[name].as_str().expect("a text").to_owned());
    Application { authorization: basic(&id, &secret), id }
}

/// Reads the access token of an answer.
pub fn access_token(response: &Response) -> String {
    let body: Value = serde_json::from_str(&response.body).expect("JSON");
    body["access_token"].as_str().unwrap_or_else(|| panic!("no token: {body}")).to_owned()
}

/// Returns the header with which a client proves itself (RFC 6749 §2.3.1).
pub fn basic(id: &str, secret: &str) -> String {
    format!("Authorization: Basic {}\r\n", STANDARD.encode(format!("{id}:{secret}")))
}

/// Makes the POST of a client.
pub fn form(address: SocketAddr, path: &str, authorization: &str, fields: &str) -> Request {
    Request::post(address, path, &format!("{authorization}Content-Type: application/x-www-form-urlencoded\r\n"), fields)
}

/// Fetches one access token over a flow of codes.
pub async fn token_of(flow: &Flow) -> String {
    let mut connection = Connection::open(flow.authorize.address()).await.expect("it listens");
    access_token(&flow.once(&mut connection).await)
}
