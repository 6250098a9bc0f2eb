//! Every statement is parsed again before it is written and before it runs: it must be what its step says.

use serde::{Deserialize, Serialize};
use sqlparser::ast::{FromTable, ObjectName, ObjectType, Statement, TableFactor, TableObject, TableWithJoins};
use sqlparser::parser::Parser;

use crate::catalog::TableName;
use crate::db::Dialect;
use crate::{Error, Result};

/// What a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Makes a temporary table for keys.
    Stage,
    /// Puts a key there.
    Fill,
    /// New values for rows.
    Update,
    /// Rows go.
    Delete,
    /// The temporary table goes.
    Unstage,
}

/// Whether the text is one statement of that kind on that table, and names its rows.
pub fn check(dialect: Dialect, kind: Kind, table: &TableName, sql: &str) -> Result<()> {
    let wrong = |what: &str| Err(Error::Refused(format!("a statement on {table} is not what its step says: {what}")));
    let Ok(statements) = Parser::parse_sql(&*dialect.parser(), sql) else { return wrong("it can't be parsed") };
    let [statement] = &statements[..] else { return wrong("it is not one statement") };
    match (kind, statement) {
        (Kind::Update, Statement::Update(update)) => {
            if update.selection.is_none() {
                return wrong("it has no WHERE");
            }
            let plain = update.from.is_none() && update.returning.is_none() && update.limit.is_none();
            if plain && only(&update.table, table) { Ok(()) } else { wrong("another table") }
        }
        (Kind::Delete, Statement::Delete(delete)) => {
            if delete.selection.is_none() {
                return wrong("it has no WHERE");
            }
            let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
            let plain = delete.using.is_none() && delete.tables.is_empty() && delete.limit.is_none();
            match &from[..] {
                [from] if plain && only(from, table) => Ok(()),
                _ => wrong("another table"),
            }
        }
        (Kind::Stage, Statement::CreateTable(create)) if create.temporary && create.query.is_none() => {
            let ours = matches!(parts(&create.name)[..], [name] if name.starts_with(super::render::STAGING));
            if ours { Ok(()) } else { wrong("another table") }
        }
        (Kind::Fill, Statement::Insert(insert)) if matches!(&insert.table, TableObject::TableName(name) if staged(dialect, name)) => {
            Ok(())
        }
        (Kind::Unstage, Statement::Drop { object_type: ObjectType::Table, names, temporary, .. })
            if names.iter().all(|name| staged(dialect, name)) =>
        {
            // Without the word, MariaDB would commit.
            if *temporary || dialect != Dialect::Mysql { Ok(()) } else { wrong("it would commit") }
        }
        _ => wrong("another kind of statement"),
    }
}

/// Whether nothing but comments stands between the statements, so that a reader sees all that runs, and nothing else.
pub fn check_between(sql: &str, statements: &[(usize, usize)]) -> Result<()> {
    let wrong = || Error::Refused("the plan's SQL holds more than its steps".into());
    let comments = |text: &str| text.lines().all(|line| line.is_empty() || line.starts_with("--"));
    let mut at = 0;
    for (start, end) in statements {
        let before = sql.get(at..*start).ok_or_else(wrong)?;
        let statement = sql.get(*start..*end).ok_or_else(wrong)?;
        let hidden = statement
            .chars()
            .any(|c| c != '\n' && crate::sensitive::printable(c.encode_utf8(&mut [0; 4])) != c.to_string());
        if !comments(before) || hidden || statement.lines().any(|line| line.starts_with("--")) {
            return Err(wrong());
        }
        at = end + ";\n".len();
        if sql.get(*end..at) != Some(";\n") {
            return Err(wrong());
        }
    }
    if comments(sql.get(at..).ok_or_else(wrong)?) { Ok(()) } else { Err(wrong()) }
}

fn only(from: &TableWithJoins, table: &TableName) -> bool {
    matches!(&from.relation, TableFactor::Table { name, .. } if from.joins.is_empty() && named(name, table))
}

fn parts(name: &ObjectName) -> Vec<&str> {
    name.0.iter().filter_map(|part| part.as_ident()).map(|ident| ident.value.as_str()).collect()
}

fn named(name: &ObjectName, table: &TableName) -> bool {
    let wanted: Vec<&str> = table.schema.iter().map(String::as_str).chain([table.name.as_str()]).collect();
    name.0.len() == wanted.len() && parts(name) == wanted
}

/// Whether this is one of our temporary tables, by the dialect's own name for them.
fn staged(dialect: Dialect, name: &ObjectName) -> bool {
    let ours = |table: &str| table.starts_with(super::render::STAGING);
    match (dialect, &parts(name)[..]) {
        (Dialect::Sqlite, ["temp", table]) | (Dialect::Postgres, ["pg_temp", table]) | (Dialect::Mysql, [table]) => {
            ours(table)
        }
        _ => false,
    }
}
