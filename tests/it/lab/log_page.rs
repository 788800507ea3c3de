//! The log that somebody lends the lab, beside its pages.

use genkan::lab::{Expectation, LogLine};

use super::*;

async fn log_page(lab: &Lab, query: &str) -> Response {
    open(Url::parse(&format!("{}/log{query}", lab.issuer())).expect("an address")).await
}

#[tokio::test]
async fn without_a_log_there_is_no_page_and_no_link() {
    let lab = start();

    let page = open(authorization_url(&lab, &[])).await.text().await.expect("text");

    assert_eq!(log_page(&lab, "").await.status(), 404);
    assert!(!page.contains("href=\"/log"), "{page}");
}

#[tokio::test]
async fn lines_are_shown_in_their_order_with_outcome_and_reference_and_as_text() {
    let lab = start();
    lab.set_log(|| {
        let line = |text: &str, outcome| LogLine { text: text.to_owned(), outcome, reference: Some("K7Q2-9F3M".to_owned()) };
        vec![line("<script>new</script>", Some(Expectation::Outage)), line("old", None)]
    });

    let page = log_page(&lab, "").await.text().await.expect("text");

    assert!(page.contains("<b>K7Q2-9F3M</b>") && page.contains("<span class=\"expect outage\">"), "{page}");
    assert!(!page.contains("<script") && page.find("script&") < page.find(">old<"), "{page}");
    assert!(page.contains("http-equiv=\"refresh\""), "{page}");
    let still = log_page(&lab, "?still=1").await.text().await.expect("text");
    assert!(!still.contains("http-equiv"), "{still}");
    assert!(open(authorization_url(&lab, &[])).await.text().await.expect("text").contains("href=\"/log"));
}
