//! Column verdicts against the answer keys of the fixtures, which were written without looking at the rules.
//!
//! `cargo test --release --test columns -- --nocapture` prints the figures.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a test prints its figures and may panic")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use sanera::db::Source;
use sanera::detect::Detector;
use sanera::map::Head;
use sanera::rule::RuleSet;
use sanera::scan::{Options, Progress, scan};
use sanera::secret::Key;

/// Table, column and category.
type Label = (String, String, String);

fn gold(csv: &str) -> BTreeSet<Label> {
    let lines = csv.lines().skip(1).filter(|line| !line.is_empty());
    let fields = lines.map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    fields.filter(|f| !f[2].is_empty()).map(|f| (f[0].clone(), f[1].clone(), f[2].clone())).collect()
}

fn found(head: &Head) -> BTreeSet<Label> {
    let listed = head.findings.iter().filter(|finding| finding.confidence >= 0.5);
    listed.map(|f| (f.table.name.clone(), f.column.clone(), f.category.name().to_owned())).collect()
}

fn scan_file(path: &Path) -> Head {
    let detector = Detector::new(RuleSet::load(&[]).unwrap(), jiff::civil::date(2026, 11, 1)).unwrap();
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
    let source = Source::Sqlite { path: path.into() };
    let map = path.with_extension("map");
    let (key, progress) = (Key::random().unwrap(), Progress::default());
    scan(&source, &detector, &key, &options, &map, &progress, &Arc::default()).unwrap().head
}

/// Prints what was missed and what was found in vain; returns recall and precision.
fn compare(name: &str, gold: &BTreeSet<Label>, head: &Head) -> (f64, f64) {
    let found = found(head);
    let confidence = |label: &Label| {
        let mut own = head.findings.iter().filter(|f| (&f.table.name, &f.column) == (&label.0, &label.1));
        own.find(|f| f.category.name() == label.2).map_or(0.0, |f| f.confidence)
    };
    for label in gold.difference(&found) {
        println!("  missed   {}.{} {} ({:.2})", label.0, label.1, label.2, confidence(label));
    }
    for label in found.difference(gold) {
        println!("  in vain  {}.{} {} ({:.2})", label.0, label.1, label.2, confidence(label));
    }
    let right = gold.intersection(&found).count() as f64;
    let (recall, precision) = (right / gold.len() as f64, right / found.len() as f64);
    println!("{name}: {} labels, recall {recall:.3}, precision {precision:.3}", gold.len());
    (recall, precision)
}

#[test]
fn scenario_a_columns_are_judged_right() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    sanera::demo::build(&path, &sanera::demo::Options { customers: 1000, seed: 7 }).unwrap();
    let head = scan_file(&path);
    let (recall, precision) = compare("scenario A", &gold(include_str!("../fixtures/scenario_a/gold.csv")), &head);
    assert!(recall >= 0.95 && precision >= 0.95);
}

/// A table of one column's values, scanned; its findings with at least even odds.
fn verdict(column: &str, declared: &str, values: impl IntoIterator<Item = String>) -> Vec<(&'static str, f64)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch(&format!("CREATE TABLE t (\"{column}\" {declared}); BEGIN")).unwrap();
    for value in values {
        db.execute("INSERT INTO t VALUES (?1)", [value]).unwrap();
    }
    db.execute_batch("COMMIT").unwrap();
    let findings = scan_file(&path).findings;
    findings.iter().filter(|f| f.confidence >= 0.5).map(|f| (f.category.name(), f.confidence)).collect()
}

fn categories(found: &[(&'static str, f64)]) -> Vec<&'static str> {
    found.iter().map(|(category, _)| *category).collect()
}

/// The Luhn digit of ISO/IEC 7812-1, written for this test.
fn luhn_digit(digits: &str) -> u32 {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            if place % 2 == 1 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    (10 - sum % 10) % 10
}

/// Test numbers of Skatteverket's series, ten digits, a different birthday each.
fn personal_numbers(count: u32) -> impl Iterator<Item = String> {
    (0..count).map(|n| {
        let birth = format!("{:02}{:02}{:02}", 40 + n / 336 % 60, 1 + n / 28 % 12, 1 + n % 28);
        let digits = format!("{birth}{}", 980 + n % 4);
        format!("{digits}{}", luhn_digit(&digits))
    })
}

/// Numbers without a pattern, the same in every run.
fn scattered(count: u64) -> impl Iterator<Item = u64> {
    (1..=count).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (n << 17)).map(|n| n ^ (n >> 29))
}

#[test]
fn a_column_named_email_that_holds_yes_and_no_is_no_address() {
    let flags = (0..500).map(|n| if n % 3 == 0 { "J" } else { "N" }.to_owned());
    assert_eq!(categories(&verdict("email", "TEXT", flags)), [] as [&str; 0]);
}

#[test]
fn order_numbers_and_other_digits_are_no_personal_numbers() {
    let ten_digits = |n: u64| format!("{}", 1_000_000_000 + n % 8_999_999_999);
    let ocr = |n: u64| {
        let digits = format!("{}", 100_000_000 + n % 899_999_999);
        format!("{digits}{}", luhn_digit(&digits))
    };
    let cases: [(&str, &str, Vec<String>); 6] = [
        ("ordernr", "TEXT", scattered(2000).map(ten_digits).collect()),
        ("k3", "INTEGER", scattered(2000).map(ten_digits).collect()),
        ("ORDERNR", "TEXT", (4_500_010_000_u64..4_500_012_000).map(|n| n.to_string()).collect()),
        ("ocr", "TEXT", scattered(2000).map(ocr).collect()),
        (
            "skapad",
            "TEXT",
            (0..2000).map(|n| format!("20{:02}{:02}{:02}{:04}", n % 27, 1 + n % 12, 1 + n % 28, n)).collect(),
        ),
        ("belopp", "REAL", scattered(2000).map(|n| format!("{}.{:02}", n % 100_000, n % 100)).collect()),
    ];
    for (column, declared, values) in cases {
        let found = verdict(column, declared, values);
        assert_eq!(categories(&found), [] as [&str; 0], "{column}: {found:?}");
    }
}

#[test]
fn personal_numbers_are_found_whatever_the_column_is_called_and_declared() {
    let dashed = |number: String| format!("{}-{}", &number[..6], &number[6..]);
    let cases: [(&str, &str, Vec<String>); 5] = [
        ("PNR", "TEXT", personal_numbers(500).map(dashed).collect()),
        ("k7", "TEXT", personal_numbers(500).collect()),
        ("ID2", "BIGINT", personal_numbers(500).map(|number| format!("19{number}")).collect()),
        ("varde", "DOUBLE", personal_numbers(500).map(|number| format!("19{number}")).collect()),
        ("ordernr", "TEXT", personal_numbers(500).map(dashed).collect()),
    ];
    for (column, declared, values) in cases {
        let found = verdict(column, declared, values);
        assert_eq!(categories(&found), ["personal_number"], "{column}: {found:?}");
        assert!(found[0].1 >= 0.8, "{column}: {found:?}");
    }
}

#[test]
fn an_empty_column_is_judged_by_its_name() {
    assert_eq!(categories(&verdict("personnummer", "TEXT", [])), ["personal_number"]);
    assert_eq!(categories(&verdict("antal", "INTEGER", [])), [] as [&str; 0]);
}

#[test]
fn phone_or_email_in_one_column_are_two_findings() {
    let values = (0..400).map(|n| match n % 2 {
        0 => format!("070-174 06 {:02}", 5 + n % 95),
        _ => format!("person{n}@example.se"),
    });
    assert_eq!(categories(&verdict("kontakt", "TEXT", values)), ["email", "phone"]);
}

/// The dash that people write in personal numbers.
fn dashed(number: &str) -> String {
    format!("{}-{}", &number[..6], &number[6..])
}

#[test]
fn a_few_among_very_many_are_found() {
    let code = |n: usize| format!("LOT{:07}", n * 37);
    let one_in_thousand: Vec<String> = personal_numbers(20)
        .enumerate()
        .flat_map(|(at, number)| (0..999).map(move |n| code(at * 999 + n)).chain([dashed(&number)]))
        .collect();
    assert_eq!(categories(&verdict("referens", "TEXT", one_in_thousand)), ["personal_number"]);
    let last_hundred = (0..49_900).map(code).chain(personal_numbers(100).map(|number| dashed(&number)));
    assert_eq!(categories(&verdict("F7", "TEXT", last_hundred)), ["personal_number"]);
    let in_prose = (0..5000).map(|n| match n % 1000 {
        500 => format!("Kunden ringde om order {n}, pnr {}", dashed(&personal_numbers(n + 1).last().unwrap())),
        _ => format!("Levererat enligt order {n}, allt i ordning och inget att anmärka."),
    });
    assert_eq!(categories(&verdict("notering", "TEXT", in_prose)), ["personal_number"]);
}

#[test]
fn personal_and_organisation_numbers_in_one_column_are_two_findings() {
    let companies = (0..150_u32).map(|n| {
        let digits = format!("556{:06}", n * 3571 + 200_000);
        dashed(&format!("{digits}{}", luhn_digit(&digits)))
    });
    let values = personal_numbers(150).map(|number| dashed(&number)).chain(companies);
    assert_eq!(categories(&verdict("F03", "TEXT", values)), ["personal_number", "organisation_number"]);
}

/// Findings of a database made by `sql`.
fn findings(sql: &str) -> Vec<sanera::finding::Finding> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    scan_file(&path).findings
}

#[test]
fn a_special_category_without_a_person_is_never_sure() {
    let diagnoses = "INSERT INTO t (diagnos) VALUES ('F32.1'), ('J45.9'), ('diabetes'), ('astma'), ('E11.9');";
    let alone = findings(&format!("CREATE TABLE t (id INTEGER PRIMARY KEY, diagnos TEXT); {diagnoses}"));
    let health = |found: &[sanera::finding::Finding]| {
        found.iter().find(|it| it.category == sanera::finding::Category::Health).map_or(0.0, |it| it.confidence)
    };
    assert!(health(&alone) <= 0.6, "{}", health(&alone));
    let beside = findings(&format!(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, diagnos TEXT, epost TEXT); {diagnoses} UPDATE t SET epost = 'p' || id || '@example.com';"
    ));
    assert!(health(&beside) > health(&alone), "{} {}", health(&beside), health(&alone));
    let linked = findings(&format!(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, epost TEXT); INSERT INTO p VALUES (1, 'a@example.com'), (2, 'b@example.com');
         CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER DEFAULT 1 REFERENCES p, diagnos TEXT); {diagnoses}"
    ));
    assert!(health(&linked) > health(&alone), "a link to a person: {}", health(&linked));
}

#[test]
fn padded_shortened_and_embedded_personal_numbers_are_found() {
    // Born from 2001 on: a number loses the zeros it begins with.
    let young = (0..400_u32).map(|n| {
        let digits = format!("{:02}{:02}{:02}{}", 1 + n % 9, 1 + n / 28 % 12, 1 + n % 28, 980 + n % 4);
        format!("{digits}{}", luhn_digit(&digits)).trim_start_matches('0').to_owned()
    });
    let cases: [(&str, &str, Vec<String>); 4] = [
        ("F01", "INTEGER", young.collect()),
        ("F02", "CHAR(20)", personal_numbers(400).map(|number| format!("19{number}        ")).collect()),
        ("F03", "TEXT", personal_numbers(400).map(|number| format!("KU-19{}-01", dashed(&number))).collect()),
        ("F04", "TEXT", personal_numbers(400).map(|number| format!("19{} {}", &number[..6], &number[6..])).collect()),
    ];
    for (column, declared, values) in cases {
        let found = verdict(column, declared, values);
        assert_eq!(categories(&found), ["personal_number"], "{column}: {found:?}");
    }
}

/// Two tables with names that tell nothing: `t1` with `key` for each person, and `t2` with three rows for each key.
fn register(key: impl Fn(u32) -> String) -> Vec<(String, String, &'static str)> {
    let mut sql =
        "CREATE TABLE t1 (c1 INTEGER PRIMARY KEY, c2 TEXT, c3 TEXT, c4 TEXT); CREATE TABLE t2 (d1 TEXT, d2 REAL);"
            .to_owned();
    for (at, number) in (0..60).zip(personal_numbers(60)) {
        let key = key(at);
        sql.extend([format!("INSERT INTO t1 VALUES ({at}, '{key}', '{number}', 'p{at}@example.com');")]);
        sql.extend([format!("INSERT INTO t2 VALUES ('{key}', {at}.5), ('{key}', 7.25), ('{key}', 1);")]);
    }
    let sure = findings(&sql).into_iter().filter(|it| it.confidence >= 0.5);
    sure.map(|it| (it.table.name, it.column, it.category.name())).collect()
}

#[test]
fn codes_that_a_register_of_persons_gives_are_found_by_their_links() {
    let has = |found: &[(String, String, &str)], table: &str, column: &str| {
        found.iter().any(|it| it.0 == table && it.1 == column && it.2 == "customer_number")
    };
    let coded = register(|at| format!("{}", 920_001 + at * 7));
    assert!(has(&coded, "t1", "c2") && has(&coded, "t2", "d1"), "{coded:?}");
    let counted = register(|at| format!("{}", at + 1));
    assert!(!has(&counted, "t1", "c2") && !has(&counted, "t2", "d1"), "numbers of rows: {counted:?}");
}

#[test]
fn an_orders_number_is_no_persons_though_persons_stand_beside() {
    let mut sql =
        "CREATE TABLE ordrar (ordernr TEXT, pnr TEXT, epost TEXT); CREATE TABLE rader (ordernr TEXT, antal INTEGER);"
            .to_owned();
    for (at, number) in (0..60).zip(personal_numbers(60)) {
        sql.extend([format!("INSERT INTO ordrar VALUES ('{}', '{number}', 'p{at}@example.com');", 500_100 + at)]);
        sql.extend([format!("INSERT INTO rader VALUES ('{0}', 1), ('{0}', 2);", 500_100 + at)]);
    }
    let found = findings(&sql);
    let numbers = found.iter().filter(|it| it.column == "ordernr" && it.confidence >= 0.5);
    assert_eq!(numbers.count(), 0, "{found:?}");
}

#[test]
fn a_columns_type_tells_what_two_rows_do_not() {
    let found = findings(
        "CREATE TABLE t (c1 inet, c2 epost, c3 varchar(40), c4 text); INSERT INTO t VALUES ('192.0.2.7', 'x', 'y', '192.0.2.7');",
    );
    let confidence = |column: &str| found.iter().find(|it| it.column == column).map_or(0.0, |it| it.confidence);
    assert!(confidence("c1") > confidence("c4"), "{found:?}");
    assert!(confidence("c2") < 0.5, "a type is no cell: {found:?}");
    let empty = findings("CREATE TABLE t (c1 inet, c2 epost, c3 varchar(40));");
    let told: Vec<_> = empty.iter().map(|it| (&*it.column, it.category.name())).collect();
    assert_eq!(told, [("c1", "ip_address"), ("c2", "email")]);
}
