//! A second genkan signs in with the first: our own provider and our own client, with each other.

use genkan::domain::client::{ClientId, SigningAlgorithm};
use genkan::domain::redirect_uri::RedirectUri;
use serde_json::json;

use crate::issuer::world::{SECRET, register};
use crate::support::app::TestApp;
use crate::support::browser::{Page, TestBrowser};

/// The first genkan, where people have accounts, and the second, which asks it.
struct Houses {
    first: TestApp,
    second: TestApp,
}

impl Houses {
    async fn with(algorithm: SigningAlgorithm) -> Self {
        let (first, id) = (TestApp::spawn().await, ClientId::generate());
        let provider = json!({
            "id": "first", "preset": "oidc", "name": "The first house", "issuer": first.address(""), "client_id": id, "client_secret": SECRET,
            "trust_email": true,
        });
        let provider = serde_json::from_value(provider).expect("a provider");
        let second = TestApp::with(|config| config.providers.push(provider)).await;
        let callback = RedirectUri::parse(&second.address("/auth/first/callback")).expect("an address");
        register(&first, |client| {
            client.id = id;
            client.metadata.redirect_uris = vec![callback];
            client.metadata.id_token_algorithm = algorithm;
        })
        .await;
        Self { first, second }
    }

    /// Leaves the second for the first, says what `answer` says there, and comes back.
    async fn travel(&self, at_first: &TestBrowser, at_second: &TestBrowser, button: &str) -> Page {
        let page = at_second.open("/auth/first?return_to=%2Faccount").await;
        let leaving = at_second.submit(&page, "/auth/first", &[]).await;
        let mut page = at_first.open(leaving.location()).await;
        while page.status != 303 || page.location().starts_with('/') {
            page = if page.status == 303 { at_first.follow(&page).await } else { press(at_first, &page, button).await };
        }
        at_second.follow(&page).await
    }
}

/// Presses a button of the consent page: the one whose address ends so.
async fn press(browser: &TestBrowser, page: &Page, button: &str) -> Page {
    let actions = page.attributes("form[action^='/oauth/continue/']", "action");
    let action = actions.into_iter().find(|action| action.ends_with("/cancel") == (button == "cancel"));
    let action = action.unwrap_or_else(|| panic!("no such button: {page:?}"));
    browser.submit(page, &action, &[]).await
}

#[actix_web::test]
async fn cf_01_somebody_with_an_account_at_the_first_signs_in_at_the_second() {
    for algorithm in [SigningAlgorithm::Rs256, SigningAlgorithm::Es256] {
        let houses = Houses::with(algorithm).await;
        let (at_first, at_second) = (houses.first.browser_of("hanako").await, houses.second.browser());

        let page = houses.travel(&at_first, &at_second, "allow").await;

        assert_eq!(page.location(), "/account", "{page:?}");
        let me = at_second.open("/api/me").await.json();
        assert_eq!((me["name"].as_str(), me["email"].as_str()), (Some("Hanako"), Some("hanako@example.com")), "{me}");
        let again = houses.second.browser();
        houses.travel(&at_first, &again, "allow").await;
        assert_eq!(again.open("/api/me").await.json()["id"], me["id"], "the same person");
    }
}

#[actix_web::test]
async fn somebody_who_says_no_at_the_first_is_told_at_the_second_that_nothing_happened() {
    let houses = Houses::with(SigningAlgorithm::Rs256).await;
    let (at_first, at_second) = (houses.first.browser_of("hanako").await, houses.second.browser());

    let page = houses.travel(&at_first, &at_second, "cancel").await;

    let flash = at_second.follow(&page).await.flash().expect("a flash");
    assert_eq!((flash.category.as_str(), flash.cause.as_str()), ("user_cancelled", "consent_denied"));
    assert!(!at_second.is_signed_in().await);
}
