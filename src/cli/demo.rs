//! `genkan demo`

mod application;
mod operator;
mod providers;

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use url::Url;

use self::operator::OPERATOR;
use self::providers::{Providers, log_line};
use super::output::{CommandError, Output};
use crate::app::Application;
use crate::clock::Clock;
use crate::config::{Config, MailConfig, MailTls};
use crate::lab::{Lab, LabConfig};
use crate::ops::recent::Recent;
use crate::{ops, random};

/// Where to listen and what to keep; nothing of the lab can be reached from `serve`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where genkan listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the lab provider listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8081")]
    lab_listen: SocketAddr,
    /// Where genkan-demo.db and its key are kept
    #[arg(long, value_name = "DIR", default_value = ".")]
    data: PathBuf,
    /// Adds a provider that the lab plays and that is read in this preset's dialect; may be repeated
    #[arg(long, value_name = "PRESET")]
    preset: Vec<String>,
    /// Proves addresses by a letter before they count, as a site with mail does; without it they count at once
    #[arg(long)]
    verify_email: bool,
}

/// Starts the lab and genkan beside it, and says what to open.
pub(super) async fn run(args: Args) -> Result<Output, CommandError> {
    let listen = choose_port("--listen", args.listen)?;
    let lab_listen = choose_port("--lab-listen", args.lab_listen)?;
    std::fs::create_dir_all(&args.data).map_err(|error| CommandError::Failed(format!("--data: it cannot be made: {}", error.kind())))?;
    let database = args.data.join("genkan-demo.db");

    let mut config = Config::default();
    config.server.listen = listen;
    config.server.public_url = url_of(listen);
    config.database.url = format!("sqlite:{}", database.display()).into();
    let recent = Arc::new(Recent::default());
    ops::log::init_with(&config.log, Arc::clone(&recent));

    let client_secret = random::token();
    let providers = Providers::with(&args.preset);
    let client = providers.client(&config.server, &client_secret);
    let lab = Lab::start(LabConfig { listen: lab_listen, clients: vec![client] })?;
    lab.set_log(move || recent.lines().into_iter().map(log_line).collect());
    providers.configure(&mut config, &lab.issuer(), &client_secret);
    config.mail = Some(mailbox(lab.open_mailbox()?));
    config.signin.verify_email = Some(args.verify_email);
    let public_url = config.server.origin();
    let application = Application::build(config, Clock::system()).await?;
    let (operator, link) = operator::make_link(&application.state().signin).await?;
    application::register(&application.state().issuer, operator, &lab).await?;
    Output::lines(welcome(&public_url, &lab.issuer(), &database.display().to_string(), link.as_str())).print();
    application.run().await?;
    lab.stop();
    Ok(Output::nothing())
}

/// Looks whether the address is free, and takes a free port for port 0.
fn choose_port(option: &str, listen: SocketAddr) -> Result<SocketAddr, CommandError> {
    TcpListener::bind(listen).and_then(|listener| listener.local_addr()).map_err(|error| {
        let other = SocketAddr::new(listen.ip(), 0);
        CommandError::Failed(format!(
            "{listen} cannot be listened on: {}; choose another with {option}, as in {option} {other}",
            error.kind()
        ))
    })
}

/// Returns the address to open; a listener on every address is opened on this machine.
fn url_of(listen: SocketAddr) -> Url {
    let ip = if listen.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { listen.ip() };
    let text = format!("http://{}", SocketAddr::new(ip, listen.port()));
    Url::parse(&text).expect("an address and a port make a URL")
}

/// Sends every letter to the lab, which shows it.
fn mailbox(address: SocketAddr) -> MailConfig {
    MailConfig {
        host: address.ip().to_string(),
        port: Some(address.port()),
        tls: MailTls::None,
        username: None,
        password: None,
        password_file: None,
        from: "genkan@demo.example".to_owned(),
        timeout_secs: 20,
    }
}

fn welcome(genkan: &str, lab: &str, database: &str, operator: &str) -> String {
    format!(
        "
  genkan 玄関 is open for a look around.

    Open this        {genkan}
    An application   {lab}/app   signs you in with genkan, and shows what it got
    The log          {lab}/log   one line for each sign-in that ended
    Letters          {lab}/mail   what genkan mails to anybody
    For operators    {operator}
                     sets your password as the user {OPERATOR}; works once
    The lab          {lab}   a provider that fails on request
    What is kept     {database} and the key beside it; delete both to start afresh

  Try this

    1. Register with a user name, an address and a password. Sign out, and in again.
       Forget the password, and open the link in the letter.
    2. Press \"Lab\" on the sign-in page, pick a person and approve. \"Lab OAuth 2.0\"
       is the same without OpenID Connect.
    3. Do that again, but press Cancel, or pick one of the failures: the page that
       you land on says what happened and what you can do. Keep the log open in a
       window beside it: the reference on the page is the one in its line.
    4. Start with the lab, delete the cookies of this site, then approve.
    5. Open the application and sign in: genkan asks whether it may come in, and the
       application shows the ID Token, checked, and what /api/me told it. Then let it
       make a mistake, and read what a developer is told.
    6. Be the operator: follow the link above, sign in as {OPERATOR}, and open /ops.
       Type a reference that you were shown, and read its story. Under /applications
       is the application, with all that it was refused, and why.

  The log, there and below, has one line for each attempt that ends: debug if the person
  cancelled, info if the browser lost something, warn if the provider is in
  trouble, error for the rest. Ctrl+C ends the demo.

  The demo has settings of its own and reads no genkan.toml and no GENKAN_… variable;
  genkan demo --help says what can be chosen.
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_refused_with_the_option_that_chooses_another() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = taken.local_addr().expect("an address");

        let error = choose_port("--lab-listen", address).expect_err("a refusal");

        assert!(error.to_string().ends_with("choose another with --lab-listen, as in --lab-listen 127.0.0.1:0"), "{error}");
        assert_eq!(error.code(), 1);
    }

    #[test]
    fn the_address_to_open_names_this_machine() {
        for (listen, url) in [("127.0.0.1:1", "http://127.0.0.1:1/"), ("0.0.0.0:2", "http://127.0.0.1:2/"), ("[::1]:3", "http://[::1]:3/")]
        {
            assert_eq!(url_of(listen.parse().expect("an address")).as_str(), url);
        }
    }
}
