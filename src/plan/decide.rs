//! The policy's decision for each row, and what stands against it: foreign keys, unique values, rows without a key.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::gather::{Person, cell};
use super::{Action, Effect, Hindrance, Request, Step, called};
use crate::Result;
use crate::catalog;
use crate::db::Database;
use crate::policy::{Erase, Strategy};
use crate::value::{RowKey, Value};

/// What happens to the rows of [`Person`], by their indexes.
#[derive(Default)]
pub(super) struct Decided {
    /// Rows that go, by table.
    pub(super) delete: BTreeMap<usize, Vec<usize>>,
    /// Rows whose cells change, by table.
    pub(super) anonymise: BTreeMap<usize, Vec<usize>>,
    /// Links that become NULL, by table and columns.
    pub(super) unlink: BTreeMap<(usize, Vec<String>), BTreeSet<usize>>,
    /// Rows that stay, by table.
    pub(super) keep: BTreeMap<usize, u64>,
    pub(super) hindrances: Vec<Hindrance>,
    going: HashSet<usize>,
}

pub(super) fn decide(request: &Request<'_>, person: &Person, database: &mut Database) -> Result<Decided> {
    let mut decided = Decided::default();
    for (index, row) in person.rows.iter().enumerate().filter(|(_, row)| !row.foreign) {
        match request.policy.table(called(request.catalog, row.table)).map(|rule| &rule.erase) {
            Some(Erase::Delete) => {
                decided.going.insert(index);
                decided.delete.entry(row.table).or_default().push(index);
            }
            Some(Erase::Anonymise) if changes(request, person, index) => {
                decided.anonymise.entry(row.table).or_default().push(index);
            }
            Some(Erase::Keep(_)) => *decided.keep.entry(row.table).or_default() += 1,
            Some(Erase::Anonymise) | None => {}
        }
    }
    decided.links(request, person);
    decided.without_key(person);
    decided.unique(request, person, database)?;
    Ok(decided)
}

/// The new values of a table's columns.
pub(super) fn new_values(request: &Request<'_>, table: usize) -> Vec<(String, Value)> {
    let rules = request.policy.columns_of(called(request.catalog, table));
    rules.map(|rule| (rule.column.get_ref().clone(), rule.strategy.get_ref().value())).collect()
}

/// Whether the cell holds that new value. A column's type may turn a whole number into a float, or digits into a number.
pub(crate) fn holds(cell: &Value, wanted: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Null | Value::Blob(_) => None,
        other => other.as_text().trim().parse::<f64>().ok(),
    };
    cell == wanted || number(cell).is_some_and(|it| number(wanted) == Some(it))
}

/// Whether a cell of the row is not yet as the policy wants it.
fn changes(request: &Request<'_>, person: &Person, index: usize) -> bool {
    let row = &person.rows[index];
    let table = &request.catalog.tables[row.table];
    new_values(request, row.table)
        .iter()
        .any(|(column, value)| !cell(table, row, column).is_some_and(|it| holds(it, value)))
}

impl Decided {
    /// Every row that points at a row that goes must go too, or lose its link.
    fn links(&mut self, request: &Request<'_>, person: &Person) {
        let mut against: BTreeMap<(usize, usize), BTreeSet<usize>> = BTreeMap::new();
        for link in person.links.iter().filter(|it| self.going.contains(&it.parent) && !self.going.contains(&it.child))
        {
            let child = &person.rows[link.child];
            let table = &request.catalog.tables[child.table];
            let key = &table.foreign_keys[link.key];
            let nulled = self.anonymise.contains_key(&child.table)
                && request.policy.columns_of(&table.name).any(|rule| {
                    key.columns.contains(rule.column.get_ref()) && *rule.strategy.get_ref() == Strategy::Null
                });
            let loses_link = child.foreign || key.on_delete == catalog::Action::SetNull;
            if nulled && !child.foreign {
                continue;
            }
            match nullable(table, key) {
                Some(columns) if loses_link => {
                    self.unlink.entry((child.table, columns)).or_default().insert(link.child);
                }
                _ => {
                    against.entry((child.table, link.key)).or_default().insert(link.child);
                }
            }
        }
        for ((table, key), rows) in against {
            let table = &request.catalog.tables[table];
            self.hindrances.push(Hindrance {
                hold: format!("foreign key {}", table.foreign_keys[key].describe(&table.name)),
                reason: format!(
                    "rows of {0} would point at a deleted row; delete them too, set the link to null by a [[column]], or \
                     write erase = \"anonymise\" for {1}",
                    table.name, table.foreign_keys[key].parent
                ),
                table: table.name.to_string(),
                rows: rows.len() as u64,
            });
        }
    }

    fn without_key(&mut self, person: &Person) {
        for (table, rows) in &person.unnamed {
            self.hindrances.push(Hindrance {
                hold: "no key".into(),
                reason: format!("rows of {table} hang on this person, but have no key to name them by"),
                table: table.to_string(),
                rows: *rows,
            });
        }
    }

    /// New values must not meet equal ones under a unique key: among the changed rows or with others.
    fn unique(&mut self, request: &Request<'_>, person: &Person, database: &mut Database) -> Result<()> {
        for (&table, rows) in &self.anonymise {
            let described = &request.catalog.tables[table];
            let new = new_values(request, table);
            for key in described.unique.iter().filter(|key| new.iter().any(|it| key.columns.contains(&it.0))) {
                let mut tuples: BTreeMap<Vec<u8>, (Vec<Value>, u64)> = BTreeMap::new();
                for &index in rows {
                    let after = |column: &String| {
                        let set = new.iter().find(|it| it.0 == *column).map(|it| &it.1);
                        set.or_else(|| cell(described, &person.rows[index], column)).cloned()
                    };
                    let tuple: Option<Vec<Value>> = key.columns.iter().map(after).collect();
                    if let Some(tuple) = tuple.filter(|it| !it.contains(&Value::Null)) {
                        tuples.entry(RowKey(tuple.clone()).encoded()).or_insert((tuple, 0)).1 += 1;
                    }
                }
                let mut meeting = 0;
                for (tuple, count) in tuples.into_values() {
                    let equal: Vec<(String, Value)> = key.columns.iter().cloned().zip(tuple).collect();
                    let there = database.rows_where(&described.name, &key.columns, &equal, 1)?.len();
                    meeting += if count > 1 || there > 0 { count } else { 0 };
                }
                if meeting > 0 {
                    self.hindrances.push(Hindrance {
                        hold: format!("unique {}.{}", described.name, key.columns.join(",")),
                        reason: "the constant would stand there more than once; write strategy = \"null\", or delete the rows"
                            .into(),
                        table: described.name.to_string(),
                        rows: meeting,
                    });
                }
            }
        }
        Ok(())
    }

    /// The effect by table, as the steps have it, and what stays.
    pub(super) fn effect(&self, request: &Request<'_>, steps: &[Step]) -> Vec<Effect> {
        let of =
            |table: usize, action, rows| Effect { table: called(request.catalog, table).to_string(), action, rows };
        let mut effect: Vec<Effect> =
            steps.iter().map(|step| of(step.table, step.action, step.rows.len() as u64)).collect();
        effect.extend(self.keep.iter().map(|(&table, &rows)| of(table, Action::Keep, rows)));
        effect
    }
}

/// The columns of a link that can become NULL; none where the link is part of the row's key.
pub(super) fn nullable(table: &catalog::Table, key: &catalog::ForeignKey) -> Option<Vec<String>> {
    let in_key = |column: &String| table.row_key.as_ref().is_some_and(|it| it.columns.contains(column));
    let can = |column: &&String| table.column(column).is_some_and(|it| it.nullable && !it.generated) && !in_key(column);
    let columns: Vec<String> = key.columns.iter().filter(can).cloned().collect();
    (!columns.is_empty()).then_some(columns)
}
