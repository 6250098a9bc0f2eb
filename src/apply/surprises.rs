//! Tests: what a database can do behind a plan's back, and what a plan must not take for the person's.

use rusqlite::Connection;

use super::tests::{EMAIL, File, POLICY, answer, found};
use super::*;
use crate::db::Purpose;
use crate::finding::Category;
use crate::subject::State;

fn with_tables(tables: &str) -> String {
    POLICY.replace("table = [\n", &format!("table = [\n{tables}\n"))
}

#[test]
fn a_trigger_that_changes_a_table_without_row_numbers_is_noticed() {
    for full_text in [
        "",
        "CREATE VIRTUAL TABLE sok USING fts5(namn, content=kund, content_rowid=id); \
         CREATE TRIGGER ny AFTER UPDATE ON kund BEGIN INSERT INTO sok(rowid, namn) VALUES (NEW.id, NEW.namn); END;",
    ] {
        for change in [
            "UPDATE nyckel SET v = 'x' WHERE k = 'b'",
            "DELETE FROM nyckel WHERE k = 'b'",
            "INSERT INTO nyckel VALUES ('c', OLD.namn)",
        ] {
            let file = File::new(&format!(
                "CREATE TABLE nyckel (k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID; \
                 INSERT INTO nyckel VALUES ('a', '1'), ('b', '2'); {full_text} \
                 CREATE TRIGGER t AFTER UPDATE ON kund BEGIN {change}; END;"
            ));
            assert!(matches!(file.fails(&file.plan(), ""), Error::RolledBack(_)), "{change}");
        }
    }
}

#[test]
fn a_row_that_a_trigger_replaces_or_clears_is_noticed() {
    for change in ["REPLACE INTO pris VALUES (3, 'a')", "DELETE FROM pris"] {
        let file = File::new(&format!(
            "CREATE TABLE pris (id INTEGER PRIMARY KEY, namn TEXT UNIQUE); INSERT INTO pris VALUES (1, 'a'), (2, 'b'); \
             CREATE TRIGGER t AFTER DELETE ON utskick BEGIN {change}; END;"
        ));
        let policy =
            with_tables("    { name = \"pris\", erase = \"keep\", reason = \"x\", accept_trigger_rows = true },");
        file.fails(&file.plan_with(&policy), "a trigger or a cascade");
    }
}

#[test]
fn an_empty_cell_is_no_identifier() {
    for nothing in ["", "-", "saknas"] {
        let file = File::new(&format!("UPDATE kund SET epost = '{nothing}'; UPDATE utskick SET epost = '{nothing}'"));
        file.apply(&file.plan(), Mode::Commit, false).expect("applies");
        assert_eq!(file.text("SELECT CAST(count(*) AS TEXT) FROM utskick"), "Some(\"2\")", "{nothing:?}");
    }
}

#[test]
fn persons_of_another_kind_that_hang_on_the_person_are_left() {
    let file = File::new(
        "CREATE TABLE barn (id INTEGER PRIMARY KEY, ombud INTEGER REFERENCES kund(id), pnr TEXT); \
         INSERT INTO barn VALUES (1, 1, '19900101-2383')",
    );
    let policy = with_tables("    { name = \"barn\", erase = \"delete\" },").replace(
        "subject = [",
        "subject = [{ name = \"barn\", table = \"barn\", identifiers = [{ column = \"pnr\", category = \"personal_number\" }] }, ",
    );
    file.apply(&file.plan_with(&policy), Mode::Commit, false).expect("applies");
    assert_eq!(file.text("SELECT CAST(id AS TEXT) FROM barn"), "Some(\"1\")");
}

#[test]
fn what_no_step_reaches_is_said_with_table_and_column() {
    let file = File::new("CREATE TABLE fritt (text TEXT); CREATE VIRTUAL TABLE sok USING fts5(text);");
    let mut answer = answer();
    for (table, column) in [("fritt", "text"), ("sok", "text")] {
        let mut place = found(table, column, 1, Category::PersonalNumber);
        (place.row_key, place.state) = (None, State::Unchecked);
        answer.places.push(place);
    }
    answer.places.push(found("rad", "text", 100, Category::PersonalNumber));
    answer.places.push(found("rad", "text", 101, Category::PersonalNumber));
    let plan = file.draft_of(POLICY, &answer).expect("plans").plan.expect("allowed");
    for line in ["left in fritt.text: 1 ", "left in sok.text: 1 ", "left in rad.text: 2 "] {
        assert!(plan.sql.contains(line), "{line} not in: {}", plan.sql);
    }
    assert!(!plan.sql.contains("left in kund"), "{}", plan.sql);
}

#[test]
fn a_number_that_its_column_turns_into_another_kind_is_the_new_value() {
    let file = File::new("ALTER TABLE kund ADD COLUMN lon REAL NOT NULL DEFAULT 5.5");
    let policy = POLICY.replace(
        "column = [\n",
        "column = [\n    { table = \"kund\", column = \"lon\", category = \"salary\", strategy = \"constant\", value = 0 },\n",
    );
    file.apply(&file.plan_with(&policy), Mode::Commit, false).expect("applies");
}

#[test]
fn a_purge_goes_on_and_names_what_stays() {
    let file = File::new("PRAGMA journal_mode=WAL; CREATE VIRTUAL TABLE sok USING fts5(namn, content='')");
    let receipt = file.apply(&file.plan(), Mode::Commit, true).expect("applies");
    assert!(receipt.residue[0].contains("full-text index sok"), "{:?}", receipt.residue);
    assert_eq!(receipt.residue.len(), 2);
    assert!(!file.holds(EMAIL));
}

#[test]
fn a_reader_of_an_older_state_is_named_and_a_second_purge_ends_it() {
    let file = File::new("PRAGMA journal_mode=WAL");
    let plan = file.plan();
    let reader = Connection::open(file.path()).expect("opens");
    reader.execute_batch("BEGIN; SELECT * FROM kund").expect("reads");
    let receipt = file.apply(&plan, Mode::Commit, true).expect("applies");
    assert!(receipt.residue[0].contains("another session reads an older state"), "{:?}", receipt.residue);
    drop(reader);
    let receipt = file.apply(&plan, Mode::Commit, true).expect("is done");
    assert_eq!((receipt.outcome, receipt.residue.len()), (Outcome::AlreadyApplied, 1));
    assert!(!file.holds(EMAIL));
}

#[test]
fn a_commit_that_another_session_blocks_is_taken_back() {
    let file = File::new("");
    let plan = file.plan();
    let reader = Connection::open(file.path()).expect("opens");
    reader.execute_batch("BEGIN; SELECT * FROM kund").expect("reads");
    let before = file.dump();
    assert!(matches!(file.apply(&plan, Mode::Commit, false), Err(Error::RolledBack(_))));
    drop(reader);
    assert_eq!(file.dump(), before);
    file.apply(&plan, Mode::Commit, false).expect("applies");
}

#[test]
fn of_two_applies_one_does_the_work() {
    let file = File::new("");
    let plan = file.plan();
    let mut outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..2).map(|_| scope.spawn(|| file.apply(&plan, Mode::Commit, false))).collect();
        runs.into_iter().map(|run| run.join().expect("ends").expect("applies").outcome).collect()
    });
    outcomes.sort_by_key(|outcome| *outcome as u8);
    assert_eq!(outcomes, [Outcome::Applied, Outcome::AlreadyApplied]);
    drop(file.open(Purpose::Read));
}

#[test]
fn hostile_constants_stay_constants() {
    let at = "value = \"Anonymiserad\" },\n    { table = \"kund\", column = \"epost\"";
    for constant in ["'; DROP TABLE kund; --", "/* ", "-- x", "\u{1f600}\"", "?1"] {
        let file = File::new("");
        let hostile = at.replace("Anonymiserad", &constant.replace('"', "\\\""));
        file.apply(&file.plan_with(&POLICY.replace(at, &hostile)), Mode::Commit, false).expect("applies");
        assert_eq!(file.text("SELECT namn FROM kund WHERE id = 1"), format!("Some({constant:?})"));
    }
}

#[test]
fn a_value_that_a_trigger_saves_in_another_planned_row_is_noticed() {
    let file = File::new(
        "ALTER TABLE faktura ADD COLUMN anm TEXT;
         CREATE TRIGGER spara AFTER UPDATE ON kund BEGIN
             UPDATE faktura SET anm = 'var ' || OLD.namn WHERE kund_id = OLD.id;
         END;",
    );
    file.fails(&file.plan(), "a trigger copied an erased value to faktura.anm");
}
