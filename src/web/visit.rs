//! One request as a page's handler sees it: state, session, visitor, language.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

use super::assets;
use super::error::PageError;
use super::flash;
use super::page::Page;
use super::pages::ProviderButton;
use super::render;
use super::session::BrowserSession;
use super::signed_in::MaybeSignedIn;
use super::speculative::is_speculative;
use super::state::AppState;
use super::text::Texts;
use super::visitor::{is_in_app, user_agent};
use crate::domain::language::Language;
use crate::domain::return_to::ReturnTo;
use crate::provider::Provider;
use crate::signin::Signin;
use crate::signin::session::OpenSession;
use crate::signin::visitor::Visitor;

/// The parameter in which a flash travels without cookies; see [`flash`].
pub const FLASH_PARAMETER: &str = "flash";

/// What the names of addresses begin with that a person cannot be sent to: they do something, or answer a provider.
pub const ACTION: &str = "action ";

/// Everything a page needs to know about the request it answers.
pub struct Visit {
    /// What every handler can reach.
    pub app: web::Data<AppState>,
    /// The request.
    pub req: HttpRequest,
    /// The browser's session.
    pub session: BrowserSession,
    /// Who asks.
    pub visitor: Visitor,
    /// The language to answer in: the chosen one, else the browser's.
    pub language: Language,
}

impl Visit {
    /// Returns the flows.
    pub fn signin(&self) -> &Signin {
        &self.app.signin
    }

    /// Returns the origin of our pages, as this browser knows it.
    pub fn origin(&self) -> String {
        self.app.origin(&self.req)
    }

    /// Makes the frame of a page and says in it, once, what is to be said.
    pub async fn page(&self, who: &MaybeSignedIn) -> Page {
        if is_speculative(&self.req) {
            return self.quiet_page(who);
        }
        let flash = flash::take(self, who.0.is_some()).await;
        let notice = self.session.take_notice();
        Page { flash, notice, ..self.quiet_page(who) }
    }

    /// Makes the frame of a page that is shown again: a form with faults in it.
    pub fn quiet_page(&self, who: &MaybeSignedIn) -> Page {
        Page { csrf_token: self.session.csrf_token(), signed_in: who.name(), ..self.bare_page() }
    }

    /// Makes the frame of a page without forms of ours, and leaves the session alone.
    ///
    /// A form that another site posts comes without the session cookie (`SameSite=Lax`):
    /// a new session made here would replace the one that the browser has kept back.
    pub fn bare_page(&self) -> Page {
        Page {
            texts: Texts::of(self.language),
            csrf_token: String::new(),
            signed_in: None,
            flash: None,
            notice: None,
            path: self.path(),
            is_in_app: is_in_app(user_agent(self.req.headers())),
            application: None,
        }
    }

    /// Renews the browser's session after a sign-in and ends the one that it had before (security.md SE-03).
    pub async fn signed_in_anew(&self, before: &MaybeSignedIn, opened: &OpenSession) {
        self.session.renew();
        let Some(before) = before.0.as_ref().filter(|before| before.session.id != opened.session.id) else {
            return;
        };
        if let Err(error) = self.signin().end_session(before, before.session.id, &self.visitor).await {
            // It ends by itself, and the sign-in must not fail for it.
            log::warn!(target: "genkan::web", event = "session_kept", request = self.visitor.request_id.as_str(); "{error}");
        }
    }

    /// Answers with a page.
    pub fn html(&self, status: StatusCode, page: &impl Template) -> HttpResponse {
        self.html_with(HttpResponseBuilder::new(status), page)
    }

    /// Answers with a page and whatever the builder holds already.
    pub fn html_with(&self, builder: HttpResponseBuilder, page: &impl Template) -> HttpResponse {
        render::html(builder, page, self.language)
    }

    /// Finds a parameter of the query; one that comes twice counts as absent.
    pub fn query(&self, name: &str) -> Option<String> {
        let mut values = url::form_urlencoded::parse(self.req.query_string().as_bytes()).filter(|(key, _)| key == name);
        let (_, value) = values.next()?;
        values.next().is_none().then(|| value.into_owned())
    }

    /// Returns where the query says to go afterwards, if that is a path of ours.
    pub fn return_to(&self) -> Option<ReturnTo> {
        ReturnTo::parse(&self.query("return_to")?)
    }

    /// Returns where to go on to: the target, unless it has no page to show, or else the account page.
    pub fn landing<'a>(&self, target: Option<&'a ReturnTo>) -> &'a str {
        let has_page = |target: &&ReturnTo| {
            let path = target.as_str().split('?').next().unwrap_or_default();
            let name = self.req.resource_map().match_name(path);
            name.is_none_or(|name| !name.starts_with(ACTION))
        };
        target.filter(has_page).map_or("/account", ReturnTo::as_str)
    }

    /// Returns a segment of the path.
    pub fn segment(&self, name: &str) -> &str {
        self.req.match_info().get(name).unwrap_or_default()
    }

    /// Finds the provider that the path names.
    pub fn provider(&self) -> Option<&Provider> {
        self.signin().providers.find(self.segment("provider"))
    }

    /// Returns the buttons of every provider; one that is in trouble says so and comes last.
    pub fn providers(&self) -> Vec<ProviderButton> {
        self.providers_around(None)
    }

    /// Returns the same; the one with which the last try failed, if any, is in trouble for this person.
    pub fn providers_around(&self, troubled: Option<&str>) -> Vec<ProviderButton> {
        let mut buttons: Vec<_> = self.signin().providers.iter().map(|provider| self.button(provider)).collect();
        for button in &mut buttons {
            button.is_troubled |= troubled == Some(button.id.as_str());
        }
        buttons.sort_by_key(|button| button.is_troubled);
        buttons
    }

    /// Makes the button of a provider; its breaker says whether it is in trouble.
    pub fn button(&self, provider: &Provider) -> ProviderButton {
        ProviderButton {
            id: provider.id.to_string(),
            name: provider.name.clone(),
            mark: assets::mark(&provider.mark),
            is_troubled: self.signin().watch.health.condition(&provider.id).state.is_troubled(),
        }
    }

    /// Returns the address of this page for coming back to, without a flash in it.
    fn path(&self) -> String {
        if !self.req.method().is_safe() {
            return page_of_form(self.req.path()).to_owned();
        }
        let pairs = url::form_urlencoded::parse(self.req.query_string().as_bytes()).filter(|(name, _)| name != FLASH_PARAMETER);
        let path = pairs.fold(self.req.path().to_owned(), |path, (name, value)| render::with_parameter(&path, &name, &value));
        ReturnTo::parse(&path).map_or_else(|| "/".to_owned(), String::from)
    }
}

/// Returns the page that a form is on: most forms post to it, the others have no page of their own.
fn page_of_form(path: &str) -> &str {
    if path.starts_with("/account/") {
        "/account"
    } else if path.starts_with("/ops/") {
        "/ops"
    } else if let Some(question) = path.strip_suffix("/cancel") {
        question
    } else if path == "/oauth/logout/confirm" {
        "/"
    } else if path.ends_with("/callback") {
        "/login"
    } else {
        path
    }
}

/// Chooses the language a browser asks for.
pub fn negotiate(accept_language: Option<&HeaderValue>) -> Language {
    accept_language.and_then(|value| value.to_str().ok()).map_or_else(Language::default, Language::negotiate)
}

impl FromRequest for Visit {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let Some(app) = req.app_data::<web::Data<AppState>>().cloned() else {
            return ready(Err(PageError::Internal("the state is missing")));
        };
        let session = BrowserSession::of(req);
        let language = session.language().unwrap_or_else(|| negotiate(req.headers().get(header::ACCEPT_LANGUAGE)));
        ready(Visitor::from_request(req, payload).into_inner().map(|visitor| {
            let visitor = Visitor { language, ..visitor };
            Self { app, req: req.clone(), session, visitor, language }
        }))
    }
}
