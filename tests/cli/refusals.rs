//! What apply refuses and what it undoes: plans that were tampered with, databases that moved on, answers that were
//! not given. In every case the database keeps its bytes.

use crate::house;
use crate::house::{House, Run};

const APPLY: [&str; 4] = ["apply", "sqlite:shop.db", "erase.sql", "--yes"];

#[test]
fn a_plan_is_tried_rehearsed_and_applied_once() {
    let house = House::with_plan();
    assert_eq!((house.mode("erase.sql"), house.mode("erase.sql.side")), (0o600, 0o600));
    let before = house.contents();
    for (mode, outcome) in [("--dry-run", "checked"), ("--rehearse", "rehearsed")] {
        let run = house.run(&["apply", "sqlite:shop.db", "erase.sql", mode, "--json"]).exits(0);
        assert_eq!(run.keeps_quiet_about_persons().json()["outcome"], outcome);
        assert!(house.contents() == before, "{mode} changed something");
    }
    let run = house.run(&[&APPLY[..], &["--json", "--quiet", "--purge", "-o", "receipt.json"]].concat()).exits(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""));
    assert_eq!(house.mode("receipt.json"), 0o600);
    let left = "SELECT count(*) FROM kund WHERE namn LIKE '%Str%' OR pnr = '710517-9829'";
    assert_eq!(house.open("shop.db").query_row(left, [], |row| row.get::<_, u32>(0)).unwrap(), 0);
    assert_eq!(house.run(&[&APPLY[..], &["--json"]].concat()).exits(0).json()["outcome"], "already_applied");
}

#[test]
fn nobody_confirmed() {
    let house = House::with_plan();
    house.fails(&["apply", "sqlite:shop.db", "erase.sql"], 4, &["not confirmed", "--yes"]);
}

#[test]
fn a_plan_that_was_tampered_with() {
    let house = House::with_plan();
    let (sql, side) = (house.read("erase.sql"), house.read("erase.sql.side"));
    let text = String::from_utf8(sql.clone()).unwrap();
    house.write("erase.sql", &text.replacen("UPDATE", "UPDATE ", 1));
    house.fails(&APPLY, 4, &["edited", "make a new one"]);
    house.write("erase.sql", &(text + "DELETE FROM kund;\n"));
    house.fails(&APPLY, 4, &["edited", "make a new one"]);
    std::fs::write(house.path("erase.sql"), sql).unwrap();
    for at in [30, side.len() / 2, side.len() - 1] {
        let mut changed = side.clone();
        changed[at] ^= 1;
        std::fs::write(house.path("erase.sql.side"), changed).unwrap();
        house.fails(&APPLY, 4, &["erase.sql.side", "changed", "make a new plan"]);
    }
    std::fs::write(house.path("erase.sql.side"), &side[..20]).unwrap();
    house.fails(&APPLY, 2, &["erase.sql.side"]);
    std::fs::remove_file(house.path("erase.sql.side")).unwrap();
    house.fails(&APPLY, 2, &["erase.sql.side", "stand beside"]);
    house.fails(&["apply", "sqlite:shop.db", "none.sql", "--yes"], 2, &["none.sql"]);
}

#[test]
fn a_row_that_changed_since_the_plan() {
    let house = House::with_plan();
    house.open("shop.db").execute("UPDATE kund SET mobil = '070-174 06 40' WHERE id = 1", []).unwrap();
    house.fails(&APPLY, 4, &["kund", "changed since the plan", "make a new one"]);
    house.fails(&["apply", "sqlite:shop.db", "erase.sql", "--dry-run"], 4, &["make a new one"]);
}

#[test]
fn a_row_that_came_since_the_plan() {
    let house = House::with_plan();
    house.open("shop.db").execute("INSERT INTO anteckning VALUES (9, 1, 'ny')", []).unwrap();
    house.fails(&APPLY, 4, &["anteckning", "make a new one"]);
}

#[test]
fn another_database_or_a_drifted_catalog() {
    let house = House::with_plan();
    house.open("other.db").execute_batch("CREATE TABLE t (a)").unwrap();
    house.fails(&["apply", "sqlite:other.db", "erase.sql", "--yes"], 4, &["make a new one"]);
    house.open("shop.db").execute_batch("ALTER TABLE kund ADD COLUMN ny TEXT").unwrap();
    house.fails(&APPLY, 4, &["changed since the plan", "make a new one"]);
    let init = ["init", "sqlite:shop.db", "--map", "shop.map", "-o", "first.toml"];
    house.fails(&init, 4, &["schema has changed", "scan again"]);
}

#[test]
fn a_locked_database_is_not_waited_for_for_ever() {
    let house = House::with_plan();
    let db = house.open("shop.db");
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Not by comparing the folder's bytes: closing a file that this process reads would release the lock.
    house.run(&APPLY).fails(4, &["nothing was changed", "locked", "try again"]);
    db.execute_batch("ROLLBACK").unwrap();
    assert_eq!(db.query_row("SELECT count(*) FROM kund WHERE pnr IS NULL", [], |row| row.get(0)), Ok(0));
}

#[test]
fn a_trigger_that_objects_rolls_everything_back() {
    let house = House::with_map();
    let trigger = "CREATE TRIGGER nej BEFORE DELETE ON anteckning BEGIN SELECT raise(ABORT, 'Strömvalla'); END";
    house.open("shop.db").execute_batch(trigger).unwrap();
    house.run(&["scan", "sqlite:shop.db", "-o", "shop.map", "--quiet"]).exits(0);
    house.run(&house::PLAN).exits(0);
    house.fails(&APPLY, 5, &["anteckning", "everything was rolled back"]);
    house.fails(&[&APPLY[..], &["-o", "receipt.json"]].concat(), 5, &["rolled back"]);
}

#[test]
fn an_existing_policy_is_not_replaced() {
    let house = House::with_map();
    house.fails(&["init", "sqlite:shop.db", "--map", "shop.map", "-o", "policy.toml"], 8, &["policy.toml", "move it"]);
    let document = house.run(&["init", "sqlite:shop.db", "--map", "shop.map", "-o", "first.toml", "--json"]);
    assert_eq!(document.exits(0).json()["policy"], "first.toml");
    assert_eq!(house.mode("first.toml"), 0o600);
}

#[test]
fn a_receipt_that_cannot_be_written_stops_the_apply_before_it_begins() {
    let house = House::with_plan();
    house.fails(&[&APPLY[..], &["-o", "none/receipt.json"]].concat(), 8, &["none/receipt.json", "no such folder"]);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let apply = [&APPLY[..], &["--json", "--quiet"]].concat();
    let run = Run::of(house.sanera(&apply).stdout(full).stderr(std::process::Stdio::piped()).output().unwrap());
    run.fails(8, &["cannot write", "the plan was applied all the same"]);
    assert_eq!(house.run(&[&APPLY[..], &["--json"]].concat()).exits(0).json()["outcome"], "already_applied");
}

#[test]
fn where_the_environment_names_the_database_the_first_argument_is_the_next() {
    let house = House::with_plan();
    let run =
        |arguments: &[&str]| Run::of(house.sanera(arguments).env("DATABASE_URL", "sqlite:shop.db").output().unwrap());
    assert_eq!(
        run(&["search", "710517-9829", "--map", "shop.map", "--json"]).exits(0).json()["places"][0]["state"],
        "current"
    );
    run(&["apply"]).fails(2, &["no plan given"]);
    assert_eq!(run(&["apply", "erase.sql", "--dry-run", "--json"]).exits(0).json()["outcome"], "checked");
    assert_eq!(
        run(&["apply", "sqlite:shop.db", "erase.sql", "--dry-run", "--json"]).exits(0).json()["outcome"],
        "checked"
    );
}
