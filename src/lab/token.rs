//! The token endpoint (RFC 6749 §4.1.3, RFC 7636 §4.6, OIDC Core §3.1.3).

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::LabClient;
use super::answer::deliver;
use super::case::Strike;
use super::form::Form;
use super::id_token;
use super::state::{AccessToken, CODE_SECS, Grant, Shared, TOKEN_SECS};

/// Why an exchange is refused: status, error code and description (RFC 6749 §5.2).
struct Refusal(u16, &'static str, &'static str);

/// Exchanges a code, or does what its case says. A code is spent as soon as it is found good.
pub(super) async fn post(request: HttpRequest, shared: web::Data<Shared>, body: web::Bytes) -> HttpResponse {
    let exchanged = read(&request, &body).and_then(|form| {
        count_code(&shared, &form);
        let client = authenticate(&shared, &request, &form)?;
        let code = form.get("code").ok_or(Refusal(400, "invalid_request", "code is missing"))?;
        Ok((code.to_owned(), spend(&shared, client, code, &form)?))
    });
    match exchanged {
        Ok((code, grant)) => match &grant.case.strike {
            Strike::Token(answer) => {
                let stall = shared.lock().stall;
                deliver(answer.clone(), &request, stall).await
            }
            strike => {
                let is_form = matches!(strike, Strike::FormTokens) || wants_form(&request, &grant);
                let answer = issue(&shared, code, &grant);
                if is_form { as_form(&answer) } else { HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(answer) }
            }
        },
        Err(refusal) => refuse(&refusal),
    }
}

/// Reads the form and insists on its content type and grant.
fn read(request: &HttpRequest, body: &[u8]) -> Result<Form, Refusal> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.starts_with("application/x-www-form-urlencoded") {
        return Err(Refusal(400, "invalid_request", "the body must be a form"));
    }
    let form = Form::read(body).map_err(|_| Refusal(400, "invalid_request", "a parameter came twice"))?;
    match form.get("grant_type") {
        Some("authorization_code") => Ok(form),
        Some(_) => Err(Refusal(400, "unsupported_grant_type", "only authorization_code is supported")),
        None => Err(Refusal(400, "invalid_request", "grant_type is missing")),
    }
}

/// Counts before anything is checked, so that a test sees every time a code was sent.
fn count_code(shared: &Shared, form: &Form) {
    if let Some(code) = form.owned("code") {
        *shared.lock().codes_sent.entry(code).or_default() += 1;
    }
}

/// Accepts one of `client_secret_basic` and `client_secret_post` (RFC 6749 §2.3.1), not both.
fn authenticate<'a>(shared: &'a Shared, request: &HttpRequest, form: &Form) -> Result<&'a LabClient, Refusal> {
    let basic = request.headers().get(header::AUTHORIZATION).and_then(|value| basic_credentials(value.to_str().ok()?));
    if basic.is_some() && form.get("client_secret").is_some() {
        return Err(Refusal(400, "invalid_request", "two ways of client authentication at once"));
    }
    let (id, secret) = basic.or_else(|| Some((form.owned("client_id")?, form.owned("client_secret")?))).ok_or(Refusal(
        401,
        "invalid_client",
        "no client authentication",
    ))?;
    let client = shared.client(&id).filter(|client| client.client_secret == secret);
    client.ok_or(Refusal(401, "invalid_client", "unknown client, or wrong secret"))
}

/// Reads `Basic`; both halves are form-encoded before they are joined (RFC 6749 §2.3.1).
fn basic_credentials(header: &str) -> Option<(String, String)> {
    let decoded = String::from_utf8(STANDARD.decode(header.strip_prefix("Basic ")?).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((unescape(id), unescape(secret)))
}

/// Undoes form encoding.
fn unescape(value: &str) -> String {
    url::form_urlencoded::parse(format!("v={value}").as_bytes()).map(|(_, value)| value.into_owned()).next().unwrap_or_default()
}

/// Checks a code and takes it out of use (RFC 6749 §4.1.2: once, by this client, from this address).
fn spend(shared: &Shared, client: &LabClient, code: &str, form: &Form) -> Result<Grant, Refusal> {
    let now = shared.now();
    let mut memory = shared.lock();
    let grant = memory.grants.get_mut(code).ok_or(Refusal(400, "invalid_grant", "the code is not known"))?;
    if grant.is_spent {
        memory.tokens.retain(|token| token.code != code);
        return Err(Refusal(400, "invalid_grant", "the code has been used already"));
    }
    if grant.authorization.client_id != client.client_id {
        return Err(Refusal(400, "invalid_grant", "the code was given to another client"));
    }
    grant.is_spent = true;
    if now - grant.issued_at > CODE_SECS {
        return Err(Refusal(400, "invalid_grant", "the code has expired"));
    }
    if form.get("redirect_uri") != Some(&grant.authorization.redirect_uri) {
        return Err(Refusal(400, "invalid_grant", "redirect_uri is not the one of the authorization request"));
    }
    let verifier = form.get("code_verifier").ok_or(Refusal(400, "invalid_request", "code_verifier is missing"))?;
    if URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) != grant.authorization.code_challenge {
        return Err(Refusal(400, "invalid_grant", "code_verifier does not fit code_challenge"));
    }
    Ok(grant.clone())
}

/// Answers with the tokens; an ID Token only where `openid` was asked for.
fn issue(shared: &Shared, code: String, grant: &Grant) -> Map<String, Value> {
    let now = shared.now();
    let access_token = {
        let mut memory = shared.lock();
        memory.tokens.retain(|token| now - token.issued_at <= TOKEN_SECS);
        memory.tokens.insert(AccessToken { code, grant: grant.clone(), issued_at: now })
    };
    let mut answer = Map::from_iter([
        ("access_token".to_owned(), json!(access_token)),
        ("token_type".to_owned(), json!("Bearer")),
        ("expires_in".to_owned(), json!(TOKEN_SECS)),
        ("scope".to_owned(), json!(grant.authorization.scope)),
    ]);
    if let Some(id_token) = grant.authorization.has_openid().then(|| id_token::make(shared, grant, &access_token)).flatten() {
        answer.insert("id_token".to_owned(), json!(id_token));
    }
    answer
}

/// Whether the client gets the dialect that GitHub speaks to whoever does not ask for JSON; only for plain OAuth 2.0.
fn wants_form(request: &HttpRequest, grant: &Grant) -> bool {
    let accepted = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !grant.authorization.has_openid() && !accepted.contains("json")
}

/// Writes the tokens as a form.
fn as_form(answer: &Map<String, Value>) -> HttpResponse {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in answer {
        form.append_pair(name, &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store")).content_type("application/x-www-form-urlencoded; charset=utf-8");
    response.body(form.finish())
}

fn refuse(Refusal(status, error, description): &Refusal) -> HttpResponse {
    log::debug!(target: "genkan::lab", error = *error, description = *description; "the exchange is refused");
    let mut response = HttpResponse::build(StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_REQUEST));
    if *status == 401 {
        response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"lab\""));
    }
    response.insert_header((header::CACHE_CONTROL, "no-store")).json(json!({ "error": error, "error_description": description }))
}
