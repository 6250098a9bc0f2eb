//! A first policy, from what a scan found: a draft to read, correct and keep. What the scan is not sure of stands
//! there as a comment, so that a false alarm never becomes destruction.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::catalog::{Column, Table, TableKind, TableName, TypeClass};
use crate::finding::{Category, Finding, FindingKind};
use crate::map::Head;
use crate::sensitive::printable;

/// Below this confidence a line is written as a comment.
const SURE: f64 = 0.9;

/// The draft. It passes [`super::Policy::check`] against the head's catalog.
pub fn init(head: &Head) -> String {
    let columns = decisions(head);
    let root = root(head);
    let mut text = format!(
        "# What sanera may do with the personal data of {}.\n# A draft from the scan of {}: read it, correct it, keep it \
         under version control.\n# Lines that are commented out were found with a confidence below {SURE}.\n\nversion = 1\n",
        printable(&head.source.name),
        head.created
    );
    if let Some(root) = root {
        subject(&mut text, head, root);
    }
    for table in order(head, root, &columns) {
        let found = columns.get(&table.name).map_or(&[][..], Vec::as_slice);
        rule(&mut text, table, &draft(head, table, &columns), found);
    }
    text
}

type Decisions<'a> = BTreeMap<&'a TableName, Vec<(&'a Column, &'a Finding)>>;

/// Per table the columns that can lose their values, each with its strongest finding.
fn decisions(head: &Head) -> Decisions<'_> {
    let mut decisions = Decisions::new();
    for table in head.catalog.tables.iter().filter(|table| table.kind == TableKind::Base && table.row_key.is_some()) {
        for column in table.columns.iter().filter(|column| changeable(head, table, column)) {
            let found = head.findings.iter().filter(|it| it.table == table.name && it.column == column.name);
            if let Some(finding) = found.max_by(|a, b| a.confidence.total_cmp(&b.confidence)) {
                decisions.entry(&table.name).or_default().push((column, finding));
            }
        }
    }
    decisions
}

/// Whether either strategy is possible there: neither a key, nor linked, nor computed.
fn changeable(head: &Head, table: &Table, column: &Column) -> bool {
    let in_key = table.row_key.as_ref().is_some_and(|key| key.columns.contains(&column.name));
    let links = table.foreign_keys.iter().any(|key| key.columns.contains(&column.name));
    let linked = head.catalog.children(&table.name).any(|(_, key)| key.parent_columns.contains(&column.name));
    !(column.generated || column.hidden || in_key || links || linked)
}

/// The table with one row per person: typed personal numbers or names, and other tables that point at it.
fn root(head: &Head) -> Option<&Table> {
    let points = |table: &Table| {
        let found = head.findings.iter().filter(|it| it.table == table.name && it.kind == FindingKind::Typed);
        let sure: Vec<Category> = found.filter(|it| it.confidence >= SURE).map(|it| it.category).collect();
        let number = usize::from(sure.contains(&Category::PersonalNumber));
        let name = usize::from(sure.iter().any(|it| {
            matches!(it, Category::PersonName | Category::GivenName | Category::FamilyName | Category::Email)
        }));
        let pointed = head.catalog.children(&table.name).count();
        if identifiers(head, table).is_empty() { 0 } else { (number * 2 + name) * (pointed + 1) }
    };
    let tables = head.catalog.tables.iter().filter(|table| table.kind == TableKind::Base && table.row_key.is_some());
    // The first of equals, so that the order of the catalog decides and not chance.
    tables
        .map(|table| (points(table), table))
        .filter(|(points, _)| *points > 0)
        .rev()
        .max_by_key(|it| it.0)
        .map(|it| it.1)
}

/// Columns of the root that tell who it is. A phone is shared by a household or a club: it points at none of them.
fn identifiers<'a>(head: &'a Head, table: &Table) -> Vec<&'a Finding> {
    let points_at_one =
        |it: &&Finding| matches!(it.category, Category::PersonalNumber | Category::Email | Category::CustomerNumber);
    let typed = |it: &&Finding| it.table == table.name && it.kind == FindingKind::Typed && it.path.is_none();
    head.findings.iter().filter(typed).filter(points_at_one).filter(|it| it.confidence >= SURE).collect()
}

/// The root, tables that hang on it outwards by foreign keys, then other tables with findings.
fn order<'a>(head: &'a Head, root: Option<&'a Table>, columns: &Decisions<'_>) -> Vec<&'a Table> {
    let mut order: Vec<&Table> = root.into_iter().collect();
    let mut next = 0;
    while let Some(table) = order.get(next) {
        for (child, _) in head.catalog.children(&table.name) {
            let usable = child.kind == TableKind::Base && child.row_key.is_some();
            if usable && !order.iter().any(|known| known.name == child.name) {
                order.push(child);
            }
        }
        next += 1;
    }
    let rest = head.catalog.tables.iter().filter(|table| columns.contains_key(&table.name));
    for table in rest {
        if !order.iter().any(|known| known.name == table.name) {
            order.push(table);
        }
    }
    order
}

fn subject(text: &mut String, head: &Head, root: &Table) {
    let list: Vec<String> = identifiers(head, root)
        .iter()
        .map(|it| format!("    {{ column = {}, category = \"{}\" }},\n", quote(&it.column), it.category))
        .collect();
    let name = quote(&root.name.name);
    let mut section =
        String::from("\n# One kind of person: the table with one row each, and the columns that tell who it is.\n");
    writeln!(section, "[[subject]]\nname = {name}\ntable = {name}{}", schema(&root.name)).expect(STRING);
    writeln!(section, "identifiers = [\n{}]", list.concat()).expect(STRING);
    text.push_str(&section);
}

/// What happens to the rows of a table.
enum Draft {
    Delete,
    Anonymise,
    Keep(&'static str),
}

/// Rows without personal data of their own only link the person with something: they go, unless rows below them stay.
fn draft(head: &Head, table: &Table, columns: &Decisions<'_>) -> Draft {
    match columns.get(&table.name) {
        Some(columns) if columns.iter().any(|(column, finding)| doubt(table, column, finding).is_none()) => {
            Draft::Anonymise
        }
        Some(_) => Draft::Keep("no column that is sure and can change, see below"),
        None if stays(head, table, columns, &mut Vec::new()) => Draft::Keep("rows that stay hang on these"),
        None => Draft::Delete,
    }
}

/// Whether a row of the table or below it holds something that is not deleted.
fn stays<'a>(head: &'a Head, table: &'a Table, columns: &Decisions<'_>, seen: &mut Vec<&'a TableName>) -> bool {
    if columns.contains_key(&table.name) || table.row_key.is_none() {
        return true;
    }
    if seen.contains(&&table.name) {
        return false;
    }
    seen.push(&table.name);
    head.catalog.children(&table.name).any(|(child, _)| stays(head, child, columns, seen))
}

/// Why a column stands there as a comment only.
fn doubt(table: &Table, column: &Column, finding: &Finding) -> Option<&'static str> {
    let alone = table.unique.iter().any(|key| key.columns == [column.name.as_str()]);
    if !column.nullable && alone {
        return Some(
            "NOT NULL and unique, so neither NULL nor one constant fits: delete the rows, or change the schema",
        );
    }
    if finding.path.is_some() {
        return Some("stands inside structured data, of which the whole would go");
    }
    (finding.confidence < SURE).then_some("not sure")
}

/// One table and its columns.
fn rule(text: &mut String, table: &Table, draft: &Draft, columns: &[(&Column, &Finding)]) {
    let name = quote(&table.name.name);
    let erase = match draft {
        Draft::Delete => "\"delete\"".to_owned(),
        Draft::Anonymise => "\"anonymise\"".to_owned(),
        Draft::Keep(reason) => format!("\"keep\"\nreason = {}", quote(reason)),
    };
    writeln!(text, "\n[[table]]\nname = {name}{}\nerase = {erase}", schema(&table.name)).expect(STRING);
    for (column, finding) in columns {
        let strategy = if column.nullable { "\"null\"".to_owned() } else { constant(column) };
        let section = format!(
            "[[column]]  # confidence {:.2}\ntable = {name}{}\ncolumn = {}\ncategory = \"{}\"\nstrategy = {strategy}\n",
            finding.confidence,
            schema(&table.name),
            quote(&column.name),
            finding.category
        );
        let doubt = doubt(table, column, finding);
        let mark = if doubt.is_some() { "# " } else { "" };
        text.push('\n');
        if let Some(doubt) = doubt {
            writeln!(text, "# {doubt}").expect(STRING);
        }
        for line in section.lines() {
            writeln!(text, "{mark}{line}").expect(STRING);
        }
    }
}

const STRING: &str = "writing to a string cannot fail";

fn constant(column: &Column) -> String {
    let number =
        matches!(column.type_class, TypeClass::Integer | TypeClass::Real | TypeClass::Decimal | TypeClass::Boolean);
    if number {
        return "\"constant\"\nvalue = 0".to_owned();
    }
    match column.type_class {
        TypeClass::Date => return "\"constant\"\nvalue = \"1900-01-01\"".to_owned(),
        TypeClass::Timestamp => return "\"constant\"\nvalue = \"1900-01-01 00:00:00\"".to_owned(),
        _ => {}
    }
    let length = column.length.and_then(|length| usize::try_from(length).ok()).unwrap_or(usize::MAX);
    let word: String = "Anonymiserad".chars().take(length).collect();
    format!("\"constant\"\nvalue = {}", quote(&word))
}

fn schema(name: &TableName) -> String {
    name.schema.as_ref().map_or_else(String::new, |schema| format!("\nschema = {}", quote(schema)))
}

/// A TOML basic string on one line: names may hold anything, and a line break would end a comment.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => write!(quoted, "\\u{:04X}", u32::from(c)).expect(STRING),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Action, Catalog, ForeignKey, Key};
    use crate::map::{ReadInfo, SourceInfo};
    use crate::policy::{Erase, Policy};

    fn column(name: &str, nullable: bool) -> Column {
        Column {
            name: name.into(),
            declared_type: "TEXT".into(),
            type_class: TypeClass::Text,
            nullable,
            length: None,
            has_default: false,
            generated: false,
            ..Column::default()
        }
    }

    fn table(name: &str, columns: Vec<Column>, parents: &[&str]) -> Table {
        let key = Key { columns: vec!["id".into()] };
        let link = |parent: &&str| ForeignKey {
            columns: vec![format!("{parent}_id")],
            parent: TableName::plain(*parent),
            parent_columns: vec!["id".into()],
            on_delete: Action::Restrict,
        };
        let mut all = vec![column("id", false)];
        all.extend(parents.iter().map(|parent| column(&format!("{parent}_id"), true)));
        all.extend(columns);
        Table {
            name: TableName::plain(name),
            kind: TableKind::Base,
            columns: all,
            row_key: Some(key.clone()),
            unique: vec![key],
            foreign_keys: parents.iter().map(link).collect(),
            triggers: vec![],
            has_checks: false,
            rows_estimate: None,
            ..Table::default()
        }
    }

    fn finding(table: &str, column: &str, category: Category, confidence: f64) -> Finding {
        Finding {
            table: TableName::plain(table),
            column: column.into(),
            path: None,
            category,
            confidence,
            log_odds: 0.0,
            cells: 9,
            cells_with_hits: 9,
            hits: 9,
            distinct: 9,
            kind: FindingKind::Typed,
            evidence: vec![],
            samples: vec![],
        }
    }

    fn head() -> Head {
        let hostile = "no\"te\n[[table]]\n\\";
        let tables = vec![
            table("bokning", vec![column("ort", true)], &["kund"]),
            table("faktura", vec![column("namn", false), column(hostile, true)], &["kund"]),
            table("grupp_kund", vec![], &["kund"]),
            table("kund", vec![column("pnr", true), column("epost", false)], &[]),
            table("rad", vec![column("text", true)], &["faktura"]),
        ];
        Head {
            sanera: "0.1.0".into(),
            created: "2026-11-21T12:00:00Z".into(),
            source: SourceInfo { engine: "sqlite".into(), name: "sqlite:shop.db".into(), fingerprint: String::new() },
            rules: String::new(),
            read: ReadInfo::default(),
            catalog: Catalog { tables },
            findings: vec![
                finding("kund", "pnr", Category::PersonalNumber, 0.99),
                finding("kund", "epost", Category::Email, 0.98),
                finding("faktura", "namn", Category::PersonName, 0.95),
                finding("faktura", hostile, Category::PersonName, 0.6),
                finding("bokning", "ort", Category::City, 0.7),
            ],
            unreadable: vec![],
            not_text: vec![],
            places: BTreeMap::new(),
        }
    }

    #[test]
    fn the_draft_fits_the_catalog_it_came_from() {
        let head = head();
        let text = init(&head);
        let policy = Policy::parse("policy.toml", text.clone()).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let problems = policy.check(&head.catalog);
        assert!(problems.is_empty(), "{}\n{text}", problems.render());
        assert_eq!(policy.subjects.len(), 1);
        assert_eq!(policy.subjects[0].table.get_ref(), &TableName::plain("kund"));
        let erase = |name: &str| policy.table(&TableName::plain(name)).map(|rule| rule.erase.clone());
        assert_eq!(erase("kund"), Some(Erase::Anonymise));
        assert_eq!(erase("faktura"), Some(Erase::Anonymise));
        assert_eq!(erase("grupp_kund"), Some(Erase::Delete));
        assert_eq!(erase("rad"), Some(Erase::Delete));
        assert!(matches!(erase("bokning"), Some(Erase::Keep(_))));
    }

    #[test]
    fn doubtful_columns_are_comments() {
        let policy = Policy::parse("policy.toml", init(&head())).expect("fits");
        let columns: Vec<&str> = policy.columns.iter().map(|rule| rule.column.get_ref().as_str()).collect();
        assert_eq!(columns, ["pnr", "epost", "namn"]);
        assert!(init(&head()).contains("# [[column]]  # confidence 0.70"));
    }
}
