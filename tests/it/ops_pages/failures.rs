//! The list of failures, their stories and the file of them.

use super::{fail, failure, record};
use crate::support::app::TestApp;
use crate::support::browser::Page;

const HOSTILE: &str = "<img src=x onerror=alert(1)>\"'&\u{202e}";

fn references(page: &Page) -> Vec<String> {
    let links = page.attributes(".cards .row-name a", "href").into_iter();
    links.filter_map(|href| href.strip_prefix("/ops/failures/").map(str::to_owned)).collect()
}

#[actix_web::test]
async fn from_the_reference_on_the_screen_to_the_story_is_one_click() {
    let (app, _lab) = TestApp::with_lab().await;
    let reference = fail(&app, "status_503").await;
    let operator = app.operator("hanako").await;
    let lower = reference.to_lowercase();

    for typed in [reference.clone(), lower.clone(), lower.replace('-', ""), format!("  {}+", lower.replace('-', "+"))] {
        let found = operator.open(&format!("/ops/failures?reference={}", typed.replace(' ', "+"))).await;
        assert_eq!(found.location(), format!("/ops/failures/{reference}"), "{typed}");
    }
    assert_eq!(operator.open(&format!("/ops/failures/{lower}")).await.location(), format!("/ops/failures/{reference}"));
    let story = operator.open(&format!("/ops/failures/{reference}")).await;
    for words in ["token_server_error", "Lab is having trouble", "503", "What it means, and what to do", "/ops/providers/lab", &reference] {
        assert!(story.text.contains(words), "{words}: {story:?}");
    }
    let wrong = operator.open("/ops/failures?reference=weather").await;
    assert!(wrong.status == 200 && wrong.text.contains("“weather” is no reference"), "{wrong:?}");
    let gone = operator.open("/ops/failures/K7Q2-9F3M").await;
    assert!(gone.status == 404 && gone.text.contains("kept for 30 days"), "{gone:?}");
}

#[actix_web::test]
async fn every_filter_finds_what_fits_and_nothing_else() {
    let (app, _lab) = TestApp::with_lab().await;
    let (outage, cancelled) = (fail(&app, "status_503").await, fail(&app, "cancel").await);
    record(&app, vec![failure(&app, "AAAA-AAAA")]).await;
    let operator = app.operator("hanako").await;
    let all = ["AAAA-AAAA".to_owned(), cancelled.clone(), outage.clone()];

    for (query, wanted) in [
        ("", &all[..]),
        ("?category=idp_outage", &all[2..]),
        ("?category=user_cancelled&provider=lab", &all[1..2]),
        ("?provider=none", &[]),
        ("?cause=token_refused", &all[..1]),
        ("?stage=authorization", &all[1..2]),
        ("?fingerprint=lab+token+token_refused+flux_low", &all[..1]),
        ("?from=2026-11-20T12:00", &all[1..]),
        ("?until=2026-11-20T12:00", &all[..1]),
        ("?from=2026-11-20T11:00&until=2026-11-20T13:00", &all[..]),
    ] {
        let mut found = references(&operator.open(&format!("/ops/failures{query}")).await);
        let mut wanted = wanted.to_vec();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "{query}");
    }
    for broken in ["?from=yesterday", "?before=x", "?until=2026-99-99T00:00"] {
        assert_eq!(operator.open(&format!("/ops/failures{broken}")).await.status, 400, "{broken}");
    }
}

#[actix_web::test]
async fn a_thousand_failures_are_turned_over_page_by_page_without_gap_or_repetition() {
    let (app, _lab) = TestApp::with_lab().await;
    let alphabet = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let name = |n: usize| format!("AAAA-AA{}{}", char::from(alphabet[n / 32]), char::from(alphabet[n % 32]));
    record(&app, (0..1_000).map(|n| failure(&app, &name(n))).collect()).await;
    let operator = app.operator("hanako").await;

    let (mut path, mut seen) = (Some("/ops/failures?category=other".to_owned()), Vec::new());
    while let Some(next) = path {
        let page = operator.open(&next).await;
        assert!(page.text.len() < 50_000, "{} bytes", page.text.len());
        seen.extend(references(&page));
        path = page.attributes(".more a", "href").pop();
    }

    let mut wanted: Vec<_> = (0..1_000).map(name).collect();
    wanted.sort();
    seen.sort();
    assert_eq!(seen, wanted);
    let file = operator.open("/ops/failures.csv?category=other").await;
    assert_eq!(file.text.lines().count(), 1_001, "the file has all of them at once");
}

#[actix_web::test]
async fn wb_10_the_file_holds_no_formula_and_stays_in_its_cells() {
    let (app, _lab) = TestApp::with_lab().await;
    let mut evil = failure(&app, "AAAA-AAAA");
    evil.provider_error = Some("=HYPERLINK(\"http://evil.example\",\"a\")".to_owned());
    evil.story.detail = Some("@SUM(1),\r\n+2".to_owned());
    record(&app, vec![evil]).await;
    let operator = app.operator("hanako").await;

    let file = operator.open("/ops/failures.csv").await;

    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"failures.csv\"");
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(file.text.starts_with("reference,at,provider,category,cause,stage,"), "{file:?}");
    assert!(file.text.contains(",\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"a\"\")\","), "{file:?}");
    assert!(file.text.ends_with(",\"'@SUM(1),\r\n+2\"\r\n"), "{file:?}");
    assert!(operator.open("/ops/audit").await.text.contains("Exported failures"));
}

#[actix_web::test]
async fn wb_09_what_a_provider_said_is_shown_as_text_and_nothing_more() {
    let (app, _lab) = TestApp::with_lab().await;
    let mut evil = failure(&app, "AAAA-AAAA");
    let hostile = || HOSTILE.to_owned();
    (evil.provider_error, evil.story.detail, evil.provider) = (Some(hostile()), Some(hostile()), Some(hostile()));
    (evil.cause, evil.category, evil.stage, evil.fingerprint) = (hostile(), "other".to_owned(), hostile(), hostile());
    let step = &mut evil.story.steps[0];
    (step.name, step.result, step.content_type, step.fields) = (hostile(), hostile(), Some(hostile()), vec![hostile()]);
    record(&app, vec![evil]).await;
    let operator = app.operator("hanako").await;

    for path in ["/ops", "/ops/failures", "/ops/failures/AAAA-AAAA", &format!("/ops/failures?reference={HOSTILE}&cause={HOSTILE}")] {
        let page = operator.open(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text.contains("<img") && page.attributes("[onerror]", "onerror").is_empty(), "{path}: {page:?}");
    }
}
