//! Every page once, as full as it gets, for the tests.

use askama::Template;
use chrono::DateTime;

use super::ProviderButton;
use super::account::{AccountPage, PasswordForm, ProfileForm, SessionView};
use super::application::{ApplicationPage, OldSecret};
use super::application_connect::Connect;
use super::application_form::ApplicationForm;
use super::applications::{ApplicationView, ApplicationsPage, NewApplicationPage};
use super::cookies::CookiesPage;
use super::error::ErrorPage;
use super::reset::{ForgotPage, ResetPage};
use super::signin::SigninPage;
use super::signup::{SignupFaultsView, SignupPage};
use super::social::{BouncePage, InterstitialPage};
use super::status::StatusPage;
use super::verify::{Proof, VerifyPage};
use super::ways::{LinkView, WayView};
use crate::domain::client::Grant;
use crate::domain::language::Language;
use crate::issuer::registration::{Draft, Fault, Field, Problem};
use crate::ops::status::{Outage, Status, Way};
use crate::signin::attempt::Purpose;
use crate::signin::failure::Cause;
use crate::web::assets;
use crate::web::flash_view::{FlashView, Retry};
use crate::web::issuer::consent::{AskView, ConsentPage, GivenView, Lifetime, ScopeView};
use crate::web::issuer::device::DevicePage;
use crate::web::issuer::logout::LogoutPage;
use crate::web::page::{FormFault, Notice, Page};
use crate::web::text::{TextKey, Texts};

/// What nobody should be able to put on a page unescaped.
pub const HOSTILE: &str = "<b onmouseover=\"alert('x')\">&";

pub fn page(language: Language) -> Page {
    Page {
        texts: Texts::of(language),
        csrf_token: "token".to_owned(),
        signed_in: None,
        is_operator: false,
        flash: None,
        notice: Some(Notice::SignedOut),
        path: "/login?a=\"b".to_owned(),
        is_in_app: true,
        application: None,
    }
}

pub fn flash(cause: Cause) -> FlashView {
    FlashView {
        cause,
        category: cause.category(),
        reference: "K7Q2-9F3M".to_owned(),
        provider: Some(HOSTILE.to_owned()),
        retry: Some(Retry { provider: "lab".to_owned(), purpose: Purpose::SignIn }),
        return_to: Some("/a?b".to_owned()),
    }
}

pub fn provider() -> ProviderButton {
    ProviderButton { id: "lab".to_owned(), name: HOSTILE.to_owned(), mark: assets::mark("lab"), is_troubled: true }
}

pub fn signin(page: Page) -> SigninPage {
    let fault = Some(FormFault::Throttled { minutes: 5 });
    SigninPage {
        page,
        identifier: HOSTILE.to_owned(),
        fault,
        return_to: Some("/a?b".to_owned()),
        providers: vec![provider()],
        may_sign_up: true,
        again: None,
        has_password: true,
    }
}

fn again(page: Page, has_password: bool) -> SigninPage {
    let fault = has_password.then_some(FormFault::WrongCredentials);
    SigninPage { again: Some(HOSTILE.to_owned()), has_password, may_sign_up: false, fault, ..signin(page) }
}

fn way(link: Option<bool>) -> WayView {
    let link = link.map(|is_removable| LinkView { id: "1".to_owned(), since: DateTime::UNIX_EPOCH, is_removable });
    WayView { provider: "lab".to_owned(), name: HOSTILE.to_owned(), mark: assets::mark("none"), link }
}

pub fn signup(page: Page) -> SignupPage {
    let faults = SignupFaultsView {
        name: Some("fault-name-empty"),
        username: Some("fault-username-taken"),
        email: Some("fault-email-malformed"),
        password: Some("fault-password-too-short"),
    };
    SignupPage {
        page,
        name: HOSTILE.to_owned(),
        username: HOSTILE.to_owned(),
        email: HOSTILE.to_owned(),
        faults,
        fault: None,
        return_to: Some("/a?b".to_owned()),
        min_length: 12,
        email_required: true,
        invitation: Some("invitation".to_owned()),
        providers: vec![provider()],
    }
}

pub fn account(page: Page, has_password: bool) -> AccountPage {
    let at = DateTime::UNIX_EPOCH;
    let session = |is_current: bool| SessionView {
        id: "1".to_owned(),
        browser: HOSTILE.to_owned(),
        method: (!is_current).then(|| HOSTILE.to_owned()),
        seen: at,
        since: at,
        is_current,
    };
    AccountPage {
        page: Page { signed_in: Some(HOSTILE.to_owned()), ..page },
        is_operator: true,
        unproven: Some(HOSTILE.to_owned()),
        profile: ProfileForm {
            name: HOSTILE.to_owned(),
            email: HOSTILE.to_owned(),
            fault: Some(FormFault::NotFresh),
            ..ProfileForm::default()
        },
        password: PasswordForm { has_password, username: HOSTILE.to_owned(), min_length: 12, ..PasswordForm::default() },
        ways: vec![way(Some(true)), way(Some(false)), way(None)],
        sessions: vec![session(true), session(false)],
        applications: vec![given()],
        has_issuer: true,
    }
}

fn scopes() -> Vec<ScopeView> {
    let scope = |text, is_new| ScopeView { text, name: HOSTILE.to_owned(), is_new };
    vec![scope(Some("scope-openid"), false), scope(Some("scope-offline"), true), scope(None, false)]
}

fn given() -> GivenView {
    GivenView { id: "app-1".to_owned(), name: HOSTILE.to_owned(), scopes: scopes(), since: DateTime::UNIX_EPOCH }
}

fn ask(lifetime: Lifetime) -> AskView {
    let url = Some("https://client.example/about".to_owned());
    AskView { client: HOSTILE.to_owned(), is_verified: false, scopes: scopes(), lifetime, policy_url: url.clone(), terms_url: url }
}

fn consent(page: Page, lifetime: Lifetime) -> ConsentPage {
    ConsentPage {
        page: Page { signed_in: Some(HOSTILE.to_owned()), ..page },
        ask: ask(lifetime),
        action: "/oauth/continue/a".to_owned(),
        cancel: "/oauth/continue/a/cancel".to_owned(),
        user: "1".to_owned(),
        name: HOSTILE.to_owned(),
        switch: "/login?again=1".to_owned(),
        place: HOSTILE.to_owned(),
    }
}

fn device(page: Page, ask: Option<AskView>, done: Option<(TextKey, TextKey)>) -> DevicePage {
    let fault = ask.is_none().then_some(FormFault::Throttled { minutes: 5 });
    DevicePage { page, user_code: HOSTILE.to_owned(), ask, done, code_fault: Some("fault-device-code"), fault }
}

fn logout(page: Page, client: Option<&str>) -> LogoutPage {
    LogoutPage { page, client: client.map(str::to_owned), place: client.xor(Some(HOSTILE)).map(str::to_owned), request: HOSTILE.to_owned() }
}

fn interstitial(page: Page, purpose: Purpose) -> InterstitialPage {
    InterstitialPage { page, provider: provider(), purpose, return_to: Some("/a?b".to_owned()) }
}

fn cookies(page: Page, is_kept: bool) -> CookiesPage {
    CookiesPage { page, is_kept, onward: "/login?return_to=%2Fa".to_owned(), again: "/cookies".to_owned() }
}

fn forgot(page: Page, is_mailed: bool) -> ForgotPage {
    ForgotPage { page, is_mailed, identifier: HOSTILE.to_owned(), fault: Some(FormFault::Busy) }
}

fn verify(page: Page, proof: Proof) -> VerifyPage {
    VerifyPage { page, proof }
}

fn reset(page: Page, token: Option<&str>) -> ResetPage {
    ResetPage {
        page,
        token: token.map(str::to_owned),
        username: HOSTILE.to_owned(),
        password_fault: Some("fault-password-too-common"),
        fault: Some(FormFault::Busy),
        min_length: 12,
    }
}

fn status(page: Page, is_open: bool) -> StatusPage {
    let at = DateTime::UNIX_EPOCH;
    let (id, name) = ("lab".to_owned(), HOSTILE.to_owned());
    let way = |is_troubled: bool| Way { id: id.clone(), name: name.clone(), is_troubled, since: Some(at) };
    let outage = |until| Outage { id: "1".to_owned(), provider: id.clone(), name: name.clone(), from: at, until };
    let status = Status { at, is_open, ways: vec![way(true), way(false)], outages: vec![outage(None), outage(Some(at))] };
    StatusPage { page: Page { csrf_token: String::new(), ..page }, status: status.into() }
}

fn application_view() -> ApplicationView {
    ApplicationView {
        path: "/applications/app-23456789abcdefghijkm".to_owned(),
        name: HOSTILE.to_owned(),
        id: "app-23456789abcdefghijkm".to_owned(),
        since: DateTime::UNIX_EPOCH,
        is_verified: true,
        is_disabled: false,
    }
}

fn applications(page: Page, is_full: bool) -> ApplicationsPage {
    ApplicationsPage { page, applications: vec![application_view()], is_full }
}

/// A form with everything wrong that can be.
fn sheet() -> ApplicationForm {
    let draft = Draft { name: HOSTILE.to_owned(), redirect_uris: HOSTILE.to_owned(), jwks: HOSTILE.to_owned(), ..Draft::default() };
    let fields = [Field::Name, Field::RedirectUris, Field::Scopes, Field::Authentication, Field::Jwks, Field::Audience];
    ApplicationForm {
        faults: fields.into_iter().map(|field| Fault { field, problem: Problem::NothingChosen }).collect(),
        is_full: true,
        sign_in: Some("/login?again=1".to_owned()),
        ..ApplicationForm::new(draft, &Grant::ALL.iter().copied().collect())
    }
}

fn application(page: Page) -> ApplicationPage {
    let text = || HOSTILE.to_owned();
    ApplicationPage {
        page,
        view: ApplicationView { is_disabled: true, ..application_view() },
        sheet: sheet(),
        connect: Connect { issuer: text(), discovery: text(), authorization: text(), token: text(), example: text() },
        refusals: super::application_refusals::sample(HOSTILE),
        secret: Some(text()),
        has_secret: true,
        old_secret: Some(OldSecret { until: DateTime::UNIX_EPOCH }),
    }
}

/// Renders every page; each with a name for messages.
pub fn all(language: Language) -> Vec<(&'static str, String)> {
    let page = || page(language);
    let fields = vec![("code".to_owned(), HOSTILE.to_owned())];
    let bounce = BouncePage { page: page(), provider: HOSTILE.to_owned(), action: "/auth/lab/callback".to_owned(), fields };
    [
        ("sign-in", signin(page()).render()),
        ("sign-in after a failure", signin(Page { flash: Some(flash(Cause::TokenTimeout)), ..page() }).render()),
        ("sign-in again", again(page(), true).render()),
        ("sign-in again without password", again(page(), false).render()),
        ("sign-up", signup(page()).render()),
        ("account", account(page(), true).render()),
        ("account without password", account(page(), false).render()),
        ("interstitial", interstitial(page(), Purpose::SignIn).render()),
        ("interstitial to link", interstitial(page(), Purpose::Link).render()),
        ("bounce", bounce.render()),
        ("cookies kept", cookies(page(), true).render()),
        ("cookies refused", cookies(page(), false).render()),
        ("forgot", forgot(page(), true).render()),
        ("forgot without mail", forgot(page(), false).render()),
        ("verify", verify(page(), Proof::Open { token: "token".to_owned(), address: HOSTILE.to_owned() }).render()),
        ("verify signed out", verify(page(), Proof::SignedOut { token: "token".to_owned() }).render()),
        ("verify with a dead link", verify(page(), Proof::Invalid).render()),
        ("verify a taken address", verify(page(), Proof::Taken).render()),
        ("reset", reset(page(), Some("token")).render()),
        ("reset with a dead link", reset(page(), None).render()),
        ("status", status(page(), true).render()),
        ("status without a database", status(page(), false).render()),
        ("consent", consent(page(), Lifetime::SignedIn).render()),
        ("consent that lasts", consent(page(), Lifetime::Days(90)).render()),
        ("device code", device(page(), None, None).render()),
        ("device", device(page(), Some(ask(Lifetime::Minutes(10))), None).render()),
        ("device allowed", device(page(), None, Some(("device-allowed-title", "device-allowed-text"))).render()),
        ("log-out", logout(page(), Some(HOSTILE)).render()),
        ("log-out of nobody", logout(page(), None).render()),
        ("applications", applications(page(), false).render()),
        ("applications, as many as there may be", applications(page(), true).render()),
        ("new application", NewApplicationPage { page: page(), sheet: sheet() }.render()),
        ("application", application(page()).render()),
        ("error", ErrorPage::new(page(), 500, Some("K7Q2-9F3M".to_owned())).render()),
        ("sign-up closed", ErrorPage::signup_closed(page()).render()),
    ]
    .into_iter()
    .chain(super::ops::samples::all(page))
    .map(|(name, html)| (name, html.expect("a page renders")))
    .collect()
}
