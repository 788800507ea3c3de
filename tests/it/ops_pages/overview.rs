//! The overview and the providers: pictures, numbers, and asking a provider how it is.

use super::{fail, press};
use crate::support::app::TestApp;
use crate::support::trip::Trip;

#[actix_web::test]
async fn the_overview_counts_what_happened_as_picture_and_as_table() {
    let (app, _lab) = TestApp::with_lab().await;
    for case in ["status_503", "status_503", "cancel", "wrong_nonce"] {
        fail(&app, case).await;
    }
    let browser = app.browser();
    Trip::begin(&browser, "lab", "").await.answer("approve", "ben").await.open().await;
    Trip::begin(&app.browser(), "lab", "").await;
    let operator = app.operator("hanako").await;
    app.write_record().await;

    for range in ["hour", "day", "week"] {
        let page = operator.open(&format!("/ops?range={range}")).await;
        for (kind, number) in [("idp_outage", 2), ("user_cancelled", 1), ("browser_environment", 0), ("other", 1)] {
            let tile = format!("<a class=\"tile {kind}\"");
            let shown = page.text.split(&tile).nth(1).unwrap_or_else(|| panic!("no {kind}: {page:?}"));
            assert!(shown.split("</span>").next().is_some_and(|text| text.ends_with(&format!(">{number}"))), "{range} {kind}: {page:?}");
            let more = page.attributes(&format!("a.{kind}"), "href");
            assert!(more[0].starts_with(&format!("/ops/failures?category={kind}&from=2026-11-")), "{more:?}");
        }
        assert_eq!(page.attributes("figure svg[role=img]", "aria-labelledby").len(), 2);
        assert_eq!(page.attributes(".plot path[fill='url(#p-idp_outage)']", "d").len(), 1, "{page:?}");
        assert!(page.text.contains("4 failures in all. Cancelled: 1. Browser: 0. Provider in trouble: 2. Other: 1."), "{page:?}");
        assert!(page.text.contains("nonce_mismatch"), "what needs a person: {page:?}");
        assert!(page.text.len() < 50_000 - 21_000, "{} bytes beside the style sheets", page.text.len());
    }
}

#[actix_web::test]
async fn a_provider_tells_how_it_does_and_how_long_it_takes() {
    let (app, _lab) = TestApp::with_lab().await;
    fail(&app, "status_503").await;
    let operator = app.operator("hanako").await;

    let list = operator.open("/ops/providers").await;
    let page = operator.open("/ops/providers/lab").await;

    assert!(list.text.contains("0 % succeed") && list.text.contains("1 failed"), "{list:?}");
    for words in ["token_server_error", "<th scope=\"row\">token</th>", "<th scope=\"row\">discovery</th>", "0 %"] {
        assert!(page.text.contains(words), "{words}: {page:?}");
    }
    assert_eq!(operator.open("/ops/providers/none").await.status, 404);
}

#[actix_web::test]
async fn the_check_finds_out_by_a_button_what_the_command_finds() {
    let (app, lab) = TestApp::with_lab().await;
    let operator = app.operator("hanako").await;
    let page = operator.open("/ops/providers/lab").await;

    let well = press(&operator, &page, "/ops/providers/lab/check", &[]).await;
    drop(lab);

    assert_eq!(well.status, 200);
    for words in ["What the check found", "it knows us and refused a made-up code"] {
        assert!(well.text.contains(words), "{words}: {well:?}");
    }
    assert!(operator.open("/ops/audit").await.text.contains("Checked a provider"));
}
