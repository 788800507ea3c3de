//! Presets: what is known of a provider before anybody configures it.
//!
//! Each file of `presets/` is one preset, named after the file; adding a provider
//! is adding a file. Operators can have their own beside `genkan.toml`. Whatever
//! a preset says of addresses and scopes can be overridden in `[[providers]]`.

mod parts;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;

use figment::Figment;
use figment::providers::{Format as _, Toml};
use rust_embed::RustEmbed;
use serde::Deserialize;

pub(super) use parts::{Authorization, ClientAuthentication, Encoding, Kind, Method, ProfilePaths, ResponseMode, Token, Userinfo};

use super::dialect::{Place, Rule};

/// What a preset of the operator's own ends with, so that it is told from the name of a built-in one.
const FILE_ENDING: &str = ".toml";
/// Other names of presets.
const ALIASES: [(&str, &str); 4] = [("entra", "microsoft"), ("supabase-auth", "supabase"), ("twitter", "x"), ("weixin", "wechat")];

#[derive(RustEmbed)]
#[folder = "src/provider/presets"]
struct Files;

/// What a preset file says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Preset {
    /// The protocol.
    pub kind: Kind,
    /// What the button says.
    pub name: String,
    /// Which mark the button shows: the name of a file in `static/marks`.
    #[serde(default)]
    pub mark: String,
    /// The issuer, where there is only one; `{tenantid}` in it stands for the token's tenant.
    pub issuer: Option<String>,
    /// Other spellings of the issuer in ID Tokens.
    #[serde(default)]
    pub issuer_aliases: Vec<String>,
    /// The tenant, where the issuer has one.
    pub tenant: Option<String>,
    /// The authorization endpoint.
    pub authorization_url: Option<String>,
    /// The token endpoint.
    pub token_url: Option<String>,
    /// The profile endpoint.
    pub userinfo_url: Option<String>,
    /// A second profile call, found as `$emails` in the paths.
    pub emails_url: Option<String>,
    /// A call that succeeds for members of `{organization}` only.
    pub organization_url: Option<String>,
    /// The scopes to ask for.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// More scopes, where tokens are kept: without them nothing can be refreshed.
    #[serde(default)]
    pub offline_scopes: Vec<String>,
    /// What a granted scope is called in the answer, if not as asked for: from there to here.
    #[serde(default)]
    pub scope_aliases: BTreeMap<String, String>,
    /// How we authenticate; absent: as the discovery document says, else in the header.
    pub client_authentication: Option<ClientAuthentication>,
    /// Whether ID Tokens may be signed with HS256 and our client secret.
    #[serde(default)]
    pub signs_with_secret: bool,
    /// Whether ID Tokens may come without the nonce.
    #[serde(default)]
    pub nonce_optional: bool,
    /// Claims that the ID Token must have, as far as their values are configured.
    #[serde(default)]
    pub required_claims: BTreeMap<String, String>,
    /// The authorization request.
    #[serde(default)]
    pub authorization: Authorization,
    /// The token request.
    #[serde(default)]
    pub token: Token,
    /// The profile request.
    #[serde(default)]
    pub userinfo: Userinfo,
    /// Where the profile says what.
    #[serde(default)]
    pub profile: ProfilePaths,
    /// Its own words for failures.
    #[serde(default)]
    pub dialect: Vec<Rule>,
}

impl Preset {
    /// Finds a preset by its name, or reads the operator's own file.
    ///
    /// # Errors
    ///
    /// What is wrong, and what to do about it.
    pub fn find(name: &str) -> Result<Self, (String, String)> {
        if name.ends_with(FILE_ENDING) {
            let text = fs::read_to_string(name)
                .map_err(|error| (format!("names a file that cannot be read: {}", error.kind()), "check the path".to_owned()))?;
            return Self::parse(&text)
                .map_err(|problem| (format!("names a file that is no preset: {problem}"), "see docs/providers.md".to_owned()));
        }
        let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| name);
        let file = Files::get(&format!("{name}{FILE_ENDING}"));
        let file = file.ok_or_else(|| ("names no preset".to_owned(), format!("use one of: {}", Self::names().join(", "))))?;
        Self::parse(&String::from_utf8_lossy(&file.data)).map_err(|problem| (problem, "report it: a test reads every preset".to_owned()))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let preset: Self = Figment::from(Toml::string(text)).extract().map_err(|error| error.to_string())?;
        let is_aimless = |rule: &Rule| rule.restart && rule.at != [Place::Authorization];
        if preset.dialect.iter().any(is_aimless) {
            return Err("a rule has restart, which only means something at = [\"authorization\"]".to_owned());
        }
        Ok(preset)
    }

    /// Returns the names of all presets, sorted.
    pub fn names() -> Vec<String> {
        let mut names: Vec<_> = Files::iter().filter_map(|file| file.strip_suffix(FILE_ENDING).map(str::to_owned)).collect();
        names.sort();
        names
    }

    /// Tells whether a placeholder stands anywhere in it: otherwise a value for it would do nothing.
    pub fn uses(&self, placeholder: &str) -> bool {
        let placeholder = format!("{{{placeholder}}}");
        let tables = [&self.authorization.parameters, &self.required_claims, &self.token.parameters, &self.userinfo.parameters];
        let urls = [&self.issuer, &self.authorization_url, &self.token_url, &self.userinfo_url, &self.organization_url];
        tables.iter().any(|table| table.values().any(|value| value.contains(&placeholder)))
            || urls.iter().any(|url| url.as_ref().is_some_and(|url| url.contains(&placeholder)))
    }
}
