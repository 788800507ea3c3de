//! Who is signed in, as extractors for handlers.
//!
//! A token that is malformed, doubled, expired or of an ended session means
//! "signed out" and is taken away with the next page (security.md SE-09). A store
//! that does not answer never means "signed out".

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use futures_util::future::LocalBoxFuture;

use super::cookies::{self, Brought};
use super::error::PageError;
use super::state::AppState;
use crate::domain::return_to::ReturnTo;
use crate::signin::session::SignedIn as Who;

/// Marks a request whose token is good for nothing.
#[derive(Clone, Copy, Debug)]
pub struct StaleToken;

/// Whoever is signed in, if anybody is.
#[derive(Clone, Debug)]
pub struct MaybeSignedIn(pub Option<Arc<Who>>);

impl MaybeSignedIn {
    /// Reads and checks the token of a request.
    ///
    /// # Errors
    ///
    /// [`PageError::Store`] if the session cannot be looked up.
    pub async fn of(req: &HttpRequest) -> Result<Self, PageError> {
        let Some(state) = req.app_data::<web::Data<AppState>>() else {
            return Err(PageError::Internal("the state is missing"));
        };
        let who = match cookies::find(req.headers(), state.cookies.token) {
            Brought::Nothing => return Ok(Self(None)),
            Brought::One(token) => state.signin.authenticate(token).await?,
            Brought::Unusable => None,
        };
        if who.is_none() {
            req.extensions_mut().insert(StaleToken);
        }
        Ok(Self(who))
    }

    /// Returns the name to show.
    pub fn name(&self) -> Option<String> {
        self.0.as_ref().map(|who| who.user.name.clone())
    }

    /// Tells whether it is an operator.
    pub fn is_operator(&self) -> bool {
        self.0.as_ref().is_some_and(|who| who.user.is_operator)
    }
}

impl FromRequest for MaybeSignedIn {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { Self::of(&req).await })
    }
}

/// Whoever is signed in; nobody else gets further than here.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Arc<Who>);

impl FromRequest for SignedIn {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let who = MaybeSignedIn::of(&req).await?;
            who.0.map(Self).ok_or_else(|| PageError::SignedOut(way_back(&req)))
        })
    }
}

/// Returns the page to come back to; a form cannot be come back to.
fn way_back(req: &HttpRequest) -> Option<ReturnTo> {
    let path = if req.method().is_safe() { req.uri().path_and_query().map_or("/account", |both| both.as_str()) } else { "/account" };
    ReturnTo::parse(path)
}
