//! From TOML to a policy: shape, known keys and values. All problems at once; the catalog is not known here.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{ColumnRule, Erase, IdentifierColumn, Policy, Strategy, SubjectKind, TableRule};
use crate::Result;
use crate::catalog::TableName;
use crate::finding::Category;
use crate::problem::{Problems, nearest};
use crate::value::Value;

/// Reads the whole file, or tells all that is wrong with it.
pub(super) fn read(file: &str, source: String) -> Result<Policy> {
    let (subjects, tables, columns) = read_text(file, &source)?;
    Ok(Policy { file: file.to_owned(), source, subjects, tables, columns })
}

fn read_text(file: &str, source: &str) -> Result<(Vec<SubjectKind>, Vec<TableRule>, Vec<ColumnRule>)> {
    let mut problems = Problems::new(file, source);
    let (root, errors) = DeTable::parse_recoverable(source);
    for error in &errors {
        problems.add(error.span().unwrap_or(0..0), error.message());
    }
    let mut top = Section::new(root.get_ref(), 0..0, "the policy", &mut problems);
    top.known(&["version", "subject", "table", "column"]);
    top.version();
    let subjects = top.sections("subject", subject);
    let tables = top.sections("table", table);
    let columns = top.sections("column", column);
    problems.into_result()?;
    // Without problems every entry was read.
    Ok((
        subjects.into_iter().flatten().collect(),
        tables.into_iter().flatten().collect(),
        columns.into_iter().flatten().collect(),
    ))
}

fn subject(section: &mut Section<'_, '_, '_>) -> Option<SubjectKind> {
    section.known(&["name", "table", "schema", "identifiers"]);
    let name = section.text("name");
    let table = section.table_name("table");
    let identifiers = section.sections("identifiers", |section| {
        section.known(&["column", "category"]);
        let (column, category) = (section.text("column"), section.category());
        Some(IdentifierColumn { column: column?, category: category? })
    });
    if identifiers.is_empty() {
        section.problem("identifiers", "a subject needs at least one identifier", IDENTIFIERS);
    }
    Some(SubjectKind { name: name?, table: table?, identifiers: identifiers.into_iter().flatten().collect() })
}

const IDENTIFIERS: &str = "write identifiers = [{ column = \"pnr\", category = \"personal_number\" }]";

fn table(section: &mut Section<'_, '_, '_>) -> Option<TableRule> {
    section.known(&["name", "schema", "erase", "reason", "accept_trigger_rows"]);
    let name = section.table_name("name");
    let accept_trigger_rows = section.truth("accept_trigger_rows");
    let erase = section.choice("erase", &["delete", "anonymise", "keep"]);
    let has_reason = section.table.contains_key("reason");
    let erase = match erase?.get_ref().as_str() {
        "keep" => Erase::Keep(section.text("reason")?.into_inner()),
        _ if has_reason => {
            section.problem(
                "reason",
                "only erase = \"keep\" has a reason",
                "remove the line, or write it as a comment",
            );
            return None;
        }
        "delete" => Erase::Delete,
        _ => Erase::Anonymise,
    };
    Some(TableRule { name: name?, erase, accept_trigger_rows })
}

fn column(section: &mut Section<'_, '_, '_>) -> Option<ColumnRule> {
    section.known(&["table", "schema", "column", "category", "strategy", "value"]);
    let (table, column, category) = (section.table_name("table"), section.text("column"), section.category());
    let choice = section.choice("strategy", &["null", "constant"])?;
    let strategy = if choice.get_ref() == "constant" {
        Strategy::Constant(section.constant()?)
    } else if section.table.contains_key("value") {
        section.problem("value", "the strategy null has no value", "remove it, or write strategy = \"constant\"");
        return None;
    } else {
        Strategy::Null
    };
    Some(ColumnRule {
        table: table?,
        column: column?,
        category: category?,
        strategy: Spanned::new(choice.span(), strategy),
    })
}

/// One table of the file, and where its problems go.
struct Section<'a, 'i, 'p> {
    table: &'a DeTable<'i>,
    span: Range<usize>,
    what: &'static str,
    problems: &'a mut Problems<'p>,
}

impl<'a, 'i, 'p> Section<'a, 'i, 'p> {
    fn new(table: &'a DeTable<'i>, span: Range<usize>, what: &'static str, problems: &'a mut Problems<'p>) -> Self {
        Self { table, span, what, problems }
    }

    /// Every key that is not one of these is a problem.
    fn known(&mut self, known: &[&'static str]) {
        for key in self.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let name = crate::sensitive::printable(key.get_ref());
            let hint = match nearest(&name, known.iter().copied()) {
                Some(near) => format!("did you mean '{near}'?"),
                None => format!("known here: {}", known.join(", ")),
            };
            self.problems.add_hint(key.span(), format!("unknown key '{name}' in {}", self.what), hint);
        }
    }

    fn problem(&mut self, key: &str, message: &str, hint: &str) {
        let span = self.table.get(key).map_or(self.span.clone(), Spanned::span);
        self.problems.add_hint(span, message, hint);
    }

    fn version(&mut self) {
        let number = self.table.get("version").map(|value| value.get_ref().as_integer().map(ToString::to_string));
        match number.flatten().as_deref() {
            Some("1") => {}
            None => self.problem("version", "the policy does not say its version", "write version = 1 on top"),
            Some(_) => self.problem(
                "version",
                "this version of the policy file is not known",
                "this sanera reads version 1; a newer sanera may read it",
            ),
        }
    }

    /// The text under `key`, which must be there and not empty.
    fn text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let Some(value) = self.table.get(key) else {
            self.problems.add(self.span.clone(), format!("{} needs '{key}'", self.what));
            return None;
        };
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Some(Spanned::new(value.span(), text.to_owned())),
            Some(_) => {
                self.problems.add(value.span(), format!("'{key}' is empty"));
                None
            }
            None => {
                self.problems.add_hint(value.span(), format!("'{key}' must be a text"), "write it in quotes");
                None
            }
        }
    }

    fn table_name(&mut self, key: &'static str) -> Option<Spanned<TableName>> {
        let name = self.text(key)?;
        let schema = if self.table.contains_key("schema") { Some(self.text("schema")?.into_inner()) } else { None };
        Some(Spanned::new(name.span(), TableName { schema, name: name.into_inner() }))
    }

    fn choice(&mut self, key: &'static str, choices: &[&'static str]) -> Option<Spanned<String>> {
        let text = self.text(key)?;
        if choices.contains(&text.get_ref().as_str()) {
            return Some(text);
        }
        let hint = match nearest(text.get_ref(), choices.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("known: {}", choices.join(", ")),
        };
        self.problems.add_hint(text.span(), format!("unknown {key}"), hint);
        None
    }

    fn category(&mut self) -> Option<Category> {
        let text = self.text("category")?;
        let category = text.get_ref().parse().ok();
        if category.is_none() {
            let hint = match nearest(text.get_ref(), Category::ALL.iter().map(|category| category.name())) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => "`sanera rules list` shows all categories".to_owned(),
            };
            self.problems.add_hint(text.span(), "unknown category", hint);
        }
        category
    }

    fn truth(&mut self, key: &'static str) -> bool {
        let Some(value) = self.table.get(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.problems.add(value.span(), format!("'{key}' must be true or false"));
            false
        })
    }

    /// The constant's value: text, a whole number or a float.
    fn constant(&mut self) -> Option<Value> {
        let Some(value) = self.table.get("value") else {
            self.problem("value", "the strategy constant needs 'value'", "for example value = \"Anonymiserad\"");
            return None;
        };
        let constant = match value.get_ref() {
            DeValue::String(text) if !text.chars().any(char::is_control) => Some(Value::text(text.as_ref())),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(Value::Integer),
            DeValue::Float(number) => {
                number.as_str().parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Real)
            }
            _ => None,
        };
        if constant.is_none() {
            let message = "'value' must be a text without control characters, a whole number or a decimal number";
            self.problems.add(value.span(), message);
        }
        constant
    }

    /// Reads each table of the array under `key`; none if it is not there.
    fn sections<T>(&mut self, key: &'static str, mut read: impl FnMut(&mut Section<'_, 'i, 'p>) -> T) -> Vec<T> {
        let Some(value) = self.table.get(key) else { return Vec::new() };
        let Some(entries) = value.get_ref().as_array() else {
            self.problems.add_hint(
                value.span(),
                format!("'{key}' must be a list of tables"),
                format!("write [[{key}]]"),
            );
            return Vec::new();
        };
        let mut list = Vec::new();
        for entry in entries {
            match entry.get_ref().as_table() {
                Some(table) => list.push(read(&mut Section::new(table, entry.span(), key, self.problems))),
                None => self.problems.add(entry.span(), format!("each entry of '{key}' must be a table")),
            }
        }
        list
    }
}
