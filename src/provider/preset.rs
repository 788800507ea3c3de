//! Presets: what is known of a provider before anybody configures it.
//!
//! Each file of `presets/` is one preset, named after the file; adding a provider
//! is adding a file. Whatever a preset says can be overridden in `[[providers]]`.

use std::collections::BTreeMap;

use figment::Figment;
use figment::providers::{Format as _, Toml};
use rust_embed::RustEmbed;
use serde::Deserialize;

#[derive(RustEmbed)]
#[folder = "src/provider/presets"]
struct Files;

/// Which protocol a provider speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// OpenID Connect Core 1.0, with the authorization code flow.
    Oidc,
}

/// How we say who we are at the token endpoint (OIDC Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ClientAuthentication {
    /// In the `Authorization` header (RFC 6749 §2.3.1).
    ClientSecretBasic,
    /// In the body.
    ClientSecretPost,
    /// Not at all: a public client has no secret.
    None,
}

/// What a preset file says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Preset {
    /// The protocol.
    pub kind: Kind,
    /// What the button says.
    pub name: String,
    /// Which mark the button shows: the name of a file in `static/marks`.
    pub mark: String,
    /// The issuer, where there is only one.
    pub issuer: Option<String>,
    /// The scopes to ask for.
    pub scopes: Vec<String>,
    /// How we authenticate; absent: as the discovery document says.
    pub client_authentication: Option<ClientAuthentication>,
    /// More parameters of the authorization request.
    #[serde(default)]
    pub authorization_parameters: BTreeMap<String, String>,
}

impl Preset {
    /// Finds a preset by its name.
    ///
    /// # Panics
    ///
    /// Never: the files are part of the binary, and a test reads each of them.
    pub fn find(name: &str) -> Option<Self> {
        let file = Files::get(&format!("{name}.toml"))?;
        let text = String::from_utf8_lossy(&file.data);
        Some(Figment::from(Toml::string(&text)).extract().expect("every preset is read by a test"))
    }

    /// Returns the names of all presets, sorted.
    pub fn names() -> Vec<String> {
        let mut names: Vec<_> = Files::iter().filter_map(|file| file.strip_suffix(".toml").map(str::to_owned)).collect();
        names.sort();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_readable_and_asks_for_an_identity() {
        let names = Preset::names();

        assert!(names.contains(&"oidc".to_owned()), "{names:?}");
        for name in names {
            let preset = Preset::find(&name).expect("a listed preset is there");
            assert!(preset.kind != Kind::Oidc || preset.scopes.contains(&"openid".to_owned()), "{name}");
            assert!(!preset.name.is_empty() && !preset.mark.is_empty(), "{name}");
        }
    }

    #[test]
    fn a_preset_that_is_not_there_is_not_found() {
        for name in ["", "nowhere", "../mod", "oidc.toml"] {
            assert!(Preset::find(name).is_none(), "{name}");
        }
    }
}
