//! Whom the configuration of a provider lets in: a domain, an organisation, a tenant, a fresh sign-in there.

use serde_json::{Value, json};

use super::presets::{behave, merge, samples};
use super::support::browser::Page;
use super::support::idp::Reply;
use super::support::upstream::{NOW, Upstream};

const TENANT: &str = "11111111-2222-4333-8444-555555555555";
const OTHER: &str = "99999999-2222-4333-8444-555555555555";

/// Signs somebody in at a preset that is configured like this, with these claims; returns what they are told.
async fn sign_in(preset: &str, config: &Value, claims: &Value) -> (Page, Option<String>) {
    let upstream = Upstream::of(&[("idp".to_owned(), merge(json!({ "preset": preset }), config))], |_| {}).await;
    let issuer = config["issuer"].as_str().unwrap_or("{base}").replace("{base}", &upstream.base("idp"));
    upstream.publish("idp", &issuer);
    upstream.answer("idp", &format!("{TENANT}/v2.0/.well-known/openid-configuration"), Reply::json(&metadata(&upstream)));
    let browser = upstream.app.browser();
    let departed = upstream.leave(&browser, "idp").await;
    let mut sample = samples().remove(preset).expect("a sample");
    sample.claims =
        merge(sample.claims, &serde_json::from_str(&claims.to_string().replace("{base}", &upstream.base("idp"))).expect("JSON"));
    behave(&upstream, "idp", &sample, departed.nonce());
    let page = upstream.come_back(&browser, "idp", &departed.fill("code={code}&state={state}")).await;
    let cause = browser.follow(&page).await.flash().map(|flash| flash.cause);
    (page, cause)
}

/// What Microsoft publishes for one tenant.
fn metadata(upstream: &Upstream) -> String {
    let url = |endpoint: &str| format!("{}/{endpoint}", upstream.base("idp"));
    let issuer = url(&format!("{TENANT}/v2.0"));
    json!({ "issuer": issuer, "authorization_endpoint": url("authorize"), "token_endpoint": url("token"), "jwks_uri": url("jwks") })
        .to_string()
}

#[actix_web::test]
async fn only_people_of_the_domain_or_workspace_get_in() {
    let team = "https://slack.com/team_id";
    for (preset, config, claims, cause) in [
        ("google", json!({ "hosted_domain": "example.com" }), json!({ "hd": "example.com" }), None),
        ("google", json!({ "hosted_domain": "example.com" }), json!({ "hd": "other.example" }), Some("access_not_permitted")),
        ("google", json!({ "hosted_domain": "example.com" }), json!({}), Some("access_not_permitted")),
        ("slack", json!({ "organization": "T1" }), json!({ team: "T1" }), None),
        ("slack", json!({ "organization": "T1" }), json!({ team: "T2" }), Some("access_not_permitted")),
        ("auth0", json!({ "organization": "org_1" }), json!({ "org_id": "org_2" }), Some("access_not_permitted")),
    ] {
        let (page, found) = sign_in(preset, &config, &claims).await;

        assert_eq!(found.as_deref(), cause, "{preset} {claims}: {page:?}");
    }
}

#[actix_web::test]
async fn so_06_a_token_of_another_tenant_is_of_another_issuer() {
    let of = |tenant: &str| json!({ "iss": format!("{{base}}/{tenant}/v2.0"), "tid": tenant });
    let template = "{base}/{tenantid}/v2.0";
    for (tenant, claims, cause) in [
        (json!(TENANT), of(TENANT), None),
        (json!(TENANT), of(OTHER), Some("id_token_issuer_mismatch")),
        (Value::Null, of(OTHER), None),
        (Value::Null, json!({ "iss": format!("{{base}}/{OTHER}/v2.0") }), Some("id_token_malformed")),
        (Value::Null, json!({ "iss": format!("{{base}}/{OTHER}/v2.0"), "tid": TENANT }), Some("id_token_issuer_mismatch")),
        (Value::Null, json!({ "iss": "{base}/x/v2.0", "tid": "x" }), Some("id_token_malformed")),
    ] {
        let (page, found) = sign_in("microsoft", &json!({ "issuer": template, "tenant": tenant }), &claims).await;

        assert_eq!(found.as_deref(), cause, "{tenant} {claims}: {page:?}");
    }
}

#[actix_web::test]
async fn a_sign_in_there_may_be_asked_to_be_fresh() {
    for (claims, cause) in [
        (json!({ "auth_time": NOW - 300 }), None),
        (json!({ "auth_time": NOW - 700 }), Some("id_token_expired")),
        (json!({}), Some("id_token_malformed")),
    ] {
        let (page, found) = sign_in("oidc", &json!({ "max_age_secs": 600 }), &claims).await;

        assert_eq!(found.as_deref(), cause, "{claims}: {page:?}");
    }
}

#[actix_web::test]
async fn only_members_of_the_organisation_get_in() {
    let upstream = Upstream::of(&[("idp".to_owned(), json!({ "preset": "github", "organization": "staff" }))], |_| {}).await;
    behave(&upstream, "idp", &samples().remove("github").expect("a sample"), "");
    for (status, answer, cause) in [
        (200, r#"{"state":"active"}"#, None),
        (200, r#"{"state":"pending"}"#, Some("access_not_permitted")),
        (404, r#"{"message":"Not Found"}"#, Some("access_not_permitted")),
        (503, "", Some("profile_server_error")),
    ] {
        upstream.answer("idp", "userinfo/memberships/orgs/staff", Reply::typed(status, "application/json", answer));
        let browser = upstream.app.browser();
        let departed = upstream.leave(&browser, "idp").await;

        let page = upstream.come_back(&browser, "idp", &departed.fill("code={code}&state={state}")).await;

        assert_eq!(browser.follow(&page).await.flash().map(|flash| flash.cause).as_deref(), cause, "{answer:?}");
    }
}
