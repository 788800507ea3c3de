//! What a program needs to know to connect: ready to be copied.

use crate::domain::client::{Client, ClientAuthentication, Grant};

/// Addresses, and an example that works.
#[derive(Clone, Debug)]
pub struct Connect {
    /// The issuer, to the letter.
    pub issuer: String,
    /// What names all the other addresses.
    pub discovery: String,
    /// Where people are sent.
    pub authorization: String,
    /// Where tokens come from.
    pub token: String,
    /// Commands for a terminal.
    pub example: String,
}

impl Connect {
    /// Works out the addresses and an example for the client's first grant.
    pub fn new(issuer: &str, client: &Client) -> Self {
        Self {
            issuer: issuer.to_owned(),
            discovery: format!("{issuer}/.well-known/openid-configuration"),
            authorization: format!("{issuer}/oauth/authorize"),
            token: format!("{issuer}/oauth/token"),
            example: example(issuer, client),
        }
    }
}

fn example(issuer: &str, client: &Client) -> String {
    let credentials = credentials(client);
    if client.allows_grant(Grant::AuthorizationCode) {
        let address = client.metadata.redirect_uris.first().map(|uri| encode(uri.as_str())).unwrap_or_default();
        let scope = encode(&client.metadata.scopes.to_string());
        format!(
            "VERIFIER=$(openssl rand -hex 32)\n\
             CHALLENGE=$(printf %s \"$VERIFIER\" | openssl dgst -sha256 -binary | basenc --base64url | tr -d '=')\n\
             echo \"{issuer}/oauth/authorize?response_type=code&client_id={id}&redirect_uri={address}&scope={scope}\
             &state=$(openssl rand -hex 8)&code_challenge=$CHALLENGE&code_challenge_method=S256\"\n\n\
             curl {issuer}/oauth/token {credentials} \\\n  -d grant_type=authorization_code -d code=CODE \\\n  \
             -d redirect_uri={address} -d code_verifier=\"$VERIFIER\"",
            id = client.id
        )
    } else if client.allows_grant(Grant::DeviceCode) {
        format!(
            "curl {issuer}/oauth/device_authorization {credentials} -d scope='{scope}'\n\n\
             curl {issuer}/oauth/token {credentials} \\\n  -d grant_type={grant} -d device_code=DEVICE_CODE",
            scope = client.metadata.scopes,
            grant = encode(Grant::DeviceCode.as_str())
        )
    } else {
        format!("curl {issuer}/oauth/token {credentials} \\\n  -d grant_type=client_credentials")
    }
}

/// Returns curl's options for the way in which the client proves itself.
fn credentials(client: &Client) -> String {
    let id = &client.id;
    match client.metadata.authentication {
        ClientAuthentication::ClientSecretBasic => format!("-u {id}:CLIENT_SECRET"),
        ClientAuthentication::ClientSecretPost => format!("-d client_id={id} -d client_secret=CLIENT_SECRET"),
        ClientAuthentication::None => format!("-d client_id={id}"),
        ClientAuthentication::PrivateKeyJwt | ClientAuthentication::ClientSecretJwt => {
            "-d client_assertion=JWT \\\n  -d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()
        }
    }
}

fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
