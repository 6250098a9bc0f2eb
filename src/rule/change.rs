//! What a pack says of rules that it does not write itself: switched off, changed, and values that are nobody's.

use std::ops::Range;

use super::Rule;
use super::problem::{Problem, suggest};
use super::read::{Located, Reader};
use crate::finding::Category;

/// A `[[change]]`: of the rule with this id, in an earlier file. Words are added to the rule's own.
#[derive(Debug)]
pub(super) struct Change {
    id: String,
    source: usize,
    span: Range<usize>,
    off: bool,
    confidence: Option<f64>,
    column_words: Vec<String>,
    context: Vec<String>,
    not_context: Vec<String>,
}

/// An `[[allow]]`: values that are found and yet no finding, such as the company's own numbers.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// The category; `None` for all.
    pub category: Option<Category>,
    /// The values, in any written form.
    pub values: Vec<String>,
}

const CHANGE_KEYS: &[&str] = &["id", "off", "confidence", "column_words", "context", "not_context"];
const ALLOW_KEYS: &[&str] = &["category", "values"];

impl Reader<'_, '_> {
    pub(super) fn change(&mut self) -> Option<Change> {
        self.unknown_keys(CHANGE_KEYS);
        let (id, span) = self.required("id", "the id of the rule to change, for example id = \"phone\"")?;
        Some(Change {
            id,
            source: self.source,
            span,
            off: self.switch("off"),
            confidence: self.share("confidence"),
            column_words: self.column_words(),
            context: self.folded("context"),
            not_context: self.folded("not_context"),
        })
    }

    pub(super) fn allowed(&mut self) -> Option<Allowed> {
        self.unknown_keys(ALLOW_KEYS);
        let category = if self.has("category") { Some(self.category()?) } else { None };
        let values: Vec<String> = self.texts("values").into_iter().map(|(text, _)| text).collect();
        if values.is_empty() {
            self.add(
                self.place.clone(),
                "the allow-list has no `values`".to_owned(),
                "add values = [\"08-465 004 00\"]",
            );
            return None;
        }
        Some(Allowed { category, values })
    }
}

/// Changes the rules, in the order of the files.
pub(super) fn apply(rules: &mut Vec<Located>, changes: Vec<Change>, problems: &mut Vec<Problem>) {
    for change in changes {
        let Some(at) = rules.iter().position(|located| located.rule.id == change.id) else {
            let known = rules.iter().map(|located| located.rule.id.as_str());
            problems.push(Problem {
                source: change.source,
                span: change.span,
                title: format!("no rule has the id `{}`", change.id),
                hint: suggest(&change.id, known),
            });
            continue;
        };
        if change.off {
            rules.remove(at);
        } else {
            change.apply(&mut rules[at].rule);
        }
    }
}

impl Change {
    fn apply(self, rule: &mut Rule) {
        rule.confidence = self.confidence.unwrap_or(rule.confidence);
        rule.column_words.extend(self.column_words);
        rule.context.extend(self.context);
        rule.not_context.extend(self.not_context);
    }
}
