//! `/status`: which ways in work, for everybody.

use serde_json::Value;

use super::{Scene, walk};

#[actix_web::test]
async fn the_page_the_json_and_the_feed_tell_an_outage_and_no_internals() {
    let scene = Scene::new().await;
    let browser = scene.app.browser();
    assert!(browser.open("/status").await.text.contains("Every way to sign in works."));
    scene.break_down();
    walk(&browser, "approve").await;
    for _ in 0..4 {
        scene.walk().await;
    }
    scene.until("the alert", async |scene| scene.told("idp_outage").0 > 0).await;
    scene
        .until("the report is made anew", async |scene| {
            scene.app.browser().open("/status.json").await.json()["outages"].as_array().is_some_and(|outages| !outages.is_empty())
        })
        .await;

    let (page, json, feed) = (browser.open("/status").await, browser.open("/status.json").await.json(), browser.open("/status.atom").await);

    assert!(page.text.contains("Not every way to sign in works") && page.text.contains("still going on"), "{page:?}");
    assert_eq!(page.header("cache-control"), "public, max-age=3");
    assert_eq!(page.set_cookies(), Vec::<&str>::new(), "it leaves the session alone");
    assert_eq!((&json["providers"][0]["status"], &json["password"]["status"]), (&Value::from("trouble"), &Value::from("ok")));
    assert_eq!((&json["outages"][0]["provider"], &json["outages"][0]["until"]), (&Value::from("lab"), &Value::Null));
    assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
    assert!(feed.text.contains("<entry><id>urn:uuid:") && feed.text.contains("was in trouble"), "{}", feed.text);
    for told in [&page.text, &feed.text, &json.to_string()] {
        for inside in ["token", "503", "breaker", "failures", "first_contact"] {
            assert!(!told.contains(inside), "{inside}: {told}");
        }
    }
}

#[actix_web::test]
async fn the_flash_of_an_outage_leads_there() {
    let scene = Scene::new().await;
    scene.break_down();
    let browser = scene.app.browser();
    let back = crate::support::trip::Trip::begin(&browser, "lab", "").await.answer("approve", "x").await;

    let page = browser.follow(&back.open().await).await;

    assert_eq!(page.attributes(".flash p > a", "href"), ["/status"]);
}
