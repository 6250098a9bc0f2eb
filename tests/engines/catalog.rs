//! PostgreSQL's catalog, with all that a schema can hold. (MariaDB's is in tests/mysql.)

use std::sync::Arc;

use sanera::catalog::{Action, Catalog, Column, Key, Table, TableKind, TableName, TypeClass};
use sanera::db::{Database, Purpose, Source};

use crate::servers::{Engine, TestDatabase};

const SCHEMA: &str = r#"
CREATE SCHEMA bok;
CREATE DOMAIN bok.postnr AS char(5); CREATE DOMAIN bok.postnr2 AS bok.postnr; CREATE TYPE bok.status AS ENUM ('ny', 'klar');
CREATE TYPE bok.adress AS (gata text, ort text);
CREATE TABLE bok.kund (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pnr varchar(13) COLLATE "C" NOT NULL, namn text, post bok.postnr2,
    status bok.status DEFAULT 'ny', adress bok.adress, taggar text[], saldo numeric(10,2) CHECK (saldo >= 0), aktiv boolean,
    fodd date, skapad timestamptz, data jsonb, bild bytea, ip inet, vikt real, stor text GENERATED ALWAYS AS (upper(namn)) STORED,
    bort int, UNIQUE (pnr), UNIQUE (namn, fodd));
ALTER TABLE bok.kund DROP COLUMN bort;
COMMENT ON TABLE bok.kund IS 'kundregistret'; COMMENT ON COLUMN bok.kund.pnr IS 'personnummer';
CREATE UNIQUE INDEX kund_del ON bok.kund (namn) WHERE aktiv; CREATE UNIQUE INDEX kund_uttryck ON bok.kund (lower(namn), vikt);
CREATE UNIQUE INDEX kund_med ON bok.kund (ip) INCLUDE (data); CREATE INDEX kund_vanlig ON bok.kund (fodd);
CREATE TABLE bok.rad (kund bigint, nr int, chef_kund bigint, chef_nr int, PRIMARY KEY (kund, nr),
    FOREIGN KEY (kund) REFERENCES bok.kund ON DELETE CASCADE, FOREIGN KEY (chef_kund, chef_nr) REFERENCES bok.rad (kund, nr) ON DELETE SET NULL);
CREATE TABLE public.ring_a (id int PRIMARY KEY, b int); CREATE TABLE public.ring_b (id int PRIMARY KEY, a int REFERENCES ring_a DEFERRABLE, kund bigint REFERENCES bok.kund);
ALTER TABLE ring_a ADD FOREIGN KEY (b) REFERENCES ring_b ON DELETE SET DEFAULT;
CREATE TABLE nyckellos (a int UNIQUE, b int); CREATE TABLE unik (a int NOT NULL UNIQUE);
CREATE FUNCTION notera() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.unik VALUES (1); RETURN NEW; END $$;
CREATE TRIGGER efter AFTER UPDATE ON bok.kund FOR EACH ROW EXECUTE FUNCTION notera();
CREATE RULE spara AS ON DELETE TO unik DO INSTEAD NOTHING;
CREATE VIEW vy AS SELECT namn FROM bok.kund; CREATE MATERIALIZED VIEW sparad AS SELECT namn FROM bok.kund;
CREATE TABLE delad (id int, ar int, kund bigint REFERENCES bok.kund, PRIMARY KEY (id, ar)) PARTITION BY RANGE (ar);
CREATE TABLE delad_1 PARTITION OF delad FOR VALUES FROM (0) TO (10) PARTITION BY LIST (ar); CREATE TABLE delad_1_1 PARTITION OF delad_1 DEFAULT;
CREATE TABLE foralder (a int); CREATE TABLE barn (b int) INHERITS (foralder);
CREATE TEMPORARY TABLE tillfallig (a int);
CREATE EXTENSION file_fdw; CREATE SERVER filer FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE utlandsk (a text) SERVER filer OPTIONS (filename '/dev/null');
INSERT INTO nyckellos SELECT i, i FROM generate_series(1, 1000) i; ANALYZE nyckellos;
"#;

fn inspect(database: &TestDatabase) -> Catalog {
    let source = Source::parse(&database.url(), None).unwrap();
    Database::open(&source, Purpose::Read, &Arc::default()).unwrap().inspect().unwrap()
}

fn named(schema: &str, name: &str) -> TableName {
    TableName { schema: Some(schema.to_owned()), name: name.to_owned() }
}

fn key(columns: &[&str]) -> Key {
    Key { columns: columns.iter().map(|it| (*it).to_owned()).collect() }
}

#[test]
fn postgres_tells_all_that_a_schema_says() {
    let Some(database) = TestDatabase::new(Engine::Postgres) else { return };
    database.execute(SCHEMA);
    let catalog = inspect(&database);
    let names: Vec<String> = catalog.tables.iter().map(|it| it.name.to_string()).collect();
    let expected = [
        "bok.kund",
        "bok.rad",
        "public.barn",
        "public.delad",
        "public.delad_1",
        "public.delad_1_1",
        "public.foralder",
        "public.nyckellos",
        "public.ring_a",
        "public.ring_b",
        "public.sparad",
        "public.unik",
        "public.utlandsk",
        "public.vy",
    ];
    assert_eq!(names, expected, "the server's own and temporary tables are left out");
    let table = |schema: &str, name: &str| catalog.table(&named(schema, name)).unwrap();
    columns_of_kund(table("bok", "kund"));
    keys(&catalog);

    let kinds = |name: &str| table("public", name).kind;
    assert_eq!(
        (kinds("vy"), kinds("sparad"), kinds("delad")),
        (TableKind::View, TableKind::StoredView, TableKind::Base)
    );
    assert_eq!(kinds("utlandsk"), TableKind::Foreign);
    assert_eq!((kinds("delad_1"), kinds("delad_1_1")), (TableKind::Partition, TableKind::Partition));
    assert_eq!(table("public", "delad_1_1").parent, Some(named("public", "delad_1")));
    assert_eq!((kinds("barn"), &table("public", "barn").parent), (TableKind::Base, &Some(named("public", "foralder"))));
    assert_eq!(table("public", "delad").detail.as_deref(), Some("partitioned"));
    assert_eq!(table("public", "nyckellos").rows_estimate, Some(1000));
    assert!(table("public", "nyckellos").bytes_estimate.unwrap() >= 8192);
    assert_eq!(table("public", "unik").rows_estimate, None, "never analysed");

    let triggers: Vec<&str> = table("bok", "kund").triggers.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(triggers, ["efter"]);
    assert!(table("bok", "kund").triggers[0].sql.contains("INSERT INTO public.unik"), "with the function's body");
    assert_eq!(table("public", "unik").triggers[0].name, "spara", "rules rewrite statements as triggers do");
    assert_eq!(table("bok", "kund").comment.as_deref(), Some("kundregistret"));
}

fn columns_of_kund(kund: &Table) {
    let expected: [(&str, &str, TypeClass); 16] = [
        ("id", "bigint", TypeClass::Integer),
        ("pnr", "character varying(13)", TypeClass::Text),
        ("namn", "text", TypeClass::Text),
        ("post", "bok.postnr2", TypeClass::Text),
        ("status", "bok.status", TypeClass::Other),
        ("adress", "bok.adress", TypeClass::Other),
        ("taggar", "text[]", TypeClass::Other),
        ("saldo", "numeric(10,2)", TypeClass::Decimal),
        ("aktiv", "boolean", TypeClass::Boolean),
        ("fodd", "date", TypeClass::Date),
        ("skapad", "timestamp with time zone", TypeClass::Timestamp),
        ("data", "jsonb", TypeClass::Json),
        ("bild", "bytea", TypeClass::Bytes),
        ("ip", "inet", TypeClass::Other),
        ("vikt", "real", TypeClass::Real),
        ("stor", "text", TypeClass::Text),
    ];
    let found: Vec<(&str, &str, TypeClass)> =
        kund.columns.iter().map(|it| (it.name.as_str(), it.declared_type.as_str(), it.type_class)).collect();
    assert_eq!(found, expected);
    let column = |name: &str| -> &Column { kund.column(name).unwrap() };
    assert!(!column("pnr").nullable && column("namn").nullable);
    assert_eq!((column("pnr").length, column("namn").length), (Some(13), None));
    assert_eq!((column("pnr").collation.as_deref(), &column("namn").collation), (Some("C"), &None));
    assert_eq!(column("pnr").comment.as_deref(), Some("personnummer"));
    assert!(column("stor").generated && !column("id").generated);
    assert!(column("id").has_default && column("status").has_default && !column("namn").has_default);
    assert!(kund.has_checks);
}

fn keys(catalog: &Catalog) {
    let table = |schema: &str, name: &str| catalog.table(&named(schema, name)).unwrap();
    let kund = table("bok", "kund");
    assert_eq!(kund.unique, [key(&["id"]), key(&["pnr"]), key(&["namn", "fodd"]), key(&["ip"])]);
    assert_eq!(kund.row_key, Some(key(&["id"])));
    let mut partly: Vec<Vec<String>> = kund.partly_unique.iter().map(|it| it.columns.clone()).collect();
    for columns in &mut partly {
        columns.sort();
    }
    partly.sort();
    assert_eq!(partly, [vec!["aktiv".to_owned(), "namn".into()], vec!["namn".to_owned(), "vikt".into()]]);
    assert_eq!(table("public", "nyckellos").row_key, None, "NULL may stand in its unique column");
    assert_eq!(table("public", "unik").row_key, Some(key(&["a"])));
    assert_eq!(table("public", "delad").row_key, Some(key(&["id", "ar"])));

    let links: Vec<(String, Action)> = catalog
        .tables
        .iter()
        .flat_map(|it| it.foreign_keys.iter().map(|link| (link.describe(&it.name), link.on_delete)))
        .collect();
    let expected = [
        ("bok.rad.chef_kund,chef_nr -> bok.rad.kund,nr", Action::SetNull),
        ("bok.rad.kund -> bok.kund.id", Action::Cascade),
        ("public.delad.kund -> bok.kund.id", Action::Restrict),
        ("public.ring_a.b -> public.ring_b.id", Action::SetDefault),
        ("public.ring_b.a -> public.ring_a.id", Action::Restrict),
        ("public.ring_b.kund -> bok.kund.id", Action::Restrict),
    ];
    assert_eq!(links, expected.map(|(link, action)| (link.to_owned(), action)));
}

#[test]
fn a_role_that_may_little_sees_the_same_catalog() {
    let Some(database) = TestDatabase::new(Engine::Postgres) else { return };
    database.execute(SCHEMA);
    let (name, password) = crate::rights::account(&database);
    let source = Source::parse(&database.url_as(&name, password), None).unwrap();
    let seen = Database::open(&source, Purpose::Read, &Arc::default()).unwrap().inspect().unwrap();
    assert_eq!(seen.fingerprint(), inspect(&database).fingerprint(), "a plan made by one role is applied by another");
}
