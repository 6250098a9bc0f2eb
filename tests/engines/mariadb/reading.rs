//! The catalog, and every cell of every type.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::{ControlFlow, Range};

use sanera::catalog::{Action, Catalog, Table, TableKind, TableName, TypeClass};
use sanera::db::{BatchPool, Database, Purpose, Request};
use sanera::value::{RowKey, Value};

use TypeClass::{Boolean, Bytes, Decimal, Integer, Json, Other, Text};

use super::Fresh;
use crate::common::Workspace;

/// All cells of a table as the reader delivers them, with row keys; the pieces of long cells apart.
#[derive(Default)]
struct Everything {
    rows: Vec<(Option<RowKey>, Vec<String>)>,
    pieces: Vec<(usize, Range<usize>, Vec<u8>)>,
    partitions: usize,
    binary: u32,
}

fn table<'c>(catalog: &'c Catalog, name: &str) -> &'c Table {
    catalog.tables.iter().find(|table| table.name.name == name).unwrap()
}

fn read_all(database: &mut Database, catalog: &Catalog, name: &str) -> Everything {
    let index = catalog.tables.iter().position(|table| table.name.name == name).unwrap();
    let table = &catalog.tables[index];
    let columns: Vec<usize> = (0..table.columns.len()).collect();
    let pool = BatchPool::new(3, 1 << 19);
    let mut all = Everything::default();
    let partitions = database.partitions(index, table).unwrap();
    all.partitions = partitions.len();
    for partition in partitions {
        let request = Request { table, columns: &columns, partition: &partition, limit: None };
        let mut sink = |batch: sanera::db::Batch| {
            if let Some(piece) = &batch.piece {
                let text = batch.columns[piece.column].get(0).to_vec();
                all.binary += batch.columns[piece.column].binary;
                all.pieces.push((piece.column, piece.owned.clone(), text));
            } else {
                for row in 0..batch.rows {
                    let cells = batch.columns.iter().map(|cells| String::from_utf8(cells.get(row).into()).unwrap());
                    all.rows.push((batch.row_key(row), cells.collect()));
                }
            }
            pool.give(batch);
            ControlFlow::Continue(())
        };
        database.read(&request, &pool, &mut sink).unwrap();
    }
    all
}

/// Opens a database of that script and reads its catalog.
fn opened(script: &str) -> Option<(Fresh, Database, Catalog)> {
    let fresh = Fresh::new(script)?;
    let mut database = fresh.open(Purpose::Read);
    database.begin_read(None).unwrap();
    let catalog = database.inspect().unwrap();
    Some((fresh, database, catalog))
}

#[test]
fn a_catalog_tells_all_that_a_schema_says() {
    let Some((fresh, _, catalog)) = opened(
        "CREATE TABLE Kund (Id INT AUTO_INCREMENT PRIMARY KEY, namn VARCHAR(60) NOT NULL COMMENT 'för- och efternamn',
            epost VARCHAR(80) CHARACTER SET latin1 UNIQUE, saldo DECIMAL(10,2) DEFAULT 0, aktiv BOOLEAN NOT NULL,
            uppgifter JSON, bild MEDIUMBLOB, dold TEXT INVISIBLE, stor VARCHAR(60) AS (UPPER(namn)) VIRTUAL,
            kod INT(6) UNSIGNED ZEROFILL, nr BIGINT UNSIGNED, slag ENUM('a','b'), CHECK (saldo >= 0),
            UNIQUE (namn(5))) COMMENT 'kunder';
         CREATE TABLE bokning (kund INT, dag DATE NOT NULL, sal VARCHAR(9) NOT NULL, UNIQUE (dag, sal),
            CONSTRAINT k FOREIGN KEY (KUND) REFERENCES Kund (ID) ON DELETE CASCADE);
         CREATE TABLE fritt (text TEXT);
         CREATE TABLE gammal (a INT PRIMARY KEY) ENGINE = MyISAM;
         CREATE TABLE bevarad (a INT PRIMARY KEY) WITH SYSTEM VERSIONING;
         CREATE TABLE samlad (a INT) ENGINE = MRG_MyISAM UNION = ();
         CREATE SEQUENCE nummer;
         CREATE VIEW vy AS SELECT namn FROM Kund;
         CREATE PROCEDURE skriv() INSERT INTO fritt VALUES ('x');
         CREATE TRIGGER ny AFTER UPDATE ON Kund FOR EACH ROW CALL skriv();",
    ) else {
        return;
    };
    let names: Vec<&str> = catalog.tables.iter().map(|table| table.name.name.as_str()).collect();
    assert_eq!(names, ["Kund", "bevarad", "bokning", "fritt", "gammal", "samlad", "vy"]);
    assert!(catalog.tables.iter().all(|table| table.name.schema.as_deref() == Some(fresh.name())));

    let kund = table(&catalog, "Kund");
    assert_eq!((kund.kind, kund.detail.as_deref(), kund.has_checks), (TableKind::Base, Some("InnoDB"), true));
    assert_eq!(kund.comment.as_deref(), Some("kunder"));
    let classes: Vec<TypeClass> = kund.columns.iter().map(|column| column.type_class).collect();
    let expected = [Integer, Text, Text, Decimal, Boolean, Json, Bytes, Text, Text, Decimal, Decimal, Other];
    assert_eq!(classes, expected);
    let column = |name: &str| kund.column(name).unwrap();
    assert_eq!((column("namn").nullable, column("namn").length), (false, Some(60)));
    assert_eq!(column("namn").comment.as_deref(), Some("för- och efternamn"));
    assert!(column("Id").has_default && column("saldo").has_default && !column("namn").has_default);
    assert!(!column("epost").has_default, "NULL is no default");
    assert!(column("stor").generated && !column("namn").generated);
    assert!(!column("dold").hidden, "it is read");
    assert!(column("epost").collation.as_deref().unwrap().starts_with("latin1"));
    assert_eq!(kund.row_key.as_ref().unwrap().columns, ["Id"]);
    assert_eq!(kund.unique.len(), 2);
    assert_eq!(kund.partly_unique[0].columns, ["namn"]);
    assert!(kund.triggers[0].sql.contains("INSERT INTO fritt"), "what a trigger calls is told");

    let bokning = table(&catalog, "bokning");
    assert_eq!(bokning.row_key.as_ref().unwrap().columns, ["dag", "sal"]);
    let key = &bokning.foreign_keys[0];
    assert_eq!((&key.parent, key.on_delete), (&kund.name, Action::Cascade));
    assert_eq!((&key.columns[..], &key.parent_columns[..]), (&["kund".to_owned()][..], &["Id".to_owned()][..]));

    assert_eq!(table(&catalog, "fritt").row_key, None);
    assert_eq!(table(&catalog, "gammal").detail.as_deref(), Some("MyISAM"));
    assert_eq!(table(&catalog, "bevarad").detail.as_deref(), Some("InnoDB, system versioned"));
    assert_eq!(table(&catalog, "samlad").kind, TableKind::Foreign);
    assert_eq!(table(&catalog, "vy").kind, TableKind::View);
}

/// Type, two values, and how the client is asked for it where its own text is not ours.
const TYPES: [(&str, &str, &str, Option<&str>); 36] = [
    ("TINYINT", "-128", "127", None),
    ("BOOLEAN", "0", "1", None),
    ("SMALLINT UNSIGNED", "0", "65535", None),
    ("MEDIUMINT", "-8388608", "8388607", None),
    ("INT UNSIGNED", "0", "4294967295", None),
    ("INT(10) ZEROFILL", "701740605", "1", None),
    ("BIGINT", "-9223372036854775808", "9223372036854775807", None),
    ("BIGINT UNSIGNED", "0", "18446744073709551615", None),
    ("DECIMAL(65,30)", "-1.5", "12345678901234567890123456789012345.000000000000000000000000000001", None),
    ("FLOAT", "0.5", "-1024", None),
    ("DOUBLE", "0.1", "198001019876", None),
    ("BIT(1)", "0", "1", Some("c + 0")),
    ("BIT(64)", "0", "18446744073709551615", Some("c + 0")),
    ("DATE", "'0000-00-00'", "'1980-01-01'", None),
    ("TIME(6)", "'-838:59:59'", "'12:34:56.789'", None),
    ("DATETIME(3)", "'0000-00-00'", "'9999-12-31 23:59:59.999'", None),
    ("TIMESTAMP NULL", "'0000-00-00'", "'2026-07-01 12:00:00'", None),
    ("YEAR", "0", "1980", None),
    ("CHAR(10)", "''", "'Åsa'", None),
    ("VARCHAR(200)", "'citat '' \" ` \\\\ slut'", "'\u{1f600} Björn'", None),
    ("VARCHAR(20) CHARACTER SET latin1", "'Åsa Öberg €'", "'é'", None),
    ("VARCHAR(20) CHARACTER SET utf16", "'Åsa'", "'\u{1f600}'", None),
    ("TINYTEXT", "'a'", "'b'", None),
    ("TEXT", "'a'", "'b'", None),
    ("MEDIUMTEXT", "'a'", "'b'", None),
    ("LONGTEXT CHARACTER SET latin1", "'åäö'", "'b'", None),
    ("JSON", "'{\"pnr\": \"19800101-9288\"}'", "'[]'", None),
    ("ENUM('kvinna','man','annat å')", "'annat å'", "'man'", None),
    ("SET('a','b')", "'a,b'", "''", None),
    ("BINARY(4)", "'text'", "'abcd'", None),
    ("VARBINARY(20)", "'Anna'", "''", None),
    ("LONGBLOB", "'Anna Testperson'", "'x'", None),
    ("UUID", "'123e4567-e89b-12d3-a456-426655440000'", "UUID()", None),
    ("INET6", "'2001:db8::1'", "'::192.0.2.1'", None),
    ("INET4", "'192.0.2.1'", "'203.0.113.9'", None),
    ("POINT", "ST_GeomFromText('POINT(18.07 59.33)')", "ST_GeomFromText('POINT(0 0)')", Some("ST_AsText(c)")),
];

#[test]
fn every_cell_of_every_type_arrives_as_the_client_shows_it() {
    let mut script = "SET SESSION sql_mode = 'STRICT_ALL_TABLES', time_zone = '+00:00';".to_owned();
    for (number, (declared, one, two, _)) in TYPES.iter().enumerate() {
        let table = format!("t{number:02}");
        write!(script, "CREATE TABLE {table} (id INT PRIMARY KEY, c {declared});").unwrap();
        write!(script, "INSERT INTO {table} VALUES (1, {one}), (2, {two}), (3, NULL);").unwrap();
    }
    let Some((fresh, mut database, catalog)) = opened(&script) else { return };
    for (number, (declared, _, _, shown)) in TYPES.iter().enumerate() {
        let name = format!("t{number:02}");
        let wanted = shown.unwrap_or("c");
        let zone = "SET time_zone = '+00:00';";
        let expected = fresh.query(&format!("{zone} SELECT {wanted} FROM {name} WHERE id < 3 ORDER BY id"));
        let expected: Vec<String> = expected.into_iter().map(|row| row.concat()).collect();
        let read = read_all(&mut database, &catalog, &name);
        let cells: Vec<&String> = read.rows.iter().map(|row| &row.1[1]).collect();
        assert_eq!(cells, [&expected[0], &expected[1], ""], "{declared}");

        let described = table(&catalog, &name);
        for (key, cells) in &read.rows {
            let found = database.row(described, &["c".to_owned()], key.as_ref().unwrap()).unwrap().unwrap();
            assert_eq!(found[0].as_text(), cells[1], "{declared}: a single row reads as the scan did");
            assert_eq!(found[0] == Value::Null, cells[0] == "3", "{declared}");
            // Every value finds its own row.
            if found[0] != Value::Null && declared != &"POINT" {
                let equal = [("c".to_owned(), found[0].clone())];
                let rows = database.rows_where(&described.name, &["id".to_owned()], &equal, 9).unwrap();
                assert_eq!(rows.len(), 1, "{declared}: {}", cells[1]);
            }
        }
    }
}

#[test]
fn names_and_values_of_any_shape() {
    let hostile = format!("`a``b\"c'd;-- å\\ /* {}`", "x".repeat(43));
    let script = format!(
        "CREATE TABLE {hostile} ({hostile} INT PRIMARY KEY, `select` TEXT, `ö` LONGTEXT);
         INSERT INTO {hostile} VALUES (-1, 'Anna \u{1f600}', REPEAT('å', 700000));"
    );
    let Some((_fresh, mut database, catalog)) = opened(&script) else { return };
    let name = catalog.tables[0].name.name.clone();
    assert_eq!(name.chars().count(), 60);
    let read = read_all(&mut database, &catalog, &name);
    assert_eq!(
        read.rows,
        [(Some(RowKey(vec![Value::Integer(-1)])), vec!["-1".into(), "Anna \u{1f600}".into(), String::new()])]
    );
    assert_eq!(read.pieces.len(), 2, "1.4 MB of UTF-8");
}

#[test]
fn partitions_have_every_row_once() {
    let Some((_fresh, mut database, catalog)) = opened(
        "CREATE TABLE glest (id BIGINT PRIMARY KEY, text VARCHAR(20));
         INSERT INTO glest SELECT CAST(seq AS SIGNED) * 3 - 100000, CONCAT('rad ', seq) FROM seq_1_to_150000;
         INSERT INTO glest VALUES (9223372036854775807, 'sist'), (-9223372036854775808, 'f\u{f6}rst');
         CREATE TABLE par (a INT UNSIGNED, b VARCHAR(9), PRIMARY KEY (a, b));
         INSERT INTO par SELECT seq DIV 4, seq FROM seq_1_to_450000;
         CREATE TABLE ord (a VARCHAR(9) CHARACTER SET latin1, b DATE, PRIMARY KEY (a, b));
         INSERT INTO ord VALUES ('\u{e5}', '2026-01-01'), ('b', '0000-00-00');
         CREATE TABLE utan (text TEXT);
         INSERT INTO utan VALUES ('lika'), ('lika');
         CREATE TABLE tom (id INT PRIMARY KEY);",
    ) else {
        return;
    };
    for (name, rows, partitions) in [("glest", 150_002, 2..), ("par", 450_000, 2..), ("ord", 2, 1..), ("utan", 2, 1..)]
    {
        let read = read_all(&mut database, &catalog, name);
        assert!(partitions.contains(&read.partitions), "{name}: {}", read.partitions);
        assert_eq!(read.rows.len(), rows, "{name}");
        let keys: std::collections::BTreeSet<Vec<u8>> =
            read.rows.iter().filter_map(|row| row.0.as_ref().map(RowKey::encoded)).collect();
        assert_eq!(keys.len(), if name == "utan" { 0 } else { rows }, "{name}");
        let table = table(&catalog, name);
        for (key, cells) in read.rows.iter().step_by(50_000).filter_map(|row| Some((row.0.as_ref()?, &row.1))) {
            let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
            let row = database.row(table, &columns, key).unwrap().expect("a key of the scan names its row");
            assert_eq!(row.iter().map(|cell| cell.as_text().into_owned()).collect::<Vec<_>>(), *cells);
        }
    }
    assert!(read_all(&mut database, &catalog, "tom").rows.is_empty());
}

/// How often each mark is owned by a piece.
fn marks(read: &Everything, column: usize) -> BTreeMap<String, u32> {
    let mut marks = BTreeMap::new();
    for (_, owned, text) in read.pieces.iter().filter(|piece| piece.0 == column) {
        let text = String::from_utf8(text.clone()).unwrap();
        for (at, _) in text.match_indices("mark").filter(|(at, _)| owned.contains(at)) {
            *marks.entry(text[at..].chars().take(10).collect()).or_default() += 1;
        }
    }
    marks
}

#[test]
fn long_cells_come_in_pieces_that_own_every_place_once() {
    // 60 marks of 10 characters, 50 kB apart; in latin1 the bytes are half as many as in UTF-8.
    let text = "GROUP_CONCAT(CONCAT('mark', LPAD(seq, 6, '0'), REPEAT('å', 25000)) SEPARATOR '')";
    let Some((_fresh, mut database, catalog)) = opened(&format!(
        "SET group_concat_max_len = 100000000; SET @text = (SELECT {text} FROM seq_1_to_60);
         CREATE TABLE lang (a VARCHAR(9), b INT, u LONGTEXT, l LONGTEXT CHARACTER SET latin1, b3 LONGBLOB, kort TEXT,
            PRIMARY KEY (a, b));
         INSERT INTO lang VALUES ('x', 1, @text, @text, CAST(@text AS BINARY), 'kort'), ('x', 2, 'a', NULL, '', 'd');
         CREATE TABLE nyckellos AS SELECT u FROM lang;
         CREATE TABLE bild (id INT PRIMARY KEY, b LONGBLOB);
         INSERT INTO bild VALUES (1, REPEAT(x'89504e470d0a1a0a0000000d49484452', 200000));"
    )) else {
        return;
    };
    for (name, columns) in [("lang", 2..5), ("nyckellos", 0..1)] {
        let read = read_all(&mut database, &catalog, name);
        assert_eq!(read.rows.len(), 2, "{name}");
        for column in columns {
            let marks = marks(&read, column);
            assert_eq!(marks.len(), 60, "{name}.{column}");
            assert!(marks.values().all(|owners| *owners == 1), "{name}.{column}: {marks:?}");
            assert_eq!(read.rows[0].1[column], "", "the long cell itself comes in pieces");
        }
    }
    let read = read_all(&mut database, &catalog, "lang");
    assert_eq!((read.rows[0].1[5].as_str(), read.rows[1].1[2].as_str()), ("kort", "a"));
    let picture = read_all(&mut database, &catalog, "bild");
    assert_eq!((picture.pieces.len(), picture.binary), (1, 1), "a picture is told by its beginning");
}

#[test]
fn a_row_over_the_packet_limit_stops_no_other() {
    let Some((fresh, mut database, catalog)) = opened(
        "CREATE TABLE stor (id INT PRIMARY KEY, a LONGTEXT, b LONGBLOB, c TEXT);
         INSERT INTO stor VALUES (1, REPEAT('mark000001 ', 1000000), REPEAT('b', 11000000), 'c'), (2, 'a', 'b', 'c');
         CREATE TABLE utan AS SELECT a, b, c FROM stor;",
    ) else {
        return;
    };
    let limit: usize = fresh.query("SELECT @@max_allowed_packet").concat().concat().parse().unwrap();
    assert!(limit < 22_000_000, "the row is longer than a packet");
    for name in ["stor", "utan"] {
        let read = read_all(&mut database, &catalog, name);
        assert_eq!(read.rows.len(), 2, "{name}");
        assert_eq!(read.rows[1].1.last().map(String::as_str), Some("c"));
        assert!(read.pieces.len() > 20, "{name}");
    }
}

#[test]
fn what_may_not_be_read_is_told() {
    let Some(fresh) = Fresh::new(
        "CREATE TABLE a (x INT, y INT); CREATE TABLE b (x INT); CREATE TABLE c (x INT); INSERT INTO a VALUES (1, 2);
         CREATE VIEW trasig AS SELECT x FROM c;",
    ) else {
        return;
    };
    let user = fresh.name();
    fresh.execute(&format!(
        "CREATE USER {user}@localhost IDENTIFIED VIA mysql_native_password USING PASSWORD('pw');
         GRANT SELECT (x), INSERT ON {user}.a TO {user}@localhost; GRANT INSERT ON {user}.b TO {user}@localhost;
         GRANT SELECT ON {user}.trasig TO {user}@localhost; DROP TABLE {user}.c;"
    ));
    let source = sanera::db::Source::parse(&fresh.url_as(user, "pw"), None).unwrap();
    let mut database = Database::open(&source, Purpose::Read, &std::sync::Arc::default()).unwrap();
    let catalog = database.inspect().unwrap();
    let told = database.unreadable(&catalog).unwrap();
    let told: Vec<(&str, Option<&str>)> =
        told.iter().map(|it| (it.table.name.as_str(), it.column.as_deref())).filter(|it| it.0 != "trasig").collect();
    assert_eq!(told, [("a", Some("y")), ("b", None)]);
    let a = TableName { schema: Some(user.to_owned()), name: "a".into() };
    assert_eq!(database.rows_where(&a, &["x".into()], &[], 9).unwrap(), [[Value::Integer(1)]]);
    assert!(database.rows_where(&a, &["y".into()], &[], 9).is_err());
    let error = Database::open(
        &sanera::db::Source::parse(&fresh.url_as(user, "hemligt"), None).unwrap(),
        Purpose::Read,
        &std::sync::Arc::default(),
    );
    let text = error.err().unwrap().to_string();
    assert!(text.contains("refuses user or password") && !text.contains("hemligt"), "{text}");
    fresh.execute(&format!("DROP USER {user}@localhost; DROP VIEW trasig"));
}

#[test]
fn a_value_that_a_columns_encoding_lacks_is_in_no_row() {
    let Some((_fresh, mut database, catalog)) = opened(
        "CREATE TABLE t (id INT PRIMARY KEY, l VARCHAR(20) CHARACTER SET latin1, n INT, d DECIMAL(20,1));
                INSERT INTO t VALUES (1, 'Åsa', 19800101, 12345678901234567.5)",
    ) else {
        return;
    };
    let mut found = |column: &str, value: &str| {
        let equal = [(column.to_owned(), Value::text(value))];
        database.rows_where(&catalog.tables[0].name, &["id".to_owned()], &equal, 9).unwrap().len()
    };
    assert_eq!((found("l", "Åsa"), found("l", "\u{1f600}")), (1, 0));
    assert_eq!((found("n", "19800101"), found("n", "19800101-9288")), (1, 0));
    assert_eq!((found("d", "12345678901234567.5"), found("d", "12345678901234567.0")), (1, 0));
}

#[test]
fn what_cannot_be_read_stops_nothing_else() {
    let Some(fresh) = Fresh::new(
        "CREATE TABLE a (x INT); CREATE TABLE b (id INT PRIMARY KEY, epost VARCHAR(60));
         INSERT INTO b VALUES (1, 'anna@example.se'), (2, 'bo@example.se');
         CREATE VIEW trasig AS SELECT x FROM a; DROP TABLE a;",
    ) else {
        return;
    };
    let space = Workspace::new();
    let ran = space.run(&["scan", &fresh.url(), "--views", "--json", "-q", "--jobs", "1"]);
    assert_eq!(ran.code, 7, "{}", ran.stderr);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (document["unreadable"][0]["table"].as_str(), &document["columns"][0]["hits"]),
        (Some("trasig"), &2.into())
    );

    // Without a database in the URL all of them are looked at.
    let (all, _) = fresh.url().rsplit_once('/').map(|(url, name)| (url.to_owned(), name.to_owned())).unwrap();
    let tables = format!("{}.*", fresh.name());
    let document = space.json(&["scan", &all, "--tables", &tables, "--json", "-q"]);
    assert_eq!(document["columns"][0]["schema"], fresh.name());
    let ran = space.run(&["scan", &fresh.url().replace(fresh.name(), "finns_inte"), "-q"]);
    assert!(ran.code == 3 && ran.stderr.contains("no such database"), "{}", ran.stderr);
}

#[test]
fn rows_that_a_versioned_table_keeps_are_read() {
    let Some((_fresh, mut database, catalog)) = opened(
        "CREATE TABLE kund (id INT PRIMARY KEY, namn VARCHAR(40)) WITH SYSTEM VERSIONING;
         INSERT INTO kund VALUES (1, 'Anna Testperson'), (2, 'Bo Annan');
         UPDATE kund SET namn = 'Anonymiserad' WHERE id = 1; DELETE FROM kund WHERE id = 2",
    ) else {
        return;
    };
    let mut names: Vec<String> =
        read_all(&mut database, &catalog, "kund").rows.into_iter().map(|row| row.1[1].clone()).collect();
    names.sort();
    assert_eq!(names, ["Anna Testperson", "Anonymiserad", "Bo Annan"]);
}
