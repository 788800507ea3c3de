//! `/.well-known/openid-configuration`, `/.well-known/oauth-authorization-server`, `/.well-known/jwks.json`
//!
//! The bytes are made once and kept: the description for good, for it follows from the
//! settings alone, the keys for a second.

use std::sync::{OnceLock, PoisonError, RwLock};

use actix_web::http::header::{self, ContentType, HeaderMap, HeaderValue};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::secret::hash_token;
use crate::store::StoreError;
use crate::web::cors;
use crate::web::error::PageError;
use crate::web::state::AppState;

/// How long others may keep it: half of the time for which a key is published before it signs.
const FIVE_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");
/// How long we keep the keys.
const KEYS_TTL: TimeDelta = TimeDelta::seconds(1);

/// What was made, to be given again.
#[derive(Default)]
pub struct Published {
    metadata: OnceLock<Document>,
    keys: RwLock<Option<(DateTime<Utc>, Document)>>,
}

/// A document as it is sent.
#[derive(Clone)]
struct Document {
    body: Bytes,
    tag: HeaderValue,
}

impl Document {
    fn new(document: &Value) -> Self {
        let body = document.to_string();
        let tag = format!("\"{}\"", &hash_token(&body)[..22]);
        Self { tag: HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\"")), body: body.into() }
    }

    /// Answers with the document, or with nothing to who has it already (RFC 9110 §13.1.2).
    fn answer(&self, given: &HeaderMap) -> HttpResponse {
        let is_known = given.get(header::IF_NONE_MATCH).is_some_and(|tags| {
            tags.to_str().is_ok_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/").as_bytes() == self.tag.as_bytes()))
        });
        let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer.insert_header((header::ETAG, self.tag.clone())).insert_header((header::CACHE_CONTROL, FIVE_MINUTES));
        let mut answer = if is_known { answer.finish() } else { answer.content_type(ContentType::json()).body(self.body.clone()) };
        cors::open(answer.headers_mut());
        answer
    }
}

/// Says what we can do.
pub async fn metadata(req: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    state.published.metadata.get_or_init(|| Document::new(&state.issuer.metadata())).answer(req.headers())
}

/// Gives our public keys.
///
/// # Errors
///
/// [`PageError::Store`] if there are none yet and none can be stored.
pub async fn keys(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, PageError> {
    Ok(current_keys(&state).await?.answer(req.headers()))
}

async fn current_keys(state: &AppState) -> Result<Document, StoreError> {
    let kept = state.published.keys.read().unwrap_or_else(PoisonError::into_inner).clone();
    let now = state.issuer.clock.now();
    if let Some((_, document)) = kept.filter(|(at, _)| *at <= now && now - *at < KEYS_TTL) {
        return Ok(document);
    }
    let document = Document::new(&state.issuer.jwks().await?);
    *state.published.keys.write().unwrap_or_else(PoisonError::into_inner) = Some((now, document.clone()));
    Ok(document)
}
