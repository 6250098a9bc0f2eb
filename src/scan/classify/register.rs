//! Numbers that a register of persons gives to each: an organisation's own names for people, by which its other tables name
//! them. They have no form of their own; what tells them is where they stand.

use std::collections::{BTreeMap, BTreeSet};

use super::super::evidence::shape;
use super::links::{At, Lesson, can_link, holds_values_of};
use super::{Field, SURE, Verdict};
use crate::catalog::{Catalog, TypeClass};
use crate::finding::{Category, FindingKind, Reason};
use crate::rule::words::{Subject, is_of_a_matter, is_of_persons, plain};

/// What it says to be unique and called the number of a table of persons.
const NUMBER: f64 = 1.5;

/// What it says to be a code of a register's persons that others hold.
const CODE: f64 = 1.0;

/// The forms of such codes; letters are as one.
#[rustfmt::skip]
const CODES: [&str; 27] = [
    "1000", "10000", "100000", "1000000", "10000000", "100000000",
    "10000000000", "100000000000", "1000000000000", "10000000000000", "100000000000000", "1000000000000000",
    "A100", "A1000", "A10000", "A100000", "A1000000", "A10000000",
    "A-100", "A-1000", "A-10000", "A-100000", "A-1000000", "10-1000", "10-10000", "100-1000", "A-10-1000",
];

/// Shorter numbers, on average, count rows.
const SHORTEST: u64 = 3;

/// Numbers of so many digits, on average, are more than rows.
const LONG: u64 = 5;

/// Fewer cells don't tell what is unique.
const LEAST_CELLS: u64 = 8;

/// A key's values are as good as unique, and nearly all of one form.
const UNIQUE: f64 = 0.9;
const ONE_FORM: f64 = 0.95;

/// Numbers that a table of persons gives to each: unique, and called after the table (`mnr` of `medlem`).
pub(super) fn numbers(catalog: &Catalog, tables: &BTreeMap<usize, Vec<Field<'_>>>) -> Vec<Lesson> {
    let mut lessons = Vec::new();
    for (table, fields) in tables {
        let name = &catalog.tables[*table].name.name;
        let persons: BTreeSet<Category> = fields.iter().flat_map(who).collect();
        if persons.len() < 2 || !is_of_persons(name) || is_of_a_matter(name) {
            continue;
        }
        let is_number = |field: &Field<'_>| {
            is_open_key(field)
                && is_number_of(&field.column.name, name)
                && field.evidence.bytes >= SHORTEST * field.evidence.cells
        };
        let numbers = fields.iter().enumerate().filter(|(_, field)| is_number(field));
        lessons.extend(numbers.map(|(at, _)| lesson((*table, at), NUMBER)));
    }
    lessons
}

fn lesson(at: At, log_odds: f64) -> Lesson {
    Lesson { at, category: Category::CustomerNumber, log_odds, reason: Reason::KeyOfPersons }
}

/// Whether a field has a value of its own in each row, and nothing better is known of it.
fn is_open_key(field: &Field<'_>) -> bool {
    field.path.is_none()
        && !matches!(field.subject, Some(Subject::Things | Subject::Animals))
        && is_unique(field)
        && can_link(field)
}

/// Codes that a register of persons gives to each, whatever they are called, and by which other tables name them.
pub(super) fn codes(catalog: &Catalog, tables: &BTreeMap<usize, Vec<Field<'_>>>) -> Vec<Lesson> {
    let codes: BTreeSet<u32> = CODES.iter().filter_map(|code| shape(code.as_bytes())).collect();
    let mut lessons = Vec::new();
    let is_register =
        |table: usize, fields: &[Field<'_>]| is_register(fields) && !is_of_a_matter(&catalog.tables[table].name.name);
    for (table, fields) in tables.iter().filter(|(table, fields)| is_register(**table, fields)) {
        let elsewhere = || tables.iter().filter(|(other, _)| *other != table).flat_map(|(_, fields)| fields);
        let links = |field: &Field<'_>| elsewhere().any(|other| holds_values_of(&other.evidence, &field.evidence));
        let key = &catalog.tables[*table].row_key;
        let is_key = |field: &Field<'_>| key.iter().any(|key| key.columns.contains(&field.column.name));
        let found =
            fields.iter().enumerate().filter(|(_, field)| is_code(field, &codes, is_key(field)) && links(field));
        lessons.extend(found.map(|(at, _)| lesson((*table, at), CODE)));
    }
    lessons
}

/// Whether each row is another person: somebody's number or address in no two of them, and more that tells who it is.
fn is_register(fields: &[Field<'_>]) -> bool {
    let persons: BTreeSet<Category> = fields.iter().flat_map(who).collect();
    let of_one = |field: &&Field<'_>| {
        who(field).iter().any(|it| matches!(it, Category::PersonalNumber | Category::Email))
            && is_unique(field)
            && field.evidence.cells >= LEAST_CELLS
    };
    persons.len() >= 2 && fields.iter().any(|field| of_one(&field))
}

/// Whether a field has a code of its own in each row, of one form. Numbers that count up are keys of rows.
fn is_code(field: &Field<'_>, codes: &BTreeSet<u32>, is_key: bool) -> bool {
    let of_code: u64 =
        field.evidence.shapes.iter().filter(|(form, _)| codes.contains(form)).map(|(_, cells)| cells).sum();
    let most = field.evidence.shapes.values().max().copied().unwrap_or(0);
    let one_form = of_code == field.evidence.cells && most as f64 >= ONE_FORM * field.evidence.cells as f64;
    // Numbers of rows are short, or the table's key.
    let is_text = matches!(field.column.type_class, TypeClass::Text | TypeClass::Other);
    let is_long = field.evidence.bytes >= LONG * field.evidence.cells;
    is_open_key(field) && (is_text || (is_long && !is_key)) && one_form && !is_of_a_matter(&field.column.name)
}

/// Whether the values are as good as unique.
pub(super) fn is_unique(field: &Field<'_>) -> bool {
    field.evidence.distinct.count() as f64 >= UNIQUE * field.evidence.cells as f64
}

/// The categories by which a field tells who somebody is.
fn who(field: &Field<'_>) -> Vec<Category> {
    use Category::{Email, FamilyName, GivenName, PersonName, PersonalNumber, Phone};
    let tells = |it: &&Verdict| {
        let personal = matches!(it.category, PersonName | GivenName | FamilyName | PersonalNumber | Email | Phone);
        personal && it.log_odds >= SURE && it.kind != FindingKind::FreeText
    };
    field.verdicts.iter().filter(tells).map(|it| it.category).collect()
}

/// Whether a column is called the table's number: `mnr`, `HGNR`, `kundenr`, `customer_no` for `medlem`, `HYRG`, `kunde`,
/// `customers`.
fn is_number_of(column: &str, table: &str) -> bool {
    let (column, table) = (plain(column), plain(table));
    let owner = ["nummer", "number", "nr", "no", "num"].iter().find_map(|number| column.strip_suffix(number));
    let mut letters = table.chars();
    owner.is_some_and(|owner| {
        !owner.is_empty()
            && owner.chars().next() == table.chars().next()
            && owner.chars().all(|c| letters.any(|it| it == c))
    })
}
