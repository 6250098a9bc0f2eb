//! What a column's name says: its words compared with the rules' column words.

use std::collections::BTreeMap;

use super::{RuleSet, fold};
use crate::finding::Category;

/// What a name says of each category, the word that says it.
#[derive(Clone, Debug, Default)]
pub struct NameEvidence {
    /// Categories whose words stand in the name, with the longest such word.
    pub words: BTreeMap<Category, Word>,
    /// Words of rules that speak against a category (`order`, `belopp`), by category.
    pub against: BTreeMap<Category, String>,
}

/// A column word found in a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As the rules have it.
    pub text: String,
    /// Whether it is a whole word of the name, not a part of a compound.
    pub exact: bool,
}

/// A word at the end of a compound counts from this length on, whatever stands before it: `epost` in `kundepost`, but
/// not `pass` in `kompass`.
const COMPOUND: usize = 5;

/// Beside these a shorter word counts as well: `namn` in `kundnamn`, `tel` in `telarb`.
const OWNERS: [&str; 28] = [
    "agare",
    "ägare",
    "anstalld",
    "anställd",
    "anvandare",
    "användare",
    "arb",
    "barn",
    "chef",
    "contact",
    "customer",
    "elev",
    "hem",
    "home",
    "jour",
    "kontakt",
    "kontor",
    "kund",
    "lev",
    "medlem",
    "ombud",
    "patient",
    "person",
    "privat",
    "student",
    "user",
    "vakt",
    "work",
];

/// After a word these add nothing: `mobilnr`, `epostadress`.
const FILLERS: [&str; 12] =
    ["adr", "adress", "address", "id", "kod", "no", "nr", "num", "number", "nummer", "text", "uppgift"];

/// The shortest word that can be part of a compound.
const SHORTEST: usize = 3;

impl NameEvidence {
    /// Looks a column's name up in the rules' words.
    pub fn new(rules: &RuleSet, column: &str) -> Self {
        let parts = split(column);
        let joined: String = parts.concat();
        let mut evidence = Self::default();
        for rule in &rules.rules {
            // What a compound hints at is too little for what harms most: `partition` is no party.
            let word = longest(&rule.column_words, &parts, &joined);
            if let Some(word) = word.filter(|word| word.exact || !rule.category.is_special()) {
                let known = evidence.words.entry(rule.category).or_insert_with(|| word.clone());
                if strength(&word) > strength(known) {
                    *known = word;
                }
            }
            if let Some(word) = longest(&rule.not_context, &parts, &joined) {
                evidence.against.entry(rule.category).or_insert(word.text);
            }
        }
        evidence.keep_the_most_telling();
        evidence
    }

    /// `postnr` holds `postnr` for the postal code and perhaps `post` for an address: only the words that say the most
    /// stay, an exact one before a part of a compound.
    fn keep_the_most_telling(&mut self) {
        let most = self.words.values().map(strength).max().unwrap_or_default();
        self.words.retain(|_, word| strength(word) == most || (word.exact && !most.0));
    }

    /// The word for a category.
    pub fn word(&self, category: Category) -> Option<&Word> {
        self.words.get(&category)
    }

    /// The word for another category, where none stands for this one.
    pub fn other(&self, category: Category) -> Option<&Word> {
        if self.words.contains_key(&category) { None } else { self.words.values().max_by_key(|word| strength(word)) }
    }
}

fn strength(word: &Word) -> (bool, usize) {
    (word.exact, word.text.len())
}

/// The longest of `words` that is a word of the name, the whole name, or a part of a compound.
fn longest(words: &[String], parts: &[String], joined: &str) -> Option<Word> {
    let found = words.iter().filter_map(|word| {
        let bare: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
        let runs = (0..parts.len()).any(|start| run_equals(&parts[start..], &bare));
        let exact = *joined == bare || runs;
        let compound = bare.len() >= SHORTEST && parts.iter().any(|part| is_in_compound(part, &bare));
        (exact || compound).then(|| Word { text: word.clone(), exact })
    });
    found.max_by_key(strength)
}

/// Whether a word is the head of a compound, or the compound but for a filler.
fn is_in_compound(part: &str, word: &str) -> bool {
    let head = part.strip_suffix(word).is_some_and(|owner| word.len() >= COMPOUND || OWNERS.contains(&owner));
    let rest = part.strip_prefix(word);
    head || rest.is_some_and(|rest| FILLERS.contains(&rest) || OWNERS.contains(&rest))
}

/// Whether the first parts, joined, are `word`: `e`, `post` for `epost`.
fn run_equals(parts: &[String], word: &str) -> bool {
    let mut rest = word;
    for part in parts {
        match rest.strip_prefix(part.as_str()) {
            Some("") => return true,
            Some(after) => rest = after,
            None => return false,
        }
    }
    false
}

/// Words of a name as people write them: `kund_epost`, `kundEpost`, `KUND-EPOST1`, folded and without digits at the end.
pub fn split(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut part = String::new();
    let mut previous_lower = false;
    for c in name.chars() {
        let border = !c.is_alphanumeric() || (c.is_uppercase() && previous_lower);
        if border && !part.is_empty() {
            parts.push(fold(&std::mem::take(&mut part)));
        }
        if c.is_alphanumeric() {
            part.push(c);
        }
        previous_lower = c.is_lowercase();
    }
    if !part.is_empty() {
        parts.push(fold(&part));
    }
    let bare = |part: String| {
        let bare = part.trim_end_matches(|c: char| c.is_ascii_digit());
        if bare.is_empty() { part } else { bare.to_owned() }
    };
    parts.into_iter().map(bare).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_as_people_write_them() {
        for (name, parts) in [
            ("kund_epost", vec!["kund", "epost"]),
            ("kundEPost", vec!["kund", "epost"]),
            ("FNAMN", vec!["fnamn"]),
            ("E-POST 2", vec!["e", "post", "2"]),
            ("ADR1", vec!["adr"]),
            ("Förnamn", vec!["förnamn"]),
            ("", vec![]),
        ] {
            assert_eq!(split(name), parts, "{name}");
        }
    }

    #[test]
    fn a_word_may_be_spread_over_parts() {
        let parts = |name| split(name);
        assert!(longest(&["epost".into()], &parts("e_post"), "epost").is_some_and(|word| word.exact));
        assert!(longest(&["epost".into()], &parts("kundepost"), "kundepost").is_some_and(|word| !word.exact));
        assert_eq!(longest(&["pnr".into()], &parts("uppnr"), "uppnr"), None);
        assert!(longest(&["mob".into()], &parts("mobnr"), "mobnr").is_some());
        assert!(longest(&["namn".into()], &parts("kundnamn"), "kundnamn").is_some());
        assert_eq!(longest(&["pass".into()], &parts("kompass"), "kompass"), None);
    }
}
