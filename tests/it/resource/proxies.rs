//! The example configurations of `deploy/`, with real proxies, on loopback.
//!
//! A proxy that is not installed is not tested, and that is said; in CI it fails.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use actix_web::{App, HttpRequest, HttpServer, rt, web};
use genkan::domain::group::Group;
use genkan::domain::identifier::Identifier;
use genkan::domain::scope::Scopes;
use reqwest::Method;

use crate::issuer::world::{SECRET, register};
use crate::support::app::TestApp;
use crate::support::browser::{Page, TestBrowser};

/// A proxy between browsers, a genkan and an application; dropping it stops it.
struct Proxy {
    app: TestApp,
    address: String,
    process: Child,
    _directory: tempfile::TempDir,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Proxy {
    /// Starts everything; `command` gets the configuration file and the directory to work in.
    async fn start(program: &str, file: &str, command: impl FnOnce(&Path, &Path) -> Command) -> Option<Self> {
        if !is_installed(program) {
            return None;
        }
        let port = free_port();
        let address = format!("http://127.0.0.1:{port}");
        let app = TestApp::with(|config| config.server.public_url = address.parse().expect("a URL")).await;
        let directory = tempfile::tempdir().expect("a directory");
        let text = std::fs::read_to_string(format!("deploy/{file}")).expect("an example");
        let text = text.replace(":8080", &format!(":{}", app.port)).replace(":3000", &format!(":{}", start_application()));
        let path = directory.path().join(file);
        std::fs::write(&path, text.replace(":8000", &format!(":{port}"))).expect("a file");
        let mut command = command(&path, directory.path());
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        let proxy = Self { app, address, process, _directory: directory };
        proxy.await_answer().await;
        Some(proxy)
    }

    async fn nginx() -> Option<Self> {
        let command = |config: &Path, directory: &Path| {
            let main = directory.join("main.conf");
            let text = format!(
                "daemon off; pid nginx.pid; error_log stderr;\nevents {{}}\nhttp {{\n access_log off;\n include {};\n}}\n",
                config.display()
            );
            std::fs::write(&main, text).expect("a file");
            let mut command = Command::new("/usr/sbin/nginx");
            command.arg("-p").arg(directory).arg("-c").arg(main);
            command
        };
        Self::start("/usr/sbin/nginx", "nginx.conf", command).await
    }

    async fn caddy() -> Option<Self> {
        let command = |config: &Path, directory: &Path| {
            let mut command = Command::new("/usr/bin/caddy");
            command.args(["run", "--adapter", "caddyfile", "--config"]).arg(config).env("HOME", directory).env("XDG_DATA_HOME", directory);
            command
        };
        Self::start("/usr/bin/caddy", "Caddyfile", command).await
    }

    async fn await_answer(&self) {
        let until = Instant::now() + Duration::from_secs(20);
        while TcpListener::bind(self.address.trim_start_matches("http://")).is_ok() {
            assert!(Instant::now() < until, "the proxy does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn browser(&self) -> TestBrowser {
        TestBrowser::new(self.address.clone())
    }

    /// Registers somebody, through the proxy.
    async fn browser_of(&self, username: &str) -> TestBrowser {
        let (browser, email) = (self.browser(), format!("{username}@example.com"));
        let page = browser.open("/register").await;
        let fields = [("name", "山田 花子"), ("username", username), ("email", email.as_str()), ("password", "correct horse battery")];
        let page = browser.submit(&page, "/register", &fields).await;
        assert_eq!(page.status, 303, "{page:?}");
        browser
    }
}

fn is_installed(program: &str) -> bool {
    let is_there = Path::new(program).exists();
    if !is_there {
        println!("{program} is not installed: its example was not tested");
        #[expect(clippy::disallowed_methods, reason = "the environment is how a test learns of CI")]
        let is_ci = std::env::var("CI").as_deref() == Ok("true");
        assert!(!is_ci, "{program} has to be installed in CI");
    }
    is_there
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}

/// Starts an application that answers with what it is told of the person; returns its port.
fn start_application() -> u16 {
    let answer = async |req: HttpRequest| {
        let of = |name: &str| req.headers().get_all(name).filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join("+");
        let program = match of("x-genkan-client") {
            none if none.is_empty() => String::new(),
            client => format!("/{client}/{}", of("x-genkan-scope")),
        };
        format!("{}|{}|{}|{}{program}", req.uri(), of("x-genkan-user"), of("x-genkan-email"), of("x-genkan-name"))
    };
    let server = HttpServer::new(move || App::new().default_service(web::to(answer))).workers(1).bind("127.0.0.1:0").expect("a port");
    let port = server.addrs()[0].port();
    rt::spawn(server.run());
    port
}

/// Goes through what every proxy has to do.
async fn play(proxy: &Proxy) {
    let nobody = proxy.browser();
    let sent = nobody.open("/app/page?a=b&c=d").await;
    assert_eq!(sent.location(), format!("{}/login?return_to=%2Fapp%2Fpage%3Fa%3Db%26c%3Dd", proxy.address));

    let browser = proxy.browser_of("hanako").await;
    let store = &proxy.app.state.signin.store;
    let user = store.find_user_by_identifier(&Identifier::parse("hanako")).await.expect("a query").expect("a user").id;
    let spoofed = browser.request(Method::GET, "/app/page?a=b").header("x-genkan-user", "root").header("x-genkan-client", "root");
    let page = Page::read(spoofed).await;
    assert_eq!(page.text, format!("/app/page?a=b|{user}|hanako@example.com|%E5%B1%B1%E7%94%B0 %E8%8A%B1%E5%AD%90"));

    play_programs(proxy, &browser).await;
    assert_eq!(browser.open("/app/editors/").await.status, 403);
    let group = Group::parse("editors").expect("a group");
    store.insert_group_member(user, &group, proxy.app.clock.now()).await.expect("joined");
    assert_eq!(browser.open("/app/editors/").await.status, 200);

    proxy.app.execute("DELETE FROM sessions");
    proxy.app.clock.advance(Duration::from_secs(1));
    assert_eq!(browser.open("/app/").await.location(), format!("{}/login?return_to=%2Fapp%2F", proxy.address));
    assert_eq!(browser.open("/login").await.status, 200);
    let other = proxy.browser_of("taro").await;
    proxy.app.break_database();
    proxy.app.clock.advance(Duration::from_secs(1));
    let broken = other.open("/app/").await;
    assert!(broken.status >= 500 && !broken.text.contains("hanako"), "{broken:?}");
}

/// Goes through what programs with a token are answered.
async fn play_programs(proxy: &Proxy, somebody: &TestBrowser) {
    let client = register(&proxy.app, |client| client.metadata.scopes = Scopes::parse("app:use app:look").expect("scopes")).await;
    let token = async |scope: &str| {
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        let request = proxy.browser().request(Method::POST, "/oauth/token").basic_auth(client.id.as_str(), Some(SECRET)).form(&form);
        Page::read(request).await.json()["access_token"].as_str().expect("a token").to_owned()
    };
    let ask = async |token: &str| {
        let request = proxy.browser().request(Method::GET, "/app/api/pots").header("x-genkan-user", "root");
        Page::read(request.bearer_auth(token)).await
    };

    let passed = ask(&token("app:use").await).await;
    assert_eq!((passed.status, passed.text.as_str()), (200, format!("/app/api/pots|||/{}/app:use", client.id).as_str()));
    let narrow = ask(&token("app:look").await).await;
    assert_eq!(narrow.status, 403, "{narrow:?}");
    assert!(narrow.header("www-authenticate").contains("insufficient_scope"), "{narrow:?}");
    let invalid = ask("nonsense").await;
    assert_eq!(invalid.status, 401, "{invalid:?}");
    assert!(invalid.header("www-authenticate").contains("invalid_token"), "{invalid:?}");
    let missing = proxy.browser().open("/app/api/pots").await;
    assert_eq!((missing.status, missing.header("www-authenticate")), (401, "Bearer realm=\"genkan\""));
    let of_session = Page::read(somebody.request(Method::GET, "/app/api/pots").header("x-genkan-client", "root")).await;
    assert!(of_session.status == 200 && !of_session.text.contains("root"), "{of_session:?}");
}

#[actix_web::test]
async fn nginx_lets_pass_whom_genkan_lets_pass() {
    if let Some(proxy) = Proxy::nginx().await {
        play(&proxy).await;
    }
}

#[actix_web::test]
async fn caddy_lets_pass_whom_genkan_lets_pass() {
    if let Some(proxy) = Proxy::caddy().await {
        play(&proxy).await;
    }
}
