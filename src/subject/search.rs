//! Identifiers -> postings -> rows that still hold the value.

use std::collections::BTreeMap;

use super::{Answer, Found, Identifier, State, related};
use crate::catalog::{Catalog, Column, Table};
use crate::cells::Cells;
use crate::db::Database;
use crate::detect::{Detector, Hits, Selection, names};
use crate::finding::{Category, Unreadable};
use crate::map::{Head, Place, Postings};
use crate::nested::Leaves;
use crate::scan::selection;
use crate::secret::{BlindIndex, Domain};
use crate::sensitive::Sensitive;
use crate::value::{RowKey, Value};
use crate::{Error, Result};

/// What a search needs: the map, unlocked, and the database that it is of.
pub struct Searcher<'a> {
    /// The map's clear part.
    pub head: &'a Head,
    /// The map's postings.
    pub postings: &'a mut Postings,
    /// The key's hash.
    pub index: &'a BlindIndex,
    /// Rules, for looking whether a cell still holds the value.
    pub detector: &'a Detector,
    /// The database.
    pub database: &'a mut Database,
    /// Its catalog now.
    pub catalog: &'a Catalog,
    /// Keep the cells' texts in the answer.
    pub show_values: bool,
}

/// A row in the map: table and encoded key (empty without one).
type MapRow = (usize, Vec<u8>);

impl Searcher<'_> {
    /// Finds all places of the identifiers, looks whether the rows still hold them, and walks to what hangs on them.
    pub fn search(&mut self, identifiers: &[Identifier]) -> Result<Answer> {
        let mut answer = Answer::default();
        for identifier in identifiers {
            for (row, places) in self.rows_of(identifier)? {
                self.check_row(identifier, &row, &places, &mut answer)?;
            }
        }
        answer.places.sort_by(|a, b| order(a).cmp(&order(b)));
        answer.places.dedup();
        let roots = answer.places.iter().filter(|found| found.whole && found.state == State::Current);
        let roots: Vec<_> = roots.filter_map(|found| Some((found.table.clone(), found.row_key.clone()?))).collect();
        let walk = related::walk(self.database, self.catalog, &roots)?;
        (answer.related, answer.truncated) = (walk.related, walk.truncated);
        walk.unreadable.into_iter().for_each(|table| related::note(&mut answer.unreadable, table));
        Ok(answer)
    }

    /// Rows that hold the identifier by the map, with the places in each.
    fn rows_of(&mut self, identifier: &Identifier) -> Result<BTreeMap<MapRow, Vec<Place>>> {
        let mut rows = self.lookup(identifier.category, identifier.normal.expose())?;
        if identifier.category == Category::PersonName {
            for (row, places) in self.rows_of_name_parts(identifier.normal.expose())? {
                rows.entry(row).or_default().extend(places);
            }
        }
        Ok(rows)
    }

    fn lookup(&mut self, category: Category, normal: &str) -> Result<BTreeMap<MapRow, Vec<Place>>> {
        let hash = self.index.hash(Domain::of(category), normal);
        let mut rows: BTreeMap<MapRow, Vec<Place>> = BTreeMap::new();
        for (place, key) in self.postings.lookup(hash)? {
            let place = self
                .head
                .place(place)
                .ok_or_else(|| Error::Usage("the map names a place that it does not have; scan again".into()))?;
            rows.entry((place.table, key)).or_default().push(place.clone());
        }
        Ok(rows)
    }

    /// Rows in which each word of a name stands in a column of given or family names.
    fn rows_of_name_parts(&mut self, name: &str) -> Result<BTreeMap<MapRow, Vec<Place>>> {
        let mut common: Option<BTreeMap<MapRow, Vec<Place>>> = None;
        for word in name.split(' ') {
            let mut rows = self.lookup(Category::GivenName, word)?;
            // Without a key, two places of one table are not known to be one row.
            rows.retain(|(_, key), _| !key.is_empty());
            common = Some(match common {
                None => rows,
                Some(mut known) => {
                    known.retain(|row, _| rows.contains_key(row));
                    for (row, places) in &mut known {
                        places.extend(rows[row].iter().cloned());
                    }
                    known
                }
            });
        }
        Ok(common.unwrap_or_default())
    }

    fn check_row(
        &mut self,
        identifier: &Identifier,
        (table, key): &MapRow,
        places: &[Place],
        answer: &mut Answer,
    ) -> Result<()> {
        let mapped = &self.head.catalog.tables[*table];
        let row_key = if key.is_empty() { None } else { RowKey::decode(key) };
        let mut columns: Vec<String> = places.iter().map(|place| mapped.columns[place.column].name.clone()).collect();
        columns.sort();
        columns.dedup();
        let row = match self.read_row(mapped, &columns, row_key.as_ref()) {
            Err(Error::Table { table, reason }) => {
                related::note(&mut answer.unreadable, Unreadable { table, column: None, reason });
                Row::Unknown
            }
            row => row?,
        };
        for place in places {
            let column = &mapped.columns[place.column];
            let position = columns.iter().position(|name| *name == column.name).unwrap_or_default();
            let (state, shown) = match &row {
                Row::Read(values) => self.check_cell(identifier, mapped, column, &values[position]),
                Row::Gone => (State::Stale, None),
                Row::Unknown => (State::Unchecked, None),
            };
            answer.places.push(Found {
                table: mapped.name.clone(),
                column: column.name.clone(),
                path: place.path.clone(),
                row_key: row_key.clone(),
                category: place.category,
                whole: place.whole,
                confidence: self.confidence(place),
                state,
                shown: shown.filter(|_| self.show_values),
            });
        }
        Ok(())
    }

    fn read_row(&mut self, mapped: &Table, columns: &[String], key: Option<&RowKey>) -> Result<Row> {
        let (Some(key), Some(table)) = (key, self.catalog.table(&mapped.name)) else { return Ok(Row::Unknown) };
        if columns.iter().any(|column| table.column(column).is_none()) || table.row_key != mapped.row_key {
            return Ok(Row::Unknown);
        }
        Ok(self.database.row(table, columns, key)?.map_or(Row::Gone, Row::Read))
    }

    /// Whether the cell still holds the identifier, found as the scan found it: at any path, if it is nested data.
    fn check_cell(
        &self,
        identifier: &Identifier,
        table: &Table,
        column: &Column,
        value: &Value,
    ) -> (State, Option<Sensitive>) {
        let text = value.as_text();
        let mut leaves = Leaves::default();
        let holds = if leaves.read(&text, &column.declared_type) {
            let selection = |path| selection::of_path(self.detector, &table.name.name, &column.name, path);
            leaves.iter().any(|(path, leaf)| self.holds(identifier, &selection(path), leaf))
        } else {
            self.holds(identifier, &selection::of_column(self.detector, table, column), &text)
        };
        let state = if holds { State::Current } else { State::Stale };
        (state, Some(Sensitive::new(text)))
    }

    fn holds(&self, identifier: &Identifier, selection: &Selection, text: &str) -> bool {
        let mut cells = Cells::default();
        cells.push_text(text.as_bytes());
        let mut hits = Hits::default();
        self.detector.scan(&cells, selection, &mut hits);
        let domain = Domain::of(identifier.category);
        let wanted = identifier.normal.expose();
        let hit =
            hits.list.iter().any(|hit| Domain::of(self.detector.category(hit)) == domain && hits.normal(hit) == wanted);
        hit || (is_name(identifier.category) && holds_a_word(text, wanted))
    }

    /// The confidence of the finding that the place belongs to.
    fn confidence(&self, place: &Place) -> f64 {
        let table = &self.head.catalog.tables[place.table];
        let column = &table.columns[place.column].name;
        let findings = self.head.findings.iter();
        let mut own = findings.filter(|finding| finding.table == table.name && finding.column == *column);
        own.find(|finding| finding.category == place.category && finding.path == place.path)
            .map_or(0.0, |finding| finding.confidence)
    }
}

/// A row that was looked for.
enum Row {
    Read(Vec<Value>),
    Gone,
    Unknown,
}

fn is_name(category: Category) -> bool {
    matches!(category, Category::PersonName | Category::GivenName | Category::FamilyName)
}

/// Whether a cell of a name column holds one of the words of a name (given and family name stand in columns of their
/// own).
fn holds_a_word(text: &str, name: &str) -> bool {
    let mut normal = String::new();
    names::normalise(text, &mut normal);
    normal == name || normal.split(' ').any(|word| name.split(' ').any(|wanted| wanted == word))
}

fn order(found: &Found) -> (&crate::catalog::TableName, Vec<u8>, &str, Category) {
    let key = found.row_key.as_ref().map(RowKey::encoded).unwrap_or_default();
    (&found.table, key, &found.column, found.category)
}
