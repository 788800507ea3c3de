//! Access tokens in requests, and the answers to those that open nothing (RFC 6750, RFC 9449 §7).

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use serde_json::json;

use super::dpop;
use super::error::PageError;
use super::state::AppState;
use super::visitor::RequestId;
use crate::domain::admission::Unfit;
use crate::issuer::bearer::{BearerFault, Presented};
use crate::issuer::dpop::ProofFault;
use crate::issuer::userinfo::ResourceFault;
use crate::ops;
use crate::store::StoreError;

/// What a request brought in its `Authorization` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought<'a> {
    /// No header.
    Nothing,
    /// A token.
    Token(Presented<'a>),
    /// A token of the scheme that needs a proof, without a proof that could be read.
    Unproven(ProofFault),
    /// Something else, or more than one.
    Unusable,
}

/// Finds the token of a request (RFC 6750 §2.1, RFC 9449 §7.1).
pub fn find(req: &HttpRequest) -> Brought<'_> {
    match credentials(req.headers()) {
        Ok(None) => Brought::Nothing,
        Ok(Some((Scheme::Bearer, token))) => Brought::Token(Presented::Bearer(token)),
        Ok(Some((Scheme::Dpop, token))) => match dpop::find(req) {
            Ok(Some(offered)) => Brought::Token(Presented::Dpop(token, offered)),
            Ok(None) => Brought::Unproven(ProofFault::Missing),
            Err(fault) => Brought::Unproven(fault),
        },
        Err(()) => Brought::Unusable,
    }
}

/// How a token is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Bearer,
    Dpop,
}

impl Scheme {
    /// Reads the scheme of a header's value; its case means nothing (RFC 9110 §11.1).
    fn of(value: &HeaderValue) -> Option<Self> {
        let scheme = value.as_bytes().split(|byte| *byte == b' ').next()?;
        let is = |name: &str| scheme.eq_ignore_ascii_case(name.as_bytes());
        if is("bearer") { Some(Self::Bearer) } else { is("dpop").then_some(Self::Dpop) }
    }
}

/// Reads the one `Authorization` header; an error for anything but one token in it.
fn credentials(headers: &HeaderMap) -> Result<Option<(Scheme, &str)>, ()> {
    let mut values = headers.get_all(header::AUTHORIZATION);
    let Some(value) = values.next() else { return Ok(None) };
    let token = value.to_str().ok().and_then(|text| text.split_once(' '));
    let (scheme, token) = Scheme::of(value).zip(token.map(|(_, token)| token.trim())).ok_or(())?;
    if values.next().is_none() && is_token(token) { Ok(Some((scheme, token))) } else { Err(()) }
}

/// Tells whether a request brought anything under a scheme of tokens. Other schemes may be
/// the business of an application behind a proxy.
pub fn is_offered(headers: &HeaderMap) -> bool {
    headers.get_all(header::AUTHORIZATION).any(|value| Scheme::of(value).is_some())
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

impl From<ProofFault> for Refusal {
    fn from(fault: ProofFault) -> Self {
        Self::Fault(BearerFault::Proof(fault).into())
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
            Self::Fault(ResourceFault::Elsewhere | ResourceFault::Nobody | ResourceFault::Bearer(BearerFault::Unknown)) => {
                (StatusCode::UNAUTHORIZED, "invalid_token", "invalid")
            }
            Self::Fault(ResourceFault::Bearer(BearerFault::Expired)) => (StatusCode::UNAUTHORIZED, "invalid_token", "expired"),
            Self::Fault(ResourceFault::Bearer(BearerFault::Revoked)) => (StatusCode::UNAUTHORIZED, "invalid_token", "revoked"),
            Self::Fault(ResourceFault::Bearer(
                BearerFault::Bound | BearerFault::Unbound | BearerFault::OtherKey | BearerFault::BehindProxy,
            )) => (StatusCode::UNAUTHORIZED, "invalid_token", "binding"),
            Self::Fault(ResourceFault::Bearer(BearerFault::Proof(fault))) => (StatusCode::UNAUTHORIZED, fault.code(), "proof"),
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
        let mut answer = HttpResponseBuilder::new(status);
        for challenge in self.challenges(req, error, &description) {
            answer.append_header((header::WWW_AUTHENTICATE, challenge));
        }
        Ok(answer.json(body))
    }

    /// Says what would help (RFC 6750 §3, RFC 9449 §7): nothing but the schemes to who brought
    /// nothing. Who came with a proof has chosen the scheme already.
    fn challenges(&self, req: &HttpRequest, error: &str, description: &str) -> Vec<HeaderValue> {
        let error = match self {
            Self::Missing => String::new(),
            Self::Fault(ResourceFault::Scope(scope)) => {
                format!(", error=\"{error}\", error_description=\"{description}\", scope=\"{scope}\"")
            }
            Self::Unfit(Unfit::TooOld, Some(most)) => {
                format!(", error=\"{error}\", error_description=\"{description}\", max_age=\"{}\"", most.as_secs())
            }
            _ => format!(", error=\"{error}\", error_description=\"{description}\""),
        };
        let is_behind_proxy = matches!(self, Self::Fault(ResourceFault::Bearer(BearerFault::BehindProxy)));
        let texts = match credentials(req.headers()) {
            Ok(Some((Scheme::Dpop, _))) if !is_behind_proxy => vec![dpop::challenge(&error)],
            _ => vec![format!("Bearer realm=\"genkan\"{error}"), dpop::challenge("")],
        };
        texts.iter().filter_map(|text| HeaderValue::from_str(text).ok()).collect()
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
            match credentials(&headers) {
                Ok(None) => "nothing".to_owned(),
                Ok(Some((scheme, token))) => format!("{scheme:?} {token}"),
                Err(()) => "unusable".to_owned(),
            }
        };

        assert_eq!(find_in(&[]), "nothing");
        assert_eq!(find_in(&["bearer  a.b-c~+/="]), "Bearer a.b-c~+/=");
        assert_eq!(find_in(&["dpop a.b"]), "Dpop a.b");
        for values in [
            &["Bearer "][..],
            &["Bearer"],
            &["Basic abc"],
            &["Bearer a b"],
            &["Bearer a,b"],
            &["Bearer a", "Bearer a"],
            &["Bearer a", "DPoP a"],
        ] {
            assert_eq!(find_in(values), "unusable", "{values:?}");
        }
    }
}
