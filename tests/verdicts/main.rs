//! Column verdicts against gold labels: precision, recall and F1 by category with intervals, and whether a confidence of
//! 0.8 is right in 8 of 10.
//!
//! `cargo test --test verdicts -- --nocapture` prints the figures; a name at its end (`developed`, `dumps`, `names`,
//! `kept_aside`, `confidence`) those of one set. All but `fixtures/aside` were looked at while rules were written; `fixtures/aside` and its
//! rows were made by other hands and not looked at. A figure below the committed one (`fixtures/figures.toml`) fails.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a test prints its figures and may panic")]

#[path = "../schemas/generator/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "its own tests use the rest")]
mod generator;
mod judge;
mod reliability;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use sanera::db::Source;
use sanera::detect::Detector;
use sanera::rule::RuleSet;
use sanera::scan::{Options, Progress, scan};
use sanera::secret::Key;

use judge::{Judged, Label, Score};

static DETECTOR: LazyLock<Detector> =
    LazyLock::new(|| Detector::new(RuleSet::built_in(), jiff::civil::date(2026, 11, 1)).unwrap());

/// The findings of one database beside its gold labels.
fn judge(name: &str, database: &Path, gold: BTreeMap<Label, String>) -> Judged {
    let options = Options {
        jobs: 2,
        memory: 512_000_000,
        tables: vec![],
        exclude: vec![],
        sample: None,
        samples: false,
        views: false,
        strict_snapshot: false,
        max_rate: None,
    };
    let source = Source::Sqlite { path: database.into() };
    let (key, map) = (Key::random().unwrap(), database.with_extension("map"));
    let found = scan(&source, &DETECTOR, &key, &options, &map, &Progress::default(), &Arc::default()).unwrap();
    Judged::new(name, gold, found.head.findings)
}

/// `table,column,path,category,kind` or, of the scenarios, without a path.
fn read_gold(csv: &str) -> BTreeMap<Label, String> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let labels = reader.records().map(|record| {
        let record = record.unwrap();
        let field = |name: &str| names.iter().position(|it| it == name).map_or("", |at| &record[at]).to_owned();
        let [table, column, path, category] = ["table", "column", "path", "category"].map(field);
        (Label { table, column, path, category }, field("kind"))
    });
    labels.collect()
}

fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// The schemas that were there while the rules were written.
static DEVELOPED: LazyLock<Vec<Judged>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let mut all: Vec<Judged> = Vec::new();
    for schema in generator::all() {
        let path = folder.path().join(format!("{}.db", schema.name));
        schema.build(&path, 1);
        let label = |it: generator::Label| {
            let (path, category) = (it.path.unwrap_or_default(), it.category.unwrap_or_default());
            (Label { table: it.table, column: it.column, path, category }, it.kind)
        };
        all.push(judge(&schema.name, &path, schema.gold().into_iter().map(label).collect()));
    }
    all
});

/// The databases that were kept aside once and have been looked at since.
static DUMPS: LazyLock<Vec<Judged>> = LazyLock::new(|| dumps("dumps"));

/// The databases of a folder, in their order.
fn dumps(set: &str) -> Vec<Judged> {
    let folder = tempfile::tempdir().unwrap();
    let mut names: Vec<PathBuf> = std::fs::read_dir(fixtures(set)).unwrap().map(|it| it.unwrap().path()).collect();
    names.retain(|path| path.is_dir());
    names.sort();
    names
        .iter()
        .map(|source| {
            let name = source.file_name().unwrap().to_string_lossy().into_owned();
            let path = folder.path().join(format!("{name}.db"));
            let sql = std::fs::read_to_string(source.join("data.sql")).unwrap();
            rusqlite::Connection::open(&path).unwrap().execute_batch(&sql).unwrap();
            judge(&name, &path, read_gold(&std::fs::read_to_string(source.join("gold.csv")).unwrap()))
        })
        .collect()
}

/// Names of columns in tables without rows.
static NAMES: LazyLock<Vec<Judged>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    ["sv", "en"].map(|name| names(folder.path(), name)).into()
});

fn names(folder: &Path, name: &str) -> Judged {
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut gold = BTreeMap::new();
    for record in csv::Reader::from_path(fixtures("names").join(format!("{name}.csv"))).unwrap().into_records() {
        let record = record.unwrap();
        let [table, column, declared, category] = [0, 1, 2, 3].map(|at| record[at].to_owned());
        tables.entry(table.clone()).or_default().push(format!("\"{column}\" {declared}"));
        gold.insert(Label { table, column, path: String::new(), category }, "name_only".to_owned());
    }
    let path = folder.join(format!("{name}.db"));
    let connection = rusqlite::Connection::open(&path).unwrap();
    for (table, columns) in tables {
        connection.execute_batch(&format!("CREATE TABLE \"{table}\" ({});", columns.join(", "))).unwrap();
    }
    judge(name, &path, gold)
}

/// Prints a set's figures and holds them against the committed ones.
fn report(set: &str, judged: &[Judged]) {
    let committed: BTreeMap<String, BTreeMap<String, f64>> =
        toml::from_str(&std::fs::read_to_string(fixtures("figures.toml")).unwrap()).unwrap();
    let figures = judge::figures(judged);
    judge::print(set, judged, &figures);
    for (figure, least) in committed.get(set).into_iter().flatten() {
        let now: &Score = figures.get(figure).unwrap_or_else(|| panic!("figures.toml names {figure}, which is none"));
        assert!(now.f1() + 0.0005 >= *least, "{set}: F1 of {figure} is {:.3}, was {least:.3}", now.f1());
    }
}

#[test]
fn developed_schemas_are_judged_right() {
    report("developed", &DEVELOPED);
    judge::print_mistakes(&DEVELOPED);
}

#[test]
fn dumps_are_judged_right() {
    report("dumps", &DUMPS);
    judge::print_mistakes(&DUMPS);
}

#[test]
fn names_alone_tell_much() {
    report("names", &NAMES);
    judge::print_mistakes(&NAMES);
}

/// Prints no mistakes: who reads them has looked.
#[test]
fn databases_kept_aside_are_judged_right() {
    report("aside", &dumps("aside"));
}

#[test]
fn confidence_can_be_believed() {
    reliability::report(&DEVELOPED.iter().chain(&*DUMPS).chain(&*NAMES).collect::<Vec<_>>());
}
