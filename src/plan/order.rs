//! The order of the steps: links first, then new values, then deletions, children before parents.

use std::collections::{BTreeMap, BTreeSet};

use super::decide::{Decided, new_values, nullable};
use super::gather::Person;
use super::{Action, Request, Step, called};
use crate::value::{RowKey, Value};

/// The steps, and whether foreign keys must wait for the end of the transaction.
pub(super) fn order(request: &Request<'_>, person: &Person, decided: &Decided) -> (Vec<Step>, bool) {
    let mut unlink = decided.unlink.clone();
    let (deletions, defer) = deletions(request, person, decided, &mut unlink);
    let mut steps = Vec::new();
    for ((table, columns), rows) in unlink {
        steps.push(Step {
            table,
            action: Action::Unlink,
            set: columns.into_iter().map(|column| (column, Value::Null)).collect(),
            rows: rows.into_iter().collect(),
            why: "links to rows that go".into(),
        });
    }
    for (&table, rows) in &decided.anonymise {
        let why = format!("{} stays, without the person", called(request.catalog, table));
        steps.push(Step { table, action: Action::Anonymise, set: new_values(request, table), rows: rows.clone(), why });
    }
    for table in deletions {
        let rows = decided.delete[&table].clone();
        steps.push(Step {
            table,
            action: Action::Delete,
            set: vec![],
            rows,
            why: "rows that are only about the person".into(),
        });
    }
    for step in &mut steps {
        step.rows.sort_by(|a, b| compare(&person.rows[*a].key.0, &person.rows[*b].key.0));
    }
    (steps, defer)
}

/// Tables with rows that go, children first. A circle is opened at a link that can become NULL; where there is none,
/// foreign keys must be deferred.
fn deletions(
    request: &Request<'_>,
    person: &Person,
    decided: &Decided,
    unlink: &mut BTreeMap<(usize, Vec<String>), BTreeSet<usize>>,
) -> (Vec<usize>, bool) {
    // (child, parent, foreign key) with the child rows.
    let mut edges: BTreeMap<(usize, usize, usize), BTreeSet<usize>> = BTreeMap::new();
    for link in &person.links {
        let (child, parent) = (person.rows[link.child].table, person.rows[link.parent].table);
        let both = decided.delete.contains_key(&child) && decided.delete.contains_key(&parent);
        if both && !person.rows[link.child].foreign && link.child != link.parent {
            edges.entry((child, parent, link.key)).or_default().insert(link.child);
        }
    }
    let (mut order, mut defer) = (Vec::new(), false);
    let mut left: BTreeSet<usize> = decided.delete.keys().copied().collect();
    while !left.is_empty() {
        edges.retain(|edge, _| left.contains(&edge.0) && left.contains(&edge.1));
        let free = left.iter().copied().find(|table| !edges.keys().any(|edge| edge.1 == *table));
        if let Some(table) = free {
            left.remove(&table);
            order.push(table);
            continue;
        }
        let open = edges.keys().copied().find_map(|edge| {
            let table = &request.catalog.tables[edge.0];
            nullable(table, &table.foreign_keys[edge.2]).map(|columns| (edge, columns))
        });
        let Some((edge, columns)) = open else {
            defer = true;
            order.extend(left);
            break;
        };
        let rows = edges.remove(&edge).unwrap_or_default();
        unlink.entry((edge.0, columns)).or_default().extend(rows);
    }
    (order, defer)
}

/// Numbers by their value, everything else by its bytes: the same order every time.
fn compare(a: &[Value], b: &[Value]) -> std::cmp::Ordering {
    let bytes = |value: &Value| RowKey(vec![value.clone()]).encoded();
    let one = |(a, b): (&Value, &Value)| {
        if let (Value::Integer(a), Value::Integer(b)) = (a, b) { a.cmp(b) } else { bytes(a).cmp(&bytes(b)) }
    };
    a.iter().zip(b).map(one).find(|it| it.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
}
