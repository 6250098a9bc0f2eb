//! A folder of its own for each test, with a key, a small shop whose rows hold unmistakable persons, and the binary run
//! there with nobody's home or environment.

use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rusqlite::Connection;
use tempfile::TempDir;

/// The person who must never show, in every written form. The number is of Skatteverket's test series, the phone of
/// PTS's series for fiction.
pub(crate) const CANARIES: [&str; 17] = [
    "Strömvalla",
    "strömvalla",
    "STRÖMVALLA",
    "stromvalla",
    "710517-9829",
    "710517 9829",
    "7105179829",
    "19710517-9829",
    "197105179829",
    "070-174 06 35",
    "0701740635",
    "070-1740635",
    "+46701740635",
    "46701740635",
    "70 174 06 35",
    "Kvarnbäcksgatan",
    "kvarnbäcksgatan",
];

/// The person's number as it is given to searches.
pub(crate) const NUMBER: &str = "19710517-9829";

pub(crate) const SCHEMA: &str = "
    CREATE TABLE kund (id INTEGER PRIMARY KEY, namn TEXT, pnr TEXT, epost TEXT, mobil TEXT, adress TEXT);
    CREATE TABLE anteckning (id INTEGER PRIMARY KEY, kund_id INTEGER REFERENCES kund(id), text TEXT);";

pub(crate) const POLICY: &str = r#"
version = 1

[[subject]]
name = "kund"
table = "kund"
identifiers = [{ column = "pnr", category = "personal_number" }]

[[table]]
name = "kund"
erase = "anonymise"

[[column]]
table = "kund"
column = "namn"
category = "person_name"
strategy = "constant"
value = "Anonymiserad"

[[column]]
table = "kund"
column = "pnr"
category = "personal_number"
strategy = "null"

[[column]]
table = "kund"
column = "epost"
category = "email"
strategy = "null"

[[column]]
table = "kund"
column = "mobil"
category = "phone"
strategy = "null"

[[column]]
table = "kund"
column = "adress"
category = "postal_address"
strategy = "null"

[[table]]
name = "anteckning"
erase = "delete"
"#;

/// A test's own folder.
pub(crate) struct House {
    pub(crate) dir: TempDir,
}

/// How a run ended and what it said.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(output: std::process::Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Standard output as one JSON document.
    pub(crate) fn json(&self) -> serde_json::Value {
        let document: serde_json::Value =
            serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert_eq!(document["version"], 1, "{self:?}");
        document
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    /// What must hold of every failure: it names the thing and the remedy, and shows no value and no panic.
    #[track_caller]
    pub(crate) fn fails(self, code: i32, needles: &[&str]) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        for needle in needles {
            assert!(self.err.contains(needle), "no {needle:?} in {self:?}");
        }
        self.keeps_quiet_about_persons()
    }

    #[track_caller]
    pub(crate) fn keeps_quiet_about_persons(self) -> Self {
        for canary in CANARIES {
            assert!(!self.out.contains(canary) && !self.err.contains(canary), "{canary:?} shows in {self:?}");
        }
        assert!(!self.err.contains("panicked") && !self.err.contains("internal error"), "{self:?}");
        self
    }
}

impl House {
    /// A folder with a key.
    pub(crate) fn empty() -> Self {
        let house = Self { dir: tempfile::tempdir().unwrap() };
        house.write("key", &"5a".repeat(32));
        house.chmod("key", 0o600);
        house
    }

    /// With the shop, the policy and the person's number.
    pub(crate) fn with_shop() -> Self {
        let house = Self::empty();
        shop(&house.path("shop.db"), 40);
        house.write("policy.toml", POLICY);
        house.write("person.txt", &format!("{NUMBER}\n"));
        house
    }

    /// With a map of the shop.
    pub(crate) fn with_map() -> Self {
        let house = Self::with_shop();
        house.run(&["scan", "sqlite:shop.db", "-o", "shop.map", "--quiet"]).exits(0);
        house
    }

    /// With a plan to erase the person.
    pub(crate) fn with_plan() -> Self {
        let house = Self::with_map();
        house.run(&PLAN).exits(0);
        house
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn chmod(&self, name: &str, mode: u32) {
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(mode)).unwrap();
    }

    pub(crate) fn mode(&self, name: &str) -> u32 {
        std::fs::metadata(self.path(name)).unwrap().permissions().mode() & 0o777
    }

    pub(crate) fn open(&self, name: &str) -> Connection {
        Connection::open(self.path(name)).unwrap()
    }

    /// Names in the folder: nothing may come or stay that was not asked for.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        let entries = std::fs::read_dir(self.dir.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// The binary in this folder, without the surroundings' variables.
    pub(crate) fn sanera(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sanera"));
        command.args(arguments).current_dir(self.dir.path()).stdin(Stdio::null());
        for name in ["SANERA_KEY", "SANERA_LOG", "DATABASE_URL", "COLUMNS", "RUST_LOG"] {
            command.env_remove(name);
        }
        let config = self.path("config");
        command.env("SANERA_KEY_FILE", self.path("key")).env("HOME", self.dir.path()).env("XDG_CONFIG_HOME", config);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.sanera(arguments).output().unwrap())
    }

    /// Runs with a text on standard input.
    pub(crate) fn feed(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut command = self.sanera(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        std::thread::scope(|scope| {
            // A command that fails early closes its input.
            scope.spawn(move || stdin.write_all(input).ok());
            Run::of(child.wait_with_output().unwrap())
        })
    }

    /// A run that must fail and leave the folder as it was.
    #[track_caller]
    pub(crate) fn fails(&self, arguments: &[&str], code: i32, needles: &[&str]) -> Run {
        let before = self.contents();
        let run = self.run(arguments).fails(code, needles);
        assert!(self.contents() == before, "{arguments:?} changed the folder: {:?}", self.names());
        run
    }

    /// Every file with its bytes.
    pub(crate) fn contents(&self) -> Vec<(String, Vec<u8>)> {
        let read = |name: String| {
            let bytes = std::fs::read(self.path(&name)).unwrap_or_default();
            (name, bytes)
        };
        self.names().into_iter().map(read).collect()
    }
}

/// The plan that [`House::with_plan`] makes.
pub(crate) const PLAN: [&str; 12] = [
    "plan",
    "erase",
    "sqlite:shop.db",
    "--map",
    "shop.map",
    "--policy",
    "policy.toml",
    "--personal-number",
    "@person.txt",
    "-o",
    "erase.sql",
    "--quiet",
];

/// A shop with the person in row 1 and so many others.
pub(crate) fn shop(path: &Path, others: u32) {
    let mut db = Connection::open(path).unwrap();
    let write = db.transaction().unwrap();
    write.execute_batch(SCHEMA).unwrap();
    let customer = "INSERT INTO kund VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let person =
        ("Ebba Strömvalla", "710517-9829", "ebba.stromvalla@example.se", "070-174 06 35", "Kvarnbäcksgatan 71");
    write.execute(customer, (1, person.0, person.1, person.2, person.3, person.4)).unwrap();
    let text = "Ebba Strömvalla (19710517-9829) ringde från 070-174 06 35 om Kvarnbäcksgatan 71";
    write.execute("INSERT INTO anteckning VALUES (1, 1, ?1)", [text]).unwrap();
    for n in 2..others + 2 {
        let (birth, serial) = (format!("{:02}{:02}{:02}", 50 + n % 40, 1 + n % 12, 1 + n % 28), 980 + n % 2);
        let email = format!("kund{n}@example.org");
        let mobile = format!("070-174 06 {:02}", 36 + n % 60);
        let row = (n, format!("Anna Andersson {n}"), number(&birth, serial), email, mobile, format!("Storgatan {n}"));
        write.execute(customer, row).unwrap();
    }
    write.commit().unwrap();
}

/// `YYMMDD-NNNC` with its check digit.
pub(crate) fn number(birth: &str, serial: u32) -> String {
    let digits = format!("{birth}{serial:03}");
    let sum: u32 = digits
        .chars()
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, weight)| digit.to_digit(10).unwrap() * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    format!("{birth}-{serial:03}{}", (10 - sum % 10) % 10)
}
