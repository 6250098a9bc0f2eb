//! Fills: the named ways of making a cell, and the small language in which a schema file calls them.

use std::collections::BTreeMap;

use rusqlite::types::Value;

use super::people::Person;
use super::rng::Rng;
use super::{codes, contact, json, numbers, people, places, prose, secrets, technical, times};

/// What a fill may use to make one cell.
pub(crate) struct Row<'a> {
    pub(super) rng: &'a mut Rng,
    /// All fills of a row speak of this person (with `other:` of a second one).
    pub(super) person: &'a Person,
    /// The row's number in its table, from 1.
    pub(super) number: usize,
    /// How many cells this fill has made in this column before: fills that go through forms or texts in turn use it.
    pub(super) planted: usize,
}

pub(super) type Make = fn(&mut Row<'_>) -> Value;

/// A fill's name, the categories that its cells hold, and how to make one.
pub(super) type Def = (&'static str, &'static [&'static str], Make);

pub(super) fn text(value: impl Into<String>) -> Value {
    Value::Text(value.into())
}

const PLAIN: &[&[Def]] = &[
    people::FILLS,
    places::FILLS,
    contact::FILLS,
    numbers::PERSONAL,
    numbers::FILLS,
    secrets::FILLS,
    times::FILLS,
    codes::FILLS,
    codes::WORDS,
    technical::FILLS,
];

/// What a column of a schema file asks for, checked.
#[derive(Clone, Debug)]
pub(crate) enum Fill {
    /// A fill without parameters.
    Plain(Make),
    /// A text of these, in turn.
    Prose(&'static [prose::Template]),
    /// A plain fill about the row's second person.
    Other(Make),
    /// `serial`: the row's number.
    Serial,
    /// `null`: nothing.
    Null,
    /// `pick:A|B|B`: one of these; repeat one to make it frequent.
    Pick(Vec<String>),
    /// `int:LOW..HIGH`.
    Int(i64, i64),
    /// `dec:LOW..HIGH`, two decimals, REAL.
    Dec(i64, i64),
    /// `date:YEAR..YEAR`, `2024-03-01`.
    Date(i64, i64),
    /// `ref:TABLE.COLUMN`: a value of that column, which was filled before.
    Ref(String),
}

/// The categories that the cells of a fill hold, as far as the fill alone tells them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Exactly these stand in the column.
    Categories(Vec<&'static str>),
    /// Exactly these (path, category) stand in the documents.
    Paths(Vec<(&'static str, &'static str)>),
    /// The schema file decides (a list of codes, numbers, a link).
    Open,
}

impl Fill {
    /// Reads a fill; the error says what is wrong with it.
    pub(crate) fn parse(call: &str) -> Result<Self, String> {
        let (name, argument) = call.split_once(':').map_or((call, None), |(name, rest)| (name, Some(rest)));
        let bounds = || argument.and_then(range).ok_or_else(|| format!("fill `{call}` needs LOW..HIGH"));
        match (name, argument) {
            ("serial", None) => Ok(Self::Serial),
            ("null", None) => Ok(Self::Null),
            ("pick", Some(list)) if !list.is_empty() => Ok(Self::Pick(list.split('|').map(str::to_owned).collect())),
            ("int", _) => bounds().map(|(low, high)| Self::Int(low, high)),
            ("dec", _) => bounds().map(|(low, high)| Self::Dec(low, high)),
            ("date", _) => bounds().map(|(low, high)| Self::Date(low, high)),
            ("ref", Some(target)) if target.contains('.') => Ok(Self::Ref(target.to_owned())),
            ("other", Some(inner)) => {
                plain(inner).map(|def| Self::Other(def.2)).ok_or_else(|| format!("unknown fill `{inner}`"))
            }
            (_, None) => plain(name)
                .map(|def| Self::Plain(def.2))
                .or_else(|| json::find(name).map(|document| Self::Plain(document.make)))
                .or_else(|| prose::find(name).map(Self::Prose))
                .ok_or_else(|| format!("unknown fill `{name}`")),
            _ => Err(format!("unknown fill `{call}`")),
        }
    }

    /// Makes one cell; `taken` holds the values of the columns that links point at, by `TABLE.COLUMN`.
    pub(super) fn make(&self, row: &mut Row<'_>, other: &Person, taken: &BTreeMap<String, Vec<Value>>) -> Value {
        match self {
            Self::Plain(make) => make(row),
            Self::Prose(templates) => text(prose::write(row, other, templates)),
            Self::Other(make) => {
                make(&mut Row { rng: row.rng, person: other, number: row.number, planted: row.planted })
            }
            Self::Serial => Value::Integer(i64::try_from(row.number).expect("a row number")),
            Self::Null => Value::Null,
            Self::Pick(list) => text(&list[row.rng.below(list.len())]),
            Self::Int(low, high) => row.rng.range(*low, *high).into(),
            Self::Dec(low, high) => hundredths(row.rng.range(low * 100, high * 100)).into(),
            Self::Date(low, high) => text(times::day(row.rng, *low, *high).to_string()),
            Self::Ref(target) => match taken.get(target) {
                Some(values) if !values.is_empty() => values[row.rng.below(values.len())].clone(),
                _ => Value::Null,
            },
        }
    }
}

/// What a call's name says of its cells.
pub(crate) fn known(call: &str) -> Known {
    let name = call.strip_prefix("other:").unwrap_or(call);
    if let Some((_, categories, _)) = plain(name) {
        return Known::Categories(categories.to_vec());
    }
    if let Some(document) = json::find(name) {
        return Known::Paths(document.gold.to_vec());
    }
    prose::find(name).map_or(Known::Open, |templates| Known::Categories(prose::categories(templates)))
}

/// The names of all fills without parameters, with whether they make personal data.
pub(crate) fn names() -> Vec<(&'static str, bool)> {
    let plain = PLAIN.iter().copied().flatten().map(|def| (def.0, !def.1.is_empty()));
    let documents = json::DOCUMENTS.iter().map(|document| (document.name, !document.gold.is_empty()));
    let proses = prose::ALL.iter().map(|(name, templates)| (*name, !prose::categories(templates).is_empty()));
    plain.chain(documents).chain(proses).collect()
}

fn plain(name: &str) -> Option<&'static Def> {
    PLAIN.iter().copied().flatten().find(|def| def.0 == name)
}

fn range(argument: &str) -> Option<(i64, i64)> {
    let (low, high) = argument.split_once("..")?;
    let (low, high) = (low.parse().ok()?, high.parse().ok()?);
    (low <= high).then_some((low, high))
}

/// An amount of hundredths as a fraction.
pub(super) fn hundredths(count: i64) -> f64 {
    count as f64 / 100.0
}
