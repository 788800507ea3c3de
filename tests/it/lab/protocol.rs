//! The lab is as strict as a good provider.

use genkan::lab::{Person, RedirectUris};

use super::*;

#[tokio::test]
async fn an_error_before_client_and_address_are_certain_is_a_page() {
    let lab = start();

    for wrong in [("client_id", "stranger"), ("redirect_uri", "http://127.0.0.1:9/auth/lab/callback/"), ("redirect_uri", "")] {
        let response = open(authorization_url(&lab, &[wrong])).await;

        assert_eq!(response.status(), 400, "{wrong:?}");
        assert!(response.headers().get("location").is_none(), "{wrong:?}");
    }
}

#[tokio::test]
async fn any_other_error_goes_back_with_state_and_issuer() {
    let lab = start();
    let table = [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("nonce", "", "invalid_request"),
        ("response_mode", "form_post", "invalid_request"),
        ("request", "e30.e30.", "request_not_supported"),
        ("prompt", "none", "login_required"),
    ];

    for (name, value, error) in table {
        let back = query(&location(&open(authorization_url(&lab, &[(name, value)])).await));

        assert_eq!(back["error"], error, "{name}={value}");
        assert_eq!((back["state"].as_str(), &back["iss"]), ("state-1", &lab.issuer()), "{name}={value}");
    }
}

#[tokio::test]
async fn a_code_is_good_once_for_its_client_address_and_verifier() {
    let lab = start();
    let table = [
        ("client_secret", "wrong", 401, "invalid_client"),
        ("client_secret", "", 401, "invalid_client"),
        ("redirect_uri", "http://127.0.0.1:9/elsewhere", 400, "invalid_grant"),
        ("code_verifier", "wrong", 400, "invalid_grant"),
        ("code_verifier", "", 400, "invalid_request"),
        ("grant_type", "password", 400, "unsupported_grant_type"),
    ];

    for (name, value, status, error) in table {
        let code = code(&lab, "approve").await;
        let response = exchange_with(&lab, &[("code", &code), (name, value)]).await.expect("an answer");

        assert_eq!(response.status(), status, "{name}={value}");
        assert_eq!(response.json::<Value>().await.expect("JSON")["error"], error, "{name}={value}");
    }
}

#[tokio::test]
async fn a_code_used_twice_is_refused_counted_and_takes_its_token_along() {
    let lab = start();
    let code = code(&lab, "approve").await;

    let first: Value = exchange(&lab, &code).await.expect("an answer").json().await.expect("JSON");
    let second = exchange(&lab, &code).await.expect("an answer");

    assert_eq!(second.status(), 400);
    assert_eq!(lab.codes_sent()[&code], 2);
    let access_token = first["access_token"].as_str().expect("a token");
    assert_eq!(userinfo(&lab, access_token).await.expect("an answer").status(), 401);
}

#[tokio::test]
async fn a_code_dies_after_a_minute() {
    let lab = start();
    lab.set_clock(|| 1_000_000);
    let code = code(&lab, "approve").await;

    lab.set_clock(|| 1_000_061);

    assert_eq!(exchange(&lab, &code).await.expect("an answer").status(), 400);
}

#[tokio::test]
async fn basic_authentication_works_with_escaped_halves() {
    let lab = start();
    let code = code(&lab, "approve").await;
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];

    let request = http().post(format!("{}/token", lab.issuer())).basic_auth(CLIENT, Some("a+secret%3A+100%25%2B")).form(&form);

    assert_eq!(request.send().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn the_page_offers_people_and_cases_and_ends_as_chosen() {
    let lab = start();
    let response = http().get(authorization_url(&lab, &[])).header("accept-language", "ja-JP,en;q=0.5").send().await.expect("a page");
    let page = response.text().await.expect("text");
    assert!(page.contains("<html lang=\"ja\">"), "{page}");
    let request = page_request(&page);

    let form = [("request", request.as_str()), ("case", "approve"), ("sub", "x-1"), ("name", "Xaver"), ("email", "")];
    let response = http().post(format!("{}/consent", lab.issuer())).form(&form).send().await.expect("a redirect");

    let code = query(&location(&response)).remove("code").expect("a code");
    let answer: Value = exchange(&lab, &code).await.expect("an answer").json().await.expect("JSON");
    let profile = userinfo(&lab, answer["access_token"].as_str().expect("a token")).await.expect("an answer");
    assert_eq!(profile.json::<Value>().await.expect("JSON"), serde_json::json!({"sub": "x-1", "name": "Xaver"}));
}

#[tokio::test]
async fn every_case_has_its_button_on_the_page_and_its_line_on_the_first() {
    let lab = start();

    let page = open(authorization_url(&lab, &[])).await.text().await.expect("text");
    let first = open(Url::parse(&lab.issuer()).expect("an address")).await.text().await.expect("text");

    for case in genkan::lab::case::all() {
        assert!(page.contains(&format!("name=\"case\" value=\"{}\"", case.name)), "{} has no button", case.name);
        assert!(first.contains(&format!("<code>{}</code>", case.name)), "{} is not listed", case.name);
    }
    for person in Person::all() {
        assert!(page.contains(&format!("value=\"{}\"", person.key)) && first.contains(&format!("<code>{}</code>", person.key)));
    }
    assert!(page.len() < 150_000, "{} bytes", page.len());
}

#[tokio::test]
async fn a_script_decides_the_next_sign_in_and_only_that() {
    let lab = start();
    lab.script("cancel");
    lab.set_person(Person { name: Some("Yuki".to_owned()), ..Person::new("y-1") });
    lab.script("approve");

    let first = query(&location(&open(authorization_url(&lab, &[])).await));
    let second = query(&location(&open(authorization_url(&lab, &[])).await));
    let third = open(authorization_url(&lab, &[])).await;

    assert_eq!(first["error"], "access_denied");
    assert!(second.contains_key("code"));
    assert_eq!(third.status(), 200, "the page");
    assert_eq!(lab.requests("authorize"), 3);
}

#[tokio::test]
async fn a_request_may_come_as_a_form_to_any_address_where_that_is_allowed() {
    let lab = start_with(RedirectUris::Any);
    let mut url = authorization_url(&lab, &[("redirect_uri", "http://127.0.0.1:7/x?tenant=1"), ("lab_case", "approve")]);
    let body = url.query().expect("a query").to_owned();
    url.set_query(None);

    let request = http().post(url).header("content-type", "application/x-www-form-urlencoded").body(body);
    let back = location(&request.send().await.expect("an answer"));

    assert!(back.as_str().starts_with("http://127.0.0.1:7/x?tenant=1&code="), "{back}");
}

#[tokio::test]
async fn without_openid_it_is_plain_oauth_and_needs_no_nonce() {
    let lab = start();
    let url = authorization_url(&lab, &[("scope", "profile"), ("nonce", ""), ("lab_case", "approve"), ("lab_person", "no_email")]);

    let code = query(&location(&open(url).await)).remove("code").expect("a code");
    let answer: Value = exchange(&lab, &code).await.expect("an answer").json().await.expect("JSON");

    assert!(answer.get("id_token").is_none(), "{answer}");
    let profile = userinfo(&lab, answer["access_token"].as_str().expect("a token")).await.expect("an answer");
    assert_eq!(profile.json::<Value>().await.expect("JSON")["name"], "Dmitri Sokolov");
}

#[tokio::test]
async fn the_page_shows_the_link_that_another_browser_is_to_open() {
    let lab = start();
    let request = page_request(&open(authorization_url(&lab, &[])).await.text().await.expect("text"));

    let form = [("request", request.as_str()), ("case", "other_browser"), ("person", "ben")];
    let response = http().post(format!("{}/consent", lab.issuer())).form(&form).send().await.expect("a page");

    assert_eq!(response.status(), 200);
    assert!(response.text().await.expect("text").contains(&format!("{CALLBACK}?code=")));
}

#[tokio::test]
async fn a_choice_that_fits_nothing_is_refused() {
    let lab = start();
    let request = page_request(&open(authorization_url(&lab, &[])).await.text().await.expect("text"));
    let good = [("request", request.as_str()), ("case", "approve"), ("person", "ben")];

    for (name, _) in good {
        let form = good.map(|(field, value)| (field, if field == name { "nothing" } else { value }));
        let response = http().post(format!("{}/consent", lab.issuer())).form(&form).send().await.expect("a page");

        assert_eq!(response.status(), 400, "{name}");
    }
}

/// The id in the page's hidden field.
fn page_request(page: &str) -> String {
    let field = scraper::Selector::parse("input[name=request]").expect("a selector");
    let document = scraper::Html::parse_document(page);
    document.select(&field).next().and_then(|field| field.value().attr("value")).expect("the request's id").to_owned()
}
