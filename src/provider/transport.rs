//! Why a call failed below HTTP: what was sent by then, and whose fault it is.

use std::error::Error;
use std::io;

use rustls::AlertDescription;

use super::error::Fault;

/// Names the fault of a call that ended without a whole answer.
pub(super) fn classify(error: &reqwest::Error) -> Fault {
    if error.is_builder() {
        return Fault::Unexpected;
    }
    if error.is_connect() {
        return if find_tls_error(error).is_some_and(is_about_trust) { Fault::Untrusted } else { Fault::Unreachable };
    }
    if error.is_timeout() { Fault::TimedOut } else { Fault::ConnectionLost }
}

/// Looks for a TLS error among the causes; an I/O error hides the one that it wraps.
fn find_tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

/// Tells a certificate that we do not take, or no common version or suite, from a handshake that broke.
fn is_about_trust(error: &rustls::Error) -> bool {
    match error {
        rustls::Error::InvalidCertificate(_)
        | rustls::Error::NoCertificatesPresented
        | rustls::Error::UnsupportedNameType
        | rustls::Error::PeerIncompatible(_) => true,
        rustls::Error::AlertReceived(alert) => {
            matches!(alert, AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity)
        }
        _ => false,
    }
}
