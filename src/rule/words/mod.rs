//! What a column's name says: its words compared with the rules' column words.

mod called;
mod lists;
mod split;

use std::collections::{BTreeMap, HashMap};

use super::RuleSet;
use crate::finding::Category;
use lists::{
    ACTS, AGREED, AMOUNTS, ANIMALS, CHANGERS, CONTENTS, DATES, FILLERS, MATTERS, OPENERS, PAY, PERSONS, THINGS, is_in,
    is_of_codes, is_owner, is_plural_in, is_short_for_person,
};
pub use split::{plain, split};

/// What a name says of each category.
#[derive(Clone, Debug, Default)]
pub struct NameEvidence {
    /// Categories whose words stand in the name, with the most telling such word.
    pub words: BTreeMap<Category, Word>,
    /// Words of rules that speak against a category (`order`, `belopp`), by category.
    pub against: BTreeMap<Category, String>,
    /// A word that makes something else of the others: `status` in `epost_status`.
    pub changed_by: Option<String>,
    /// What the names around are of, where they say so.
    pub subject: Option<Subject>,
}

/// What a table, or an object under a key, is about by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Persons: `kunder`.
    Persons,
    /// Things and places, which have names and positions of their own: `produkter`.
    Things,
    /// Animals, which have names, birth dates and diagnoses: `hundar`.
    Animals,
}

/// A column word found in a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As the rules have it.
    pub text: String,
    /// Whether it is what the name is of: a whole word at its end, not a part of a compound or before another word.
    pub exact: bool,
    /// Where it stands.
    pub source: WordSource,
}

/// Where a column word stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WordSource {
    /// In the column's name.
    #[default]
    Name,
    /// In the column's comment.
    Comment,
    /// In the name of its type: `inet`, or a domain `epost`.
    Type,
    /// In the name of its table, where its own says no more than that something is told: `kod` of `diagnoser`.
    Table,
}

/// A word at the end of a compound counts from this length on, whatever stands before it: `epost` in `kundepost`, but
/// not `pass` in `kompass`.
const COMPOUND: usize = 5;

/// The shortest word that can be part of a compound.
const SHORTEST: usize = 3;

/// Table and column stand around the first key.
const KEYS_FROM: usize = 2;

/// The shortest word that may be made of a key and the one around it.
const JOINED: usize = 6;

/// Words that name persons and things alike.
const OF_ANYTHING: [&str; 5] = ["namn", "name", "displayname", "fullname", "kontakt"];

/// The rules' column words, ready to be looked up.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// By plain word: for these categories, as the rules write it.
    words: HashMap<String, Vec<(Category, String)>>,
    /// Words that count as the last of several: `*by`.
    endings: HashMap<String, Vec<(Category, String)>>,
    /// Words that count after who it is: `@nr` in `kundnr`.
    of_persons: BTreeMap<String, Vec<(Category, String)>>,
    /// Words that count as the beginning of a part: `allergi*`.
    beginnings: BTreeMap<String, Vec<(Category, String)>>,
    against: HashMap<String, Vec<Category>>,
}

/// A word found in a name, before it is weighed.
struct Found<'a> {
    category: Category,
    text: &'a str,
    /// Index after its last part, fillers left out.
    end: usize,
    whole: bool,
}

impl Found<'_> {
    /// Of the word without its sign.
    fn length(&self) -> usize {
        self.text.trim_matches(['*', '@']).len()
    }
}

impl Vocabulary {
    /// The words of all rules.
    pub fn new(rules: &RuleSet) -> Self {
        let mut vocabulary = Self::default();
        for rule in &rules.rules {
            for word in &rule.column_words {
                let known = match word.as_bytes() {
                    [b'*', ..] => vocabulary.endings.entry(plain(word)).or_default(),
                    [b'@', ..] => vocabulary.of_persons.entry(plain(word)).or_default(),
                    [.., b'*'] => vocabulary.beginnings.entry(plain(word)).or_default(),
                    _ => vocabulary.words.entry(plain(word)).or_default(),
                };
                if !known.iter().any(|(category, _)| *category == rule.category) {
                    known.push((rule.category, word.clone()));
                }
            }
            for word in &rule.not_context {
                let known = vocabulary.against.entry(plain(word)).or_default();
                if !known.contains(&rule.category) {
                    known.push(rule.category);
                }
            }
        }
        vocabulary
    }

    /// What a column's name says.
    pub fn read(&self, name: &str) -> NameEvidence {
        self.read_in(name, &[])
    }

    /// What a name says in a table, or under keys, of those names, outermost first.
    pub fn read_in(&self, name: &str, around: &[&str]) -> NameEvidence {
        let mut evidence = self.read_parts(&split(name), around);
        let Some(parent) = around.last() else { return evidence };
        let nested = around.len() > KEYS_FROM;
        if !evidence.words.is_empty() && !nested {
            return evidence;
        }
        if evidence.words.is_empty() {
            self.read_table(parent, &split(name), &mut evidence);
        }
        // `number` under `phone`, and `last` under `name`.
        let (outer, inner) = (split(parent), split(name));
        let orders = [[&*outer, &*inner].concat(), [&*inner, &*outer].concat()];
        let joined = orders.iter().map(|parts| (self.read_parts(parts, around), parts.concat()));
        let meant = |(joined, text): &(NameEvidence, String)| {
            text.len() >= JOINED && joined.words.values().any(|it| plain(&it.text) == *text)
        };
        joined.into_iter().find(meant).map_or(evidence, |(joined, _)| joined)
    }

    /// What a table's name says of a column that is called no more than an amount or what is told.
    fn read_table(&self, table: &str, parts: &[String], evidence: &mut NameEvidence) {
        let Some(last) = parts.last() else { return };
        let is_amount = is_in(AMOUNTS, last) || is_in(AMOUNTS, &parts.concat());
        if is_amount && split(table).iter().any(|part| is_plural_in(PAY, part)) {
            let word = Word { text: table.to_owned(), exact: false, source: WordSource::Table };
            evidence.words.insert(Category::Salary, word);
            evidence.changed_by = None;
        } else if is_in(CONTENTS, last) {
            evidence.words = self.special_words(table);
        }
    }

    /// Words for special categories in a table's name, also in the plural.
    fn special_words(&self, table: &str) -> BTreeMap<Category, Word> {
        const PLURALS: [&str; 8] = ["", "er", "ar", "or", "s", "es", "n", "erna"];
        let singular = |part: &String| {
            let mut stems = PLURALS.iter().filter_map(|end| part.strip_suffix(end));
            stems.find_map(|stem| self.words.get(stem)).into_iter().flatten()
        };
        let parts = split(table);
        let pairs: Vec<String> = parts.windows(2).map(<[String]>::concat).collect();
        let special = pairs.iter().chain(&parts).flat_map(singular).filter(|(category, _)| category.is_special());
        let word = |text: &String| Word { text: text.clone(), exact: false, source: WordSource::Table };
        special.map(|(category, text)| (*category, word(text))).collect()
    }

    fn read_parts(&self, parts: &[String], around: &[&str]) -> NameEvidence {
        let mut evidence = NameEvidence { subject: subject(around, parts), ..NameEvidence::default() };
        for start in 0..parts.len() {
            for end in start + 1..=parts.len() {
                for category in self.against.get(&parts[start..end].concat()).into_iter().flatten() {
                    evidence.against.entry(*category).or_insert_with(|| parts[start..end].join("_"));
                }
            }
        }
        let mut found = self.runs(parts);
        found.extend(self.compounds(parts));
        found.extend(self.endings(parts));
        found.extend(self.begun(parts));
        found.extend(self.of_persons(parts, around));
        // Whose it is says nothing of what it is, where another word does.
        let said: Vec<usize> = found.iter().filter(|it| !is_owner(it.text)).map(|it| it.end).collect();
        found.retain(|it| !is_owner(it.text) || said.iter().all(|end| *end <= it.end));
        let head = found.iter().map(|it| it.end).max().unwrap_or_default();
        let longest = found.iter().filter(|it| it.end == head && it.whole).map(Found::length).max();
        for it in &found {
            // `postnr` holds `nr`, `user_name` holds `name`: of words that end at one place the longest is meant.
            let covered = it.end == head && longest.is_some_and(|longest| it.length() < longest || !it.whole);
            if covered || (it.category.is_special() && !it.whole) {
                continue;
            }
            let word = Word { text: it.text.to_owned(), exact: it.whole && it.end == head, source: WordSource::Name };
            let known = evidence.words.entry(it.category).or_insert_with(|| word.clone());
            if strength(&word) > strength(known) {
                *known = word;
            }
        }
        evidence.changed_by = changer(parts, &found);
        evidence
    }

    /// Words that are one or several whole parts of a name: `e_post`, `customer_email`.
    fn runs(&self, parts: &[String]) -> Vec<Found<'_>> {
        let mut found = Vec::new();
        for start in 0..parts.len() {
            for end in start + 1..=parts.len() {
                for (category, text) in self.words.get(&parts[start..end].concat()).into_iter().flatten() {
                    found.push(Found { category: *category, text, end: without_fillers(parts, end), whole: true });
                }
            }
        }
        found
    }

    /// Words that others stand before: `closed_by`.
    fn endings(&self, parts: &[String]) -> Vec<Found<'_>> {
        let last = parts.last().filter(|_| parts.len() > 1);
        let words = last.and_then(|last| self.endings.get(last)).into_iter().flatten();
        words.map(|(category, text)| Found { category: *category, text, end: parts.len(), whole: true }).collect()
    }

    /// Words that a part begins with: `glutenintolerant_gast`.
    fn begun(&self, parts: &[String]) -> Vec<Found<'_>> {
        let mut found = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let begin = self.beginnings.iter().filter(|(word, _)| part.starts_with(&***word));
            for (category, text) in begin.flat_map(|(_, categories)| categories) {
                found.push(Found { category: *category, text, end: without_fillers(parts, index + 1), whole: true });
            }
        }
        found
    }

    /// Words after who it is: `kundnr`, `CLNTNO`, `donor_ref_no`, and `nr` in a table of persons.
    fn of_persons<'a>(&'a self, parts: &[String], around: &[&str]) -> Vec<Found<'a>> {
        let Some((last, before)) = parts.split_last() else { return Vec::new() };
        let mut found = Vec::new();
        for (word, categories) in &self.of_persons {
            let inside = last.strip_suffix(&**word).filter(|owner| !owner.is_empty()).map(str::to_owned);
            let apart = || before.iter().rev().find(|part| !is_in(FILLERS, part)).filter(|_| last == word).cloned();
            let of_table = || around.last().filter(|_| parts.len() == 1 && last == word).and_then(|it| one_person(it));
            let Some(owner) = inside.or_else(apart).or_else(of_table) else { continue };
            let whole = is_in(PERSONS, &owner) || is_in(PERSONS, owner.trim_end_matches('s'));
            if whole || is_short_for_person(&owner) {
                let of = |(category, text): &'a (Category, String)| Found {
                    category: *category,
                    text,
                    end: parts.len(),
                    whole,
                };
                found.extend(categories.iter().map(of));
            }
        }
        found
    }

    /// Words inside a part: at its end after anything or after whose it is, or before a filler.
    fn compounds(&self, parts: &[String]) -> Vec<Found<'_>> {
        let mut found = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let borders = || part.char_indices().map(|(at, _)| at).chain([part.len()]);
            for start in borders() {
                for end in borders().filter(|end| *end >= start + SHORTEST && *end - start < part.len()) {
                    let (before, word, after) = (&part[..start], &part[start..end], &part[end..]);
                    let fills = |rest: &str| rest.is_empty() || is_in(FILLERS, rest) || is_owner(rest);
                    let owned = before.is_empty() || is_owner(before) || is_owner(before.trim_end_matches('s'));
                    let fits = fills(after) && (owned || (after.is_empty() && word.len() >= COMPOUND));
                    for (category, text) in self.words.get(word).filter(|_| fits).into_iter().flatten() {
                        found.push(Found {
                            category: *category,
                            text,
                            end: without_fillers(parts, index + 1),
                            whole: false,
                        });
                    }
                }
            }
        }
        found
    }
}

/// The end of a name seen from `end`: fillers and numbers after it don't count.
fn without_fillers(parts: &[String], end: usize) -> usize {
    let adds_nothing =
        |part: &String| is_in(FILLERS, part) || is_owner(part) || part.bytes().all(|byte| byte.is_ascii_digit());
    if parts[end..].iter().all(adds_nothing) { parts.len() } else { end }
}

/// The word that makes something else of the rest: at the end, if no found word ends there, or at the beginning.
fn changer(parts: &[String], found: &[Found<'_>]) -> Option<String> {
    let last = parts.last()?;
    let covered = found.iter().any(|it| it.whole && it.end == parts.len());
    let inside = CHANGERS
        .iter()
        .find(|changer| changer.len() >= SHORTEST && last.len() > changer.len() + SHORTEST && last.ends_with(*changer));
    let at_end = if is_in(CHANGERS, last) { Some(last.as_str()) } else { inside.copied() };
    let opener = parts.first().filter(|first| parts.len() > 1 && is_in(OPENERS, first));
    let joined_is_word = found.iter().any(|it| it.whole && plain(it.text) == parts.concat());
    at_end.filter(|_| !covered).or(opener.map(String::as_str)).filter(|_| !joined_is_word).map(str::to_owned)
}

/// Whether a table's name is one of persons, written out or shortened: `medlemmar`, `HYRG`. Suppliers are companies.
pub fn is_of_persons(table: &str) -> bool {
    let shortens = |word: &str, owner: &str| {
        let mut letters = owner.chars();
        word.len() >= SHORTEST
            && word.chars().next() == owner.chars().next()
            && word.chars().all(|c| letters.any(|it| it == c))
    };
    let persons = |word: &String| PERSONS.iter().any(|owner| shortens(word, owner));
    split(table).iter().any(|word| persons(word) || is_plural_in(PERSONS, word))
}

/// Whether a column is called the title of a work or a matter: what it names is no person.
pub fn is_title(column: &str) -> bool {
    const TITLES: &[&str] = &["rubrik", "title", "titel", "boktitel", "booktitle", "verktitel"];
    split(column).last().is_some_and(|last| is_in(TITLES, last))
}

/// Whether a column, of a table of things, is called their name.
pub fn is_name_of_thing(column: &str) -> bool {
    let last = split(column).pop().unwrap_or_default();
    ["namn", "name", "benamning", "benamn", "beteckning"].iter().any(|name| last.ends_with(name))
}

/// Whether a column is called the key of a person, as links are that nothing declares: `patient_id`, `CUST_KEY`.
pub fn is_key_of_person(column: &str) -> bool {
    const KEYS: &[&str] = &["bk", "fk", "id", "key", "no", "nr", "nyckel", "ref", "sk"];
    let parts = split(column);
    let joined = || {
        let owner = KEYS.iter().find_map(|key| parts.last().and_then(|part| part.strip_suffix(key)));
        owner.is_some_and(|owner| is_in(PERSONS, owner))
    };
    match &parts[..] {
        [.., owner, key] if is_in(KEYS, key) => is_plural_in(PERSONS, owner),
        _ => joined(),
    }
}

/// Whether a name is of something that happens: `orders`, `diarienr`.
pub fn is_of_a_matter(name: &str) -> bool {
    split(name).iter().any(|word| {
        let stem = ["nummer", "number", "nr", "no"].iter().find_map(|number| word.strip_suffix(number));
        is_plural_in(MATTERS, stem.unwrap_or(word))
    })
}

/// The word of a table's name that is all there is of it and one of persons: `medlem` of `medlemmar`.
fn one_person(table: &str) -> Option<String> {
    let parts = split(table);
    let [only] = &parts[..] else { return None };
    PERSONS.iter().find(|person| is_plural_in(&[**person], only)).map(|person| (*person).to_owned())
}

/// What the names around one are of; the nearest tells. What is said in a table of animals is said of them, but for what
/// is said of their owner.
fn subject(around: &[&str], parts: &[String]) -> Option<Subject> {
    let around: Vec<String> = around.iter().rev().flat_map(|name| split(name).into_iter().rev()).collect();
    let of_its_owner = parts.iter().any(|word| is_in(PERSONS, word));
    if parts.iter().any(|word| is_plural_in(ANIMALS, word))
        || (!of_its_owner && around.iter().any(|word| is_plural_in(ANIMALS, word)))
    {
        return Some(Subject::Animals);
    }
    let is_act = around.iter().any(|word| is_in(ACTS, word));
    let before = parts.iter().rev().skip(1).cloned();
    before.chain(around).find_map(|word| {
        let subject = if is_plural_in(PERSONS, &word) { Subject::Persons } else { Subject::Things };
        let of_things = !is_act && (is_plural_in(THINGS, &word) || is_of_codes(&word));
        (subject == Subject::Persons || of_things).then_some(subject)
    })
}

impl NameEvidence {
    /// Adds what a column's comment or type says, where the name says nothing. A comment counts as much as a part of a
    /// name, as it speaks of other things too; a type that has the category's name as much as a name.
    pub fn add(&mut self, other: &Self, source: WordSource) {
        for (category, word) in &other.words {
            let word = Word { exact: word.exact && source == WordSource::Type, source, ..word.clone() };
            self.words.entry(*category).or_insert(word);
        }
    }

    /// The word for a category, unless another word makes something else of it.
    pub fn word(&self, category: Category) -> Option<&Word> {
        let word = self.words.get(&category)?;
        let thing = matches!(self.subject, Some(Subject::Things | Subject::Animals))
            && OF_ANYTHING.contains(&word.text.as_str());
        // How many days somebody was ill is health, too, and the day of a birth is its date.
        let is_date = |word: &String| is_in(DATES, word) && category == Category::DateOfBirth;
        let changed = self.changed_by.as_ref().is_some_and(|word| !is_date(word)) && !category.is_special();
        // Whether somebody agreed is no health.
        let asked = self.changed_by.as_ref().is_some_and(|word| is_in(AGREED, word));
        (!changed && !asked && !thing).then_some(word)
    }

    /// What speaks against a category: a rule's own word, one that changes the meaning, or the word for another category.
    pub fn against(&self, category: Category) -> Option<&str> {
        if self.word(category).is_some() {
            return None;
        }
        let own =
            self.against.get(&category).or(self.changed_by.as_ref().filter(|_| self.words.contains_key(&category)));
        own.map(String::as_str)
    }

    /// The word for another category, where none stands for this one. Of several categories the name is of those that
    /// `fits` says the cells can be.
    pub fn other(&self, category: Category, fits: impl Fn(Category) -> bool) -> Option<&Word> {
        let others = self.words.iter().filter(|(other, _)| fits(**other)).map(|(_, word)| word);
        if self.words.contains_key(&category) { None } else { others.max_by_key(|word| strength(word)) }
    }
}

/// A word that was written out tells more than a pattern of words.
fn strength(word: &Word) -> (bool, bool, usize) {
    (word.exact, !word.text.contains(['*', '@']), word.text.len())
}

#[cfg(test)]
mod tests;
