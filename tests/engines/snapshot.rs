//! Others write while a scan reads: all tables are as at one moment, or the report says by how much they are not.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use serde_json::Value as Json;

use crate::common::Workspace;
use crate::on_servers;
use crate::servers::{Engine, TestDatabase};

/// Two tables to which every transaction adds one row each, with enough rows to be read for a while.
fn pair(engine: Engine) -> Option<TestDatabase> {
    let database = TestDatabase::new(engine)?;
    for table in ["a", "b"] {
        database.execute(&format!("CREATE TABLE {table} (id int PRIMARY KEY, epost varchar(60));"));
        database.execute(&match engine {
            Engine::Postgres => {
                format!("INSERT INTO {table} SELECT i, 'p' || i || '@example.com' FROM generate_series(1, 8000) i;")
            }
            _ => format!("INSERT INTO {table} SELECT seq, CONCAT('p', seq, '@example.com') FROM seq_1_to_8000;"),
        });
    }
    Some(database)
}

/// Scans while another session writes; the document, and how many rows were added in all.
fn scan_beside_a_writer(database: &TestDatabase, how: &[&str]) -> (Json, u32) {
    let (done, added) = (AtomicBool::new(false), AtomicU32::new(0));
    let space = Workspace::new();
    let document = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let first = 10_000 + added.load(Ordering::Relaxed);
                let script: Vec<String> = (first..first + 40)
                    .map(|id| format!("BEGIN; INSERT INTO a VALUES ({id}, 'x@example.com'); INSERT INTO b VALUES ({id}, 'x@example.com'); COMMIT;"))
                    .collect();
                database.execute(&script.join("\n"));
                added.fetch_add(40, Ordering::Relaxed);
            }
        });
        let url = database.url();
        let document = space.json(&[&["scan", &url, "--json", "-q", "--jobs", "2"], how].concat());
        done.store(true, Ordering::Relaxed);
        document
    });
    (document, added.into_inner())
}

/// Cells of a table's addresses that the scan saw.
fn cells(document: &Json, table: &str) -> u64 {
    let columns = document["columns"].as_array().unwrap();
    columns.iter().find(|it| it["table"] == table).unwrap()["cells"].as_u64().unwrap()
}

on_servers! {
    fn all_tables_are_as_at_one_moment(engine: Engine) {
        let Some(database) = pair(engine) else { return };
        let (document, added) = scan_beside_a_writer(&database, &["--strict-snapshot"]);
        assert!(added >= 80, "the writer came to write: {added}");
        assert_eq!(cells(&document, "a"), cells(&document, "b"));
        assert!(cells(&document, "a") < 8000 + u64::from(added), "it wrote after the snapshot, too");
        assert_eq!(document["skew_s"].as_f64(), Some(0.0));
    }

    fn states_of_several_moments_are_owned_up_to(engine: Engine) {
        let Some(database) = pair(engine) else { return };
        let (document, _) = scan_beside_a_writer(&database, &[]);
        let skew = document["skew_s"].as_f64().unwrap();
        // PostgreSQL's readers share a snapshot; MariaDB's can't.
        assert_eq!(skew > 0.0, engine == Engine::Mariadb, "{skew}");
    }
}
