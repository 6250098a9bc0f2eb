//! A database that nobody would make and that happens nevertheless.

use std::path::Path;

use rusqlite::{Connection, params};

use super::common::{quoted, with_check_digit};

/// The table that can't be read, and must be told of.
pub(crate) const UNREADABLE: &str = "trasig";

/// Names that break whoever does not quote them.
const NAMES: [&str; 10] = [
    "select",
    "o'hara; DROP TABLE kund; --",
    "a\"b",
    "två ord",
    "personer😀👩‍👩‍👧",
    "[x]`y`",
    "%s{0}\\n",
    "../../etc/passwd",
    "en_tabell_med_ett_namn_som_är_längre_än_sextiotre_tecken_och_som_fortsätter_ändå",
    "line\nbreak\ttab",
];

/// Builds it and returns which number stands in which table.
pub(crate) fn build(path: &Path) -> Vec<(String, String)> {
    let db = Connection::open(path).unwrap();
    db.execute_batch("PRAGMA page_size = 4096; PRAGMA foreign_keys = OFF; BEGIN").unwrap();
    let mut planted = Planted { list: Vec::new() };
    cyclic(&db, &mut planted);
    for name in NAMES {
        let table = quoted(name);
        db.execute_batch(&format!("CREATE TABLE {table} ({table} TEXT, \"pnr'\"\"😀\" TEXT)")).unwrap();
        db.execute(&format!("INSERT INTO {table} VALUES ('x', ?1)"), [planted.in_table(name)]).unwrap();
    }
    keys(&db, &mut planted);
    many(&db, &mut planted);
    db.execute_batch("CREATE VIEW vy AS SELECT * FROM finns_inte; CREATE VIEW vy2 AS SELECT * FROM led_a").unwrap();
    db.execute_batch("CREATE TABLE trasig (id INTEGER PRIMARY KEY, text TEXT)").unwrap();
    for id in 0..200 {
        db.execute("INSERT INTO trasig VALUES (?1, ?2)", params![id, "z".repeat(500)]).unwrap();
    }
    db.execute_batch("COMMIT").unwrap();
    let page = first_leaf(&db);
    edit_schema(&db);
    drop(db);
    break_page(path, page);
    planted.list
}

struct Planted {
    list: Vec<(String, String)>,
}

impl Planted {
    /// A number of its own for this table, from Skatteverket's test series.
    fn in_table(&mut self, table: &str) -> String {
        let born = 500_101 + (self.list.len() / 28) * 100 + self.list.len() % 28;
        let number = format!("19{}", with_check_digit(&format!("{born}239")));
        self.list.push((table.to_owned(), number.clone()));
        number
    }
}

/// Two tables that point at each other, and one at itself.
fn cyclic(db: &Connection, planted: &mut Planted) {
    db.execute_batch(
        "CREATE TABLE led_a (id INTEGER PRIMARY KEY, pnr TEXT, b INTEGER REFERENCES led_b (id));
         CREATE TABLE led_b (id INTEGER PRIMARY KEY, pnr TEXT, a INTEGER REFERENCES led_a (id));
         CREATE TABLE chef (id INTEGER PRIMARY KEY, pnr TEXT, chef INTEGER REFERENCES chef (id));
         CREATE TABLE pekar_fel (id INTEGER PRIMARY KEY, x INTEGER REFERENCES finns_inte (id))",
    )
    .unwrap();
    for table in ["led_a", "led_b", "chef"] {
        db.execute(&format!("INSERT INTO {table} VALUES (1, ?1, 1)"), [planted.in_table(table)]).unwrap();
    }
}

/// Keys of all kinds, none, and tables without rows.
fn keys(db: &Connection, planted: &mut Planted) {
    db.execute_batch(
        "CREATE TABLE utan (pnr TEXT);
         CREATE TABLE sammansatt (a TEXT, b BLOB, pnr TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
         CREATE TABLE textnyckel (namn TEXT PRIMARY KEY, pnr TEXT);
         CREATE TABLE radnamn (rowid TEXT, _rowid_ TEXT, oid TEXT, pnr TEXT);
         CREATE TABLE raknad (id INTEGER PRIMARY KEY, pnr TEXT, kopia TEXT GENERATED ALWAYS AS (pnr || '') STORED);
         CREATE TABLE tom (id INTEGER PRIMARY KEY, pnr TEXT); CREATE TABLE tom2 (x)",
    )
    .unwrap();
    let rows = [
        ("utan", "(?1)"),
        ("sammansatt", "('å', x'00ff', ?1)"),
        ("textnyckel", "(NULL, ?1)"),
        ("radnamn", "('a', 'b', 'c', ?1)"),
    ];
    for (table, values) in rows {
        db.execute(&format!("INSERT INTO {table} VALUES {values}"), [planted.in_table(table)]).unwrap();
    }
    db.execute("INSERT INTO raknad (id, pnr) VALUES (1, ?1)", [planted.in_table("raknad")]).unwrap();
    // A text key that is no UTF-8.
    db.execute_batch("INSERT INTO textnyckel VALUES (CAST(x'c328ff' AS TEXT), NULL)").unwrap();
}

/// 300 tables; one has 2,000 columns, as many as SQLite allows.
fn many(db: &Connection, planted: &mut Planted) {
    for number in 0..300 {
        db.execute_batch(&format!("CREATE TABLE t{number} (id INTEGER PRIMARY KEY, a TEXT, b REAL)")).unwrap();
    }
    let columns: Vec<String> = (0..1999).map(|number| format!("c{number} TEXT")).collect();
    db.execute_batch(&format!("CREATE TABLE bred ({}, sist TEXT)", columns.join(", "))).unwrap();
    db.execute("INSERT INTO bred (c5, sist) VALUES ('x', ?1)", [planted.in_table("bred")]).unwrap();
}

/// What SQLite itself would refuse to create: a virtual table of a module nobody has, and a column whose name is no
/// UTF-8.
fn edit_schema(db: &Connection) {
    db.execute_batch(
        "PRAGMA writable_schema = ON;
         INSERT INTO sqlite_schema VALUES ('table', 'vacker_modul', 'vacker_modul', 0,
             'CREATE VIRTUAL TABLE vacker_modul USING finns_inte(x)');
         UPDATE sqlite_schema SET sql = CAST(replace(CAST(sql AS BLOB), CAST('a TEXT' AS BLOB), x'61e520544558') AS TEXT)
             WHERE name = 't7';
         PRAGMA writable_schema = OFF;",
    )
    .unwrap();
}

/// The first page of rows of `trasig`: its root's first child.
fn first_leaf(db: &Connection) -> u64 {
    let root: i64 =
        db.query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'trasig'", [], |row| row.get(0)).unwrap();
    u64::try_from(root).unwrap()
}

/// Overwrites the page: its kind is none that SQLite knows.
fn break_page(path: &Path, page: u64) {
    use std::os::unix::fs::FileExt;
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.write_all_at(&[0x55; 4096], (page - 1) * 4096).unwrap();
}
