//! TLS on loopback: an authority that no system knows, and servers with its certificates.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::idp::accept;

/// An authority.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate"))
    }

    /// Returns its certificate, for `http.ca_file`.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Serves under a certificate for `name`: reads something, answers `bytes` and closes.
    pub fn serve(&self, name: &str, protocol: &[u8], bytes: &'static [u8]) -> SocketAddr {
        let mut config = self.server_config(name);
        config.alpn_protocols = vec![protocol.to_vec()];
        let config = Arc::new(config);
        accept(move |stream| serve(&config, stream, bytes))
    }

    /// Returns the settings of a server whose certificate is for `name`.
    pub fn server_config(&self, name: &str) -> ServerConfig {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        let certificate: CertificateDer<'static> = params.signed_by(&key, &self.0).expect("a certificate").into();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        config.with_no_client_auth().with_single_cert(vec![certificate], key).expect("a certificate of that key")
    }
}

fn serve(config: &Arc<ServerConfig>, stream: TcpStream, bytes: &[u8]) {
    let connection = ServerConnection::new(Arc::clone(config)).expect("a connection");
    let mut stream = StreamOwned::new(connection, stream);
    if stream.read(&mut [0; 1024]).is_ok() {
        // A client that refuses the certificate hangs up, which is what some tests are about.
        drop(stream.write_all(bytes).and_then(|()| stream.flush()));
    }
}
