//! Access tokens in requests, and the answers to those that open nothing (RFC 6750).

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use serde_json::json;

use super::error::PageError;
use super::state::AppState;
use super::visitor::RequestId;
use crate::domain::admission::Unfit;
use crate::issuer::bearer::BearerFault;
use crate::issuer::userinfo::ResourceFault;
use crate::ops;
use crate::store::StoreError;

/// What a request brought in its `Authorization` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought<'a> {
    /// No header.
    Nothing,
    /// A token.
    Token(&'a str),
    /// Something else, or more than one.
    Unusable,
}

/// Finds the token of a request (RFC 6750 §2.1).
pub fn find(headers: &HeaderMap) -> Brought<'_> {
    let mut values = headers.get_all(header::AUTHORIZATION);
    let Some(value) = values.next() else { return Brought::Nothing };
    let token = value.to_str().ok().and_then(|text| text.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    match (token, values.next()) {
        (Some((_, token)), None) if is_token(token.trim()) => Brought::Token(token.trim()),
        _ => Brought::Unusable,
    }
}

/// Tells whether a request brought anything under the scheme of tokens. Other schemes may be
/// the business of an application behind a proxy.
pub fn is_offered(headers: &HeaderMap) -> bool {
    let scheme = |value: &HeaderValue| value.as_bytes().split(|byte| *byte == b' ').next().map(<[u8]>::to_ascii_lowercase);
    headers.get_all(header::AUTHORIZATION).any(|value| scheme(value).as_deref() == Some(b"bearer"))
}

/// Tells what can be a token (RFC 6750 §2.1, `b64token`).
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte))
}

/// Why a request with a token, or that needs one, gets nothing.
#[derive(Debug)]
pub enum Refusal {
    /// It brought none.
    Missing,
    /// It brought one in a way that is none, or in two ways (RFC 6750 §3.1, `invalid_request`).
    Malformed(&'static str),
    /// The token opens nothing here.
    Fault(ResourceFault),
    /// Whoever gave it is not what is wanted; holds how many seconds ago they may have signed in at most.
    Unfit(Unfit, Option<Duration>),
    /// It names nobody, and somebody is wanted.
    NoPerson,
}

impl From<ResourceFault> for Refusal {
    fn from(fault: ResourceFault) -> Self {
        Self::Fault(fault)
    }
}

impl Refusal {
    /// Returns status, the word of the standard, and the reason for log and counter.
    fn describe(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Missing => (StatusCode::UNAUTHORIZED, "missing_authorization", "missing"),
            Self::Malformed(_) => (StatusCode::BAD_REQUEST, "invalid_request", "malformed"),
            // RFC 9470 §3.
            Self::Unfit(Unfit::TooOld, _) => (StatusCode::UNAUTHORIZED, "insufficient_user_authentication", Unfit::TooOld.as_str()),
            Self::Unfit(unfit, _) => (StatusCode::FORBIDDEN, "access_denied", unfit.as_str()),
            Self::NoPerson => (StatusCode::FORBIDDEN, "access_denied", "no_person"),
            Self::Fault(ResourceFault::Scope(_)) => (StatusCode::FORBIDDEN, "insufficient_scope", "scope"),
            Self::Fault(ResourceFault::Bearer(BearerFault::Unknown)) => (StatusCode::UNAUTHORIZED, "invalid_token", "invalid"),
            Self::Fault(ResourceFault::Bearer(BearerFault::Expired)) => (StatusCode::UNAUTHORIZED, "invalid_token", "expired"),
            Self::Fault(ResourceFault::Bearer(BearerFault::Revoked)) => (StatusCode::UNAUTHORIZED, "invalid_token", "revoked"),
            Self::Fault(ResourceFault::Bearer(BearerFault::Store(_))) => (StatusCode::SERVICE_UNAVAILABLE, "server_error", "store"),
        }
    }

    /// Returns why, as log, counter and proxies are told.
    pub fn reason(&self) -> &'static str {
        self.describe().2
    }

    fn description(&self) -> String {
        match self {
            Self::Missing => "a token, or somebody signed in, is needed here".to_owned(),
            Self::Malformed(rule) => (*rule).to_owned(),
            Self::Unfit(Unfit::TooOld, _) => "the sign-in behind the token is too old".to_owned(),
            Self::Unfit(..) => "whoever gave the token may not come in here".to_owned(),
            Self::NoPerson => "the token names nobody, and somebody is wanted here".to_owned(),
            Self::Fault(fault) => fault.to_string(),
        }
    }

    /// Answers, logs and counts it.
    ///
    /// # Errors
    ///
    /// [`PageError::Store`] if nobody can say: that is answered as everywhere.
    pub fn answer(self, req: &HttpRequest) -> Result<HttpResponse, PageError> {
        if let Self::Fault(ResourceFault::Bearer(BearerFault::Store(error))) = self {
            return Err(PageError::Store(error));
        }
        let (status, error, reason) = self.describe();
        if !matches!(self, Self::Missing) {
            log::info!(target: "genkan::issuer", event = "bearer_refused", reason = reason, request = RequestId::of(req).0; "bearer refused");
            ops::metrics::record_bearer_refusal(reason);
            if let Some(state) = req.app_data::<web::Data<AppState>>() {
                state.signin.watch.token_refused();
            }
        }
        let description = self.description();
        let body = json!({ "error": error, "error_description": description });
        Ok(HttpResponseBuilder::new(status).insert_header((header::WWW_AUTHENTICATE, self.challenge(error, &description))).json(body))
    }

    /// Says what would help (RFC 6750 §3): nothing but the scheme to who brought nothing.
    fn challenge(&self, error: &str, description: &str) -> HeaderValue {
        let text = match self {
            Self::Missing => "Bearer realm=\"genkan\"".to_owned(),
            Self::Fault(ResourceFault::Scope(scope)) => {
                format!("Bearer realm=\"genkan\", error=\"{error}\", error_description=\"{description}\", scope=\"{scope}\"")
            }
            Self::Unfit(Unfit::TooOld, Some(most)) => {
                let most = most.as_secs();
                format!("Bearer realm=\"genkan\", error=\"{error}\", error_description=\"{description}\", max_age=\"{most}\"")
            }
            _ => format!("Bearer realm=\"genkan\", error=\"{error}\", error_description=\"{description}\""),
        };
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("Bearer"))
    }
}

impl From<BearerFault> for Refusal {
    fn from(fault: BearerFault) -> Self {
        Self::Fault(fault.into())
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(BearerFault::Store(error).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tk_15_one_token_in_one_header_is_read() {
        let find_in = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
            }
            match find(&headers) {
                Brought::Nothing => "nothing".to_owned(),
                Brought::Token(token) => token.to_owned(),
                Brought::Unusable => "unusable".to_owned(),
            }
        };

        assert_eq!(find_in(&[]), "nothing");
        assert_eq!(find_in(&["bearer  a.b-c~+/="]), "a.b-c~+/=");
        for values in [&["Bearer "][..], &["Bearer"], &["Basic abc"], &["Bearer a b"], &["Bearer a,b"], &["Bearer a", "Bearer a"]] {
            assert_eq!(find_in(values), "unusable", "{values:?}");
        }
    }
}
