use proptest::prelude::*;

use super::*;

fn uri(text: &str) -> RedirectUri {
    RedirectUri::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn cr_02_addresses_of_sites_loopback_and_own_schemes_are_kept_byte_for_byte() {
    for (text, target, place) in [
        ("https://app.example.com/callback", Target::Https, "app.example.com"),
        ("https://app.example.com", Target::Https, "app.example.com"),
        ("https://app.example.com:8443/cb?tenant=1", Target::Https, "app.example.com"),
        ("https://xn--r8jz45g.jp/cb", Target::Https, "xn--r8jz45g.jp"),
        ("http://127.0.0.1:3000/cb", Target::Loopback, "127.0.0.1"),
        ("http://[::1]/cb", Target::Loopback, "[::1]"),
        ("http://localhost:8000/", Target::Loopback, "localhost"),
        ("com.example.app:/oauth", Target::PrivateUse, "com.example.app"),
        ("com.example.app://oauth", Target::PrivateUse, "com.example.app"),
    ] {
        let parsed = uri(text);
        assert_eq!((parsed.as_str(), parsed.target(), parsed.place().as_str()), (text, target, place));
    }
    assert_eq!(uri("  https://a.example/cb\n").as_str(), "https://a.example/cb");
}

#[test]
fn cr_02_everything_else_is_refused_with_its_reason() {
    use RedirectUriError::{Credentials, Fragment, Malformed, NotHttps, Scheme, TooLong, Wildcard};
    for (text, error) in [
        ("", Malformed),
        ("/callback", Malformed),
        ("app.example.com/cb", Malformed),
        ("https:app.example.com/cb", Malformed),
        ("https:///app.example.com/cb", Malformed),
        ("https://app.example.com\\cb", Malformed),
        ("https://APP.example.com/cb", Malformed),
        ("https://app.example.com/a/../cb", Malformed),
        ("https://app.example.com:443/cb", Malformed),
        ("https://例え.jp/cb", Malformed),
        ("https://app.example.com/a b", Malformed),
        ("https://app.example.com/cb#", Fragment),
        ("https://app.example.com/cb#x", Fragment),
        ("https://*.example.com/cb", Wildcard),
        ("https://app.example.com/*", Wildcard),
        ("https://app@example.com/cb", Credentials),
        ("https://a:b@example.com/cb", Credentials),
        ("http://app.example.com/cb", NotHttps),
        ("http://127.0.0.1.example.com/cb", NotHttps),
        ("http://192.168.0.1/cb", NotHttps),
        ("http://localhost.example.com/cb", NotHttps),
        ("javascript:alert(1)", Scheme),
        ("data:text/html,x", Scheme),
        ("file:///etc/passwd", Scheme),
        ("myapp://cb", Scheme),
        ("urn:ietf:wg:oauth:2.0:oob", Scheme),
    ] {
        assert_eq!(RedirectUri::parse(text), Err(error), "{text}");
    }
    assert_eq!(RedirectUri::parse(&format!("https://a.example/{}", "a".repeat(1024))), Err(TooLong));
}

#[test]
fn as_01_a_presented_address_matches_byte_for_byte() {
    let registered = uri("https://app.example.com/cb");

    assert!(registered.matches("https://app.example.com/cb", false));
    for other in [
        "https://app.example.com/cb/",
        "https://app.example.com/cb?",
        "https://app.example.com/cb?x=1",
        "https://app.example.com/CB",
        "https://APP.example.com/cb",
        "https://app.example.com:443/cb",
        "https://app.example.com:8443/cb",
        "https://app.example.com/cb/../cb",
        "https://app.example.com/%63b",
        "https://app.example.com.evil.example/cb",
        "https://app.example.com@evil.example/cb",
        "https://app.example.com/cb#",
        " https://app.example.com/cb",
        "http://app.example.com/cb",
        "",
    ] {
        assert!(!registered.matches(other, false), "{other}");
        assert!(!registered.matches(other, true), "{other}");
    }
}

#[test]
fn as_01_only_a_native_client_may_vary_the_port_of_its_loopback() {
    for (registered, presented) in [
        ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"),
        ("http://127.0.0.1:3000/cb", "http://127.0.0.1:3001/cb"),
        ("http://[::1]/cb", "http://[::1]:49152/cb"),
        ("http://localhost/cb", "http://localhost:1/cb"),
        ("http://127.0.0.1:3000/cb?a=1", "http://127.0.0.1/cb?a=1"),
    ] {
        assert!(uri(registered).matches(presented, true), "{registered} {presented}");
        assert!(!uri(registered).matches(presented, false), "{registered} {presented}");
    }
    for presented in [
        "http://127.0.0.1:3001/other",
        "http://127.0.0.1:3001/cb?x",
        "http://127.0.0.2:3001/cb",
        "http://localhost:3001/cb",
        "http://[::1]:3001/cb",
        "https://127.0.0.1:3001/cb",
        "http://127.0.0.1:99999/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:3001@evil.example/cb",
        "http://0x7f.1:3001/cb",
    ] {
        assert!(!uri("http://127.0.0.1:3000/cb").matches(presented, true), "{presented}");
    }
}

proptest! {
    #[test]
    fn cr_02_whatever_is_kept_leads_where_it_says(text in "(https?|com\\.example|javascript)://?[a-z0-9.:@/?#*\\\\ \\[\\]-]{0,24}") {
        if let Ok(kept) = RedirectUri::parse(&text) {
            let url = kept.to_url();
            prop_assert_eq!(RedirectUri::parse(kept.as_str()), Ok(kept.clone()));
            prop_assert!(url.fragment().is_none() && url.username().is_empty() && url.password().is_none());
            prop_assert!(kept.matches(kept.as_str(), false));
            prop_assert!(url.as_str().trim_end_matches('/') == kept.as_str().trim_end_matches('/'));
        }
    }
}
