//! The catalog of a PostgreSQL database, in a fixed number of queries however many tables there are.

use std::collections::BTreeMap;

use super::Postgres;
use crate::Result;
use crate::catalog::{Action, Catalog, Column, ForeignKey, Key, Table, TableKind, TableName, Trigger, TypeClass};
use crate::db::server::{groups, name_rows};

/// Every query of this file is about these: tables, views and foreign tables outside the system's own schemas.
macro_rules! ours {
    ($class:literal, $kinds:literal) => {
        concat!(
            $class,
            ".relkind IN (",
            $kinds,
            ") AND ",
            $class,
            ".relnamespace IN (SELECT oid FROM pg_namespace \
             WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')"
        )
    };
}

const TABLES: &str = concat!(
    "SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition, \
        greatest(c.reltuples, -1)::int8, c.relpages::int8 * current_setting('block_size')::int8, \
        pn.nspname, p.relname, obj_description(c.oid, 'pg_class'), \
        EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c') \
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     LEFT JOIN LATERAL (SELECT inhparent FROM pg_inherits WHERE inhrelid = c.oid ORDER BY inhseqno LIMIT 1) i ON true \
     LEFT JOIN pg_class p ON p.oid = i.inhparent LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE ",
    ours!("c", "'r','p','v','m','f'"),
    " ORDER BY n.nspname COLLATE \"C\", c.relname COLLATE \"C\""
);

/// The type's base is that of its domain, through as many domains as there are.
const COLUMNS: &str = concat!(
    "WITH RECURSIVE base(oid, base) AS ( \
        SELECT oid, oid FROM pg_type WHERE typtype <> 'd' UNION ALL \
        SELECT d.oid, b.base FROM pg_type d JOIN base b ON d.typbasetype = b.oid WHERE d.typtype = 'd') \
     SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), t.typname, t.typtype, a.attnotnull, \
        CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END, \
        a.atthasdef OR a.attidentity <> '', a.attgenerated <> '', \
        CASE WHEN a.attcollation <> y.typcollation THEN l.collname END, col_description(a.attrelid, a.attnum) \
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type y ON y.oid = a.atttypid \
     JOIN base b ON b.oid = a.atttypid JOIN pg_type t ON t.oid = b.base LEFT JOIN pg_collation l ON l.oid = a.attcollation \
     WHERE a.attnum > 0 AND NOT a.attisdropped AND ",
    ours!("c", "'r','p','v','m','f'"),
    " ORDER BY a.attrelid, a.attnum"
);

/// A row per column of a unique index; for one that is partial or over expressions, a row per column it looks at.
const UNIQUE: &str = concat!(
    "SELECT x.indrelid, x.indexrelid, x.indisprimary, partly, a.attname \
     FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid \
     CROSS JOIN LATERAL (SELECT x.indpred IS NOT NULL OR x.indexprs IS NOT NULL AS partly) q \
     CROSS JOIN LATERAL ( \
        SELECT attnum, position FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k(attnum, position) \
        WHERE NOT partly AND position <= x.indnkeyatts \
        UNION ALL SELECT d.refobjsubid::int2, d.refobjsubid FROM pg_depend d \
        WHERE partly AND d.classid = 'pg_class'::regclass AND d.objid = x.indexrelid \
          AND d.refclassid = 'pg_class'::regclass AND d.refobjid = x.indrelid AND d.refobjsubid > 0) k \
     JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum \
     WHERE x.indisunique AND x.indisvalid AND ",
    ours!("c", "'r','p','m'"),
    " ORDER BY x.indrelid, x.indisprimary DESC, x.indexrelid, position"
);

const FOREIGN_KEYS: &str = concat!(
    "SELECT k.conrelid, k.oid, n.nspname, f.relname, k.confdeltype, a.attname, b.attname \
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid \
     JOIN pg_namespace n ON n.oid = f.relnamespace \
     CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS u(here, there, position) \
     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.here \
     JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = u.there \
     WHERE k.contype = 'f' AND k.conparentid = 0 AND ",
    ours!("c", "'r','p'"),
    " ORDER BY k.conrelid, k.conname COLLATE \"C\", k.oid, u.position"
);

/// Triggers with their functions' bodies, which tell what they touch; and rules, which rewrite statements.
const TRIGGERS: &str = concat!(
    "SELECT t.tgrelid, t.tgname, pg_get_triggerdef(t.oid) || E'\\n' || coalesce(p.prosrc, '') \
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid \
     WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND ",
    ours!("c", "'r','p','v','f'"),
    " UNION ALL SELECT r.ev_class, r.rulename, pg_get_ruledef(r.oid) FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class \
     WHERE r.ev_type <> '1' AND ",
    ours!("c", "'r','p','v'"),
    " ORDER BY 1, 2"
);

impl Postgres {
    pub(in crate::db) fn inspect(&mut self) -> Result<Catalog> {
        let listed = self.texts(TABLES)?;
        let mut tables: BTreeMap<String, Table> = listed.iter().map(|row| (row[0].clone(), table(row))).collect();
        for row in self.texts(COLUMNS)? {
            if let Some(table) = tables.get_mut(&row[0]) {
                table.columns.push(column(&row));
            }
        }
        for index in groups(&self.texts(UNIQUE)?, 1) {
            if let Some(table) = tables.get_mut(&index[0][0]) {
                let key = Key { columns: index.iter().map(|row| row[4].clone()).collect() };
                if index[0][3] == "t" { table.partly_unique.push(key) } else { table.unique.push(key) }
            }
        }
        for key in groups(&self.texts(FOREIGN_KEYS)?, 1) {
            if let Some(table) = tables.get_mut(&key[0][0]) {
                table.foreign_keys.push(foreign_key(key));
            }
        }
        for row in self.texts(TRIGGERS)? {
            if let Some(table) = tables.get_mut(&row[0]) {
                table.triggers.push(Trigger { name: row[1].clone(), sql: row[2].clone() });
            }
        }
        tables.values_mut().for_each(name_rows);
        let mut tables: Vec<Table> = tables.into_values().collect();
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        let catalog = Catalog { tables };
        self.remember_types(&catalog);
        Ok(catalog)
    }
}

fn table(row: &[String]) -> Table {
    let [_, schema, name, kind, is_partition, rows, bytes, parent_schema, parent, comment, has_checks] = row else {
        return Table::default();
    };
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    let (kind, detail) = match kind.as_str() {
        _ if is_partition == "t" => (TableKind::Partition, None),
        "v" => (TableKind::View, None),
        "m" => (TableKind::StoredView, None),
        "f" => (TableKind::Foreign, None),
        "p" => (TableKind::Base, Some(super::PARTITIONED.to_owned())),
        _ => (TableKind::Base, None),
    };
    Table {
        name: TableName { schema: some(schema), name: name.clone() },
        kind,
        has_checks: has_checks == "t",
        rows_estimate: rows.parse().ok(),
        bytes_estimate: bytes.parse().ok(),
        parent: some(parent).map(|name| TableName { schema: some(parent_schema), name }),
        detail,
        comment: some(comment),
        ..Table::default()
    }
}

fn column(row: &[String]) -> Column {
    let [_, name, declared, base, kind, not_null, length, has_default, generated, collation, comment] = row else {
        return Column::default();
    };
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    Column {
        name: name.clone(),
        declared_type: declared.clone(),
        type_class: if kind == "b" { type_class(base) } else { TypeClass::Other },
        nullable: not_null != "t",
        length: length.parse().ok(),
        has_default: has_default == "t",
        generated: generated == "t",
        hidden: false,
        collation: some(collation),
        comment: some(comment),
    }
}

/// By the base type's name in `pg_type`.
fn type_class(name: &str) -> TypeClass {
    match name {
        "text" | "varchar" | "bpchar" | "name" | "citext" => TypeClass::Text,
        "int2" | "int4" | "int8" => TypeClass::Integer,
        "float4" | "float8" => TypeClass::Real,
        "numeric" | "money" => TypeClass::Decimal,
        "bool" => TypeClass::Boolean,
        "date" => TypeClass::Date,
        "timestamp" | "timestamptz" => TypeClass::Timestamp,
        "json" | "jsonb" => TypeClass::Json,
        "bytea" => TypeClass::Bytes,
        _ => TypeClass::Other,
    }
}

fn foreign_key(rows: &[Vec<String>]) -> ForeignKey {
    let first = &rows[0];
    ForeignKey {
        columns: rows.iter().map(|row| row[5].clone()).collect(),
        parent: TableName { schema: Some(first[2].clone()), name: first[3].clone() },
        parent_columns: rows.iter().map(|row| row[6].clone()).collect(),
        on_delete: match first[4].as_str() {
            "c" => Action::Cascade,
            "n" => Action::SetNull,
            "d" => Action::SetDefault,
            _ => Action::Restrict,
        },
    }
}
