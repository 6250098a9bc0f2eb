//! Ten made-up systems: reads the schemas of `fixtures/schemas`, fills SQLite files from them, and says what stands where.
//!
//! Here is the public face and the file format; `build` writes the database, `fill` knows the names of the fills.
//! Nothing of the scanner is used, so that its verdicts can be judged by this.

pub(crate) mod build;
mod codes;
pub(crate) mod contact;
pub(crate) mod fill;
mod hygiene;
mod json;
mod names;
pub(crate) mod numbers;
mod people;
mod places;
mod prose;
mod rng;
mod secrets;
mod technical;
mod texts;
mod times;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use fill::Fill;

/// One made-up system.
pub(crate) struct Schema {
    pub(crate) name: String,
    /// What kind of system it is and what is hard in it.
    pub(crate) description: String,
    pub(crate) tables: Vec<Table>,
}

pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) rows: usize,
    pub(crate) columns: Vec<Column>,
}

pub(crate) struct Column {
    pub(crate) entry: Entry,
    pub(crate) fill: Fill,
    /// Makes the cells of the rows that `only` leaves out.
    pub(crate) instead: Fill,
    pub(crate) only: Option<Only>,
}

/// Which rows of a table a fill is planted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Only {
    /// The last so many.
    Last(usize),
    /// One in so many.
    OneIn(usize),
}

/// One true statement about a column, or that there is none to make.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Label {
    pub(crate) table: String,
    pub(crate) column: String,
    /// Inside documents only.
    pub(crate) path: Option<String>,
    /// A category of contracts.md; none for a column without personal data.
    pub(crate) category: Option<String>,
    /// `typed`, `free_text`, `nested` or `name_only`.
    pub(crate) kind: String,
}

/// A column as it stands in the file; `fixtures/schemas/README.md` explains each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) sql_type: String,
    /// May be left out in tables without rows.
    pub(crate) fill: Option<String>,
    #[serde(default)]
    pub(crate) gold: Vec<String>,
    #[serde(default)]
    pub(crate) gold_paths: BTreeMap<String, Vec<String>>,
    pub(crate) kind: Option<Kind>,
    /// The share of NULLs, 0 to 1.
    #[serde(default)]
    pub(crate) null: f64,
    pub(crate) only: Option<String>,
    pub(crate) instead: Option<String>,
    /// Padded with blanks (or cut) to so many characters.
    pub(crate) width: Option<usize>,
    /// Padded with zeros in front to so many characters.
    pub(crate) zeros: Option<usize>,
    pub(crate) encoding: Option<Encoding>,
}

/// How the personal data stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Typed,
    FreeText,
    Nested,
    NameOnly,
}

/// Bytes that are not the UTF-8 that SQLite expects, or too much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Encoding {
    /// Latin-1 bytes in a TEXT cell; letters that Latin-1 lacks become `?`.
    Latin1,
    /// UTF-8 that was read as Latin-1 and encoded again (`Ã¶`).
    Mojibake,
    /// UTF-8 in a BLOB.
    Blob,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    description: String,
    table: Vec<FileTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTable {
    name: String,
    rows: usize,
    columns: Vec<Entry>,
}

/// All schemas of `fixtures/schemas`, by name. Panics with the file and column that is wrong.
pub(crate) fn all() -> Vec<Schema> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schemas");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .expect("fixtures/schemas exists")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    let read = |path: &Path| {
        let name = path.file_stem().expect("a file name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).expect("a readable file");
        Schema::parse(&name, &text).unwrap_or_else(|problem| panic!("{problem}"))
    };
    paths.iter().map(|path| read(path)).collect()
}

impl Schema {
    /// Reads a schema file; the error names the file and the column.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|problem| format!("{name}.toml: {problem}"))?;
        let mut tables = Vec::new();
        for table in file.table {
            let mut columns = Vec::new();
            for entry in table.columns {
                let place = format!("{name}.toml: {}.{}", table.name, entry.name);
                columns.push(Column::parse(entry, table.rows).map_err(|problem| format!("{place}: {problem}"))?);
            }
            tables.push(Table { name: table.name, rows: table.rows, columns });
        }
        Ok(Self { name: name.to_owned(), description: file.description, tables })
    }

    /// Writes the database to a file that does not exist yet; the same seed gives the same bytes.
    pub(crate) fn build(&self, path: &Path, seed: u64) {
        build::build(self, path, seed, 100);
    }

    /// What is true of every column of every table, in the order of the file.
    pub(crate) fn gold(&self) -> Vec<Label> {
        self.tables
            .iter()
            .flat_map(|table| table.columns.iter().flat_map(|column| labels(table, &column.entry)))
            .collect()
    }
}

impl Column {
    fn parse(entry: Entry, rows: usize) -> Result<Self, String> {
        let fill = match &entry.fill {
            Some(call) => Fill::parse(call)?,
            None if rows == 0 => Fill::Null,
            None => return Err("a column of a table with rows needs a fill".to_owned()),
        };
        let instead = entry.instead.as_deref().map_or(Ok(Fill::Null), Fill::parse)?;
        let only = entry.only.as_deref().map(Only::parse).transpose()?;
        if entry.instead.is_some() && only.is_none() {
            return Err("`instead` needs `only`".to_owned());
        }
        Ok(Self { entry, fill, instead, only })
    }
}

impl Only {
    fn parse(text: &str) -> Result<Self, String> {
        let number = |digits: &str| digits.parse().ok().filter(|&count| count > 0);
        text.strip_prefix("last ")
            .and_then(number)
            .map(Self::Last)
            .or_else(|| text.strip_prefix("1 in ").and_then(number).map(Self::OneIn))
            .ok_or_else(|| format!("`only = \"{text}\"` is neither `last N` nor `1 in N`"))
    }

    /// Whether the row, counted from 1, is one of them.
    pub(crate) fn holds(self, row: usize, rows: usize) -> bool {
        match self {
            Self::Last(count) => row + count > rows,
            Self::OneIn(count) => row % count == count / 2,
        }
    }
}

/// The statements about one column.
fn labels(table: &Table, entry: &Entry) -> Vec<Label> {
    let label = |path: Option<&String>, category: Option<&String>, kind: Kind| Label {
        table: table.name.clone(),
        column: entry.name.clone(),
        path: path.cloned(),
        category: category.cloned(),
        kind: kind.text().to_owned(),
    };
    let usual = if table.rows == 0 { Kind::NameOnly } else { Kind::Typed };
    let kind = entry.kind.unwrap_or(usual);
    let mut all: Vec<Label> = entry.gold.iter().map(|category| label(None, Some(category), kind)).collect();
    for (path, categories) in &entry.gold_paths {
        all.extend(categories.iter().map(|category| label(Some(path), Some(category), Kind::Nested)));
    }
    if all.is_empty() {
        all.push(label(None, None, kind));
    }
    all
}

impl Kind {
    fn text(self) -> &'static str {
        match self {
            Self::Typed => "typed",
            Self::FreeText => "free_text",
            Self::Nested => "nested",
            Self::NameOnly => "name_only",
        }
    }
}
