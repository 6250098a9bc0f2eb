//! The catalog of a MariaDB or MySQL server, from `information_schema`, in a fixed number of queries however many tables
//! there are. All columns are read as bytes of UTF-8, since MySQL 8 gives some of them binary types.

use std::collections::BTreeMap;

use super::Mysql;
use crate::Result;
use crate::catalog::{Action, Catalog, Column, ForeignKey, Key, Table, TableKind, TableName, Trigger, TypeClass};
use crate::db::Dialect;
use crate::db::server::{groups, name_rows};
use crate::value::Value;

/// Every query is about these databases: OURS is replaced by a condition on the schema.
const TABLES: &str = "\
    SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_ROWS, DATA_LENGTH, TABLE_COMMENT \
    FROM information_schema.TABLES WHERE TABLE_SCHEMA OURS ORDER BY 1, 2";

const COLUMNS: &str = "\
    SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, DATA_TYPE, IS_NULLABLE, CHARACTER_MAXIMUM_LENGTH, \
        COLUMN_DEFAULT IS NOT NULL AND COLUMN_DEFAULT <> 'NULL' OR EXTRA LIKE '%auto_increment%', \
        COALESCE(GENERATION_EXPRESSION, '') <> '', COLLATION_NAME, COLUMN_COMMENT \
    FROM information_schema.COLUMNS WHERE TABLE_SCHEMA OURS ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION";

/// A row per column of a unique index. A part of a column has its length; an expression has no column.
const UNIQUE: &str = "\
    SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS \
    WHERE NON_UNIQUE = 0 AND TABLE_SCHEMA OURS \
    ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX";

const FOREIGN_KEYS: &str = "\
    SELECT k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_SCHEMA, \
        k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME, r.DELETE_RULE \
    FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r \
        ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME \
        AND r.TABLE_NAME = k.TABLE_NAME \
    WHERE k.REFERENCED_TABLE_NAME IS NOT NULL AND k.TABLE_SCHEMA OURS \
    ORDER BY k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION";

const TRIGGERS: &str = "\
    SELECT EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE, TRIGGER_NAME, \
        CONCAT(ACTION_TIMING, ' ', EVENT_MANIPULATION), ACTION_STATEMENT \
    FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA OURS ORDER BY 1, 2, ACTION_ORDER, 3";

/// What triggers can call.
const ROUTINES: &str = "\
    SELECT ROUTINE_NAME, ROUTINE_DEFINITION FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA OURS ORDER BY 1, 2";

const CHECKS_MARIADB: &str = "\
    SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS \
    WHERE CONSTRAINT_SCHEMA OURS";

const CHECKS_MYSQL: &str = "\
    SELECT c.CONSTRAINT_SCHEMA, t.TABLE_NAME, c.CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS c \
    JOIN information_schema.TABLE_CONSTRAINTS t \
        ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME \
    WHERE t.CONSTRAINT_TYPE = 'CHECK' AND c.CONSTRAINT_SCHEMA OURS";

/// Engines whose rows stand elsewhere, come from other tables, or do not stand anywhere.
const FOREIGN: [&str; 8] =
    ["FEDERATED", "CONNECT", "SPIDER", "MRG_MYISAM", "BLACKHOLE", "OQGRAPH", "SPHINX", "NDBINFO"];

/// What stands behind [`Table::detail`]'s engine where old rows are kept when they change or go.
pub(super) const VERSIONED: &str = ", system versioned";

type Tables = BTreeMap<TableName, Table>;

impl Mysql {
    pub(in crate::db) fn inspect(&mut self) -> Result<Catalog> {
        let listed = self.about_ours(TABLES)?;
        // A sequence is a table of one row that holds no data.
        let listed = listed.iter().filter(|row| row[2] != "SEQUENCE");
        let mut tables: Tables = listed.map(|row| (name(row), table(row))).collect();
        for row in self.about_ours(COLUMNS)? {
            if let Some(table) = tables.get_mut(&name(&row)) {
                table.columns.push(column(&row));
            }
        }
        for index in groups(&self.about_ours(UNIQUE)?, 2) {
            add_unique(&mut tables, index);
        }
        let checks = if self.mariadb { CHECKS_MARIADB } else { CHECKS_MYSQL };
        for row in self.about_ours(checks)? {
            if let Some(table) = tables.get_mut(&name(&row)) {
                table.has_checks = true;
                mark_json(table, &row[2]);
            }
        }
        for key in groups(&self.about_ours(FOREIGN_KEYS)?, 2) {
            let foreign_key = foreign_key(key, &tables);
            if let Some(table) = tables.get_mut(&name(&key[0])) {
                table.foreign_keys.push(foreign_key);
            }
        }
        let routines = self.about_ours(ROUTINES)?;
        for row in self.about_ours(TRIGGERS)? {
            if let Some(table) = tables.get_mut(&name(&row)) {
                table.triggers.push(trigger(&row, &routines));
            }
        }
        tables.values_mut().for_each(name_rows);
        let catalog = Catalog { tables: tables.into_values().collect() };
        self.remember(&catalog);
        Ok(catalog)
    }

    /// Runs a query about the URL's database, or about all but the server's own where it names none.
    pub(super) fn about_ours(&mut self, sql: &str) -> Result<Vec<Vec<String>>> {
        let ours = match &self.database {
            Some(name) => format!("= {}", Dialect::Mysql.literal(&Value::text(name))),
            None => "NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')".to_owned(),
        };
        self.texts(&sql.replace("OURS", &ours))
    }
}

/// The first two columns of every query that is about tables.
pub(super) fn name(row: &[String]) -> TableName {
    TableName { schema: Some(row[0].clone()), name: row[1].clone() }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn table(row: &[String]) -> Table {
    let [_, _, listed, engine, rows, bytes, comment] = row else { return Table::default() };
    let view = matches!(listed.as_str(), "VIEW" | "SYSTEM VIEW");
    let kind = match engine.to_ascii_uppercase() {
        _ if view => TableKind::View,
        engine if FOREIGN.contains(&engine.as_str()) => TableKind::Foreign,
        _ => TableKind::Base,
    };
    let versioned = if listed == "SYSTEM VERSIONED" { VERSIONED } else { "" };
    Table {
        name: name(row),
        kind,
        rows_estimate: rows.parse().ok(),
        bytes_estimate: bytes.parse().ok(),
        detail: some(engine).map(|engine| engine + versioned),
        comment: some(comment).filter(|_| !view),
        ..Table::default()
    }
}

fn column(row: &[String]) -> Column {
    let [_, _, name, declared, data_type, nullable, length, has_default, generated, collation, comment] = row else {
        return Column::default();
    };
    let type_class = type_class(data_type, declared);
    Column {
        name: name.clone(),
        declared_type: declared.clone(),
        type_class,
        nullable: nullable == "YES",
        length: length.parse().ok().filter(|_| type_class == TypeClass::Text),
        has_default: has_default == "1",
        generated: generated == "1",
        // What is INVISIBLE is only not in SELECT *, which nobody here writes.
        hidden: false,
        // Always told: a table's and a database's default differ, and keys are compared by it.
        collation: some(collation),
        comment: some(comment),
    }
}

/// By the name in `DATA_TYPE`. Numbers that are shown with leading zeros, or that can exceed 64 bits with a sign, travel
/// as text.
fn type_class(name: &str, declared: &str) -> TypeClass {
    let is = |what: &str| declared.to_ascii_lowercase().contains(what);
    match name.to_ascii_lowercase().as_str() {
        "tinyint" if is("tinyint(1)") => TypeClass::Boolean,
        "bit" if is("bit(1)") => TypeClass::Boolean,
        "bigint" if is("unsigned") => TypeClass::Decimal,
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" if is("zerofill") => TypeClass::Decimal,
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => TypeClass::Integer,
        "float" | "double" | "real" => TypeClass::Real,
        "decimal" | "numeric" => TypeClass::Decimal,
        "date" => TypeClass::Date,
        "datetime" | "timestamp" => TypeClass::Timestamp,
        "json" => TypeClass::Json,
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" => TypeClass::Text,
        "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => TypeClass::Bytes,
        _ => TypeClass::Other,
    }
}

/// MariaDB's JSON is text with a check that it is JSON.
fn mark_json(table: &mut Table, clause: &str) {
    let clause = clause.to_ascii_lowercase();
    for column in table.columns.iter_mut().filter(|column| column.type_class == TypeClass::Text) {
        let quoted = Dialect::Mysql.quote(&column.name).to_ascii_lowercase();
        if clause == format!("json_valid({quoted})") {
            (column.type_class, column.length) = (TypeClass::Json, None);
        }
    }
}

/// A unique index; over parts of columns or over expressions it names no row.
fn add_unique(tables: &mut Tables, index: &[Vec<String>]) {
    let Some(table) = tables.get_mut(&name(&index[0])) else { return };
    let whole = index.iter().all(|row| !row[3].is_empty() && row[4].is_empty());
    let columns = index.iter().filter(|row| !row[3].is_empty()).map(|row| row[3].clone()).collect();
    if whole { &mut table.unique } else { &mut table.partly_unique }.push(Key { columns });
}

fn foreign_key(rows: &[Vec<String>], tables: &Tables) -> ForeignKey {
    let first = &rows[0];
    let parent = TableName { schema: Some(first[4].clone()), name: first[5].clone() };
    // Names of tables are compared without case on some servers, those of columns on all.
    let same = |known: &&Table| {
        known.name.to_string().to_lowercase() == parent.to_string().to_lowercase() && known.kind == TableKind::Base
    };
    let found = tables.get(&parent).or_else(|| tables.values().find(same));
    let respelt = |table: Option<&Table>, column: &String| {
        let spelt = table.and_then(|table| table.columns.iter().find(|it| it.name.eq_ignore_ascii_case(column)));
        spelt.map_or_else(|| column.clone(), |it| it.name.clone())
    };
    ForeignKey {
        columns: rows.iter().map(|row| respelt(tables.get(&name(row)), &row[3])).collect(),
        parent_columns: rows.iter().map(|row| respelt(found, &row[6])).collect(),
        parent: found.map_or(parent.clone(), |table| table.name.clone()),
        on_delete: match first[7].as_str() {
            "CASCADE" => Action::Cascade,
            "SET NULL" => Action::SetNull,
            "SET DEFAULT" => Action::SetDefault,
            _ => Action::Restrict,
        },
    }
}

/// A trigger with the bodies of all routines that it can call, which tell what it touches.
fn trigger(row: &[String], routines: &[Vec<String>]) -> Trigger {
    let mut sql = format!("{}\n{}", row[3], row[4]);
    let mut left: Vec<&Vec<String>> = routines.iter().collect();
    while let Some(at) = left.iter().position(|routine| sql.to_lowercase().contains(&routine[0].to_lowercase())) {
        let called = left.swap_remove(at);
        sql.push('\n');
        sql.push_str(&called[1]);
    }
    Trigger { name: row[2].clone(), sql }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|&cell| cell.to_owned()).collect()
    }

    #[test]
    fn types_are_told_by_what_their_values_need() {
        for (name, declared, class) in [
            ("int", "int(11)", TypeClass::Integer),
            ("int", "int(10) unsigned", TypeClass::Integer),
            ("int", "int(10) unsigned zerofill", TypeClass::Decimal),
            ("bigint", "bigint(20)", TypeClass::Integer),
            ("bigint", "bigint(20) unsigned", TypeClass::Decimal),
            ("tinyint", "tinyint(1)", TypeClass::Boolean),
            ("tinyint", "tinyint(4)", TypeClass::Integer),
            ("bit", "bit(8)", TypeClass::Other),
            ("enum", "enum('int','text')", TypeClass::Other),
            ("longtext", "longtext", TypeClass::Text),
            ("uuid", "uuid", TypeClass::Other),
        ] {
            assert_eq!(type_class(name, declared), class, "{declared}");
        }
    }

    #[test]
    fn foreign_keys_are_spelt_as_the_catalog_spells_them() {
        let kund = row(&["Bok", "Kund", "BASE TABLE", "InnoDB", "1", "1", ""]);
        let mut parent = table(&kund);
        parent.columns.push(Column { name: "Id".into(), ..Column::default() });
        let tables = Tables::from([(parent.name.clone(), parent)]);
        let key = foreign_key(&[row(&["bok", "order", "fk", "kund", "bok", "kund", "ID", "SET NULL"])], &tables);
        assert_eq!(key.parent, name(&kund));
        assert_eq!((key.parent_columns, key.on_delete), (vec!["Id".to_owned()], Action::SetNull));
    }

    #[test]
    fn a_trigger_brings_what_it_calls() {
        let routines = [row(&["skriv", "CALL logga()"]), row(&["logga", "INSERT INTO logg"]), row(&["annat", "x"])];
        let sql = trigger(&row(&["", "", "t", "AFTER UPDATE", "CALL `SKRIV`()"]), &routines).sql;
        assert_eq!(sql, "AFTER UPDATE\nCALL `SKRIV`()\nCALL logga()\nINSERT INTO logg");
    }

    #[test]
    fn json_of_mariadb_is_known_by_its_check() {
        let mut table = Table::default();
        table.columns.push(Column { name: "Data".into(), type_class: TypeClass::Text, ..Column::default() });
        mark_json(&mut table, "json_valid(`other`)");
        assert_eq!(table.columns[0].type_class, TypeClass::Text);
        mark_json(&mut table, "json_valid(`Data`)");
        assert_eq!(table.columns[0].type_class, TypeClass::Json);
    }
}
