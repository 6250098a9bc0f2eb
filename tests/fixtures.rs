//! Scenarios A, C and D: the same findings on every engine, whose schemas have the types that are native there; and the
//! verdicts on C and D against their answer keys, which were written before the first scan.
//!
//! `cargo test --test fixtures -- --nocapture` prints the figures.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a test prints its figures and may panic")]

#[allow(dead_code, reason = "each test binary uses a part of it")]
mod common;
#[path = "common/fixture.rs"]
mod fixture;
#[path = "common/servers.rs"]
mod servers;

use std::collections::{BTreeMap, BTreeSet};

use common::Workspace;
use servers::{Engine, TestDatabase};

/// A fixture of `fixtures/`.
struct Scenario {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    mariadb: &'static str,
    rows: Rows,
    /// Where a server's findings rightly differ from SQLite's.
    differences: &'static [Difference],
}

/// Where a scenario's rows come from.
enum Rows {
    /// The generator of the demo.
    Demo,
    /// A script that all engines run.
    Script(&'static str),
}

/// A column that native types or another schema make different, and why.
struct Difference {
    servers: &'static [Engine],
    table: &'static str,
    column: &'static str,
    reason: &'static str,
}

/// Table, column, path within nested data, and category.
type Place = (String, String, Option<String>, String);
/// Table, column and category.
type Label = (String, String, String);
/// The findings of a scan with their confidence.
type Findings = BTreeMap<Place, f64>;

macro_rules! scenario {
    ($name:literal, $folder:literal, $rows:expr, $differences:expr) => {
        Scenario {
            name: $name,
            sqlite: include_str!(concat!("../fixtures/", $folder, "/schema.sqlite.sql")),
            postgres: include_str!(concat!("../fixtures/", $folder, "/schema.postgres.sql")),
            mariadb: include_str!(concat!("../fixtures/", $folder, "/schema.mariadb.sql")),
            rows: $rows,
            differences: $differences,
        }
    };
}

const A: Scenario = scenario!(
    "A",
    "scenario_a",
    Rows::Demo,
    &[Difference {
        servers: &Engine::SERVERS,
        table: "arendekommentar_fts",
        column: "kommentar",
        reason: "what is a table of its own in SQLite, with a copy of the text, is an index on a server",
    }]
);
const C: Scenario = scenario!("C", "scenario_c", Rows::Script(include_str!("../fixtures/scenario_c/data.sql")), &[]);
const D: Scenario = scenario!("D", "scenario_d", Rows::Script(include_str!("../fixtures/scenario_d/data.sql")), &[]);

impl Scenario {
    /// A filled database, or None without a server.
    fn load(&self, engine: Engine, space: &Workspace) -> Option<TestDatabase> {
        let database = TestDatabase::new(engine)?;
        database.execute(match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
            Engine::Mariadb => self.mariadb,
        });
        match self.rows {
            Rows::Script(script) => database.execute(script),
            Rows::Demo => {
                let file = space.path("demo.db");
                if !file.exists() {
                    sanera::demo::build(&file, &sanera::demo::Options { customers: 600, seed: 7 }).unwrap();
                }
                fixture::copy_rows(&file, &database);
            }
        }
        Some(database)
    }
}

/// What the finished program finds, whatever its confidence.
fn scan(space: &Workspace, database: &TestDatabase) -> Findings {
    let map = format!("{}.map", database.name());
    let document = space.json(&["scan", &database.url(), "--json", "-q", "--min-confidence", "0", "-o", &map]);
    assert_eq!(document["unreadable"].as_array().unwrap().len(), 0, "{}", document["unreadable"]);
    let text = |finding: &serde_json::Value, field: &str| finding[field].as_str().map(str::to_owned);
    let finding = |it: &serde_json::Value| {
        let place =
            (text(it, "table").unwrap(), text(it, "column").unwrap(), text(it, "path"), text(it, "category").unwrap());
        (place, it["confidence"].as_f64().unwrap())
    };
    document["columns"].as_array().unwrap().iter().map(finding).collect()
}

/// Findings as a reader sees them by default.
fn likely(findings: &Findings) -> BTreeSet<&Place> {
    findings.iter().filter(|(_, confidence)| **confidence >= 0.5).map(|(place, _)| place).collect()
}

/// Rows per table.
fn counts(database: &TestDatabase, schema: &str) -> Vec<(String, String)> {
    let names = schema.lines().filter_map(|line| line.strip_prefix("CREATE TABLE ")?.strip_suffix(" ("));
    let quote = if database.engine() == Engine::Mariadb { '`' } else { '"' };
    names.map(|name| (name.to_owned(), database.value(&format!("SELECT count(*) FROM {quote}{name}{quote}")))).collect()
}

fn assert_same_on_every_engine(scenario: &Scenario) {
    let space = Workspace::new();
    let sqlite = scenario.load(Engine::Sqlite, &space).unwrap();
    let (wanted, rows) = (scan(&space, &sqlite), counts(&sqlite, scenario.sqlite));
    for engine in Engine::SERVERS {
        let Some(database) = scenario.load(engine, &space) else { continue };
        assert_eq!(counts(&database, scenario.sqlite), rows, "rows of scenario {} on {}", scenario.name, engine.name());
        // The program may know fewer kinds of servers than the fixtures.
        if sanera::db::Source::parse(&database.url(), None).is_ok() {
            assert_same_findings(scenario, engine, &wanted, &scan(&space, &database));
        }
    }
}

fn assert_same_findings(scenario: &Scenario, engine: Engine, sqlite: &Findings, server: &Findings) {
    let mut unlisted: BTreeSet<&Place> = likely(sqlite).symmetric_difference(&likely(server)).copied().collect();
    for listed in scenario.differences.iter().filter(|it| it.servers.contains(&engine)) {
        let before = unlisted.len();
        unlisted.retain(|place| (place.0.as_str(), place.1.as_str()) != (listed.table, listed.column));
        assert!(
            unlisted.len() < before,
            "no difference in {}.{} any more: {}",
            listed.table,
            listed.column,
            listed.reason
        );
    }
    let confidence = |findings: &Findings, place: &Place| findings.get(place).copied().unwrap_or(0.0);
    let line = |place: &&Place| {
        format!("\n  {place:?}: {:.2} in SQLite, {:.2} here", confidence(sqlite, place), confidence(server, place))
    };
    let lines: String = unlisted.iter().map(line).collect();
    assert!(unlisted.is_empty(), "scenario {} on {}:{lines}", scenario.name, engine.name());
}

#[test]
fn scenario_a_is_the_same_on_every_engine() {
    assert_same_on_every_engine(&A);
}

#[test]
fn scenario_c_is_the_same_on_every_engine() {
    assert_same_on_every_engine(&C);
}

#[test]
fn scenario_d_is_the_same_on_every_engine() {
    assert_same_on_every_engine(&D);
}

fn gold(csv: &str) -> BTreeSet<Label> {
    let fields = csv.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    fields.filter(|f| !f[2].is_empty()).map(|f| (f[0].clone(), f[1].clone(), f[2].clone())).collect()
}

/// Prints what was missed and what was found in vain; returns recall and precision.
fn judge(scenario: &Scenario, gold: &BTreeSet<Label>) -> (f64, f64) {
    let space = Workspace::new();
    let findings = scan(&space, &scenario.load(Engine::Sqlite, &space).unwrap());
    let label = |place: &Place| (place.0.clone(), place.1.clone(), place.3.clone());
    let found: BTreeSet<Label> = likely(&findings).into_iter().map(label).collect();
    let confidence = |wanted: &Label| {
        let own = findings.iter().filter(|(place, _)| label(place) == *wanted);
        own.map(|(_, confidence)| *confidence).fold(0.0, f64::max)
    };
    for (what, labels) in [("missed  ", gold.difference(&found)), ("in vain ", found.difference(gold))] {
        for it in labels {
            println!("  {what} {}.{} {} ({:.2})", it.0, it.1, it.2, confidence(it));
        }
    }
    let right = gold.intersection(&found).count() as f64;
    let (recall, precision) = (right / gold.len() as f64, right / found.len() as f64);
    println!("scenario {}: {} labels, recall {recall:.3}, precision {precision:.3}", scenario.name, gold.len());
    (recall, precision)
}

/// The floors of C and D are what was measured when their answer keys were new.
#[test]
fn scenario_c_columns_are_judged_right() {
    let (recall, precision) = judge(&C, &gold(include_str!("../fixtures/scenario_c/gold.csv")));
    assert!(recall >= 0.852 && precision >= 0.972);
}

#[test]
fn scenario_d_columns_are_judged_right() {
    let (recall, precision) = judge(&D, &gold(include_str!("../fixtures/scenario_d/gold.csv")));
    assert!(recall >= 0.920 && precision >= 0.983);
}

/// What rows of a fixture may hold arrives on every engine as it stands in SQLite.
#[test]
fn copied_rows_are_the_same() {
    let space = Workspace::new();
    let (file, create) = (space.path("rows.db"), "CREATE TABLE rader (id INTEGER PRIMARY KEY, namn VARCHAR(99)");
    let source = rusqlite::Connection::open(&file).unwrap();
    source.execute_batch(&format!("{create}, tal REAL, ja INTEGER, bytes BLOB, dubbel AS (id * 2))")).unwrap();
    let texts = ["", "O'Hara \\' -- ;", "a\r\nb\tc\\n", "Åsa 🦊 \"`", "NULL", "\\"];
    for (id, text) in (0_i64..).zip(texts) {
        let row = rusqlite::params![id, text, 0.25, id % 2, &[0_u8, 92, 39, 255]];
        source.execute("INSERT INTO rader VALUES (?1, ?2, ?3, ?4, ?5)", row).unwrap();
    }
    source.execute("INSERT INTO rader (id) VALUES (6)", []).unwrap();
    for engine in Engine::ALL {
        let Some(database) = TestDatabase::new(engine) else { continue };
        let (types, hex) = match engine {
            Engine::Sqlite => ("tal REAL, ja INTEGER, bytes BLOB", "lower(hex(bytes))"),
            Engine::Postgres => ("tal NUMERIC(5, 2), ja BOOLEAN, bytes BYTEA", "encode(bytes, 'hex')"),
            Engine::Mariadb => ("tal DECIMAL(5, 2), ja TINYINT(1), bytes BLOB", "lower(hex(bytes))"),
        };
        database.execute(&format!("{create}, {types});"));
        fixture::copy_rows(&file, &database);
        let select =
            format!("SELECT namn, CASE WHEN tal = 0.25 THEN 1 END, CASE WHEN ja THEN 1 ELSE 0 END, {hex} FROM rader");
        let rows = database.query(&format!("{select} WHERE id < 6 ORDER BY id"));
        let cell = |text: &str| Some(text.to_owned());
        let wanted = (0..)
            .zip(texts)
            .map(|(id, text)| vec![cell(text), cell("1"), cell(&(id % 2).to_string()), cell("005c27ff")]);
        assert_eq!(rows, wanted.collect::<Vec<_>>(), "{}", engine.name());
        assert_eq!(database.value("SELECT count(*) FROM rader WHERE namn IS NULL AND bytes IS NULL"), "1");
    }
}
