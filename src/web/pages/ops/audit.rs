//! `/ops/audit`: what operators did.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::{Rows, Section, key_of, row_limit};
use crate::domain::audit::Act;
use crate::store::audit::NamedEntry;
use crate::web::error::PageError;
use crate::web::operator::Operator;
use crate::web::page::Page;
use crate::web::text::TextKey;
use crate::web::visit::Visit;

/// The list, the newest first.
#[derive(Clone, Debug, Template)]
#[template(path = "ops/audit.html")]
pub struct AuditPage {
    /// The frame.
    pub page: Page,
    /// Where in the navigation it is.
    pub section: Section,
    /// What was done.
    pub entries: Rows<NamedEntry>,
}

impl AuditPage {
    /// Returns what was done in words; the word itself if it is another version's.
    pub fn act(&self, entry: &NamedEntry) -> String {
        let known = Act::parse(&entry.entry.act).map(|act| self.page.text(key_of_act(act)));
        known.map_or_else(|| entry.entry.act.clone(), str::to_owned)
    }

    /// Returns the page about what it was done to, if there is one.
    pub fn subject_path(&self, entry: &NamedEntry) -> Option<String> {
        let subject = entry.entry.subject.as_deref()?;
        match Act::parse(&entry.entry.act)? {
            Act::UserDisabled | Act::UserEnabled | Act::UserSignedOut | Act::ResetLinkMade => Some(format!("/ops/users/{subject}")),
            Act::ProviderChecked => Some(format!("/ops/providers/{subject}")),
            Act::SessionEnded | Act::EverybodySignedOut | Act::FailuresExported | Act::RuleMade | Act::RuleEnded => None,
        }
    }
}

fn key_of_act(act: Act) -> TextKey {
    match act {
        Act::UserDisabled => "ops-act-user-disabled",
        Act::UserEnabled => "ops-act-user-enabled",
        Act::UserSignedOut => "ops-act-user-signed-out",
        Act::SessionEnded => "ops-act-session-ended",
        Act::EverybodySignedOut => "ops-act-everybody-signed-out",
        Act::ResetLinkMade => "ops-act-reset-link-made",
        Act::ProviderChecked => "ops-act-provider-checked",
        Act::FailuresExported => "ops-act-failures-exported",
        Act::RuleMade => "ops-act-rule-made",
        Act::RuleEnded => "ops-act-rule-ended",
    }
}

/// Shows the list.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::NotFound`] for whoever is no operator, [`PageError::Store`].
pub async fn get(visit: Visit, operator: Operator) -> Result<HttpResponse, PageError> {
    let signin = visit.signin();
    let found = signin.store.list_audit(key_of(&visit, "before")?, signin.clock.now(), row_limit()).await?;
    let entries = Rows::cut(found, Section::Audit.path(), |named| named.entry.id.to_string());
    let page = AuditPage { page: visit.page(&operator.signed_in()).await, section: Section::Audit, entries };
    Ok(visit.html(StatusCode::OK, &page))
}
