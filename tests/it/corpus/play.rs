//! One case through the real routes, up to the answer that is judged.

use std::collections::HashMap;

use reqwest::{Method, Url};
use serde_json::{Map, Value, json};

use super::case::{Case, HttpResponse, Wire};
use super::world::{self, KID, NOW, World};
use super::{states, transport};
use crate::support::browser::{Page, TestBrowser};
use crate::support::idp::Reply;

/// The code that every provider gives; long enough not to be met by chance.
pub const CODE: &str = "4/0AbCdEf-code-of-the-corpus";

/// A case on its way.
pub struct Play<'a> {
    pub world: &'a World,
    pub case: &'a Case,
    /// The provider's name.
    pub name: String,
    pub browser: TestBrowser,
    /// The same browser where it brings no cookie of ours.
    pub bare: TestBrowser,
    pub is_signed_in: bool,
}

/// A browser that has left for the provider.
pub struct Trip {
    pub state: String,
    pub nonce: String,
}

impl<'a> Play<'a> {
    /// Prepares the case at this place; at odd places somebody is signed in already.
    pub async fn new(world: &'a World, at: usize, case: &'a Case) -> Self {
        let is_signed_in = at % 2 == 1 || states::is_for_somebody(&case.id);
        Self { world, case, name: world::name(at), browser: world.browser(is_signed_in).await, bare: world.app.browser(), is_signed_in }
    }

    /// Walks up to the answer that is judged.
    pub async fn run(&self) -> Page {
        match &self.case.wire {
            Wire::CallbackQuery { query, precondition } => self.run_query(query, precondition).await,
            Wire::CallbackForm { body } => self.run_form(body).await,
            Wire::HttpResponse(answer) => self.run_answer(&answer.endpoint, respond(answer, self.world.issuer(&self.name))).await,
            Wire::HttpBytes { endpoint, bytes } => self.run_answer(endpoint, Reply::Bytes(latin_1(bytes))).await,
            Wire::Transport { endpoint, fault, detail } => self.run_fault(endpoint, transport::reply(fault, detail)).await,
            Wire::IdToken { claims, header } => self.run_id_token(claims, header).await,
            Wire::ServerState {} => states::run(self).await,
        }
    }

    /// Returns the browser in which the answer lands.
    pub fn landing_browser(&self) -> &TestBrowser {
        let is_bare = matches!(self.case.wire, Wire::CallbackForm { .. }) || self.case.id == "state-cookies-blocked";
        if is_bare { &self.bare } else { &self.browser }
    }

    /// Presses the button and returns the answer.
    pub async fn press(&self) -> Page {
        press(&self.browser, &self.name, "").await
    }

    /// Leaves for the provider.
    pub async fn begin(&self) -> Trip {
        Trip::read(&self.press().await)
    }

    /// Comes back with a query.
    pub async fn come_back(&self, query: &str) -> Page {
        if !self.case.is_answered_by_form() {
            return self.browser.open(&self.callback(query)).await;
        }
        let form: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        self.browser.post(&self.callback(""), &form).await
    }

    pub fn callback(&self, query: &str) -> String {
        format!("/auth/{}/callback?{query}", self.name)
    }

    /// Comes back as if all were well.
    pub async fn come_back_with_code(&self, trip: &Trip) -> Page {
        self.come_back(&trip.query()).await
    }

    async fn run_query(&self, query: &str, precondition: &str) -> Page {
        if precondition.ends_with("metadata_advertises_iss") {
            let mut metadata = self.world.metadata(&self.name);
            metadata["authorization_response_iss_parameter_supported"] = json!(true);
            self.world.answer(&self.name, "discovery", Reply::json(&metadata.to_string()));
        }
        if precondition == "no_pending_attempt_in_this_browser" {
            return self.come_back(&query.replace("{code}", CODE)).await;
        }
        let trip = self.begin().await;
        if query.contains("code={code}") {
            self.world.grant_soundly(&self.name, &trip.nonce);
        } else {
            // A code that is not the one that was given.
            self.world.answer(&self.name, "token", Reply::typed(400, "application/json", r#"{"error":"invalid_grant"}"#));
        }
        let answer = self.come_back(&trip.fill(query)).await;
        if !answer.header("location").contains("/authorize?") {
            return answer;
        }
        // Sent away once more by itself, to the same answer.
        self.come_back(&Trip::read(&answer).fill(query)).await
    }

    /// A form from the provider's origin, to which a browser adds no `SameSite=Lax` cookie, neither now nor at the second try.
    async fn run_form(&self, body: &str) -> Page {
        let trip = self.begin().await;
        let action = format!("/auth/{}/callback", self.name);
        let form = url::form_urlencoded::parse(trip.fill(body).as_bytes()).into_owned().collect::<Vec<_>>();
        let request = self.bare.request(Method::POST, &action).header("origin", "https://idp.example").form(&form);
        let page = Page::read(request).await;
        self.bare.submit(&page, &action, &[]).await
    }

    async fn run_answer(&self, endpoint: &str, reply: Reply) -> Page {
        if endpoint == "discovery" {
            self.world.answer(&self.name, endpoint, reply);
            return self.press().await;
        }
        let trip = self.begin().await;
        self.world.grant_soundly(&self.name, &trip.nonce);
        self.world.answer(&self.name, endpoint, reply);
        self.come_back_with_code(&trip).await
    }

    /// Comes back to a fault, which may be met on the way already.
    async fn run_fault(&self, endpoint: &str, reply: Option<Reply>) -> Page {
        if let Some(reply) = reply {
            return self.run_answer(endpoint, reply).await;
        }
        let trip = self.begin().await;
        self.world.grant_soundly(&self.name, &trip.nonce);
        self.come_back_with_code(&trip).await
    }

    async fn run_id_token(&self, changes: &Map<String, Value>, header: &Map<String, Value>) -> Page {
        let trip = self.begin().await;
        let mut claims = self.world.claims(&self.name, &trip.nonce);
        for (name, value) in changes {
            claims[name] = fill_claim(value);
        }
        let mut head = json!({ "alg": "ES256", "kid": KID });
        for (name, value) in header.iter().filter(|(_, value)| *value != "RS256") {
            head[name] = value.clone();
        }
        let token = self.mutate(head, claims);
        self.world.grant(&self.name, &token);
        self.come_back_with_code(&trip).await
    }

    /// Makes the token of a case, also of one that claims and header cannot express.
    fn mutate(&self, mut header: Value, mut claims: Value) -> String {
        let remove = |from: &mut Value, name: &str| from.as_object_mut().expect("an object").remove(name);
        match self.case.id.as_str() {
            "entra-tid-missing" => drop(remove(&mut claims, "tid")),
            "idtoken-sub-missing" => drop(remove(&mut claims, "sub")),
            "idtoken-nonce-missing" => drop(remove(&mut claims, "nonce")),
            "idtoken-multiple-keys-no-kid" => {
                remove(&mut header, "kid");
                let keys = json!({ "keys": [self.world.signer.jwk(None), self.world.signer.jwk(None)] });
                self.world.answer(&self.name, "jwks", Reply::json(&keys.to_string()));
            }
            _ => {}
        }
        let token = self.world.signer.sign(&header, &claims);
        match self.case.id.as_str() {
            "idtoken-bad-signature" => format!("{}AAAA", &token[..token.len() - 4]),
            "idtoken-malformed" => token.replace('.', "-"),
            "idtoken-encrypted" => format!("{token}.AAAA.AAAA"),
            _ => token,
        }
    }
}

impl Trip {
    /// Reads where the browser was sent to.
    #[track_caller]
    pub fn read(page: &Page) -> Self {
        let url = Url::parse(page.location()).unwrap_or_else(|error| panic!("{error}: {page:?}"));
        let mut sent: HashMap<_, _> = url.query_pairs().into_owned().collect();
        let mut take = |name: &str| sent.remove(name).unwrap_or_default();
        Self { state: take("state"), nonce: take("nonce") }
    }

    /// Returns the query of an approval.
    pub fn query(&self) -> String {
        self.fill("code={code}&state={state}")
    }

    /// Fills in the placeholders of the corpus.
    pub fn fill(&self, text: &str) -> String {
        text.replace("{state}", &self.state)
            .replace("{first_half_of_state}", &self.state[..self.state.len() / 2])
            .replace("{code}", CODE)
            .replace("{other_code}", "another-code-of-the-corpus")
            .replace("{unusable_code}", "spent-code-of-the-corpus")
            .replace("{other_state}", "state-of-another-attempt-0123456789")
            .replace("{state_not_ours}", "state-that-is-not-ours-0123456789")
            .replace("{foreign_state}", "state-of-another-browser-0123456789")
            .replace("{request_token}", "request-token-of-the-corpus")
            .replace("{id_token}", "eyJhbGciOiJub25lIn0.e30.x")
            .replace("{number}", "10301")
    }
}

/// Opens the page with the one button and presses it.
pub async fn press(browser: &TestBrowser, name: &str, query: &str) -> Page {
    let path = format!("/auth/{name}");
    let page = browser.open(&format!("{path}{query}")).await;
    browser.submit(&page, &path, &[]).await
}

/// Makes the answer of a case; what it says of `idp.example` it says of the provider that plays it.
fn respond(answer: &HttpResponse, issuer: &str) -> Reply {
    let mut headers: Vec<_> = answer.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    headers.extend(answer.content_type.iter().map(|kind| ("Content-Type".to_owned(), kind.clone())));
    let body = match &answer.body_generator {
        Some(generator) => format!("{}{}", generator.prefix, generator.fill.repeat(generator.bytes - generator.prefix.len())),
        None => answer.body.replace("https://idp.example", issuer),
    };
    Reply::Http { status: answer.status, headers, body: body.into_bytes() }
}

fn fill_claim(value: &Value) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix("now").map(str::parse::<i64>) {
            Some(Ok(seconds)) => json!(NOW + seconds),
            _ => json!(text.replace("{client_id}", "genkan")),
        },
        Value::Array(values) => values.iter().map(fill_claim).collect(),
        other => other.clone(),
    }
}

fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).expect("ISO 8859-1")).collect()
}
