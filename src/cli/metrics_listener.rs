//! The listener of `/metrics`, apart from the pages (security.md LG-09).

use std::net::SocketAddr;

use actix_web::dev::ServerHandle;
use actix_web::http::header::ContentType;
use actix_web::{App, HttpResponse, HttpServer, rt, web};

use super::output::CommandError;
use crate::ops::metrics::{self, Exporter};

/// How long a scrape under way may take when the server stops, in seconds.
const SHUTDOWN_SECS: u64 = 1;

/// Starts counting, and serves what is counted on one thread of its own.
pub(super) fn start(listen: SocketAddr) -> Result<ServerHandle, CommandError> {
    let exporter = metrics::install().map_err(|error| CommandError::Failed(format!("metrics cannot be counted: {error}")))?;
    let exporter = web::Data::new(exporter);
    let server = HttpServer::new(move || App::new().app_data(exporter.clone()).route("/metrics", web::get().to(get)))
        .workers(1)
        .disable_signals()
        .shutdown_timeout(SHUTDOWN_SECS)
        .bind(listen)
        .map_err(|error| CommandError::Failed(format!("metrics.listen: {listen} cannot be listened on: {}", error.kind())))?;
    let port = server.addrs().first().map(SocketAddr::port);
    log::info!(target: "genkan::start", event = "metrics_listening", port = port; "metrics are listening");
    let server = server.run();
    let handle = server.handle();
    rt::spawn(server);
    Ok(handle)
}

async fn get(exporter: web::Data<Exporter>) -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::plaintext()).body(exporter.render())
}
