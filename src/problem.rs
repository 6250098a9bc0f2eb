//! Problems in a file that a person wrote: collected, and shown together with the place and what to do.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::{Error, Result};

/// Problems of one file, in the order they were found.
#[derive(Debug)]
pub struct Problems<'a> {
    file: &'a str,
    source: &'a str,
    list: Vec<Problem>,
}

#[derive(Debug)]
struct Problem {
    span: Range<usize>,
    message: String,
    hint: Option<String>,
}

impl<'a> Problems<'a> {
    /// No problems yet, in the file of that name and text.
    pub fn new(file: &'a str, source: &'a str) -> Self {
        Self { file, source, list: Vec::new() }
    }

    /// Adds one: where (bytes of the text) and what is wrong.
    pub fn add(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.list.push(Problem { span, message: message.into(), hint: None });
    }

    /// Adds one with what to do about it.
    pub fn add_hint(&mut self, span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.list.push(Problem { span, message: message.into(), hint: Some(hint.into()) });
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// All of them as text: message, file, line, column, the line itself, and the hint.
    pub fn render(&self) -> String {
        let show = |problem: &Problem| {
            show(self.file, self.source, problem.span.clone(), &problem.message, problem.hint.as_deref())
        };
        self.list.iter().map(show).collect::<Vec<_>>().join("\n\n")
    }

    /// An error with all of them, if there are any.
    pub fn into_result(self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(Error::Problems(self.render())) }
    }
}

/// One problem as plain text: message, file, line, column, the line itself, and the hint.
pub fn show(file: &str, source: &str, span: Range<usize>, message: &str, hint: Option<&str>) -> String {
    let end = span.end.min(source.len());
    let span = span.start.min(end)..end;
    let place = Snippet::source(source).path(file).annotation(AnnotationKind::Primary.span(span));
    let mut group = Level::ERROR.primary_title(message).element(place);
    if let Some(hint) = hint {
        group = group.element(Level::HELP.message(hint));
    }
    Renderer::plain().render(&[group])
}

/// Of `known`, the name that was probably meant: the one with the fewest changed letters, if they are few.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let allowed = name.chars().count() / 3 + 1;
    known
        .into_iter()
        .map(|candidate| (distance(&name.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The Levenshtein distance: letters to insert, delete or replace.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_shows_its_place_and_hint() {
        let mut problems = Problems::new("policy.toml", "version = 1\ncolour = 2\n");
        problems.add_hint(12..18, "unknown key 'colour'", "known are: version");
        problems.add(10..11, "version 1 is old");
        let text = problems.render();
        assert!(text.contains("policy.toml:2:1"), "{text}");
        assert!(text.contains("known are: version"), "{text}");
        assert!(text.contains("policy.toml:1:11"), "{text}");
        assert!(matches!(problems.into_result(), Err(Error::Problems(_))));
    }

    #[test]
    fn the_nearest_name_is_near() {
        assert_eq!(nearest("anonymize", ["delete", "anonymise", "keep"]), Some("anonymise"));
        assert_eq!(nearest("kund_nr", ["kundnr", "epost"]), Some("kundnr"));
        assert_eq!(nearest("banan", ["delete", "keep"]), None);
    }
}
