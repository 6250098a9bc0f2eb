//! Plans on real SQLite files: what goes, what stays, and that every failure leaves the file as it was.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rusqlite::Connection;

use super::*;
use std::sync::LazyLock;

use crate::db::{Purpose, Source};
use crate::finding::Category;
use crate::plan::{Draft, Request};
use crate::policy::Policy;
use crate::secret::{Key, SubKey};
use crate::sensitive::Sensitive;
use crate::subject::{Answer, Found, Identifier, State};
use crate::value::RowKey;

/// One key for all tests.
pub(super) static KEY: LazyLock<SubKey> = LazyLock::new(|| Key::random().expect("random").derive("plan"));
/// From Skatteverket's test series, and an address of an example domain.
pub(super) const PNR: &str = "19800101-9288";
pub(super) const EMAIL: &str = "anna.testperson@example.se";

const SCHEMA: &str = "
CREATE TABLE kund (id INTEGER PRIMARY KEY, pnr TEXT UNIQUE, namn TEXT NOT NULL, epost TEXT, varvad_av INTEGER REFERENCES kund(id));
CREATE TABLE grupp_kund (grupp INTEGER, kund_id INTEGER REFERENCES kund(id) ON DELETE CASCADE, PRIMARY KEY (grupp, kund_id)) WITHOUT ROWID;
CREATE TABLE faktura (id INTEGER PRIMARY KEY, kund_id INTEGER REFERENCES kund(id), mottagare TEXT NOT NULL, belopp INTEGER);
CREATE TABLE rad (id INTEGER PRIMARY KEY, faktura_id INTEGER REFERENCES faktura(id), text TEXT);
CREATE TABLE utskick (id INTEGER PRIMARY KEY, epost TEXT);
CREATE TABLE logg (id INTEGER PRIMARY KEY, vad TEXT);
INSERT INTO kund VALUES (1, '19800101-9288', 'Anna Testperson', 'anna.testperson@example.se', NULL), (2, '19800102-9287', 'Bo Annan', 'bo@example.se', 1);
INSERT INTO grupp_kund VALUES (1, 1), (2, 1), (1, 2);
INSERT INTO faktura VALUES (10, 1, 'Anna Testperson', 100), (11, 1, 'Anna Testperson', 200), (12, 2, 'Bo Annan', 300);
INSERT INTO rad VALUES (100, 10, 'hall'), (101, 12, 'plan');
INSERT INTO utskick VALUES (1, 'anna.testperson@example.se'), (2, 'bo@example.se');
";

pub(super) const POLICY: &str = r#"
version = 1
subject = [{ name = "kund", table = "kund", identifiers = [
    { column = "pnr", category = "personal_number" }, { column = "epost", category = "email" }] }]
table = [
    { name = "kund", erase = "anonymise" },
    { name = "grupp_kund", erase = "delete" },
    { name = "faktura", erase = "anonymise" },
    { name = "rad", erase = "keep", reason = "bookkeeping, 7 years" },
    { name = "utskick", erase = "delete" },
]
column = [
    { table = "kund", column = "pnr", category = "personal_number", strategy = "null" },
    { table = "kund", column = "namn", category = "person_name", strategy = "constant", value = "Anonymiserad" },
    { table = "kund", column = "epost", category = "email", strategy = "null" },
    { table = "faktura", column = "mottagare", category = "person_name", strategy = "constant", value = "Anonymiserad" },
    { table = "utskick", column = "epost", category = "email", strategy = "null" },
]
"#;

/// A database file of its own, gone after the test.
pub(super) struct File {
    folder: tempfile::TempDir,
}

impl File {
    pub(super) fn new(more: &str) -> Self {
        let file = Self { folder: tempfile::tempdir().expect("a folder") };
        file.run(SCHEMA);
        file.run(more);
        file
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("shop.db")
    }

    pub(super) fn run(&self, sql: &str) {
        Connection::open(self.path()).expect("opens").execute_batch(sql).expect("runs");
    }

    pub(super) fn open(&self, purpose: Purpose) -> Database {
        Database::open(&Source::Sqlite { path: self.path() }, purpose, &cancel()).expect("opens")
    }

    /// Every row of every table, as text.
    pub(super) fn dump(&self) -> Vec<String> {
        let connection = Connection::open(self.path()).expect("opens");
        let names = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
        let mut tables = connection.prepare(names).expect("reads");
        let tables: Vec<String> =
            tables.query_map([], |row| row.get(0)).expect("reads").map(|it| it.expect("text")).collect();
        let mut dump = Vec::new();
        for table in tables {
            let mut statement = connection
                .prepare(&format!("SELECT * FROM {}", crate::db::Dialect::Sqlite.quote(&table)))
                .expect("reads");
            let columns = statement.column_count();
            let mut rows = statement.query([]).expect("reads");
            while let Some(row) = rows.next().expect("reads") {
                let cells = (0..columns).map(|column| format!("{:?}", row.get_ref(column).expect("a cell")));
                dump.push(format!("{table}: {}", cells.collect::<Vec<_>>().join(", ")));
            }
        }
        dump
    }

    /// Whether any byte of the database's files spells this.
    pub(super) fn holds(&self, value: &str) -> bool {
        let entries = std::fs::read_dir(self.folder.path()).expect("a folder");
        entries
            .map(|entry| std::fs::read(entry.expect("an entry").path()).expect("reads"))
            .any(|bytes| bytes.windows(value.len()).any(|window| window == value.as_bytes()))
    }

    pub(super) fn text(&self, sql: &str) -> String {
        let connection = Connection::open(self.path()).expect("opens");
        let mut statement = connection.prepare(sql).expect("reads");
        let mut rows = statement.query([]).expect("reads");
        let mut texts = Vec::new();
        while let Some(row) = rows.next().expect("reads") {
            texts.push(format!("{:?}", row.get::<_, Option<String>>(0).expect("a cell")));
        }
        texts.join(" ")
    }

    pub(super) fn draft(&self, policy: &str) -> Result<Draft> {
        self.draft_of(policy, &answer())
    }

    pub(super) fn draft_of(&self, policy: &str, answer: &Answer) -> Result<Draft> {
        let policy = Policy::parse("policy.toml", policy.to_owned()).expect("a policy");
        let mut database = self.open(Purpose::Read);
        let catalog = database.inspect().expect("a catalog");
        let given = Sensitive::new(PNR);
        let identifiers = [Identifier { category: Category::PersonalNumber, given: given.clone(), normal: given }];
        let request = Request {
            catalog: &catalog,
            policy: &policy,
            identifiers: &identifiers,
            answer,
            at: now(),
            source: "sqlite:shop.db",
            map: "map-1",
            key: &KEY,
        };
        plan::erase(&request, &mut database)
    }

    pub(super) fn plan(&self) -> Plan {
        self.plan_with(POLICY)
    }

    pub(super) fn plan_with(&self, policy: &str) -> Plan {
        let draft = self.draft(policy).expect("plans");
        assert!(draft.verdict.allowed, "{:?}", draft.verdict);
        draft.plan.expect("allowed")
    }

    pub(super) fn apply(&self, plan: &Plan, mode: Mode, purge: bool) -> Result<Receipt> {
        let options = Options { mode, purge, reason: None, now: now() };
        apply(&mut self.open(Purpose::Write), plan, &KEY, &options, &cancel())
    }

    /// Applies, which must fail in that way and leave everything as it was.
    pub(super) fn fails(&self, plan: &Plan, part: &str) -> Error {
        let before = self.dump();
        let error = self.apply(plan, Mode::Commit, false).expect_err("fails");
        assert!(error.to_string().contains(part), "{part} not in: {error}");
        assert_eq!(self.dump(), before);
        error
    }
}

pub(super) fn cancel() -> Cancel {
    Arc::new(AtomicBool::new(false))
}

pub(super) fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().expect("a time")
}

pub(super) fn found(table: &str, column: &str, key: i64, category: Category) -> Found {
    Found {
        table: TableName::plain(table),
        column: column.into(),
        path: None,
        row_key: Some(RowKey(vec![Value::Integer(key)])),
        category,
        whole: true,
        confidence: 0.99,
        state: State::Current,
        shown: None,
    }
}

pub(super) fn answer() -> Answer {
    Answer {
        places: vec![found("kund", "pnr", 1, Category::PersonalNumber)],
        related: vec![],
        truncated: false,
        unreadable: vec![],
    }
}

#[test]
fn the_person_goes_and_the_others_stay() {
    let file = File::new("");
    let plan = file.plan();
    let receipt = file.apply(&plan, Mode::Commit, false).expect("applies");
    assert_eq!(receipt.outcome, Outcome::Applied);
    assert_eq!(file.text("SELECT namn FROM kund ORDER BY id"), "Some(\"Anonymiserad\") Some(\"Bo Annan\")");
    assert_eq!(file.text("SELECT pnr FROM kund ORDER BY id"), "None Some(\"19800102-9287\")");
    assert_eq!(file.text("SELECT epost FROM utskick"), "Some(\"bo@example.se\")");
    assert_eq!(file.text("SELECT CAST(kund_id AS TEXT) FROM grupp_kund"), "Some(\"2\")");
    let names = "SELECT mottagare FROM faktura WHERE mottagare <> 'Anonymiserad'";
    assert_eq!(file.text(names), "Some(\"Bo Annan\")");
    assert_eq!(file.text("SELECT text FROM rad WHERE id = 100"), "Some(\"hall\")");
}

#[test]
fn the_sql_names_rows_and_no_person() {
    let file = File::new("");
    let plan = file.plan();
    for personal in [PNR, EMAIL, "Anna", "9288"] {
        assert!(!plan.sql.contains(personal), "{}", plan.sql);
    }
    assert!(
        plan.sql.contains("UPDATE OR ABORT \"faktura\"\nSET \"mottagare\" = 'Anonymiserad'\nWHERE \"id\" IN (10, 11);"),
        "{}",
        plan.sql
    );
    assert!(plan.sql.contains("bookkeeping, 7 years"), "{}", plan.sql);
    assert_eq!(plan.sql, file.plan().sql, "the same input gives the same bytes");
}

#[test]
fn a_second_apply_changes_nothing() {
    let file = File::new("");
    let plan = file.plan();
    file.apply(&plan, Mode::Commit, false).expect("applies");
    let before = file.dump();
    let receipt = file.apply(&plan, Mode::Commit, false).expect("is done");
    assert_eq!(receipt.outcome, Outcome::AlreadyApplied);
    assert!(receipt.residue[0].contains("free pages") && receipt.residue.len() == 2, "{:?}", receipt.residue);
    assert_eq!(file.dump(), before);
}

#[test]
fn dry_run_and_rehearsal_leave_everything() {
    let file = File::new("");
    let (plan, before) = (file.plan(), file.dump());
    assert_eq!(file.apply(&plan, Mode::DryRun, false).expect("reads").outcome, Outcome::Checked);
    assert_eq!(file.apply(&plan, Mode::Rehearse, false).expect("runs").outcome, Outcome::Rehearsed);
    assert_eq!(file.dump(), before);
}

#[test]
fn what_changed_since_the_plan_is_refused() {
    for (change, part) in [
        ("UPDATE faktura SET belopp = 101 WHERE id = 10", "a row of faktura changed"),
        ("DELETE FROM grupp_kund WHERE grupp = 2", "changed since"),
        ("INSERT INTO faktura VALUES (13, 1, 'Anna Testperson', 5)", "came or went"),
        ("ALTER TABLE kund ADD COLUMN ny TEXT", "column kund.ny is new"),
        ("CREATE TRIGGER t AFTER UPDATE ON rad BEGIN SELECT 1; END", "triggers of rad"),
        ("CREATE TABLE extra (id)", "table extra is new"),
        ("ALTER TABLE logg RENAME TO logg2", "table logg is gone, table logg2 is new"),
    ] {
        let file = File::new("");
        let plan = file.plan();
        file.run(change);
        assert!(matches!(file.fails(&plan, part), Error::Refused(_)), "{change}");
    }
}

#[test]
fn an_edited_plan_or_side_file_is_refused() {
    let file = File::new("");
    let path = file.folder.path().join("plan.sql");
    let written = file.plan();
    written.write(&path, &KEY).expect("writes");
    let plan = Plan::read(&path, &KEY).expect("reads");
    assert_eq!(plan.sql, written.sql);
    assert!(matches!(Plan::read(&path, &Key::random().expect("random").derive("plan")), Err(Error::Key(_))));

    let side = plan::side_path(&path);
    let mut bytes = std::fs::read(&side).expect("reads");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&side, bytes).expect("writes");
    assert!(matches!(Plan::read(&path, &KEY), Err(Error::Refused(_))));

    let edited = Plan { sql: plan.sql.replace("IN (10, 11)", "IN (10, 12)"), side: plan.side };
    file.fails(&edited, "was edited");
}

#[test]
#[cfg(unix)]
fn plans_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let file = File::new("");
    let path = file.folder.path().join("plan.sql");
    file.plan().write(&path, &KEY).expect("writes");
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(&plan::side_path(&path))), (0o600, 0o600));
}

#[test]
fn a_failure_at_any_statement_leaves_everything() {
    for (table, event) in [("kund", "UPDATE"), ("faktura", "UPDATE"), ("grupp_kund", "DELETE"), ("utskick", "DELETE")] {
        for how in ["ABORT", "FAIL", "ROLLBACK"] {
            let trigger = format!(
                "CREATE TRIGGER stop BEFORE {event} ON {table} BEGIN SELECT RAISE({how}, 'Anna Testperson'); END"
            );
            let file = File::new(&trigger);
            let error = file.fails(&file.plan(), table);
            assert!(matches!(error, Error::RolledBack(_)), "{error}");
            assert!(!error.to_string().contains("Anna"), "{error}");
        }
    }
}

#[test]
fn constraints_and_locks_leave_everything() {
    let file = File::new(
        "CREATE TABLE hard (id INTEGER PRIMARY KEY, kund_id INTEGER REFERENCES kund(id), namn TEXT CHECK (namn <> 'Anonymiserad')); INSERT INTO hard VALUES (1, 1, 'Anna')",
    );
    let policy = POLICY
        .replace("table = [\n", "table = [\n    { name = \"hard\", erase = \"anonymise\" },\n")
        .replace("column = [\n    {", "column = [\n    { table = \"hard\", column = \"namn\", category = \"person_name\", strategy = \"constant\", value = \"Anonymiserad\" },\n    {");
    assert!(matches!(file.fails(&file.plan_with(&policy), "CHECK"), Error::RolledBack(_)));

    let file = File::new("");
    let plan = file.plan();
    let other = Connection::open(file.path()).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("locks");
    assert!(matches!(file.fails(&plan, "locked by another session"), Error::Refused(_)));
}

const HISTORY: &str =
    "CREATE TRIGGER historik AFTER UPDATE ON kund BEGIN INSERT INTO logg (vad) VALUES ('var ' || OLD.namn); END";
const HARMLESS: &str =
    "CREATE TRIGGER historik AFTER UPDATE ON kund BEGIN INSERT INTO logg (vad) VALUES ('kund ' || OLD.id); END";

#[test]
fn rows_that_triggers_write_are_noticed() {
    let accepting = POLICY.replace(
        "table = [\n",
        "table = [\n    { name = \"logg\", erase = \"keep\", reason = \"log\", accept_trigger_rows = true },\n",
    );
    let file = File::new(HARMLESS);
    file.fails(&file.plan(), "logg: 0 rows updated, 0 deleted, 1 inserted instead of");
    file.apply(&file.plan_with(&accepting), Mode::Commit, false).expect("is accepted");

    let file = File::new(
        "CREATE TABLE version (id INTEGER PRIMARY KEY, kund_id INTEGER REFERENCES kund(id), namn TEXT); \
         INSERT INTO version VALUES (1, 1, 'Anna Testperson'); \
         CREATE TRIGGER historik AFTER UPDATE ON kund BEGIN INSERT INTO version (kund_id, namn) VALUES (OLD.id, OLD.namn); END",
    );
    let both = POLICY.replace(
        "table = [\n",
        "table = [\n    { name = \"version\", erase = \"delete\", accept_trigger_rows = true },\n",
    );
    file.fails(&file.plan_with(&both), "a trigger copied an erased value to version");

    let file = File::new(HISTORY);
    file.fails(&file.plan_with(&accepting), "a trigger copied an erased value to logg");
}

#[test]
fn a_trigger_that_moves_the_value_within_the_row_is_noticed() {
    let file = File::new(
        "ALTER TABLE kund ADD COLUMN gammal TEXT; CREATE TRIGGER flytta AFTER UPDATE OF namn ON kund WHEN OLD.namn <> NEW.namn \
         BEGIN UPDATE kund SET gammal = OLD.namn WHERE id = OLD.id; END",
    );
    file.fails(&file.plan(), "kund.gammal");
}

#[test]
fn different_persons_are_refused_by_key_only() {
    let file = File::new("");
    let mut two = answer();
    two.places.push(found("kund", "epost", 2, Category::Email));
    let error = file.draft_of(POLICY, &two).expect_err("ambiguous").to_string();
    assert!(error.contains("kund.id = 1") && error.contains("kund.id = 2"), "{error}");
    let none = file.draft_of(POLICY, &Answer::default()).expect_err("nobody");
    assert!(matches!(none, Error::Refused(_)));
}

#[test]
fn somebody_elses_rows_are_left_and_a_shared_address_is_no_reason() {
    let file = File::new("INSERT INTO kund VALUES (3, NULL, 'Cia Delar', 'anna.testperson@example.se', NULL)");
    let plan = file.plan();
    // The mailing may be of either.
    assert!(plan.sql.contains("not touched: 1 in utskick, since other people use them"), "{}", plan.sql);
    file.apply(&plan, Mode::Commit, false).expect("applies");
    assert_eq!(file.text("SELECT epost FROM kund WHERE id = 3"), format!("Some({EMAIL:?})"));
    assert_eq!(file.text("SELECT epost FROM utskick WHERE id = 1"), format!("Some({EMAIL:?})"));
}

#[test]
fn a_link_to_a_deleted_row_hinders_and_names_the_ways_out() {
    let file = File::new("");
    let delete =
        POLICY.replace("{ name = \"kund\", erase = \"anonymise\" }", "{ name = \"kund\", erase = \"delete\" }");
    let draft = file.draft(&delete).expect("plans");
    assert!(!draft.verdict.allowed && draft.plan.is_none());
    assert_eq!(draft.verdict.hindrances[0].hold, "foreign key faktura.kund_id -> kund.id");
    assert_eq!(draft.verdict.hindrances[0].rows, 2);

    let nulled = delete.replace(
        "column = [\n",
        "column = [\n    { table = \"faktura\", column = \"kund_id\", category = \"customer_number\", strategy = \"null\" },\n",
    );
    file.apply(&file.plan_with(&nulled), Mode::Commit, false).expect("applies");
    assert_eq!(file.text("SELECT namn FROM kund"), "Some(\"Bo Annan\")");
    assert_eq!(file.text("SELECT CAST(varvad_av AS TEXT) FROM kund"), "None");
}

#[test]
fn a_constant_in_a_unique_column_is_refused() {
    let file = File::new("INSERT INTO kund VALUES (4, 'Anonymiserad', 'Dan', NULL, NULL)");
    let policy = POLICY.replace(
        "category = \"personal_number\", strategy = \"null\"",
        "category = \"personal_number\", strategy = \"constant\", value = \"Anonymiserad\"",
    );
    let draft = file.draft(&policy).expect("plans");
    assert_eq!(draft.verdict.hindrances[0].hold, "unique kund.pnr");
}

#[test]
fn large_sets_and_personal_keys_go_through_the_side_file() {
    let file = File::new(
        "CREATE TABLE besok (epost TEXT PRIMARY KEY NOT NULL, kund_id INTEGER REFERENCES kund(id)) WITHOUT ROWID; \
         INSERT INTO besok VALUES ('anna.testperson@example.se', 1); \
         WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1299) INSERT INTO faktura SELECT i, 1, 'Anna Testperson', 1 FROM n",
    );
    let policy = POLICY.replace("table = [\n", "table = [\n    { name = \"besok\", erase = \"delete\" },\n");
    let plan = file.plan_with(&policy);
    assert!(plan.sql.contains("CREATE TEMPORARY TABLE \"sanera_keys_"), "{}", plan.sql);
    assert!(plan.sql.contains("WHERE \"epost\" IN (?1)"), "{}", plan.sql);
    assert!(!plan.sql.contains(EMAIL));
    file.apply(&plan, Mode::Commit, false).expect("applies");
    assert_eq!(file.text("SELECT mottagare FROM faktura WHERE mottagare <> 'Anonymiserad'"), "Some(\"Bo Annan\")");
    assert_eq!(file.text("SELECT epost FROM besok"), "");
}

#[test]
fn rows_that_point_at_each_other_go() {
    let file = File::new(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, kund_id INTEGER REFERENCES kund(id), b_id INTEGER REFERENCES b(id)); \
         CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER NOT NULL REFERENCES a(id)); \
         INSERT INTO a VALUES (1, 1, NULL); INSERT INTO b VALUES (1, 1); UPDATE a SET b_id = 1",
    );
    let policy = POLICY.replace(
        "table = [\n",
        "table = [\n    { name = \"a\", erase = \"delete\" },\n    { name = \"b\", erase = \"delete\" },\n",
    );
    file.apply(&file.plan_with(&policy), Mode::Commit, false).expect("applies");
    assert_eq!(file.text("SELECT CAST(id AS TEXT) FROM a UNION ALL SELECT CAST(id AS TEXT) FROM b"), "");
}

#[test]
fn an_interrupt_takes_everything_back() {
    let file = File::new("");
    let (plan, before) = (file.plan(), file.dump());
    let options = Options { mode: Mode::Commit, purge: false, reason: None, now: now() };
    let stopped: Cancel = Arc::new(AtomicBool::new(true));
    let done = apply(&mut file.open(Purpose::Write), &plan, &KEY, &options, &stopped);
    assert!(matches!(done, Err(Error::Interrupted)));
    assert_eq!(file.dump(), before);
}

#[test]
fn after_the_purge_no_byte_of_it_is_left() {
    for journal in ["WAL", "DELETE"] {
        let file = File::new(&format!(
            "PRAGMA journal_mode={journal}; CREATE INDEX i ON kund(namn); \
             CREATE VIRTUAL TABLE sok USING fts5(namn, content=kund, content_rowid=id); INSERT INTO sok(sok) VALUES('rebuild'); \
             CREATE TRIGGER ny AFTER UPDATE ON kund BEGIN INSERT INTO sok(sok, rowid, namn) VALUES('delete', OLD.id, OLD.namn); \
             INSERT INTO sok(rowid, namn) VALUES (NEW.id, NEW.namn); END; ANALYZE;"
        ));
        assert!(file.holds(EMAIL) && file.holds("testperson"), "{journal}: the test looks at the right bytes");
        let receipt = file.apply(&file.plan(), Mode::Commit, true).expect("applies");
        assert_eq!(receipt.residue.len(), 1, "{:?}", receipt.residue);
        for value in [PNR, EMAIL, "Anna Testperson", "testperson"] {
            assert!(!file.holds(value), "{journal}: {value} is still there");
        }
    }
}

#[test]
fn a_circle_without_null_waits_for_the_commit() {
    let file = File::new(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, kund_id INTEGER REFERENCES kund(id), b_id INTEGER NOT NULL REFERENCES b(id)); \
         CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER NOT NULL REFERENCES a(id)); \
         BEGIN; PRAGMA defer_foreign_keys=ON; INSERT INTO a VALUES (1, 1, 1); INSERT INTO b VALUES (1, 1); COMMIT",
    );
    let policy = POLICY.replace(
        "table = [\n",
        "table = [\n    { name = \"a\", erase = \"delete\" },\n    { name = \"b\", erase = \"delete\" },\n",
    );
    file.apply(&file.plan_with(&policy), Mode::Commit, false).expect("applies");
    assert_eq!(file.text("SELECT CAST(id AS TEXT) FROM a UNION ALL SELECT CAST(id AS TEXT) FROM b"), "");
}

#[test]
fn hostile_names_stay_names() {
    let file = File::new(
        "CREATE TABLE \"x\"\"; DROP TABLE kund; --\" (id INTEGER PRIMARY KEY, kund_id INTEGER REFERENCES kund(id)); \
         INSERT INTO \"x\"\"; DROP TABLE kund; --\" VALUES (1, 1)",
    );
    let name = r#"x\"; DROP TABLE kund; --"#;
    let policy =
        POLICY.replace("table = [\n", &format!("table = [\n    {{ name = \"{name}\", erase = \"delete\" }},\n"));
    let before = file.dump().len();
    file.apply(&file.plan_with(&policy), Mode::Commit, false).expect("applies");
    // Gone: the hostile row, two links, one mailing; new: the marker.
    assert_eq!(file.dump().len(), before - 4 + 1);
}

#[test]
fn a_name_that_could_mislead_the_reader_of_the_plan_is_refused() {
    for name in ["x\n-- 9. Keep", "x\u{202e}y", "x\u{1b}[8m"] {
        let file = File::new(&format!(
            "CREATE TABLE \"{name}\" (id INTEGER PRIMARY KEY, kund_id INTEGER REFERENCES kund(id)); INSERT INTO \"{name}\" VALUES (1, 1)"
        ));
        let quoted: String = name
            .chars()
            .map(|c| if c.is_ascii_graphic() || c == ' ' { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) })
            .collect();
        let policy =
            POLICY.replace("table = [\n", &format!("table = [\n    {{ name = \"{quoted}\", erase = \"delete\" }},\n"));
        let error = file.draft(&policy).expect_err("refused");
        assert!(error.to_string().contains("control characters"), "{error}");
    }
}
