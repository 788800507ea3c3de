//! Cookies as they come and go: read strictly, set with every flag there is.
//!
//! A name that comes twice means nothing: one of the two was put there by
//! somebody else, and nobody can tell which (security.md SE-09).

use std::borrow::Cow;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{self, HeaderMap, HeaderValue};

use crate::config::Config;

/// The largest session cookie that is looked at, in bytes: browsers keep none beyond it (RFC 6265 §6.1).
pub const MAX_COOKIE_BYTES: usize = 4_096;
/// How long a browser is remembered after a sign-in, in days.
const DEVICE_DAYS: i64 = 180;

/// What our cookies are called; the prefix makes browsers refuse them from anywhere else (security.md SE-08).
#[derive(Clone, Copy, Debug)]
pub struct CookieNames {
    /// The session cookie: attempts, flash, CSRF token, language.
    pub session: &'static str,
    /// The token of the signed-in session.
    pub token: &'static str,
    /// The mark of a browser that was used before.
    pub device: &'static str,
}

impl CookieNames {
    /// Returns the names for https or http.
    pub fn new(is_https: bool) -> Self {
        if is_https {
            Self { session: "__Host-genkan", token: "__Host-jwt", device: "__Host-device" }
        } else {
            Self { session: "genkan", token: "jwt", device: "device" }
        }
    }
}

/// What a request brought under the name of a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought<'a> {
    /// No such cookie.
    Nothing,
    /// One cookie with this value.
    One(&'a str),
    /// One too many, or one too large.
    Unusable,
}

/// Finds a cookie in the raw headers, in one pass and without allocation.
pub fn find<'a>(headers: &'a HeaderMap, name: &str) -> Brought<'a> {
    let mut found = Brought::Nothing;
    for value in headers.get_all(header::COOKIE).filter_map(|header| header.to_str().ok()).flat_map(|text| values_of(text, name)) {
        found = match found {
            Brought::Nothing if value.len() + name.len() < MAX_COOKIE_BYTES => Brought::One(value),
            Brought::Nothing | Brought::One(_) | Brought::Unusable => Brought::Unusable,
        };
    }
    found
}

fn values_of<'a>(header: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    header.split(';').filter_map(move |pair| pair.trim_start().strip_prefix(name)?.strip_prefix('=')).map(str::trim_end)
}

/// Takes every cookie of that name out of the headers, so that nothing behind us can pick one.
pub fn remove(headers: &mut HeaderMap, name: &str) {
    let is_other = |pair: &&str| pair.trim_start().strip_prefix(name).is_none_or(|rest| !rest.starts_with('='));
    let kept: Vec<String> = headers
        .get_all(header::COOKIE)
        .filter_map(|header| header.to_str().ok())
        .map(|text| text.split(';').filter(is_other).collect::<Vec<_>>().join(";"))
        .collect();
    headers.remove(header::COOKIE);
    if let Ok(value) = HeaderValue::from_str(kept.join(";").trim_start()) {
        headers.insert(header::COOKIE, value);
    }
}

/// Makes the cookie that carries a session's token.
pub fn token<'a>(config: &Config, token: &'a str) -> Cookie<'a> {
    let seconds = i64::try_from(config.session.ttl_secs).unwrap_or(i64::MAX);
    base(config, CookieNames::new(config.server.is_https()).token, token).max_age(Duration::seconds(seconds)).finish()
}

/// Makes the cookie that takes the token away again.
pub fn no_token(config: &Config) -> Cookie<'static> {
    base(config, CookieNames::new(config.server.is_https()).token, "").max_age(Duration::ZERO).finish()
}

/// Makes the cookie that marks a browser as used before; it outlives sessions and opens none.
pub fn device(config: &Config, value: String) -> Cookie<'static> {
    base(config, CookieNames::new(config.server.is_https()).device, value).max_age(Duration::days(DEVICE_DAYS)).finish()
}

fn base<'a>(config: &Config, name: &'static str, value: impl Into<Cow<'a, str>>) -> actix_web::cookie::CookieBuilder<'a> {
    let is_https = config.server.is_https();
    Cookie::build(name, value).path("/").http_only(true).secure(is_https).same_site(SameSite::Lax)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_str(line).expect("a header value"));
        }
        headers
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let headers = headers(&["xjwt=1; jwt=abc ; jwtx=2"]);

        assert_eq!(find(&headers, "jwt"), Brought::One("abc"));
        assert_eq!(find(&headers, "genkan"), Brought::Nothing);
    }

    #[test]
    fn se_09_a_duplicate_or_oversized_cookie_is_unusable() {
        assert_eq!(find(&headers(&["jwt=a; jwt=b"]), "jwt"), Brought::Unusable);
        assert_eq!(find(&headers(&["jwt=a", "jwt=a"]), "jwt"), Brought::Unusable);
        assert_eq!(find(&headers(&[&format!("jwt={}", "a".repeat(5_000))]), "jwt"), Brought::Unusable);
    }

    #[test]
    fn se_09_removing_a_cookie_keeps_the_others() {
        let mut headers = headers(&["a=1; genkan=x; b=2", "genkan=y"]);

        remove(&mut headers, "genkan");

        assert_eq!(find(&headers, "genkan"), Brought::Nothing);
        assert_eq!(find(&headers, "a"), Brought::One("1"));
        assert_eq!(find(&headers, "b"), Brought::One("2"));
    }

    #[test]
    fn se_08_the_token_cookie_has_every_flag_and_under_https_the_prefix() {
        let mut config = Config::default();
        assert_eq!(token(&config, "t").to_string(), "jwt=t; HttpOnly; SameSite=Lax; Path=/; Max-Age=172800");

        config.server.public_url = url::Url::parse("https://accounts.example").expect("a URL");
        assert_eq!(token(&config, "t").to_string(), "__Host-jwt=t; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=172800");
        assert!(no_token(&config).to_string().contains("Max-Age=0"));
    }
}
