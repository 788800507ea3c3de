//! Fictional people, one for each kind of profile that sites stumble over.

use serde_json::{Map, Value, json};

use super::form::Form;

/// Somebody with an account at the lab.
#[derive(Clone, Debug)]
pub struct Person {
    /// The name in forms and in `lab_person`.
    pub key: String,
    /// The subject: stable, never reused (OIDC Core §2).
    pub sub: String,
    /// The full name, if the profile has one.
    pub name: Option<String>,
    /// The e-mail address, if the profile has one.
    pub email: Option<String>,
    /// Whether the lab says that the address is the person's.
    pub email_verified: bool,
}

/// The key, name, e-mail address and its verification of everybody at the lab.
pub const PEOPLE: [(&str, Option<&str>, Option<&str>, bool); 7] = [
    ("akari", Some("田中 明里"), Some("akari@people.example"), true),
    ("ben", Some("Ben Carter"), Some("ben@people.example"), true),
    ("unverified", Some("Chloé Dubois"), Some("chloe@people.example"), false),
    ("no_email", Some("Dmitri Sokolov"), None, false),
    ("long", Some(LONG_NAME), Some("the.one.with.the.longest.name.of.all@a-rather-long-subdomain.people.example"), true),
    ("odd", Some("O’Brien <b>\"Ünï\"</b> 👩‍🔬 أحمد"), Some("o'brien+lab@people.example"), true),
    ("nameless", None, Some("nameless@people.example"), true),
];

/// Longer than any form expects, with spaces to break at and a part without.
const LONG_NAME: &str = "Maria Guadalupe Fernández de la Cruz y Santísima Trinidad von Hohenlohe-Waldenburg-Schillingsfürst \
                         Lopadotemachoselachogaleokranioleipsanodrimhypotrimmatosilphioparaomelitokatakechymenokichlepikossyphophatto";

impl Person {
    /// Returns somebody new with a subject of their own, and nothing else.
    pub fn new(sub: impl Into<String>) -> Self {
        Self { key: String::new(), sub: sub.into(), name: None, email: None, email_verified: false }
    }

    /// Finds somebody of [`PEOPLE`].
    pub fn find(key: &str) -> Option<Self> {
        Self::all().find(|person| person.key == key)
    }

    /// Lists everybody of [`PEOPLE`].
    pub fn all() -> impl Iterator<Item = Self> {
        PEOPLE.into_iter().map(|(key, name, email, email_verified)| Self {
            key: key.to_owned(),
            sub: format!("lab-{key}"),
            name: name.map(str::to_owned),
            email: email.map(str::to_owned),
            email_verified,
        })
    }

    /// Reads who a form names: by subject, else by key, with names that begin with `prefix`.
    pub(super) fn from_form(form: &Form, prefix: &str) -> Option<Self> {
        let field = |name: &str| form.owned(&format!("{prefix}{name}"));
        match field("sub") {
            Some(sub) => Some(Self {
                name: field("name"),
                email: field("email"),
                email_verified: matches!(field("email_verified").as_deref(), Some("true" | "on" | "1")),
                ..Self::new(sub)
            }),
            None => field("person").as_deref().and_then(Self::find),
        }
    }

    /// Returns the claims that the scopes release (OIDC Core §5.4).
    pub(super) fn claims(&self, scope: &str) -> Map<String, Value> {
        let has = |wanted: &str| scope.split(' ').any(|scope| scope == wanted);
        let mut claims = Map::from_iter([("sub".to_owned(), json!(self.sub))]);
        if let Some(name) = self.name.as_ref().filter(|_| has("profile")) {
            claims.insert("name".to_owned(), json!(name));
        }
        if let Some(email) = self.email.as_ref().filter(|_| has("email")) {
            claims.insert("email".to_owned(), json!(email));
            claims.insert("email_verified".to_owned(), json!(self.email_verified));
        }
        claims
    }
}
