//! Which rows are about the person: the row of its kind, what hangs on it by foreign keys, and rows elsewhere that
//! hold its personal number or e-mail as a whole cell.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Fan, Request, called, refused};
use crate::Result;
use crate::catalog::{Table, TableKind, TableName};
use jiff::tz::TimeZone;

use crate::db::Database;
use crate::finding::Category;
use crate::policy::SubjectKind;
use crate::sensitive::Sensitive;
use crate::subject::{Found, Identifier, State};
use crate::value::{RowKey, Value};

/// More rows than this are no person's.
const MOST_ROWS: usize = 100_000;
/// Steps upwards when looking for the person a row belongs to.
const MOST_PARENTS: usize = 8;

/// Everything found.
pub(super) struct Person {
    /// The person's rows, the root first; and rows of others that point at them.
    pub(super) rows: Vec<Row>,
    /// Which row points at which.
    pub(super) links: Vec<Link>,
    /// How many rows hang on each row, by foreign key.
    pub(super) fans: Vec<Fan>,
    /// Rows that hold the identifiers but belong to somebody else, by table.
    pub(super) shared: BTreeMap<TableName, u64>,
    /// Cells that hold a searched identifier, by table, column and row (none where no key names it); what of them
    /// the steps leave is said in the plan.
    pub(super) places: BTreeSet<Place>,
    /// Rows without a key that hang on the person, by table.
    pub(super) unnamed: BTreeMap<TableName, u64>,
    known: HashMap<(usize, Vec<u8>), usize>,
}

/// A cell in which the search found an identifier.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) table: TableName,
    pub(super) column: String,
    /// Index of the person's row; none where the row is not the person's or has no key.
    pub(super) row: Option<usize>,
    /// Tells cells apart: the encoded key, or a number where there is none.
    cell: Vec<u8>,
}

/// One of the person's own identifiers that can be a reason to call a row the person's.
struct Mine {
    category: Category,
    value: Value,
    /// Other persons have it too: a household's e-mail.
    shared: bool,
}

/// A row as it is now.
pub(super) struct Row {
    pub(super) table: usize,
    pub(super) key: RowKey,
    /// The visible columns, in order.
    pub(super) cells: Vec<Value>,
    /// It belongs to another person and only points here.
    pub(super) foreign: bool,
}

/// Row `child` points at row `parent`.
pub(super) struct Link {
    pub(super) child: usize,
    pub(super) parent: usize,
    /// Index in the child table's foreign keys.
    pub(super) key: usize,
}

/// Names of the columns that guards and checks look at.
pub(crate) fn visible(table: &Table) -> Vec<String> {
    table.columns.iter().filter(|column| !column.hidden).map(|column| column.name.clone()).collect()
}

/// The cell of that column.
pub(super) fn cell<'r>(table: &Table, row: &'r Row, column: &str) -> Option<&'r Value> {
    let index = table.columns.iter().filter(|it| !it.hidden).position(|it| it.name == column)?;
    row.cells.get(index)
}

pub(super) fn gather(request: &Request<'_>, database: &mut Database) -> Result<Person> {
    let (root, key) = root(request)?;
    let mut gather = Gather { request, database, root, person: Person::empty() };
    let Some(row) = gather.read(root, &key)? else {
        return refused(format!("the row of {} is gone since the search", called(request.catalog, root)));
    };
    gather.add(row)?;
    gather.follow(0)?;
    let known = gather.person.rows.len();
    gather.elsewhere()?;
    gather.follow(known)?;
    gather.places();
    Ok(gather.person)
}

/// The one row of a subject kind that the search found by one of the kind's identifiers.
fn root(request: &Request<'_>) -> Result<(usize, RowKey)> {
    let mut roots: Vec<(usize, &RowKey)> = Vec::new();
    for found in request.answer.places.iter().filter(|it| it.whole && it.state == State::Current) {
        let Some(key) = &found.row_key else { continue };
        let names = |kind: &&SubjectKind| {
            let here = kind.table.get_ref() == &found.table;
            here && kind
                .identifiers
                .iter()
                .any(|it| *it.column.get_ref() == found.column && it.category == found.category)
        };
        let table = request.catalog.tables.iter().position(|it| it.name == found.table);
        let named = request.policy.subjects.iter().any(|kind| names(&kind));
        if let (true, Some(table)) = (named, table)
            && !roots.contains(&(table, key))
        {
            roots.push((table, key));
        }
    }
    match roots[..] {
        [(table, key)] => Ok((table, key.clone())),
        [] => {
            let kinds = request.policy.subjects.iter().map(|kind| kind.table.get_ref().to_string());
            refused(format!(
                "no person of the policy has these {} identifiers; looked in: {}",
                request.identifiers.len(),
                kinds.collect::<Vec<_>>().join(", ")
            ))
        }
        _ => {
            let names: Vec<String> = roots.iter().map(|it| name_row(request, it.0, it.1)).collect();
            refused(format!(
                "the identifiers point at {} different persons ({}); give one that only one of them has",
                roots.len(),
                names.join(", ")
            ))
        }
    }
}

/// `kund.id = 17`, or the table alone where the key is personal.
fn name_row(request: &Request<'_>, table: usize, key: &RowKey) -> String {
    let name = called(request.catalog, table);
    let columns = request.catalog.tables[table].row_key.as_ref().map_or(&[][..], |key| &key.columns);
    match (columns, &key.0[..]) {
        ([column], [Value::Integer(number)]) if !super::render::personal_key(request, table, &[key]) => {
            format!("{name}.{} = {number}", crate::sensitive::printable(column))
        }
        _ => format!("one row of {name}"),
    }
}

impl Person {
    fn empty() -> Self {
        Self {
            rows: Vec::new(),
            links: Vec::new(),
            fans: Vec::new(),
            shared: BTreeMap::new(),
            places: BTreeSet::new(),
            unnamed: BTreeMap::new(),
            known: HashMap::new(),
        }
    }

    /// The person, without personal data.
    pub(super) fn describe(&self, request: &Request<'_>) -> String {
        name_row(request, self.rows[0].table, &self.rows[0].key)
    }

    fn position(&self, table: usize, key: &RowKey) -> Option<usize> {
        self.known.get(&(table, key.encoded())).copied()
    }
}

struct Gather<'a, 'd> {
    request: &'a Request<'a>,
    database: &'d mut Database,
    root: usize,
    person: Person,
}

impl Gather<'_, '_> {
    fn read(&mut self, table: usize, key: &RowKey) -> Result<Option<Row>> {
        let described = &self.request.catalog.tables[table];
        let cells = self.database.row(described, &visible(described), key)?;
        Ok(cells.map(|cells| Row { table, key: key.clone(), cells, foreign: false }))
    }

    /// Adds a row unless it is known; its index.
    fn add(&mut self, row: Row) -> Result<usize> {
        if let Some(known) = self.person.position(row.table, &row.key) {
            return Ok(known);
        }
        let index = self.person.rows.len();
        if index == MOST_ROWS {
            return refused(format!("more than {MOST_ROWS} rows hang on this person: a relation must be wrong"));
        }
        self.person.known.insert((row.table, row.key.encoded()), index);
        self.person.rows.push(row);
        Ok(index)
    }

    /// Rows that point at the rows from `first` on, and rows that point at those.
    fn follow(&mut self, first: usize) -> Result<()> {
        let mut parent = first;
        while parent < self.person.rows.len() {
            if !self.person.rows[parent].foreign {
                self.children(parent)?;
            }
            parent += 1;
        }
        Ok(())
    }

    fn children(&mut self, parent: usize) -> Result<()> {
        let catalog = self.request.catalog;
        let parent_table = &catalog.tables[self.person.rows[parent].table];
        for (table, child) in catalog.tables.iter().enumerate().filter(|(_, it)| it.kind == TableKind::Base) {
            for (number, key) in child.foreign_keys.iter().enumerate().filter(|it| it.1.parent == parent_table.name) {
                let row = &self.person.rows[parent];
                let target: Option<Vec<Value>> =
                    key.parent_columns.iter().map(|column| cell(parent_table, row, column).cloned()).collect();
                let Some(target) = target.filter(|it| !it.contains(&Value::Null)) else { continue };
                let equal: Vec<(String, Value)> = key.columns.iter().cloned().zip(target).collect();
                let found = self.matching(table, &equal)?;
                self.person.fans.push(Fan { table: child.name.clone(), equal, rows: found.len() as u64 });
                for mut row in found {
                    row.foreign = self.another_person(&row);
                    let child = self.add(row)?;
                    self.person.links.push(Link { child, parent, key: number });
                }
            }
        }
        Ok(())
    }

    /// All rows in which `equal` holds.
    fn matching(&mut self, table: usize, equal: &[(String, Value)]) -> Result<Vec<Row>> {
        let described = &self.request.catalog.tables[table];
        let keys = described.row_key.as_ref().map_or(&[][..], |key| &key.columns);
        let mut columns = keys.to_vec();
        columns.extend(visible(described));
        let limit = MOST_ROWS as u64 + 1;
        let found = self.database.rows_where(&described.name, &columns, equal, limit)?;
        if keys.is_empty() {
            if !found.is_empty() {
                *self.person.unnamed.entry(described.name.clone()).or_default() += found.len() as u64;
            }
            return Ok(Vec::new());
        }
        let rows = found.into_iter().map(|mut key| {
            let cells = key.split_off(keys.len());
            Row { table, key: RowKey(key), cells, foreign: false }
        });
        Ok(rows.collect())
    }

    /// Whether the row is the row of another person: one of the root's table, or of another kind of person (a clerk's
    /// customers hang on the clerk) unless it holds this person's own number or e-mail.
    fn another_person(&self, row: &Row) -> bool {
        let root = &self.person.rows[0];
        if row.table == self.root {
            return row.key != root.key;
        }
        let table = &self.request.catalog.tables[row.table];
        let kinds = self.request.policy.subjects.iter().filter(|kind| *kind.table.get_ref() == table.name);
        let own = |kind: &SubjectKind| {
            kind.identifiers.iter().any(|it| {
                cell(table, row, it.column.get_ref()).is_some_and(|cell| {
                    self.own().any(|(category, value)| category == it.category && self.same(category, cell, value))
                })
            })
        };
        let mut kinds = kinds.peekable();
        kinds.peek().is_some() && !kinds.any(own)
    }

    /// The root's cells that hold a valid personal number or e-mail. Phones and names may be shared by several people
    /// and are never a reason by themselves; an empty cell or a dash is no identifier.
    fn own(&self) -> impl Iterator<Item = (Category, &Value)> {
        let root = &self.person.rows[0];
        let table = &self.request.catalog.tables[self.root];
        let kinds = self.request.policy.subjects.iter().filter(move |kind| *kind.table.get_ref() == table.name);
        kinds
            .flat_map(|kind| &kind.identifiers)
            .filter(|it| matches!(it.category, Category::PersonalNumber | Category::Email))
            .filter_map(move |it| Some((it.category, cell(table, root, it.column.get_ref())?)))
            .filter(move |(category, value)| self.normal(*category, value).is_some())
    }

    fn normal(&self, category: Category, cell: &Value) -> Option<Sensitive> {
        let today = self.request.at.to_zoned(TimeZone::UTC).date();
        Identifier::new(category, &cell.as_text(), today).ok().map(|it| it.normal)
    }

    /// Whether two cells hold the same identifier, however it is written there.
    fn same(&self, category: Category, a: &Value, b: &Value) -> bool {
        let normal = self.normal(category, a);
        normal.is_some() && normal == self.normal(category, b)
    }

    /// Rows in tables of the policy that hold the root's personal number or e-mail as a whole cell.
    fn elsewhere(&mut self) -> Result<()> {
        let catalog = self.request.catalog;
        let mine = self.mine()?;
        let mut found = self.searched(&mine)?;
        for rule in &self.request.policy.columns {
            let table = catalog.tables.iter().position(|it| it.name == *rule.table.get_ref());
            for own in mine.iter().filter(|it| it.category == rule.category) {
                let Some(table) = table else { continue };
                let rows = self.matching(table, &[(rule.column.get_ref().clone(), own.value.clone())])?;
                found.extend(rows.into_iter().map(|row| (row, own.shared)));
            }
        }
        // A row that holds an identifier of this person alone counts as such, whatever else it holds.
        found.sort_by_key(|(_, shared)| *shared);
        let mut others = HashSet::new();
        for (row, shared) in found {
            let name = (row.table, row.key.encoded());
            if self.person.known.contains_key(&name) || others.contains(&name) {
                continue;
            }
            if shared || self.somebody_elses(&row)? {
                *self.person.shared.entry(called(catalog, row.table).clone()).or_default() += 1;
                others.insert(name);
            } else {
                self.add(row)?;
            }
        }
        Ok(())
    }

    /// The person's own identifiers, and which of them other persons' rows hold too.
    fn mine(&mut self) -> Result<Vec<Mine>> {
        let own: Vec<(Category, Value)> = self.own().map(|(category, value)| (category, value.clone())).collect();
        let root = &self.request.catalog.tables[self.root];
        let key = self.person.rows[0].key.clone();
        let mut mine = Vec::new();
        for (category, value) in own {
            let places = self.request.answer.places.iter();
            let mut others = places.filter(|it| {
                it.table == root.name && it.whole && it.state == State::Current && it.category == category
            });
            // The search sees every spelling, but only of what was searched for.
            let mut shared = others.any(|it| it.row_key.as_ref() != Some(&key) && self.holds(it, &value));
            let columns: Vec<String> = self.identifiers(category).cloned().collect();
            for column in columns {
                let rows = self.matching(self.root, &[(column, value.clone())])?;
                shared |= rows.iter().any(|row| row.key != key);
            }
            mine.push(Mine { category, value, shared });
        }
        Ok(mine)
    }

    /// The root table's columns with identifiers of that category.
    fn identifiers(&self, category: Category) -> impl Iterator<Item = &String> {
        let name = called(self.request.catalog, self.root);
        let kinds = self.request.policy.subjects.iter().filter(move |kind| kind.table.get_ref() == name);
        kinds.flat_map(|kind| &kind.identifiers).filter(move |it| it.category == category).map(|it| it.column.get_ref())
    }

    /// Whether the searched identifier of that place is `value`.
    fn holds(&self, place: &Found, value: &Value) -> bool {
        let normal = self.normal(place.category, value);
        self.request.identifiers.iter().any(|it| it.category == place.category && Some(&it.normal) == normal.as_ref())
    }

    /// Rows of the search's answer, in tables of the policy, whose cell holds one of `mine` in any spelling.
    fn searched(&mut self, mine: &[Mine]) -> Result<Vec<(Row, bool)>> {
        let catalog = self.request.catalog;
        let mut rows = Vec::new();
        for place in self.request.answer.places.iter().filter(|it| it.whole && it.state == State::Current) {
            let table = catalog.tables.iter().position(|it| it.name == place.table);
            let (Some(table), Some(key)) = (table, &place.row_key) else { continue };
            if self.request.policy.table(&place.table).is_none() {
                continue;
            }
            let Some(row) = self.read(table, key)? else { continue };
            let Some(cell) = cell(&catalog.tables[table], &row, &place.column) else { continue };
            let held = mine.iter().find(|it| it.category == place.category && self.same(it.category, cell, &it.value));
            if let Some(shared) = held.map(|it| it.shared) {
                rows.push((row, shared));
            }
        }
        Ok(rows)
    }

    /// Whether the row is another person's, or hangs on one.
    fn somebody_elses(&mut self, row: &Row) -> Result<bool> {
        if row.table == self.root {
            return Ok(true);
        }
        let catalog = self.request.catalog;
        let mut level = vec![Row { table: row.table, key: row.key.clone(), cells: row.cells.clone(), foreign: false }];
        for _ in 0..MOST_PARENTS {
            let mut next = Vec::new();
            for row in &level {
                let table = &catalog.tables[row.table];
                for key in &table.foreign_keys {
                    let Some(parent) = catalog.tables.iter().position(|it| it.name == key.parent) else { continue };
                    let values: Option<Vec<Value>> =
                        key.columns.iter().map(|it| cell(table, row, it).cloned()).collect();
                    let Some(values) = values.filter(|it| !it.contains(&Value::Null)) else { continue };
                    let equal: Vec<(String, Value)> = key.parent_columns.iter().cloned().zip(values).collect();
                    next.extend(self.matching(parent, &equal)?);
                }
            }
            if next.iter().any(|it| it.table == self.root && it.key != self.person.rows[0].key) {
                return Ok(true);
            }
            level = next;
        }
        Ok(false)
    }

    /// Where the search found the identifiers, each cell once.
    fn places(&mut self) {
        for (number, place) in self.request.answer.places.iter().enumerate().filter(|it| it.1.state != State::Stale) {
            let table = self.request.catalog.tables.iter().position(|it| it.name == place.table);
            let row = table.zip(place.row_key.as_ref()).and_then(|(table, key)| self.person.position(table, key));
            let cell = place.row_key.as_ref().map_or_else(|| number.to_be_bytes().to_vec(), RowKey::encoded);
            let (table, column) = (place.table.clone(), place.column.clone());
            self.person.places.insert(Place { table, column, row, cell });
        }
    }
}
