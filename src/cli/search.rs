//! `search`: where does this person occur, and which rows hang on it?

use std::io::{BufRead, Read};
use std::path::PathBuf;

use sanera::catalog::{Catalog, Table, TableName};
use sanera::db::{Database, Purpose};
use sanera::exit::Exit;
use sanera::finding::Category;
use sanera::map::{Head, Map};
use sanera::secret::BlindIndex;
use sanera::sensitive::{Sensitive, printable};
use sanera::subject::{Answer, Found, Identifier, Searcher, State};
use sanera::value::{RowKey, Value};
use sanera::{Error, Result};
use serde_json::{Value as Json, json};

use super::output::Output;
use super::{Context, SourceArgument, process};

/// Identifiers of a person, for every command that takes them.
#[derive(clap::Args, Clone, Default)]
pub(crate) struct Identifiers {
    /// A personal number in any written form; `-` reads it from standard input, @FILE from a file
    #[arg(long, value_name = "X")]
    personal_number: Vec<String>,
    /// An e-mail address; `-` or @FILE as above
    #[arg(long, value_name = "X")]
    email: Vec<String>,
    /// A phone number; `-` or @FILE as above
    #[arg(long, value_name = "X")]
    phone: Vec<String>,
    /// A name; `-` or @FILE as above
    #[arg(long, value_name = "X")]
    name: Vec<String>,
    /// Any identifier, whose kind is recognised; `-` or @FILE as above
    #[arg(long, value_name = "X")]
    value: Vec<String>,
}

impl Identifiers {
    /// All given identifiers, normalised.
    pub(crate) fn read(&self, free: Option<&str>) -> Result<Vec<Identifier>> {
        let today = jiff::Zoned::now().date();
        let kinds = [
            (Category::PersonalNumber, &self.personal_number),
            (Category::Email, &self.email),
            (Category::Phone, &self.phone),
            (Category::PersonName, &self.name),
        ];
        let mut identifiers = Vec::new();
        for (category, values) in kinds {
            for value in values {
                identifiers.push(Identifier::new(category, given(value)?.expose(), today)?);
            }
        }
        for value in self.value.iter().map(String::as_str).chain(free) {
            identifiers.push(Identifier::recognise(given(value)?.expose(), today)?);
        }
        if identifiers.is_empty() {
            return Err(Error::Usage(
                "no identifier given; name one, as in --personal-number - (read from standard input)".into(),
            ));
        }
        Ok(identifiers)
    }
}

/// The value of an argument: itself, one line of standard input for `-`, or the first line of @FILE.
pub(crate) fn given(argument: &str) -> Result<Sensitive> {
    let mut line = String::new();
    if argument == "-" {
        let read = std::io::stdin().lock().read_line(&mut line);
        read.map_err(|error| Error::file("standard input", error))?;
    } else if let Some(path) = argument.strip_prefix('@') {
        let failed = |error: std::io::Error| Error::unreadable(path, &error, "check the path after @");
        let file = std::fs::File::open(path).map_err(failed)?;
        std::io::BufReader::new(file.take(1 << 20)).read_line(&mut line).map_err(failed)?;
    } else {
        argument.clone_into(&mut line);
    }
    Ok(Sensitive::new(line.trim_end_matches(['\r', '\n'])))
}

/// Find where a person occurs: places from the map, each checked in the database, and the rows that hang on them.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  sanera search sqlite:shop.db --personal-number -   (asks on standard input)\n  \
    sanera search sqlite:shop.db --email @address.txt --json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    source: SourceArgument,
    /// Any identifier, whose kind is recognised
    #[arg(value_name = "VALUE")]
    free: Option<String>,
    #[command(flatten)]
    identifiers: Identifiers,
    /// The map
    #[arg(long, value_name = "MAP", default_value = "sanera.map")]
    map: PathBuf,
    /// A folder with rules and word lists of your own, as given to the scan (may be repeated)
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,
    /// Show the cells and keys that were found. They are personal data
    #[arg(long)]
    show_values: bool,
    /// The format
    #[arg(long, value_enum, default_value_t = Format::Tree)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Format {
    Tree,
    Json,
    Csv,
}

impl Arguments {
    pub(crate) fn run(mut self, context: &Context) -> Result<Exit> {
        (self.source, self.free) = self.source.or_next(self.free);
        let identifiers = self.identifiers.read(self.free.as_deref())?;
        process::busy();
        let found = find(context, &self.source, &self.map, &self.rules, &identifiers, self.show_values)?;
        let shown = Shown { head: &found.head, catalog: &found.catalog, values: self.show_values };
        match if context.common.json { Format::Json } else { self.format } {
            Format::Json => Output::write_json(None, &shown.document(&found.answer))?,
            Format::Csv => Output::write_to(None, &shown.csv(&found.answer)?)?,
            Format::Tree => Output::write_to(None, shown.tree(&found.answer).as_bytes())?,
        }
        if found.answer.truncated {
            context.say("More rows hang on these than are listed.");
        }
        for table in &found.answer.unreadable {
            context.say(format_args!("Not looked at: {}: {}", table.table, table.reason));
        }
        Ok(if found.answer.unreadable.is_empty() { Exit::Done } else { Exit::Incomplete })
    }
}

/// A search's answer with what is needed to act on it.
pub(crate) struct FoundSubject {
    pub(crate) head: Head,
    pub(crate) map_id: String,
    pub(crate) catalog: Catalog,
    pub(crate) database: Database,
    pub(crate) answer: Answer,
}

/// Opens map and database and searches.
pub(crate) fn find(
    context: &Context,
    source: &SourceArgument,
    map: &std::path::Path,
    rules: &[PathBuf],
    identifiers: &[Identifier],
    show_values: bool,
) -> Result<FoundSubject> {
    let source = source.source()?;
    let map = Map::open(map)?;
    let key = context.key()?;
    let mut postings = map.unlock(&key)?;
    let detector = Context::detector(rules)?;
    let mut database = Database::open(&source, Purpose::Read, &context.cancel)?;
    let catalog = database.inspect()?;
    let head = map.head().clone();
    if catalog.fingerprint() != head.source.fingerprint {
        context.say("The database's schema differs from the map's: it is another database or has changed since. Scan again to be sure.");
    }
    if detector.rules().digest != head.rules {
        context.say("The map was made with other rules; give the same --rules, or scan again.");
    }
    let index = BlindIndex::new(&key);
    let answer = Searcher {
        head: &head,
        postings: &mut postings,
        index: &index,
        detector: &detector,
        database: &mut database,
        catalog: &catalog,
        show_values,
    }
    .search(identifiers)?;
    Ok(FoundSubject { map_id: map.id(), head, catalog, database, answer })
}

/// An answer as text.
struct Shown<'a> {
    head: &'a Head,
    catalog: &'a Catalog,
    values: bool,
}

impl Shown<'_> {
    fn document(&self, answer: &Answer) -> Json {
        let places: Vec<Json> = answer.places.iter().map(|found| self.place(found)).collect();
        let related: Vec<Json> = answer
            .related
            .iter()
            .map(|row| {
                json!({"schema": row.table.schema, "table": row.table.name,
                    "row_key": self.row_key(self.catalog, &row.table, row.row_key.as_ref()), "via": row.via})
            })
            .collect();
        let unreadable = answer.unreadable.iter().map(
            |it| json!({"schema": it.table.schema, "table": it.table.name, "column": it.column, "reason": it.reason}),
        );
        let unreadable: Vec<Json> = unreadable.collect();
        json!({"version": 1, "places": places, "related": related, "candidates": [], "truncated": answer.truncated,
            "unreadable": unreadable})
    }

    fn place(&self, found: &Found) -> Json {
        let mut place = json!({"schema": found.table.schema, "table": found.table.name, "column": found.column,
            "path": found.path, "row_key": self.row_key(&self.head.catalog, &found.table, found.row_key.as_ref()),
            "category": found.category, "confidence": found.confidence, "state": found.state});
        if let Some(text) = &found.shown {
            place["value"] = json!(text.expose());
        }
        place
    }

    /// The key as an object, by the catalog that it was read with; a key that is itself personal data only when values
    /// were asked for.
    fn row_key(&self, catalog: &Catalog, table: &TableName, key: Option<&RowKey>) -> Json {
        let (Some(key), Some(table)) = (key, catalog.table(table)) else { return Json::Null };
        let columns = table.row_key.iter().flat_map(|key| &key.columns);
        let pairs = columns.zip(&key.0).map(|(column, value)| (column.clone(), self.key_value(table, column, value)));
        Json::Object(pairs.collect())
    }

    fn key_value(&self, table: &Table, column: &str, value: &Value) -> Json {
        if !self.values && self.head.is_personal(&table.name, column) {
            return json!("…");
        }
        match value {
            Value::Null => Json::Null,
            Value::Integer(number) => json!(number),
            other => json!(other.as_text()),
        }
    }

    /// `id=17`, for people.
    fn key_text(&self, catalog: &Catalog, table: &TableName, key: Option<&RowKey>) -> String {
        let Json::Object(pairs) = self.row_key(catalog, table, key) else { return "(no key)".into() };
        let pairs = pairs.iter().map(|(column, value)| match value {
            Json::String(text) => format!("{}={}", printable(column), printable(text)),
            other => format!("{}={other}", printable(column)),
        });
        pairs.collect::<Vec<_>>().join(", ")
    }

    fn tree(&self, answer: &Answer) -> String {
        use std::fmt::Write;
        let mut text = String::new();
        if answer.places.is_empty() {
            text.push_str("Not found.\n");
        }
        let mut last = None;
        for found in &answer.places {
            let row =
                format!("{}  {}", found.table, self.key_text(&self.head.catalog, &found.table, found.row_key.as_ref()));
            if last.as_ref() != Some(&row) {
                let _ = writeln!(text, "{row}");
                last = Some(row);
            }
            let state = match found.state {
                State::Current => "",
                State::Stale => ", no longer there",
                State::Unchecked => ", not checked",
            };
            let how = if found.whole { "" } else { " in text" };
            let value =
                found.shown.as_ref().map(|value| format!(": {}", printable(value.expose()))).unwrap_or_default();
            let column = printable(&found.column);
            let _ = writeln!(text, "  {column}  {}{how} ({:.2}{state}){value}", found.category, found.confidence);
        }
        if !answer.related.is_empty() {
            let _ = writeln!(text, "\n{} rows hang on these:", answer.related.len());
        }
        for row in &answer.related {
            let key = self.key_text(self.catalog, &row.table, row.row_key.as_ref());
            let _ = writeln!(text, "  {}  {key}  via {}", row.table, row.via.join(", "));
        }
        text
    }

    fn csv(&self, answer: &Answer) -> Result<Vec<u8>> {
        let mut csv = csv::Writer::from_writer(Vec::new());
        let failed = |error: csv::Error| Error::output("CSV", error);
        let head = ["schema", "table", "row_key", "column", "path", "category", "confidence", "state", "via"];
        csv.write_record(head).map_err(failed)?;
        for found in &answer.places {
            let schema = found.table.schema.clone().unwrap_or_default();
            let key = self.key_text(&self.head.catalog, &found.table, found.row_key.as_ref());
            let path = found.path.clone().unwrap_or_default();
            let state = match found.state {
                State::Current => "current",
                State::Stale => "stale",
                State::Unchecked => "unchecked",
            };
            let confidence = format!("{:.3}", found.confidence);
            let fields =
                [&schema, &found.table.name, &key, &found.column, &path, found.category.name(), &confidence, state, ""];
            csv.write_record(fields.map(sanera::report::harmless)).map_err(failed)?;
        }
        for row in &answer.related {
            let schema = row.table.schema.clone().unwrap_or_default();
            let key = self.key_text(self.catalog, &row.table, row.row_key.as_ref());
            let via = row.via.join("; ");
            let fields = [schema.as_str(), &row.table.name, &key, "", "", "", "", "related", &via];
            csv.write_record(fields.map(sanera::report::harmless)).map_err(failed)?;
        }
        csv.into_inner().map_err(|error| Error::output("CSV", error))
    }
}
