//! What the tests of the finished program share: a folder of its own with a key, and the program started in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder for one test with its own configuration, so that no test sees the user's key or another test's.
pub(crate) struct Workspace {
    folder: tempfile::TempDir,
}

/// What a run of the program came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The URL of a database file in the folder.
    pub(crate) fn url(&self, name: &str) -> String {
        format!("sqlite:{}", self.path(name).display())
    }

    /// The program, ready to run in the folder.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sanera"));
        for variable in ["SANERA_KEY", "SANERA_KEY_FILE", "SANERA_LOG", "DATABASE_URL"] {
            command.env_remove(variable);
        }
        command.current_dir(self.folder.path()).env("XDG_CONFIG_HOME", self.path("config")).args(words);
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        let Output { status, stdout, stderr } = self.command(words).output().expect("the program starts");
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        Ran { code: status.code().expect("no signal ended it"), stdout: text(stdout), stderr: text(stderr) }
    }

    /// Runs a command that must succeed; what it printed to standard output.
    pub(crate) fn succeed(&self, words: &[&str]) -> String {
        let ran = self.run(words);
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.stderr);
        ran.stdout
    }

    /// Runs a command that must succeed and print one JSON document.
    pub(crate) fn json(&self, words: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.succeed(words)).expect("standard output is JSON")
    }
}

/// SHA-256 of a database file and of what SQLite keeps beside it. A file that is not there counts as empty: whoever is
/// last to close a database takes its empty write-ahead log away.
pub(crate) fn digests(database: &Path) -> [String; 3] {
    use sha2::{Digest, Sha256};
    files(database).map(|path| sanera::secret::hex(&Sha256::digest(std::fs::read(path).unwrap_or_default())))
}

/// The database file, its write-ahead log and its journal, whether they are there or not. (The -shm file is SQLite's
/// shared memory: readers note their locks in it, and nothing of a row stands there.)
pub(crate) fn files(database: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-journal"].map(|end| {
        let mut name = database.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}

/// A name as SQL writes it, whatever stands in it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Adds the check digit to the nine digits of a personal number without century, by the Luhn formula.
pub(crate) fn with_check_digit(nine: &str) -> String {
    let sum: u32 = nine
        .chars()
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, weight)| digit.to_digit(10).expect("a digit") * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    format!("{nine}{}", (10 - sum % 10) % 10)
}
