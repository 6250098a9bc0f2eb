//! Does the policy fit the database? Names must exist, and each strategy must be possible in its column.

use std::collections::HashSet;
use std::ops::Range;

use toml::Spanned;

use super::{ColumnRule, Erase, Policy, Strategy, SubjectKind, TableRule};
use crate::catalog::{Catalog, Column, Table, TableKind, TableName, TypeClass};
use crate::problem::{Problems, nearest};
use crate::sensitive::printable;
use crate::value::Value;

impl Policy {
    /// Everything in the policy that does not fit this catalog.
    pub fn check<'a>(&'a self, catalog: &Catalog) -> Problems<'a> {
        let mut problems = Problems::new(&self.file, &self.source);
        let mut check = Check { policy: self, catalog, problems: &mut problems };
        for kind in &self.subjects {
            check.subject(kind);
        }
        for rule in &self.tables {
            check.table(rule);
        }
        for rule in &self.columns {
            check.column(rule);
        }
        check.twice(self.subjects.iter().map(|kind| (kind.name.get_ref().clone(), kind.name.span())));
        check.twice(self.tables.iter().map(|rule| (rule.name.get_ref().to_string(), rule.name.span())));
        check.twice(self.columns.iter().map(|rule| {
            (format!("{}.{}", rule.table.get_ref(), printable(rule.column.get_ref())), rule.column.span())
        }));
        problems
    }
}

struct Check<'a, 'p> {
    policy: &'a Policy,
    catalog: &'a Catalog,
    problems: &'a mut Problems<'p>,
}

impl<'a> Check<'a, '_> {
    fn subject(&mut self, kind: &SubjectKind) {
        let Some(table) = self.known_table(&kind.table) else { return };
        for identifier in &kind.identifiers {
            self.known_column(table, &identifier.column);
        }
        if self.policy.table(&table.name).is_none() {
            self.missing_rule(&table.name, kind.table.span());
        }
    }

    fn table(&mut self, rule: &TableRule) {
        let Some(table) = self.known_table(&rule.name) else { return };
        if table.row_key.is_none() {
            let message = format!("table {} has no key, so that no row of it can be named", table.name);
            self.problems.add_hint(
                rule.name.span(),
                message,
                "give it a primary key, or a unique key over NOT NULL columns",
            );
        }
        if rule.erase == Erase::Anonymise && self.policy.columns_of(&table.name).next().is_none() {
            let message = format!("table {} is anonymised, but no column of it is named", table.name);
            self.problems.add_hint(rule.name.span(), message, "add a [[column]] for each column that loses its values");
        }
    }

    fn column(&mut self, rule: &ColumnRule) {
        let Some(table) = self.known_table(&rule.table) else { return };
        if self.policy.table(&table.name).is_none() {
            self.missing_rule(&table.name, rule.table.span());
        }
        let Some(column) = self.known_column(table, &rule.column) else { return };
        let objection = links(rule.strategy.get_ref(), self.catalog, table, column)
            .or_else(|| fits(rule.strategy.get_ref(), table, column));
        if let Some((message, hint)) = objection {
            self.problems.add_hint(rule.strategy.span(), message, hint);
        }
    }

    fn missing_rule(&mut self, table: &TableName, span: Range<usize>) {
        let message = format!("the policy does not say what happens to rows of {table}");
        self.problems.add_hint(
            span,
            message,
            format!("add [[table]] name = \"{}\" with erase", printable(&table.name)),
        );
    }

    fn known_table(&mut self, name: &Spanned<TableName>) -> Option<&'a Table> {
        let wanted = name.get_ref();
        match self.catalog.table(wanted) {
            Some(table) if table.kind == TableKind::Base => return Some(table),
            Some(_) => {
                let message = format!("{wanted} is a view or a virtual table");
                self.problems.add_hint(name.span(), message, "name the table behind it");
            }
            None => {
                let names = self.catalog.tables.iter().map(|table| table.name.name.as_str());
                let hint = near_hint(&wanted.name, names, "`sanera report` shows the tables");
                self.problems.add_hint(name.span(), format!("there is no table {wanted}"), hint);
            }
        }
        None
    }

    fn known_column(&mut self, table: &'a Table, name: &Spanned<String>) -> Option<&'a Column> {
        let column = table.column(name.get_ref());
        if column.is_none() {
            let names = table.columns.iter().map(|column| column.name.as_str());
            let hint = near_hint(name.get_ref(), names, "`sanera report` shows the columns");
            let message = format!("table {} has no column {}", table.name, printable(name.get_ref()));
            self.problems.add_hint(name.span(), message, hint);
        }
        column
    }

    fn twice(&mut self, names: impl Iterator<Item = (String, Range<usize>)>) {
        let mut seen = HashSet::new();
        for (name, span) in names {
            if !seen.insert(name.clone()) {
                self.problems.add(span, format!("{} stands here a second time", printable(&name)));
            }
        }
    }
}

fn near_hint<'n>(name: &str, known: impl Iterator<Item = &'n str>, otherwise: &str) -> String {
    nearest(name, known).map_or_else(|| otherwise.to_owned(), |near| format!("did you mean \"{}\"?", printable(near)))
}

type Objection = (String, &'static str);

/// Keys hold rows together: neither end of a link may get a value of its own.
fn links(strategy: &Strategy, catalog: &Catalog, table: &Table, column: &Column) -> Option<Objection> {
    let name = format!("{}.{}", table.name, printable(&column.name));
    if table.row_key.as_ref().is_some_and(|key| key.columns.contains(&column.name)) {
        return Some((format!("{name} names the row and can't change"), "delete the rows instead"));
    }
    if catalog.children(&table.name).any(|(_, key)| key.parent_columns.contains(&column.name)) {
        return Some((format!("foreign keys point at {name}"), "delete the rows instead, or remove the column here"));
    }
    let linked = table.foreign_keys.iter().any(|key| key.columns.contains(&column.name));
    if linked && *strategy != Strategy::Null {
        return Some((format!("{name} is a foreign key and can't hold a constant"), "write strategy = \"null\""));
    }
    None
}

/// NOT NULL, computed columns, type and length.
fn fits(strategy: &Strategy, table: &Table, column: &Column) -> Option<Objection> {
    let name = format!("{}.{}", table.name, printable(&column.name));
    if column.generated {
        return Some((format!("{name} is computed by the database"), "name the columns it is computed from"));
    }
    match strategy {
        Strategy::Null if !column.nullable => {
            Some((format!("{name} is NOT NULL"), "write strategy = \"constant\" with a value"))
        }
        Strategy::Constant(Value::Text(text)) => text_fits(&name, text, column),
        Strategy::Constant(Value::Integer(_) | Value::Real(_)) if column.type_class == TypeClass::Text => {
            Some((format!("{name} holds text, and the constant is a number"), "write the value in quotes"))
        }
        _ => None,
    }
}

fn text_fits(name: &str, text: &[u8], column: &Column) -> Option<Objection> {
    if matches!(column.type_class, TypeClass::Integer | TypeClass::Real | TypeClass::Decimal | TypeClass::Boolean) {
        return Some((format!("{name} holds numbers, and the constant is a text"), "write a number without quotes"));
    }
    let characters = u64::try_from(String::from_utf8_lossy(text).chars().count()).unwrap_or(u64::MAX);
    let length = column.length.filter(|length| characters > *length)?;
    Some((format!("{name} holds {length} characters, the constant has {characters}"), "write a shorter value"))
}
