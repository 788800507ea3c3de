//! The authorization request (RFC 6749 §4.1.1, OIDC Core §3.1.2) and the way back from it.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::case::{self, Case, Strike};
use super::form::{Form, escape};
use super::keys::random_token;
use super::language::Language;
use super::people::Person;
use super::state::{CODE_SECS, Grant, MetadataStrike, STRIKE_SECS, Shared};
use super::{RedirectUris, consent, pages};

/// An authorization request that passed every check.
#[derive(Clone, Debug)]
pub(super) struct Authorization {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) scope: String,
    /// The S256 challenge (RFC 7636 §4.2).
    pub(super) code_challenge: String,
}

impl Authorization {
    /// Whether it is OpenID Connect (OIDC Core §3.1.2.1) and not plain OAuth 2.0.
    pub(super) fn has_openid(&self) -> bool {
        self.scope.split(' ').any(|scope| scope == "openid")
    }
}

/// Why a request did not pass.
pub(super) enum Refusal {
    /// Where to send the person is not certain, so only a page can tell (RFC 6749 §4.1.2.1).
    Page(&'static str),
    /// The client is told by a redirect to this address.
    Redirect(String),
}

/// Answers a request that came as a link.
pub(super) async fn get(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    answer(&request, &shared, request.query_string().as_bytes())
}

/// Answers a request that came as a form (OIDC Core §3.1.2.1).
pub(super) async fn post(request: HttpRequest, shared: web::Data<Shared>, body: web::Bytes) -> HttpResponse {
    answer(&request, &shared, &body)
}

fn answer(request: &HttpRequest, shared: &Shared, raw: &[u8]) -> HttpResponse {
    let accepted = accept_language(request);
    let Ok(form) = Form::read(raw) else {
        return pages::refused(Language::choose(&Form::default(), accepted), "a parameter came twice");
    };
    let language = Language::choose(&form, accepted);
    let authorization = match check(shared, &form) {
        Ok(authorization) => authorization,
        Err(Refusal::Page(reason)) => return pages::refused(language, reason),
        Err(Refusal::Redirect(url)) => return redirect(&url),
    };
    match choice(shared, &form) {
        Ok(Some((case, person))) => redirect(&conclude(shared, authorization, case, person)),
        Ok(None) => consent::show(shared, &authorization, language),
        Err(Refusal::Page(reason)) => pages::refused(language, reason),
        Err(Refusal::Redirect(url)) => redirect(&url),
    }
}

/// Returns the header that says which languages the person reads.
pub(super) fn accept_language(request: &HttpRequest) -> Option<&str> {
    request.headers().get(header::ACCEPT_LANGUAGE)?.to_str().ok()
}

/// Checks client and redirect address first: an error before that may only become a page.
fn check(shared: &Shared, form: &Form) -> Result<Authorization, Refusal> {
    let client = form.get("client_id").and_then(|id| shared.client(id)).ok_or(Refusal::Page("client_id is missing or not registered"))?;
    let redirect_uri = form.get("redirect_uri").ok_or(Refusal::Page("redirect_uri is missing"))?;
    let is_registered = match &client.redirect_uris {
        RedirectUris::Exact(uris) => uris.iter().any(|uri| uri == redirect_uri),
        RedirectUris::Any => url::Url::parse(redirect_uri).is_ok(),
    };
    if !is_registered {
        return Err(Refusal::Page("redirect_uri is not registered for this client"));
    }
    let state = form.get("state");
    check_rest(form).map_err(|(error, description)| {
        let state = state.map(|state| format!("&state={}", escape(state))).unwrap_or_default();
        let query = format!("error={error}&error_description={}{state}&iss={}", escape(description), escape(&shared.issuer));
        Refusal::Redirect(with_query(redirect_uri, &query))
    })?;
    Ok(Authorization {
        client_id: client.client_id.clone(),
        redirect_uri: redirect_uri.to_owned(),
        state: state.map(str::to_owned),
        nonce: form.owned("nonce"),
        scope: form.owned("scope").unwrap_or_default(),
        code_challenge: form.owned("code_challenge").unwrap_or_default(),
    })
}

/// Checks what the client can be told about: the error code and its description.
///
/// The lab is strict where a careful client has no excuse: PKCE and nonce are required (RFC 9700 §2.1.1).
fn check_rest(form: &Form) -> Result<(), (&'static str, &'static str)> {
    let has_scope = |wanted: &str| form.get("scope").is_some_and(|scope| scope.split(' ').any(|scope| scope == wanted));
    let challenge = form.get("code_challenge").unwrap_or_default();
    let is_s256 = form.get("code_challenge_method") == Some("S256");
    match form.get("response_type") {
        None => Err(("invalid_request", "response_type is missing")),
        Some(other) if other != "code" => Err(("unsupported_response_type", "only code is supported")),
        Some(_) if form.get("request").is_some() => Err(("request_not_supported", "request objects are not supported")),
        Some(_) if form.get("request_uri").is_some() => Err(("request_uri_not_supported", "request objects are not supported")),
        Some(_) if form.get("response_mode").is_some_and(|mode| mode != "query") => {
            Err(("invalid_request", "only response_mode query is supported"))
        }
        Some(_) if !is_s256 => Err(("invalid_request", "code_challenge_method must be S256")),
        Some(_) if !is_code_challenge(challenge) => Err(("invalid_request", "code_challenge must be the base64url of a SHA-256")),
        Some(_) if has_scope("openid") && form.get("nonce").is_none() => Err(("invalid_request", "nonce is missing")),
        Some(_) if form.get("prompt") == Some("none") => Err(("login_required", "the lab keeps nobody signed in")),
        Some(_) => Ok(()),
    }
}

/// Whether a challenge can be the base64url of 32 bytes (RFC 7636 §4.2).
fn is_code_challenge(challenge: &str) -> bool {
    challenge.len() == 43 && challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Returns the case and person that the request or the script names, if either does.
fn choice(shared: &Shared, form: &Form) -> Result<Option<(&'static Case, Person)>, Refusal> {
    let case = match form.get("lab_case") {
        Some(name) => Some(case::find(name).ok_or(Refusal::Page("lab_case names no case"))?),
        None => shared.lock().script.pop_front(),
    };
    let person = Person::from_form(form, "lab_");
    if person.is_none() && form.get("lab_person").is_some() {
        return Err(Refusal::Page("lab_person names nobody"));
    }
    Ok(case.map(|case| (case, person.unwrap_or_else(|| shared.lock().person.clone()))))
}

/// Makes what the case needs and returns the address that the browser comes back to.
pub(super) fn conclude(shared: &Shared, authorization: Authorization, case: &'static Case, person: Person) -> String {
    log::trace!(target: "genkan::lab", case = case.name; "an authorization ends");
    let template = match case.strike {
        Strike::Callback(template) => template,
        _ => case::APPROVAL,
    };
    strike_metadata(shared, &case.strike);
    let redirect_uri = authorization.redirect_uri.clone();
    let mut parts = Vec::new();
    for part in template.split('&').filter(|part| !part.is_empty()) {
        if part.contains("{state}") && authorization.state.is_none() {
            continue;
        }
        parts.push(fill(part, shared, &authorization));
    }
    let query = parts.join("&");
    if !query.contains("{code}") {
        return with_query(&redirect_uri, &query);
    }
    let now = shared.now();
    let grant = Grant { authorization, person, case, issued_at: now, is_spent: matches!(case.strike, Strike::SpentCode) };
    let mut memory = shared.lock();
    // Long past its end a code is kept a little, so that a late exchange is told from an unknown one.
    memory.grants.retain(|grant| now - grant.issued_at <= 10 * CODE_SECS);
    let code = memory.grants.insert(grant);
    with_query(&redirect_uri, &query.replace("{code}", &code))
}

/// Fills in everything but the code.
fn fill(part: &str, shared: &Shared, authorization: &Authorization) -> String {
    part.replace("{state}", &escape(authorization.state.as_deref().unwrap_or_default()))
        .replace("{first_half_of_state}", &escape(first_half(authorization.state.as_deref().unwrap_or_default())))
        .replace("{other_state}", &random_token(16))
        .replace("{state_not_ours}", &random_token(16))
        .replace("{foreign_state}", &random_token(16))
        .replace("{other_code}", &random_token(32))
        .replace("{unusable_code}", &random_token(32))
        .replace("{request_token}", &random_token(16))
        .replace("{id_token}", "eyJhbGciOiJub25lIn0.e30.x")
        .replace("{number}", "10301")
        .replace("{iss}", &escape(&shared.issuer))
}

fn first_half(text: &str) -> &str {
    text.get(..text.len() / 2).unwrap_or_default()
}

/// Lets discovery or keys fail for a while if the case says so, and mends what the case before it broke.
fn strike_metadata(shared: &Shared, strike: &Strike) {
    let strike = match strike {
        Strike::Metadata(endpoint, answer) => {
            let (answer, ends_at) = (answer.clone().at(&shared.issuer), shared.now() + STRIKE_SECS);
            Some(MetadataStrike { endpoint: *endpoint, answer, ends_at })
        }
        _ => None,
    };
    shared.lock().strike = strike;
}

/// Adds a query to an address that may have one (RFC 6749 §3.1.2).
fn with_query(url: &str, query: &str) -> String {
    match query {
        "" => url.to_owned(),
        _ if url.contains('?') => format!("{url}&{query}"),
        _ => format!("{url}?{query}"),
    }
}

/// Sends the browser on; 303 also turns the page's POST into a GET.
pub(super) fn redirect(url: &str) -> HttpResponse {
    HttpResponse::build(StatusCode::SEE_OTHER)
        .insert_header((header::LOCATION, url))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}
