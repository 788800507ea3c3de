//! A browser as far as the tests need one: cookies, forms, redirects one by one.

use std::sync::Arc;

use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder, Response, Url, redirect};
use scraper::{Html, Selector};
use serde_json::Value;

/// One browser with its own cookies; redirects are followed only when asked.
pub struct TestBrowser {
    base: String,
    client: Client,
    jar: Arc<Jar>,
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

/// The one element that tells of a failed sign-in.
#[derive(Debug, PartialEq, Eq)]
pub struct Flash {
    pub category: String,
    pub cause: String,
    pub reference: String,
}

impl TestBrowser {
    #[expect(clippy::disallowed_methods, reason = "the tests stand for browsers")]
    pub fn new(base: String) -> Self {
        let jar = Arc::new(Jar::default());
        let client = Client::builder()
            .cookie_provider(Arc::clone(&jar))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .build()
            .expect("a client");
        Self { base, client, jar }
    }

    /// Begins a request to a path, or to a whole address.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        self.client.request(method, url)
    }

    pub async fn open(&self, path: &str) -> Page {
        Page::read(self.request(Method::GET, path).header("sec-fetch-mode", "navigate")).await
    }

    /// Sends the form of `page` that posts to `action`, with its hidden fields and `fields`.
    pub async fn submit(&self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let mut all = page.hidden_fields(action);
        all.retain(|(name, _)| fields.iter().all(|(given, _)| given != name));
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.post(action, &all).await
    }

    /// Sends fields as a browser sends a form of ours.
    pub async fn post(&self, path: &str, fields: &[(String, String)]) -> Page {
        Page::read(self.request(Method::POST, path).header("origin", &self.base).header("sec-fetch-site", "same-origin").form(fields)).await
    }

    /// Sends JSON as a script of ours does.
    pub async fn send_json(&self, method: Method, path: &str, body: &Value) -> Page {
        Page::read(self.request(method, path).header("origin", &self.base).json(body)).await
    }

    /// Opens where an answer points to.
    pub async fn follow(&self, page: &Page) -> Page {
        self.open(page.location()).await
    }

    /// Signs in at the form and returns the answer.
    pub async fn sign_in(&self, identifier: &str, password: &str) -> Page {
        let page = self.open("/login").await;
        self.submit(&page, "/login", &[("identifier", identifier), ("password", password)]).await
    }

    /// Returns what the browser keeps under the name of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let url = Url::parse(&self.base).expect("a URL");
        let header = self.jar.cookies(&url)?;
        let text = header.to_str().expect("ASCII").to_owned();
        text.split("; ").find_map(|pair| pair.strip_prefix(&format!("{name}=")).map(str::to_owned))
    }

    /// Puts a cookie into the browser.
    pub fn set_cookie(&self, cookie: &str) {
        self.jar.add_cookie_str(cookie, &Url::parse(&self.base).expect("a URL"));
    }

    pub async fn is_signed_in(&self) -> bool {
        let page = self.open("/api/session").await;
        page.json()["signed_in"].as_bool().unwrap_or_else(|| panic!("it always says: {page:?}"))
    }
}

impl Page {
    pub async fn read(request: RequestBuilder) -> Self {
        let response: Response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.expect("a body") }
    }

    /// Returns a header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }

    #[track_caller]
    pub fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{self:?}");
        self.header("location")
    }

    /// Returns every cookie that is set, whole.
    pub fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("ASCII")).collect()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Returns the one flash of the page.
    #[track_caller]
    pub fn flash(&self) -> Option<Flash> {
        let html = Html::parse_document(&self.text);
        let selector = Selector::parse("div.flash").expect("a selector");
        let found: Vec<_> = html.select(&selector).collect();
        assert!(found.len() <= 1, "{self:?}");
        let of = |name: &str| found[0].value().attr(name).expect("an attribute").to_owned();
        (found.len() == 1).then(|| Flash { category: of("data-category"), cause: of("data-cause"), reference: of("data-reference") })
    }

    /// Returns the values of an attribute of everything that a selector finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let html = Html::parse_document(&self.text);
        let selector = Selector::parse(selector).expect("a selector");
        html.select(&selector).filter_map(|element| element.value().attr(name)).map(str::to_owned).collect()
    }

    /// Returns the hidden fields of the form that posts to `action`.
    #[track_caller]
    pub fn hidden_fields(&self, action: &str) -> Vec<(String, String)> {
        let form = format!("form[action='{action}']");
        assert!(!self.attributes(&form, "action").is_empty(), "no form to {action}: {self:?}");
        let html = Html::parse_document(&self.text);
        let form = html.select(&Selector::parse(&form).expect("a selector")).next().expect("a form");
        form.select(&Selector::parse("input[type=hidden]").expect("a selector"))
            .filter_map(|input| Some((input.value().attr("name")?.to_owned(), input.value().attr("value")?.to_owned())))
            .collect()
    }

    /// Returns the CSRF token of the page.
    #[track_caller]
    pub fn csrf_token(&self) -> String {
        self.attributes("input[name=csrf_token]", "value").into_iter().next().expect("a token")
    }
}
