//! `genkan serve`

use super::metrics_listener;
use super::output::{CommandError, Output};
use crate::app::Application;
use crate::clock::Clock;
use crate::config::{self, Config};

/// Serves until SIGTERM or SIGINT; metrics are served until the last page is.
pub(super) async fn run(config: Config) -> Result<Output, CommandError> {
    for warning in config::warnings(&config) {
        log::warn!(target: "genkan::start", event = "configuration_warning"; "{warning}");
    }
    let metrics = config.metrics.as_ref().map(|metrics| metrics_listener::start(metrics.listen)).transpose()?;
    let application = Application::build(config, Clock::system()).await?;
    let served = application.run().await;
    if let Some(metrics) = metrics {
        metrics.stop(true).await;
    }
    served?;
    Ok(Output::nothing())
}
