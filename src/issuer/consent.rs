//! What people have allowed clients: listed for them, and taken back by them (security.md AS-09).

use super::event::Event;
use super::{Issuer, Person};
use crate::domain::client::{Client, ClientId};
use crate::domain::ids::RowId;
use crate::domain::scope::Scopes;
use crate::store::StoreError;
use crate::store::consents::Consent;
use crate::store::families::Family;

/// A consent and the client that has it.
#[derive(Clone, Debug)]
pub struct GivenConsent {
    /// What was allowed.
    pub consent: Consent,
    /// To whom.
    pub client: Client,
}

impl Issuer {
    /// Lists what a person has allowed, the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn list_consents(&self, person: Person<'_>) -> Result<Vec<GivenConsent>, StoreError> {
        let mut given = Vec::new();
        for consent in self.store.list_consents(person.user.id).await? {
            // A client that was deleted a moment ago took its consents with it.
            if let Some(client) = self.store.find_client(&consent.client_id).await? {
                given.push(GivenConsent { consent, client });
            }
        }
        Ok(given)
    }

    /// Takes a consent back, and every token that came of it; tells whether there was one.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; everything holds on then (security.md TK-13).
    pub async fn revoke_consent(&self, person: Person<'_>, client: &ClientId) -> Result<bool, StoreError> {
        let Some(ended) = self.store.revoke_consent(person.user.id, client).await? else { return Ok(false) };
        for family in ended {
            self.forget_family(family);
        }
        Event::new("consent_revoked", client).user(person.user.id).log();
        Ok(true)
    }

    /// Returns a consent as it is to be kept: what was allowed before, and what is `allowed` now; `None`
    /// if nothing is new. A client for which nobody is asked has one too, so that it is
    /// listed and can be taken back.
    pub(super) fn consent_to_keep(&self, family: &Family, allowed: &Scopes, before: Option<Consent>) -> Option<Consent> {
        let now = family.created_at;
        let is_known = before.as_ref().is_some_and(|before| allowed.is_subset(&before.scopes));
        let before = before.unwrap_or_else(|| Consent {
            id: RowId::new(&self.clock),
            user_id: family.user_id,
            client_id: family.client_id.clone(),
            scopes: Scopes::default(),
            created_at: now,
            updated_at: now,
        });
        let scopes = before.scopes.union(allowed);
        (!is_known).then_some(Consent { scopes, updated_at: now, ..before })
    }
}
