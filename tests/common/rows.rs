//! The rows of scenario A that are not one person's, told apart by plain SQL, and whether the file is sound.

use std::collections::BTreeMap;

use rusqlite::Connection;
use sanera::demo::Person;
use sha2::{Digest, Sha256};

use super::common::quoted;

/// Which rows are a person's: table and condition. Keys that erasing may change are resolved when it is made.
pub(crate) struct Hers(Vec<(&'static str, String)>);

impl Hers {
    pub(crate) fn of(db: &Connection, person: &Person) -> Self {
        let nr = person.kundnr;
        let keys = |sql: &str| {
            let sql = format!("SELECT coalesce(group_concat(key), '') FROM (SELECT {sql})");
            db.query_row(&sql, [], |row| row.get::<_, String>(0)).unwrap()
        };
        let invoices = keys(&format!("FAKTNR AS key FROM FAKTURA WHERE KUNDNR = {nr}"));
        let messages = keys(&format!("id AS key FROM meddelande WHERE kundnr = {nr}"));
        let events =
            keys(&format!("id AS key FROM handelselogg WHERE lower(epost) = '{}'", person.email.to_lowercase()));
        let customer = |table| (table, format!("kundnr = {nr}"));
        let own = ["KUND", "KUNDKONTAKT", "samtycke", "bokning", "bokningsserie", "FAKTURAUNDERLAG", "FAKTURA"];
        let mut hers: Vec<_> = own.map(customer).to_vec();
        hers.extend([
            customer("arendekommentar"),
            ("GAMKUND", format!("KNR = {nr}")),
            ("anvandare", format!("id = {}", person.user_id)),
            ("anvandare_kund", format!("anvandare_id = {}", person.user_id)),
            ("FAKTURARAD", format!("FAKTNR IN ({invoices})")),
            ("meddelande", format!("id IN ({messages})")),
            ("handelselogg", format!("id IN ({events})")),
        ]);
        Self(hers)
    }
}

/// Per table the number of all other rows and a checksum over every bit of them.
pub(crate) fn of_others(db: &Connection, hers: &Hers) -> BTreeMap<String, (usize, String)> {
    let sql = "SELECT name FROM pragma_table_list
        WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'sanera_applied'";
    let tables: Vec<String> =
        db.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(tables.len() >= 20);
    tables.into_iter().map(|table| (table.clone(), checksum(db, &table, hers))).collect()
}

fn checksum(db: &Connection, table: &str, hers: &Hers) -> (usize, String) {
    let own = hers.0.iter().find(|(name, _)| *name == table).map_or("0", |(_, condition)| condition);
    let mut statement = db.prepare(&format!("SELECT * FROM {} WHERE NOT ({own})", quoted(table))).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    let mut lines = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        // The value's type and, of texts, every byte.
        let cells: Vec<_> = (0..columns).map(|index| row.get_ref(index).unwrap()).collect();
        lines.push(format!("{cells:?}"));
    }
    lines.sort();
    (lines.len(), sanera::secret::hex(&Sha256::digest(lines.join("\n"))))
}

/// No row points at nothing, and the file is whole.
pub(crate) fn assert_sound(db: &Connection) {
    let broken: i64 = db.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
    assert_eq!(broken, 0);
    let answer: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(answer, "ok");
    db.execute_batch("INSERT INTO arendekommentar_fts (arendekommentar_fts, rank) VALUES ('integrity-check', 1)")
        .expect("the full-text index fits its table");
}
