//! The question whether an application may have what it asks for, and the list of what
//! was allowed (security.md AS-08, AS-09).

use actix_web::HttpResponse;
use askama::Template;
use chrono::{DateTime, Utc};

use super::application::PATH;
use super::person;
use crate::domain::client::{Client, ClientId, Grant};
use crate::domain::scope::{Scope, Scopes};
use crate::issuer::authorize::Question;
use crate::issuer::consent::GivenConsent;
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::page::{Notice, Page};
use crate::web::pages::account;
use crate::web::signed_in::{MaybeSignedIn, SignedIn};
use crate::web::text::TextKey;
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// Asks the person. Its forms post `csrf_token`, and `user` for a yes, to `/oauth/continue/{id}` and `…/cancel`.
#[derive(Clone, Debug, Template)]
#[template(path = "consent.html")]
pub struct ConsentPage {
    /// The frame.
    pub page: Page,
    /// What is asked for, and by whom.
    pub ask: AskView,
    /// Where the yes goes.
    pub action: String,
    /// Where the no goes.
    pub cancel: String,
    /// Who is asked; a yes counts for them alone.
    pub user: String,
    /// Their name.
    pub name: String,
    /// Where to sign in as somebody else.
    pub switch: String,
    /// The host that the answer goes to.
    pub place: String,
}

/// What an application asks for, in words; devices are asked about in the same way.
#[derive(Clone, Debug)]
pub struct AskView {
    /// What the application is called.
    pub client: String,
    /// Whether an operator has checked who is behind it.
    pub is_verified: bool,
    /// What it asks for.
    pub scopes: Vec<ScopeView>,
    /// For how long.
    pub lifetime: Lifetime,
    /// What it says it does with data about people.
    pub policy_url: Option<String>,
    /// Its terms of service.
    pub terms_url: Option<String>,
}

/// For how long an application may have what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// So many days, rounded up.
    Days(u64),
    /// As long as the person is signed in.
    SignedIn,
    /// So many minutes, rounded up.
    Minutes(u64),
}

impl Lifetime {
    /// Returns how long a client may have scopes; those of a device hang on no session.
    fn new(visit: &Visit, client: &Client, scopes: &Scopes, is_device: bool) -> Self {
        let config = &visit.signin().config.issuer;
        if !client.allows_grant(Grant::RefreshToken) {
            let secs = client.metadata.access_token_ttl_secs.map_or(config.access_token_ttl_secs, u64::from);
            return Self::Minutes(secs.div_ceil(60));
        }
        let secs = client.metadata.refresh_token_ttl_secs.map_or(config.refresh_ttl_secs, u64::from);
        if is_device || scopes.contains(Scope::OFFLINE_ACCESS) { Self::Days(secs.div_ceil(86_400)) } else { Self::SignedIn }
    }
}

/// One scope in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeView {
    /// What it lets the application do; `None` for one of the application's own.
    pub text: Option<TextKey>,
    /// The scope itself.
    pub name: String,
    /// Whether it is new since the person last allowed something.
    pub is_new: bool,
}

/// An application that a person has allowed something.
#[derive(Clone, Debug)]
pub struct GivenView {
    /// The client's identifier, for the button that takes it back.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it was allowed.
    pub scopes: Vec<ScopeView>,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl AskView {
    /// Puts a client's wishes into words.
    pub fn new(visit: &Visit, client: &Client, scopes: &Scopes, before: Option<&Scopes>) -> Self {
        Self {
            client: client.metadata.name.to_string(),
            is_verified: client.is_verified,
            scopes: scope_views(scopes, before),
            lifetime: Lifetime::new(visit, client, scopes, false),
            policy_url: client.metadata.policy_url.as_ref().map(ToString::to_string),
            terms_url: client.metadata.terms_url.as_ref().map(ToString::to_string),
        }
    }

    /// Puts the wishes of a client on a device into words.
    pub fn of_device(visit: &Visit, client: &Client, scopes: &Scopes) -> Self {
        Self { lifetime: Lifetime::new(visit, client, scopes, true), ..Self::new(visit, client, scopes, None) }
    }
}

/// Makes the page.
pub fn view(visit: &Visit, page: Page, who: &MaybeSignedIn, id: &str, question: Question) -> ConsentPage {
    let user = who.0.as_ref().map(|who| who.user.clone());
    let action = format!("{PATH}{id}");
    ConsentPage {
        page,
        ask: AskView::new(visit, &question.client, &question.scopes, question.allowed_before.as_ref()),
        cancel: format!("{action}/cancel"),
        switch: crate::web::render::with_parameter("/login?again=1&other=1", "return_to", &action),
        action,
        user: user.as_ref().map(|user| user.id.to_string()).unwrap_or_default(),
        name: user.map(|user| user.name).unwrap_or_default(),
        place: question.place,
    }
}

/// Puts scopes into words.
pub fn scope_views(scopes: &Scopes, before: Option<&Scopes>) -> Vec<ScopeView> {
    let view = |scope: &Scope| ScopeView {
        text: match scope.as_str() {
            Scope::OPENID => Some("scope-openid"),
            Scope::PROFILE => Some("scope-profile"),
            Scope::EMAIL => Some("scope-email"),
            Scope::GROUPS => Some("scope-groups"),
            Scope::OFFLINE_ACCESS => Some("scope-offline"),
            _ => None,
        },
        name: scope.to_string(),
        is_new: before.is_some_and(|before| !before.contains(scope.as_str())),
    };
    // Who one is comes first, and how long last.
    let order = [Scope::OPENID, Scope::PROFILE, Scope::EMAIL, Scope::GROUPS];
    let mut views: Vec<ScopeView> = scopes.iter().map(view).collect();
    views.sort_by_key(|view| match view.name.as_str() {
        Scope::OFFLINE_ACCESS => usize::MAX,
        name => order.iter().position(|known| *known == name).unwrap_or(order.len()),
    });
    views
}

/// Lists what a person has allowed, for the account page.
///
/// # Errors
///
/// [`PageError::Store`].
pub async fn list(visit: &Visit, who: &MaybeSignedIn) -> Result<Vec<GivenView>, PageError> {
    let Some(person) = person(who).filter(|_| visit.signin().config.issuer.enabled) else { return Ok(Vec::new()) };
    let view = |GivenConsent { consent, client }: GivenConsent| GivenView {
        id: client.id.to_string(),
        name: client.metadata.name.to_string(),
        scopes: scope_views(&consent.scopes, None),
        since: consent.created_at,
    };
    Ok(visit.app.issuer.list_consents(person).await?.into_iter().map(view).collect())
}

/// Takes a consent back, with every token that came of it.
///
/// # Errors
///
/// [`PageError::NotFound`] if there is none, [`PageError::SignedOut`],
/// [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post_revoke(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, account::PATH, cause);
    }
    let who = MaybeSignedIn(Some(who.0));
    let client = ClientId::parse(&form.text("client")).ok_or(PageError::NotFound)?;
    let Some(person) = person(&who) else { return Err(PageError::SignedOut(None)) };
    if !visit.app.issuer.revoke_consent(person, &client).await? {
        return Err(PageError::NotFound);
    }
    Ok(account::done(&visit, Notice::ConsentRevoked))
}
