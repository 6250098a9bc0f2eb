//! Problems in rule files, collected and shown together: file, line, column, the line itself and what to do.
//! Rule files are the user's own writing and hold no personal data, so their lines may be printed.

use std::ops::Range;

use crate::problem::{nearest, show};

/// A file that was read.
#[derive(Debug)]
pub(super) struct Source {
    /// As shown to people.
    pub(super) name: String,
    /// Its content.
    pub(super) text: String,
    /// Whether it is one of ours.
    pub(super) built_in: bool,
}

/// What is wrong at one place of one file.
#[derive(Debug)]
pub(super) struct Problem {
    /// Index of the file.
    pub(super) source: usize,
    /// Bytes of the file that it is about.
    pub(super) span: Range<usize>,
    /// What is wrong.
    pub(super) title: String,
    /// What to do.
    pub(super) hint: String,
}

/// All problems in the order of files and lines, as plain text.
pub(super) fn render(sources: &[Source], mut problems: Vec<Problem>) -> String {
    problems.sort_by_key(|problem| (problem.source, problem.span.start));
    let show = |problem: &Problem| {
        let source = &sources[problem.source];
        show(&source.name, &source.text, problem.span.clone(), &problem.title, Some(&problem.hint))
    };
    problems.iter().map(show).collect::<Vec<_>>().join("\n\n")
}

/// "did you mean …" if one of `names` is near, else the list of them.
pub(super) fn suggest<'a>(wrong: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(wrong, names.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("one of: {}", names.collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_if_it_is_near() {
        let names = ["category", "context", "country"];
        assert_eq!(suggest("categroy", names.into_iter()), "did you mean `category`?");
        assert_eq!(suggest("zzz", names.into_iter()), "one of: category, context, country");
    }
}
