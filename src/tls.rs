//! What a failed TLS handshake means, whichever protocol it was for.

use std::error::Error;
use std::io;

use rustls::AlertDescription;

/// Tells whether a call failed because we do not trust the other side or share no TLS with it,
/// and not because nobody is there.
pub fn is_untrusted(error: &(dyn Error + 'static)) -> bool {
    find_tls_error(error).is_some_and(is_about_trust)
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
