//! In what an address in a request differs from the nearest one that is registered.
//!
//! Addresses are compared byte for byte, and nearly right ones are what developers lose
//! afternoons over. The words say nothing of the address itself, which may be anybody's.

use url::Url;

use super::RedirectUri;

/// What differs, from the nearest to the farthest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// Only the slash at the end.
    TrailingSlash,
    /// Only capital and small letters.
    LetterCase,
    /// Only how the same address is spelt, as with `%7E` for `~`.
    Spelling,
    /// A fragment was added.
    Fragment,
    /// The query.
    Query,
    /// The path.
    Path,
    /// The port.
    Port,
    /// `http` for `https`, or another scheme.
    Scheme,
    /// `localhost` for `127.0.0.1` or the other way round.
    LoopbackName,
    /// The host.
    Host,
    /// The request has an address that is none.
    Malformed,
    /// The client has no address at all.
    NoneRegistered,
    /// The request has none, or more than one.
    Missing,
}

impl Difference {
    /// Compares what a request presents with every registered address; the nearest one counts.
    pub fn of(registered: &[RedirectUri], presented: Option<&str>) -> Self {
        let Some(presented) = presented else { return Self::Missing };
        registered.iter().map(|own| Self::between(own.as_str(), presented)).min().unwrap_or(Self::NoneRegistered)
    }

    fn between(own: &str, presented: &str) -> Self {
        if own.trim_end_matches('/') == presented.trim_end_matches('/') {
            return Self::TrailingSlash;
        }
        if own.eq_ignore_ascii_case(presented) {
            return Self::LetterCase;
        }
        let (Ok(own), Ok(presented)) = (Url::parse(own), Url::parse(presented)) else { return Self::Malformed };
        if own.host() != presented.host() {
            let is_loopback = super::is_loopback(&own) && super::is_loopback(&presented);
            return if is_loopback { Self::LoopbackName } else { Self::Host };
        }
        let part = [
            (Self::Scheme, own.scheme() != presented.scheme()),
            (Self::Port, own.port_or_known_default() != presented.port_or_known_default()),
            (Self::Path, own.path() != presented.path()),
            (Self::Query, own.query() != presented.query()),
            (Self::Fragment, presented.fragment().is_some()),
        ];
        part.into_iter().find(|(_, differs)| *differs).map_or(Self::Spelling, |(part, _)| part)
    }

    /// Says it to a developer.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TrailingSlash => "redirect_uri differs from a registered one in the slash at its end",
            Self::LetterCase => "redirect_uri differs from a registered one in capital and small letters",
            Self::Spelling => "redirect_uri is spelt differently from a registered one: they are compared byte for byte",
            Self::Fragment => "redirect_uri has a fragment (#): none may",
            Self::Query => "redirect_uri differs from a registered one in its query",
            Self::Path => "redirect_uri differs from the registered ones in its path",
            Self::Port => "redirect_uri differs from the registered ones in its port; only native applications may vary it",
            Self::Scheme => "redirect_uri differs from the registered ones in its scheme: http and https are two",
            Self::LoopbackName => {
                "redirect_uri differs from the registered ones in the name of this machine: localhost and 127.0.0.1 are two"
            }
            Self::Host => "redirect_uri leads to a host that is not registered",
            Self::Malformed => "redirect_uri is no absolute address",
            Self::NoneRegistered => "no redirect_uri is registered",
            Self::Missing => "redirect_uri is missing, or came more than once",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registered() -> Vec<RedirectUri> {
        let all = ["https://app.example/callback", "https://app.example/other?tenant=1", "http://127.0.0.1:3000/cb"];
        all.into_iter().map(|text| RedirectUri::parse(text).expect("an address")).collect()
    }

    #[test]
    fn as_01_the_difference_to_the_nearest_address_is_told() {
        for (presented, difference) in [
            (Some("https://app.example/callback/"), Difference::TrailingSlash),
            (Some("https://app.example/Callback"), Difference::LetterCase),
            (Some("https://app.example:443/callback"), Difference::Spelling),
            (Some("https://app.example/callback#x"), Difference::Fragment),
            (Some("https://app.example/callback?x=1"), Difference::Query),
            (Some("https://app.example/elsewhere"), Difference::Path),
            (Some("https://app.example:8443/callback"), Difference::Port),
            (Some("http://app.example/callback"), Difference::Scheme),
            (Some("http://localhost:3000/cb"), Difference::LoopbackName),
            (Some("https://evil.example/callback"), Difference::Host),
            (Some("/callback"), Difference::Malformed),
            (None, Difference::Missing),
        ] {
            assert_eq!(Difference::of(&registered(), presented), difference, "{presented:?}");
        }
        assert_eq!(Difference::of(&[], Some("https://app.example/callback")), Difference::NoneRegistered);
    }

    #[test]
    fn what_is_told_holds_nothing_of_the_address() {
        let told = Difference::of(&registered(), Some("https://evil.example/secret-path")).as_str();

        assert!(!told.contains("evil") && !told.contains("secret") && !told.contains("app.example"), "{told}");
    }
}
