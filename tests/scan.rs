//! What a scan promises, seen from outside: it writes nothing, gives the same at any number of jobs, stays within its
//! memory whatever the cells, and no schema stops it.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic and prints its figures")]

mod common;
#[path = "common/hostile.rs"]
mod hostile;
#[path = "common/memory.rs"]
mod memory;

use std::sync::atomic::{AtomicBool, Ordering};

use common::{Workspace, digests, with_check_digit};
use memory::peak_mb;
use rusqlite::{Connection, params};
use sanera::demo::{Options, build};
use sanera::map::Map;
use sanera::secret::Key;
use serde_json::Value as Json;

fn demo(customers: u32) -> Workspace {
    let space = Workspace::new();
    build(&space.path("a.db"), &Options { customers, seed: 5 }).unwrap();
    space
}

#[test]
fn a_scan_leaves_every_byte() {
    for journal in ["delete", "wal"] {
        let space = demo(60);
        let database = space.path("a.db");
        // Kept open, so that the write-ahead log stays beside the database with frames in it.
        let open = Connection::open(&database).unwrap();
        open.pragma_update(None, "journal_mode", journal).unwrap();
        open.execute_batch("PRAGMA wal_autocheckpoint = 0; UPDATE HANDLAGGARE SET SIGN = lower(SIGN)").unwrap();
        let before = digests(&database);
        let document = space.json(&["scan", &space.url("a.db"), "--json", "-q"]);
        assert_eq!(document["skew_s"].as_f64(), Some(0.0), "nobody wrote");
        assert_eq!(digests(&database), before, "{journal}");
    }
}

#[test]
fn a_scan_beside_a_writer_states_its_skew() {
    for journal in ["delete", "wal"] {
        let space = demo(300);
        let writer = Connection::open(space.path("a.db")).unwrap();
        writer.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
        writer.pragma_update(None, "journal_mode", journal).unwrap();
        writer.pragma_update(None, "synchronous", "OFF").unwrap();
        let (done, url) = (AtomicBool::new(false), space.url("a.db"));
        let (document, (written, writer)) = std::thread::scope(|scope| {
            let writing = scope.spawn(|| {
                let (writer, mut written) = (writer, 0_u32);
                while !done.load(Ordering::Relaxed) {
                    let row = params![format!("text {written}")];
                    writer.execute("INSERT INTO PASSERLOGG VALUES ('2026-01-01', 'K1', 1, ?1)", row).unwrap();
                    written += 1;
                    std::thread::sleep(std::time::Duration::from_millis(2));
                }
                (written, writer)
            });
            let document = space.json(&["scan", &url, "--json", "-q"]);
            done.store(true, Ordering::Relaxed);
            (document, writing.join().unwrap())
        });
        assert!(document["skew_s"].as_f64().unwrap() > 0.0, "{journal}: {}", document["skew_s"]);
        let kept: u32 =
            writer.query_row("SELECT count(*) FROM PASSERLOGG WHERE KORTNR = 'K1'", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, written, "no write of the other program was lost");
    }
}

#[test]
fn any_number_of_jobs_gives_the_same() {
    let space = demo(400);
    let key = Key::load(Some(&key_file(&space))).unwrap().key;
    let results = ["1", "4"].map(|jobs| {
        let map = format!("{jobs}.map");
        let words = ["scan", &space.url("a.db"), "--json", "-q", "--jobs", jobs, "-o", &map, "--key-file", "key"];
        let document = without_time(space.json(&words));
        let postings: Vec<_> =
            Map::open(&space.path(&map)).unwrap().unlock(&key).unwrap().iter().map(Result::unwrap).collect();
        (document, postings)
    });
    assert!(results[0].1.len() > 1000);
    assert_eq!(results[0].0, results[1].0);
    assert!(results[0].1 == results[1].1, "the postings differ");
}

/// A key file as `openssl rand -hex 32` writes it.
fn key_file(space: &Workspace) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = space.path("key");
    std::fs::write(&path, "5a".repeat(32)).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    path
}

/// The document without when it was made.
fn without_time(mut document: Json) -> Json {
    assert!(document["source"].as_object_mut().unwrap().remove("created").is_some());
    document
}

#[test]
fn memory_stays_within_the_limit() {
    let space = demo(if cfg!(debug_assertions) { 2000 } else { 24_000 });
    check_peak(&space, "a.db", "64");
}

#[test]
fn memory_stays_within_the_limit_for_a_gigabyte() {
    if std::env::var_os("SANERA_LONG").is_some() {
        check_peak(&demo(400_000), "a.db", "64");
    }
}

fn check_peak(space: &Workspace, database: &str, memory: &str) {
    let size = std::fs::metadata(space.path(database)).unwrap().len() / 1_000_000;
    let url = space.url(database);
    let peak = peak_mb(space.command(&["scan", &url, "-q", "--jobs", "2", "--memory", memory]));
    println!("{size} MB scanned with --memory {memory}: peak {peak} MB");
    assert!(peak <= memory.parse().unwrap(), "{peak} MB for a limit of {memory} MB");
}

const MIB: usize = 1024 * 1024;

#[test]
fn a_huge_cell_is_read_to_its_last_byte_in_little_memory() {
    let size = if cfg!(debug_assertions) { 3 } else { 100 } * MIB;
    let numbers: Vec<String> = (0..=size / MIB).map(person_number).collect();
    // Number 1 to n - 1 stand across the borders of the MiBs, the last one ends the cell.
    let mut text = "x ".repeat(size / 2).into_bytes();
    for (index, number) in numbers.iter().enumerate().skip(1) {
        let start = if index == size / MIB { size - number.len() } else { index * MIB - number.len() / 2 };
        text[start..start + number.len()].copy_from_slice(number.as_bytes());
        text[start - 1] = b' ';
        if let Some(after) = text.get_mut(start + number.len()) {
            *after = b' ';
        }
    }
    let space = Workspace::new();
    let db = Connection::open(space.path("a.db")).unwrap();
    db.execute_batch("CREATE TABLE dokument (id INTEGER PRIMARY KEY, text TEXT)").unwrap();
    db.execute("INSERT INTO dokument VALUES (7, ?1)", [String::from_utf8(text).unwrap()]).unwrap();
    check_peak(&space, "a.db", "64");
    // Each search reads the cell again: the first, the last and some between.
    let some = numbers[1..].iter().step_by(17).chain(numbers.last());
    for number in some {
        let found = space.json(&["search", &space.url("a.db"), "--json", "--personal-number", number]);
        let places = found["places"].as_array().unwrap();
        assert_eq!(places.len(), 1, "{number}");
        assert_eq!(places[0]["row_key"]["id"], 7);
        assert_eq!(places[0]["state"], "current");
    }
}

/// Twelve digits with a hyphen, in Skatteverket's test series; the day of birth counts up.
fn person_number(index: usize) -> String {
    let born = 600_101 + (index / 28 % 12) * 100 + index % 28 + (index / 336) * 10_000;
    let ten = with_check_digit(&format!("{born:06}238"));
    format!("19{}-{}", &ten[..6], &ten[6..])
}

#[test]
fn no_schema_stops_a_scan() {
    let space = Workspace::new();
    let planted = hostile::build(&space.path("h.db"));
    let url = space.url("h.db");
    let ran = space.run(&["scan", &url, "--json"]);
    assert_eq!(ran.code, 7, "the broken table is told of: {}", ran.stderr);
    let document: Json = serde_json::from_str(&ran.stdout).unwrap();
    let unreadable: Vec<&str> =
        document["unreadable"].as_array().unwrap().iter().map(|it| it["table"].as_str().unwrap()).collect();
    assert_eq!(unreadable, [hostile::UNREADABLE]);
    for (table, number) in &planted {
        let found = space.json(&["search", &url, "--json", "--personal-number", number]);
        let places = found["places"].as_array().unwrap();
        assert!(places.iter().any(|place| place["table"] == table.as_str()), "{table}: {found}");
    }
    let policy = space.run(&["init", &url, "-o", "policy.toml"]);
    assert_eq!(policy.code, 0, "{}", policy.stderr);
    let checked = space.run(&["policy", "check", "policy.toml", &url]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    let (_, number) = &planted[0];
    let planned = space.run(&["plan", "erase", &url, "--policy", "policy.toml", "--personal-number", number]);
    assert!([0, 4].contains(&planned.code), "{}: {}", planned.code, planned.stderr);
    let report = space.run(&["report", "sanera.map", "--format", "html", "-o", "report.html"]);
    assert_eq!(report.code, 7, "it says that it is incomplete: {}", report.stderr);
}
