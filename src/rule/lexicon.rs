//! Word lists: names, streets, titles. One text file each under `rules/lexicon/`, built into the program.
//!
//! A line is `word` or `word<TAB>weight`; a word may hold spaces (`Upplands Väsby`); `#` begins a comment line.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::fold;

/// Word lists by name (the file's name without `.txt`).
#[derive(Clone, Debug, Default)]
pub struct Lexicons(pub BTreeMap<String, Lexicon>);

impl Lexicons {
    /// The list of that name.
    pub fn get(&self, name: &str) -> Option<&Lexicon> {
        self.0.get(name)
    }
}

/// Folded words with weights between 0 and 1.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    /// Folded word -> how much it says on its own.
    pub words: HashMap<String, f32, foldhash::fast::FixedState>,
}

impl Lexicon {
    /// Adds the words of a file. A word that is there already gets the new weight, so that a user's list can lower a
    /// built-in word. Returns all that is wrong, each with its place in the text.
    pub(crate) fn add(&mut self, text: &str) -> Vec<(Range<usize>, String)> {
        let mut problems = Vec::new();
        let mut start = text.len() - text.trim_start_matches('\u{feff}').len();
        for line in text[start..].split_inclusive('\n') {
            let content = line.trim_end();
            if !content.is_empty() && !content.starts_with('#') {
                match entry(content) {
                    Ok((word, weight)) => drop(self.words.insert(word, weight)),
                    Err(problem) => {
                        let weight = content.find('\t').map_or(0, |tab| tab + 1);
                        problems.push((start + weight..start + content.len(), problem.to_owned()));
                    }
                }
            }
            start += line.len();
        }
        problems
    }

    /// The weight of a folded word, 0 if the list does not have it.
    pub fn weight(&self, folded: &str) -> f32 {
        self.words.get(folded).copied().unwrap_or(0.0)
    }
}

fn entry(line: &str) -> Result<(String, f32), &'static str> {
    let (word, weight) = line.split_once('\t').unwrap_or((line, "1"));
    let weight: f32 = weight.trim().parse().map_err(|_| "the weight after the tab is no number")?;
    let word = fold(word.trim());
    if word.is_empty() {
        return Err("no word before the tab");
    }
    // A NaN is in no range.
    if (0.0..=1.0).contains(&weight) { Ok((word, weight)) } else { Err("the weight is out of range") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lexicon(text: &str) -> (Lexicon, Vec<(Range<usize>, String)>) {
        let mut lexicon = Lexicon::default();
        let problems = lexicon.add(text);
        (lexicon, problems)
    }

    #[test]
    fn a_line_is_a_word_with_or_without_a_weight() {
        let (list, problems) = lexicon("\u{feff}# names\n\nÅSA\nBo\t0.3\r\n  Upplands Väsby \nBjo\u{308}rn\t 0.5 \n");
        assert_eq!((list.words.len(), problems.len()), (4, 0));
        assert!((list.weight("åsa") - 1.0).abs() < f32::EPSILON);
        assert!((list.weight("bo") - 0.3).abs() < f32::EPSILON);
        assert!((list.weight("björn") - 0.5).abs() < f32::EPSILON);
        assert!(list.weight("upplands väsby") > 0.0);
        assert!(list.weight("Bo") == 0.0, "words are stored folded");
    }

    #[test]
    fn all_problems_are_told_with_their_places() {
        let text = "Anna\nBo\tmuch\n\t0.5\nEva\t1.5\nEva\tNaN\nx\t0.1\t0.2\n";
        let (_, problems) = lexicon(text);
        let places: Vec<&str> = problems.iter().map(|(place, _)| &text[place.clone()]).collect();
        assert_eq!(places, ["much", "0.5", "1.5", "NaN", "0.1\t0.2"]);
    }

    #[test]
    fn a_later_list_changes_weights() {
        let mut lexicon = Lexicon::default();
        lexicon.add("Bo\n");
        lexicon.add("BO\t0.25\n");
        assert!((lexicon.weight("bo") - 0.25).abs() < f32::EPSILON);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            for (place, _) in lexicon(&text).1 {
                prop_assert!(text.get(place).is_some());
            }
        }
    }
}
