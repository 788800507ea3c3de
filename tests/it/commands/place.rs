//! A directory of its own, and the real binary run in it.

use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use tempfile::TempDir;

/// A directory that genkan is run in.
pub struct Place(TempDir);

/// How a command ended.
pub struct Ended {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Place {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    pub fn with_file(text: &str) -> Self {
        let place = Self::new();
        std::fs::write(place.path().join("genkan.toml"), text).expect("a file");
        place
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Prepares a run without any variable of this process.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_genkan"));
        command.args(args).current_dir(self.path()).env_clear().stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ended {
        self.run_with(args, &[])
    }

    pub fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Ended {
        let output = self.command(args).envs(variables.iter().copied()).output().expect("the command runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Ended { status: output.status, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Runs a command that has to end well; returns what it printed.
    #[track_caller]
    pub fn succeed(&self, args: &[&str]) -> String {
        let ended = self.run(args);
        assert_eq!(ended.status.code(), Some(0), "{args:?}: {}{}", ended.stdout, ended.stderr);
        ended.stdout
    }

    /// Runs a command that has to fail; returns what it complained.
    #[track_caller]
    pub fn fail(&self, code: i32, args: &[&str]) -> String {
        let ended = self.run(args);
        assert_eq!(ended.status.code(), Some(code), "{args:?}: {}{}", ended.stdout, ended.stderr);
        ended.stderr
    }

    pub fn create_hanako(&self) -> String {
        self.succeed(&["user", "create", "--name", "Hanako Yamada", "--username", "hanako", "--email", "hanako@example.com"])
    }
}
