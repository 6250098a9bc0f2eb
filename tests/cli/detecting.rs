//! `detect` by its contract: lines in order, offsets in characters, spans that nest or stand apart. And `rules explain`.

use crate::house::{House, Run};
use serde_json::{Value, json};

const NUMBER: &str = "710517-9829";

/// The replies, one for each line of the output.
fn replies(run: &Run) -> Vec<Value> {
    run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn detect(house: &House, texts: &[&str]) -> Vec<Value> {
    let lines: Vec<String> =
        texts.iter().enumerate().map(|(id, text)| json!({"id": id, "text": text}).to_string() + "\n").collect();
    let run = house.feed(&["detect"], lines.concat().as_bytes()).exits(0);
    assert_eq!(run.err, "");
    replies(&run)
}

/// The part of a text that a span covers, counted in Unicode scalar values.
fn covered(text: &str, span: &Value) -> String {
    let at = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
    text.chars().skip(at("start")).take(at("end") - at("start")).collect()
}

#[test]
fn offsets_count_characters() {
    let house = House::empty();
    let texts = [
        format!("Personnummer {NUMBER}"),
        format!("Åsa på ön säger: {NUMBER}"),
        format!("😀👩‍👩‍👧 {NUMBER} 😀"),
        format!("e\u{301}e\u{301} a\u{30a} {NUMBER}"),
        format!("rad ett\r\nrad två\r\n{NUMBER}\r\n"),
        format!("\u{0}\t{NUMBER}"),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for (id, reply) in detect(&house, &texts).iter().enumerate() {
        assert_eq!(reply["id"], id);
        let spans = reply["spans"].as_array().unwrap();
        let number =
            spans.iter().find(|span| span["category"] == "personal_number").unwrap_or_else(|| panic!("{reply}"));
        assert_eq!(covered(texts[id], number), NUMBER);
        assert_eq!(number["rule"], "se-personnummer");
        assert!(number["confidence"].as_f64().unwrap() > 0.5);
    }
}

#[test]
fn replies_stand_in_order_with_the_ids_given() {
    let house = House::empty();
    let input = "{\"id\": \"b\", \"text\": \"\", \"more\": [1]}\n\n  \n{\"text\": \"x\", \"id\": {\"a\": null}}\r\n{\"id\": null, \"text\": \"y\"}";
    let run = house.feed(&["detect"], input.as_bytes()).exits(0);
    let ids: Vec<Value> = replies(&run).into_iter().map(|reply| reply["id"].clone()).collect();
    assert_eq!(ids, [json!("b"), json!({"a": null}), json!(null)]);
}

#[test]
fn plain_lines_are_numbered() {
    let house = House::empty();
    let input = format!("ingen\n\nå {NUMBER}\r\n");
    let mut bytes = input.into_bytes();
    bytes.extend_from_slice(b"\xff\xfe ogiltig\nsist");
    let replies = replies(&house.feed(&["detect", "--text"], &bytes).exits(0));
    let ids: Vec<&Value> = replies.iter().map(|reply| &reply["id"]).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5]);
    assert_eq!(replies[1]["spans"], json!([]));
    assert_eq!((&replies[2]["spans"][0]["start"], &replies[2]["spans"][0]["end"]), (&json!(2), &json!(13)));
}

#[test]
fn a_bad_line_is_named_without_its_text() {
    let house = House::empty();
    let good = "{\"id\": 1, \"text\": \"a\"}\n";
    for bad in [
        "Ebba Strömvalla 710517-9829",
        "{\"id\": 2, \"text\": \"Strömvalla\"",
        "{\"id\": 2, \"text\": 7105179829}",
        "{\"id\": 2, \"Strömvalla\": \"a\"}",
        "[\"710517-9829\"]",
        "\"7105179829\"",
    ] {
        let run = house.feed(&["detect"], format!("{good}{bad}\n").as_bytes());
        let run = run.fails(2, &["standard input", "line 2, column", "--text"]);
        assert!(run.out.lines().count() <= 1, "{run:?}");
    }
    let run = house.feed(&["detect"], b"{\"id\": 1, \"text\": \"\xff\"}\n");
    run.fails(2, &["line 1, column"]);
}

#[test]
fn a_line_of_ten_megabytes() {
    let house = House::empty();
    let text = "Ärendet gäller en bokning. ".repeat(380_000) + NUMBER;
    let reply = &detect(&house, &[&text])[0];
    let spans = reply["spans"].as_array().unwrap();
    let number = spans.iter().find(|span| span["category"] == "personal_number").unwrap();
    assert_eq!(number["end"], text.chars().count());
    assert_eq!(covered(&text, number), NUMBER);
}

#[test]
fn spans_nest_or_stand_apart_and_names_are_whole() {
    let house = House::empty();
    let texts = [
        "Anna Andersson, Storgatan 12, 524 30 Herrljunga, 070-174 06 35, anna.andersson@example.se, 710517-9829",
        "anna.andersson@example.se Anna Andersson Eva Lindberg 710517-9829 7105179829 19710517-9829",
        "IBAN SE45 5000 0000 0583 9825 7466, kort 4111 1111 1111 1111, bg 5050-1055, org.nr 556036-0793",
        "Anna",
        "Andersson",
        "Ring Anna eller Eva Lindberg, c/o Anna Andersson, Storgatan 12 B; www.example.se/anna.andersson 192.0.2.1",
    ];
    for reply in detect(&house, &texts) {
        let spans = reply["spans"].as_array().unwrap();
        let borders = |span: &Value| (span["start"].as_u64().unwrap(), span["end"].as_u64().unwrap());
        for (index, a) in spans.iter().enumerate() {
            assert!(a["category"] != "given_name" && a["category"] != "family_name", "{reply}");
            for b in &spans[index + 1..] {
                let ((start, end), (from, to)) = (borders(a), borders(b));
                let apart = end <= from || to <= start;
                let nested = (start <= from && to <= end) || (from <= start && end <= to);
                assert!(apart || (nested && a["category"] != b["category"]), "{a} and {b}");
            }
        }
    }
}

#[test]
fn rules_explain_tells_why_and_why_not() {
    let house = House::empty();
    let explain = |words: &[&str], input: &str| {
        let all = [&["rules", "explain", "-"], words].concat();
        let run = house.feed(&all, input.as_bytes()).exits(0).keeps_quiet_about_persons();
        let document = house.feed(&[&all[..], &["--json"]].concat(), input.as_bytes()).exits(0);
        (run.out, document.keeps_quiet_about_persons().json())
    };
    let (text, document) = explain(&["--column", "kund_pnr"], "710517-9829");
    assert!(text.contains("personal_number: se-personnummer") && text.contains("check"), "{text}");
    assert!(text.contains("the column's name says personal_number (\"pnr\")"), "{text}");
    assert_eq!(document["hits"][0]["whole"], true);
    assert_eq!(document["column"]["words"][0]["exact"], true);
    let (text, document) = explain(&["--column", "belopp"], "710517-9821");
    assert!(text.contains("not personal_number: se-personnummer (the shape fits, its check fails)"), "{text}");
    assert_eq!(document["hits"], json!([]));
    let refused = document["refused"].as_array().unwrap();
    assert!(refused.iter().any(|refusal| refusal["rule"] == "se-personnummer"), "{document}");
    assert!(text.contains("the column's name"), "{text}");
    let (text, document) = explain(&[], "xyzzy");
    assert_eq!((text.as_str(), &document["column"]), ("no rule holds\n", &Value::Null));
    let (_, document) = explain(&[], "å å: 710517-9829");
    assert_eq!((&document["hits"][0]["start"], &document["hits"][0]["end"]), (&json!(5), &json!(16)));
}

#[test]
fn rules_list_and_schema_are_documents() {
    let house = House::empty();
    let rules = house.run(&["rules", "list", "--json"]).exits(0).json();
    let listed = rules["rules"].as_array().unwrap();
    assert!(listed.iter().any(|rule| rule["id"] == "se-personnummer" && rule["category"] == "personal_number"));
    let schema: Value = serde_json::from_str(&house.run(&["rules", "schema"]).exits(0).out).unwrap();
    assert_eq!(schema["type"], "object");
}

#[test]
fn what_a_pack_allows_is_no_hit() {
    let house = House::empty();
    house.write("own.toml", "[[allow]]\ncategory = \"phone\"\nvalues = \"+46 8 465 004 00\"\n");
    let texts = "Växel: 08-465 004 00, direkt 08-465 004 01\n";
    let run = house.feed(&["detect", "--text", "--rules", "own.toml"], texts.as_bytes()).exits(0);
    let spans = replies(&run)[0]["spans"].clone();
    let found: Vec<String> = spans.as_array().unwrap().iter().map(|span| covered(texts, span)).collect();
    assert_eq!(found, ["08-465 004 01"]);
}
