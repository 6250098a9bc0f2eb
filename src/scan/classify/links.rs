//! Columns that hold another column's values: what the one is called, the other is, too, whatever its own name. The link
//! is declared as a foreign key, or seen: all values of the one are values of the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, TableName, TypeClass};
use crate::finding::{Category, FindingKind, Reason};
use crate::rule::words::{is_of_a_matter, is_of_persons, plain};

use super::super::evidence::{ColumnEvidence, shape};
use super::{Field, SURE, Verdict};

/// What a link takes from the odds of what it links to.
const DECLARED: f64 = 0.3;
const SEEN: f64 = 0.4;

/// What such a name and uniqueness say.
const KEY: f64 = 1.5;

/// What a code says that a register of persons gives to each.
const CODE: f64 = 1.0;

/// The forms of such codes; letters are as one.
const CODES: [&str; 21] = [
    "1000",
    "10000",
    "100000",
    "1000000",
    "10000000",
    "100000000",
    "A100",
    "A1000",
    "A10000",
    "A100000",
    "A1000000",
    "A10000000",
    "A-100",
    "A-1000",
    "A-10000",
    "A-100000",
    "A-1000000",
    "10-1000",
    "10-10000",
    "100-1000",
    "A-10-1000",
];

/// Fewer different values prove nothing, nor do shorter ones: small numbers are in every column.
const LEAST_VALUES: usize = 8;
const LEAST_LENGTH: u64 = 4;

/// Some values may have lost their row.
const CONTAINED: f64 = 0.95;

/// A key's values are as good as unique.
const UNIQUE: f64 = 0.9;

/// A place: table and position of the field in it.
type At = (usize, usize);

/// What a field learns.
struct Lesson {
    at: At,
    category: Category,
    log_odds: f64,
    reason: Reason,
}

/// Teaches fields what those they link to are.
pub(super) fn follow(catalog: &Catalog, tables: &mut BTreeMap<usize, Vec<Field<'_>>>) {
    teach(keys_of_persons(catalog, tables), tables);
    teach(codes_of_persons(catalog, tables), tables);
    let mut lessons = declared(catalog, tables);
    lessons.extend(seen(catalog, tables));
    teach(lessons, tables);
}

fn teach(lessons: Vec<Lesson>, tables: &mut BTreeMap<usize, Vec<Field<'_>>>) {
    for Lesson { at: (table, field), category, log_odds, reason } in lessons {
        if let Some(field) = tables.get_mut(&table).and_then(|fields| fields.get_mut(field)) {
            field.learn(category, log_odds, reason);
        }
    }
}

/// Numbers that a table of persons gives to each: unique, and called after the table (`mnr` of `medlem`).
fn keys_of_persons(catalog: &Catalog, tables: &BTreeMap<usize, Vec<Field<'_>>>) -> Vec<Lesson> {
    let mut lessons = Vec::new();
    for (table, fields) in tables {
        let name = &catalog.tables[*table].name.name;
        let persons: BTreeSet<Category> = fields.iter().flat_map(who).collect();
        for (at, field) in
            fields.iter().enumerate().filter(|_| persons.len() >= 2 && is_of_persons(name) && !is_of_a_matter(name))
        {
            let unique = field.evidence.distinct.count() as f64 >= UNIQUE * field.evidence.cells as f64;
            // Ones and tens count rows.
            let long = field.evidence.bytes >= 3 * field.evidence.cells;
            if unique
                && long
                && field.path.is_none()
                && field.of_persons != Some(false)
                && can_link(field)
                && is_number_of(&field.column.name, name)
            {
                let (category, reason) = (Category::CustomerNumber, Reason::KeyOfPersons);
                lessons.push(Lesson { at: (*table, at), category, log_odds: KEY, reason });
            }
        }
    }
    lessons
}

/// Codes that a register of persons gives to each, whatever they are called, and by which other tables name them.
fn codes_of_persons(catalog: &Catalog, tables: &BTreeMap<usize, Vec<Field<'_>>>) -> Vec<Lesson> {
    let codes: BTreeSet<u32> = CODES.iter().filter_map(|code| shape(code.as_bytes())).collect();
    let mut lessons = Vec::new();
    let is_register =
        |table: usize, fields: &[Field<'_>]| is_register(fields) && !is_of_a_matter(&catalog.tables[table].name.name);
    for (table, fields) in tables.iter().filter(|(table, fields)| is_register(**table, fields)) {
        let candidates = fields.iter().enumerate().filter(|(_, field)| is_code(field, &codes) && can_link(field));
        for (at, field) in candidates {
            let elsewhere = || tables.iter().filter(|(other, _)| *other != table).flat_map(|(_, fields)| fields);
            if elsewhere().any(|other| holds_values_of(&other.evidence, &field.evidence)) {
                lessons.push(Lesson {
                    at: (*table, at),
                    category: Category::CustomerNumber,
                    log_odds: CODE,
                    reason: Reason::KeyOfPersons,
                });
            }
        }
    }
    lessons
}

/// Whether each row is another person: somebody's number or address in no two of them, and more that tells who it is.
fn is_register(fields: &[Field<'_>]) -> bool {
    let persons: BTreeSet<Category> = fields.iter().flat_map(who).collect();
    let of_one = |field: &&Field<'_>| {
        who(field).iter().any(|it| matches!(it, Category::PersonalNumber | Category::Email)) && is_unique(field)
    };
    persons.len() >= 2 && fields.iter().any(|field| of_one(&field))
}

/// Whether a field has a code of its own in each row, of one form. Numbers that count up are keys of rows.
fn is_code(field: &Field<'_>, codes: &BTreeSet<u32>) -> bool {
    let of_code: u64 =
        field.evidence.shapes.iter().filter(|(form, _)| codes.contains(form)).map(|(_, cells)| cells).sum();
    let most = field.evidence.shapes.values().max().copied().unwrap_or(0);
    let one_form = of_code == field.evidence.cells && most as f64 >= CONTAINED * field.evidence.cells as f64;
    let is_text = matches!(field.column.type_class, TypeClass::Text | TypeClass::Other);
    let own = field.path.is_none() && field.of_persons != Some(false) && !is_of_a_matter(&field.column.name);
    own && is_text && one_form && is_unique(field)
}

fn is_unique(field: &Field<'_>) -> bool {
    let (distinct, cells) = (field.evidence.distinct.count() as f64, field.evidence.cells);
    cells >= LEAST_VALUES as u64 && distinct >= UNIQUE * cells as f64
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

/// By foreign keys, every identifier.
fn declared(catalog: &Catalog, tables: &BTreeMap<usize, Vec<Field<'_>>>) -> Vec<Lesson> {
    let mut lessons = Vec::new();
    for (table, fields) in tables {
        for key in &catalog.tables[*table].foreign_keys {
            for (column, target) in key.columns.iter().zip(&key.parent_columns) {
                let Some(field) = position(fields, column) else { continue };
                let Some(parent) = find(catalog, tables, &key.parent, target) else { continue };
                let identifies = |it: &&Verdict| {
                    it.category.is_identifier() && it.kind != FindingKind::FreeText && it.log_odds > 0.0
                };
                lessons.extend(parent.verdicts.iter().filter(identifies).map(|it| Lesson {
                    at: (*table, field),
                    category: it.category,
                    log_odds: it.log_odds - DECLARED,
                    reason: Reason::Link { to: format!("{}.{target}", key.parent) },
                }));
            }
        }
    }
    lessons
}

fn position(fields: &[Field<'_>], column: &str) -> Option<usize> {
    fields.iter().position(|it| it.path.is_none() && it.column.name == column)
}

fn find<'a, 'b>(
    catalog: &Catalog,
    tables: &'a BTreeMap<usize, Vec<Field<'b>>>,
    table: &TableName,
    column: &str,
) -> Option<&'a Field<'b>> {
    let fields = tables.get(&catalog.tables.iter().position(|it| it.name == *table)?)?;
    fields.get(position(fields, column)?)
}

/// By values: log-in names and customer numbers, which only their names tell apart from other codes.
fn seen(catalog: &Catalog, tables: &BTreeMap<usize, Vec<Field<'_>>>) -> Vec<Lesson> {
    let all =
        || tables.iter().flat_map(|(table, fields)| fields.iter().enumerate().map(move |(at, it)| ((*table, at), it)));
    let mut keys: Vec<(At, &Field<'_>, &Verdict)> = Vec::new();
    for (at, field) in all() {
        let tells =
            |it: &&Verdict| matches!(it.category, Category::Username | Category::CustomerNumber) && it.log_odds >= SURE;
        let is_key = field.evidence.distinct.count() as f64 >= UNIQUE * field.evidence.cells as f64;
        keys.extend(field.verdicts.iter().filter(tells).filter(|_| is_key).map(|it| (at, field, it)));
    }
    let mut lessons = Vec::new();
    for (at, field) in all() {
        for (key_at, key, verdict) in &keys {
            if at != *key_at && can_link(field) && holds_values_of(&field.evidence, &key.evidence) {
                let to = format!("{}.{}", catalog.tables[key_at.0].name, key.column.name);
                let log_odds = verdict.log_odds - SEEN;
                lessons.push(Lesson { at, category: verdict.category, log_odds, reason: Reason::Link { to } });
            }
        }
    }
    lessons
}

/// Whether nothing better is known of a field.
fn can_link(field: &Field<'_>) -> bool {
    !field.verdicts.iter().any(|it| it.log_odds >= SURE && it.kind == FindingKind::Typed)
}

fn holds_values_of(own: &ColumnEvidence, key: &ColumnEvidence) -> bool {
    let long_enough = own.bytes >= LEAST_LENGTH * own.cells && own.cells > 0;
    let (compared, share) = own.distinct.contained_in(&key.distinct);
    long_enough && compared >= LEAST_VALUES && share >= CONTAINED
}
