//! Every error of the contract about sources, rule files, policies, maps and keys: its exit code, that it names the
//! thing and the remedy, and that it shows no value and leaves nothing behind.

use crate::house;
use crate::house::House;

const SCAN: [&str; 4] = ["scan", "sqlite:shop.db", "-o", "new.map"];

#[test]
fn sources_that_cannot_be_read() {
    let house = House::with_shop();
    let scan = |source: &str, needles: &[&str]| house.fails(&["scan", source, "-o", "new.map"], 3, needles);
    scan("sqlite:none.db", &["sqlite:none.db", "no such file", "check the path"]);
    scan("sqlite:.", &["is a directory", "name the file"]);
    house.write("text.db", "Ebba Strömvalla 710517-9829\n".repeat(99).as_str());
    scan("sqlite:text.db", &["sqlite:text.db", "not a SQLite database", "encrypted"]);
    let noise: Vec<u8> = (0..8192u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 23).to_le_bytes()[0]).collect();
    std::fs::write(house.path("encrypted.db"), noise).unwrap();
    scan("sqlite:encrypted.db", &["sqlite:encrypted.db", "encrypted"]);
}

#[test]
fn a_locked_database_is_waited_for_and_then_named() {
    let house = House::with_shop();
    let db = house.open("shop.db");
    db.execute_batch("BEGIN EXCLUSIVE").unwrap();
    // Not by comparing the folder's bytes: closing a file that this process reads would release the lock.
    let before = house.names();
    house.run(&SCAN).fails(3, &["sqlite:shop.db", "locked", "try again"]);
    assert_eq!(house.names(), before);
}

#[test]
fn urls_that_are_none() {
    let house = House::empty();
    house.fails(&["scan", "shop.db"], 2, &["not given as a URL", "write sqlite:PATH"]);
    for argument in ["710517-9829", "710517-9829:x"] {
        let run = house.fails(&["scan", argument], 2, &["not given as a URL"]);
        assert!(!run.err.contains("9829"), "{run:?}");
    }
    house.fails(&["scan", "sqlite:"], 2, &["sqlite:shop.db"]);
    let run = house.fails(&["scan", "oracle://eva:hemligt@db.example.org/x"], 2, &["oracle:", "not supported"]);
    assert!(!run.err.contains("hemligt") && !run.err.contains("eva"), "{run:?}");
    let run = house.fails(&["scan", "postgres://eva:hemligt@[db/x"], 2, &["postgres://USER@HOST"]);
    assert!(!run.err.contains("hemligt") && !run.err.contains("eva"), "{run:?}");
}

#[test]
fn usage_errors() {
    let house = House::with_shop();
    for arguments in [
        &["frobnicate"][..],
        &[],
        &["scan"],
        &["scan", "sqlite:shop.db", "--jobs", "0"],
        &["scan", "sqlite:shop.db", "--memory", "10"],
        &["scan", "sqlite:shop.db", "--sample", "0"],
        &["scan", "sqlite:shop.db", "--max-rate", "0"],
        &["scan", "sqlite:shop.db", "--frobnicate"],
        &["apply", "sqlite:shop.db", "erase.sql", "--dry-run", "--rehearse"],
    ] {
        house.fails(arguments, 2, &["--help"]);
    }
    house.fails(&["scan", "sqlite:shop.db", "--tables", "kund["], 2, &["kund[", "missing ']'"]);
    house.fails(&["scan", "sqlite:shop.db", "--exclude", "a{b"], 2, &["a{b"]);
}

#[test]
fn version_and_help_are_no_errors() {
    let house = House::empty();
    let run = house.run(&["--version"]).exits(0);
    assert!(run.out.starts_with("sanera ") && run.err.is_empty(), "{run:?}");
    for command in ["", "scan", "detect", "report", "search", "init", "apply", "demo"] {
        let arguments: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let run = house.run(&arguments).exits(0);
        assert!(run.out.contains("Usage:") && run.err.is_empty(), "{run:?}");
    }
}

const BROKEN_RULES: &str = r#"
[[rule]]
id = "kennel"
colour = "red"
category = "emial"
description = "Kennel number"
patterns = ["(["]
chance_rate = 0.1
confidence = 0.5
sensitivity = "low"
match = ["K-1"]
reject = ["X-1"]
"#;

#[test]
fn a_broken_rule_file_shows_all_its_problems_at_once() {
    let house = House::with_shop();
    std::fs::create_dir(house.path("rules")).unwrap();
    house.write("rules/kennel.toml", BROKEN_RULES);
    let told = ["rules/kennel.toml:4:1", "colour", "emial", "did you mean `email`", "rules/kennel.toml:7:", "unclosed"];
    house.fails(&["scan", "sqlite:shop.db", "-o", "new.map", "--rules", "rules"], 2, &told);
    for path in ["rules", "rules/kennel.toml"] {
        let run = house.run(&["rules", "check", path]).exits(1);
        assert!(told.iter().all(|problem| run.out.contains(problem)), "{run:?}");
        assert!(run.out.ends_with('\n') && run.err.is_empty(), "{run:?}");
        let document = house.run(&["rules", "check", path, "--json"]).exits(1).json();
        assert_eq!((&document["ok"], document["problems"].as_array().unwrap().len()), (&false.into(), 3), "{document}");
    }
    house.fails(&["rules", "check", "none.toml"], 2, &["none.toml", "check the path"]);
    house.fails(&["scan", "sqlite:shop.db", "--rules", "none"], 2, &["none", "check the path"]);
}

#[test]
fn a_rule_file_with_an_example_that_does_not_hold() {
    let house = House::empty();
    let rule = BROKEN_RULES.replace("colour = \"red\"\n", "").replace("emial", "email").replace("([", "K-[0-9]");
    house.write("kennel.toml", &rule);
    let document = house.run(&["rules", "check", "kennel.toml", "--json"]).exits(0).json();
    assert_eq!((&document["ok"], &document["problems"]), (&true.into(), &serde_json::json!([])));
    house.write("kennel.toml", &rule.replace("X-1", "K-2"));
    let run = house.run(&["rules", "check", "kennel.toml"]).exits(1);
    assert!(run.out.contains("kennel") && run.out.contains("reject"), "{run:?}");
    let document = house.run(&["rules", "test", "kennel.toml", "--json"]).exits(1).json();
    assert_eq!(document["problems"].as_array().unwrap().len(), 1);
}

#[test]
fn a_policy_that_does_not_fit() {
    let house = House::with_map();
    let bad = house::POLICY.replace("column = \"epost\"", "column = \"epots\"") + "\n[[table]]\nname = \"order\"\n";
    house.write("bad.toml", &bad);
    let told = ["bad.toml:48:1", "needs 'erase'"];
    let run = house.run(&["policy", "check", "bad.toml", "sqlite:shop.db"]).exits(1).keeps_quiet_about_persons();
    assert!(told.iter().all(|problem| run.out.contains(problem)) && run.err.is_empty(), "{run:?}");
    let document = house.run(&["policy", "check", "bad.toml", "sqlite:shop.db", "--json"]).exits(1).json();
    assert_eq!(document["ok"], false);
    let mut plan = house::PLAN;
    plan[6] = "bad.toml";
    house.fails(&plan, 2, &told);
    house.write("bad.toml", &house::POLICY.replace("column = \"epost\"", "column = \"epots\""));
    house.fails(&plan, 2, &["bad.toml:28:10", "epots", "did you mean \"epost\"?"]);
    plan[6] = "none.toml";
    house.fails(&plan, 2, &["none.toml"]);
    house.fails(&["policy", "check", "none.toml", "sqlite:shop.db"], 2, &["none.toml"]);
    assert_eq!(house.run(&["policy", "check", "policy.toml", "sqlite:shop.db", "--json"]).exits(0).json()["ok"], true);
    let run = house.run(&["policy", "check", "policy.toml", "sqlite:shop.db"]).exits(0);
    assert!(run.out.is_empty() && run.err.is_empty(), "{run:?}");
}

#[test]
fn maps_that_are_torn_foreign_newer_or_changed() {
    let house = House::with_map();
    let map = house.read("shop.map");
    let search = |name: &str, needles: &[&str]| {
        let words = ["search", "sqlite:shop.db", "--map", name, "--personal-number", "@person.txt"];
        house.fails(&words, 2, needles);
    };
    for length in [5, 14, 100, map.len() - 1] {
        std::fs::write(house.path("torn.map"), &map[..length]).unwrap();
        search("torn.map", &["torn.map", "torn", "scan again"]);
    }
    search("shop.db", &["shop.db", "not a sanera map"]);
    search("none.map", &["none.map"]);
    let changed = |at: usize, byte: u8| {
        let mut bytes = map.clone();
        bytes[at] = byte;
        std::fs::write(house.path("changed.map"), bytes).unwrap();
    };
    changed(12, 3);
    search("changed.map", &["newer sanera", "use that version or scan again"]);
    changed(12, 1);
    search("changed.map", &["older sanera", "scan again"]);
    let head = map.windows(9).position(|window| window == b"\"created\"").unwrap();
    changed(head + 13, b'9');
    search("changed.map", &["damaged or edited", "scan again"]);
    changed(40, map[40] ^ 1);
    search("changed.map", &["damaged", "scan again"]);
    house.fails(&["report", "none.map"], 2, &["none.map"]);
    house.fails(&["map", "info", "shop.db"], 2, &["not a sanera map"]);
}

#[test]
fn a_wrong_or_unsafe_key() {
    let house = House::with_plan();
    house.write("other", &"6b".repeat(32));
    house.chmod("other", 0o600);
    let search = ["search", "sqlite:shop.db", "--map", "shop.map", "--personal-number", "@person.txt", "--key-file"];
    let with = |key: &'static str| [&search[..], &[key]].concat();
    house.fails(&with("other"), 2, &["shop.map", "key", "--key-file"]);
    house.fails(&["apply", "sqlite:shop.db", "erase.sql", "--yes", "--key-file", "other"], 2, &["another key"]);
    house.chmod("other", 0o644);
    house.fails(&with("other"), 2, &["other", "chmod 600"]);
    house.fails(&with("none"), 2, &["none", "no such key file"]);
    house.fails(&with("person.txt"), 2, &["person.txt", "chmod 600"]);
    house.chmod("person.txt", 0o600);
    house.fails(&with("person.txt"), 2, &["person.txt", "64 hexadecimal digits"]);
}

#[test]
fn identifiers_that_are_none() {
    let house = House::with_map();
    let search = |words: &[&str], needles: &[&str]| {
        let all = [&["search", "sqlite:shop.db", "--map", "shop.map"], words].concat();
        house.fails(&all, 2, needles);
    };
    search(&[], &["no identifier given", "--personal-number -"]);
    house.write("wrong.txt", "19710517-9821 Strömvalla\n");
    search(&["--personal-number", "@wrong.txt"], &["personal number", "check its digits"]);
    search(&["--email", "@wrong.txt"], &["email", "check its"]);
    search(&["--email", "@none.txt"], &["none.txt"]);
}

#[test]
fn keys_of_the_map_are_called_as_the_map_calls_them() {
    let house = House::with_map();
    house.open("shop.db").execute_batch("ALTER TABLE kund RENAME COLUMN id TO nummer").unwrap();
    let search = ["search", "sqlite:shop.db", "--map", "shop.map", "--personal-number", "@person.txt", "--json"];
    let answer = house.run(&search).exits(0).json();
    let places = answer["places"].as_array().unwrap();
    let of_kund: Vec<_> = places.iter().filter(|place| place["table"] == "kund").collect();
    assert!(!of_kund.is_empty() && of_kund.iter().all(|place| place["row_key"]["id"] == 1), "{answer}");
}
