//! `genkan client trust-issuer` and its neighbours (RFC 7523 §2.1, security.md TK-10).

use std::path::{Path, PathBuf};

use chrono::SubsecRound as _;
use serde_json::{Value, json};

use super::create::word;
use crate::cli::lookup::{find_user, name_of};
use crate::cli::output::CommandError;
use crate::domain::client::{AssertionAlgorithm, ClientId, TrustedIssuer};
use crate::domain::identity::{MAX_ISSUER_BYTES, Subject};
use crate::domain::ids::RowId;
use crate::domain::scope::Scopes;
use crate::issuer::{Issuer, assertion, pem};
use crate::store::{Conflict, StoreError};

/// Trusts an issuer.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Trust {
    /// The `iss` of its assertions, to the letter
    issuer: String,
    /// A file with its public keys, a JWK Set
    #[arg(long, value_name = "FILE", required_unless_present = "pem_file", conflicts_with = "pem_file")]
    jwks_file: Option<PathBuf>,
    /// A file with its public keys, or certificates that hold them, in PEM
    #[arg(long, value_name = "FILE")]
    pem_file: Option<PathBuf>,
    /// The one algorithm of its assertions
    #[arg(long, default_value = "ES256", value_parser = word(AssertionAlgorithm::parse))]
    algorithm: AssertionAlgorithm,
    /// The scopes that its assertions can get at most, separated by spaces
    #[arg(long)]
    scopes: String,
}

/// Links a subject.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Link {
    /// The trusted issuer
    issuer: String,
    /// The `sub` of its assertions, to the letter
    subject: String,
    /// Whom it means: user name, e-mail address or id
    user: String,
}

/// Unlinks a subject.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Unlink {
    /// The trusted issuer
    issuer: String,
    /// The `sub`
    subject: String,
}

/// Stops trusting an issuer.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Distrust {
    /// The trusted issuer
    issuer: String,
    /// Forgets it with its subjects
    #[arg(long)]
    delete: bool,
    /// Believes it again
    #[arg(long, conflicts_with = "delete")]
    undo: bool,
}

/// Trusts an issuer; its subjects are linked one by one afterwards.
pub(super) async fn trust(args: &Trust, issuer: &Issuer) -> Result<String, CommandError> {
    let is_name =
        !args.issuer.is_empty() && args.issuer.len() <= MAX_ISSUER_BYTES && args.issuer.bytes().all(|byte| byte.is_ascii_graphic());
    // A client speaks about itself with its identifier as `iss`: no issuer may share that name (security.md TK-10).
    if !is_name || ClientId::parse(&args.issuer).is_some() || args.issuer == issuer.identifier() {
        return Err(usage("ISSUER", &"it must be the name of another issuer, in plain ASCII without spaces"));
    }
    if args.algorithm == AssertionAlgorithm::Hs256 {
        return Err(usage("--algorithm", &"an issuer signs with a private key; HS256 has none"));
    }
    let trusted = TrustedIssuer {
        id: RowId::new(&issuer.clock),
        issuer: args.issuer.clone(),
        jwks: read_keys(args)?,
        algorithm: args.algorithm,
        scopes: Scopes::parse(&args.scopes).map_err(|error| usage("--scopes", &error))?,
        is_disabled: false,
        created_at: issuer.clock.now().trunc_subsecs(0),
    };
    match issuer.store.insert_trusted_issuer(trusted).await {
        Ok(()) => Ok(format!("{} is trusted; say whom it means with `genkan client link-subject`.", args.issuer)),
        Err(StoreError::Conflict(Conflict::TrustedIssuer)) => Err(CommandError::Failed("this issuer is trusted already".to_owned())),
        Err(error) => Err(error.into()),
    }
}

/// Reads its keys from whichever file was named.
fn read_keys(args: &Trust) -> Result<Value, CommandError> {
    let read = |option: &str, path: &Path| std::fs::read_to_string(path).map_err(|error| usage(option, &error));
    if let Some(path) = &args.pem_file {
        let keys = pem::key_set_of(&read("--pem-file", path)?, args.algorithm).map_err(|error| usage("--pem-file", &error))?;
        return assertion::check_keys(&keys, args.algorithm).map_err(|error| usage("--pem-file", &error));
    }
    let text = read("--jwks-file", args.jwks_file.as_deref().unwrap_or(Path::new("")))?;
    let keys = serde_json::from_str(&text).map_err(|_| usage("--jwks-file", &"it is no JSON; for PEM there is --pem-file"))?;
    assertion::check_keys(&keys, args.algorithm).map_err(|error| usage("--jwks-file", &error))
}

fn usage(option: &str, error: &dyn std::fmt::Display) -> CommandError {
    CommandError::Usage(format!("{option}: {error}"))
}

/// Says whom a trusted issuer means by a subject.
pub(super) async fn link(args: &Link, issuer: &Issuer) -> Result<String, CommandError> {
    let trusted = find(&args.issuer, issuer).await?;
    let subject = Subject::parse(&args.subject).ok_or_else(|| CommandError::Usage("SUBJECT: this is no subject".to_owned()))?;
    let user = find_user(&issuer.store, &args.user).await?;
    issuer.store.link_trusted_subject(trusted.id, subject.as_str(), user.id, issuer.clock.now()).await?;
    Ok(format!("{} means {} here.", subject.as_str(), name_of(&user)))
}

/// Takes a subject's link away.
pub(super) async fn unlink(args: &Unlink, issuer: &Issuer) -> Result<String, CommandError> {
    let trusted = find(&args.issuer, issuer).await?;
    if issuer.store.unlink_trusted_subject(trusted.id, &args.subject).await? {
        Ok(format!("{} means nobody here any more.", args.subject))
    } else {
        Err(CommandError::Failed("this issuer has no such subject".to_owned()))
    }
}

/// Believes an issuer no more, or again.
pub(super) async fn distrust(args: &Distrust, issuer: &Issuer) -> Result<String, CommandError> {
    let trusted = find(&args.issuer, issuer).await?;
    if args.delete {
        issuer.store.delete_trusted_issuer(trusted.id).await?;
        return Ok(format!("{} is forgotten.", trusted.issuer));
    }
    issuer.store.set_trusted_issuer_disabled(trusted.id, !args.undo).await?;
    Ok(format!("{} is {}.", trusted.issuer, if args.undo { "trusted again" } else { "not trusted any more" }))
}

/// Lists the trusted issuers with their subjects.
pub(super) async fn list(is_json: bool, issuer: &Issuer) -> Result<String, CommandError> {
    let (mut lines, mut all) = (Vec::new(), Vec::new());
    for trusted in issuer.store.list_trusted_issuers().await? {
        let subjects = issuer.store.list_trusted_subjects(trusted.id, None).await?;
        let mark = if trusted.is_disabled { " (not trusted)" } else { "" };
        lines.push(format!("{}  {}  {}{mark}", trusted.issuer, trusted.algorithm, trusted.scopes));
        lines.extend(subjects.iter().map(|subject| format!("  {} → {}", subject.subject, subject.user)));
        let subjects = subjects.iter().map(|subject| json!({ "subject": subject.subject, "user": subject.user })).collect::<Value>();
        all.push(json!({
            "issuer": trusted.issuer, "algorithm": trusted.algorithm, "scopes": trusted.scopes.to_string(),
            "is_disabled": trusted.is_disabled, "subjects": subjects,
        }));
    }
    if is_json {
        return Ok(format!("{:#}", Value::from(all)));
    }
    Ok(if lines.is_empty() { "No issuer is trusted.".to_owned() } else { lines.join("\n") })
}

async fn find(name: &str, issuer: &Issuer) -> Result<TrustedIssuer, CommandError> {
    let found = issuer.store.find_trusted_issuer(name).await?;
    found.ok_or_else(|| CommandError::Failed("this issuer is not trusted (`genkan client trusted-issuers` shows all)".to_owned()))
}
