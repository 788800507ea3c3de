//! The providers on the account page, and `/account/links/{id}/remove`.
//!
//! Adding one begins at `/auth/{provider}`, with `purpose` `link`.

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};

use super::account::{PATH, done};
use super::signin;
use crate::account::ways::{UnlinkRefused, Way};
use crate::web::assets::{self, Mark};
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::page::Notice;
use crate::web::render::see_other;
use crate::web::signed_in::SignedIn;
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// A provider in the list.
#[derive(Clone, Debug)]
pub struct WayView {
    /// The provider's name in URLs.
    pub provider: String,
    /// Its display name.
    pub name: String,
    /// Its mark.
    pub mark: Mark,
    /// The link; none yet if it can be added.
    pub link: Option<LinkView>,
}

/// A linked identity.
#[derive(Clone, Debug)]
pub struct LinkView {
    /// Its id, for the button that removes it.
    pub id: String,
    /// When it was linked.
    pub since: DateTime<Utc>,
    /// Whether it may go: the last way in stays.
    pub is_removable: bool,
}

/// Removes a linked identity of the person who asks (security.md LK-06).
///
/// # Errors
///
/// [`PageError::NotFound`] if it is none of theirs, [`PageError::SignedOut`],
/// [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post_remove(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, PATH, cause);
    }
    let id = visit.segment("id").parse().map_err(|_| PageError::NotFound)?;
    match visit.signin().unlink(&who.0, id, &visit.visitor).await {
        Ok(()) => Ok(done(&visit, Notice::Unlinked)),
        Err(UnlinkRefused::NotFresh) => Ok(see_other(&signin::again(PATH))),
        Err(UnlinkRefused::NotFound) => Err(PageError::NotFound),
        Err(UnlinkRefused::LastWayIn(reported)) => Ok(flash::land(&visit, true, &reported)),
        Err(UnlinkRefused::Store(error)) => Err(error.into()),
    }
}

/// Lists every provider, linked or not, in the order of the buttons; then what is
/// linked although its provider is offered no more.
pub fn view(visit: &Visit, ways: Vec<Way>) -> Vec<WayView> {
    let link = |way: &Way| LinkView { id: way.identity.id.to_string(), since: way.identity.created_at, is_removable: way.is_removable };
    let mut views = Vec::new();
    for provider in visit.signin().providers.iter() {
        let links: Vec<_> = ways.iter().filter(|way| way.identity.provider == provider.id).map(link).collect();
        let view =
            |link| WayView { provider: provider.id.to_string(), name: provider.name.clone(), mark: assets::mark(&provider.mark), link };
        if links.is_empty() {
            views.push(view(None));
        }
        views.extend(links.into_iter().map(|link| view(Some(link))));
    }
    for way in ways {
        let id = way.identity.provider.as_str();
        if visit.signin().providers.find(id).is_none() {
            views.push(WayView { provider: id.to_owned(), name: id.to_owned(), mark: assets::mark(id), link: Some(link(&way)) });
        }
    }
    views
}
