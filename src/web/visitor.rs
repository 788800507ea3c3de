//! Who asks: address, browser in words, and the request's own identifier.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipnet::IpNet;

use super::cookies::{self, Brought};
use super::error::PageError;
use super::state::AppState;
use super::visit::negotiate;
use crate::random;
use crate::signin::device::Device;
use crate::signin::visitor::Visitor;

/// How many addresses of `X-Forwarded-For` are looked at, from the right.
const MAX_FORWARDED: usize = 16;

/// The identifier of a request, ours alone: one that came along is never adopted.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

impl RequestId {
    /// Makes an identifier of 72 bits, 12 characters long.
    pub fn new() -> Self {
        Self(URL_SAFE_NO_PAD.encode(random::bytes::<9>()))
    }
}

impl RequestId {
    /// Returns the identifier of a request.
    pub fn of(req: &HttpRequest) -> Self {
        req.extensions().get::<Self>().cloned().unwrap_or_default()
    }
}

impl Default for RequestId {
    fn default() -> Self {
        Self::new()
    }
}

impl FromRequest for Visitor {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(state) = req.app_data::<web::Data<AppState>>() else {
            return ready(Err(PageError::Internal("the state is missing")));
        };
        let request_id = RequestId::of(req).0;
        let proxies = &state.signin.config.server.trusted_proxies;
        let language = negotiate(req.headers().get(header::ACCEPT_LANGUAGE));
        let browser = browser(user_agent(req.headers())).to_owned();
        let device = match cookies::find(req.headers(), state.cookies.device) {
            Brought::One(cookie) => Device::open(&state.signin.keyring.sealing, cookie),
            Brought::Nothing | Brought::Unusable => None,
        };
        ready(Ok(Self { address: address(req, proxies), request_id, browser, language, device }))
    }
}

/// Returns the `User-Agent`, or nothing.
pub fn user_agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Returns the client's address: the socket's, unless a trusted proxy says whom it
/// speaks for (security.md SI-08).
fn address(req: &HttpRequest, proxies: &[IpNet]) -> IpAddr {
    let peer = req.peer_addr().map_or(Visitor::default().address, |peer| peer.ip().to_canonical());
    let forwarded: Vec<&str> = req.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).collect();
    client_address(peer, &forwarded, proxies)
}

/// Walks `X-Forwarded-For` from the right while each hop is a trusted proxy; what
/// cannot be read ends the walk.
fn client_address(peer: IpAddr, forwarded: &[&str], proxies: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| proxies.iter().any(|net| net.contains(address));
    let hops = forwarded.iter().flat_map(|line| line.split(',')).collect::<Vec<_>>();
    let mut client = peer;
    for hop in hops.into_iter().rev().take(MAX_FORWARDED) {
        match hop.trim().parse::<IpAddr>() {
            Ok(address) if is_trusted(&client) => client = address.to_canonical(),
            _ => break,
        }
    }
    client
}

/// Describes a browser in a few words of ours; nothing of the header itself is kept.
fn browser(user_agent: &str) -> &'static str {
    let has = |word: &str| user_agent.contains(word);
    let system = [("iPhone", 0), ("iPad", 0), ("Android", 1), ("Windows", 2), ("Macintosh", 3), ("CrOS", 4), ("Linux", 4)]
        .into_iter()
        .find_map(|(word, column)| has(word).then_some(column))
        .unwrap_or(5);
    // The order matters: everybody claims to be Safari, and most to be Chrome.
    let names: [&'static str; 6] = if has("Edg/") || has("EdgA/") || has("EdgiOS/") {
        ["Edge on iOS", "Edge on Android", "Edge on Windows", "Edge on macOS", "Edge on Linux", "Edge"]
    } else if has("Firefox/") || has("FxiOS/") {
        ["Firefox on iOS", "Firefox on Android", "Firefox on Windows", "Firefox on macOS", "Firefox on Linux", "Firefox"]
    } else if has("OPR/") {
        ["Opera on iOS", "Opera on Android", "Opera on Windows", "Opera on macOS", "Opera on Linux", "Opera"]
    } else if has("Chrome/") || has("CriOS/") {
        ["Chrome on iOS", "Chrome on Android", "Chrome on Windows", "Chrome on macOS", "Chrome on Linux", "Chrome"]
    } else if has("Safari/") {
        ["Safari on iOS", "Browser on Android", "Safari on Windows", "Safari on macOS", "Browser on Linux", "Safari"]
    } else {
        ["App on iOS", "App on Android", "App on Windows", "App on macOS", "App on Linux", "Unknown browser"]
    };
    names[system]
}

/// What browsers inside other apps call themselves.
const IN_APP: [&str; 18] = [
    "; wv)", // any web view of Android
    "FBAN/",
    "FBAV/",
    "FB_IAB/",
    "Instagram ",
    " Line/",
    "KAKAOTALK",
    "NAVER(inapp",
    "DaumApps/",
    "MicroMessenger/",
    "Weibo (",
    "musical_ly",
    "BytedanceWebview/",
    "TikTok",
    "Twitter for",
    "Snapchat/",
    "[Pinterest/",
    "LinkedInApp",
];

/// Tells whether a browser looks like one inside another app; providers refuse those.
pub fn is_in_app(user_agent: &str) -> bool {
    let has = |word: &str| user_agent.contains(word);
    // Safari, and every browser of iOS that builds on it, says so; a bare web view does not.
    let is_bare_view = (has("iPhone;") || has("iPad;")) && has("AppleWebKit/") && !has("Safari/");
    is_bare_view || IN_APP.into_iter().any(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn si_08_forwarded_addresses_count_only_from_a_trusted_proxy() {
        let proxies = ["10.0.0.0/8".parse().expect("a network")];

        for (peer, forwarded, client) in [
            ("203.0.113.7", vec!["198.51.100.1"], "203.0.113.7"),
            ("10.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["1.2.3.4, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["1.2.3.4", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", vec!["198.51.100.1, unknown"], "10.0.0.1"),
            ("10.0.0.1", vec!["garbage,,\u{7f}"], "10.0.0.1"),
            ("10.0.0.1", vec![], "10.0.0.1"),
        ] {
            assert_eq!(client_address(ip(peer), &forwarded, &proxies), ip(client), "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn browsers_inside_other_apps_are_recognised() {
        const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
        const ANDROID: &str = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)";
        for (start, rest) in [
            (IPHONE, " Mobile/15E148 Safari Line/15.1.0"),
            (IPHONE, " Mobile/15E148 [FBAN/FBIOS;FBAV/480.0.0.1;FBDV/iPhone16,1]"),
            (IPHONE, " Mobile/15E148 Instagram 350.0.0.1 (iPhone16,1; iOS 18_0; ja_JP)"),
            (IPHONE, " Mobile/15E148 KAKAOTALK 25.1.0"),
            (IPHONE, " Mobile/15E148 MicroMessenger/8.0.50(0x18003230) NetType/WIFI Language/zh_CN"),
            (IPHONE, " Mobile/15E148 musical_ly_36.0.0 JsSdk/2.0 NetType/WIFI BytedanceWebview/d8a21c6"),
            (IPHONE, " Mobile/15E148 Twitter for iPhone/10.60"),
            (IPHONE, " Mobile/15E148"),
            (ANDROID, " Chrome/140.0.0.0 Mobile Safari/537.36 Line/15.1.0/IAB"),
            (ANDROID, " Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/480.0.0.1;]"),
            (ANDROID, " Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36 NAVER(inapp; search; 1000; 12.0)"),
            ("Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36", " Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36"),
        ] {
            assert!(is_in_app(&format!("{start}{rest}")), "{rest}");
        }
    }

    #[test]
    fn ordinary_browsers_are_not_taken_for_apps() {
        for user_agent in [
            "",
            "curl/8.0",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
            "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
        ] {
            assert!(!is_in_app(user_agent), "{user_agent}");
        }
    }

    #[test]
    fn browsers_are_named_in_words() {
        for (user_agent, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
            ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iOS"),
            ("curl/8.0 <script>", "Unknown browser"),
        ] {
            assert_eq!(browser(user_agent), words);
        }
    }
}
