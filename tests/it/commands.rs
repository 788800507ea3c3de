//! The commands as an operator meets them: the real binary, exit codes, messages.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use tempfile::TempDir;

/// A value that must never be seen again.
const CANARY: &str = "canary-5up3r-s3cr3t-value-of-32-chars";

/// A directory that genkan is run in.
struct Place(TempDir);

/// How a command ended.
struct Ended {
    status: ExitStatus,
    stdout: String,
    stderr: String,
}

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn with_file(text: &str) -> Self {
        let place = Self::new();
        std::fs::write(place.path().join("genkan.toml"), text).expect("a file");
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Prepares a run without any variable of this process.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_genkan"));
        command.args(args).current_dir(self.path()).env_clear().stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Ended {
        self.run_with(args, &[])
    }

    fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Ended {
        let output = self.command(args).envs(variables.iter().copied()).output().expect("the command runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Ended { status: output.status, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Runs a command that has to end well; returns what it printed.
    #[track_caller]
    fn succeed(&self, args: &[&str]) -> String {
        let ended = self.run(args);
        assert_eq!(ended.status.code(), Some(0), "{args:?}: {}{}", ended.stdout, ended.stderr);
        ended.stdout
    }

    /// Runs a command that has to fail; returns what it complained.
    #[track_caller]
    fn fail(&self, code: i32, args: &[&str]) -> String {
        let ended = self.run(args);
        assert_eq!(ended.status.code(), Some(code), "{args:?}: {}{}", ended.stdout, ended.stderr);
        ended.stderr
    }

    fn create_hanako(&self) -> String {
        self.succeed(&["user", "create", "--name", "Hanako Yamada", "--username", "hanako", "--email", "hanako@example.com"])
    }
}

/// A server that is killed when the test ends.
struct Serving(Child);

impl Serving {
    /// Reads standard error until a line has all of `words`; returns that line.
    #[track_caller]
    fn wait_for(&mut self, words: &[&str]) -> String {
        let stderr = self.0.stderr.take().expect("a pipe");
        let mut seen = String::new();
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            if words.iter().all(|word| line.contains(word)) {
                return line;
            }
            seen.push_str(&line);
            seen.push('\n');
        }
        panic!("ended without a line with {words:?}:\n{seen}");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn help_tells_every_command_and_the_exit_codes() {
    let place = Place::new();

    let help = place.succeed(&["--help"]);

    for command in ["serve", "demo", "migrate", "check", "user", "explain", "Exit codes"] {
        assert!(help.contains(command), "{help}");
    }
    for command in ["serve", "demo", "migrate", "check", "user", "explain"] {
        assert!(!place.succeed(&[command, "--help"]).is_empty());
    }
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let place = Place::new();

    place.fail(2, &["serve", "--colour"]);
    place.fail(2, &["user"]);
    place.fail(2, &["user", "sign-out"]);
    assert!(place.fail(2, &["explain", "token_timout"]).contains("did you mean token_timeout?"));
}

#[test]
fn explain_says_what_a_cause_means() {
    let text = Place::new().succeed(&["explain", "token_timeout"]);

    assert!(text.contains("idp_outage") && text.contains("What to do"), "{text}");
}

#[test]
fn dp_05_a_refused_configuration_ends_with_2_and_names_key_source_and_remedy_without_the_value() {
    for (text, expected) in [
        (
            format!("[server]\nsecrte = \"{CANARY}\"\n"),
            "server.secrte: there is no such key (from genkan.toml line 2); did you mean `secret`?",
        ),
        (format!("[database]\nurl = \"{CANARY}\"\n"), "database.url: it is no database URL that is known here (from genkan.toml line 2)"),
        (format!("[password]\ncost = \"{CANARY}\"\n"), "password.cost: it must be a whole number from 10 to 16 (from genkan.toml line 2)"),
    ] {
        for command in ["serve", "migrate", "user", "check"] {
            let args: &[&str] = if command == "user" { &["user", "list"] } else { &[command] };

            let ended = Place::with_file(&text).run(args);

            let said = format!("{}{}", ended.stdout, ended.stderr);
            assert_eq!(ended.status.code(), Some(2), "{command}: {said}");
            assert!(said.contains(expected) && !said.contains("canary"), "{command}: {said}");
        }
    }
}

#[test]
fn dp_05_a_refused_variable_is_named_and_its_value_is_not_shown() {
    let ended = Place::new().run_with(&["serve"], &[("GENKAN_SERVER__SECRE", CANARY)]);

    assert_eq!(ended.status.code(), Some(2));
    assert!(ended.stderr.contains("GENKAN_SERVER__SECRE"), "{}", ended.stderr);
    assert!(ended.stderr.contains("did you mean GENKAN_SERVER__SECRET?"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("canary"), "{}", ended.stderr);
}

#[test]
fn a_configuration_file_that_is_named_has_to_be_there() {
    assert!(Place::new().fail(2, &["--config", "missing.toml", "serve"]).contains("missing.toml"));
}

#[test]
fn migrate_says_what_it_applied_and_then_that_nothing_is_left() {
    let place = Place::new();

    assert!(place.succeed(&["migrate"]).starts_with("Applied"));
    assert_eq!(place.succeed(&["migrate"]).trim(), "The database is up to date.");
}

#[test]
fn si_09_a_new_installation_has_no_users_and_a_made_one_gets_a_link_that_works_once() {
    let place = Place::new();
    assert_eq!(place.succeed(&["user", "list", "--json"]).trim(), "[]");

    let made = place.create_hanako();

    let link = made.lines().last().expect("a link");
    assert!(link.starts_with("http://localhost:8080/reset/"), "{made}");
    let listed = place.succeed(&["user", "list"]);
    assert!(listed.contains("hanako") && !listed.contains("operator"), "{listed}");
}

#[test]
fn si_09_the_first_operator_is_made_by_a_command() {
    let place = Place::new();

    place.succeed(&["user", "create", "--name", "Taro", "--username", "taro", "--operator"]);

    assert!(place.succeed(&["user", "list"]).contains("(operator)"));
}

#[test]
fn users_are_named_by_user_name_address_or_id() {
    let place = Place::new();
    place.create_hanako();
    let users: serde_json::Value = serde_json::from_str(&place.succeed(&["user", "list", "--json"])).expect("JSON");
    let id = users[0]["id"].as_str().expect("an id");

    assert_eq!(place.succeed(&["user", "disable", "Hanako"]).trim(), "hanako is disabled; 0 sessions ended.");
    assert!(place.succeed(&["user", "list"]).contains("(disabled)"));
    assert_eq!(place.succeed(&["user", "enable", "hanako@example.com"]).trim(), "hanako is enabled.");
    assert_eq!(place.succeed(&["user", "make-operator", id]).trim(), "hanako is an operator.");
    assert!(place.fail(1, &["user", "disable", "nobody"]).contains("there is no such user"));
}

#[test]
fn a_taken_user_name_or_address_is_told() {
    let place = Place::new();
    place.create_hanako();

    let taken = place.fail(1, &["user", "create", "--name", "H", "--username", "HANAKO"]);
    assert!(taken.contains("--username: somebody has this user name"), "{taken}");
    let taken = place.fail(1, &["user", "create", "--name", "H", "--username", "h", "--email", "Hanako@example.com"]);
    assert!(taken.contains("--email: this address belongs to an account"), "{taken}");
    assert!(place.fail(2, &["user", "create", "--name", "H", "--username", "a b"]).contains("--username:"));
}

#[test]
fn links_and_sign_out_answer_with_what_happened() {
    let place = Place::new();
    place.create_hanako();

    assert!(place.succeed(&["user", "reset-link", "hanako"]).starts_with("http://localhost:8080/reset/"));
    assert!(place.succeed(&["user", "invite"]).starts_with("http://localhost:8080/register"));
    assert_eq!(place.succeed(&["user", "sign-out", "hanako"]).trim(), "0 sessions ended.");
    assert_eq!(place.succeed(&["user", "sign-out", "--all"]).trim(), "0 sessions ended.");
}

#[test]
fn ky_03_a_master_key_that_others_can_read_stops_every_command_that_needs_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    place.succeed(&["user", "list"]);
    let key = place.path().join("genkan.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("permissions");

    assert!(place.fail(2, &["user", "list"]).contains("run: chmod 600 genkan.key"));
    assert!(place.fail(2, &["serve"]).contains("run: chmod 600 genkan.key"));
}

#[test]
fn check_makes_nothing_and_tells_each_step() {
    let place = Place::new();

    let text = place.succeed(&["check"]);

    assert!(text.contains("the first start makes it"), "{text}");
    assert_eq!(std::fs::read_dir(place.path()).expect("the directory").count(), 0, "nothing was made");
    place.succeed(&["user", "list"]);
    let json: serde_json::Value = serde_json::from_str(&place.succeed(&["check", "--json"])).expect("JSON");
    assert_eq!(json["ok"], true, "{json}");
}

#[test]
fn check_ends_with_1_if_a_provider_does_not_answer() {
    let provider =
        "[[providers]]\nid = \"gone\"\npreset = \"oidc\"\nissuer = \"http://127.0.0.1:1\"\nclient_id = \"a\"\nclient_secret = \"b\"\n";
    let place = Place::with_file(provider);

    let ended = place.run(&["check"]);

    assert_eq!(ended.status.code(), Some(1), "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("failed   provider gone: metadata"), "{}", ended.stdout);
}

#[test]
fn serve_is_the_default_and_says_where_it_keeps_the_master_key() {
    let place = Place::new();
    let mut command = place.command(&[]);
    command.env("GENKAN_SERVER__LISTEN", "127.0.0.1:0").env("GENKAN_LOG__FORMAT", "json").stderr(Stdio::piped());

    let line = Serving(command.spawn().expect("a server")).wait_for(&["master_key_made"]);

    let json: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!((json["event"].as_str(), json["path"].as_str()), (Some("master_key_made"), Some("genkan.key")));
}

#[test]
fn demo_needs_nothing_and_ignores_file_and_environment() {
    let place = Place::with_file("this is no configuration");
    let mut command = place.command(&["demo", "--listen", "127.0.0.1:0", "--lab-listen", "127.0.0.1:0"]);
    command.env("GENKAN_NONSENSE", "1").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut demo = Serving(command.spawn().expect("a demo"));

    let stdout = BufReader::new(demo.0.stdout.take().expect("a pipe"));
    let open = stdout.lines().map_while(Result::ok).find(|line| line.contains("Open this"));

    assert!(open.is_some_and(|line| line.contains("http://127.0.0.1:")), "no address was told");
    assert!(place.path().join("genkan-demo.db").exists());
}
