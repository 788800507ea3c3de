//! What operators call things: words of the log as words of a language.

use chrono::{DateTime, Utc};

use crate::ops::record::Outcome;
use crate::ops::traffic::{Range, Traffic};
use crate::signin::failure::Category;
use crate::web::chart::{Bars, Series};
use crate::web::text::{TextKey, Texts};

/// Returns the name of a category.
pub fn of_category(category: Category) -> TextKey {
    match category {
        Category::UserCancelled => "ops-category-user-cancelled",
        Category::BrowserEnvironment => "ops-category-browser-environment",
        Category::IdpOutage => "ops-category-idp-outage",
        Category::Other => "ops-category-other",
    }
}

/// Returns the name of a category by its word; the word itself if it is another version's.
pub fn of_category_word<'a>(texts: &'static Texts, word: &'a str) -> &'a str {
    Category::ALL.into_iter().find(|category| category.as_str() == word).map_or(word, |category| texts.get(of_category(category)))
}

/// Splits a sentence of the catalogue at its backticks; with each part, whether it is code.
pub fn parts_of(text: &str) -> impl Iterator<Item = (bool, &str)> {
    text.split('`').enumerate().map(|(index, part)| (index % 2 == 1, part))
}

/// Returns the name of a range.
pub fn of_range(range: Range) -> TextKey {
    match range {
        Range::Hour => "ops-range-hour",
        Range::Day => "ops-range-day",
        Range::Week => "ops-range-week",
    }
}

/// Returns the beginning of a step, as short as its range lets it be, in UTC.
pub fn of_step(range: Range, at: DateTime<Utc>) -> String {
    at.format(match range {
        Range::Hour | Range::Day => "%H:%M",
        Range::Week => "%m-%d %H:%M",
    })
    .to_string()
}

/// Draws the sign-ins that went well.
pub fn draw_successes(texts: &'static Texts, traffic: &Traffic) -> Bars {
    let values = traffic.series(&crate::ops::traffic::SUCCEEDED);
    let series = vec![Series { kind: "succeeded", label: texts.get("ops-chart-succeeded").to_owned(), values }];
    draw("successes", "ops-chart-successes", "ops-chart-successes-total", (texts, traffic), series)
}

/// Draws the failures, by category.
pub fn draw_failures(texts: &'static Texts, traffic: &Traffic) -> Bars {
    let series = Category::ALL.map(|category| Series {
        kind: category.as_str(),
        label: texts.get(of_category(category)).to_owned(),
        values: traffic.series(&[Outcome::Failed(category)]),
    });
    draw("failures", "ops-chart-failures", "ops-chart-failures-total", (texts, traffic), series.into())
}

fn draw(id: &'static str, title: TextKey, total: TextKey, (texts, traffic): (&'static Texts, &Traffic), series: Vec<Series>) -> Bars {
    let range = traffic.range();
    let times = traffic.starts().map(|at| of_step(range, at)).collect();
    let sum: u64 = series.iter().map(Series::total).sum();
    let parts = series.iter().filter(|_| series.len() > 1).map(|one| format!("{}: {}.", one.label, one.total()));
    let description = std::iter::once(texts.number(total, "count", sum)).chain(parts).collect::<Vec<_>>().join(" ");
    Bars::new(id, texts.get(title).to_owned(), description, series, times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_backticks_is_code() {
        assert_eq!(parts_of("set `mail.host`, then go").collect::<Vec<_>>(), [(false, "set "), (true, "mail.host"), (false, ", then go")]);
        assert_eq!(parts_of("plain").collect::<Vec<_>>(), [(false, "plain")]);
    }

    #[test]
    fn every_sentence_of_the_catalogue_closes_its_backticks() {
        use crate::signin::failure::Cause;
        for cause in Cause::ALL {
            for text in [cause.meaning(), cause.operator_advice()] {
                assert_eq!(parts_of(text).count() % 2, 1, "{text}");
            }
        }
    }
}
