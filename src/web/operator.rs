//! Operators, as an extractor for their pages (security.md LG-09, SE-06).
//!
//! Whoever is signed out goes to the sign-in page and comes back; whoever is signed
//! in and no operator is told that there is no such page; an operator whose sign-in is
//! not fresh signs in once more.

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;

use super::error::PageError;
use super::signed_in::MaybeSignedIn;
use super::state::AppState;
use crate::domain::return_to::ReturnTo;
use crate::signin::session::SignedIn;

/// The first of the operators' pages.
pub const OPS: &str = "/ops";

/// An operator who has signed in just now; nobody else gets further than here.
#[derive(Clone, Debug)]
pub struct Operator(pub Arc<SignedIn>);

impl Operator {
    /// Returns the same as whoever is signed in, for the frame of a page.
    pub fn signed_in(&self) -> MaybeSignedIn {
        MaybeSignedIn(Some(self.0.clone()))
    }

    async fn of(req: &HttpRequest) -> Result<Self, PageError> {
        let Some(state) = req.app_data::<web::Data<AppState>>() else {
            return Err(PageError::Internal("the state is missing"));
        };
        let Some(who) = MaybeSignedIn::of(req).await?.0 else {
            return Err(PageError::SignedOut(way_back(req)));
        };
        if !who.user.is_operator {
            return Err(PageError::NotFound);
        }
        if !state.signin.is_fresh(&who) {
            return Err(PageError::NotFresh(way_back(req)));
        }
        Ok(Self(who))
    }
}

impl FromRequest for Operator {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { Self::of(&req).await })
    }
}

/// Returns the page to come back to; a form cannot be come back to.
fn way_back(req: &HttpRequest) -> Option<ReturnTo> {
    let path = if req.method().is_safe() { req.uri().path_and_query().map_or(OPS, |both| both.as_str()) } else { OPS };
    ReturnTo::parse(path).or_else(|| ReturnTo::parse(OPS))
}
