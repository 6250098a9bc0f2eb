//! Where results go: full disks, closed pipes, JSON on standard output and nothing else there, and quiet runs.

use std::fs::File;
use std::process::{Command, Stdio};

use crate::house;
use crate::house::{House, Run};

/// The command in a shell that limits the size of each file it writes, in blocks of 512 bytes.
fn limited(house: &House, blocks: u32, arguments: &[&str]) -> Run {
    let sanera = house.sanera(arguments);
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")]).arg(sanera.get_program());
    shell.args(sanera.get_args()).current_dir(house.dir.path()).env("SANERA_KEY_FILE", house.path("key"));
    Run::of(shell.stdin(Stdio::null()).output().unwrap())
}

#[test]
fn a_file_that_cannot_be_written_whole_is_not_there() {
    let house = House::with_map();
    house.write("old.map", "old");
    let before = house.contents();
    limited(&house, 2, &["scan", "sqlite:shop.db", "-o", "new.map"]).fails(8, &["cannot write", "new.map"]);
    limited(&house, 2, &["scan", "sqlite:shop.db", "-o", "old.map"]).fails(8, &["cannot write", "old.map"]);
    limited(&house, 2, &["report", "shop.map", "-o", "report.html"]).fails(8, &["cannot write", "report.html"]);
    limited(&house, 1, &["init", "sqlite:shop.db", "--map", "shop.map", "-o", "p.toml"]).fails(8, &["p.toml"]);
    limited(&house, 1, &house::PLAN).fails(8, &["cannot write", "erase.sql"]);
    assert!(house.contents() == before, "{:?}", house.names());
}

#[test]
fn places_that_cannot_be_written() {
    let house = House::with_map();
    let scan = |output: &str, needles: &[&str]| house.fails(&["scan", "sqlite:shop.db", "-o", output], 8, needles);
    scan("/dev/full", &["/dev/full", "not an ordinary file"]);
    scan("none/new.map", &["cannot write", "none", "no such folder"]);
    scan(".", &["folder of that name"]);
    house.fails(&["report", "shop.map", "-o", "none/report.html"], 8, &["none/report.html", "no such folder"]);
}

#[test]
fn a_full_standard_output() {
    let house = House::with_map();
    for arguments in [
        &["rules", "list"][..],
        &["report", "shop.map"],
        &["report", "shop.map", "--format", "html"],
        &["map", "info", "shop.map"],
        &["search", "sqlite:shop.db", "--map", "shop.map", "--personal-number", "@person.txt", "--quiet"],
        &["scan", "sqlite:shop.db", "-o", "shop.map", "--json", "--quiet"],
        &["completions", "bash"],
        &["--help"],
        &["--version"],
    ] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let run = Run::of(house.sanera(arguments).stdout(full).stderr(Stdio::piped()).output().unwrap());
        run.fails(8, &["cannot write", "No space left"]);
    }
}

#[test]
fn a_closed_standard_output_ends_quietly() {
    let house = House::with_map();
    for arguments in [
        &["rules", "list"][..],
        &["rules", "schema"],
        &["report", "shop.map", "--format", "json"],
        &["search", "sqlite:shop.db", "--map", "shop.map", "--personal-number", "@person.txt", "--quiet"],
        &["scan", "sqlite:shop.db", "-o", "shop.map", "--json", "--quiet"],
        &["completions", "zsh"],
        &["--help"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let run = Run::of(house.sanera(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap()).exits(0);
        assert_eq!(run.err, "", "{arguments:?}");
    }
}

#[test]
fn a_closed_standard_output_hides_no_exit_code() {
    let house = House::empty();
    house.write("bad.toml", "[[rule]]\nid = 1\n");
    for arguments in [&["rules", "check", "bad.toml"][..], &["rules", "check", "bad.toml", "--json"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let run = house.sanera(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(Run::of(run).code, 1, "{arguments:?}");
    }
}

#[test]
fn a_full_standard_error_is_no_internal_error() {
    let house = House::empty();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let run = Run::of(house.sanera(&["scan", "sqlite:none.db"]).stderr(full).output().unwrap());
    assert_eq!(run.code, 3, "{run:?}");
}

#[test]
fn with_json_standard_output_is_one_document() {
    let house = House::with_plan();
    let search = ["search", "sqlite:shop.db", "--map", "shop.map", "--personal-number", "@person.txt"];
    for arguments in [
        &["scan", "sqlite:shop.db", "-o", "shop.map"][..],
        &["report", "shop.map"],
        &["map", "info", "shop.map"],
        &search,
        &["init", "sqlite:shop.db", "--map", "shop.map", "-o", "first.toml"],
        &["policy", "check", "policy.toml", "sqlite:shop.db"],
        &house::PLAN,
        &["apply", "sqlite:shop.db", "erase.sql", "--dry-run"],
        &["rules", "list"],
        &["rules", "test"],
        &["rules", "explain", "Anna"],
    ] {
        house.run(&[arguments, &["--json"]].concat()).exits(0).json();
    }
}

#[test]
fn quiet_is_quiet_and_no_terminal_means_no_control_characters() {
    let house = House::with_plan();
    for arguments in [
        &["scan", "sqlite:shop.db", "-o", "shop.map"][..],
        &["init", "sqlite:shop.db", "--map", "shop.map", "-o", "first.toml"],
        &["policy", "check", "policy.toml", "sqlite:shop.db"],
        &house::PLAN[..11],
        &["apply", "sqlite:shop.db", "erase.sql", "--dry-run"],
        &["rules", "test"],
        &["demo", "tour", "--only-build", "--customers", "40"],
    ] {
        let run = house.run(&[arguments, &["--quiet"]].concat()).exits(0);
        assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""), "{arguments:?}");
        std::fs::remove_file(house.path("first.toml")).ok();
        std::fs::remove_dir_all(house.path("tour")).ok();
        let run = house.run(arguments).exits(0);
        let control = |c: char| c.is_control() && c != '\n';
        assert!(!run.err.contains(control) && !run.out.contains(control), "{run:?}");
        std::fs::remove_file(house.path("first.toml")).ok();
    }
}

#[test]
fn a_search_without_a_match_is_done() {
    let house = House::with_map();
    house.write("nobody.txt", "nobody@example.net\n");
    let search = ["search", "sqlite:shop.db", "--map", "shop.map", "--email", "@nobody.txt"];
    assert!(house.run(&search).exits(0).out.contains("Not found"));
    let document = house.run(&[&search[..], &["--json"]].concat()).exits(0).json();
    assert_eq!((&document["places"], &document["related"]), (&serde_json::json!([]), &serde_json::json!([])));
}

#[test]
fn the_tour_runs_to_its_end() {
    let house = House::empty();
    let run = house.run(&["demo", "tour", "--customers", "40"]).exits(0);
    assert!(run.err.contains("sanera apply"), "{run:?}");
    for name in ["tour/booking.map", "tour/report.html", "tour/policy.toml", "tour/erase.sql", "tour/person.txt"] {
        assert_eq!(house.mode(name), 0o600, "{name}");
    }
    house.fails(&["demo", "tour", "--customers", "40"], 8, &["booking.db", "is there already"]);
}
