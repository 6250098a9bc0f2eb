//! PostgreSQL alone: what its triggers can do behind a plan's back.

use crate::common::Workspace;
use crate::erase::Shop;
use crate::servers::{Engine, TestDatabase};

/// A log, and a trigger on deleted customers that runs `body`.
fn logging(trigger: &str, body: &str) -> String {
    format!(
        "CREATE TABLE logg (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text);
         CREATE FUNCTION notera() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN OLD; END $$;
         CREATE {trigger} AFTER DELETE ON kund {{}} FOR EACH ROW EXECUTE FUNCTION notera();"
    )
}

/// The shop with these tables and triggers, and with more in its policy.
fn shop(script: &str, policy: &str) -> Option<Shop> {
    let shop = Shop::new(Engine::Postgres)?;
    shop.database.execute(script);
    let path = shop.space.path("policy.toml");
    let written = std::fs::read_to_string(&path).unwrap() + policy;
    std::fs::write(path, written).unwrap();
    let planned = shop.plan();
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    Some(shop)
}

fn table(name: &str, rest: &str) -> String {
    format!("[[table]]\nschema = \"public\"\nname = \"{name}\"\n{rest}\n")
}

#[track_caller]
fn rolls_back(shop: &Shop, reason: &str) {
    let before = shop.rows();
    let ran = shop.apply(&["--yes"]);
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    assert!(ran.stderr.contains(reason), "{}", ran.stderr);
    assert_eq!(shop.rows(), before);
    assert_eq!(shop.database.value("SELECT count(*) FROM logg"), "0");
}

#[test]
fn a_copy_that_a_trigger_writes_where_it_catches_errors_is_noticed() {
    let caught = "BEGIN INSERT INTO public.logg (text) VALUES (OLD.namn); EXCEPTION WHEN OTHERS THEN NULL; END;";
    let script = logging("TRIGGER kund_logg", caught).replace("{}", "");
    let accepted = table("logg", "erase = \"keep\"\nreason = \"log\"\naccept_trigger_rows = true");
    let Some(shop) = shop(&script, &accepted) else { return };
    rolls_back(&shop, "copied an erased value to");
}

#[test]
fn a_trigger_that_waits_for_the_commit_is_noticed() {
    let copy = "INSERT INTO public.logg (text) VALUES (OLD.namn);";
    let ring = "CREATE TABLE a (id int PRIMARY KEY, kund_id bigint NOT NULL REFERENCES kund (id), b_id int NOT NULL);
         CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a (id) DEFERRABLE);
         INSERT INTO a VALUES (1, 1, 1); INSERT INTO b VALUES (1, 1);
         ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id) DEFERRABLE;";
    let script = ring.to_owned() + &logging("CONSTRAINT TRIGGER kund_logg", copy).replace("{}", "DEFERRABLE");
    let policy = table("a", "erase = \"delete\"") + &table("b", "erase = \"delete\"");
    let Some(shop) = shop(&script, &policy) else { return };
    rolls_back(&shop, "a trigger or a cascade changes rows");
}

#[test]
fn a_sample_of_rows_as_big_as_a_batch_leaves_the_connection_in_order() {
    let Some(database) = TestDatabase::new(Engine::Postgres) else { return };
    for table in ["a", "b", "c"] {
        database.execute(&format!(
            "CREATE TABLE {table} (id int PRIMARY KEY, epost text, text text);
             INSERT INTO {table} SELECT i, 'eva@example.com', repeat('x', 1000000) FROM generate_series(1, 6) i;"
        ));
    }
    let space = Workspace::new();
    let scanned = space.json(&["scan", &database.url(), "-q", "--json", "--sample", "2", "--jobs", "1"]);
    let found: Vec<&str> =
        scanned["columns"].as_array().unwrap().iter().map(|it| it["table"].as_str().unwrap()).collect();
    assert_eq!(found, ["a", "b", "c"], "{}", scanned["unreadable"]);
}
