//! From a rule file's TOML tree to rules, noting every problem on the way instead of stopping at the first.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::change::{Allowed, Change};
use super::problem::{Problem, Source, suggest};
use super::{Lexicons, Matcher, Rule, Sensitivity, fold, pattern};
use crate::catalog::TypeClass;
use crate::finding::Category;
use crate::validate::Validator;

/// The keys of a rule.
const KEYS: &[&str] = &[
    "id",
    "category",
    "country",
    "description",
    "pattern",
    "patterns",
    "validator",
    "chance_rate",
    "look_alike_rate",
    "keywords",
    "context",
    "not_context",
    "not_before",
    "not_after",
    "lexicon",
    "column_words",
    "types",
    "only_named",
    "confidence",
    "sensitivity",
    "reference",
    "match",
    "reject",
];

const TYPES: &[(&str, TypeClass)] = &[
    ("text", TypeClass::Text),
    ("integer", TypeClass::Integer),
    ("real", TypeClass::Real),
    ("decimal", TypeClass::Decimal),
    ("boolean", TypeClass::Boolean),
    ("date", TypeClass::Date),
    ("timestamp", TypeClass::Timestamp),
    ("json", TypeClass::Json),
    ("bytes", TypeClass::Bytes),
    ("other", TypeClass::Other),
];

const SENSITIVITIES: &[(&str, Sensitivity)] = &[
    ("low", Sensitivity::Low),
    ("medium", Sensitivity::Medium),
    ("high", Sensitivity::High),
    ("special", Sensitivity::Special),
];

/// Taken where a rule states no confidence: as likely right as wrong.
const DEFAULT_CONFIDENCE: f64 = 0.5;
/// Taken where a rule states no chance rate.
const DEFAULT_CHANCE: f64 = 0.01;

/// A rule and where its id stands.
#[derive(Debug)]
pub(super) struct Located {
    pub(super) rule: Rule,
    pub(super) source: usize,
    pub(super) span: Range<usize>,
}

/// What a rule file holds.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) rules: Vec<Located>,
    pub(super) changes: Vec<Change>,
    pub(super) allowed: Vec<Allowed>,
}

/// Reads the file `sources[index]` into `contents`. What has a problem is left out.
pub(super) fn file(
    sources: &[Source],
    index: usize,
    lexicons: &Lexicons,
    contents: &mut Contents,
    problems: &mut Vec<Problem>,
) {
    let text = &*sources[index].text;
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        // What the parser rescued from a broken file would only raise problems that are none.
        problems.extend(errors.into_iter().map(|error| Problem {
            source: index,
            span: error.span().unwrap_or(0..0),
            title: format!("not TOML: {}", error.message()),
            hint: "see toml.io; write patterns in 'single quotes', where a backslash is itself".to_owned(),
        }));
        return;
    }
    for (key, value) in document.get_ref() {
        let mut reader = Reader { text, source: index, lexicons, problems, table: document.get_ref(), place: 0..0 };
        let name: &str = key.get_ref();
        if !matches!(name, "rule" | "change" | "allow") {
            let hint = "a rule file holds [[rule]], [[change]] and [[allow]] tables only";
            reader.add(key.span(), format!("unknown key `{name}`"), hint);
            continue;
        }
        let Some(tables) = value.get_ref().as_array() else {
            reader.add(
                key.span(),
                format!("`{name}` is no list of tables"),
                format!("write [[{name}]] with two brackets"),
            );
            continue;
        };
        for table in tables {
            let Some(fields) = table.get_ref().as_table() else {
                reader.add(
                    table.span(),
                    format!("a {name} is no table"),
                    format!("write [[{name}]] and its keys below"),
                );
                continue;
            };
            reader.table = fields;
            reader.place = table.span();
            match name {
                "rule" => contents.rules.extend(reader.rule()),
                "change" => contents.changes.extend(reader.change()),
                _ => contents.allowed.extend(reader.allowed()),
            }
        }
    }
}

/// One rule's table while it is read.
pub(super) struct Reader<'a, 'i> {
    text: &'a str,
    pub(super) source: usize,
    lexicons: &'a Lexicons,
    pub(super) problems: &'a mut Vec<Problem>,
    table: &'a DeTable<'i>,
    /// Where the table begins, for what is missing in it.
    pub(super) place: Range<usize>,
}

/// A string of the file and where it stands.
pub(super) type Text = (String, Range<usize>);

impl Reader<'_, '_> {
    /// The rule, or `None` if something it can't be without is wrong; every problem is noted either way.
    fn rule(&mut self) -> Option<Located> {
        let before = self.problems.len();
        self.unknown_keys(KEYS);
        let id = self.id();
        let category = self.category();
        let rule = Rule {
            id: id.as_ref().map(|(id, _)| id.clone()).unwrap_or_default(),
            category: category.unwrap_or(Category::PersonName),
            country: self.country(),
            description: self.text("description").unwrap_or_default().0,
            matcher: self.matcher(),
            validator: self.validator(),
            chance_rate: self.share("chance_rate").unwrap_or(DEFAULT_CHANCE),
            look_alike_rate: self.share("look_alike_rate"),
            keywords: self.folded("keywords"),
            context: self.folded("context"),
            not_context: self.folded("not_context"),
            not_before: self.text("not_before").unwrap_or_default().0,
            not_after: self.text("not_after").unwrap_or_default().0,
            column_words: self.column_words(),
            types: self.types(),
            only_named: self.switch("only_named"),
            confidence: self.share("confidence").unwrap_or(DEFAULT_CONFIDENCE),
            sensitivity: self.sensitivity(),
            reference: self.text("reference").map(|(text, _)| text),
            matches: self.examples("match"),
            rejects: self.examples("reject"),
        };
        self.can_fire(&rule);
        let (_, span) = id?;
        (self.problems.len() == before).then_some(Located { rule, source: self.source, span })
    }

    pub(super) fn unknown_keys(&mut self, known: &[&str]) {
        let table = self.table;
        for (key, _) in table {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                self.add(key.span(), format!("unknown key `{name}`"), suggest(name, known.iter().copied()));
            }
        }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// True or false; false where it is not said.
    pub(super) fn switch(&mut self, key: &str) -> bool {
        match self.table.get(key).map(|value| (value, value.get_ref())) {
            None => false,
            Some((_, DeValue::Boolean(yes))) => *yes,
            Some((value, _)) => {
                self.wrong_type(key, value, "true or false");
                false
            }
        }
    }

    pub(super) fn id(&mut self) -> Option<Text> {
        let (id, span) = self.required("id", "an id, for example id = \"se-personnummer\"")?;
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if id.is_empty() || !id.bytes().all(fits) {
            self.add(span, format!("the id `{id}` is not of a-z, 0-9 and hyphens"), "write it like `se-personnummer`");
            return None;
        }
        Some((id, span))
    }

    pub(super) fn category(&mut self) -> Option<Category> {
        let (name, span) = self.required("category", "what the rule finds, for example category = \"email\"")?;
        name.parse().ok().or_else(|| {
            let known = Category::ALL.iter().map(|category| category.name());
            self.add(span, format!("unknown category `{name}`"), suggest(&name, known));
            None
        })
    }

    fn country(&mut self) -> Option<String> {
        let (country, span) = self.text("country")?;
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            self.add(span, "not a country's code".to_owned(), "two capital letters of ISO 3166: \"SE\"");
        }
        Some(country)
    }

    fn matcher(&mut self) -> Matcher {
        let mut patterns = self.texts("pattern");
        patterns.extend(self.texts("patterns"));
        let lists = self.texts("lexicon");
        if let (Some((_, span)), false) = (lists.first(), patterns.is_empty()) {
            self.add(span.clone(), "a rule has patterns or a lexicon, not both".to_owned(), "make two rules of it");
        }
        for (pattern, span) in &patterns {
            self.check_pattern(pattern, span);
        }
        let lexicons = self.lexicons;
        for (list, span) in &lists {
            if !lexicons.0.contains_key(list) {
                let known = lexicons.0.keys().map(String::as_str);
                self.add(span.clone(), format!("unknown lexicon `{list}`"), suggest(list, known));
            }
        }
        let texts = |list: Vec<Text>| list.into_iter().map(|(text, _)| text).collect();
        match (patterns.is_empty(), lists.is_empty()) {
            (false, _) => Matcher::Patterns(texts(patterns)),
            (true, false) => Matcher::Lexicon(texts(lists)),
            (true, true) => Matcher::ColumnName,
        }
    }

    fn check_pattern(&mut self, text: &str, span: &Range<usize>) {
        // In a literal string the file's bytes are the pattern's; elsewhere escapes shift them: show the whole.
        let literal = self.text.get(span.clone()).is_some_and(|raw| raw.get(1..raw.len() - 1) == Some(text));
        for problem in pattern::problems(text) {
            let start = span.start + 1;
            let place = if literal { start + problem.span.start..start + problem.span.end } else { span.clone() };
            self.add(place, problem.title, problem.hint);
        }
    }

    fn validator(&mut self) -> Option<Validator> {
        let (name, span) = self.text("validator")?;
        self.named(&name, span, "validator", Validator::names())
    }

    fn sensitivity(&mut self) -> Sensitivity {
        self.text("sensitivity")
            .and_then(|(name, span)| self.named(&name, span, "sensitivity", SENSITIVITIES))
            .unwrap_or(Sensitivity::Medium)
    }

    fn types(&mut self) -> Vec<TypeClass> {
        let names = self.texts("types");
        names.into_iter().filter_map(|(name, span)| self.named(&name, span, "type", TYPES)).collect()
    }

    fn named<T: Copy>(&mut self, name: &str, span: Range<usize>, what: &str, known: &[(&str, T)]) -> Option<T> {
        let found = known.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        if found.is_none() {
            let names = known.iter().map(|(name, _)| *name);
            self.add(span, format!("unknown {what} `{name}`"), suggest(name, names));
        }
        found
    }

    /// A number between 0 and 1.
    pub(super) fn share(&mut self, key: &str) -> Option<f64> {
        let value = self.table.get(key)?;
        let number = match value.get_ref() {
            DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
            DeValue::Integer(number) => number.as_str().parse::<f64>().ok(),
            _ => None,
        };
        let Some(number) = number else {
            self.wrong_type(key, value, "a number");
            return None;
        };
        if !(0.0..=1.0).contains(&number) {
            self.add(value.span(), format!("`{key}` is not between 0 and 1"), "write a share: 0.95 for 95 %");
        }
        Some(number)
    }

    pub(super) fn folded(&mut self, key: &str) -> Vec<String> {
        self.texts(key).into_iter().map(|(text, _)| fold(&text)).collect()
    }

    /// Folded and without separators, as they are compared with the words of a column's name. A star before one means that
    /// other words stand before it (`*by`), an at sign that a person does (`@nr`), and a star after one that it only begins
    /// the word (`allergi*`).
    pub(super) fn column_words(&mut self) -> Vec<String> {
        let squeeze = |text: String| text.chars().filter(|c| c.is_alphanumeric() || matches!(c, '*' | '@')).collect();
        self.folded("column_words").into_iter().map(squeeze).collect()
    }

    fn examples(&mut self, key: &str) -> Vec<String> {
        let examples = self.texts(key);
        let wrong = self.table.get(key).is_some_and(|value| !value.get_ref().is_str() && !value.get_ref().is_array());
        if examples.is_empty() && !wrong {
            let place = self.table.get(key).map_or_else(|| self.place.clone(), Spanned::span);
            self.add(
                place,
                format!("the rule has no `{key}` example"),
                format!("add {key} = [\"…\"] with a real text"),
            );
        }
        examples.into_iter().map(|(text, _)| text).collect()
    }

    fn can_fire(&mut self, rule: &Rule) {
        if matches!(rule.matcher, Matcher::ColumnName) && rule.column_words.is_empty() {
            let hint = "give it a pattern, a lexicon or column_words";
            self.add(self.place.clone(), "the rule can never fire".to_owned(), hint);
        }
    }

    pub(super) fn required(&mut self, key: &str, hint: &str) -> Option<Text> {
        if !self.table.contains_key(key) {
            self.add(self.place.clone(), format!("the rule has no `{key}`"), format!("add {hint}"));
        }
        self.text(key)
    }

    pub(super) fn text(&mut self, key: &str) -> Option<Text> {
        let value = self.table.get(key)?;
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_type(key, value, "a string");
            return None;
        };
        Some((text.to_string(), value.span()))
    }

    /// A list of strings; a single string counts as a list of one.
    pub(super) fn texts(&mut self, key: &str) -> Vec<Text> {
        let table = self.table;
        let Some(value) = table.get(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::String(text) => vec![(text.to_string(), value.span())],
            DeValue::Array(items) => items
                .iter()
                .filter_map(|item| {
                    let DeValue::String(text) = item.get_ref() else {
                        self.wrong_type(key, item, "a list of strings");
                        return None;
                    };
                    Some((text.to_string(), item.span()))
                })
                .collect(),
            _ => {
                self.wrong_type(key, value, "a list of strings");
                Vec::new()
            }
        }
    }

    fn wrong_type(&mut self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        let title = format!("`{key}` is {expected}, not {}", article(value.get_ref().type_str()));
        self.add(value.span(), title, format!("write {expected} here"));
    }

    pub(super) fn add(&mut self, span: Range<usize>, title: String, hint: impl Into<String>) {
        self.problems.push(Problem { source: self.source, span, title, hint: hint.into() });
    }
}

fn article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
}
