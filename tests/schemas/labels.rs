//! What the schema files say: their format, and that the labels are complete and agree with the fills.

use std::collections::BTreeSet;

use super::generator::fill::{self, Fill, Known};
use super::generator::{Column, Kind, Schema};
use super::{SCHEMAS, open, rows};

/// The categories of contracts.md.
const CATEGORIES: &[&str] = &[
    "person_name",
    "given_name",
    "family_name",
    "personal_number",
    "organisation_number",
    "email",
    "phone",
    "postal_address",
    "postal_code",
    "city",
    "date_of_birth",
    "gender",
    "ip_address",
    "mac_address",
    "username",
    "credential",
    "photo",
    "signature",
    "iban",
    "bank_account",
    "card_number",
    "passport_number",
    "driving_licence",
    "vehicle_registration",
    "geo_location",
    "device_id",
    "customer_number",
    "salary",
    "health",
    "religion",
    "union_membership",
    "political_opinion",
    "ethnic_origin",
    "sexual_orientation",
    "biometric",
    "genetic",
    "criminal_record",
];

fn columns() -> impl Iterator<Item = (&'static Schema, String, &'static Column)> {
    SCHEMAS.iter().flat_map(|schema| {
        let columns = schema.tables.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
        columns.map(move |(table, column)| (schema, format!("{}.{}", table.name, column.entry.name), column))
    })
}

#[test]
fn there_are_ten_schemas_of_the_promised_sizes() {
    let names: Vec<&str> = SCHEMAS.iter().map(|schema| schema.name.as_str()).collect();
    let expected = [
        "empty",
        "english_saas",
        "health",
        "json_heavy",
        "mainframe",
        "municipal",
        "school",
        "shop",
        "swedish_erp",
        "warehouse",
    ];
    assert_eq!(names, expected);
    for schema in SCHEMAS.iter() {
        let columns: usize = schema.tables.iter().map(|table| table.columns.len()).sum();
        assert!(!schema.description.is_empty());
        if schema.name == "empty" {
            assert_eq!(schema.tables.len(), 60);
            assert!(schema.tables.iter().all(|table| table.rows == 0));
        } else {
            assert!((8..=25).contains(&schema.tables.len()), "{}: {} tables", schema.name, schema.tables.len());
            assert!((60..=200).contains(&columns), "{}: {columns} columns", schema.name);
        }
    }
    let all_rows = || SCHEMAS.iter().flat_map(|schema| &schema.tables).map(|table| table.rows);
    assert_eq!(all_rows().filter(|&rows| rows == 20_000).count(), 2);
    assert!(all_rows().filter(|&rows| rows == 3).count() >= 2);
}

#[test]
fn gold_covers_every_column_of_the_built_files_and_nothing_else() {
    for schema in SCHEMAS.iter() {
        let query = "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'";
        let database = open(schema);
        let mut statement = database.prepare(query).unwrap();
        let built: BTreeSet<(String, String)> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
        let labels = schema.gold();
        let told: BTreeSet<(String, String)> =
            labels.iter().map(|label| (label.table.clone(), label.column.clone())).collect();
        assert_eq!(built, told, "{}", schema.name);
        let different: BTreeSet<_> = labels.iter().collect();
        assert_eq!(different.len(), labels.len(), "{} says something twice", schema.name);
        for label in &labels {
            let place = format!("{}: {}.{}", schema.name, label.table, label.column);
            assert!(label.category.as_deref().is_none_or(|category| CATEGORIES.contains(&category)), "{place}");
            assert!(label.path.is_none() || (label.kind == "nested" && label.category.is_some()), "{place}");
        }
    }
}

#[test]
fn every_category_stands_in_a_column_with_values() {
    let gold: Vec<_> = SCHEMAS.iter().filter(|schema| schema.name != "empty").flat_map(Schema::gold).collect();
    for category in CATEGORIES {
        let found = gold.iter().any(|label| label.category.as_deref() == Some(category) && label.kind != "name_only");
        assert!(found, "{category} is planted nowhere");
    }
}

#[test]
fn about_half_of_the_columns_or_more_are_nothing() {
    let labels: Vec<_> = SCHEMAS.iter().flat_map(Schema::gold).collect();
    let columns = columns().count();
    let nothing = labels.iter().filter(|label| label.category.is_none()).count();
    assert!((50..=75).contains(&(nothing * 100 / columns)), "{nothing} of {columns}");
}

#[test]
fn gold_is_what_the_fills_plant() {
    for (schema, place, column) in columns() {
        let Some(call) = &column.entry.fill else { continue };
        let place = format!("{}: {place} ({call})", schema.name);
        let sorted = |mut list: Vec<String>| {
            list.sort();
            list
        };
        match fill::known(call) {
            Known::Categories(known) => {
                let known = known.iter().map(ToString::to_string).collect();
                assert_eq!(sorted(column.entry.gold.clone()), sorted(known), "{place}");
                assert!(column.entry.gold_paths.is_empty(), "{place}");
            }
            Known::Paths(known) => {
                let known = known.iter().map(|(path, category)| format!("{path} {category}")).collect();
                let paths = column.entry.gold_paths.iter();
                let told = paths.flat_map(|(path, list)| list.iter().map(move |category| format!("{path} {category}")));
                assert_eq!(sorted(told.collect()), sorted(known), "{place}");
                assert!(column.entry.gold.is_empty(), "{place}");
            }
            Known::Open => {}
        }
    }
}

#[test]
fn a_link_means_what_the_linked_column_means() {
    for (schema, place, column) in columns() {
        let Fill::Ref(target) = &column.fill else { continue };
        let linked = columns().find(|(other, name, _)| other.name == schema.name && name == target);
        let (.., linked) = linked.unwrap_or_else(|| panic!("{}: {place} points at no column", schema.name));
        assert_eq!(column.entry.gold, linked.entry.gold, "{}: {place}", schema.name);
    }
}

/// Prose fills take their texts in turn, so a column needs as many cells as texts to hold every category of its label.
#[test]
fn every_labelled_column_has_cells_enough() {
    for schema in SCHEMAS.iter() {
        let database = open(schema);
        for table in schema.tables.iter().filter(|table| table.rows > 0) {
            let rows = rows(&database, table);
            assert_eq!(rows.len(), table.rows);
            for (at, column) in table.columns.iter().enumerate() {
                let needed = match &column.fill {
                    Fill::Null => {
                        assert!(column.entry.gold.is_empty() || column.entry.kind == Some(Kind::NameOnly));
                        continue;
                    }
                    Fill::Prose(texts) => texts.len(),
                    // Every value of a code list (its repetitions make it shorter), every form of a number.
                    Fill::Pick(list) => list.iter().collect::<BTreeSet<_>>().len(),
                    _ => 1,
                };
                let filled = rows.iter().filter(|row| row[at].is_some()).count();
                assert!(filled >= needed, "{}: {}.{}", schema.name, table.name, column.entry.name);
            }
        }
    }
}

#[test]
fn there_are_many_fills_and_half_of_them_are_nothing() {
    let names = fill::names();
    let different: BTreeSet<_> = names.iter().map(|(name, _)| name).collect();
    let personal = names.iter().filter(|(_, personal)| *personal).count();
    assert_eq!(different.len(), names.len(), "a name stands twice");
    assert!(names.len() >= 80 && personal * 2 <= names.len(), "{personal} of {}", names.len());
}

#[test]
fn every_fill_is_used() {
    let calls: BTreeSet<&str> = columns()
        .flat_map(|(_, _, column)| [column.entry.fill.as_deref(), column.entry.instead.as_deref()])
        .flatten()
        .map(|call| call.strip_prefix("other:").unwrap_or(call))
        .collect();
    let unused: Vec<_> = fill::names().into_iter().map(|(name, _)| name).filter(|name| !calls.contains(name)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

fn problem(column: &str) -> String {
    let text = format!("description = \"d\"\n[[table]]\nname = \"T\"\nrows = 2\ncolumns = [{column}]\n");
    Schema::parse("wrong", &text).err().unwrap_or_default()
}

#[test]
fn a_wrong_file_is_refused_with_file_and_column() {
    let unknown = problem(r#"{ name = "A", type = "TEXT", fill = "pnr11" }"#);
    assert_eq!(unknown, "wrong.toml: T.A: unknown fill `pnr11`");
    for wrong in [
        r#"{ name = "A", type = "TEXT" }"#,
        r#"{ name = "A", type = "TEXT", fill = "int:9..2" }"#,
        r#"{ name = "A", type = "TEXT", fill = "other:nobody" }"#,
        r#"{ name = "A", type = "TEXT", fill = "email:5" }"#,
        r#"{ name = "A", type = "TEXT", fill = "email", only = "some" }"#,
        r#"{ name = "A", type = "TEXT", fill = "email", instead = "uuid" }"#,
    ] {
        assert!(problem(wrong).starts_with("wrong.toml: T.A: "), "{wrong}");
    }
    assert!(problem(r#"{ name = "A", type = "TEXT", fill = "email", golds = [] }"#).contains("golds"));
    assert_eq!(problem(r#"{ name = "A", type = "TEXT", fill = "email", gold = ["email"] }"#), "");
}
