//! What people have allowed clients: listed for them, and taken back by them (security.md AS-09).

use super::event::Event;
use super::{Issuer, Person};
use crate::domain::client::{Client, ClientId};
use crate::domain::ids::RowId;
use crate::domain::scope::Scopes;
use crate::store::StoreError;
use crate::store::consents::{Basis, Consent};
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
            if let Some(client) = self.find_readable_client(&consent.client_id).await? {
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

    /// Returns what was `allowed` now, to be added to what was before. A client for which nobody
    /// is asked has a consent too, so that it is listed and can be taken back.
    pub(super) fn consent_to(&self, family: &Family, allowed: &Scopes) -> Consent {
        Consent {
            id: RowId::new(&self.clock),
            user_id: family.user_id,
            client_id: family.client_id.clone(),
            scopes: allowed.clone(),
            created_at: family.created_at,
            updated_at: family.created_at,
        }
    }

    /// Returns what a code rests on, that opens what is `allowed`. `before`: what the person has
    /// allowed before; `has_agreed`: whether they were asked once more.
    pub(super) fn basis_of(&self, family: &Family, allowed: &Scopes, before: Option<Consent>, has_agreed: bool) -> Basis {
        match before {
            Some(before) if !has_agreed && allowed.is_subset(&before.scopes) => Basis::Remembered(before.id),
            _ => Basis::Given(self.consent_to(family, allowed)),
        }
    }
}
