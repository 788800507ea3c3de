//! The parts of a preset, each a table of its file.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::path::Path;

/// Which protocol a provider speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::provider) enum Kind {
    /// OpenID Connect Core 1.0, with the authorization code flow.
    Oidc,
    /// Plain OAuth 2.0 (RFC 6749 §4.1) with a profile endpoint.
    Oauth2,
}

/// How we say who we are at the token endpoint (OIDC Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::provider) enum ClientAuthentication {
    /// In the `Authorization` header (RFC 6749 §2.3.1).
    ClientSecretBasic,
    /// The same, for servers that do not undo the form encoding of id and secret.
    ClientSecretBasicRaw,
    /// In the body.
    ClientSecretPost,
    /// In the body, with a secret that is a token signed with a key of ours (ES256), made for each request.
    ClientSecretEs256,
    /// Not at all: a public client has no secret.
    None,
}

/// How the browser brings the answer (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::provider) enum ResponseMode {
    /// In the query.
    Query,
    /// In a form that it posts.
    FormPost,
}

impl ResponseMode {
    /// Returns the value of the parameter.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }
}

/// `[authorization]`: what is odd about the authorization request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::provider) struct Authorization {
    /// More parameters.
    pub parameters: BTreeMap<String, String>,
    /// More parameters where an attempt of this browser did not come back.
    pub retry_parameters: BTreeMap<String, String>,
    /// More parameters where tokens are kept: without them nothing can be refreshed.
    pub offline_parameters: BTreeMap<String, String>,
    /// Parameters of the protocol that have another name, here and in the token request.
    pub names: BTreeMap<String, String>,
    /// What stands between two scopes.
    pub scope_separator: String,
    /// Whether a challenge is sent (RFC 7636); off only where the provider refuses it.
    pub pkce: bool,
    /// How the answer is to come.
    pub response_mode: Option<ResponseMode>,
    /// What the address has to end with.
    pub fragment: Option<String>,
}

impl Default for Authorization {
    fn default() -> Self {
        Self {
            parameters: BTreeMap::new(),
            retry_parameters: BTreeMap::new(),
            offline_parameters: BTreeMap::new(),
            names: BTreeMap::new(),
            scope_separator: " ".to_owned(),
            pkce: true,
            response_mode: None,
            fragment: None,
        }
    }
}

/// How a request is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::provider) enum Method {
    /// With a form (RFC 6749 §3.2).
    #[default]
    Post,
    /// With everything in the query, against the protocol.
    Get,
}

/// What the body of a token request is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::provider) enum Encoding {
    /// A form (RFC 6749 §3.2, appendix B).
    #[default]
    Form,
    /// A JSON object, against the protocol.
    Json,
}

/// `[token]`: what is odd about the token request and its answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::provider) struct Token {
    /// How it is sent.
    pub method: Method,
    /// What its body is written in.
    pub encoding: Encoding,
    /// More parameters.
    pub parameters: BTreeMap<String, String>,
    /// Parameters of the protocol that are left out.
    pub omit: Vec<String>,
    /// Where the access token is, if not in `access_token`; `token_type` then tells of another one.
    pub access: Vec<Path>,
}

/// `[userinfo]`: what is odd about the profile request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::provider) struct Userinfo {
    /// The query parameter that takes the access token, where the header does not.
    pub token_parameter: Option<String>,
    /// More parameters.
    pub parameters: BTreeMap<String, String>,
    /// More headers.
    pub headers: BTreeMap<String, String>,
}

/// `[profile]`: where the profile says what; of several paths the first that leads to something counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::provider) struct ProfilePaths {
    /// Who it is. An ID Token's `sub` needs no path; it is then what userinfo is compared with.
    pub subject: Vec<Path>,
    /// What the subject is unique in, if not in the provider; it is put before it.
    pub subject_scope: Option<Path>,
    /// Claims of the ID Token that userinfo's subject may equal, beside `sub`.
    pub same_as: Vec<String>,
    /// What to call them.
    pub name: Vec<Path>,
    /// Their address.
    pub email: Vec<Path>,
    /// Flags that must **all** be true for the address to count as verified.
    pub email_verified: Vec<Path>,
    /// Whether the flags may be the text `"true"` as well.
    pub flags_as_text: bool,
}

impl Default for ProfilePaths {
    fn default() -> Self {
        let paths = |texts: &[&str]| texts.iter().filter_map(|text| Path::parse(text)).collect();
        Self {
            subject: paths(&["sub"]),
            subject_scope: None,
            same_as: Vec::new(),
            name: paths(&["name", "preferred_username"]),
            email: paths(&["email"]),
            email_verified: paths(&["email_verified"]),
            flags_as_text: false,
        }
    }
}
