//! What a scan reads and what it says of what it could not read.

use crate::house;
use crate::house::House;
use serde_json::{Value, json};

fn scan(house: &House, words: &[&str], code: i32) -> Value {
    let all = [&["scan", "sqlite:shop.db", "-o", "new.map", "--json"], words].concat();
    house.run(&all).exits(code).keeps_quiet_about_persons().json()
}

fn tables(document: &Value) -> Vec<String> {
    let columns = document["columns"].as_array().unwrap();
    let mut tables: Vec<String> = columns.iter().map(|it| it["table"].as_str().unwrap().to_owned()).collect();
    tables.dedup();
    tables
}

#[test]
fn tables_are_chosen_by_globs() {
    let house = House::with_shop();
    assert_eq!(tables(&scan(&house, &[], 0)), ["anteckning", "kund"]);
    assert_eq!(tables(&scan(&house, &["--tables", "k*"], 0)), ["kund"]);
    assert_eq!(tables(&scan(&house, &["--exclude", "k*"], 0)), ["anteckning"]);
    assert_eq!(tables(&scan(&house, &["--tables", "k*", "--tables", "ant*", "--exclude", "kund"], 0)), ["anteckning"]);
    assert!(tables(&scan(&house, &["--tables", "nothing"], 0)).is_empty());
}

#[test]
fn a_sample_reads_less_and_says_so() {
    let house = House::with_shop();
    house::shop(&house.path("big.db"), 40);
    let many = "INSERT INTO kund WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
        SELECT i, 'Anna Andersson', NULL, 'kund' || i || '@example.org', NULL, 'Storgatan ' || i FROM n";
    house.open("big.db").execute(many, []).unwrap();
    let run = house.run(&["scan", "sqlite:big.db", "-o", "big.map", "--sample", "100"]).exits(0);
    assert!(run.err.contains("100 rows"), "{run:?}");
    let info = house.run(&["map", "info", "big.map", "--json"]).exits(0).json();
    assert_eq!(info["read"]["sample"], 100);
    assert!(info["read"]["rows"].as_u64().unwrap() < 100_000, "{info}");
}

#[test]
fn one_damaged_table_is_told_and_the_others_are_read() {
    let house = House::with_shop();
    let db = house.open("shop.db");
    let fill = "CREATE TABLE trasig (id INTEGER PRIMARY KEY, namn TEXT);
        INSERT INTO trasig WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            SELECT i, 'Ebba Strömvalla ' || i FROM n;";
    db.execute_batch(fill).unwrap();
    let root: i64 =
        db.query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'trasig'", [], |row| row.get(0)).unwrap();
    let size: i64 = db.query_row("PRAGMA page_size", [], |row| row.get(0)).unwrap();
    drop(db);
    let mut bytes = house.read("shop.db");
    let start = usize::try_from((root - 1) * size).unwrap();
    bytes[start..start + 64].fill(0x5a);
    std::fs::write(house.path("shop.db"), bytes).unwrap();
    let document = scan(&house, &[], 7);
    // Of the damaged table only the columns' names speak.
    let mut columns = document["columns"].as_array().unwrap().iter();
    assert!(columns.all(|it| it["table"] != "trasig" || it["kind"] == "name_only"), "{document}");
    let unreadable = document["unreadable"].as_array().unwrap();
    assert_eq!(unreadable.len(), 1, "{document}");
    assert_eq!(unreadable[0]["table"], "trasig");
    assert!(unreadable[0]["reason"].as_str().unwrap().contains("damaged"), "{document}");
    let run = house.run(&["scan", "sqlite:shop.db", "-o", "new.map"]).exits(7).keeps_quiet_about_persons();
    assert!(run.err.contains("trasig") && run.err.contains("damaged"), "{run:?}");
    assert_eq!(house.run(&["report", "new.map", "--json"]).exits(7).json()["unreadable"], json!(unreadable));
}

#[test]
fn a_map_is_the_same_at_any_number_of_jobs() {
    let house = House::with_shop();
    let mut one = scan(&house, &["--jobs", "1"], 0);
    let mut four = scan(&house, &["--jobs", "4", "--memory", "64"], 0);
    for document in [&mut one, &mut four] {
        document["source"]["created"] = Value::Null;
        document["created"] = Value::Null;
    }
    assert_eq!(one["columns"], four["columns"]);
}

#[test]
fn a_scan_leaves_the_database_as_it_was() {
    let house = House::with_shop();
    let before = house.read("shop.db");
    scan(&house, &[], 0);
    assert!(house.read("shop.db") == before);
    house.open("shop.db").pragma_update(None, "journal_mode", "wal").unwrap();
    let before = house.read("shop.db");
    scan(&house, &[], 0);
    assert!(house.read("shop.db") == before);
}

#[test]
fn what_stands_inside_documents_is_found_by_its_path_and_keys_that_are_data_are_masked() {
    let house = House::with_shop();
    let db = house.open("shop.db");
    db.execute_batch("CREATE TABLE dokument (id INTEGER PRIMARY KEY, doc TEXT);").unwrap();
    let names = ["Ebba Strömvalla", "Anna Lindqvist", "Lars Bergman", "Karin Nyström", "Olof Dahl", "Sara Ek"];
    for id in 1..=40_usize {
        let document = json!({
            "kund": { "namn": names[id % names.len()], "kontakt": [{ "epost": format!("person{id}@example.com") }] },
            "delat": { format!("vaen{id}@example.org"): "läser" },
            "inlagt": json!({ "telefon": format!("070-174 06 {:02}", id + 5) }).to_string(),
            "antal": id,
        });
        db.execute("INSERT INTO dokument VALUES (?1, ?2)", (i64::try_from(id).unwrap(), document.to_string())).unwrap();
    }
    let document = scan(&house, &["--tables", "dokument"], 0);
    let paths: Vec<_> = document["columns"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["confidence"].as_f64() >= Some(0.5))
        .map(|it| (it["path"].as_str().unwrap(), it["category"].as_str().unwrap(), it["kind"].as_str().unwrap()))
        .collect();
    for (path, category) in [
        ("$.kund.namn", "person_name"),
        ("$.kund.kontakt[*].epost", "email"),
        ("$.delat.*", "email"),
        ("$.inlagt.telefon", "phone"),
    ] {
        assert!(paths.contains(&(path, category, "nested")), "{path} {category}: {paths:?}");
    }
    assert!(paths.iter().all(|(path, ..)| !path.contains("antal")), "{paths:?}");
    // No key that is data stands in the map, and a person is found where she stands in it.
    let map = house.read("new.map");
    for id in 1..=40 {
        let key = format!("vaen{id}@example.org");
        assert!(!map.windows(key.len()).any(|part| part == key.as_bytes()), "{key}");
    }
    for address in ["person7@example.com", "vaen7@example.org"] {
        let answer =
            house.run(&["search", "sqlite:shop.db", "--email", address, "--map", "new.map", "--json"]).exits(0).json();
        let places = answer["places"].as_array().unwrap();
        assert_eq!(places.len(), 1, "{answer}");
        assert_eq!((&places[0]["row_key"]["id"], &places[0]["state"]), (&json!(7), &json!("current")), "{answer}");
    }
}
