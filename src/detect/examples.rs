//! The examples that rules carry, run through the detector.

use std::fmt;

use super::{Detector, Hit, Hits};
use crate::cells::Cells;
use crate::rule::{Matcher, Rule};

/// An example that does not hold. Examples are the rule author's own texts, not personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The rule's id.
    pub rule: String,
    /// Whether the example stands under `match` (else under `reject`).
    pub should_match: bool,
    /// The example.
    pub example: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (key, what) = if self.should_match { ("match", "is not found in") } else { ("reject", "is found in") };
        write!(f, "rule {}: {key}: the rule {what} {:?}", self.rule, self.example)
    }
}

impl Detector {
    /// Runs every rule's examples; returns those that do not hold and how many there are in all. Rules that only look
    /// at column names are tried with their examples as names.
    pub fn failing_examples(&self) -> (Vec<Failure>, usize) {
        let mut failures = Vec::new();
        let mut count = 0;
        for (index, rule) in self.rules.rules.iter().enumerate() {
            let matches = rule.matches.iter().map(|example| (example, true));
            for (example, should_match) in matches.chain(rule.rejects.iter().map(|example| (example, false))) {
                count += 1;
                if self.holds(index, rule, example) != should_match {
                    failures.push(Failure { rule: rule.id.clone(), should_match, example: example.clone() });
                }
            }
        }
        (failures, count)
    }

    /// Whether a rule has a hit in a text; for a rule that looks at names, whether the name speaks for its category.
    fn holds(&self, index: usize, rule: &Rule, example: &str) -> bool {
        if matches!(rule.matcher, Matcher::ColumnName) {
            return self.vocabulary.read(example).word(rule.category).is_some();
        }
        let mut cells = Cells::default();
        cells.push_text(example.as_bytes());
        let mut hits = Hits::default();
        // What holds in columns of a name only is tried in such a column.
        let of_category = self.rules.rules.iter().filter(|other| other.category == rule.category);
        let whole = |word: &&String| !word.contains(['*', '@']);
        let words = rule.column_words.iter().chain(of_category.flat_map(|other| &other.column_words));
        let mut words = words.filter(whole);
        let column = words.next().filter(|_| rule.only_named).map_or("", |word| word);
        self.scan(&cells, &self.select(column), &mut hits);
        let certain = |hit: &Hit| hit.confidence >= super::CERTAIN_ENOUGH || rule.only_named;
        hits.list.iter().any(|hit| usize::from(hit.rule) == index && certain(hit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleSet;

    #[test]
    fn the_built_in_rules_hold_in_their_examples() {
        let detector = Detector::new(RuleSet::built_in(), jiff::civil::date(2026, 11, 21)).unwrap();
        let (failures, count) = detector.failing_examples();
        assert_eq!(failures, []);
        assert!(count > 250, "{count} examples were run");
        assert_eq!(detector.slow_rules(), [] as [&str; 0]);
    }
}
