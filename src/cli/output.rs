//! What a command prints and how it ends.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::app::StartError;
use crate::config::ConfigError;
use crate::keys::KeyError;
use crate::store::StoreError;

/// What a command has to say on standard output.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Output {
    text: String,
    code: u8,
}

impl Output {
    /// Ends well with these lines.
    pub fn lines(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: 0 }
    }

    /// Has said everything already.
    pub fn nothing() -> Self {
        Self::lines("")
    }

    /// Ends with an exit code of its own.
    pub fn with_code(text: String, code: u8) -> Self {
        Self { text, code }
    }

    /// Prints it; a reader that went away (`| head`) is no error.
    pub fn print(&self) -> ExitCode {
        let text = self.text.trim_end();
        if !text.is_empty() {
            let _ = writeln!(io::stdout().lock(), "{text}");
        }
        ExitCode::from(self.code)
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    /// The configuration is refused.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The command line makes no sense.
    #[error("{0}")]
    Usage(String),
    /// It could not be done.
    #[error("{0}")]
    Failed(String),
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::UnknownScheme(_) | StoreError::NotBuiltIn(_) => Self::Usage(format!("database.url: {error}")),
            error => Self::Failed(format!("the database cannot be used: {error}")),
        }
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        Self::Failed(format!("the system says no: {}", error.kind()))
    }
}

impl From<StartError> for CommandError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Config(error) => Self::Config(error),
            StartError::Store(error) => error.into(),
            StartError::Keyring(KeyError::WrongMasterKey) => Self::Usage(error.to_string()),
            error => Self::Failed(error.to_string()),
        }
    }
}

impl CommandError {
    /// Returns the exit code: 2 for usage and configuration, else 1.
    pub fn code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::Usage(_) => 2,
            Self::Failed(_) => 1,
        }
    }

    /// Prints one clear message on standard error.
    pub fn print(&self) -> ExitCode {
        let _ = writeln!(io::stderr().lock(), "error: {self}");
        ExitCode::from(self.code())
    }
}
