//! The whole lab out of order, and many labs at once.

use std::io::{ErrorKind, Read as _};
use std::net::TcpStream;
use std::time::Duration;

use genkan::lab::{Answer, Endpoint, Outage};

use super::*;

fn address(lab: &Lab, endpoint: Endpoint) -> Url {
    Url::parse(&format!("{}{}", lab.issuer(), endpoint.path())).expect("an address")
}

#[tokio::test]
async fn an_outage_strikes_discovery_and_keys_until_it_is_over() {
    let lab = start();

    for endpoint in [Endpoint::Discovery, Endpoint::Jwks] {
        lab.set_outage(Some(Outage::ServerError));
        assert_eq!(open(address(&lab, endpoint)).await.status(), 500);
        lab.set_outage(Some(Outage::Html));
        assert!(open(address(&lab, endpoint)).await.text().await.expect("text").starts_with("<!DOCTYPE html>"));
        lab.set_outage(Some(Outage::Down));
        assert!(http().get(address(&lab, endpoint)).send().await.is_err());
        lab.set_outage(None);
        assert_eq!(open(address(&lab, endpoint)).await.status(), 200);
        assert!(lab.requests(endpoint.as_str()) >= 4);
    }
}

#[tokio::test]
async fn one_endpoint_can_fail_alone() {
    let lab = start();

    lab.set_answer(Endpoint::Jwks, Some(Answer::json(200, r#"{"keys":[]}"#)));

    assert_eq!(open(address(&lab, Endpoint::Jwks)).await.text().await.expect("text"), r#"{"keys":[]}"#);
    assert_eq!(open(address(&lab, Endpoint::Discovery)).await.status(), 200);
}

#[tokio::test]
async fn labs_run_side_by_side_and_stop_for_good() {
    let labs: Vec<Lab> = (0..8).map(|_| start()).collect();

    for lab in &labs {
        let metadata: Value = open(address(lab, Endpoint::Discovery)).await.json().await.expect("JSON");
        assert_eq!(metadata["issuer"], lab.issuer());
    }

    for lab in labs {
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, lab.port())).expect("a listener");
        connection.set_read_timeout(Some(Duration::from_secs(10))).expect("a time limit");
        lab.stop();
        let end = connection.read(&mut [0]);
        assert!(end.as_ref().is_ok_and(|bytes| *bytes == 0) || end.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset));
    }
}

#[tokio::test]
async fn a_stalled_request_does_not_keep_a_lab_from_stopping() {
    let lab = start();
    lab.set_outage(Some(Outage::Slow));
    let request = tokio::spawn(http().get(address(&lab, Endpoint::Discovery)).send());
    while lab.requests("discovery") == 0 {
        tokio::task::yield_now().await;
    }

    lab.stop();

    assert!(request.await.expect("no panic").is_err());
}
