//! Signals: the command ends promptly with 130 and leaves nothing half done.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::house;
use crate::house::{House, Run};
use rustix::process::{Pid, Signal, kill_process};

fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

/// A table of 12 MB, which takes 12 seconds at one megabyte per second.
fn long(house: &House) {
    let sql = "INSERT INTO anteckning (text)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
        SELECT 'Ebba Strömvalla ' || i || hex(zeroblob(1000)) FROM n";
    house.open("shop.db").execute(sql, []).unwrap();
}

#[test]
fn a_scan_is_interrupted_promptly() {
    let house = House::with_shop();
    long(&house);
    let before = house.names();
    for which in [Signal::TERM, Signal::INT] {
        let mut scan = house.sanera(&["scan", "sqlite:shop.db", "-o", "shop.map", "--max-rate", "1"]);
        let child = scan.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // The scan has begun when its temporary files are there, and they have no names: wait a while instead.
        std::thread::sleep(Duration::from_secs(4));
        signal(&child, which);
        let told = Instant::now();
        let run = Run::of(child.wait_with_output().unwrap()).fails(130, &["interrupted"]);
        assert!(told.elapsed() < Duration::from_secs(6), "{run:?} took {:?}", told.elapsed());
        assert_eq!(house.names(), before);
    }
}

#[test]
fn an_idle_command_ends_at_once() {
    let house = House::empty();
    let mut detect = house.sanera(&["detect", "--text"]);
    let child = detect.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(1));
    signal(&child, Signal::TERM);
    Run::of(child.wait_with_output().unwrap()).exits(130);
}

/// A trigger that works for minutes holds the statement; the signal ends it before the commit.
#[test]
fn an_apply_is_interrupted_before_its_commit() {
    let house = House::with_shop();
    let slow = "CREATE TABLE sista (n INTEGER);
        CREATE TRIGGER lang BEFORE DELETE ON anteckning BEGIN
            INSERT INTO sista WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)
                SELECT count(*) FROM n;
        END";
    house.open("shop.db").execute_batch(slow).unwrap();
    house.run(&["scan", "sqlite:shop.db", "-o", "shop.map", "--quiet"]).exits(0);
    house.run(&house::PLAN).exits(0);
    let before = house.read("shop.db");
    let mut apply = house.sanera(&["apply", "sqlite:shop.db", "erase.sql", "--yes", "-o", "receipt.json"]);
    let child = apply.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(3));
    signal(&child, Signal::TERM);
    Run::of(child.wait_with_output().unwrap()).fails(130, &["interrupted"]);
    assert!(house.read("shop.db") == before, "the database changed");
    assert!(!house.names().contains("receipt.json"));
}
