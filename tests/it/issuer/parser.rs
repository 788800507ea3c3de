//! Whatever is asked, the answer is one of few: a page of ours, the sign-in, or the registered address.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::world::{Answer, CALLBACK, CHALLENGE, World};

/// Names that mean something, and one that does not.
const NAMES: [&str; 12] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "prompt",
    "max_age",
    "claims",
    "code_challenge",
    "code_challenge_method",
    "request_uri",
];

fn value(client: &str) -> impl Strategy<Value = String> + use<> {
    prop_oneof![
        Just(client.to_owned()),
        Just(CALLBACK.to_owned()),
        Just("https://evil.example/".to_owned()),
        Just("code".to_owned()),
        Just("openid profile".to_owned()),
        Just("none".to_owned()),
        Just("S256".to_owned()),
        Just(CHALLENGE.to_owned()),
        "\\PC{0,12}",
    ]
}

fn request(client: &str) -> impl Strategy<Value = Vec<(&'static str, String)>> + use<> {
    let right = vec![
        ("client_id", client.to_owned()),
        ("redirect_uri", CALLBACK.to_owned()),
        ("response_type", "code".to_owned()),
        ("scope", "openid".to_owned()),
        ("code_challenge", CHALLENGE.to_owned()),
        ("code_challenge_method", "S256".to_owned()),
    ];
    let changes = prop::collection::vec((prop::sample::select(NAMES.to_vec()), value(client), any::<bool>()), 0..4);
    changes.prop_map(move |changes| {
        let mut request = right.clone();
        for (name, value, replaces) in changes {
            if replaces {
                request.retain(|(known, _)| *known != name);
            }
            request.push((name, value));
        }
        request
    })
}

#[actix_web::test]
async fn as_02_as_06_no_request_leads_anywhere_but_to_the_registered_address() {
    let world = World::new().await;
    world.allow(&[]).await;
    let (strategy, mut runner) = (request(world.client.id.as_str()), TestRunner::deterministic());

    for _ in 0..150 {
        let request = strategy.new_tree(&mut runner).expect("a request").current();
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&request).finish();
        let page = world.browser.open(&format!("/oauth/authorize?{query}")).await;
        match page.status {
            400 => assert_eq!(page.header("location"), "", "{request:?}"),
            200 => assert!(page.text.contains(CALLBACK), "a form to the registered address: {request:?}"),
            303 if page.location().starts_with('/') => {}
            303 => {
                let answer = Answer::of(page.location());
                assert!(answer.0.as_str().starts_with(&format!("{CALLBACK}?")), "{request:?}: {answer:?}");
                assert_eq!(answer.find("code").is_some(), answer.find("error").is_none(), "{request:?}: {answer:?}");
                assert!(answer.find("iss").is_some(), "{request:?}");
            }
            _ => panic!("{request:?}: {page:?}"),
        }
    }
}
