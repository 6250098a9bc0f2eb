//! Policies that are wrong, and what is said about them.

use super::*;
use crate::catalog::{Catalog, Column, Key, Table, TableKind, TypeClass};

const GOOD: &str = r#"
version = 1

[[subject]]
name = "kund"
table = "kund"
identifiers = [{ column = "pnr", category = "personal_number" }]

[[table]]
name = "kund"
erase = "anonymise"

[[column]]
table = "kund"
column = "pnr"
category = "personal_number"
strategy = "null"

[[column]]
table = "kund"
column = "namn"
category = "person_name"
strategy = "constant"
value = "Anonymiserad"
"#;

fn parse(text: &str) -> Result<Policy> {
    Policy::parse("policy.toml", text.to_owned())
}

fn problems(text: &str) -> String {
    parse(text).expect_err("the policy is wrong").to_string()
}

fn catalog() -> Catalog {
    let column = |name: &str, nullable, length, type_class| Column {
        name: name.into(),
        declared_type: String::new(),
        type_class,
        nullable,
        length,
        has_default: false,
        generated: name == "alder",
        ..Column::default()
    };
    let key = Key { columns: vec!["id".into()] };
    let table = Table {
        name: TableName::plain("kund"),
        kind: TableKind::Base,
        columns: vec![
            column("id", false, None, TypeClass::Integer),
            column("pnr", true, None, TypeClass::Text),
            column("namn", false, Some(20), TypeClass::Text),
            column("alder", true, None, TypeClass::Integer),
            column("poang", false, None, TypeClass::Integer),
        ],
        row_key: Some(key.clone()),
        unique: vec![key],
        foreign_keys: vec![],
        triggers: vec![],
        has_checks: false,
        rows_estimate: None,
        ..Table::default()
    };
    Catalog { tables: vec![table] }
}

#[test]
fn a_good_policy_is_read_and_fits() {
    let policy = parse(GOOD).expect("good");
    assert_eq!(policy.columns[1].strategy.get_ref(), &Strategy::Constant(Value::text("Anonymiserad")));
    assert_eq!(policy.table(&TableName::plain("kund")).map(|rule| &rule.erase), Some(&Erase::Anonymise));
    assert!(policy.check(&catalog()).is_empty());
}

#[test]
fn all_problems_stand_there_with_place_and_hint() {
    let text = GOOD.replace("erase =", "erases =").replace("\"null\"", "\"nul\"").replace("person_name", "person_nam");
    let shown = problems(&text);
    for part in [
        "unknown key 'erases' in table",
        "did you mean 'erase'?",
        "policy.toml:11:1",
        "did you mean \"null\"?",
        "did you mean \"person_name\"?",
        "policy.toml:22:12",
    ] {
        assert!(shown.contains(part), "{part} not in:\n{shown}");
    }
}

#[test]
fn the_version_must_be_known() {
    assert!(problems("").contains("write version = 1 on top"));
    assert!(problems("version = 2").contains("not known"));
}

#[test]
fn a_broken_file_is_shown_where_it_breaks() {
    assert!(problems("version = 1\n[[table]\n").contains("policy.toml:2:"));
}

#[test]
fn keep_has_a_reason_and_a_constant_a_value() {
    let kept = GOOD.replace("\"anonymise\"", "\"keep\"");
    assert!(problems(&kept).contains("needs 'reason'"));
    let without = GOOD.replace("value = \"Anonymiserad\"", "");
    assert!(problems(&without).contains("needs 'value'"));
    let hostile = GOOD.replace("\"Anonymiserad\"", "\"a\\u0000b\"");
    assert!(problems(&hostile).contains("without control characters"));
}

#[test]
fn names_must_stand_in_the_catalog() {
    let text = GOOD
        .replace("column = \"namn\"", "column = \"nam\"")
        .replace("name = \"kund\"\nerase", "name = \"kunder\"\nerase");
    let policy = parse(&text).expect("the shape is right");
    let shown = policy.check(&catalog()).render();
    for part in ["there is no table kunder", "did you mean \"kund\"?", "has no column nam", "did you mean \"namn\"?"] {
        assert!(shown.contains(part), "{part} not in:\n{shown}");
    }
}

#[test]
fn a_strategy_must_be_possible_in_its_column() {
    for (column, strategy, problem) in [
        ("id", "strategy = \"null\"", "names the row"),
        ("namn", "strategy = \"null\"", "is NOT NULL"),
        ("alder", "strategy = \"null\"", "computed by the database"),
        ("namn", "strategy = \"constant\"\nvalue = \"Anonymiserad person nr 1\"", "holds 20 characters"),
        ("namn", "strategy = \"constant\"\nvalue = 0", "holds text"),
        ("poang", "strategy = \"constant\"\nvalue = \"x\"", "holds numbers"),
    ] {
        let head = GOOD.split("[[column]]").next().expect("text");
        let text = format!(
            "{head}[[column]]\ntable = \"kund\"\ncolumn = \"{column}\"\ncategory = \"person_name\"\n{strategy}\n"
        );
        let policy = parse(&text).expect("the shape is right");
        let shown = policy.check(&catalog()).render();
        assert!(shown.contains(problem), "{problem} not in:\n{shown}");
    }
}

#[test]
fn the_schema_says_what_the_reader_says() {
    let schema = serde_json::from_str(include_str!("../../schemas/policy.schema.json")).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let as_json = |text: &str| {
        let value: toml::Value = toml::from_str(text).expect("TOML");
        serde_json::to_value(value).expect("JSON")
    };
    assert!(schema.is_valid(&as_json(GOOD)));
    let no_reason = GOOD.replace("\"anonymise\"", "\"keep\"");
    let no_value = GOOD.replace("value = \"Anonymiserad\"", "");
    for text in [GOOD.replace("erase =", "erases ="), GOOD.replace("person_name", "person_nam"), no_reason, no_value] {
        assert!(!schema.is_valid(&as_json(&text)), "{text}");
        assert!(parse(&text).is_err(), "{text}");
    }
}
