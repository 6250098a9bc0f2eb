//! An unmistakable person is planted wherever a database can hold text, and the whole chain is run as talkative as it
//! can be: nothing of the person may stand in messages, logs, maps, policies, plans, receipts, reports or answers, but
//! where values were asked for.

use crate::house;
use crate::house::{CANARIES, House, Run};

const EVERYWHERE: &str = "
    CREATE TABLE medlem (pnr TEXT PRIMARY KEY, namn TEXT, epost TEXT);
    INSERT INTO medlem VALUES ('197105179829', 'Ebba Strömvalla', 'ebba.stromvalla@example.se');
    INSERT INTO medlem SELECT '19' || replace(pnr, '-', ''), namn, epost FROM kund WHERE id > 1;
    CREATE TABLE betalning (id INTEGER PRIMARY KEY, medlem TEXT REFERENCES medlem(pnr), belopp INTEGER);
    INSERT INTO betalning VALUES (1, '197105179829', 100);
    CREATE VIRTUAL TABLE sok USING fts5(text, content='anteckning', content_rowid='id');
    INSERT INTO sok(sok) VALUES ('rebuild');
    CREATE TABLE standard (id INTEGER PRIMARY KEY, kontakt TEXT DEFAULT 'Ebba Strömvalla, 070-174 06 35');
    CREATE TABLE logg (id INTEGER PRIMARY KEY, handelse TEXT CHECK (handelse <> '710517-9829'));
    CREATE TRIGGER ring AFTER INSERT ON anteckning BEGIN
        INSERT INTO logg (handelse) VALUES ('ring Ebba Strömvalla 0701740635');
    END;
    CREATE VIEW bara AS SELECT * FROM kund WHERE pnr = '710517-9829' AND namn = 'Ebba Strömvalla';
    CREATE INDEX delvis ON kund (namn) WHERE epost = 'ebba.stromvalla@example.se';
    CREATE TABLE json (id INTEGER PRIMARY KEY, data TEXT);
    INSERT INTO json VALUES (1, '{\"namn\": \"Ebba Strömvalla\", \"710517-9829\": {\"tel\": \"+46701740635\"}}');";

const MEMBERS: &str = "
[[table]]
name = \"medlem\"
erase = \"delete\"

[[table]]
name = \"betalning\"
erase = \"delete\"
";

/// Inputs, which hold the person on purpose.
const INPUTS: [&str; 6] = ["shop.db", "key", "person.txt", "email.txt", "phone.txt", "name.txt"];

fn house() -> House {
    let house = House::with_shop();
    house.open("shop.db").execute_batch(EVERYWHERE).unwrap();
    house.write("email.txt", "Ebba.Stromvalla@example.se\n");
    house.write("phone.txt", "+46 70 174 06 35\n");
    house.write("name.txt", "Strömvalla, Ebba\n");
    house
}

/// Runs as talkative as can be.
fn loud(house: &House, arguments: &[&str]) -> Run {
    let mut command = house.sanera(arguments);
    Run::of(command.arg("-vvv").env("SANERA_LOG", "trace").output().unwrap())
}

#[track_caller]
fn silent(house: &House, code: i32, arguments: &[&str]) -> Run {
    let run = loud(house, arguments);
    assert_eq!(run.code, code, "{arguments:?} {run:?}");
    run.keeps_quiet_about_persons()
}

fn shows(bytes: &[u8]) -> Option<&'static str> {
    CANARIES.into_iter().find(|canary| bytes.windows(canary.len()).any(|window| window == canary.as_bytes()))
}

/// No file that was made holds the person, and all are private.
#[track_caller]
fn files_are_silent(house: &House) {
    for (name, bytes) in house.contents() {
        if INPUTS.contains(&name.as_str()) || name == "policy.toml" || name.starts_with("shop.db") {
            continue;
        }
        assert_eq!(shows(&bytes), None, "in {name}");
        assert_eq!(house.mode(&name), 0o600, "{name}");
    }
}

const SEARCH: [&str; 4] = ["search", "sqlite:shop.db", "--map", "shop.map"];
const BY: [[&str; 2]; 4] = [
    ["--personal-number", "@person.txt"],
    ["--email", "@email.txt"],
    ["--phone", "@phone.txt"],
    ["--name", "@name.txt"],
];

#[test]
fn nothing_of_a_person_shows_unasked() {
    let house = house();
    silent(&house, 0, &["scan", "sqlite:shop.db", "-o", "shop.map", "--views"]);
    silent(&house, 0, &["scan", "sqlite:shop.db", "-o", "shop.map", "--json"]);
    files_are_silent(&house);
    for format in ["html", "json", "csv", "markdown"] {
        for lang in ["sv", "en"] {
            let report = ["report", "shop.map", "--format", format, "--lang", lang];
            silent(&house, 0, &report);
            silent(&house, 0, &[&report[..], &["-o", &format!("report-{lang}.{format}")]].concat());
        }
    }
    silent(&house, 0, &["map", "info", "shop.map"]);
    for by in BY {
        for format in ["tree", "json", "csv"] {
            let run = silent(&house, 0, &[&SEARCH[..], &by, &["--format", format]].concat());
            assert!(run.out.contains("kund"), "{by:?} finds nothing: {run:?}");
        }
    }
    silent(&house, 0, &["init", "sqlite:shop.db", "--map", "shop.map", "-o", "first.toml"]);
    silent(&house, 0, &["policy", "check", "first.toml", "sqlite:shop.db"]);
    files_are_silent(&house);
}

#[test]
fn nothing_of_a_person_shows_while_she_is_erased() {
    let house = house();
    house.write("policy.toml", &(house::POLICY.to_owned() + MEMBERS));
    silent(&house, 0, &["scan", "sqlite:shop.db", "-o", "shop.map"]);
    silent(&house, 0, &house::PLAN[..11]);
    silent(&house, 0, &[&house::PLAN[..11], &["--json"]].concat());
    files_are_silent(&house);
    let apply = ["apply", "sqlite:shop.db", "erase.sql"];
    let with = |words: &[&'static str]| [&apply[..], words].concat();
    silent(&house, 4, &apply);
    silent(&house, 0, &with(&["--dry-run", "--json"]));
    silent(&house, 0, &with(&["--rehearse", "-o", "receipt.json"]));
    let plan = house.read("erase.sql");
    house.write("erase.sql", &(String::from_utf8(plan.clone()).unwrap() + "\n"));
    silent(&house, 4, &with(&["--yes"]));
    std::fs::write(house.path("erase.sql"), plan).unwrap();
    let forbidden = "CREATE TRIGGER nej BEFORE DELETE ON betalning BEGIN SELECT raise(ABORT, 'Ebba Strömvalla'); END";
    house.open("shop.db").execute_batch(forbidden).unwrap();
    silent(&house, 4, &with(&["--yes"]));
    house.open("shop.db").execute_batch("DROP TRIGGER nej").unwrap();
    silent(&house, 0, &with(&["--yes", "--purge", "-o", "receipt.json", "--json"]));
    silent(&house, 0, &with(&["--yes"]));
    files_are_silent(&house);
}

/// The other side: where values are asked for they show, so that the tests above can fail.
#[test]
fn values_show_where_they_are_asked_for() {
    let house = house();
    let scan = ["scan", "sqlite:shop.db", "-o", "shop.map", "--show-samples"];
    house.run(&scan).exits(0);
    assert!(shows(&house.read("shop.map")).is_some(), "no sample in the map");
    assert_eq!(house.mode("shop.map"), 0o600);
    let quiet = house.run(&["report", "shop.map"]).exits(0);
    assert_eq!(shows(quiet.out.as_bytes()), None, "{quiet:?}");
    let report = house.run(&["report", "shop.map", "--show-samples"]).exits(0);
    assert!(shows(report.out.as_bytes()).is_some(), "{report:?}");
    for by in BY {
        for format in ["tree", "json"] {
            let run = house.run(&[&SEARCH[..], &by, &["--format", format, "--show-values"]].concat()).exits(0);
            assert!(shows(run.out.as_bytes()).is_some(), "{by:?} {format}: {run:?}");
        }
    }
}
