//! Issuing the code: the end of a request that went well.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

use super::answer::Answer;
use super::destination::Lost;
use super::flow::Step;
use super::request::AuthorizeRequest;
use crate::domain::client::{Client, Grant};
use crate::domain::ids::{FamilyId, RowId};
use crate::domain::scope::Scope;
use crate::issuer::event::Event;
use crate::issuer::{Issuer, Person};
use crate::random;
use crate::secret::hash_token;
use crate::store::codes::{Approval, NewCode};
use crate::store::consents::Basis;
use crate::store::families::Family;
use crate::store::logouts::ClientSession;

/// How long a client is told of the end of a session at most, after the session could have ended by itself.
const TELLING: TimeDelta = TimeDelta::days(1);

impl Issuer {
    /// Issues the code: one transaction writes family, code and consent, and takes the request out.
    pub(super) async fn grant(
        &self,
        request_hash: Option<String>,
        request: &AuthorizeRequest,
        person: Person<'_>,
        basis: impl FnOnce(&Family) -> Basis,
    ) -> Result<Step, Lost> {
        let code = random::token();
        let now = self.clock.now().trunc_subsecs(0);
        let family = self.family_of(request, person, now);
        let approval = Approval {
            request_hash,
            code: NewCode {
                code_hash: hash_token(&code),
                redirect_uri: request.to.redirect_uri().to_owned(),
                code_challenge: request.challenge.as_ref().map(|challenge| challenge.as_str().to_owned()),
                nonce: request.nonce.clone(),
                redeemable_until: family.expires_at,
            },
            basis: basis(&family),
            client_session: self.client_session(request.to.client(), person, now),
            family: family.clone(),
        };
        if !self.store.approve(approval).await? {
            return Err(Lost::RequestGone);
        }
        Event::new("authorization_granted", &family.client_id).user(person.user.id).family(family.id).log();
        let fields = vec![("code", code)];
        Ok(Step::Answer(Answer::new(&request.to, &self.identifier(), fields)))
    }

    /// Makes the family; it ends with its session unless it was asked to outlive it (OIDC Core §11).
    fn family_of(&self, request: &AuthorizeRequest, person: Person<'_>, now: DateTime<Utc>) -> Family {
        let is_lasting = request.scopes.contains(Scope::OFFLINE_ACCESS);
        Family {
            id: FamilyId::new(&self.clock),
            client_id: request.to.client().id.clone(),
            user_id: person.user.id,
            session: (!is_lasting).then_some(person.session.id),
            sid: Some(person.session.id),
            grant_type: Grant::AuthorizationCode,
            scopes: request.scopes.clone(),
            auth_time: Some(person.session.created_at),
            method: Some(person.session.method.clone()),
            claims: request.claims.as_ref().map(|claims| claims.as_str().to_owned()),
            key: request.key.clone(),
            created_at: now,
            expires_at: now + self.config.issuer.code_ttl(),
        }
    }

    fn client_session(&self, client: &Client, person: Person<'_>, now: DateTime<Utc>) -> Option<ClientSession> {
        let metadata = &client.metadata;
        metadata.backchannel_logout_uri.as_ref().or(metadata.frontchannel_logout_uri.as_ref()).map(|_| ClientSession {
            id: RowId::new(&self.clock),
            session: person.session.id,
            user: person.user.id,
            client: client.id.clone(),
            tries: 0,
            next_try_at: now,
            expires_at: person.session.expires_at + TELLING,
        })
    }
}
