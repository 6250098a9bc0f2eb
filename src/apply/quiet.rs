//! What the engine does not tell of: changes to tables without row numbers, and rows that go by a REPLACE in a trigger.
//! Tables that triggers and cascades can reach are summed up, or counted, before and after the statements.

use sha2::{Digest, Sha256};

use super::before::Old;
use crate::catalog::{Action, Catalog, Table, TableKind, TableName};
use crate::db::{Tells, Transaction};
use crate::plan::{self, Plan};
use crate::value::{RowKey, Value};
use crate::{Error, Result};

/// The reachable tables before the first statement.
pub(super) struct Quiet<'c> {
    /// With the number of rows.
    counted: Vec<(&'c Table, i64)>,
    /// With the sum of the rows' hashes, which does not depend on their order.
    summed: Vec<(&'c Table, u128)>,
}

impl<'c> Quiet<'c> {
    pub(super) fn read(transaction: &mut Transaction<'_>, plan: &Plan, catalog: &'c Catalog) -> Result<Self> {
        let reached = reached(catalog, touched(plan, catalog));
        let triggers = reached.iter().any(|table| !table.triggers.is_empty());
        let mut quiet = Self { counted: Vec::new(), summed: Vec::new() };
        let behind_triggers = behind_triggers(plan, catalog);
        for table in reached.into_iter().filter(|table| table.kind == TableKind::Base) {
            match transaction.tells(table) {
                // What nobody accepts is counted in all tables together.
                Tells::Total if plan.side.accepted.is_empty() || plan.side.accepted.contains(&table.name) => {}
                Tells::Total if behind_triggers.contains(&&table.name) => {
                    quiet.summed.push((table, sum(transaction, table)?));
                }
                Tells::Nothing => quiet.summed.push((table, sum(transaction, table)?)),
                Tells::NotReplaced if triggers => quiet.counted.push((table, transaction.count(&table.name)?)),
                Tells::Total | Tells::NotReplaced | Tells::All => {}
            }
        }
        Ok(quiet)
    }

    /// Whether the tables changed by the plan's rows and by what the engine told of.
    pub(super) fn compare(&self, transaction: &mut Transaction<'_>, plan: &Plan, old: &Old) -> Result<()> {
        let differs = |table: &Table, how: &str| {
            Err(Error::RolledBack(format!("{}: a trigger or a cascade {how} that the plan does not name", table.name)))
        };
        for (table, before) in &self.counted {
            if transaction.count(&table.name)? != before + transaction.growth(&table.name) {
                return differs(table, "replaces or deletes rows");
            }
        }
        for (table, before) in &self.summed {
            let mut expected = *before;
            for (guard, old) in plan.side.guards.iter().zip(old).filter(|it| it.0.table == table.name) {
                expected = expected.wrapping_sub(hash(old.clone()));
                if let Some(row) = transaction.row(table, &plan::visible(table), &guard.key)? {
                    expected = expected.wrapping_add(hash(row));
                }
            }
            if sum(transaction, table)? != expected {
                return differs(table, "changes rows");
            }
        }
        Ok(())
    }
}

fn sum(transaction: &mut Transaction<'_>, table: &Table) -> Result<u128> {
    let mut sum = 0_u128;
    transaction.each_row(&table.name, &plan::visible(table), &mut |row| sum = sum.wrapping_add(hash(row)))?;
    Ok(sum)
}

fn hash(row: Vec<Value>) -> u128 {
    let digest: [u8; 32] = Sha256::digest(RowKey(row).encoded()).into();
    u128::from_be_bytes(*digest.first_chunk().expect("32 bytes hold 16"))
}

/// Tables that the plan touches.
fn touched<'c>(plan: &Plan, catalog: &'c Catalog) -> Vec<&'c Table> {
    let touched = |table: &&Table| plan.side.guards.iter().any(|guard| guard.table == table.name);
    catalog.tables.iter().filter(touched).collect()
}

/// Names of the tables that triggers on the touched ones can write to, and what hangs on those.
fn behind_triggers<'c>(plan: &Plan, catalog: &'c Catalog) -> Vec<&'c TableName> {
    let triggers = touched(plan, catalog).into_iter().flat_map(|table| &table.triggers);
    let texts: Vec<String> = triggers.map(|trigger| plain(&trigger.sql)).collect();
    let named = |table: &&Table| texts.iter().any(|text| text.contains(&plain(&table.name.name)));
    reached(catalog, catalog.tables.iter().filter(named).collect()).into_iter().map(|table| &table.name).collect()
}

/// These tables, and those that triggers and cascades can lead to from there.
fn reached<'c>(catalog: &'c Catalog, mut reached: Vec<&'c Table>) -> Vec<&'c Table> {
    let mut next = 0;
    while let Some(&table) = reached.get(next) {
        let texts: Vec<String> = table.triggers.iter().map(|trigger| plain(&trigger.sql)).collect();
        for other in &catalog.tables {
            let acts =
                |key: &&crate::catalog::ForeignKey| key.parent == table.name && key.on_delete != Action::Restrict;
            // A name inside a longer word counts as well: one table too many is only looked at in vain.
            let named = || texts.iter().any(|text| text.contains(&plain(&other.name.name)));
            let known = reached.iter().any(|it| it.name == other.name);
            if !known && (other.foreign_keys.iter().any(|key| acts(&key)) || named()) {
                reached.push(other);
            }
        }
        next += 1;
    }
    reached
}

/// A name or a trigger's text without quotes and case, in which names are looked for.
fn plain(sql: &str) -> String {
    sql.chars().filter(|c| !matches!(c, '"' | '\'' | '`' | '[' | ']')).map(|c| c.to_ascii_lowercase()).collect()
}
