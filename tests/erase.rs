//! A person is searched, planned and erased by the finished program, and then looked for with plain SQL and in the raw
//! bytes. Nothing here asks the detector: what is a trace of a person is spelt out by the test itself.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;
#[path = "common/person.rs"]
mod person;
#[path = "common/rows.rs"]
mod rows;

use std::collections::BTreeMap;
use std::path::PathBuf;

use common::{Ran, Workspace, digests};
use person::Traces;
use rows::Hers;
use rusqlite::Connection;
use sanera::demo::{Options, Person, Role, Summary, build};
use serde_json::Value as Json;

const POLICY: &str = include_str!("../fixtures/scenario_a/policy.toml");

/// Scenario A in a folder, with the policy beside it.
struct Town {
    space: Workspace,
    summary: Summary,
}

impl Town {
    fn new(journal: &str) -> Self {
        let space = Workspace::new();
        let summary = build(&space.path("a.db"), &Options { customers: 120, seed: 3 }).unwrap();
        std::fs::write(space.path("policy.toml"), POLICY).unwrap();
        let town = Self { space, summary };
        town.open().pragma_update(None, "journal_mode", journal).unwrap();
        town
    }

    fn database(&self) -> PathBuf {
        self.space.path("a.db")
    }

    fn url(&self) -> String {
        self.space.url("a.db")
    }

    fn open(&self) -> Connection {
        let connection = Connection::open(self.database()).unwrap();
        connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA secure_delete = OFF").unwrap();
        connection
    }

    fn person(&self, role: Role) -> &Person {
        self.summary.people.iter().find(|person| person.role == role).unwrap()
    }

    fn space_file(&self, name: &str) -> String {
        std::fs::read_to_string(self.space.path(name)).unwrap()
    }

    fn scan(&self) {
        self.space.succeed(&["scan", &self.url(), "-q"]);
    }

    fn search(&self, identifiers: &[&str]) -> Vec<Json> {
        let url = self.url();
        let words = [&["search", &url, "--json", "--show-values"], identifiers].concat();
        self.space.json(&words)["places"].as_array().unwrap().clone()
    }

    fn plan(&self, identifiers: &[&str]) -> Ran {
        let url = self.url();
        let words = ["plan", "erase", &url, "--policy", "policy.toml", "-o", "erase.sql", "--json"];
        self.space.run(&[&words, identifiers].concat())
    }

    fn apply(&self, how: &[&str]) -> Ran {
        self.space.run(&[&["apply", &self.url(), "erase.sql"], how].concat())
    }
}

/// The effect of a plan, by table and action.
fn effect(planned: &Ran) -> BTreeMap<(String, String), u64> {
    let verdict: Json = serde_json::from_str(&planned.stdout).unwrap();
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let effect = verdict["effect"].as_array().unwrap();
    effect.iter().map(|it| ((text(&it["table"]), text(&it["action"])), it["rows"].as_u64().unwrap())).collect()
}

#[test]
fn no_byte_of_an_erased_person_stays_with_a_rollback_journal() {
    erased_without_a_trace("delete");
}

#[test]
fn no_byte_of_an_erased_person_stays_with_a_write_ahead_log() {
    erased_without_a_trace("wal");
}

fn erased_without_a_trace(journal: &str) {
    let town = Town::new(journal);
    let person = person::plant(&town.open());
    let traces = Traces::of(&person);
    let before = traces.in_bytes(&town.database());
    assert!(before.len() > 15, "planted in many forms: {before:?}");
    town.scan();
    let identifiers =
        ["--personal-number", &person.personal_number, "--email", &person.email, "--phone", &person.phone];
    assert!(!town.search(&identifiers).is_empty());

    let hers = Hers::of(&town.open(), &person);
    let others = rows::of_others(&town.open(), &hers);
    let planned = town.plan(&identifiers);
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    let plan = town.space_file("erase.sql");
    let mentions: Vec<&str> = plan.lines().filter(|line| line.contains("mentions left")).collect();
    // The index shows the texts of her own comments and follows them; nobody else's text names her.
    assert!(mentions.iter().all(|line| line.contains("arendekommentar_fts")), "{mentions:?}");
    let applied = town.apply(&["--purge", "--yes"]);
    assert_eq!(applied.code, 0, "{}", applied.stderr);

    assert_eq!(traces.in_cells(&town.open()), Vec::<String>::new());
    assert_eq!(traces.in_bytes(&town.database()), Vec::<String>::new());
    assert_eq!(rows::of_others(&town.open(), &hers), others);
    rows::assert_sound(&town.open());

    let files = digests(&town.database());
    let again = town.apply(&["--yes"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stderr.contains("Already applied"), "{}", again.stderr);
    assert_eq!(digests(&town.database()), files, "a second run leaves the files alone");

    town.scan();
    let name = format!("{} {}", person.given_name, person.family_name);
    assert_eq!(town.search(&[&identifiers[..], &["--name", &name]].concat()), Vec::<Json>::new());
}

#[test]
fn every_planted_identifier_in_a_typed_column_is_found() {
    let town = Town::new("delete");
    town.scan();
    for person in &town.summary.people {
        let identifiers =
            ["--personal-number", &person.personal_number, "--email", &person.email, "--phone", &person.phone];
        let found: Vec<[String; 4]> = town.search(&identifiers).iter().map(place).collect();
        let identifying = |category| matches!(category, "personal_number" | "email" | "phone");
        let planted = person.planted.iter().filter(|it| identifying(it.category));
        let mut typed = 0;
        for it in planted {
            let wanted = [it.table, it.column, &it.key, it.category].map(str::to_owned);
            assert!(found.contains(&wanted), "{:?}: {wanted:?} was not found", person.role);
            typed += usize::from(it.column != "ANM");
        }
        assert!(typed >= 5, "{:?}", person.role);
    }
}

/// Table, column, key and category of a place, which must be current where its table has a key.
fn place(found: &Json) -> [String; 4] {
    let text = |name: &str| found[name].as_str().unwrap().to_owned();
    let key: Vec<String> = found["row_key"]
        .as_object()
        .map(|key| key.values().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect())
        .unwrap_or_default();
    assert_eq!(text("state"), if key.is_empty() { "unchecked" } else { "current" }, "{found}");
    [text("table"), text("column"), key.join("/"), text("category")]
}

#[test]
fn mentions_in_texts_about_others_stay_and_are_counted() {
    let town = Town::new("delete");
    let person = town.person(Role::Free);
    town.scan();
    let identifiers =
        ["--personal-number", &person.personal_number, "--email", &person.email, "--phone", &person.phone];
    let planned = town.plan(&identifiers);
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    let applied = town.apply(&["--purge", "--yes"]);
    assert_eq!(applied.code, 0, "{}", applied.stderr);

    let traces = Traces::of(person);
    let left = traces.identifiers_in_cells(&town.open());
    let by_table = left.iter().fold(BTreeMap::<&str, u64>::new(), |mut counts, table| {
        *counts.entry(table).or_default() += 1;
        counts
    });
    assert!(by_table.keys().all(|table| table.starts_with("arendekommentar")), "{by_table:?}");
    assert!(by_table["arendekommentar"] >= 2);
    let line =
        format!("left in arendekommentar.kommentar: {} with a searched identifier\n", by_table["arendekommentar"]);
    assert!(town.space_file("erase.sql").contains(&line), "{line}{}", town.space_file("erase.sql"));
}

#[test]
fn a_login_of_several_customers_is_shown_before_the_decision() {
    let town = Town::new("delete");
    let person = town.person(Role::Shared);
    town.scan();
    let planned = town.plan(&["--personal-number", &person.personal_number]);
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    assert_eq!(effect(&planned)[&("anvandare_kund".to_owned(), "delete".to_owned())], 3);
    assert_eq!(effect(&planned)[&("anvandare".to_owned(), "delete".to_owned())], 1);
    let hers = Hers::of(&town.open(), person);
    let others = rows::of_others(&town.open(), &hers);
    assert_eq!(town.apply(&["--yes"]).code, 0);
    assert_eq!(rows::of_others(&town.open(), &hers), others);
    rows::assert_sound(&town.open());
}

#[test]
fn a_foreign_key_that_hinders_is_listed_and_nothing_is_written() {
    let town = Town::new("delete");
    let person = town.person(Role::Hindered);
    let deleting = POLICY.replace("name = \"KUND\"\nerase = \"anonymise\"", "name = \"KUND\"\nerase = \"delete\"");
    assert_ne!(deleting, POLICY);
    std::fs::write(town.space.path("policy.toml"), deleting).unwrap();
    town.scan();
    let files = digests(&town.database());
    let planned = town.plan(&["--personal-number", &person.personal_number]);
    assert_eq!(planned.code, 4, "{}", planned.stderr);
    let verdict: Json = serde_json::from_str(&planned.stdout).unwrap();
    assert_eq!(verdict["allowed"], false);
    let count = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table} WHERE kundnr = {}", person.kundnr);
        town.open().query_row(&sql, [], |row| row.get::<_, u32>(0)).unwrap()
    };
    let hindrances = verdict["hindrances"].as_array().unwrap();
    for table in ["FAKTURA", "FAKTURAUNDERLAG", "bokning", "bidragsansokan"] {
        let own = hindrances.iter().find(|it| it["table"] == table).unwrap_or_else(|| panic!("{table}: {verdict}"));
        assert_eq!(own["rows"].as_u64(), Some(count(table).into()), "{own}");
    }
    assert!(!town.space.path("erase.sql").exists());
    assert_eq!(digests(&town.database()), files);
}

#[test]
fn rehearsal_and_dry_run_leave_every_byte() {
    for journal in ["delete", "wal"] {
        let town = Town::new(journal);
        town.scan();
        assert_eq!(town.plan(&["--email", &town.person(Role::Free).email]).code, 0);
        let files = digests(&town.database());
        for how in ["--dry-run", "--rehearse"] {
            let ran = town.apply(&[how]);
            assert_eq!(ran.code, 0, "{how}: {}", ran.stderr);
            assert_eq!(digests(&town.database()), files, "{how} in {journal} mode");
        }
        assert_eq!(town.apply(&[]).code, 4, "not confirmed");
        assert_eq!(digests(&town.database()), files);
    }
}

#[test]
fn a_killed_apply_leaves_the_state_before_or_after() {
    for journal in ["delete", "wal"] {
        let town = Town::new(journal);
        let person = town.person(Role::Free);
        town.scan();
        assert_eq!(town.plan(&["--personal-number", &person.personal_number]).code, 0);
        let before = state(&town.open());
        std::fs::copy(town.database(), town.space.path("whole.db")).unwrap();
        let whole = town.space.run(&["apply", &town.space.url("whole.db"), "erase.sql", "--yes"]);
        assert_eq!(whole.code, 0, "{}", whole.stderr);
        let after = state(&Connection::open(town.space.path("whole.db")).unwrap());
        assert_ne!(before, after);
        let mut killed = 0;
        for wait in (0..400).step_by(25) {
            let mut apply = town
                .space
                .command(&["apply", &town.url(), "erase.sql", "--yes"])
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(std::time::Duration::from_millis(wait));
            apply.kill().unwrap();
            killed += u32::from(!apply.wait().unwrap().success());
            let now = state(&town.open());
            assert!(now == before || now == after, "killed after {wait} ms, {journal}");
            rows::assert_sound(&town.open());
        }
        assert!(killed > 0, "no run was killed in time");
        let ran = town.apply(&["--yes"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(state(&town.open()), after);
    }
}

/// Every row of every table but our own, in order.
fn state(connection: &Connection) -> Vec<String> {
    let mut names = connection
        .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT IN ('sanera_applied', 'sqlite_schema', 'sqlite_sequence')")
        .unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut rows = Vec::new();
    for name in names {
        let mut table = connection.prepare(&format!("SELECT * FROM {}", common::quoted(&name))).unwrap();
        let columns = table.column_count();
        let mut found = table.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let cells: Vec<String> = (0..columns).map(|at| format!("{:?}", row.get_ref(at).unwrap())).collect();
            rows.push(format!("{name}: {}", cells.join(", ")));
        }
    }
    rows.sort();
    rows
}
