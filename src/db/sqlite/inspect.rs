//! The catalog of a SQLite file, from its pragmas.

use rusqlite::Connection;
use sqlparser::dialect::SQLiteDialect;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::Sqlite;
use crate::Result;
use crate::catalog::{Action, Catalog, Column, ForeignKey, Key, Table, TableKind, TableName, Trigger, TypeClass};
use crate::finding::Unreadable;
use crate::sensitive::printable;

/// Tables, views, virtual tables and their shadows, by name. SQLite's own tables are left out.
const TABLES: &str = "\
    SELECT l.name, l.type, l.wr, coalesce(s.sql, '')
    FROM pragma_table_list l LEFT JOIN sqlite_schema s ON s.type IN ('table', 'view') AND s.name = l.name
    WHERE l.schema = 'main' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY l.name";

/// Columns in order; `hidden` is 1 for a virtual table's hidden column, 2 and 3 for generated ones.
const COLUMNS: &str = "SELECT name, type, \"notnull\", dflt_value IS NOT NULL, pk, hidden FROM pragma_table_xinfo(?1)";

/// Unique indexes, the primary key's first.
const INDEXES: &str = "\
    SELECT name, origin, partial FROM pragma_index_list(?1) WHERE \"unique\"
    ORDER BY origin <> 'pk', name";

/// The columns of an index; NULL where it is an expression.
const INDEX_COLUMNS: &str = "SELECT name FROM pragma_index_xinfo(?1) WHERE key ORDER BY seqno";

/// Foreign keys, a row per column.
const FOREIGN_KEYS: &str = "\
    SELECT id, \"table\", \"from\", \"to\", on_delete FROM pragma_foreign_key_list(?1) ORDER BY id, seq";

/// Triggers of a table.
const TRIGGERS: &str = "\
    SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE ORDER BY name";

/// Virtual tables whose rows SQLite itself can read without foreign code.
const READABLE_MODULES: [&str; 3] = ["fts5", "fts4", "fts3"];

impl Sqlite {
    pub(in crate::db) fn inspect(&mut self) -> Result<Catalog> {
        read_catalog(&self.connection).map_err(|error| self.failed("reading the catalog", &error))
    }
}

/// Virtual tables that only their own module can read: it would be foreign code.
pub(in crate::db) fn unreadable(catalog: &Catalog) -> Vec<Unreadable> {
    let foreign = catalog.tables.iter().filter(|table| table.kind == TableKind::Foreign);
    let reason = |table: &Table| {
        let module = table.detail.as_deref().map(printable).unwrap_or_default();
        format!("a virtual table of the module {module}, which is not read; look at what it holds by hand")
    };
    foreign.map(|it| Unreadable { table: it.name.clone(), column: None, reason: reason(it) }).collect()
}

/// One line of [`TABLES`].
struct Listed {
    name: String,
    kind: String,
    without_rowid: bool,
    sql: String,
}

fn read_catalog(db: &Connection) -> rusqlite::Result<Catalog> {
    let listed = db
        .prepare(TABLES)?
        .query_map([], |row| {
            Ok(Listed { name: row.get(0)?, kind: row.get(1)?, without_rowid: row.get(2)?, sql: text(row, 3)? })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut tables = listed.iter().map(|table| read_table(db, table)).collect::<rusqlite::Result<Vec<_>>>()?;
    resolve_foreign_keys(&mut tables);
    Ok(Catalog { tables })
}

fn read_table(db: &Connection, listed: &Listed) -> rusqlite::Result<Table> {
    let module = virtual_module(&listed.sql);
    let (kind, detail) = match listed.kind.as_str() {
        "view" => (TableKind::View, None),
        "shadow" => (TableKind::Shadow, None),
        "virtual" if READABLE_MODULES.contains(&module.as_str()) => (TableKind::Virtual, Some(module)),
        "virtual" => (TableKind::Foreign, Some(module)),
        _ if listed.without_rowid => (TableKind::Base, Some(super::WITHOUT_ROWID.to_owned())),
        _ => (TableKind::Base, None),
    };
    let name = &listed.name;
    // The columns of a virtual table whose module is not here, or of a broken view, can't be known.
    let columns = match read_columns(db, name) {
        Err(_) if kind != TableKind::Base => Vec::new(),
        columns => columns?,
    };
    let (unique, row_key) = if kind == TableKind::Base { read_keys(db, listed, &columns)? } else { (vec![], None) };
    Ok(Table {
        name: TableName::plain(name),
        kind,
        columns: columns.into_iter().map(|(column, _)| column).collect(),
        row_key,
        unique,
        foreign_keys: read_foreign_keys(db, name)?,
        triggers: read_triggers(db, name)?,
        has_checks: listed.sql.to_ascii_lowercase().contains("check"),
        detail,
        ..Table::default()
    })
}

/// Text that may be invalid UTF-8 in a damaged or hostile schema.
fn text(row: &rusqlite::Row<'_>, index: usize) -> rusqlite::Result<String> {
    Ok(match row.get_ref(index)? {
        rusqlite::types::ValueRef::Text(bytes) => crate::cells::decode(bytes).into_owned(),
        _ => String::new(),
    })
}

/// `CREATE VIRTUAL TABLE x USING fts5(…)` -> `fts5`, in lower case. The module's own words may be no SQL: what can be
/// read up to there is enough.
fn virtual_module(sql: &str) -> String {
    let mut tokens = Vec::new();
    Tokenizer::new(&SQLiteDialect {}, sql).tokenize_with_location_into_buf(&mut tokens).ok();
    let mut words = tokens.into_iter().map(|it| it.token).filter(|token| !matches!(token, Token::Whitespace(_)));
    words.find(|token| matches!(token, Token::Word(word) if word.keyword == Keyword::USING));
    match words.next() {
        Some(Token::Word(module)) => module.value.to_ascii_lowercase(),
        Some(Token::SingleQuotedString(module) | Token::DoubleQuotedString(module)) => module.to_ascii_lowercase(),
        _ => String::new(),
    }
}

/// Columns, each with its position in the primary key (0 where it is not in it).
fn read_columns(db: &Connection, table: &str) -> rusqlite::Result<Vec<(Column, i64)>> {
    let mut statement = db.prepare_cached(COLUMNS)?;
    let rows = statement.query_map([table], |row| {
        let declared_type = text(row, 1)?;
        let hidden: i64 = row.get(5)?;
        let column = Column {
            name: text(row, 0)?,
            type_class: type_class(&declared_type),
            length: declared_length(&declared_type),
            declared_type,
            nullable: !row.get::<_, bool>(2)?,
            has_default: row.get(3)?,
            generated: hidden >= 2,
            hidden: hidden == 1,
            ..Column::default()
        };
        Ok((column, row.get(4)?))
    })?;
    rows.collect()
}

/// What a declared type says; the order of the questions is SQLite's own for affinity (datatype3.html, section 3.1),
/// after the names that it does not know.
fn type_class(declared: &str) -> TypeClass {
    let upper = declared.to_ascii_uppercase();
    let has = |part: &str| upper.contains(part);
    match upper.as_str() {
        "" => TypeClass::Other,
        _ if has("JSON") => TypeClass::Json,
        _ if has("BOOL") => TypeClass::Boolean,
        _ if has("TIME") => TypeClass::Timestamp,
        _ if has("DATE") => TypeClass::Date,
        _ if has("INT") => TypeClass::Integer,
        _ if has("CHAR") || has("CLOB") || has("TEXT") => TypeClass::Text,
        _ if has("BLOB") => TypeClass::Bytes,
        _ if has("REAL") || has("FLOA") || has("DOUB") => TypeClass::Real,
        _ if has("DEC") || has("NUM") || has("MONEY") => TypeClass::Decimal,
        _ => TypeClass::Other,
    }
}

/// `VARCHAR(50)` -> 50.
fn declared_length(declared: &str) -> Option<u64> {
    let (_, after) = declared.split_once('(')?;
    after.split([')', ',']).next()?.trim().parse().ok()
}

/// Unique keys, and the one that names a row.
fn read_keys(db: &Connection, table: &Listed, columns: &[(Column, i64)]) -> rusqlite::Result<(Vec<Key>, Option<Key>)> {
    let mut primary: Vec<&(Column, i64)> = columns.iter().filter(|(_, position)| *position > 0).collect();
    primary.sort_by_key(|(_, position)| *position);
    let primary = Key { columns: primary.iter().map(|(column, _)| column.name.clone()).collect() };
    let mut unique = if primary.columns.is_empty() { Vec::new() } else { vec![primary] };
    let indexes = db
        .prepare_cached(INDEXES)?
        .query_map([&table.name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<Vec<(String, String, bool)>>>()?;
    for (index, origin, partial) in indexes {
        let names = db
            .prepare_cached(INDEX_COLUMNS)?
            .query_map([index], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<Option<String>>>>()?;
        if let (false, "u" | "c", Some(columns)) = (partial, origin.as_str(), names.into_iter().collect()) {
            unique.push(Key { columns });
        }
    }
    let never_null = |key: &&Key| {
        key.columns.iter().all(|name| columns.iter().any(|(column, _)| column.name == *name && !column.nullable))
    };
    // A primary key names rows even where SQLite lets NULL in; such a row then has no key of its own.
    let has_primary = columns.iter().any(|(_, position)| *position > 0);
    let row_key = if has_primary { unique.first().cloned() } else { unique.iter().find(never_null).cloned() };
    Ok((unique, row_key))
}

fn read_foreign_keys(db: &Connection, table: &str) -> rusqlite::Result<Vec<ForeignKey>> {
    let mut statement = db.prepare_cached(FOREIGN_KEYS)?;
    let mut rows = statement.query([table])?;
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        if keys.last().is_none_or(|(last, _)| *last != id) {
            let on_delete = match text(row, 4)?.as_str() {
                "CASCADE" => Action::Cascade,
                "SET NULL" => Action::SetNull,
                "SET DEFAULT" => Action::SetDefault,
                _ => Action::Restrict,
            };
            let parent = TableName::plain(text(row, 1)?);
            keys.push((id, ForeignKey { columns: vec![], parent, parent_columns: vec![], on_delete }));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.columns.push(text(row, 2)?);
            key.parent_columns.extend(row.get::<_, Option<String>>(3)?);
        }
    }
    Ok(keys.into_iter().map(|(_, key)| key).collect())
}

/// Spells parents as the catalog does (SQLite compares names without case), fills in the parent's primary key where
/// none was written, and drops keys whose parent does not exist.
fn resolve_foreign_keys(tables: &mut [Table]) {
    let known: Vec<(TableName, Vec<String>, Vec<String>)> = tables
        .iter()
        .map(|table| {
            let primary = table.unique.first().map(|key| key.columns.clone()).unwrap_or_default();
            (table.name.clone(), primary, table.columns.iter().map(|column| column.name.clone()).collect())
        })
        .collect();
    for table in tables {
        let own: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
        table.foreign_keys.retain_mut(|key| {
            let Some((name, primary, columns)) =
                known.iter().find(|(name, _, _)| name.name.eq_ignore_ascii_case(&key.parent.name))
            else {
                return false;
            };
            key.parent = name.clone();
            if key.parent_columns.is_empty() {
                key.parent_columns.clone_from(primary);
            }
            spell(&mut key.parent_columns, columns);
            spell(&mut key.columns, &own);
            key.parent_columns.len() == key.columns.len()
        });
    }
}

fn spell(names: &mut [String], columns: &[String]) {
    for name in names {
        if let Some(column) = columns.iter().find(|column| column.eq_ignore_ascii_case(name)) {
            name.clone_from(column);
        }
    }
}

fn read_triggers(db: &Connection, table: &str) -> rusqlite::Result<Vec<Trigger>> {
    let mut statement = db.prepare_cached(TRIGGERS)?;
    let rows = statement.query_map([table], |row| Ok(Trigger { name: text(row, 0)?, sql: text(row, 1)? }))?;
    rows.collect()
}
