//! The settings: where they come from and what they may be.
//!
//! Later sources win: defaults, `genkan.toml` (or `--config`), then the
//! environment (`GENKAN_<SECTION>__<KEY>`). Every key has one home here; a key
//! that is not known is an error, and no error ever prints a secret's value.
//!
//! Nothing else in genkan reads the environment.

pub mod alerts;
mod alerts_check;
mod check;
pub mod database;
mod environment;
pub mod error;
mod file;
pub mod http;
pub mod issuer;
pub mod load;
pub mod log;
pub mod mail;
pub mod master_key;
pub mod metrics;
pub mod ops;
pub mod password;
mod provider_check;
pub mod providers;
mod schema;
mod secrets;
pub mod server;
pub mod session;
mod settings;
pub mod signin;
pub mod throttle;

use serde::Deserialize;

pub use alerts::AlertsConfig;
pub use check::warnings;
pub use database::DatabaseConfig;
pub use error::ConfigError;
pub use http::HttpConfig;
pub use issuer::IssuerConfig;
pub use load::{Source, load};
pub use log::{LogConfig, LogFormat};
pub use mail::{MailConfig, MailTls};
pub use master_key::{MasterKey, find_master_key, master_key};
pub use metrics::MetricsConfig;
pub use ops::OpsConfig;
pub use password::PasswordConfig;
pub use providers::ProviderConfig;
pub use server::{ServerConfig, redirect_uri};
pub use session::SessionConfig;
pub use signin::{SigninConfig, Signup};
pub use throttle::ThrottleConfig;

/// Every setting, checked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where we listen and what we are called.
    pub server: ServerConfig,
    /// Where the data is.
    pub database: DatabaseConfig,
    /// How log lines look.
    pub log: LogConfig,
    /// The metrics listener; absent: none.
    pub metrics: Option<MetricsConfig>,
    /// Who may sign in and up.
    pub signin: SigninConfig,
    /// What passwords must be and cost.
    pub password: PasswordConfig,
    /// How long a session lasts.
    pub session: SessionConfig,
    /// How many tries are let through.
    pub throttle: ThrottleConfig,
    /// What is kept for operators.
    pub ops: OpsConfig,
    /// The authorization server for the applications behind us.
    pub issuer: IssuerConfig,
    /// Calls to providers.
    pub http: HttpConfig,
    /// Where operators are told of incidents.
    pub alerts: AlertsConfig,
    /// The server that takes our mail; absent: no mail.
    pub mail: Option<MailConfig>,
    /// The providers, in the order of their buttons.
    pub providers: Vec<ProviderConfig>,
}
