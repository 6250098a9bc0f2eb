//! The promises of the demo database, read back by SQL.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use regex::Regex;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use tempfile::TempDir;

use super::{Options, Role, Summary, build, prose};

const GOLD: &str = include_str!("../../fixtures/scenario_a/gold.csv");

fn made(customers: u32, seed: u64) -> (TempDir, Connection, Summary) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.db");
    let summary = build(&path, &Options { customers, seed }).expect("builds");
    (folder, Connection::open(path).expect("opens"), summary)
}

/// Tables that hold rows of their own, and the full-text table; shadow tables and the view are left out.
fn columns(db: &Connection) -> Vec<(String, String)> {
    let sql = "SELECT t.name, c.name FROM pragma_table_list t, pragma_table_xinfo(t.name) c WHERE t.schema = 'main'
        AND t.type IN ('table', 'virtual') AND t.name NOT LIKE 'sqlite_%' AND c.hidden = 0";
    let mut statement = db.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Every cell of every table as text, with table and column.
fn each_cell(db: &Connection, mut visit: impl FnMut(&str, &str, &str)) {
    for (table, column) in columns(db) {
        let mut statement = db.prepare(&format!("SELECT \"{column}\" FROM \"{table}\"")).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            match row.get_ref(0).unwrap() {
                ValueRef::Null => visit(&table, &column, "\0"),
                ValueRef::Integer(n) => visit(&table, &column, &n.to_string()),
                ValueRef::Real(n) => visit(&table, &column, &n.to_string()),
                ValueRef::Text(text) | ValueRef::Blob(text) => {
                    visit(&table, &column, std::str::from_utf8(text).unwrap());
                }
            }
        }
    }
}

fn digest(db: &Connection) -> u64 {
    let mut hasher = DefaultHasher::new();
    each_cell(db, |table, column, text| (table, column, text).hash(&mut hasher));
    hasher.finish()
}

/// (table, column) -> categories and kind.
fn gold() -> BTreeMap<(String, String), (BTreeSet<&'static str>, &'static str)> {
    let mut gold: BTreeMap<_, (BTreeSet<_>, _)> = BTreeMap::new();
    for line in GOLD.lines().skip(1) {
        let fields: Vec<&'static str> = line.split(',').collect();
        let [table, column, category, kind] = fields[..] else { panic!("four fields in {line}") };
        let entry = gold.entry((table.to_owned(), column.to_owned())).or_insert((BTreeSet::new(), kind));
        assert_eq!(entry.1, kind, "{line}");
        assert!(["typed", "free_text", "name_only"].contains(&kind), "{line}");
        if !category.is_empty() {
            assert!(entry.0.insert(category), "twice: {line}");
        }
    }
    gold
}

#[test]
fn gold_covers_exactly_the_columns() {
    let (_folder, db, _) = made(40, 1);
    let in_schema: BTreeSet<_> = columns(&db).into_iter().collect();
    let in_gold: BTreeSet<_> = gold().into_keys().collect();
    assert_eq!(in_schema, in_gold);
}

#[test]
fn gold_of_prose_follows_from_the_templates() {
    let places = [
        ("KUND", "ANM", &["kund"][..]),
        ("bokning", "ANM", &["bokning"]),
        ("bokningsserie", "rubrik", &["serie"]),
        ("FAKTURAUNDERLAG", "TEXT", &["underlag"]),
        ("FAKTURARAD", "TEXT", &["underlag"]),
        ("bidragsansokan", "motivering", &["bidrag"]),
        ("passerkort", "ANM", &["kort"]),
        ("arendekommentar", "kommentar", &["kommentar", "om"]),
        ("arendekommentar_fts", "kommentar", &["kommentar", "om"]),
        ("handelselogg", "detalj", &["logg"]),
        ("meddelande", "amne", &["amne"]),
        ("meddelande", "brodtext", &["meddelande"]),
    ];
    let blank = Regex::new(r"\{(\w+)\}").unwrap();
    let mut gold = gold();
    gold.retain(|_, (_, kind)| *kind == "free_text");
    assert_eq!(gold.len(), places.len());
    for (table, column, kinds) in places {
        let mut expected = BTreeSet::new();
        for (place, template) in prose::lines() {
            let (place, tag) = place.split_once('+').map_or((place, None), |(place, tag)| (place, Some(tag)));
            if kinds.contains(&place) {
                expected.extend(tag);
                for found in blank.captures_iter(template) {
                    expected.extend(prose::categories(found.get(1).unwrap().as_str()));
                }
            }
        }
        assert_eq!(gold[&(table.to_owned(), column.to_owned())].0, expected, "{table}.{column}");
    }
}

#[test]
fn planted_forms_stand_where_they_are_said_to() {
    let (_folder, db, summary) = made(400, 5);
    for person in &summary.people {
        assert!(person.planted.len() >= 20, "{:?}", person.role);
        for place in &person.planted {
            let mut key_columns: Vec<(i64, String)> = Vec::new();
            db.prepare(&format!("SELECT pk, name FROM pragma_table_info('{}') WHERE pk > 0", place.table))
                .unwrap()
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap()
                .for_each(|column| key_columns.push(column.unwrap()));
            key_columns.sort();
            let key: Vec<String> = key_columns.into_iter().map(|(_, name)| format!("\"{name}\"")).collect();
            let sql = format!(
                "SELECT CAST(\"{}\" AS TEXT) FROM \"{}\" WHERE {} = ?1",
                place.column,
                place.table,
                key.join(" || '/' || ") + " || ''"
            );
            let text: String = db.query_row(&sql, [&place.key], |row| row.get(0)).expect("the row is there");
            assert!(text.contains(&place.form), "{place:?}");
        }
    }
}

/// The planted places of unique identifiers are all places: a plain search of every cell finds no other.
#[test]
fn nothing_of_a_known_person_stands_elsewhere() {
    let (_folder, db, summary) = made(400, 5);
    for person in &summary.people {
        let mut expected = BTreeMap::new();
        for place in person.planted.iter().filter(|place| place.category == "email") {
            *expected.entry((place.table.to_owned(), place.column.to_owned())).or_insert(0) += 1;
        }
        let mut found = BTreeMap::new();
        each_cell(&db, |table, column, text| {
            if table != "arendekommentar_fts" && text.contains(&person.email) {
                *found.entry((table.to_owned(), column.to_owned())).or_insert(0) += 1;
            }
        });
        assert_eq!(found, expected, "{:?}", person.role);
    }
}

#[test]
fn roles_hold() {
    let (_folder, db, summary) = made(60, 9);
    let count = |sql: &str, nr: i64| db.query_row(sql, [nr], |row| row.get::<_, i64>(0)).unwrap();
    let roles: Vec<Role> = summary.people.iter().map(|person| person.role).collect();
    assert_eq!(roles, [Role::Free, Role::Hindered, Role::Shared]);
    for person in &summary.people {
        let hindrances = [
            count("SELECT count(*) FROM bokning WHERE kundnr = ? AND status = 'BOKAD'", person.kundnr),
            count("SELECT count(*) FROM FAKTURAUNDERLAG WHERE KUNDNR = ? AND FAKTURERAD = 'N'", person.kundnr),
            count("SELECT count(*) FROM bidragsansokan WHERE kundnr = ?", person.kundnr),
        ];
        let expected = if person.role == Role::Hindered { [1, 1, 1] } else { [0, 0, 0] };
        assert_eq!(hindrances, expected, "{:?}", person.role);
        let links = count("SELECT count(*) FROM anvandare_kund WHERE anvandare_id = ?", person.user_id);
        assert_eq!(links, if person.role == Role::Shared { 3 } else { 1 });
    }
    let free = &summary.people[0];
    let same = "SELECT count(*) FROM KUND WHERE upper(FNAMN) = upper(?1) AND KUNDNR = ?2";
    let namesakes: i64 = db.query_row(same, (&free.given_name, summary.namesake), |row| row.get(0)).unwrap();
    assert_eq!(namesakes, 1);
}

/// Ten or twelve digits that are a date (or coordination day) and pass the check digit must be of the test series,
/// wherever the text is not a number of another kind.
#[test]
fn personal_numbers_are_test_numbers() {
    let (_folder, db, _) = made(600, 2);
    let shape = Regex::new(r"\b(?:19|20)?(\d{6})[-+ ]?(\d{3})(\d)\b").unwrap();
    let typed = [("KUND", "PNR"), ("GAMKUND", "PERSNR"), ("bidragsansokan", "sokande_pnr")];
    let mut seen = 0;
    each_cell(&db, |table, column, text| {
        for found in shape.captures_iter(text) {
            let (month, day): (u32, u32) = (found[1][2..4].parse().unwrap(), found[1][4..].parse().unwrap());
            let dated = (1..=12).contains(&month) && ((1..=31).contains(&day) || (61..=91).contains(&day));
            let sum: u32 = format!("{}{}{}", &found[1], &found[2], &found[3])
                .chars()
                .enumerate()
                .map(|(i, c)| c.to_digit(10).unwrap() * if i % 2 == 0 { 2 } else { 1 })
                .map(|n| n / 10 + n % 10)
                .sum();
            let serial: u32 = found[2].parse().unwrap();
            let test = matches!(serial, 238 | 239 | 920..=929 | 980..=983);
            if typed.contains(&(table, column)) {
                assert!(dated && sum.is_multiple_of(10) && test, "{table}.{column}");
                seen += 1;
            } else if dated && sum.is_multiple_of(10) {
                let phone = ["070174", "040628"].contains(&&found[1]);
                assert!(test || phone, "{table}.{column}");
            }
        }
    });
    assert!(seen > 300);
}

#[test]
fn phones_and_domains_are_reserved_ones() {
    let (_folder, db, _) = made(600, 3);
    let series = Regex::new(r"^(7017406(0[5-9]|[1-9]\d)|8465004\d\d|3139006\d\d|4062804\d\d|9803192\d\d)$").unwrap();
    let phone_columns: BTreeSet<_> = gold()
        .into_iter()
        .filter(|(_, (set, kind))| set.contains("phone") && *kind == "typed")
        .map(|(k, _)| k)
        .collect();
    let domain = Regex::new(r"@([\w.-]+\w)").unwrap();
    each_cell(&db, |table, column, text| {
        if phone_columns.contains(&(table.to_owned(), column.to_owned())) && !text.contains('@') && text != "\0" {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            let national = digits.strip_prefix("460").or(digits.strip_prefix("46")).or(digits.strip_prefix('0'));
            assert!(series.is_match(national.unwrap()), "{table}.{column}");
        }
        for found in domain.captures_iter(text) {
            let name = &found[1];
            let example = ["example.se", "example.com", "example.org", "example.net"];
            assert!(example.iter().any(|e| name == *e || name.ends_with(&format!(".{e}"))), "{table}.{column}");
        }
    });
}

#[test]
fn the_same_seed_gives_the_same_rows() {
    let (_a, first, _) = made(120, 1);
    let (_b, second, _) = made(120, 1);
    let (_c, other, _) = made(120, 2);
    assert_eq!(digest(&first), digest(&second));
    assert_ne!(digest(&first), digest(&other));
}

#[test]
fn declared_keys_hold_and_the_index_is_sound() {
    let (_folder, db, summary) = made(2000, 1);
    let broken: i64 = db.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
    assert_eq!(broken, 0);
    db.execute_batch("INSERT INTO arendekommentar_fts (arendekommentar_fts) VALUES ('integrity-check')").unwrap();
    let rows: u64 = summary.rows.values().sum();
    assert!((45_000..90_000).contains(&rows), "{rows}");
    for empty in ["samtycke", "bilaga"] {
        assert!(!summary.rows.contains_key(empty));
    }
}

#[test]
fn an_existing_file_is_left_alone() {
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(build(file.path(), &Options::default()).is_err());
}
