//! What a rule is about, as options of a command.

use clap::builder::PossibleValuesParser;

use crate::cli::output::CommandError;
use crate::domain::identity::ProviderId;
use crate::ops::rules::Matcher;
use crate::signin::failure::{Category, Cause, ProviderErrorCode, Stage};

/// What a rule is about; a cause or an error code is needed.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The provider
    #[arg(long)]
    provider: Option<String>,
    /// The stage
    #[arg(long, value_parser = PossibleValuesParser::new(Stage::ALL.map(Stage::as_str)))]
    stage: Option<String>,
    /// The cause
    #[arg(long)]
    cause: Option<String>,
    /// The provider's error code, as the log has it
    #[arg(long, value_name = "CODE")]
    error: Option<String>,
}

impl Args {
    /// Reads the options.
    ///
    /// # Errors
    ///
    /// [`CommandError::Usage`] names the option.
    pub fn read(&self) -> Result<Matcher, CommandError> {
        let no_provider = || CommandError::Usage("--provider: this is no provider's name".to_owned());
        let no_code = || CommandError::Usage("--error: a code has 1 to 64 of the characters A-Z a-z 0-9 _ . -".to_owned());
        let code = |text: &str| ProviderErrorCode::clean(text).filter(|code| code.as_str() == text).ok_or_else(no_code);
        Ok(Matcher {
            provider: self.provider.as_deref().map(|id| ProviderId::parse(id).ok_or_else(no_provider)).transpose()?,
            stage: self.stage.as_deref().and_then(Stage::from_name),
            cause: self.cause.as_deref().map(cause).transpose()?,
            provider_error: self.error.as_deref().map(code).transpose()?,
            category: None,
        })
    }
}

/// Reads the name of a cause.
///
/// # Errors
///
/// [`CommandError::Usage`].
pub(super) fn cause(name: &str) -> Result<Cause, CommandError> {
    Cause::from_name(name).ok_or_else(|| CommandError::Usage(format!("--cause: there is no cause {name}; `genkan explain` lists all")))
}

/// Takes the names of the categories.
pub(super) fn categories() -> PossibleValuesParser {
    PossibleValuesParser::new(Category::ALL.map(Category::as_str))
}
