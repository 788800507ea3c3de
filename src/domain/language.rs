//! The languages genkan speaks, and how one is chosen.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A language that every page exists in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Language {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// Returns the language tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// Returns the language's own name for itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ja => "日本語",
        }
    }

    /// Finds the language of a tag such as `ja` or `ja-JP`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next()?.trim();
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }

    /// Chooses by an `Accept-Language` header (RFC 9110 §12.5.4); English if none fits.
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best = (0, Self::default());
        for range in accept_language.split(',').take(16) {
            let (tag, weight) = parse_range(range);
            if let Some(language) = Self::from_tag(tag).filter(|_| weight > best.0) {
                best = (weight, language);
            }
        }
        best.1
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// Splits `ja;q=0.8` into the tag and the weight in thousandths.
fn parse_range(range: &str) -> (&str, u16) {
    let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
    let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse::<f32>().ok());
    let weight = weight.filter(|q| (0.0..=1.0).contains(q)).unwrap_or(0.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000 by the check above")]
    let thousandths = (weight * 1000.0) as u16;
    (tag.trim(), thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins() {
        for (header, language) in [
            ("", Language::En),
            ("ja", Language::Ja),
            ("ja-JP,ja;q=0.9,en;q=0.8", Language::Ja),
            ("fr,en;q=0.3,ja;q=0.7", Language::Ja),
            ("en-GB,ja;q=0.9", Language::En),
            ("de,fr;q=0.5", Language::En),
            ("ja;q=0", Language::En),
            ("ja;q=9,;;,,=", Language::En),
        ] {
            assert_eq!(Language::negotiate(header), language, "{header}");
        }
    }
}
