//! What holds for every page, and for the flash on them.

use std::collections::HashSet;

use askama::Template;
use scraper::{ElementRef, Html, Selector};

use super::error::ErrorPage;
use super::samples::{self, HOSTILE};
use crate::domain::language::Language;
use crate::signin::failure::{Category, Cause};
use crate::text::{EN, Texts, keys};
use crate::web::assets;
use crate::web::flash_view::FlashView;
use crate::web::page::{Notice, Page};

fn select<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("a valid selector");
    html.select(&selector).collect()
}

fn attributes<'a>(html: &'a Html, name: &'static str) -> Vec<&'a str> {
    select(html, &format!("[{name}]")).into_iter().filter_map(|element| element.attr(name)).collect()
}

/// Runs a check over every page in every language.
#[track_caller]
fn on_every_page(check: impl Fn(&str, &str, &Html)) {
    for language in Language::ALL {
        for (name, source) in samples::all(language) {
            check(&format!("{name} ({language})"), &source, &Html::parse_document(&source));
        }
    }
}

fn signin_with(page: Page) -> String {
    samples::signin(page).render().expect("a page renders")
}

#[test]
fn every_page_has_one_heading_one_main_and_says_its_language() {
    on_every_page(|name, _, html| {
        for (selector, count) in [("h1", 1), ("main", 1), ("head > title", 1), ("html[lang]", 1), ("header", 1), ("footer", 1)] {
            assert_eq!(select(html, selector).len(), count, "{selector} of {name}");
        }
    });
}

#[test]
fn every_reference_to_an_id_finds_it_and_no_id_is_there_twice() {
    on_every_page(|name, _, html| {
        let ids = attributes(html, "id");
        let unique: HashSet<_> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: {ids:?}");

        let links = attributes(html, "href").into_iter().filter_map(|href| href.strip_prefix('#'));
        let named = ["for", "aria-describedby", "aria-labelledby"].into_iter().flat_map(|attribute| attributes(html, attribute));
        let named = named.flat_map(str::split_whitespace);
        for id in links.chain(named) {
            assert!(unique.contains(id), "{name} has no {id}");
        }
    });
}

#[test]
fn every_visible_field_has_a_label_and_every_wrong_one_says_why() {
    on_every_page(|name, _, html| {
        let labelled: HashSet<_> = attributes(html, "for").into_iter().collect();
        for field in select(html, "input:not([type=hidden]):not([hidden])") {
            assert!(field.attr("id").is_some_and(|id| labelled.contains(id)), "{name}: {}", field.html());
        }
        for field in select(html, "[aria-invalid]") {
            let fault = select(html, &format!("#{}.fault", field.attr("aria-describedby").unwrap_or("none")));
            assert_eq!(fault.len(), 1, "{name}: {}", field.html());
        }
    });
}

#[test]
fn wb_01_every_form_that_changes_something_posts_and_carries_the_token() {
    on_every_page(|name, _, html| {
        for search in select(html, "form[method=get]") {
            let token = Selector::parse("input[name=csrf_token]").expect("a valid selector");
            assert!(name.starts_with("ops") && search.select(&token).next().is_none(), "{name}: a token belongs into no address");
        }
        for form in select(html, "form:not([method=get])") {
            let is_bounce = form.attr("action") == Some("/auth/lab/callback");
            let token = Selector::parse("input[name=csrf_token][value=token]").expect("a valid selector");
            assert_eq!(form.attr("method"), Some("post"), "{name}");
            assert_eq!(form.select(&token).count(), usize::from(!is_bounce), "{name}: {}", form.html());
        }
    });
}

#[test]
fn wb_04_no_page_needs_a_script_an_inline_style_or_another_site() {
    on_every_page(|name, source, html| {
        assert_eq!(select(html, "script, style, [style], [onclick], [onload], iframe").len(), 0, "{name}");
        let addresses = ["href", "src", "action"].into_iter().flat_map(|attribute| attributes(html, attribute));
        // What an application says about itself may be followed, and is not loaded.
        let links: Vec<_> = select(html, "a[rel=noreferrer]").iter().filter_map(|link| link.attr("href").map(str::to_owned)).collect();
        for address in addresses.filter(|address| !links.contains(&address.to_string())) {
            assert!(address.starts_with('#') || (address.starts_with('/') && !address.starts_with("//")), "{name}: {address}");
        }
        let ours = links.iter().fold(source.to_owned(), |text, link| text.replace(link.as_str(), ""));
        assert!(!ours.contains("://"), "{name}");
    });
}

#[test]
fn wb_09_whatever_was_typed_or_told_is_escaped() {
    on_every_page(|name, source, html| {
        assert!(!source.contains("<b "), "{name}");
        assert_eq!(select(html, "b, [onmouseover]").len(), 0, "{name}");
    });
    let html = Html::parse_document(&signin_with(samples::page(Language::En)));
    assert_eq!(select(&html, "#identifier")[0].attr("value"), Some(HOSTILE));
}

#[test]
fn se_12_every_signed_in_page_can_be_signed_out_of() {
    let out = |source: &str| select(&Html::parse_document(source), "form[action='/logout'] button").len();
    let page = samples::page(Language::En);
    let signed_in = Page { signed_in: Some("Hanako".to_owned()), ..page.clone() };

    assert_eq!(out(&signin_with(page)), 0);
    assert_eq!(out(&ErrorPage::new(signed_in.clone(), 404, None).render().expect("a page renders")), 1);
    assert_eq!(out(&samples::account(signed_in, true).render().expect("a page renders")), 1);
}

#[test]
fn pw_08_passwords_are_masked_and_known_to_password_managers() {
    on_every_page(|name, _, html| {
        for field in select(html, "input[name*=password]:not([type=checkbox])") {
            let expected = if name.starts_with("sign-in") || field.attr("name") == Some("current_password") { "current" } else { "new" };
            assert_eq!(field.attr("type"), Some("password"), "{name}");
            assert_eq!(field.attr("autocomplete"), Some(format!("{expected}-password").as_str()), "{name}");
            assert_eq!((field.attr("maxlength"), field.attr("value"), field.attr("onpaste")), (None, None, None), "{name}");
        }
    });
}

#[test]
fn a_page_with_all_its_parts_weighs_less_than_50_kb() {
    let parts = ["style.css", "ops.css", "favicon.svg"].map(|name| {
        let hashed = assets::url(name).strip_prefix(assets::PREFIX).expect("a static address");
        assets::find(hashed).expect("the file of an address").bytes.len()
    });
    on_every_page(|name, source, _| {
        let weight = source.len() + parts.iter().sum::<usize>();
        assert!(weight < 50 * 1024, "{name} weighs {weight} bytes");
    });
}

#[test]
fn no_page_shows_a_key_instead_of_words() {
    let keys: HashSet<_> = keys::list(EN).filter(|key| key.contains('-')).collect();
    on_every_page(|name, _, html| {
        for text in html.root_element().text() {
            assert!(!keys.contains(text.trim()), "{name} shows {text}");
        }
    });
}

#[test]
fn a_flash_is_one_element_that_names_category_cause_and_reference() {
    for cause in Cause::ALL {
        let page = Page { flash: Some(samples::flash(*cause)), ..samples::page(Language::Ja) };
        let html = Html::parse_document(&signin_with(page));

        let flashes = select(&html, ".flash");
        assert_eq!(flashes.len(), 1, "{cause:?}");
        assert_eq!(flashes[0].attr("data-category"), Some(cause.category().as_str()));
        assert_eq!(flashes[0].attr("data-cause"), Some(cause.as_str()));
        assert_eq!(flashes[0].attr("data-reference"), Some("K7Q2-9F3M"));
        assert_eq!(select(&html, ".flash code")[0].inner_html(), "K7Q2-9F3M");
        assert_eq!(select(&html, ".flash > svg").len(), 1);
    }
}

#[test]
fn only_outages_and_other_failures_interrupt() {
    for (category, role, is_prominent) in [
        (Category::UserCancelled, "status", false),
        (Category::BrowserEnvironment, "status", false),
        (Category::IdpOutage, "alert", false),
        (Category::Other, "alert", true),
    ] {
        let cause = Cause::ALL.iter().find(|cause| cause.category() == category).expect("a cause of the category");
        let flash = samples::flash(*cause);
        assert_eq!((flash.role(), flash.is_reference_prominent()), (role, is_prominent), "{category}");
    }
}

#[test]
fn an_outage_names_the_provider_and_points_to_other_ways_only_where_there_are_some() {
    let texts = Texts::of(Language::En);
    let flash = samples::flash(Cause::TokenTimeout);

    assert!(flash.headline(texts).contains(HOSTILE));
    assert!(flash.advice(texts, true).contains("other ways below"));
    assert!(!flash.advice(texts, false).contains("below"));
}

#[test]
fn a_provider_without_a_name_still_makes_a_sentence() {
    let flash = FlashView { provider: None, ..samples::flash(Cause::TokenTimeout) };

    assert_eq!(flash.headline(Texts::of(Language::En)), "The other site is having trouble");
    assert_eq!(flash.headline(Texts::of(Language::Ja)), "連携先のサービスに問題が起きています");
}

#[test]
fn every_error_status_has_words_of_its_own() {
    let titles: HashSet<_> =
        [400, 403, 404, 405, 413, 429, 500, 503].map(|status| ErrorPage::new(samples::page(Language::En), status, None).title).into();
    assert_eq!(titles.len(), 8);
}

#[test]
fn every_notice_is_found_by_its_key() {
    for notice in Notice::ALL {
        assert_eq!(Notice::from_key(notice.key()), Some(notice));
    }
    assert_eq!(Notice::from_key("fault-busy"), None);
}
