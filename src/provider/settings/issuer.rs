//! The issuer: one text, or one per tenant.

use serde_json::{Map, Value};
use url::Url;
use uuid::Uuid;

use super::super::address;
use super::super::error::Fault;
use super::super::preset::{Kind, Preset};
use super::place::Place;
use crate::config::{ConfigError, ProviderConfig};
use crate::domain::identity::MAX_ISSUER_BYTES;

/// What stands for the tenant in a provider's own documents, to the letter.
const TENANT: &str = "{tenantid}";

/// Whose word counts.
#[derive(Clone, Debug)]
pub(in crate::provider) struct Issuer {
    /// As configured, to the letter: it is compared byte for byte (OIDC Discovery §4.3); empty where there is none.
    pub name: String,
    /// What its endpoints are judged by.
    pub url: Url,
    /// Where its discovery document is, if nobody says otherwise (OIDC Discovery §4.1).
    pub well_known: Url,
}

impl Issuer {
    /// Finds the issuer: https without query or fragment (OIDC Discovery §3); a plain OAuth 2.0 provider may have none.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for a missing issuer, or one that may not be called.
    pub fn resolve(config: &ProviderConfig, preset: &Preset) -> Result<Self, ConfigError> {
        let tenant = config.tenant.as_ref().or(preset.tenant.as_ref());
        let configured = config.issuer.as_ref().or(preset.issuer.as_ref());
        let place = || Place::of(config, "issuer");
        let template = match (configured, preset.kind) {
            (Some(issuer), _) => issuer.clone(),
            (None, Kind::Oidc) => return Err(place().refuse("is missing", "set it to the provider's issuer, to the letter")),
            (None, Kind::Oauth2) => String::new(),
        };
        let base =
            if template.is_empty() { "https://issuer.invalid".to_owned() } else { fill(&template, tenant.map_or(TENANT, String::as_str)) };
        let is_one_tenant = tenant.is_some_and(|tenant| Uuid::try_parse(tenant).is_ok());
        let name = if is_one_tenant { base.clone() } else { template };
        let url = Url::parse(&base).ok().filter(|url| address::is_allowed(url) && url.query().is_none() && name.len() <= MAX_ISSUER_BYTES);
        let well_known = Url::parse(&format!("{}/.well-known/openid-configuration", base.trim_end_matches('/'))).ok();
        match (url, well_known) {
            (Some(url), Some(well_known)) => Ok(Self { name, url, well_known }),
            _ => Err(place().not_a_url()),
        }
    }

    /// Tells whether a discovery document or an authorization response may name `found`: exactly the
    /// issuer, or one of its tenants.
    pub fn accepts(&self, found: &str) -> bool {
        found == self.name || self.is_tenant(found)
    }

    fn is_tenant(&self, found: &str) -> bool {
        let tenant = self.name.split_once(TENANT).and_then(|(before, after)| found.strip_prefix(before)?.strip_suffix(after));
        tenant.is_some_and(|tenant| Uuid::try_parse(tenant).is_ok())
    }
}

/// Finds the issuer that a token of these claims must have, whose provider's documents named `published`.
///
/// # Errors
///
/// [`Fault::Malformed`] for a token that does not say of which tenant it is.
pub(in crate::provider) fn expected_issuer(published: &str, claims: &Map<String, Value>) -> Result<String, Fault> {
    if !published.contains(TENANT) {
        return Ok(published.to_owned());
    }
    let tenant = claims.get("tid").and_then(Value::as_str).filter(|tenant| Uuid::try_parse(tenant).is_ok());
    tenant.map(|tenant| fill(published, tenant)).ok_or(Fault::Malformed)
}

fn fill(template: &str, tenant: &str) -> String {
    template.replace(TENANT, tenant)
}
