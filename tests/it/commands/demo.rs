//! `genkan demo`: page and log line side by side.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use super::place::Place;
use crate::support::browser::TestBrowser;
use crate::support::trip::Trip;

/// A running demo; killed when the test ends.
struct Demo {
    child: Child,
    genkan: String,
    log: String,
    operator: String,
}

impl Demo {
    fn start(place: &Place, further: &[&str]) -> Self {
        let args = [&["demo", "--listen", "127.0.0.1:0", "--lab-listen", "127.0.0.1:0"], further].concat();
        let mut child = place.command(&args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a demo");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let mut address = |label: &str| {
            let line = lines.find(|line| line.contains(label)).unwrap_or_else(|| panic!("no {label}"));
            line.split_whitespace().find(|word| word.starts_with("http")).expect("an address").to_owned()
        };
        let (genkan, log, operator) = (address("Open this"), address("The log"), address("For operators"));
        Self { child, genkan, log, operator }
    }

    fn browser(&self) -> TestBrowser {
        TestBrowser::new(self.genkan.trim_end_matches('/').to_owned())
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[actix_web::test]
async fn the_page_of_a_failed_sign_in_has_its_line_beside_it_and_nothing_secret() {
    let place = Place::new();
    let demo = Demo::start(&place, &[]);
    let browser = demo.browser();

    let back = Trip::begin(&browser, "lab", "").await.answer("corpus:any-token-429-bare", "x-1").await;
    let landed = browser.follow(&back.open().await).await;

    let flash = landed.flash().expect("a flash");
    let log = browser.open(&demo.log).await;
    assert!(log.text.contains(&format!("<b>{}</b>", flash.reference)), "{log:?}");
    assert!(log.text.contains("class=\"expect outage\"") && log.text.contains(&format!("cause={}", flash.cause)), "{log:?}");
    back.assert_discreet(&log);
    assert_eq!(browser.open("/log").await.status, 404);
}

#[actix_web::test]
async fn plain_oauth_signs_in_beside_openid_connect_and_a_preset_brings_its_dialect() {
    let place = Place::new();
    let demo = Demo::start(&place, &["--preset", "github"]);

    let browser = demo.browser();
    let back = Trip::begin(&browser, "lab-oauth2", "").await.answer("approve", "x-1").await;
    assert_eq!(back.open().await.location(), "/account");
    let browser = demo.browser();
    let back = Trip::begin(&browser, "github", "").await.answer("corpus:github-bad-verification-code-json", "x-1").await;
    let landed = browser.follow(&back.open().await).await;

    assert_eq!(landed.flash().map(|flash| flash.category).as_deref(), Some("browser_environment"));
    let log = browser.open(&demo.log).await;
    assert!(log.text.contains("class=\"expect signed-in\""), "{log:?}");
}

#[actix_web::test]
async fn si_09_the_link_of_the_demo_makes_its_reader_the_operator_who_sees_what_failed() {
    let place = Place::new();
    let demo = Demo::start(&place, &[]);
    let (visitor, operator) = (demo.browser(), demo.browser());
    let back = Trip::begin(&visitor, "lab", "").await.answer("cancel", "x-1").await;
    visitor.follow(&back.open().await).await;

    let path = &demo.operator[demo.operator.find("/reset/").expect("a link")..];
    let form = operator.open(path).await;
    assert_eq!(operator.submit(&form, path, &[("password", "nine patient cranes")]).await.location(), "/login");
    let signed_in = operator.sign_in("operator", "nine patient cranes").await;

    let account = operator.follow(&signed_in).await;
    assert_eq!(account.attributes("h1 a.badge", "href"), ["/ops"]);
    assert_eq!(operator.open("/ops").await.status, 200);
    assert_eq!(operator.open("/ops/failures").await.status, 200);
    assert_eq!(visitor.open("/ops").await.location(), "/login?return_to=%2Fops");
}

/// Registers somebody with an account at the demo.
async fn registered(demo: &Demo) -> TestBrowser {
    let browser = demo.browser();
    let page = browser.open("/register").await;
    let fields = [("name", "Hanako"), ("username", "hanako"), ("email", "hanako@visitors.example"), ("password", "nine patient cranes")];
    assert_eq!(browser.submit(&page, "/register", &fields).await.location(), "/account");
    browser
}

/// Goes to the application of the lab and back, with a mistake or none; returns what it shows then.
async fn sign_in_to_the_application(demo: &Demo, browser: &TestBrowser, mistake: &str) -> String {
    let lab = demo.log.strip_suffix("/log").expect("the lab's address");
    let mut page = browser.post(&format!("{lab}/app"), &[("mistake".to_owned(), mistake.to_owned())]).await;
    for _ in 0..6 {
        page = match page.status {
            303 if page.location() == "/app" => return browser.open(&format!("{lab}/app")).await.text,
            303 => browser.follow(&page).await,
            200 => {
                let action = page.attributes("form[action^='/oauth/continue/']", "action").swap_remove(0);
                browser.submit(&page, &action, &[]).await
            }
            _ => return page.text,
        };
    }
    panic!("it goes round and round: {page:?}")
}

#[actix_web::test]
async fn the_application_of_the_lab_signs_people_in_with_genkan_and_checks_what_it_gets() {
    let place = Place::new();
    let demo = Demo::start(&place, &[]);
    let browser = registered(&demo).await;

    let shown = sign_in_to_the_application(&demo, &browser, "").await;

    assert_eq!(shown.matches("expect signed-in").count(), 5, "{shown}");
    assert!(shown.contains("&#34;username&#34;: &#34;hanako&#34;") && !shown.contains("expect other"), "{shown}");
    assert_eq!(browser.open("/app").await.status, 404, "nothing of it is genkan's");
}

#[actix_web::test]
async fn each_mistake_of_the_application_is_explained_to_its_owner() {
    let place = Place::new();
    let demo = Demo::start(&place, &[]);
    let browser = registered(&demo).await;
    sign_in_to_the_application(&demo, &browser, "").await;

    for (mistake, told) in [
        ("redirect_uri", "an address that it has not registered"),
        ("challenge", "code_challenge is missing"),
        ("scope", "scope has a word that this client is not registered for"),
        ("secret", "the client could not be authenticated"),
        ("verifier", "code_verifier does not fit the code_challenge"),
        ("twice", "code was redeemed before"),
    ] {
        let shown = sign_in_to_the_application(&demo, &browser, mistake).await;
        assert!(shown.contains(told), "{mistake}: {shown}");
    }

    let path = &demo.operator[demo.operator.find("/reset/").expect("a link")..];
    let operator = demo.browser();
    let form = operator.open(path).await;
    operator.submit(&form, path, &[("password", "nine patient cranes")]).await;
    operator.sign_in("operator", "nine patient cranes").await;
    let applications = operator.open("/applications").await.attributes(".rows a", "href");
    let page = operator.open(&applications[0]).await.text;
    for told in ["in the slash at its end", "code_challenge is missing", "client_secret is not one that works", "code was redeemed before"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
}

#[actix_web::test]
async fn the_letters_of_the_demo_are_read_at_the_lab() {
    let place = Place::new();
    let demo = Demo::start(&place, &["--verify-email"]);
    let browser = registered(&demo).await;
    let mailbox = demo.log.replace("/log", "/mail");

    let mut page = browser.open(&mailbox).await;
    for _ in 0..200 {
        if page.text.contains("/verify/") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        page = browser.open(&mailbox).await;
    }

    let links = page.attributes(".letter a", "href");
    assert_eq!(links.len(), 1, "{page:?}");
    assert!(page.text.contains("hanako@visitors.example"), "{page:?}");
    assert_eq!(browser.open(&links[0]).await.attributes("form[action^='/verify/']", "action").len(), 1, "it leads to the button");
}
