//! `doctor` on real servers: what is right and wrong with them is said, with what to do, and nothing is changed.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::common::Workspace;
use crate::on_servers;
use crate::rights::{account, script};
use crate::servers::{Engine, TestDatabase};

/// Level and words by topic.
fn checks(space: &Workspace, url: &str) -> BTreeMap<String, (String, String)> {
    let document = space.json(&["doctor", url, "--json"]);
    assert_eq!(document["version"], 1);
    let text = |it: &Json, name: &str| it[name].as_str().unwrap().to_owned();
    let checks = document["checks"].as_array().unwrap();
    for check in checks {
        assert_eq!(check["level"] == "ok", check["remedy"].is_null(), "{check}");
    }
    checks.iter().map(|it| (text(it, "topic"), (text(it, "level"), text(it, "found")))).collect()
}

on_servers! {
    fn a_good_setting_is_good(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        database.execute("CREATE TABLE kund (id INT PRIMARY KEY, epost VARCHAR(60));");
        let (name, password) = account(&database);
        database.execute(&script(engine, "scan", &name, database.name()));
        let space = Workspace::new();
        let found = checks(&space, &database.url_as(&name, password));
        for topic in ["connection", "version", "tls", "role", "read", "clock"] {
            assert_eq!(found[topic].0, "ok", "{topic}: {:?}", found[topic]);
        }
        assert_eq!(found["key"].0, "note", "there is none yet");
        assert!(!space.path("config").exists(), "and none was made");
        let page = space.succeed(&["doctor", &database.url_as(&name, password)]);
        assert!(page.contains("version") && !page.contains(password), "{page}");
    }

    fn what_is_wrong_is_named(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        let space = Workspace::new();
        let found = if engine == Engine::Postgres {
            database.execute("CREATE TABLE dold (a text); ALTER TABLE dold ENABLE ROW LEVEL SECURITY; CREATE TABLE stangd (a text);");
            let (name, password) = account(&database);
            database.execute(&format!("GRANT SELECT ON dold TO {name}; ALTER ROLE {name} SET log_min_duration_statement = 0;"));
            let found = checks(&space, &database.url_as(&name, password));
            assert_eq!(found["row_security"].0, "problem");
            assert_eq!(found["read"].0, "problem");
            assert_eq!(found["logging"].0, "note", "{:?}", found["logging"]);
            checks(&space, &database.url())
        } else {
            database.execute("CREATE TABLE gammal (a int) ENGINE=MyISAM; CREATE TABLE ny (a int) ENGINE=InnoDB;");
            let found = checks(&space, &database.url());
            assert_eq!(found["engines"].0, "problem");
            assert!(found["engines"].1.contains("gammal") && !found["engines"].1.contains("ny"), "{:?}", found["engines"]);
            found
        };
        assert_eq!(found["role"].0, "note", "an administrator may do too much: {:?}", found["role"]);
    }
}
