//! Columns that hold another column's values: what the one is called, the other is, too, whatever its own name. The link
//! is declared as a foreign key, or seen: all values of the one are values of the other.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, TableName};
use crate::finding::{Category, FindingKind, Reason};

use super::super::evidence::{ColumnEvidence, Sketch};
use super::{Field, SURE, Verdict, register};

/// What a link takes from the odds of what it links to.
const DECLARED: f64 = 0.3;
const SEEN: f64 = 0.4;

/// Fewer different values prove nothing, nor do shorter ones: small numbers are in every column.
const LEAST_VALUES: usize = 8;
const LEAST_LENGTH: u64 = 4;

/// Some values may have lost their row.
const CONTAINED: f64 = 0.95;

/// A place: table and position of the field in it.
pub(super) type At = (usize, usize);

/// What a field learns.
pub(super) struct Lesson {
    pub(super) at: At,
    pub(super) category: Category,
    pub(super) log_odds: f64,
    pub(super) reason: Reason,
}

/// Teaches fields what those they link to are.
pub(super) fn follow(catalog: &Catalog, tables: &mut BTreeMap<usize, Vec<Field<'_>>>) {
    teach(register::numbers(catalog, tables), tables);
    teach(register::codes(catalog, tables), tables);
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
        let is_key = register::is_unique(field);
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

/// So many different codes of a column of persons in a prose are no chance, and they are so many of the prose's codes.
const LEAST_MENTIONS: f64 = 3.0;
const LEAST_NUMBERS: f64 = 0.05;

/// Prose is longer than this on average.
const PROSE: u64 = 12;

/// What mentions say.
const MENTIONED: f64 = 2.0;

/// Prose that mentions persons by their log-ins or customer numbers: words in it that are values of such a column.
pub(super) fn mentions(catalog: &Catalog, tables: &mut BTreeMap<usize, Vec<Field<'_>>>) {
    let mut keys: Vec<(Category, String, Sketch)> = Vec::new();
    for (table, fields) in tables.iter() {
        for field in fields {
            let tells = |it: &&Verdict| {
                matches!(it.category, Category::Username | Category::CustomerNumber)
                    && it.log_odds >= SURE
                    && it.kind == FindingKind::Typed
            };
            let name = || format!("{}.{}", catalog.tables[*table].name, field.column.name);
            keys.extend(
                field.verdicts.iter().filter(tells).map(|it| (it.category, name(), field.evidence.distinct.clone())),
            );
        }
    }
    for field in tables.values_mut().flatten().filter(|it| it.evidence.bytes >= PROSE * it.evidence.cells) {
        for (category, to, values) in &keys {
            if mentioned(&field.evidence, values)
                && !field.verdicts.iter().any(|it| it.category == *category && it.log_odds >= SURE)
            {
                field.learn_in_text(*category, MENTIONED, Reason::Mentions { of: to.clone() });
            }
        }
    }
}

fn mentioned(prose: &ColumnEvidence, values: &Sketch) -> bool {
    let of = |words: &Sketch, least_share: f64| {
        let (compared, share) = words.contained_in(values);
        compared as f64 * share >= LEAST_MENTIONS && share >= least_share
    };
    of(&prose.signs, 0.0) || of(&prose.numbers, LEAST_NUMBERS)
}

/// Whether nothing better is known of a field.
pub(super) fn can_link(field: &Field<'_>) -> bool {
    !field.verdicts.iter().any(|it| it.log_odds >= SURE && it.kind == FindingKind::Typed)
}

pub(super) fn holds_values_of(own: &ColumnEvidence, key: &ColumnEvidence) -> bool {
    let long_enough = own.bytes >= LEAST_LENGTH * own.cells && own.cells > 0;
    let (compared, share) = own.distinct.contained_in(&key.distinct);
    long_enough && compared >= LEAST_VALUES && share >= CONTAINED
}
