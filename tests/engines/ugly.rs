//! A schema that grew for decades and was made by people who love punctuation: scan, search, policy and plan go through it
//! whole.

use std::fmt::Write;

use crate::common::{Workspace, quoted};
use crate::on_servers;
use crate::servers::{Engine, TestDatabase};

fn name(engine: Engine, name: &str) -> String {
    if engine == Engine::Postgres { quoted(name) } else { format!("`{}`", name.replace('`', "``")) }
}

/// Names of tables and of a column in each; an address stands in every one.
fn names(engine: Engine) -> Vec<(String, String)> {
    // MariaDB's own names are of the basic plane only (manual, Identifier Names).
    let smile = if engine == Engine::Postgres { "😀" } else { "☺" };
    [
        ("ta'bell \"x\". se`lect", "kol'umn \"y\". from`"),
        ("order", "select"),
        ("MixedCase", "Epost"),
        ("mixedcase_2", "EPOST"),
        ("med mellan slag", "e post"),
        ("punkt.i.namn", "kol.umn"),
        ("-- kommentar", "/* c */"),
        ("% _ \\", "? $1 :a"),
        ("åäö_ÅÄÖ_ß_ı", "mejlådress"),
        (smile, smile),
        ("x FROM y WHERE 1=1; DROP TABLE z", "a) FROM t; --"),
        (&"n".repeat(60), &"k".repeat(60)),
    ]
    .map(|(table, column)| (table.to_owned(), column.to_owned()))
    .to_vec()
}

fn address(at: usize) -> String {
    format!("person{at}@example.com")
}

/// The script of the whole database; `schema` goes before the odd names.
fn script(engine: Engine) -> String {
    let mut sql = String::new();
    let q = |it: &str| name(engine, it);
    for (at, (table, column)) in names(engine).iter().enumerate() {
        let (table, column) = (q(table), q(column));
        writeln!(sql, "CREATE TABLE {table} (id INT PRIMARY KEY, {column} VARCHAR(60), {} INT);", q("kol2")).unwrap();
        writeln!(sql, "INSERT INTO {table} VALUES ({at}, '{}', NULL);", address(at)).unwrap();
    }
    // 300 tables with 2,000 columns in all, most of them empty.
    for table in 0..300 {
        let columns: Vec<String> =
            (0..if table < 200 { 7 } else { 6 }).map(|column| format!("F{column} VARCHAR(20)")).collect();
        writeln!(sql, "CREATE TABLE modul_{table:03} ({});", columns.join(", ")).unwrap();
    }
    let (serial, long, mojibake) = match engine {
        Engine::Postgres => ("bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "text", "text"),
        _ => ("bigint AUTO_INCREMENT PRIMARY KEY", "longtext", "varchar(80) CHARACTER SET latin1"),
    };
    // 50 MB where the program is as users have it.
    let half = if cfg!(debug_assertions) { 2_500_000 } else { 25_000_000 };
    let big = match engine {
        Engine::Postgres => format!("repeat('x ', {half}) || 'sist@example.com'"),
        _ => format!("CONCAT(REPEAT('x ', {half}), 'sist@example.com')"),
    };
    write!(
        sql,
        "CREATE TABLE nyckellos (a VARCHAR(60), b INT); INSERT INTO nyckellos VALUES ('utan@example.com', 1), ('utan@example.com', 1);
         CREATE TABLE sammansatt (a VARCHAR(10), b INT, epost VARCHAR(60), PRIMARY KEY (a, b)); INSERT INTO sammansatt VALUES ('x''y', 2, 'tva@example.com');
         CREATE TABLE personnyckel (pnr VARCHAR(13) PRIMARY KEY, namn VARCHAR(60)); INSERT INTO personnyckel VALUES ('19800101-2387', 'Anna Björk');
         CREATE TABLE unik (a INT NOT NULL UNIQUE, epost VARCHAR(60)); INSERT INTO unik VALUES (7, 'unik@example.com');
         CREATE TABLE stor (id INT PRIMARY KEY, text {long}); INSERT INTO stor VALUES (1, {big});
         CREATE TABLE moji (id {serial}, namn {mojibake}, epost {mojibake});
         INSERT INTO moji (namn, epost) VALUES ('BjÃ¶rn Åström', 'Ã¥sa@example.com'), ('Åsa Öberg', 'asa@example.com');
         CREATE TABLE cirkel_a (id INT PRIMARY KEY, b INT, epost VARCHAR(60)); CREATE TABLE cirkel_b (id INT PRIMARY KEY, a INT REFERENCES cirkel_a (id));
         INSERT INTO cirkel_a VALUES (1, 1, 'rund@example.com'); INSERT INTO cirkel_b VALUES (1, 1);
         ALTER TABLE cirkel_a ADD CONSTRAINT runt FOREIGN KEY (b) REFERENCES cirkel_b (id);
         CREATE TABLE sig (id INT PRIMARY KEY, chef INT REFERENCES sig (id), epost VARCHAR(60)); INSERT INTO sig VALUES (1, 1, 'chef@example.com'), (2, 1, NULL);
         CREATE VIEW vy AS SELECT epost FROM sig;
         CREATE TABLE beraknad (id INT PRIMARY KEY, epost VARCHAR(60), {});
         INSERT INTO beraknad (id, epost) VALUES (1, 'rakna@example.com');",
        match engine {
            Engine::Postgres => "stor VARCHAR(60) GENERATED ALWAYS AS (upper(epost)) STORED",
            _ => "stor VARCHAR(60) GENERATED ALWAYS AS (UPPER(epost)) STORED, virtuell VARCHAR(60) GENERATED ALWAYS AS (LOWER(epost)) VIRTUAL",
        }
    )
    .unwrap();
    sql.push_str(match engine {
        Engine::Postgres => {
            "CREATE TABLE delad (id INT, ar INT, epost VARCHAR(60), PRIMARY KEY (id, ar)) PARTITION BY LIST (ar);
             CREATE TABLE delad_1 PARTITION OF delad FOR VALUES IN (1); CREATE TABLE delad_2 PARTITION OF delad DEFAULT;
             INSERT INTO delad VALUES (1, 1, 'del1@example.com'), (1, 2, 'del2@example.com');
             CREATE TABLE foralder (id INT PRIMARY KEY, epost VARCHAR(60)); CREATE TABLE barn (x INT) INHERITS (foralder);
             INSERT INTO foralder VALUES (1, 'gammal@example.com'); INSERT INTO barn VALUES (2, 'ung@example.com', 1);
             CREATE SCHEMA \"an.nat 'schema\"; CREATE TABLE \"an.nat 'schema\".\"order\" (id INT PRIMARY KEY, epost TEXT);
             INSERT INTO \"an.nat 'schema\".\"order\" VALUES (1, 'annat@example.com');"
        }
        _ => {
            "CREATE TABLE delad (id INT, ar INT, epost VARCHAR(60), PRIMARY KEY (id, ar)) PARTITION BY LIST (ar) (PARTITION p1 VALUES IN (1), PARTITION p2 VALUES IN (2));
             INSERT INTO delad VALUES (1, 1, 'del1@example.com'), (1, 2, 'del2@example.com');
             CREATE TABLE gammal_motor (id INT PRIMARY KEY, epost VARCHAR(60)) ENGINE=MyISAM; INSERT INTO gammal_motor VALUES (1, 'gammal@example.com');
             CREATE TABLE utan_mellanslag (id INT PRIMARY KEY, epost CHAR(60) CHARACTER SET utf16); INSERT INTO utan_mellanslag VALUES (1, 'ung@example.com');"
        }
    });
    sql
}

on_servers! {
    fn nothing_stops_it(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        database.execute(&script(engine));
        let (space, url) = (Workspace::new(), database.url());
        let document = space.json(&["scan", &url, "--json", "-q"]);
        assert_eq!(document["unreadable"].as_array().unwrap().len(), 0, "{}", document["unreadable"]);

        let place = |address: &str| {
            let found = space.json(&["search", &url, "--json", "--email", address]);
            let places = found["places"].as_array().unwrap().clone();
            places.into_iter().map(|it| (it["table"].as_str().unwrap().to_owned(), it["column"].as_str().unwrap().to_owned(), it["state"].as_str().unwrap().to_owned())).collect::<Vec<_>>()
        };
        for (at, (table, column)) in names(engine).into_iter().enumerate() {
            assert_eq!(place(&address(at)), [(table, column, "current".to_owned())]);
        }
        let mut others = vec![
            ("sist", "stor", 1), ("utan", "nyckellos", 1), ("tva", "sammansatt", 1), ("unik", "unik", 1), ("asa", "moji", 1), ("rund", "cirkel_a", 1),
            ("chef", "sig", 1), ("del1", "delad", 1), ("del2", "delad", 1),
        ];
        others.extend(match engine {
            Engine::Postgres => [("gammal", "foralder", 1), ("ung", "barn", 1), ("annat", "order", 1), ("rakna", "beraknad", 2)],
            _ => [("gammal", "gammal_motor", 1), ("ung", "utan_mellanslag", 1), ("rakna", "beraknad", 3), ("rund", "cirkel_a", 1)],
        });
        for (who, table, places) in others {
            let found = place(&format!("{who}@example.com"));
            assert!(found.iter().all(|it| it.0 == table) && found.len() == places, "{who}: {found:?}");
            assert!(found.iter().all(|it| it.2 == if ["nyckellos", "barn"].contains(&table) { "unchecked" } else { "current" }), "{found:?}");
        }

        space.succeed(&["init", &url, "-o", "policy.toml"]);
        space.succeed(&["policy", "check", "policy.toml", &url]);
        space.succeed(&["report", "sanera.map", "--format", "html", "-o", "report.html"]);
        let words = ["plan", "erase", &url, "--policy", "policy.toml", "--personal-number", "19800101-2387"];
        let planned = space.run(&words);
        assert!([0, 4].contains(&planned.code), "{}", planned.stderr);
    }

    fn a_row_behind_an_odd_name_is_erased(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        database.execute(&script(engine));
        let space = Workspace::new();
        let url = database.url();
        space.succeed(&["scan", &url, "-q", "--exclude", "stor"]);
        let schema = if engine == Engine::Postgres { "public".to_owned() } else { database.name().to_owned() };
        for (at, (table, column)) in names(engine).into_iter().enumerate() {
            let policy = toml::toml! {
                version = 1
                [[subject]]
                name = "x"
                schema = "SCHEMA"
                table = "TABLE"
                identifiers = [{ column = "COLUMN", category = "email" }]
                [[table]]
                schema = "SCHEMA"
                name = "TABLE"
                erase = "anonymise"
                [[column]]
                schema = "SCHEMA"
                table = "TABLE"
                column = "COLUMN"
                category = "email"
                strategy = "constant"
                value = "it's \"gone\" \\ ' 😀"
            };
            let text = |it: &str| it.to_owned();
            let mut policy = toml::Value::Table(policy);
            replace(&mut policy, &[("SCHEMA", schema.clone()), ("TABLE", text(&table)), ("COLUMN", text(&column))]);
            std::fs::write(space.path("policy.toml"), toml::to_string(&policy).unwrap()).unwrap();
            let plan = format!("{at}.sql");
            let who = address(at);
            let planned = space.run(&["plan", "erase", &url, "--policy", "policy.toml", "--email", &who, "-o", &plan]);
            assert_eq!(planned.code, 0, "{table}: {}", planned.stderr);
            let applied = space.run(&["apply", &url, &plan, "--yes"]);
            assert_eq!(applied.code, 0, "{table}: {}", applied.stderr);
            let now = database.value(&format!("SELECT {} FROM {}", name(engine, &column), name(engine, &table)));
            assert_eq!(now, "it's \"gone\" \\ ' 😀", "{table}");
        }
    }
}

/// Puts texts in place of others, anywhere in a document.
fn replace(value: &mut toml::Value, by: &[(&str, String)]) {
    match value {
        toml::Value::String(text) => {
            if let Some((_, new)) = by.iter().find(|it| it.0 == text) {
                text.clone_from(new);
            }
        }
        toml::Value::Array(list) => list.iter_mut().for_each(|it| replace(it, by)),
        toml::Value::Table(table) => table.iter_mut().for_each(|(_, it)| replace(it, by)),
        _ => {}
    }
}
