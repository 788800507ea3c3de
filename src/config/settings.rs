//! Settings on their way from their sources: each value with where it came from.
//!
//! [`super::file`] and [`super::environment`] fill it, [`super::secrets`] reads
//! the files that stand for secrets, [`super::check`] looks at the result.

use std::collections::BTreeMap;

use figment::value::{Dict, Value};

use super::schema::{self, Key, Kind};
use super::{Config, ConfigError};
use crate::domain::identity::ProviderId;

/// A value and where it came from: a line of a file, or a variable.
#[derive(Clone)]
pub(super) struct Setting {
    /// The value. Never shown.
    pub value: Value,
    /// Where it came from, as in `genkan.toml line 3`.
    pub origin: String,
}

/// One section, or one provider.
#[derive(Clone, Default)]
pub(super) struct Table {
    /// Where it begins.
    pub origin: String,
    /// Its keys.
    pub keys: BTreeMap<String, Setting>,
}

/// Everything that was set, by whomever.
#[derive(Clone, Default)]
pub(super) struct Settings {
    /// Section by section.
    pub sections: BTreeMap<&'static str, Table>,
    /// The providers with their names, in the order of their buttons.
    pub providers: Vec<(String, Table)>,
}

impl Settings {
    /// Iterates over every section and provider, with the name it has in messages.
    pub fn tables(&mut self) -> impl Iterator<Item = (&'static str, String, &mut Table)> {
        let sections = self.sections.iter_mut().map(|(&section, table)| (section, section.to_owned(), table));
        let providers = self.providers.iter_mut().enumerate();
        let providers = providers.map(|(index, (id, table))| ("providers", provider_label(index, id), table));
        sections.chain(providers)
    }

    /// Says where a key such as `server.listen` or `providers.github.issuer` was set.
    pub fn origin(&self, key: &str) -> String {
        let Some((table, name)) = key.rsplit_once('.') else { return DEFAULTS.to_owned() };
        let found = match table.strip_prefix("providers.") {
            Some(id) => self.providers.iter().find(|(provider, _)| provider == id).map(|(_, table)| table),
            None => self.sections.get(table),
        };
        let origin = found.map(|table| table.keys.get(name).map_or(&table.origin, |setting| &setting.origin));
        origin.filter(|origin| !origin.is_empty()).cloned().unwrap_or_else(|| DEFAULTS.to_owned())
    }

    /// Turns what was set into the typed whole; the rest are defaults.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if a value is not what its type takes; the checks before should have said so.
    pub fn extract(&self) -> Result<Config, ConfigError> {
        let mut config = self.read_types()?;
        for (provider, (_, table)) in config.providers.iter_mut().zip(&self.providers) {
            provider.origins = table.keys.iter().map(|(name, setting)| (name.clone(), setting.origin.clone())).collect();
            provider.origins.insert(String::new(), table.origin.clone());
        }
        Ok(config)
    }

    fn read_types(&self) -> Result<Config, ConfigError> {
        let dict = |table: &Table| -> Value {
            table.keys.iter().map(|(name, setting)| (name.clone(), setting.value.clone())).collect::<Dict>().into()
        };
        let mut whole: Dict = self.sections.iter().map(|(section, table)| ((*section).to_owned(), dict(table))).collect();
        whole.insert("providers".to_owned(), self.providers.iter().map(|(_, table)| dict(table)).collect::<Vec<_>>().into());
        Value::from(whole).deserialize::<Config>().map_err(|error| {
            let key = error.path.join(".");
            let origin = self.origin(&key);
            ConfigError::new(key, origin, "this is not what the key takes", "see docs/configuration.md")
        })
    }
}

/// Returns what messages call a provider: by its name, or by its place if the name is none, for values are not shown.
pub(super) fn provider_label(index: usize, id: &str) -> String {
    match ProviderId::parse(id) {
        Some(id) => format!("providers.{id}"),
        None => format!("providers[{index}]"),
    }
}

/// What a message says of a key that nobody set.
const DEFAULTS: &str = "the defaults";

/// Checks that a value is of its key's kind.
///
/// # Errors
///
/// What is wrong, without the value.
pub(super) fn check_kind(key: &Key, value: &Value) -> Result<(), String> {
    let text = value.as_str();
    let is_ok = match key.kind {
        Kind::Text | Kind::Secret | Kind::Path => text.is_some_and(|text| !text.trim().is_empty()),
        Kind::Url => text.is_some_and(|text| url::Url::parse(text).is_ok()),
        Kind::Listen => text.is_some_and(|text| text.parse::<std::net::SocketAddr>().is_ok()),
        Kind::Number(from, to) => number(value).is_some_and(|number| (u128::from(from)..=u128::from(to)).contains(&number)),
        Kind::Flag => value.to_bool().is_some(),
        Kind::Choice(words) => text.is_some_and(|text| words.contains(&text)),
        Kind::Texts => each_text(value, |text| !text.trim().is_empty()),
        Kind::Networks => each_text(value, |text| text.parse::<ipnet::IpNet>().is_ok()),
    };
    if is_ok { Ok(()) } else { Err(expected(key.kind)) }
}

fn number(value: &Value) -> Option<u128> {
    value.to_num()?.to_u128_lossy()
}

fn each_text(value: &Value, is_ok: impl Fn(&str) -> bool) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(|item| item.as_str().is_some_and(&is_ok)))
}

fn expected(kind: Kind) -> String {
    match kind {
        Kind::Text | Kind::Secret | Kind::Path => "it must be a text that is not empty".to_owned(),
        Kind::Url => "it must be a URL, as in \"https://accounts.example.com\"".to_owned(),
        Kind::Listen => "it must be an IP address and a port, as in \"127.0.0.1:8080\"".to_owned(),
        Kind::Number(from, to) => format!("it must be a whole number from {from} to {to}"),
        Kind::Flag => "it must be true or false".to_owned(),
        Kind::Choice(words) => format!("it must be one of: {}", words.join(", ")),
        Kind::Texts => "it must be a list of texts, as in [\"a\", \"b\"]".to_owned(),
        Kind::Networks => "it must be a list of networks, as in [\"10.0.0.0/8\", \"192.0.2.7/32\"]".to_owned(),
    }
}

/// Checks every value's kind, and that nothing required is missing.
///
/// # Errors
///
/// [`ConfigError`] for the first key that is wrong.
pub(super) fn check_kinds(settings: &mut Settings) -> Result<(), ConfigError> {
    for (section, label, table) in settings.tables() {
        for (name, setting) in &table.keys {
            let key = schema::find(section, name).expect("unknown keys were refused where they were read");
            check_kind(key, &setting.value)
                .map_err(|problem| ConfigError::new(format!("{label}.{name}"), &setting.origin, problem, "correct it or leave it out"))?;
        }
        let is_missing = |name: &str| !table.keys.contains_key(name);
        if let Some((_, name, example)) = schema::REQUIRED.iter().find(|(of, name, _)| *of == section && is_missing(name)) {
            return Err(ConfigError::new(format!("{label}.{name}"), &table.origin, "it is missing", format!("add {example}")));
        }
    }
    Ok(())
}
