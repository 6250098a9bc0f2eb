//! A person is searched, planned and erased by the finished program, and then looked for in the server's own dump.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;

use super::Fresh;
use crate::common::{Ran, Workspace};

/// From Skatteverket's test series, PTS's series for fiction, and an example domain.
const TRACES: [&str; 4] = ["19800101-9283", "anna.testperson@example.se", "070-174 06 05", "Anna Testperson"];

const SCHEMA: &str = "
    CREATE TABLE kund (id INT AUTO_INCREMENT PRIMARY KEY, kod VARCHAR(9) UNIQUE, pnr VARCHAR(13) UNIQUE,
        namn VARCHAR(60) CHARACTER SET latin1 NOT NULL, epost VARCHAR(80), telefon VARCHAR(20));
    CREATE TABLE bokning (id INT AUTO_INCREMENT PRIMARY KEY, kund_id INT, sal VARCHAR(20), bokad_av VARCHAR(60) NOT NULL,
        FOREIGN KEY (kund_id) REFERENCES kund (id));
    CREATE TABLE meddelande (id INT AUTO_INCREMENT PRIMARY KEY, kund_id INT NOT NULL, text TEXT,
        FOREIGN KEY (kund_id) REFERENCES kund (id) ON DELETE CASCADE);
    CREATE TABLE logg (id INT AUTO_INCREMENT PRIMARY KEY, vad VARCHAR(200));
    CREATE TABLE pris (id INT PRIMARY KEY, namn VARCHAR(20));
    INSERT INTO kund VALUES (1, 'A', '19800101-9283', 'Anna Testperson', 'anna.testperson@example.se', '070-174 06 05'),
        (2, 'B', '19800102-9282', 'Bo Annan', 'bo@example.se', '070-174 06 06');
    INSERT INTO bokning VALUES (10, 1, 'A', 'Anna Testperson'), (11, 1, 'B', 'Anna Testperson'), (12, 2, 'A', 'Bo Annan');
    INSERT INTO meddelande VALUES (20, 1, 'Ring 070-174 06 05 eller anna.testperson@example.se /Anna Testperson'),
        (21, 2, 'Hej hej');
    INSERT INTO logg VALUES (1, 'start');
    INSERT INTO pris VALUES (1, 'hall'), (2, 'plan');
";

const POLICY: &str = r#"
version = 1
subject = [{ name = "kund", table = "kund", schema = "DB", identifiers = [
    { column = "pnr", category = "personal_number" }, { column = "epost", category = "email" }] }]
table = [
    { name = "kund", schema = "DB", erase = "anonymise" },
    { name = "bokning", schema = "DB", erase = "anonymise" },
    { name = "meddelande", schema = "DB", erase = "delete" },
]
column = [
    { table = "kund", schema = "DB", column = "pnr", category = "personal_number", strategy = "null" },
    { table = "kund", schema = "DB", column = "namn", category = "person_name", strategy = "constant", value = "Anonymiserad" },
    { table = "kund", schema = "DB", column = "epost", category = "email", strategy = "null" },
    { table = "kund", schema = "DB", column = "telefon", category = "phone", strategy = "null" },
    { table = "bokning", schema = "DB", column = "bokad_av", category = "person_name", strategy = "constant", value = "Anonymiserad" },
]
"#;

/// The small schema, changed by `more`, with a policy and a map.
struct Town {
    fresh: Fresh,
    space: Workspace,
}

impl Town {
    fn new(more: &str) -> Option<Self> {
        Self::with(more, POLICY)
    }

    fn with(more: &str, policy: &str) -> Option<Self> {
        let town = Self { fresh: Fresh::new(&format!("{SCHEMA}{more}"))?, space: Workspace::new() };
        std::fs::write(town.space.path("policy.toml"), policy.replace("DB", town.fresh.name())).unwrap();
        town.space.succeed(&["scan", &town.fresh.url(), "-q"]);
        Some(town)
    }

    fn plan(&self) -> Ran {
        let url = self.fresh.url();
        let person = ["--personal-number", TRACES[0], "--email", TRACES[1]];
        self.space.run(&[&["plan", "erase", &url, "--policy", "policy.toml", "-o", "p.sql"][..], &person].concat())
    }

    fn planned(self) -> Self {
        let planned = self.plan();
        assert_eq!(planned.code, 0, "{}", planned.stderr);
        self
    }

    fn apply(&self, how: &[&str]) -> Ran {
        self.space.run(&[&["apply", &self.fresh.url(), "p.sql"], how].concat())
    }

    /// Applying fails for that reason, and leaves everything as it was.
    #[track_caller]
    fn fails(&self, code: i32, reason: &str) {
        let before = self.fresh.dump();
        let applied = self.apply(&["--yes"]);
        assert_eq!(applied.code, code, "{reason}: {}", applied.stderr);
        assert!(applied.stderr.contains(reason), "{}", applied.stderr);
        assert!(self.fresh.dump() == before, "{reason}");
    }

    #[track_caller]
    fn succeeds(&self) {
        let applied = self.apply(&["--yes"]);
        assert_eq!(applied.code, 0, "{}", applied.stderr);
        let dump = self.fresh.dump();
        assert!(TRACES.iter().all(|trace| !dump.contains(trace)), "{dump}");
    }
}

#[test]
fn a_person_is_erased_and_nobody_else() {
    let Some(town) = Town::new("") else { return };
    let init = town.space.run(&["init", &town.fresh.url(), "--map", "sanera.map", "-o", "first.toml"]);
    assert_eq!(init.code, 0, "{}", init.stderr);
    assert_eq!(town.space.run(&["policy", "check", "first.toml", &town.fresh.url()]).code, 0);

    let town = town.planned();
    let before = town.fresh.dump();
    assert!(TRACES.iter().all(|trace| before.contains(trace)));
    let plan = std::fs::read_to_string(town.space.path("p.sql")).unwrap();
    assert!(TRACES.iter().all(|trace| !plan.contains(trace)), "{plan}");
    for how in [["--dry-run"], ["--rehearse"]] {
        let ran = town.apply(&how);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(town.fresh.dump() == before, "{how:?}: our own table is gone again too");
    }
    town.succeeds();
    let kept = town.fresh.query("SELECT id, pnr, namn, epost, telefon FROM kund ORDER BY id");
    assert_eq!(kept[0], ["1", "NULL", "Anonymiserad", "NULL", "NULL"]);
    assert_eq!(kept[1], ["2", "19800102-9282", "Bo Annan", "bo@example.se", "070-174 06 06"]);
    assert_eq!(town.fresh.query("SELECT id FROM meddelande").concat(), ["21"]);
    assert_eq!(town.fresh.query("SELECT bokad_av FROM bokning").concat(), ["Anonymiserad", "Anonymiserad", "Bo Annan"]);

    let again = town.apply(&["--yes", "--purge"]);
    assert!(again.stderr.contains("Already applied"), "{}", again.stderr);
    assert!(!again.stderr.contains("could not be rewritten"), "{}", again.stderr);
    town.space.succeed(&["scan", &town.fresh.url(), "-q"]);
    let search = ["search", &town.fresh.url(), "--json", "--personal-number", TRACES[0], "--email", TRACES[1]];
    assert_eq!(town.space.json(&search)["places"].as_array().unwrap().len(), 0);
}

#[test]
fn what_a_trigger_changes_is_noticed() {
    for change in [
        "INSERT INTO logg (vad) VALUES ('x')",
        "UPDATE pris SET namn = 'x' WHERE id = 1",
        "DELETE FROM pris WHERE id = 2",
        "CALL gor()",
    ] {
        let more = format!(
            "CREATE PROCEDURE gor() REPLACE INTO pris VALUES (1, 'y');
             CREATE TRIGGER t AFTER UPDATE ON kund FOR EACH ROW {change};"
        );
        let Some(town) = Town::new(&more) else { return };
        town.planned().fails(5, "a trigger or a cascade changes rows that the plan does not name");
    }
}

#[test]
fn accepted_trigger_rows_must_not_hold_what_was_erased() {
    let accepting = POLICY.replace(
        "table = [\n",
        "table = [\n    { name = \"logg\", schema = \"DB\", erase = \"keep\", reason = \"x\", accept_trigger_rows = true },\n",
    );
    let run = |what: &str| {
        let trigger = format!("CREATE TRIGGER t AFTER UPDATE ON kund FOR EACH ROW {what}");
        Town::with(&trigger, &accepting).map(Town::planned)
    };
    let Some(town) = run("INSERT INTO logg (vad) VALUES (CONCAT('kund ', OLD.id))") else { return };
    town.succeeds();
    assert_eq!(town.fresh.query("SELECT vad FROM logg WHERE id > 1").concat(), ["kund 1"]);
    run("INSERT INTO logg (vad) VALUES (CONCAT('var ', OLD.namn))").unwrap().fails(5, "copied an erased value to");
    run("UPDATE logg SET vad = OLD.epost").unwrap().fails(5, "copied an erased value to");
    run("UPDATE pris SET namn = 'x'").unwrap().fails(5, "a trigger or a cascade changes rows");
}

/// The policy, with rows that triggers write to the log or the prices accepted.
fn accepting(table: &str) -> String {
    let rule = format!(
        "{{ name = \"{table}\", schema = \"DB\", erase = \"keep\", reason = \"x\", accept_trigger_rows = true }}"
    );
    POLICY.replace("table = [\n", &format!("table = [\n    {rule},\n"))
}

#[test]
fn what_triggers_reach_by_detours_is_refused_where_it_could_stay() {
    let first = "CREATE TRIGGER t AFTER UPDATE ON kund FOR EACH ROW INSERT INTO logg (vad) VALUES (OLD.namn);";
    let second = "CREATE TABLE arkiv (vad VARCHAR(200)) ENGINE = MyISAM;
        CREATE TRIGGER u AFTER INSERT ON logg FOR EACH ROW INSERT INTO arkiv VALUES (NEW.vad);";
    for (more, reason) in [
        (format!("{first}{second}"), "arkiv is stored by MyISAM"),
        (first.replace("logg (", "audit.logg ("), "a table audit.logg, which this role can't see"),
        (first.replace("INSERT INTO logg (vad) VALUES", "CALL audit.skriv"), "procedure audit.skriv"),
        (first.replace("INSERT INTO logg (vad) VALUES (OLD.namn)", "SET @x = skriv(OLD.namn)"), "function skriv"),
        (format!("CREATE VIEW vy AS SELECT * FROM logg; {}", first.replace("logg", "vy")), "a table vy"),
    ] {
        let Some(town) = Town::with(&more, &accepting("pris")) else { return };
        town.planned().fails(4, reason);
    }
}

#[test]
fn what_an_account_cannot_see_of_a_trigger_is_no_way_out() {
    let more = "CREATE PROCEDURE skriv(vad VARCHAR(200)) INSERT INTO logg (vad) VALUES (vad);
        CREATE TRIGGER t AFTER UPDATE ON kund FOR EACH ROW CALL skriv(OLD.namn);";
    let Some(town) = Town::with(more, &accepting("pris")) else { return };
    let user = town.fresh.name();
    for (right, reason) in [("TRIGGER", "procedure skriv"), ("INDEX", "the right TRIGGER")] {
        town.fresh.execute(&format!(
            "CREATE OR REPLACE USER {user}@localhost IDENTIFIED VIA mysql_native_password USING PASSWORD('pw');
             GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, CREATE TEMPORARY TABLES, {right} ON {user}.* TO {user}@localhost"
        ));
        let url = town.fresh.url_as(user, "pw");
        let person = ["--personal-number", TRACES[0], "--email", TRACES[1]];
        town.space.succeed(&["scan", &url, "-q"]);
        town.space.succeed(&[&["plan", "erase", &url, "--policy", "policy.toml", "-o", "p.sql"][..], &person].concat());
        let applied = town.space.run(&["apply", &url, "p.sql", "--yes"]);
        assert!(applied.code == 4 && applied.stderr.contains(reason), "{right}: {} {}", applied.code, applied.stderr);
    }
    assert_eq!(town.fresh.query("SELECT vad FROM logg").concat(), ["start"]);
    town.fresh.execute(&format!("DROP USER {user}@localhost"));
}

#[test]
fn rows_that_foreign_keys_change_by_themselves_are_noticed() {
    let more = "CREATE TABLE bilaga (id INT PRIMARY KEY, meddelande_id INT,
            FOREIGN KEY (meddelande_id) REFERENCES meddelande (id) ON DELETE CASCADE);
        CREATE TRIGGER t AFTER UPDATE ON kund FOR EACH ROW INSERT INTO bilaga VALUES (1, 20);";
    let Some(town) = Town::new(more) else { return };
    town.planned().fails(5, "a row that the plan does not name would change with it");
}

#[test]
fn rows_that_point_at_each_other_go_together() {
    let more = "CREATE TABLE a (id INT PRIMARY KEY, kund_id INT NOT NULL, b_id INT NOT NULL, FOREIGN KEY (kund_id) REFERENCES kund (id));
        CREATE TABLE b (id INT PRIMARY KEY, a_id INT NOT NULL, FOREIGN KEY (a_id) REFERENCES a (id));
        SET foreign_key_checks = 0; ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id);
        INSERT INTO a VALUES (1, 1, 1), (2, 2, 2); INSERT INTO b VALUES (1, 1), (2, 2);";
    let tables = "table = [\n    { name = \"a\", schema = \"DB\", erase = \"delete\" },\n    { name = \"b\", schema = \"DB\", erase = \"delete\" },\n";
    let Some(town) = Town::with(more, &POLICY.replace("table = [\n", tables)) else { return };
    let town = town.planned();
    town.succeeds();
    assert_eq!(town.fresh.query("SELECT a.id, b.id FROM a, b"), [["2", "2"]]);
}

#[test]
fn many_keys_pass_through_a_temporary_table() {
    let more = "CREATE TABLE rad (a VARCHAR(20) CHARACTER SET latin1, n DECIMAL(20,2), kund_id INT, text VARCHAR(30),
            PRIMARY KEY (a, n), FOREIGN KEY (kund_id) REFERENCES kund (id)) COLLATE utf8mb4_bin;
        INSERT INTO rad SELECT CONCAT('Å', seq), seq / 4, IF(seq <= 500, 1, 2), 'Anna Testperson' FROM seq_1_to_600;
        UPDATE rad SET text = 'Bo' WHERE kund_id = 2;";
    let rad = |erase: &str| format!("table = [\n    {{ name = \"rad\", schema = \"DB\", erase = \"{erase}\" }},\n");
    let column = "column = [\n    { table = \"rad\", schema = \"DB\", column = \"text\", category = \"person_name\", strategy = \"null\" },\n";
    for (erase, kept) in [("delete", ["100", "2"]), ("anonymise", ["600", "1"])] {
        let policy = POLICY.replace("table = [\n", &rad(erase)).replace("column = [\n", column);
        let Some(town) = Town::with(more, &policy) else { return };
        let town = town.planned();
        let plan = std::fs::read_to_string(town.space.path("p.sql")).unwrap();
        assert!(
            plan.contains("CREATE TEMPORARY TABLE `sanera_keys_") && plan.contains("DROP TEMPORARY TABLE"),
            "{plan}"
        );
        town.succeeds();
        assert_eq!(town.fresh.query("SELECT COUNT(*), MIN(kund_id) FROM rad"), [kept]);
        assert_eq!(town.fresh.query("SELECT COUNT(*) FROM rad WHERE text = 'Bo'"), [["100"]]);
    }
}

#[test]
fn an_account_of_its_own_is_enough() {
    let Some(town) = Town::new("") else { return };
    let user = town.fresh.name();
    town.fresh.execute(&format!(
        "CREATE USER {user}@localhost IDENTIFIED VIA mysql_native_password USING PASSWORD('pw');
         GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, CREATE TEMPORARY TABLES ON {user}.* TO {user}@localhost;
         ANALYZE TABLE kund PERSISTENT FOR ALL"
    ));
    let url = town.fresh.url_as(user, "pw");
    town.space.succeed(&["scan", &url, "-q"]);
    let person = ["--personal-number", TRACES[0], "--email", TRACES[1]];
    town.space.succeed(&[&["plan", "erase", &url, "--policy", "policy.toml", "-o", "p.sql"][..], &person].concat());
    town.space.succeed(&["apply", &url, "p.sql", "--yes"]);
    assert!(!town.fresh.dump().contains(TRACES[0]));
    let statistics =
        format!("SELECT COUNT(*) FROM mysql.column_stats WHERE db_name = '{user}' AND min_value = '{}'", TRACES[0]);
    assert_eq!(town.fresh.query(&statistics), [["1"]], "the server keeps values of its own");
    let purged = town.space.run(&["apply", &url, "p.sql", "--yes", "--purge"]);
    assert!(purged.stderr.contains("in mysql.column_stats, if any stand there (not permitted)"), "{}", purged.stderr);
    let purged = town.apply(&["--yes", "--purge"]);
    assert!(!purged.stderr.contains("column_stats"), "{}", purged.stderr);
    assert_eq!(town.fresh.query(&statistics), [["0"]]);
    town.fresh.execute(&format!("DROP USER {user}@localhost"));
}

#[test]
fn tables_that_keep_what_is_erased_are_refused() {
    for (more, reason) in [
        ("ALTER TABLE meddelande DROP FOREIGN KEY meddelande_ibfk_1; ALTER TABLE meddelande ENGINE = Aria", "Aria"),
        (
            "ALTER TABLE logg ENGINE = MyISAM; CREATE TRIGGER t AFTER UPDATE ON kund FOR EACH ROW INSERT INTO logg VALUES (9, 'x')",
            "MyISAM",
        ),
        ("ALTER TABLE bokning ADD SYSTEM VERSIONING", "system versioned"),
    ] {
        let elsewhere = "ALTER TABLE meddelande MODIFY text VARCHAR(200); UPDATE meddelande SET text = 'anna.testperson@example.se' WHERE id = 20;";
        let policy = POLICY.replace("column = [\n", "column = [\n    { table = \"meddelande\", schema = \"DB\", column = \"text\", category = \"email\", strategy = \"null\" },\n");
        let Some(town) = Town::with(&format!("{elsewhere}{more}"), &policy) else { return };
        town.planned().fails(4, reason);
    }
}

#[test]
fn hostile_constants_stay_constants() {
    for constant in ["'; DROP TABLE kund; --", "/*! a\\b\\", "\\' OR 1=1 #\"å?"] {
        let written = constant.replace('\\', "\\\\").replace('"', "\\\"");
        let Some(town) = Town::with("", &POLICY.replace("Anonymiserad", &written)) else { return };
        town.planned().succeeds();
    }
    let Some(town) = Town::with("", &POLICY.replace("Anonymiserad", "a\\\\b'c")) else { return };
    let town = town.planned();
    town.succeeds();
    assert_eq!(town.fresh.query("SELECT namn FROM kund WHERE id = 1"), [["a\\b'c"]]);
}

#[test]
fn a_second_apply_is_refused() {
    let Some(town) = Town::new("") else { return };
    let town = town.planned();
    let lock = format!("CONCAT('sanera ', SHA1('{}'))", town.fresh.name());
    std::thread::scope(|scope| {
        let other = scope.spawn(|| town.fresh.query(&format!("SELECT GET_LOCK({lock}, 0), SLEEP(3)")));
        while town.fresh.query(&format!("SELECT IS_USED_LOCK({lock})")) == [["NULL"]] {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        town.fails(4, "another apply runs");
        other.join().unwrap();
    });
    town.succeeds();
}

#[test]
fn a_table_for_notes_that_vanishes_meanwhile_is_not_made_within_the_transaction() {
    let Some(town) = Town::new("CREATE TABLE sanera_applied (plan VARCHAR(64) PRIMARY KEY, at VARCHAR(64) NOT NULL);")
    else {
        return;
    };
    let town = town.planned();
    std::thread::scope(|scope| {
        // Holds the other one up after its first look at the catalog.
        let lock = scope.spawn(|| town.fresh.query("LOCK TABLES kund WRITE; SELECT SLEEP(4); UNLOCK TABLES"));
        std::thread::sleep(std::time::Duration::from_millis(500));
        let apply = scope.spawn(|| town.apply(&["--yes"]));
        std::thread::sleep(std::time::Duration::from_secs(2));
        town.fresh.execute("DROP TABLE sanera_applied");
        lock.join().unwrap();
        let applied = apply.join().unwrap();
        assert!(applied.code == 5 && applied.stderr.contains("apply again"), "{} {}", applied.code, applied.stderr);
    });
    assert!(town.fresh.dump().contains(TRACES[0]));
    town.succeeds();
}

#[test]
fn a_statement_that_fails_takes_all_back() {
    for (more, reason) in [
        ("ALTER TABLE kund ADD CHECK (namn <> 'Anonymiserad')", "a constraint forbids it (CHECK)"),
        ("CREATE TRIGGER t BEFORE DELETE ON meddelande FOR EACH ROW SIGNAL SQLSTATE '45000'", "(a trigger)"),
    ] {
        let Some(town) = Town::new(more) else { return };
        town.planned().fails(5, reason);
    }
}

#[test]
fn an_interrupted_apply_leaves_nothing() {
    let Some(town) = Town::new("") else { return };
    let town = town.planned();
    let before = town.fresh.dump();
    std::thread::scope(|scope| {
        let other = "START TRANSACTION; SELECT id FROM kund FOR UPDATE; SELECT SLEEP(4)";
        let other = scope.spawn(|| town.fresh.query(other));
        std::thread::sleep(std::time::Duration::from_millis(500));
        let apply = town.space.command(&["apply", &town.fresh.url(), "p.sql", "--yes"]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_secs(2));
        let signal = Command::new("kill").args(["-INT", &apply.id().to_string()]).status().unwrap();
        assert!(signal.success());
        assert_eq!(apply.wait_with_output().unwrap().status.code(), Some(130));
        other.join().unwrap();
    });
    assert!(town.fresh.dump() == before, "our own table is gone again too");
    town.succeeds();
}

#[test]
fn a_row_that_changed_since_is_refused() {
    let Some(town) = Town::new("") else { return };
    let town = town.planned();
    town.fresh.execute("INSERT INTO meddelande VALUES (22, 1, 'en till')");
    town.fails(4, "came or went");
    town.fresh.execute("DELETE FROM meddelande WHERE id = 22; UPDATE kund SET telefon = '070-174 06 07' WHERE id = 1");
    town.fails(4, "changed since the plan was made");
}

/// Hands bytes on between the program and the server, until a COMMIT passes: then it cuts the first connection, after
/// the server has read it or before.
fn cutting_commit(server: String, delivered: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (mut client, mut upstream) = (client.unwrap(), TcpStream::connect(&server).unwrap());
            let (mut back, mut answers) = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut answers, &mut back));
            std::thread::spawn(move || {
                let mut bytes = vec![0; 65536];
                while let Ok(length @ 1..) = client.read(&mut bytes) {
                    let commit = bytes[..length].ends_with(b"COMMIT");
                    if commit {
                        client.shutdown(std::net::Shutdown::Both).unwrap();
                    }
                    if !commit || delivered {
                        upstream.write_all(&bytes[..length]).unwrap();
                    }
                    if commit {
                        std::thread::sleep(std::time::Duration::from_millis(200));
                        drop(upstream.shutdown(std::net::Shutdown::Both));
                    }
                }
            });
        }
    });
    port
}

#[test]
fn a_commit_without_an_answer_is_asked_for() {
    for delivered in [true, false] {
        let Some(town) = Town::new("") else { return };
        let town = town.planned();
        let own = town.fresh.url();
        let port = own.rsplit_once(':').unwrap().1.split('/').next().unwrap();
        let proxy = cutting_commit(format!("127.0.0.1:{port}"), delivered);
        let url = own.replace(&format!(":{port}/"), &format!(":{proxy}/")) + "?ssl-mode=disabled";
        let applied = town.space.run(&["apply", &url, "p.sql", "--yes"]);
        assert_eq!(applied.code, if delivered { 0 } else { 5 }, "{}", applied.stderr);
        assert_eq!(town.fresh.dump().contains(TRACES[0]), !delivered);
    }
}
