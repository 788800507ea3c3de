//! `/ops`: what operators see and do, one file per page (security.md LG-09).
//!
//! Every handler takes an [`Operator`], so nobody else gets to a page; whatever changes
//! something posts a form with a token and goes through [`crate::ops::desk`].

pub mod audit;
pub mod export;
pub mod failures;
pub mod filter;
pub mod inbox;
pub mod overview;
pub mod provider;
pub mod providers;
pub mod rules;
pub mod sessions;
pub mod story;
pub mod user;
pub mod users;
pub mod words;

#[cfg(test)]
pub(super) mod samples;

use actix_web::HttpResponse;

use crate::ops::desk::{ActRefused, Desk};
use crate::web::error::PageError;
use crate::web::operator::{OPS, Operator};
use crate::web::page::Notice;
use crate::web::render::{see_other, with_parameter};
use crate::web::text::TextKey;
use crate::web::visit::Visit;

/// How many rows a page of a list has.
pub const PAGE_ROWS: usize = 50;

/// A group of pages, as in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// How it goes just now.
    Overview,
    /// What was recorded.
    Failures,
    /// What nobody has understood yet.
    Inbox,
    /// How each provider does.
    Providers,
    /// What operators have decided.
    Rules,
    /// How people are signed in and out.
    Users,
    /// Where people are signed in.
    Sessions,
    /// What operators did.
    Audit,
}

impl Section {
    /// Every section, in the order of the navigation.
    pub const ALL: [Self; 8] =
        [Self::Overview, Self::Failures, Self::Inbox, Self::Providers, Self::Rules, Self::Users, Self::Sessions, Self::Audit];

    /// Returns the address of its first page.
    pub fn path(self) -> &'static str {
        match self {
            Self::Overview => OPS,
            Self::Failures => "/ops/failures",
            Self::Inbox => "/ops/inbox",
            Self::Providers => "/ops/providers",
            Self::Rules => "/ops/rules",
            Self::Users => "/ops/users",
            Self::Sessions => "/ops/sessions",
            Self::Audit => "/ops/audit",
        }
    }

    /// Returns its name.
    pub fn key(self) -> TextKey {
        match self {
            Self::Overview => "ops-overview-title",
            Self::Failures => "ops-failures-title",
            Self::Inbox => "ops-inbox-title",
            Self::Providers => "ops-providers-title",
            Self::Rules => "ops-rules-title",
            Self::Users => "ops-users-title",
            Self::Sessions => "ops-sessions-title",
            Self::Audit => "ops-audit-title",
        }
    }
}

/// One page of a list, and how to get to the next.
#[derive(Clone, Debug)]
pub struct Rows<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The address of the next page, if there is one.
    pub next: Option<String>,
}

impl<T> Rows<T> {
    /// Cuts what was asked for with one row too many; `key` names the row after which to go on.
    pub fn cut(mut rows: Vec<T>, path: &str, key: impl Fn(&T) -> String) -> Self {
        let is_more = rows.len() > PAGE_ROWS;
        rows.truncate(PAGE_ROWS);
        let next = rows.last().filter(|_| is_more).map(|last| with_parameter(path, "before", &key(last)));
        Self { rows, next }
    }

    /// Replaces every row by what is made of it.
    pub fn map<U>(self, view: impl FnMut(T) -> U) -> Rows<U> {
        Rows { rows: self.rows.into_iter().map(view).collect(), next: self.next }
    }
}

/// Returns how many rows to ask for: one more than are shown tells whether there is another page.
pub fn row_limit() -> i64 {
    i64::try_from(PAGE_ROWS + 1).unwrap_or(i64::MAX)
}

/// Seats the operator who sent a request.
pub fn desk<'a>(visit: &'a Visit, operator: &'a Operator) -> Desk<'a> {
    Desk::of(visit.signin(), &operator.0, &visit.visitor)
}

/// Reads a parameter that names a row; what cannot be read is no row.
///
/// # Errors
///
/// [`PageError::BadRequest`].
pub fn key_of<T: std::str::FromStr>(visit: &Visit, name: &str) -> Result<Option<T>, PageError> {
    let read = |text: String| text.parse().map_err(|_| PageError::BadRequest("this is not a row"));
    visit.query(name).filter(|text| !text.is_empty()).map(read).transpose()
}

/// Says that an act was done, on the page it leads back to.
pub fn done(visit: &Visit, path: &str) -> HttpResponse {
    visit.session.set_notice(Notice::Acted);
    see_other(path)
}

/// Says why an act was not done.
pub fn refused(refused: ActRefused) -> PageError {
    match refused {
        ActRefused::NotFound => PageError::NotFound,
        ActRefused::OneSelf => PageError::BadRequest("operators cannot shut themselves out"),
        ActRefused::Store(error) => error.into(),
    }
}
