//! Proofs in requests, and our nonces in answers (RFC 9449 §4.1, §8).

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use super::state::AppState;
use crate::issuer::dpop::{Offered, ProofFault, algorithm_names};

/// Where a proof is.
const PROOF: HeaderName = HeaderName::from_static("dpop");
/// Where our nonce is.
const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// Finds the proof of a request; `None` if it has none (RFC 9449 §4.3, 1).
///
/// # Errors
///
/// [`ProofFault::Header`] if there is more than one.
pub fn find(req: &HttpRequest) -> Result<Option<Offered<'_>>, ProofFault> {
    let mut values = req.headers().get_all(PROOF);
    let Some(value) = values.next() else { return Ok(None) };
    match (value.to_str(), values.next()) {
        (Ok(proof), None) => Ok(Some(Offered { proof, method: req.method().as_str(), path: req.path() })),
        _ => Err(ProofFault::Header),
    }
}

/// Says in the answer to a request with a proof which nonce the next one needs, if any (RFC 9449 §8.2).
pub fn tell_nonce(req: &HttpRequest, state: &AppState, answer: &mut HttpResponse) {
    if !req.headers().contains_key(PROOF) {
        return;
    }
    if let Some(nonce) = state.issuer.dpop_nonce().and_then(|nonce| HeaderValue::from_str(&nonce).ok()) {
        answer.headers_mut().insert(NONCE, nonce);
    }
}

/// Returns the challenge: what helps, and with which algorithms (RFC 9449 §7.1).
pub fn challenge(error: &str) -> String {
    format!("DPoP realm=\"genkan\"{error}, algs=\"{}\"", algorithm_names().join(" "))
}
