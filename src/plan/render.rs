//! The SQL file: a header that says what will happen and why, then numbered steps.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;

use super::gather::{Person, Row};
use super::side::{Guard, Run, Side, guard_hash};
use super::{Action, Kind, Plan, Request, Step, Verdict, called, statement};
use crate::Result;
use crate::catalog::{MARKER, Table};
use crate::db::Dialect;
use crate::sensitive::printable;
use crate::value::{RowKey, Value};

/// Temporary tables for keys begin with this.
pub(super) const STAGING: &str = "sanera_keys_";
/// More keys than this stand in a temporary table.
const MOST_KEYS: usize = 200;
/// Numbers from here on could be personal numbers or dates, whatever their column is called.
const SMALL: i64 = 10_000_000;
const STRING: &str = "writing to a string cannot fail";

pub(super) fn render(
    request: &Request<'_>,
    person: &Person,
    steps: &[Step],
    defer: bool,
    verdict: &Verdict,
    dialect: Dialect,
) -> Result<Plan> {
    let mut writer =
        Writer { request, person, dialect, sql: header(request, person, steps, verdict, dialect), runs: Vec::new() };
    if defer {
        writer.sql.push_str("-- Foreign keys are checked before COMMIT: these rows point at each other.\n\n");
    }
    for (index, step) in steps.iter().enumerate() {
        writer.step(index + 1, step)?;
    }
    let (sql, runs) = (writer.sql, writer.runs);
    let statements: Vec<(usize, usize)> = runs.iter().map(|run| (run.start, run.end)).collect();
    statement::check_between(&sql, &statements)?;
    let sql_hash = hash(&sql);
    let side = Side {
        sql_hash,
        fingerprint: request.catalog.fingerprint(),
        catalog: request.catalog.clone(),
        defer,
        runs,
        guards: guards(request, person, steps),
        fans: person.fans.clone(),
        accepted: accepted(request),
        personal: personal(request),
        effect: verdict.effect.clone(),
        residue: dialect.residue().to_owned(),
        unreachable: dialect.unreachable().iter().map(|it| (*it).to_owned()).collect(),
    };
    Ok(Plan { sql, side })
}

/// SHA-256 of a plan's SQL.
pub(crate) fn hash(sql: &str) -> String {
    use sha2::{Digest, Sha256};
    crate::secret::hex(&Sha256::digest(sql))
}

fn accepted(request: &Request<'_>) -> Vec<crate::catalog::TableName> {
    let rules = request.policy.tables.iter().filter(|rule| rule.accept_trigger_rows);
    rules.map(|rule| rule.name.get_ref().clone()).collect()
}

/// Columns that the policy or the search says hold personal data.
fn personal(request: &Request<'_>) -> Vec<(crate::catalog::TableName, Vec<String>)> {
    let tables = request.catalog.tables.iter().enumerate();
    let columns = |table: usize| {
        let described = &request.catalog.tables[table];
        let names = described.columns.iter().map(|column| column.name.clone());
        names.filter(|column| personal_column(request, table, column)).collect::<Vec<_>>()
    };
    tables.map(|(table, it)| (it.name.clone(), columns(table))).filter(|it| !it.1.is_empty()).collect()
}

fn personal_column(request: &Request<'_>, table: usize, column: &str) -> bool {
    let name = called(request.catalog, table);
    let identifies = request
        .policy
        .subjects
        .iter()
        .filter(|kind| kind.table.get_ref() == name)
        .any(|kind| kind.identifiers.iter().any(|it| it.column.get_ref() == column));
    identifies
        || request.policy.columns_of(name).any(|rule| rule.column.get_ref() == column)
        || request.answer.places.iter().any(|it| it.table == *name && it.column == column)
}

/// Whether any of these keys could tell who somebody is. Then they stand in the side file only.
pub(super) fn personal_key(request: &Request<'_>, table: usize, keys: &[&RowKey]) -> bool {
    let described = &request.catalog.tables[table];
    let small = |value: &Value| matches!(value, Value::Integer(number) if (-SMALL..SMALL).contains(number));
    let columns = described.row_key.as_ref().map_or(&[][..], |key| &key.columns);
    columns.iter().any(|column| {
        let mut parents = described.foreign_keys.iter().filter_map(|key| {
            let here = key.columns.iter().position(|it| it == column);
            here.and_then(|at| key.parent_columns.get(at)).map(|parent| (&key.parent, parent))
        });
        let through = parents.any(|(parent, column)| {
            let parent = request.catalog.tables.iter().position(|it| it.name == *parent);
            parent.is_some_and(|parent| personal_column(request, parent, column))
        });
        through || personal_column(request, table, column)
    }) || !keys.iter().all(|key| key.0.iter().all(small))
}

fn guards(request: &Request<'_>, person: &Person, steps: &[Step]) -> Vec<Guard> {
    let mut touched: BTreeMap<usize, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        for row in &step.rows {
            touched.entry(*row).or_default().push(step);
        }
    }
    let mut guards = Vec::new();
    for (index, touching) in touched {
        let row = &person.rows[index];
        let deleted = touching.iter().any(|it| it.action == Action::Delete);
        let updated = touching.iter().any(|it| it.action != Action::Delete);
        let after = if deleted { Vec::new() } else { touching.iter().flat_map(|it| it.set.clone()).collect() };
        let table = called(request.catalog, row.table).clone();
        let hash = guard_hash(request.key, &table, &row.key, &row.cells);
        guards.push(Guard { table, key: row.key.clone(), hash, updated, deleted, after });
    }
    guards
}

struct Writer<'a> {
    request: &'a Request<'a>,
    person: &'a Person,
    dialect: Dialect,
    sql: String,
    runs: Vec<Run>,
}

impl Writer<'_> {
    fn step(&mut self, number: usize, step: &Step) -> Result<()> {
        let table = &self.request.catalog.tables[step.table];
        legible(table, step)?;
        let rows: Vec<&Row> = step.rows.iter().map(|index| &self.person.rows[*index]).collect();
        let keys: Vec<&RowKey> = rows.iter().map(|row| &row.key).collect();
        let columns = table.row_key.as_ref().map_or(&[][..], |key| &key.columns);
        writeln!(
            self.sql,
            "-- {number}. {}: {} of {}, {}",
            verb(step.action),
            rows_of(keys.len()),
            table.name,
            step.why
        )
        .expect(STRING);
        let staged = keys.len() > MOST_KEYS;
        let hidden = staged || personal_key(self.request, step.table, &keys);
        let staging = format!("{STAGING}{number}");
        let condition = if staged {
            self.stage(number, step.table, &staging, &keys)?;
            self.staged(&staging, columns)
        } else {
            self.condition(table, &keys, hidden)
        };
        let name = self.dialect.table(&table.name);
        let (kind, sql) = if step.action == Action::Delete {
            (Kind::Delete, format!("DELETE FROM {name}\nWHERE {condition}"))
        } else {
            let set =
                step.set.iter().map(|it| format!("{} = {}", self.dialect.quote(&it.0), self.dialect.literal(&it.1)));
            let set = set.collect::<Vec<_>>().join(",\n    ");
            (Kind::Update, format!("{} {name}\nSET {set}\nWHERE {condition}", self.dialect.update()))
        };
        let parameters = if hidden && !staged { keys.iter().flat_map(|key| key.0.clone()).collect() } else { vec![] };
        self.statement(number, kind, step.table, &sql, vec![parameters], keys.len() as u64)?;
        if staged {
            let drop = format!("{} {}", self.dialect.drop_temporary(), self.dialect.temporary(&staging));
            self.statement(number, Kind::Unstage, step.table, &drop, vec![vec![]], 0)?;
        }
        self.sql.push('\n');
        Ok(())
    }

    /// A temporary table with the keys of the side file.
    fn stage(&mut self, number: usize, table: usize, staging: &str, keys: &[&RowKey]) -> Result<()> {
        let width = keys.first().map_or(1, |key| key.0.len());
        let described = &self.request.catalog.tables[table];
        let key_columns = described.row_key.iter().flat_map(|key| &key.columns).map(|name| described.column(name));
        let types = key_columns.map(|column| column.and_then(|column| self.dialect.key_type(column)));
        let columns: Vec<String> = (1..)
            .zip(types)
            .map(|(it, of)| {
                format!("{}{}", self.dialect.quote(&format!("k{it}")), of.map_or(String::new(), |of| format!(" {of}")))
            })
            .collect();
        let create = format!("CREATE TEMPORARY TABLE {} ({})", self.dialect.quote(staging), columns.join(", "));
        self.statement(number, Kind::Stage, table, &create, vec![vec![]], 0)?;
        let places: Vec<String> = (1..=width).map(|it| self.dialect.placeholder(it)).collect();
        writeln!(self.sql, "-- once for each of the {} keys in the side file", keys.len()).expect(STRING);
        let fill = format!("INSERT INTO {} VALUES ({})", self.dialect.temporary(staging), places.join(", "));
        let parameters = keys.iter().map(|key| key.0.clone()).collect();
        self.statement(number, Kind::Fill, table, &fill, parameters, 0)
    }

    fn staged(&self, staging: &str, columns: &[String]) -> String {
        let keys: Vec<String> = (1..=columns.len()).map(|it| self.dialect.quote(&format!("k{it}"))).collect();
        let columns: Vec<String> = columns.iter().map(|it| self.dialect.quote(it)).collect();
        let left = if columns.len() == 1 { columns.concat() } else { format!("({})", columns.join(", ")) };
        format!("{left} IN (SELECT {} FROM {})", keys.join(", "), self.dialect.temporary(staging))
    }

    /// `"id" IN (17, 23)`, or for keys of several columns the combinations.
    fn condition(&self, table: &Table, keys: &[&RowKey], hidden: bool) -> String {
        let columns = table.row_key.as_ref().map_or(&[][..], |key| &key.columns);
        let mut number = 0;
        let mut shown = |(name, value): (&String, &Value)| {
            number += 1;
            match table.column(name) {
                Some(column) if hidden => self.dialect.parameter(number, column),
                _ => self.dialect.literal(value),
            }
        };
        if let [column] = columns {
            let values: Vec<String> =
                keys.iter().filter_map(|key| key.0.first()).map(|value| shown((column, value))).collect();
            return format!("{} IN ({})", self.dialect.quote(column), values.join(", "));
        }
        let rows: Vec<String> = keys
            .iter()
            .map(|key| {
                let equal =
                    columns.iter().zip(&key.0).map(|it| format!("{} = {}", self.dialect.quote(it.0), shown(it)));
                format!("({})", equal.collect::<Vec<_>>().join(" AND "))
            })
            .collect();
        rows.join("\n   OR ")
    }

    fn statement(
        &mut self,
        step: usize,
        kind: Kind,
        table: usize,
        sql: &str,
        parameters: Vec<Vec<Value>>,
        rows: u64,
    ) -> Result<()> {
        let table = called(self.request.catalog, table).clone();
        statement::check(self.dialect, kind, &table, sql)?;
        let start = self.sql.len();
        self.sql.push_str(sql);
        let end = self.sql.len();
        self.sql.push_str(";\n");
        self.runs.push(Run { step, kind, table, start, end, parameters, rows });
        Ok(())
    }
}

/// SQL has no way to write a control character in a name other than itself: a line break in a name could show the
/// reader of the plan a comment or a statement that is none.
fn legible(table: &Table, step: &Step) -> Result<()> {
    let keys = table.row_key.iter().flat_map(|key| &key.columns);
    let mut names = [&table.name.name].into_iter().chain(keys).chain(step.set.iter().map(|it| &it.0));
    match names.find(|name| printable(name) != **name) {
        Some(name) => super::refused(format!(
            "the name {} in table {} holds control characters, with which a plan can't be read safely; rename it",
            printable(name),
            table.name
        )),
        None => Ok(()),
    }
}

fn verb(action: Action) -> &'static str {
    match action {
        Action::Unlink => "Unlink",
        Action::Anonymise => "Anonymise",
        Action::Delete => "Delete",
        Action::Keep => "Keep",
    }
}

fn rows_of(rows: usize) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

fn header(request: &Request<'_>, person: &Person, steps: &[Step], verdict: &Verdict, dialect: Dialect) -> String {
    let mut text = format!(
        "-- sanera {} plan: erase one person\n--\n-- subject      {}\n-- database     {}\n-- catalog      {}\n-- map          {}\n\
         -- policy       {} ({})\n-- made at      {}\n-- parameters   {} … stand in the encrypted side file\n--\n\
         -- Run it with `sanera apply`: it checks that every row is as it was seen, compares what\n\
         -- changed with this plan, and rolls back if anything differs.\n--\n-- Effect\n",
        env!("CARGO_PKG_VERSION"),
        verdict.subject,
        printable(request.source),
        request.catalog.fingerprint(),
        printable(request.map),
        request.policy.file,
        request.policy.digest(),
        request.at,
        dialect.placeholder(1),
    );
    let mut line = |line: String| writeln!(text, "--   {line}").expect(STRING);
    for effect in &verdict.effect {
        let rows = usize::try_from(effect.rows).unwrap_or(usize::MAX);
        line(format!("{:<10} {} of {}", verb(effect.action).to_lowercase(), rows_of(rows), effect.table));
    }
    for rule in &request.policy.tables {
        let kept =
            verdict.effect.iter().any(|it| it.action == Action::Keep && it.table == rule.name.get_ref().to_string());
        if let (true, crate::policy::Erase::Keep(reason)) = (kept, &rule.erase) {
            line(format!("{} is kept: {}", rule.name.get_ref(), printable(reason)));
        }
    }
    for (table, rows) in unnamed(request, person) {
        line(format!("not touched: {rows} in {table}, which the policy does not name"));
    }
    for (table, rows) in &person.shared {
        line(format!("not touched: {rows} in {table}, since other people use them"));
    }
    for ((table, column), cells) in left(person, steps) {
        line(format!("left in {table}.{}: {cells} with a searched identifier", printable(column)));
    }
    text.push_str("--\n-- Creates\n");
    writeln!(text, "--   table {MARKER}, unless it is there: which plans were applied, and when").expect(STRING);
    triggers(&mut text, request, steps);
    writeln!(
        text,
        "--\n-- Locks\n--   {}\n--\n-- Stays behind until `sanera apply --purge`\n--   {}\n-- Stays behind in any case\n--   {}\n",
        dialect.locks(),
        dialect.residue(),
        dialect.unreachable().join("\n--   ")
    )
    .expect(STRING);
    text
}

/// Cells with a searched identifier that no step reaches: texts of others, columns that the policy does not name,
/// rows that are kept, tables without a key, full-text tables with content of their own.
fn left<'p>(person: &'p Person, steps: &[Step]) -> BTreeMap<(&'p crate::catalog::TableName, &'p str), u64> {
    let reached: HashSet<(usize, Option<&str>)> = steps
        .iter()
        .flat_map(|step| {
            let columns: Vec<Option<&str>> = match step.action {
                Action::Delete => vec![None],
                _ => step.set.iter().map(|it| Some(it.0.as_str())).collect(),
            };
            step.rows.iter().flat_map(move |row| columns.clone().into_iter().map(move |column| (*row, column)))
        })
        .collect();
    let mut left = BTreeMap::new();
    for place in &person.places {
        let reached =
            |row: usize| reached.contains(&(row, None)) || reached.contains(&(row, Some(place.column.as_str())));
        if !place.row.is_some_and(reached) {
            *left.entry((&place.table, place.column.as_str())).or_default() += 1;
        }
    }
    left
}

/// The person's rows in tables that the policy does not name.
fn unnamed<'a>(request: &Request<'a>, person: &Person) -> BTreeMap<&'a crate::catalog::TableName, u64> {
    let mut rows = BTreeMap::new();
    for row in person.rows.iter().filter(|row| !row.foreign) {
        let name = called(request.catalog, row.table);
        if request.policy.table(name).is_none() {
            *rows.entry(name).or_default() += 1;
        }
    }
    rows
}

fn triggers(text: &mut String, request: &Request<'_>, steps: &[Step]) {
    let touched = |table: usize| steps.iter().any(|step| step.table == table);
    let tables =
        request.catalog.tables.iter().enumerate().filter(|(table, it)| touched(*table) && !it.triggers.is_empty());
    for (number, (_, table)) in tables.enumerate() {
        if number == 0 {
            text.push_str("--\n-- Triggers that run\n");
        }
        let names: Vec<String> = table.triggers.iter().map(|trigger| printable(&trigger.name)).collect();
        writeln!(text, "--   {}: {}", table.name, names.join(", ")).expect(STRING);
    }
}
