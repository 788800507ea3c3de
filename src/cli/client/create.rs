//! `genkan client create`

use std::path::PathBuf;

use crate::cli::lookup::find_user;
use crate::cli::output::CommandError;
use crate::domain::client::{AccessTokenFormat, AssertionAlgorithm, ClientAuthentication, ClientKind, Grant, SigningAlgorithm};
use crate::issuer::Issuer;
use crate::issuer::registration::Draft;

/// Registers an application.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// What people are told it is called
    #[arg(long)]
    name: String,
    /// What runs it: web, native or spa
    #[arg(long, default_value = "web", value_parser = word(ClientKind::parse))]
    kind: ClientKind,
    /// Where people come back to; may be repeated
    #[arg(long = "redirect-uri", value_name = "ADDRESS")]
    redirect_uris: Vec<String>,
    /// Where people may go after signing out; may be repeated
    #[arg(long = "post-logout-redirect-uri", value_name = "ADDRESS")]
    post_logout_redirect_uris: Vec<String>,
    /// A way to a token; may be repeated: `authorization_code`, `refresh_token`, `client_credentials`, `device_code`, `jwt_bearer`, `password`
    #[arg(long = "grant", value_name = "GRANT", value_parser = word(Grant::parse_short))]
    grants: Vec<Grant>,
    /// What it may ask for, separated by spaces
    #[arg(long, value_name = "SCOPES")]
    scopes: Option<String>,
    /// How it proves itself [default: `client_secret_basic`, none for native and spa]
    #[arg(long, value_parser = word(ClientAuthentication::parse))]
    authentication: Option<ClientAuthentication>,
    /// A file with its public keys, a JWK Set; for `private_key_jwt`
    #[arg(long, value_name = "FILE")]
    jwks_file: Option<PathBuf>,
    /// The algorithm of its assertions
    #[arg(long, value_parser = word(AssertionAlgorithm::parse))]
    assertion_algorithm: Option<AssertionAlgorithm>,
    /// Requests need no code challenge; only for old confidential applications
    #[arg(long)]
    without_pkce: bool,
    /// What access tokens look like: jwt or opaque
    #[arg(long, default_value = "jwt", value_parser = word(AccessTokenFormat::parse))]
    access_token_format: AccessTokenFormat,
    /// It gets no access token without a DPoP proof (RFC 9449)
    #[arg(long)]
    dpop_bound_access_tokens: bool,
    /// The signature of access tokens that have one: ES256 or RS256
    #[arg(long, default_value = "ES256", value_parser = word(SigningAlgorithm::parse))]
    access_token_algorithm: SigningAlgorithm,
    /// The signature of ID Tokens: RS256 or ES256
    #[arg(long, default_value = "RS256", value_parser = word(SigningAlgorithm::parse))]
    id_token_algorithm: SigningAlgorithm,
    /// The address of the API that access tokens are for
    #[arg(long, value_name = "ADDRESS")]
    audience: Option<String>,
    /// Where it is told that a session has ended
    #[arg(long, value_name = "ADDRESS")]
    backchannel_logout_uri: Option<String>,
    /// What the browser loads when a session ends
    #[arg(long, value_name = "ADDRESS")]
    frontchannel_logout_uri: Option<String>,
    /// Whose it is: they see it under /applications, and it is not verified
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

/// Registers it; returns what to tell, with the secret in a line of its own.
pub(super) async fn run(args: &Args, issuer: &Issuer) -> Result<String, CommandError> {
    let owner = match &args.owner {
        Some(named) => Some(find_user(&issuer.store, named).await?.id),
        None => None,
    };
    let registered = issuer.register_client(owner, &draft(args)?).await.map_err(super::refuse)?;
    Ok(super::tell(&registered, args.json))
}

fn draft(args: &Args) -> Result<Draft, CommandError> {
    let default = Draft::default();
    let is_public = args.kind != ClientKind::Web;
    let usual = if is_public { ClientAuthentication::None } else { ClientAuthentication::ClientSecretBasic };
    let jwks = args.jwks_file.as_ref().map(std::fs::read_to_string).transpose()?;
    Ok(Draft {
        name: args.name.clone(),
        kind: args.kind,
        authentication: args.authentication.unwrap_or(usual),
        assertion_algorithm: args.assertion_algorithm,
        jwks: jwks.unwrap_or_default(),
        redirect_uris: args.redirect_uris.join("\n"),
        post_logout_redirect_uris: args.post_logout_redirect_uris.join("\n"),
        grants: if args.grants.is_empty() { default.grants } else { args.grants.iter().copied().collect() },
        scopes: args.scopes.clone().unwrap_or(default.scopes),
        requires_pkce: !args.without_pkce,
        access_token_format: args.access_token_format,
        dpop_bound_access_tokens: args.dpop_bound_access_tokens,
        access_token_algorithm: args.access_token_algorithm,
        id_token_algorithm: args.id_token_algorithm,
        audience: args.audience.clone().unwrap_or_default(),
        backchannel_logout_uri: args.backchannel_logout_uri.clone().unwrap_or_default(),
        frontchannel_logout_uri: args.frontchannel_logout_uri.clone().unwrap_or_default(),
        ..Draft::default()
    })
}

/// Makes a reader of words out of a finder of choices.
pub(super) fn word<T>(find: fn(&str) -> Option<T>) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |word| find(word).ok_or_else(|| "there is no such choice".to_owned())
}
