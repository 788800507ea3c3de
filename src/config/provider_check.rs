//! Checks the providers as far as that needs no preset.

use std::collections::BTreeSet;

use url::Url;

use super::check::has_credentials;
use super::environment::spell;
use super::schema::{self, Kind};
use super::server::is_loopback;
use super::settings::{Settings, Table, provider_label};
use super::{ConfigError, ProviderConfig};
use crate::domain::identity::ProviderId;

/// Words that stand where a provider's name stands: as a method, and as the label of no provider.
const RESERVED: [&str; 2] = ["password", "none"];

/// What is wrong with which key of a provider, and what to do about it.
type Fault = (&'static str, &'static str, &'static str);

/// Checks every provider, the disabled ones too.
///
/// # Errors
///
/// [`ConfigError`] for the first fault.
pub(super) fn check(providers: &[ProviderConfig], settings: &Settings) -> Result<(), ConfigError> {
    let mut names = BTreeSet::new();
    for (index, (provider, (_, table))) in providers.iter().zip(&settings.providers).enumerate() {
        let checked = check_id(&provider.id, &mut names).and_then(|()| check_urls(table)).and_then(|()| check_scopes(provider));
        checked.map_err(|(name, problem, remedy)| {
            ConfigError::new(format!("{}.{name}", provider_label(index, &provider.id)), provider.origin(name), problem, remedy)
        })?;
    }
    Ok(())
}

fn check_id(id: &str, names: &mut BTreeSet<String>) -> Result<(), Fault> {
    if ProviderId::parse(id).is_none() {
        return Err(("id", "it does not fit a URL", "write up to 32 lower-case letters, digits, - and _, beginning with a letter"));
    }
    if RESERVED.contains(&id) {
        return Err(("id", "this name has another meaning here", "choose another name"));
    }
    if !names.insert(spell(id)) {
        return Err(("id", "two providers have this name, or one that differs only in - and _", "give each a name of its own"));
    }
    Ok(())
}

/// Checks every key that holds a URL; one that cannot be parsed was refused before.
fn check_urls(table: &Table) -> Result<(), Fault> {
    let keys = schema::KEYS.iter().filter(|key| key.section == "providers" && key.kind == Kind::Url);
    let urls = keys.filter_map(|key| Some((key.name, Url::parse(table.keys.get(key.name)?.value.as_str()?).ok()?)));
    urls.into_iter().try_for_each(|(name, url)| check_url(name, &url))
}

/// Checks scheme and form; an issuer has neither query nor fragment (OIDC Discovery §3).
fn check_url(name: &'static str, url: &Url) -> Result<(), Fault> {
    let is_secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url));
    if !is_secure {
        return Err((name, "it is not https", "write https://…; http is allowed to this machine only, as in http://127.0.0.1:8081"));
    }
    if has_credentials(url) || url.fragment().is_some() || (name == "issuer" && url.query().is_some()) {
        return Err((
            name,
            "it has a part that does not belong there",
            "write it without user name, password, fragment and, for an issuer, query",
        ));
    }
    Ok(())
}

/// Checks the form of scopes (RFC 6749 §3.3).
fn check_scopes(provider: &ProviderConfig) -> Result<(), Fault> {
    let is_token = |scope: &String| scope.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\'));
    if !provider.scopes.iter().flatten().all(is_token) {
        return Err(("scopes", "an item is no scope", "give each scope an item of its own, as in [\"openid\", \"email\"]"));
    }
    if !provider.required_scopes.iter().all(is_token) {
        return Err(("required_scopes", "an item is no scope", "give each scope an item of its own, as in [\"openid\", \"email\"]"));
    }
    let is_asked_for = |scope: &String| provider.scopes.as_ref().is_none_or(|scopes| scopes.contains(scope));
    if !provider.required_scopes.iter().all(is_asked_for) {
        return Err(("required_scopes", "an item is not in scopes", "ask for it in scopes too"));
    }
    Ok(())
}
