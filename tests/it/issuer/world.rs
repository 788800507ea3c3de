//! A genkan with a registered application, and the application's side of every flow.

use chrono::SubsecRound as _;
use genkan::domain::client::{
    AccessTokenFormat, Client, ClientAuthentication, ClientId, ClientKind, ClientMetadata, ClientName, ClientSecret, Grant, ResponseMode,
    SigningAlgorithm,
};
use genkan::domain::ids::RowId;
use genkan::domain::redirect_uri::RedirectUri;
use genkan::domain::scope::Scopes;
use genkan::secret::hash_token;
use reqwest::Method;
use serde_json::Value;

use crate::support::app::TestApp;
use crate::support::browser::{Page, TestBrowser};

/// Where the application takes answers.
pub const CALLBACK: &str = "https://app.example/callback";
/// The secret of every confidential client.
pub const SECRET: &str = "a client's secret, made for the tests alone";
/// The example of RFC 7636, Appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What an application has registered, confidential and verified, with every grant.
pub fn metadata() -> ClientMetadata {
    ClientMetadata {
        name: ClientName::parse("Tea House").expect("a name"),
        kind: ClientKind::Web,
        authentication: ClientAuthentication::ClientSecretBasic,
        assertion_algorithm: None,
        jwks: None,
        redirect_uris: vec![RedirectUri::parse(CALLBACK).expect("an address")],
        post_logout_redirect_uris: vec![RedirectUri::parse("https://app.example/bye").expect("an address")],
        grants: Grant::ALL.iter().copied().collect(),
        scopes: Scopes::parse("openid profile email offline_access tea:pour").expect("scopes"),
        response_modes: vec![ResponseMode::Query, ResponseMode::FormPost],
        requires_pkce: true,
        access_token_format: AccessTokenFormat::Jwt,
        access_token_algorithm: SigningAlgorithm::Es256,
        audience: None,
        access_token_ttl_secs: None,
        refresh_token_ttl_secs: None,
        dpop_bound_access_tokens: false,
        id_token_algorithm: SigningAlgorithm::Rs256,
        backchannel_logout_uri: None,
        backchannel_logout_session_required: false,
        frontchannel_logout_uri: None,
        logo_url: None,
        homepage_url: None,
        policy_url: None,
        terms_url: None,
    }
}

/// An application, as it is registered.
pub async fn register(app: &TestApp, change: impl FnOnce(&mut Client)) -> Client {
    let now = app.clock.now().trunc_subsecs(0);
    let mut client = Client {
        id: ClientId::generate(),
        owner: None,
        metadata: metadata(),
        is_verified: true,
        skips_consent: false,
        disabled_at: None,
        created_at: now,
        updated_at: now,
    };
    change(&mut client);
    let secret = ClientSecret { id: RowId::new(&app.clock), hash: hash_token(SECRET), sealed: None, created_at: now, expires_at: None };
    let secret = (!client.is_public()).then_some(secret);
    assert!(app.state.signin.store.insert_client(client.clone(), secret, None).await.expect("a client can be registered"));
    client
}

/// A genkan, an application, and a browser in which somebody is signed in.
pub struct World {
    pub app: TestApp,
    pub client: Client,
    pub browser: TestBrowser,
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Client)) -> Self {
        let app = TestApp::spawn().await;
        let client = register(&app, change).await;
        let browser = app.browser_of("hanako").await;
        Self { app, client, browser }
    }

    /// Returns an authorization request with parameters in the place of the usual ones; an empty one is left out.
    pub fn request(&self, changed: &[(&str, &str)]) -> String {
        let id = self.client.id.to_string();
        let usual = [
            ("client_id", id.as_str()),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid profile"),
            ("state", "the state"),
            ("nonce", "the nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let kept = usual.into_iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
        let pairs = kept.chain(changed.iter().copied().filter(|(_, value)| !value.is_empty()));
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }

    pub fn authorize(&self, changed: &[(&str, &str)]) -> String {
        format!("/oauth/authorize?{}", self.request(changed))
    }

    /// Opens a request and says yes, if asked; returns where the browser is sent.
    pub async fn allow(&self, changed: &[(&str, &str)]) -> Answer {
        let page = self.browser.open(&self.authorize(changed)).await;
        self.agree(page).await
    }

    /// Opens a request that an application has written, and says yes.
    pub async fn agree_at(&self, address: &str) -> Answer {
        let path = address.strip_prefix(&self.app.address("")).unwrap_or_else(|| panic!("not here: {address}"));
        let page = self.browser.open(path).await;
        self.agree(page).await
    }

    /// Says yes to whatever is asked, and returns where the browser is sent.
    pub async fn agree(&self, mut page: Page) -> Answer {
        for _ in 0..4 {
            if page.status == 303 && page.location().starts_with('/') {
                page = self.browser.follow(&page).await;
            } else if page.status == 200 {
                page = self.press(&page).await;
            } else {
                break;
            }
        }
        Answer::of(page.location())
    }

    /// Presses the button of the consent page.
    pub async fn press(&self, page: &Page) -> Page {
        let action = page.attributes("form[action^='/oauth/continue/']", "action").into_iter().next();
        let action = action.unwrap_or_else(|| panic!("no question: {page:?}"));
        self.browser.submit(page, &action, &[]).await
    }

    /// Asks the token endpoint, as the client.
    pub async fn token(&self, fields: &[(&str, &str)]) -> Page {
        self.ask("/oauth/token", fields).await
    }

    pub async fn ask(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = self.app.browser().request(Method::POST, path).form(fields);
        let id = self.client.id.as_str();
        let request = if self.client.is_public() { request } else { request.basic_auth(id, Some(SECRET)) };
        Page::read(request).await
    }

    /// Redeems a code with everything that belongs to it.
    pub async fn redeem(&self, code: &str) -> Page {
        self.redeem_with(code, &[]).await
    }

    pub async fn redeem_with(&self, code: &str, changed: &[(&str, &str)]) -> Page {
        let id = self.client.id.to_string();
        let usual = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
        let mut fields: Vec<_> = usual.into_iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name)).collect();
        fields.extend(changed.iter().copied().filter(|(_, value)| !value.is_empty()));
        if self.client.is_public() {
            fields.push(("client_id", &id));
        }
        self.token(&fields).await
    }

    pub async fn refresh(&self, token: &str) -> Page {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// Goes through the whole flow; returns the tokens.
    pub async fn tokens(&self, scope: &str) -> Value {
        let answer = self.allow(&[("scope", scope)]).await;
        let page = self.redeem(&answer.get("code")).await;
        assert_eq!(page.status, 200, "{page:?}");
        page.json()
    }
}

/// What came to the application.
#[derive(Debug)]
pub struct Answer(pub url::Url);

impl Answer {
    #[track_caller]
    pub fn of(location: &str) -> Self {
        Self(url::Url::parse(location).unwrap_or_else(|error| panic!("{error}: {location}")))
    }

    #[track_caller]
    pub fn get(&self, name: &str) -> String {
        self.find(name).unwrap_or_else(|| panic!("no {name}: {}", self.0))
    }

    pub fn find(&self, name: &str) -> Option<String> {
        self.0.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }
}

/// The claims of a token, unchecked.
#[track_caller]
pub fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let body = token.split('.').nth(1).unwrap_or_else(|| panic!("no token: {token}"));
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(body).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}

/// Checks status and word of an answer that gives nothing.
#[track_caller]
pub fn assert_refused(page: &Page, status: u16, error: &str) {
    assert_eq!((page.status, page.json()["error"].as_str()), (status, Some(error)), "{page:?}");
    assert_eq!(page.header("cache-control"), "no-store", "{page:?}");
}
