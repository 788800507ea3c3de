//! `genkan rules`

mod matcher;
mod tell;

use std::fmt::Write as _;

use clap::Subcommand;
use serde_json::Value;

use super::output::{CommandError, Output};
use super::when;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::ids::RowId;
use crate::ops::rules::{Gives, Matcher, Rule, RuleError, add_rule, end_rule, list_rules, try_rule};
use crate::signin::failure::Category;
use crate::store::{Store, StoreError};

/// Lists, tries, makes and ends the rules for categories and levels.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists the rules that hold
    List(List),
    /// Shows which recorded failures a rule would have moved; changes nothing
    Try(Trial),
    /// Puts a rule into force, on every replica within seconds
    Add(Add),
    /// Sets how loudly a cause or a category is logged
    Level(Level),
    /// Ends a rule; what it has moved stays moved
    End(End),
    /// Prints a rule as a dialect entry for a preset of your own
    Export(Named),
}

#[derive(Debug, clap::Args)]
struct List {
    /// Those that have ended too
    #[arg(long)]
    all: bool,
    /// Prints a JSON array
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Trial {
    #[command(flatten)]
    about: matcher::Args,
    /// The category that such failures are to have
    #[arg(long, value_parser = matcher::categories())]
    category: String,
    /// From when on failures are looked at
    #[arg(long, value_name = "TIME", default_value = "30d")]
    since: String,
}

#[derive(Debug, clap::Args)]
struct Add {
    #[command(flatten)]
    trial: Trial,
    #[command(flatten)]
    why: Why,
}

#[derive(Debug, clap::Args)]
struct Level {
    /// The cause
    #[arg(long, conflicts_with = "category", required_unless_present = "category")]
    cause: Option<String>,
    /// The category
    #[arg(long, value_parser = matcher::categories())]
    category: Option<String>,
    /// How loudly
    #[arg(long = "level", value_name = "LEVEL", value_parser = clap::builder::PossibleValuesParser::new(["debug", "info", "warn", "error"]))]
    loudness: String,
    #[command(flatten)]
    why: Why,
}

#[derive(Debug, clap::Args)]
struct Why {
    /// Why
    #[arg(long, default_value = "")]
    note: String,
    /// Who you are
    #[arg(long, value_name = "NAME", default_value = "command line")]
    by: String,
}

#[derive(Debug, clap::Args)]
struct End {
    /// The rule's name, from `genkan rules list`
    rule: RowId,
    /// Who you are
    #[arg(long, value_name = "NAME", default_value = "command line")]
    by: String,
}

#[derive(Debug, clap::Args)]
struct Named {
    /// The rule's name, from `genkan rules list`
    rule: RowId,
}

/// Runs one of the subcommands.
pub(super) async fn run(args: Args, config: &Config) -> Result<Output, CommandError> {
    let (store, clock) = (Store::connect(&config.database).await?, Clock::system());
    store.check_ready().await?;
    let text = match args.command {
        Command::List(args) => list(&args, &store).await?,
        Command::Try(args) => try_out(&args, &store, &clock).await?.1,
        Command::Add(args) => add(args, &store, &clock).await?,
        Command::Level(args) => level(args, &store, &clock).await?,
        Command::End(args) => match end_rule(&store, &clock, args.rule, &args.by).await {
            Err(StoreError::NotFound) => return Err(CommandError::Failed("no rule of that name holds".to_owned())),
            ended => ended.map(|()| "The rule has ended; it holds nowhere within seconds.".to_owned())?,
        },
        Command::Export(args) => export(args.rule, &store).await?,
    };
    Ok(Output::lines(text))
}

async fn list(args: &List, store: &Store) -> Result<String, CommandError> {
    let mut rules = list_rules(store).await?;
    rules.retain(|rule| args.all || rule.ended.is_none());
    Ok(match (args.json, rules.is_empty()) {
        (true, _) => format!("{:#}", rules.iter().map(tell::to_json).collect::<Value>()),
        (false, true) => "There are no rules.".to_owned(),
        (false, false) => rules.iter().map(tell::to_text).collect::<Vec<_>>().join("\n"),
    })
}

/// Tries a rule; returns it with what it would have moved.
async fn try_out(args: &Trial, store: &Store, clock: &Clock) -> Result<((Matcher, Gives), String), CommandError> {
    let matcher = args.about.read()?;
    let category =
        Category::from_name(&args.category).ok_or_else(|| CommandError::Usage("--category: there is no such category".to_owned()))?;
    let since = when::read("since", &args.since, clock.now())?;
    let trial = try_rule(store, &matcher, category, since).await.map_err(refused)?;
    Ok(((matcher, Gives::Category(category)), tell::trial(&trial, category)))
}

async fn add(args: Add, store: &Store, clock: &Clock) -> Result<String, CommandError> {
    let (rule, mut text) = try_out(&args.trial, store, clock).await?;
    let rule = add_rule(store, clock, rule, &args.why.note, &args.why.by).await.map_err(refused)?;
    let _ = write!(text, "\nThe rule {} holds on every replica within seconds; what was recorded stays as it was.", rule.id);
    Ok(text)
}

async fn level(args: Level, store: &Store, clock: &Clock) -> Result<String, CommandError> {
    let matcher = Matcher {
        cause: args.cause.as_deref().map(matcher::cause).transpose()?,
        category: args.category.as_deref().and_then(Category::from_name),
        ..Matcher::default()
    };
    let level = args.loudness.parse().map_err(|_| CommandError::Usage("--level: there is no such level".to_owned()))?;
    let rule = add_rule(store, clock, (matcher, Gives::Level(level)), &args.why.note, &args.why.by).await.map_err(refused)?;
    Ok(format!("The rule {} holds on every replica within seconds.", rule.id))
}

async fn export(id: RowId, store: &Store) -> Result<String, CommandError> {
    let rule = list_rules(store).await?.into_iter().find(|rule| rule.id == id);
    let rule: Rule = rule.ok_or_else(|| CommandError::Failed("there is no rule of that name".to_owned()))?;
    rule.to_dialect().ok_or_else(|| {
        let reason = "a dialect cannot say this: it needs an error code, and a stage that is authorization, token or profile";
        CommandError::Failed(reason.to_owned())
    })
}

fn refused(error: RuleError) -> CommandError {
    match error {
        RuleError::Store(error) => error.into(),
        error => CommandError::Usage(error.to_string()),
    }
}
