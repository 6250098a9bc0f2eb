//! Reading real files, hostile ones among them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::*;
use crate::catalog::{Catalog, TableKind, TypeClass};
use crate::db::{BatchPool, Database, Request, Source};
use crate::value::RowKey;

fn database(path: &Path) -> Database {
    Database::open(&Source::Sqlite { path: path.into() }, Purpose::Read, &Arc::default()).unwrap()
}

fn file(sql: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    (folder, path)
}

/// All cells of a table as the reader delivers them, with row keys; the pieces of long cells apart.
#[derive(Default)]
struct Everything {
    rows: Vec<(Option<RowKey>, Vec<String>)>,
    pieces: Vec<(usize, bool, std::ops::Range<usize>, Vec<u8>)>,
    binary: u32,
    recoded: u32,
    nulls: u32,
}

fn read_all(database: &mut Database, catalog: &Catalog, table: &str) -> Everything {
    let index = catalog.tables.iter().position(|known| known.name.name == table).unwrap();
    let table = &catalog.tables[index];
    let columns: Vec<usize> = (0..table.columns.len()).filter(|at| !table.columns[*at].hidden).collect();
    let pool = BatchPool::new(3, 1 << 19);
    let mut all = Everything::default();
    for partition in database.partitions(index, table).unwrap() {
        let request = Request { table, columns: &columns, partition: &partition, limit: None };
        database
            .read(&request, &pool, &mut |batch| {
                for cells in &batch.columns {
                    all.binary += cells.binary;
                    all.recoded += cells.recoded;
                    all.nulls += cells.nulls;
                }
                if let Some(piece) = batch.piece.clone() {
                    let text = batch.columns[piece.column].get(0).to_vec();
                    all.pieces.push((piece.column, piece.first, piece.owned, text));
                } else {
                    for row in 0..batch.rows {
                        let cells = batch.columns.iter().map(|cells| String::from_utf8(cells.get(row).into()).unwrap());
                        all.rows.push((batch.row_key(row), cells.collect()));
                    }
                }
                pool.give(batch);
                ControlFlow::Continue(())
            })
            .unwrap();
    }
    all
}

#[test]
fn a_catalog_tells_all_that_a_schema_says() {
    let (_folder, path) = file(
        "CREATE TABLE kund (id INTEGER PRIMARY KEY, namn TEXT NOT NULL, Epost VARCHAR(80) UNIQUE, fritt,
            stor TEXT GENERATED ALWAYS AS (upper(namn)) VIRTUAL, sparad TEXT AS (lower(namn)) STORED,
            skapad DATETIME DEFAULT CURRENT_TIMESTAMP, CHECK (length(namn) > 0));
         CREATE TABLE bokning (kund INTEGER REFERENCES KUND ON DELETE CASCADE, nr INT, dag DATE NOT NULL,
            UNIQUE (dag, nr));
         CREATE TABLE kod (a TEXT, b TEXT, PRIMARY KEY (b, a)) WITHOUT ROWID;
         CREATE TABLE strikt (n INTEGER NOT NULL UNIQUE, x REAL) STRICT;
         CREATE VIEW v AS SELECT namn FROM kund;
         CREATE VIRTUAL TABLE sok USING fts5(text);
         CREATE VIRTUAL TABLE karta USING rtree(id, x0, x1);
         CREATE TRIGGER spar AFTER UPDATE ON kund BEGIN SELECT 1; END;",
    );
    let catalog = database(&path).inspect().unwrap();
    let table = |name: &str| catalog.table(&TableName::plain(name)).unwrap();

    let kund = table("kund");
    assert_eq!(kund.row_key.as_ref().unwrap().columns, ["id"]);
    assert_eq!(kund.unique.len(), 2, "the primary key and the unique address");
    assert!(kund.has_checks && kund.triggers[0].name == "spar");
    let column = |name: &str| kund.column(name).unwrap();
    assert_eq!((column("Epost").length, column("Epost").type_class), (Some(80), TypeClass::Text));
    assert!(column("stor").generated && column("sparad").generated && !column("namn").generated);
    assert!(!column("namn").nullable && column("fritt").declared_type.is_empty() && column("skapad").has_default);

    let bokning = table("bokning");
    assert_eq!(bokning.row_key, None, "a unique key over a column that may be NULL names no row");
    let link = &bokning.foreign_keys[0];
    assert_eq!(link.describe(&bokning.name), "bokning.kund -> kund.id");
    assert_eq!(link.on_delete, crate::catalog::Action::Cascade);

    assert_eq!(table("kod").row_key.as_ref().unwrap().columns, ["b", "a"]);
    assert_eq!(table("strikt").row_key.as_ref().unwrap().columns, ["n"]);
    assert_eq!(table("v").kind, TableKind::View);
    assert_eq!((table("sok").kind, table("sok").detail.as_deref()), (TableKind::Virtual, Some("fts5")));
    assert_eq!((table("karta").kind, table("karta").detail.as_deref()), (TableKind::Foreign, Some("rtree")));
    assert_eq!(table("sok_content").kind, TableKind::Shadow);
}

#[test]
fn every_cell_arrives_whatever_it_holds() {
    let (_folder, path) = file(
        "CREATE TABLE t (a, b, c);
         INSERT INTO t VALUES (1, 'text', x'ff00fe01'), (NULL, 2.5, x'c3a5'), (198001019999.0, '', zeroblob(0)),
            (CAST(x'e5e4f6' AS TEXT), 'a' || char(0) || 'b', x'416e6e61');",
    );
    let mut database = database(&path);
    let catalog = database.inspect().unwrap();
    let all = read_all(&mut database, &catalog, "t");
    let cells: Vec<Vec<&str>> = all.rows.iter().map(|(_, row)| row.iter().map(String::as_str).collect()).collect();
    assert_eq!(
        cells,
        [["1", "text", ""], ["", "2.5", "å"], ["198001019999", "", ""], ["åäö", "a\0b", "Anna"]],
        "numbers as digits, old encodings as UTF-8, text in blobs as text"
    );
    assert_eq!((all.binary, all.recoded, all.nulls), (1, 1, 1));
}

#[test]
fn keys_and_partitions_cover_every_row_once() {
    let (_folder, path) = file(
        "CREATE TABLE gles (id INTEGER PRIMARY KEY, x);
         INSERT INTO gles VALUES (-9223372036854775808, 'a'), (0, 'b'), (70000, 'c'), (9223372036854775807, 'd');
         CREATE TABLE manga (x);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150000)
            INSERT INTO manga SELECT i FROM n;
         CREATE TABLE utan (a TEXT, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID;
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
            INSERT INTO utan SELECT 'nyckel ' || (i % 7), i FROM n;
         CREATE TABLE dold (rowid, _rowid_, oid);
         INSERT INTO dold VALUES (7, 7, 7), (7, 7, 7);
         CREATE TABLE tom (x);",
    );
    let mut database = database(&path);
    let catalog = database.inspect().unwrap();
    let keys = |all: &Everything| all.rows.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();

    let gles = read_all(&mut database, &catalog, "gles");
    let number = |n| Some(RowKey(vec![Value::Integer(n)]));
    assert_eq!(keys(&gles), [number(i64::MIN), number(0), number(70000), number(i64::MAX)]);

    let manga = read_all(&mut database, &catalog, "manga");
    let values: BTreeMap<u32, u32> = manga.rows.iter().fold(BTreeMap::new(), |mut seen, (key, row)| {
        assert_eq!(*key, None);
        *seen.entry(row[0].parse().unwrap()).or_default() += 1;
        seen
    });
    assert!(values.len() == 150_000 && values.values().all(|times| *times == 1));

    let utan = read_all(&mut database, &catalog, "utan");
    assert_eq!(utan.rows.len(), 100_000, "read on by key from batch to batch");
    let different: std::collections::BTreeSet<Vec<u8>> =
        keys(&utan).iter().map(|key| key.as_ref().unwrap().encoded()).collect();
    assert_eq!(different.len(), 100_000);

    assert_eq!(read_all(&mut database, &catalog, "dold").rows.len(), 2);
    assert_eq!(read_all(&mut database, &catalog, "tom").rows.len(), 0);
}

/// A long text with a mark at every 1,000th byte, so that a lost or doubled one shows.
fn long_text(length: usize) -> String {
    let mut text = String::with_capacity(length + 16);
    for number in 0.. {
        if text.len() >= length {
            return text;
        }
        let mark = format!("<{number}>");
        write!(text, "{mark:<999}å").unwrap();
    }
    unreachable!("the loop has no end of its own")
}

/// First bytes of marks owned by the pieces, in order.
fn owned_marks(all: &Everything) -> Vec<u64> {
    let mut marks = Vec::new();
    for (_, _, owned, text) in &all.pieces {
        let text = std::str::from_utf8(text).unwrap();
        for (at, _) in text.match_indices('<').filter(|(at, _)| owned.contains(at)) {
            let end = text[at..].find('>').expect("an owned hit is whole");
            marks.push(text[at + 1..at + end].parse().unwrap());
        }
    }
    marks
}

#[test]
fn long_cells_come_in_pieces_that_own_every_place_once() {
    let text = long_text(5_000_000);
    let marks: Vec<u64> = (0..text.matches('<').count() as u64).collect();
    let (_folder, path) = file(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, kort TEXT, bild BLOB);
         CREATE TABLE nyckel (id TEXT PRIMARY KEY, x TEXT) WITHOUT ROWID;
         CREATE TABLE dold (rowid, _rowid_, oid);
         CREATE TABLE genererad (id INTEGER PRIMARY KEY, kalla TEXT, x TEXT AS (kalla || '') VIRTUAL);",
    );
    let writer = Connection::open(&path).unwrap();
    let mut picture = vec![0u8; 3_000_000];
    picture[..4].copy_from_slice(b"\x89PNG");
    writer
        .execute("INSERT INTO t VALUES (1, 'a', 'b', NULL), (2, ?1, 'c', ?2), (3, 'd', 'e', NULL)", (&text, &picture))
        .unwrap();
    writer.execute("INSERT INTO nyckel VALUES ('1', 'a'), ('2', ?1), ('3', 'b')", [&text]).unwrap();
    writer.execute("INSERT INTO dold VALUES (1, ?1, 2)", [&text]).unwrap();
    writer.execute("INSERT INTO genererad VALUES (1, ?1)", [&text]).unwrap();

    let mut database = database(&path);
    let catalog = database.inspect().unwrap();
    let all = read_all(&mut database, &catalog, "t");
    let short: Vec<&str> = all.rows.iter().map(|(_, row)| row[2].as_str()).collect();
    assert_eq!(short, ["b", "c", "e"]);
    assert_eq!(all.rows[1].1[1], "", "the long cell itself comes in pieces");
    assert_eq!(owned_marks(&all), marks);
    assert_eq!(all.pieces.iter().filter(|piece| piece.1).count(), 2, "one first piece per long cell");
    assert_eq!(all.binary, 1, "of a picture only the beginning is read");

    assert_eq!(owned_marks(&read_all(&mut database, &catalog, "nyckel")), marks);
    assert_eq!(owned_marks(&read_all(&mut database, &catalog, "dold")), marks);
    let twice: Vec<u64> = marks.iter().chain(&marks).copied().collect();
    assert_eq!(owned_marks(&read_all(&mut database, &catalog, "genererad")), twice);
}

#[test]
fn rows_that_only_the_keys_own_collation_tells_apart_are_all_read() {
    let (_folder, path) = file(
        "CREATE TABLE t (a TEXT COLLATE NOCASE NOT NULL, b TEXT, x TEXT, PRIMARY KEY (a COLLATE BINARY, b)) WITHOUT ROWID;
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
         INSERT INTO t SELECT upper(hex(i)), '', hex(zeroblob(200)) FROM n UNION ALL SELECT lower('a' || hex(i)), '', '' FROM n
         UNION ALL SELECT upper('a' || hex(i)), '', hex(zeroblob(200)) FROM n;",
    );
    let mut database = database(&path);
    let catalog = database.inspect().unwrap();
    assert_eq!(read_all(&mut database, &catalog, "t").rows.len(), 30_000);
}

#[test]
fn text_in_bytes_is_read_in_pieces_in_the_encoding_of_its_beginning() {
    let text = long_text(3_000_000);
    let marks: Vec<u64> = (0..text.matches('<').count() as u64).collect();
    let (_folder, path) = file("CREATE TABLE t (id INTEGER PRIMARY KEY, x BLOB);");
    let writer = Connection::open(&path).unwrap();
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
        writer.execute("INSERT OR REPLACE INTO t VALUES (1, ?1)", [&bytes]).unwrap();
        let mut database = database(&path);
        let catalog = database.inspect().unwrap();
        assert_eq!(owned_marks(&read_all(&mut database, &catalog, "t")), marks);
    }
}

#[test]
fn text_stored_as_utf16_is_read_whole_and_in_pieces() {
    let text = long_text(3_000_000);
    let marks: Vec<u64> = (0..text.matches('<').count() as u64).collect();
    for encoding in ["UTF-16le", "UTF-16be"] {
        let (_folder, path) =
            file(&format!("PRAGMA encoding = '{encoding}'; CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);"));
        let writer = Connection::open(&path).unwrap();
        writer.execute("INSERT INTO t VALUES (1, 'Åsa'), (2, ?1)", [&text]).unwrap();
        let mut database = database(&path);
        let catalog = database.inspect().unwrap();
        let all = read_all(&mut database, &catalog, "t");
        assert_eq!(all.rows[0].1[1], "Åsa");
        assert_eq!(owned_marks(&all), marks, "{encoding}");
    }
}

#[test]
fn the_contents_of_a_full_text_index_are_read() {
    let (_folder, path) = file(
        "CREATE VIRTUAL TABLE sok USING fts5(rubrik, text);
         INSERT INTO sok VALUES ('ärende', 'ring Anna'), ('annat', 'inget');",
    );
    let mut database = database(&path);
    let catalog = database.inspect().unwrap();
    let all = read_all(&mut database, &catalog, "sok");
    assert_eq!(all.rows[0].1, ["ärende", "ring Anna"]);
}

#[test]
fn a_virtual_table_is_known_however_its_module_is_written() {
    for (sql, module) in [
        ("a\nUSING fts5(text)", "fts5"),
        ("\"x using y\" using/**/\"FTS5\"(text)", "fts5"),
        ("[a]USING[fts4](text, tokenize='unicode61')", "fts4"),
        ("'a'\tUSING\t'fts3'(text)", "fts3"),
    ] {
        let (_folder, path) = file(&format!("CREATE VIRTUAL TABLE {sql};"));
        let mut database = database(&path);
        let catalog = database.inspect().unwrap();
        let table = catalog.tables.iter().find(|it| it.kind != TableKind::Shadow).unwrap();
        assert_eq!((table.kind, table.detail.as_deref()), (TableKind::Virtual, Some(module)), "{sql}");
    }
    let (_folder, path) = file("CREATE VIRTUAL TABLE karta USING rtree(id, x0, x1);");
    let mut database = database(&path);
    let catalog = database.inspect().unwrap();
    let unreadable = database.unreadable(&catalog).unwrap();
    assert!(unreadable[0].table.name == "karta" && unreadable[0].reason.contains("rtree"), "{unreadable:?}");
}

#[test]
fn reading_changes_no_byte() {
    for mode in ["wal", "delete"] {
        let (_folder, path) = file("CREATE TABLE t (x); INSERT INTO t VALUES ('a'), ('b');");
        let writer = Connection::open(&path).unwrap();
        writer.pragma_update(None, "journal_mode", mode).unwrap();
        writer.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        writer.execute_batch("INSERT INTO t VALUES ('c')").unwrap();
        // The log stays when its last writer is gone, as after a crash.
        writer.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
        drop(writer);
        let log = path.with_extension("db-wal");
        let state = || (std::fs::read(&path).unwrap(), std::fs::read(&log).ok());
        let before = state();
        assert_eq!(before.1.is_some(), mode == "wal");
        let mut reader = database(&path);
        reader.begin_read(None).unwrap();
        let catalog = reader.inspect().unwrap();
        assert_eq!(read_all(&mut reader, &catalog, "t").rows.len(), 3, "what stands in the log is read too");
        assert!(
            matches!(&reader, Database::Sqlite(db) if db.connection.execute_batch("INSERT INTO t VALUES ('d')").is_err())
        );
        drop(reader);
        assert!(state() == before, "{mode}");
    }
}

#[test]
fn a_writer_is_not_locked_out_while_a_batch_waits() {
    let (_folder, path) = file(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
            INSERT INTO t SELECT i, printf('%.100c', 'x') FROM n;",
    );
    let mut reader = database(&path);
    reader.begin_read(None).unwrap();
    let catalog = reader.inspect().unwrap();
    let table = &catalog.tables[0];
    let partition = reader.partitions(0, table).unwrap().remove(0);
    let writer = Connection::open(&path).unwrap();
    let pool = BatchPool::new(2, 1 << 19);
    let mut batches = 0;
    let request = Request { table, columns: &[0, 1], partition: &partition, limit: None };
    reader
        .read(&request, &pool, &mut |batch| {
            batches += 1;
            writer.execute("UPDATE t SET x = 'changed' WHERE id = 1", []).expect("the journal is free between batches");
            pool.give(batch);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(batches > 1);
}

#[test]
fn what_is_no_database_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let open = |path: &Path| match Database::open(&Source::Sqlite { path: path.into() }, Purpose::Read, &Arc::default())
    {
        Err(Error::Source { reason, .. }) => reason,
        other => panic!("{:?}", other.map(|_| ())),
    };
    assert!(open(&folder.path().join("nowhere.db")).contains("no such file"));
    assert!(open(folder.path()).contains("directory"));
    let noise = folder.path().join("noise.db");
    std::fs::write(&noise, [0x5a; 8192]).unwrap();
    assert!(open(&noise).contains("not a SQLite database, or it is encrypted"));
}

#[test]
fn identifiers_and_values_of_any_kind_are_quoted_or_bound() {
    let (_folder, path) = file(
        "CREATE TABLE \"t\"\"; DROP TABLE kvar; --\" (\"a\"\"b\" TEXT PRIMARY KEY, \"😀 select\" INT);
         CREATE TABLE kvar (x);
         INSERT INTO \"t\"\"; DROP TABLE kvar; --\" VALUES ('o''clock', 1);",
    );
    let mut database = database(&path);
    let catalog = database.inspect().unwrap();
    let name = "t\"; DROP TABLE kvar; --";
    let all = read_all(&mut database, &catalog, name);
    assert_eq!(all.rows[0].1, ["o'clock", "1"]);
    let table = catalog.table(&TableName::plain(name)).unwrap();
    let row = database.row(table, &["😀 select".into()], &RowKey(vec![Value::text("o'clock")])).unwrap();
    assert_eq!(row, Some(vec![Value::Integer(1)]));
    assert!(database.inspect().unwrap().table(&TableName::plain("kvar")).is_some());
}
