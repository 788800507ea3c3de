//! The profile of plain OAuth 2.0, in the shape that GitHub has made common.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::case::Strike;
use super::people::Person;
use super::state::Shared;
use super::userinfo;

/// Answers who the person is, or what the case says: a numeric `id`, a `login`, and an `email` that may be null.
///
/// A token of OpenID Connect gets its claims here as well, so that one address serves either kind of client.
pub(super) async fn user(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let token = match userinfo::authorize(&request, &shared) {
        Ok(token) => token,
        Err(refusal) => return refusal,
    };
    if token.grant.authorization.has_openid() {
        return userinfo::answer(request, shared).await;
    }
    if let Some(answer) = userinfo::scripted(&token, &request, &shared).await {
        return answer;
    }
    let person = &token.grant.person;
    let mut profile = json!({ "id": id(person), "login": login(person), "name": person.name, "email": person.email, "type": "User" });
    if person.email.is_some() {
        profile["email_verified"] = json!(person.email_verified);
    }
    if let Strike::ProfileWithout(hidden) = &token.grant.case.strike {
        hidden.iter().for_each(|name| profile[*name] = Value::Null);
    }
    send(profile)
}

/// Answers every address with its standing; a list, which is empty where there is none.
pub(super) async fn emails(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let token = match userinfo::authorize(&request, &shared) {
        Ok(token) => token,
        Err(refusal) => return refusal,
    };
    let person = &token.grant.person;
    let hidden = matches!(&token.grant.case.strike, Strike::ProfileWithout(hidden) if hidden.contains(&"email"));
    let addresses = person.email.iter().filter(|_| !hidden);
    send(addresses.map(|email| json!({ "email": email, "primary": true, "verified": person.email_verified, "visibility": null })).collect())
}

fn send(profile: Value) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(profile)
}

/// Returns a number of 48 bits, which no JSON parser rounds (RFC 8259 §6); the same for the same subject.
fn id(person: &Person) -> u64 {
    let hash = digest(&SHA256, person.sub.as_bytes());
    hash.as_ref().iter().take(6).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn login(person: &Person) -> String {
    let name = if person.key.is_empty() { &person.sub } else { &person.key };
    name.replace('_', "-")
}
