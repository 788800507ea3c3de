//! npm `oidc-provider`, from the packages of the browser tests.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde::Deserialize;

use super::client::Request;
use super::house::{basic, form};
use super::process::{cpu_seconds_of, end};
use super::side::{Side, Work};

/// What its processes are called in the table.
pub const NAME: &str = "oidc-provider";

/// What the script says when it is ready.
#[derive(Deserialize)]
struct Ready {
    port: u16,
    pids: Vec<u32>,
    secret: String,
    token: String,
    cookie: String,
}

/// As many processes as there are cores, behind one port. They end with the first of them.
pub struct OidcProvider {
    child: Child,
    ready: Ready,
    pub address: SocketAddr,
}

impl OidcProvider {
    /// Starts it; `None` where it is not installed.
    pub fn start() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        if !root.join("tests/browser/node_modules/oidc-provider").exists() {
            eprintln!("oidc-provider is not measured: run `npm ci --prefix tests/browser` first");
            return None;
        }
        let script = root.join("benches/issuer/oidc_provider.mjs");
        let mut child = Command::new("node").arg(script).env("NODE_ENV", "production").stdout(Stdio::piped()).spawn().ok()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("what it says");
        let ready: Ready = serde_json::from_str(&line).expect("oidc-provider starts");
        Some(Self { child, address: SocketAddr::from(([127, 0, 0, 1], ready.port)), ready })
    }

    /// Makes a side of its work.
    pub fn side(&self, work: Work) -> Side<'_> {
        Side::new(NAME, work, || self.ready.pids.iter().map(|pid| cpu_seconds_of(&pid.to_string())).sum())
    }

    /// Makes a request for a token of its own client.
    pub fn token(&self, fields: &str) -> Request {
        form(self.address, "/token", &self.authorization("RS256"), fields)
    }

    /// Makes the question about its opaque token.
    pub fn introspection(&self) -> Request {
        form(self.address, "/token/introspection", &self.authorization("RS256"), &format!("token={}", self.ready.token))
    }

    /// Returns the header of the client whose ID Tokens are signed with that algorithm.
    pub fn authorization(&self, algorithm: &str) -> String {
        basic(algorithm, &self.ready.secret)
    }

    /// Returns the cookies of the browser that is signed in.
    pub fn cookies(&self) -> &str {
        &self.ready.cookie
    }
}

impl Drop for OidcProvider {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}
