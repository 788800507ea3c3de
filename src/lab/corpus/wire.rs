//! A case as it stands in the corpus.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// One way in which a sign-in goes wrong; what the lab has no use for is passed over.
#[derive(Debug, Deserialize)]
pub(super) struct Raw {
    pub id: String,
    pub provider: String,
    pub stage: String,
    pub category: String,
    pub reason: String,
    pub decided_by: String,
    pub wire: Wire,
}

/// What is seen on the wire.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Wire {
    /// The browser comes back with this query.
    CallbackQuery { query: String, precondition: String },
    /// The browser comes back with this form.
    CallbackForm { precondition: String },
    /// An endpoint answers this.
    HttpResponse(Response),
    /// An endpoint answers these bytes, one per character (ISO 8859-1), and closes.
    HttpBytes { endpoint: String, bytes: String },
    /// The connection does this.
    Transport { endpoint: String, fault: String, detail: String },
    /// The client is in this state.
    ServerState { condition: String },
    /// The ID Token is changed like this.
    IdToken {
        mutation: String,
        #[serde(default)]
        claims: Map<String, Value>,
        #[serde(default)]
        header: Map<String, Value>,
    },
}

/// An answer of an endpoint.
#[derive(Debug, Deserialize)]
pub(super) struct Response {
    pub endpoint: String,
    pub status: u16,
    #[serde(default)]
    pub content_type: Option<String>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    pub body: String,
    pub body_generator: Option<Generator>,
}

/// A body that is too long to write down.
#[derive(Debug, Deserialize)]
pub(super) struct Generator {
    pub prefix: String,
    pub fill: String,
    /// How long it is in all.
    pub bytes: usize,
}
