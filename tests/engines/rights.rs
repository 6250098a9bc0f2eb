//! Roles that may do little: what may be read is read, the rest is listed with its reason.

use crate::common::Workspace;
use crate::erase::Shop;
use crate::on_servers;
use crate::servers::{Engine, TestDatabase};

/// An account that may log in and nothing else; its name and password.
pub(crate) fn account(database: &TestDatabase) -> (String, &'static str) {
    let (name, password) = (format!("{}_r", database.name()), "las-bara-7");
    database.execute(&match database.engine() {
        Engine::Postgres => format!("CREATE ROLE {name} LOGIN PASSWORD '{password}';"),
        _ => format!("CREATE USER '{name}'@'%' IDENTIFIED BY '{password}';"),
    });
    (name, password)
}

on_servers! {
    fn the_scan_script_of_the_readme_is_enough(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        database.execute("CREATE TABLE kund (id INT PRIMARY KEY, epost VARCHAR(60)); INSERT INTO kund VALUES (1, 'anna@example.com');");
        let (name, password) = account(&database);
        database.execute(&script(engine, "scan", &name, database.name()));
        let space = Workspace::new();
        let url = database.url_as(&name, password);
        let document = space.json(&["scan", &url, "--json", "-q"]);
        assert_eq!(document["columns"][0]["table"], "kund");
        let found = space.json(&["search", &url, "--json", "--email", "anna@example.com"]);
        assert_eq!(found["places"][0]["state"], "current", "{found}");
        assert_eq!(database.value("SELECT count(*) FROM kund"), "1");
    }

    fn a_table_that_a_search_may_not_read_is_listed_and_stops_a_plan(engine: Engine) {
        if engine != Engine::Postgres {
            return; // MariaDB shows a role only the keys of tables that it may read
        }
        let Some(mut shop) = Shop::planned(engine) else { return };
        let (name, password) = account(&shop.database);
        shop.database.execute(&format!("GRANT SELECT ON kund, bokning, kontakt TO {name};"));
        shop.url = shop.database.url_as(&name, password);
        let searched = shop.space.run(&["search", &shop.url, "--json", "--email", "anna.bjork@example.com"]);
        assert_eq!(searched.code, 7, "{}", searched.stderr);
        let answer: serde_json::Value = serde_json::from_str(&searched.stdout).unwrap();
        assert_eq!(answer["unreadable"][0]["table"], "faktura", "{answer}");
        assert_eq!(answer["places"][0]["state"], "current", "{answer}");
        assert!(searched.stderr.contains("faktura"), "{}", searched.stderr);
        let planned = shop.plan();
        assert!(planned.code == 4 && planned.stderr.contains("faktura"), "{} {}", planned.code, planned.stderr);
        let applied = shop.apply(&["--dry-run"]);
        assert!(applied.code == 4 && applied.stderr.contains("faktura"), "{} {}", applied.code, applied.stderr);
    }

    fn what_may_not_be_read_is_listed(engine: Engine) {
        if engine != Engine::Postgres {
            return; // MariaDB shows a role only what it may read
        }
        let Some(database) = TestDatabase::new(engine) else { return };
        database.execute(
            "CREATE TABLE oppen (epost text); INSERT INTO oppen VALUES ('anna@example.com');
             CREATE TABLE halv (a text, pw text); INSERT INTO halv VALUES ('bo@example.com', 'x');
             CREATE TABLE stangd (a text); INSERT INTO stangd VALUES ('eva@example.com');
             CREATE TABLE dold (a text); ALTER TABLE dold ENABLE ROW LEVEL SECURITY;
             CREATE SCHEMA inre; CREATE TABLE inre.t (a text);
             CREATE VIEW trasig AS SELECT 1 / 0 AS a;",
        );
        let (name, password) = account(&database);
        database.execute(&format!("GRANT SELECT ON oppen, dold, trasig TO {name}; GRANT SELECT (a) ON halv TO {name};"));
        let space = Workspace::new();
        let ran = space.run(&["scan", &database.url_as(&name, password), "--json", "-q", "--views"]);
        assert_eq!(ran.code, 7, "{}", ran.stderr);
        let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let mut found: Vec<&str> =
            document["columns"].as_array().unwrap().iter().map(|it| it["table"].as_str().unwrap()).collect();
        found.sort_unstable();
        assert_eq!(found, ["halv", "oppen"]);
        let listed: Vec<String> = document["unreadable"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| format!("{} {}", it["table"].as_str().unwrap(), it["column"].as_str().unwrap_or("-")))
            .collect();
        assert_eq!(listed, ["t -", "dold -", "halv pw", "stangd -", "trasig -"], "{document}");
    }
}

/// The GRANT script of the README for this engine and purpose, with the account and database filled in.
pub(crate) fn script(engine: Engine, purpose: &str, account: &str, database: &str) -> String {
    let readme = include_str!("../../README.md");
    let engine = if engine == Engine::Postgres { "PostgreSQL" } else { "MariaDB" };
    let begin = format!("-- {engine}, for {purpose}\n");
    let (_, after) = readme.split_once(&begin).unwrap_or_else(|| panic!("the README has {begin}"));
    let (script, _) = after.split_once("\n-- ").or_else(|| after.split_once("```")).expect("the script ends");
    script.split("```").next().unwrap_or(script).replace("sanera_role", account).replace("shop", database)
}
