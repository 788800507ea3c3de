//! Counts and times every request, for the metrics listener.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

use crate::ops;

/// Measures a request from its head to the head of its answer.
///
/// # Errors
///
/// Those of whatever comes behind.
pub async fn measure<B: MessageBody>(req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let begun = Instant::now();
    let method = req.method().clone();
    let answer = next.call(req).await;
    let status = match &answer {
        Ok(res) => res.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    ops::metrics::record_http_request(method.as_str(), status.as_u16(), begun.elapsed());
    answer
}
