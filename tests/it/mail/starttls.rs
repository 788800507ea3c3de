//! The way to the mail server: protected, and to one that proves itself (RFC 3207).

use std::path::PathBuf;

use genkan::config::{MailConfig, MailTls};

use super::{Office, through};
use crate::support::logs;
use crate::support::smtp::MailServer;
use crate::support::tls::Authority;

/// Sends through STARTTLS and trusts the authority in `ca_file`, if any.
async fn office(server: &MailServer, ca_file: Option<PathBuf>) -> Office {
    Office::with_config(server, |config| {
        config.mail = Some(MailConfig { host: "localhost".to_owned(), tls: MailTls::Starttls, ..through(server) });
        config.http.ca_file = ca_file;
    })
    .await
}

#[tokio::test]
async fn letters_go_through_starttls_to_a_server_that_proves_itself() {
    let authority = Authority::new();
    let server = MailServer::with_starttls(&authority);
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("ca.pem");
    std::fs::write(&path, authority.pem()).expect("a file");
    let office = office(&server, Some(path)).await;
    office.post("hanako@example.com", "Hello", "text").await;

    office.send().await;

    let arrived = server.arrived();
    assert!(matches!(arrived.as_slice(), [letter] if letter.was_encrypted), "{arrived:?}");
}

#[tokio::test]
async fn a_server_of_an_unknown_authority_or_without_starttls_gets_no_letter() {
    for (server, reason) in [(MailServer::with_starttls(&Authority::new()), "tls"), (MailServer::start(), "protocol")] {
        let office = office(&server, None).await;
        let id = office.post("hanako@example.com", "Hello", "text").await;

        office.send().await;

        let line = logs::with("mail", &id).remove(0);
        assert_eq!((line.field("event"), line.field("reason")), ("mail_deferred", reason), "{line:?}");
        assert!(server.arrived().is_empty());
    }
}
