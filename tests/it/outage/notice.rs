//! The breaker that people see.

use std::time::Duration;

use genkan::lab::{Answer, Endpoint};
use genkan::signin::failure::Cause;

use super::alarms::{fail, trip};
use super::{Scene, has_notice, lab, walk};
use crate::support::app::lab_provider;
use crate::support::trip::Trip;

#[actix_web::test]
async fn dp_01_up_slow_down_flapping_and_back_is_one_alert_and_one_resolved() {
    let scene = Scene::with(|config| config.http.total_timeout_secs = 1).await;
    scene.walk().await;
    assert!(!scene.has_notice().await, "up");

    scene.lab.set_answer(Endpoint::Token, Some(Answer::Stall));
    scene.walk().await;
    scene.app.patrol.tick().await;
    assert!(!scene.has_notice().await, "slow once");

    scene.break_down();
    fail_until_noticed(&scene, 10 - 1).await;

    for _ in 0..3 {
        scene.repair();
        scene.walk().await;
        assert!(!scene.has_notice().await, "who signs in shows that it works");
        scene.break_down();
        fail_until_noticed(&scene, 10).await;
    }

    scene.repair();
    let mut secs = 0;
    while scene.has_notice().await {
        scene.pass(5).await;
        secs += 10;
        assert!(secs <= 60, "nobody signs in, and the notice stays");
    }
    scene.until("the alert", async |scene| scene.told("idp_outage").0 > 0).await;
    assert_eq!(scene.told("idp_outage"), (1, 0));

    scene.pass(600).await;
    scene.until("the end", async |scene| scene.told("idp_outage").1 > 0).await;
    scene.pass(3_600).await;
    assert_eq!(scene.told("idp_outage"), (1, 1), "{:?}", scene.bodies());
}

async fn fail_until_noticed(scene: &Scene, most: usize) {
    for failures in 0..=most {
        // What the patrol is woken for takes a moment, which people take too.
        scene.app.patrol.tick().await;
        if scene.has_notice().await {
            return;
        }
        assert!(failures < most, "{most} failures, and no notice");
        // Attempts of one browser, a moment apart: probes of one provider are four seconds apart at least.
        scene.app.clock.advance(Duration::from_secs(1));
        scene.walk().await;
    }
}

#[actix_web::test]
async fn dp_01_in_trouble_the_button_says_so_comes_last_and_still_works() {
    let other = Scene::new().await;
    let scene = Scene::with(|config| {
        let twin = genkan::config::ProviderConfig { id: "other".to_owned(), ..lab_provider(&other.lab) };
        config.providers.push(twin);
    })
    .await;
    scene.break_down();
    fail_until_noticed(&scene, 10).await;

    let browser = scene.app.browser();
    for path in ["/login", "/register"] {
        let page = browser.open(path).await;
        assert_eq!(page.attributes("ul.ways form", "action"), ["/auth/other", "/auth/lab"], "{path}");
        assert_eq!(page.attributes(".ways + .hint a", "href"), ["/status"], "{path}");
    }
    assert!(browser.open("/auth/lab").await.text.contains("is having trouble just now. You can try it"));
    assert!(!browser.open("/auth/other").await.text.contains("having trouble"));
    scene.repair();
    walk(&browser, "approve").await;
    assert!(browser.is_signed_in().await);
}

#[actix_web::test]
async fn lg_07_one_client_that_fails_fifty_times_while_the_provider_works_changes_nothing() {
    let scene = Scene::new().await;
    scene.walk().await;
    let browser = scene.app.browser();

    for _ in 0..50 {
        walk(&browser, "status_503").await;
    }
    for _ in 0..5 {
        scene.pass(10).await;
    }

    assert!(!scene.has_notice().await);
    assert_eq!(scene.bodies(), Vec::<serde_json::Value>::new(), "the guard's suspicion is looked into, and is none");
}

#[actix_web::test]
async fn lg_07_a_thousand_forged_callbacks_give_nothing() {
    let scene = Scene::new().await;
    let (stranger, owner) = (scene.app.browser(), scene.app.browser());
    let back = Trip::begin(&owner, "lab", "").await.answer("approve", "owner").await;

    for number in 0..250 {
        stranger.open(&format!("/auth/lab/callback?error=server_error&state=forged{number}")).await;
        stranger.open(&format!("/auth/lab/callback?error=temporarily_unavailable&code=a&code=b&state={number}")).await;
        stranger.open(&back.url).await;
        owner.open(&format!("/auth/lab/callback?code=c{number}&state=forged{number}")).await;
    }
    scene.pass(1_200).await;

    assert!(!scene.has_notice().await);
    assert_eq!(scene.bodies(), Vec::<serde_json::Value>::new());
    let incidents = scene.app.state.signin.store.list_incidents(chrono::DateTime::UNIX_EPOCH).await.expect("an answer");
    assert_eq!(incidents, []);
}

#[actix_web::test]
async fn dp_01_replicas_share_what_they_know_and_one_of_them_tells() {
    let scene = Scene::new().await;
    let twin = scene.app.twin().await;
    scene.break_down();
    for _ in 0..5 {
        scene.walk().await;
        fail(&twin, Cause::TokenServerError, 1);
    }
    for app in [&scene.app, &twin] {
        app.clock.advance(Duration::from_secs(5));
        app.patrol.tick().await;
    }
    scene
        .until("the notice on both", async |scene| {
            twin.patrol.tick().await;
            scene.has_notice().await && has_notice(&twin).await
        })
        .await;
    scene.until("the alert", async |scene| scene.told("idp_outage").0 > 0).await;

    scene.repair();
    trip(&twin, 2, true);
    twin.patrol.tick().await;
    scene.app.patrol.tick().await;
    assert!(!scene.has_notice().await && !has_notice(&twin).await);
    for app in [&scene.app, &twin] {
        app.clock.advance(Duration::from_secs(600));
    }
    for _ in 0..5 {
        futures_util::future::join(twin.patrol.tick(), scene.app.patrol.tick()).await;
    }
    scene.until("the end", async |scene| scene.told("idp_outage").1 > 0).await;
    assert_eq!(scene.told("idp_outage"), (1, 1));
}

#[actix_web::test]
async fn dp_01_probes_of_several_replicas_are_no_storm() {
    let scene = Scene::new().await;
    let twins = [scene.app.twin().await, scene.app.twin().await];
    scene.break_down();
    fail_until_noticed(&scene, 10).await;
    let before = scene.lab.requests("token");

    for _ in 0..60 {
        scene.app.clock.advance(Duration::from_secs(1));
        for twin in &twins {
            twin.clock.advance(Duration::from_secs(1));
        }
        futures_util::future::join3(scene.app.patrol.tick(), twins[0].patrol.tick(), twins[1].patrol.tick()).await;
    }

    let probes = scene.lab.requests("token") - before;
    assert!((2..=10).contains(&probes), "{probes} probes in a minute");
}

#[actix_web::test]
async fn dp_01_without_a_database_each_replica_judges_and_probes_by_itself() {
    let scene = Scene::new().await;
    scene.walk().await;
    scene.app.break_database();
    let is_troubled = || scene.app.state.signin.watch.health.condition(&lab()).state.is_troubled();
    for client in 0..5 {
        fail(&scene.app, Cause::TokenServerError, client);
    }
    assert!(is_troubled(), "it waits for nobody");

    for _ in 0..6 {
        scene.pass(10).await;
    }

    assert!(!is_troubled(), "probes found that it works");
}

#[actix_web::test]
async fn dp_01_a_provider_that_stalls_holds_nothing_of_the_others() {
    let other = Scene::new().await;
    let scene = Scene::with(|config| {
        config.http.max_calls_per_provider = 1;
        config.http.total_timeout_secs = 2;
        let twin = genkan::config::ProviderConfig { id: "other".to_owned(), ..lab_provider(&other.lab) };
        config.providers.push(twin);
    })
    .await;
    scene.lab.set_answer(Endpoint::Token, Some(Answer::Stall));
    let browsers = [scene.app.browser(), scene.app.browser(), scene.app.browser(), scene.app.browser()];
    let stalled = futures_util::future::join_all(browsers.iter().map(|browser| walk(browser, "approve")));
    let quick = async {
        let browser = scene.app.browser();
        let started = std::time::Instant::now();
        let back = Trip::begin(&browser, "other", "").await.answer("approve", "quick").await;
        back.open().await;
        (browser.is_signed_in().await, started.elapsed())
    };

    let started = std::time::Instant::now();
    let (_, (is_signed_in, took)) = futures_util::future::join(stalled, quick).await;

    assert!(is_signed_in && took < Duration::from_secs(2), "{took:?}");
    assert!(started.elapsed() < Duration::from_secs(8), "each has its own deadline, waiting included: {:?}", started.elapsed());
}
