//! Which addresses we call: https, or http to this machine (security.md SO-10, SO-11).
//!
//! An operator may configure any https address, also one inside their network.
//! A discovery document may not lead there: the endpoints that it names are
//! refused if they are literal loopback or private addresses, unless the issuer
//! itself is one. Names are not resolved to be checked: whoever controls the
//! name of a configured issuer's endpoint is that provider.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Tells whether an address may be called at all: https, or http to loopback, without user info or fragment.
pub(super) fn is_allowed(url: &Url) -> bool {
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url));
    is_safe && url.has_host() && url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
}

/// Tells whether a discovery document of `issuer` may name the endpoint `url`.
pub(super) fn is_allowed_from(issuer: &Url, url: &Url) -> bool {
    is_allowed(url) && (is_private(issuer) || !is_private(url))
}

/// Tells `127.0.0.0/8`, `::1` and `localhost`.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Tells literal addresses that are not of the public Internet, and names of this machine.
fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => is_private_v4(address),
        Some(Host::Ipv6(address)) => is_private_v6(address),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        None => true,
    }
}

/// Tells addresses that are not of the public Internet.
pub(super) fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

/// RFC 6890 §2.2.2, with the shared space of RFC 6598.
fn is_private_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    let is_for_protocols = (first, second, third) == (192, 0, 0);
    let is_for_benchmarks = first == 198 && matches!(second, 18 | 19);
    let (is_this_network, is_reserved) = (first == 0, first >= 240);
    is_this_network
        || is_shared
        || is_for_protocols
        || is_for_benchmarks
        || is_reserved
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_multicast()
        || address.is_documentation()
}

/// RFC 6890 §2.2.3; an `IPv4` address in disguise is judged as one.
fn is_private_v6(address: Ipv6Addr) -> bool {
    match IpAddr::V6(address).to_canonical() {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => {
            carried_v4(address).is_some_and(is_private_v4)
                || address.is_loopback()
                || address.is_unspecified()
                || address.is_multicast()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
    }
}

/// Returns the `IPv4` address that a translator or a tunnel on the way takes out of one: RFC 6052 §2.1
/// (`64:ff9b::/96`), RFC 3056 §2 (`2002::/16`), and the obsolete `::/96` of RFC 4291 §2.5.5.1.
fn carried_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let of = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0, 0, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a test address")
    }

    #[test]
    fn so_10_only_https_or_http_to_this_machine_is_called() {
        for (text, allowed) in [
            ("https://idp.example/token", true),
            ("https://10.0.0.5/token", true),
            ("http://127.0.0.1:8081/token", true),
            ("http://127.9.9.9/token", true),
            ("http://[::1]:8081/token", true),
            ("http://localhost/token", true),
            ("http://idp.example/token", false),
            ("http://10.0.0.5/token", false),
            ("http://localhost.example/token", false),
            ("http://127.0.0.1.example/token", false),
            ("ftp://idp.example/token", false),
            ("https://user@idp.example/token", false),
            ("https://idp.example/token#part", false),
            ("data:text/plain,x", false),
        ] {
            assert_eq!(is_allowed(&url(text)), allowed, "{text}");
        }
    }

    #[test]
    fn so_11_a_public_issuer_cannot_lead_us_to_private_addresses() {
        let issuer = url("https://idp.example");
        for text in [
            "https://127.0.0.1/token",
            "http://localhost/token",
            "https://app.localhost/token",
            "https://localhost./token",
            "https://10.1.2.3/token",
            "https://192.168.0.1/token",
            "https://172.16.0.1/token",
            "https://169.254.169.254/latest",
            "https://100.64.0.1/token",
            "https://0.0.0.0/token",
            "https://2130706433/token",
            "https://[::1]/token",
            "https://[::ffff:10.0.0.1]/token",
            "https://[fd00::1]/token",
            "https://[fe80::1]/token",
            "https://[64:ff9b::a01:203]/token",
            "https://[2002:a01:203::1]/token",
            "https://[::a01:203]/token",
            "https://192.0.0.8/token",
            "https://198.18.0.1/token",
            "https://240.0.0.1/token",
        ] {
            assert!(!is_allowed_from(&issuer, &url(text)), "{text}");
        }
        for text in ["https://tokens.other.example/token", "https://[64:ff9b::808:808]/token", "https://[2606:4700::1]/token"] {
            assert!(is_allowed_from(&issuer, &url(text)), "{text}");
        }
        assert!(is_allowed_from(&url("https://10.0.0.5"), &url("https://10.0.0.6/token")));
    }
}
