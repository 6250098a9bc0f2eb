//! What a pattern of a rule may be: a regular expression of bounded size that can't match nothing, without Unicode
//! classes and word borders (`\d` matches 600 kinds of digits; borders are the engine's).

use std::ops::Range;

use regex_syntax::ast::{self, AssertionKind, Ast, ClassPerlKind, ClassSetItem, Span, Visitor};

/// The compiled size that a pattern may have, in bytes. A personal number's takes a tenth of it.
const SIZE_LIMIT: usize = 1 << 20;

/// What is wrong with a pattern.
#[derive(Debug, PartialEq)]
pub(super) struct PatternProblem {
    /// Bytes of the pattern.
    pub(super) span: Range<usize>,
    /// What is wrong.
    pub(super) title: String,
    /// What to do.
    pub(super) hint: &'static str,
}

/// All that is wrong with `pattern`.
pub(super) fn problems(pattern: &str) -> Vec<PatternProblem> {
    let whole = 0..pattern.len();
    let tree = match ast::parse::Parser::new().parse(pattern) {
        Ok(tree) => tree,
        Err(error) => {
            let title = format!("bad pattern: {}", error.kind());
            return vec![PatternProblem { span: bytes(error.span()), title, hint: "see docs.rs/regex for the syntax" }];
        }
    };
    let Ok(mut found) = ast::visit(&tree, Forbidden::default());
    if !found.is_empty() {
        return found;
    }
    let mut problem = |title: String, hint| found.push(PatternProblem { span: whole.clone(), title, hint });
    match regex_syntax::parse(pattern).map(|hir| hir.properties().minimum_len()) {
        Ok(Some(0)) => problem(
            "the pattern matches the empty text".to_owned(),
            "make something in it obligatory: `+` in place of `*`, or no `?`",
        ),
        Ok(None) => problem("the pattern can match nothing".to_owned(), "look for an empty class or a contradiction"),
        Ok(Some(_)) => match regex::RegexBuilder::new(pattern).size_limit(SIZE_LIMIT).build() {
            Ok(_) => {}
            Err(regex::Error::CompiledTooBig(_)) => {
                problem("the pattern is too large".to_owned(), "lower its repetition counts or split it");
            }
            Err(_) => problem("bad pattern".to_owned(), "see docs.rs/regex for the syntax"),
        },
        Err(error) => {
            let reason = match &error {
                regex_syntax::Error::Translate(error) => error.kind().to_string(),
                _ => "not a regular expression".to_owned(),
            };
            problem(format!("bad pattern: {reason}"), "see docs.rs/regex for the syntax");
        }
    }
    found
}

/// Collects what patterns may not use.
#[derive(Default)]
struct Forbidden(Vec<PatternProblem>);

impl Forbidden {
    fn perl(&mut self, kind: &ClassPerlKind, span: &Span) {
        let (name, hint) = match kind {
            ClassPerlKind::Digit => ("\\d", "write [0-9]"),
            ClassPerlKind::Space => ("\\s", "write [ \\u{a0}], or [ \\t\\r\\n] for lines too"),
            ClassPerlKind::Word => ("\\w", "write the letters: [A-Za-z0-9_], [A-Za-zÅÄÖåäö]"),
        };
        self.add(span, format!("`{name}` is a Unicode class"), hint);
    }

    fn add(&mut self, span: &Span, title: String, hint: &'static str) {
        self.0.push(PatternProblem { span: bytes(span), title, hint });
    }
}

impl Visitor for Forbidden {
    type Output = Vec<PatternProblem>;
    type Err = std::convert::Infallible;

    fn finish(self) -> Result<Self::Output, Self::Err> {
        Ok(self.0)
    }

    fn visit_pre(&mut self, tree: &Ast) -> Result<(), Self::Err> {
        match tree {
            Ast::ClassPerl(class) => self.perl(&class.kind, &class.span),
            Ast::ClassUnicode(class) => {
                self.add(&class.span, "a Unicode class".to_owned(), "write the letters: [A-Za-zÅÄÖåäö]");
            }
            Ast::Assertion(assertion) if is_border(&assertion.kind) => self.add(
                &assertion.span,
                "a word border".to_owned(),
                "leave it out: no match may touch a letter or digit anyhow; see also not_before and not_after",
            ),
            _ => {}
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), Self::Err> {
        match item {
            ClassSetItem::Perl(class) => self.perl(&class.kind, &class.span),
            ClassSetItem::Unicode(class) => {
                self.add(&class.span, "a Unicode class".to_owned(), "write the letters: A-Za-zÅÄÖåäö");
            }
            _ => {}
        }
        Ok(())
    }
}

/// Every assertion but those of text and line is about words.
const fn is_border(kind: &AssertionKind) -> bool {
    !matches!(
        kind,
        AssertionKind::StartLine | AssertionKind::EndLine | AssertionKind::StartText | AssertionKind::EndText
    )
}

fn bytes(span: &Span) -> Range<usize> {
    span.start.offset..span.end.offset
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str) -> Vec<(String, &str)> {
        problems(pattern).into_iter().map(|problem| (problem.title, &pattern[problem.span])).collect()
    }

    #[test]
    fn plain_patterns_pass() {
        for pattern in ["[0-9]{6}-?[0-9]{4}", "(?i)[a-zåäö]+gatan", "^[^@ ]+@[^@ ]+$", "a|b", "x{1,30}"] {
            assert_eq!(found(pattern), [], "{pattern}");
        }
    }

    #[test]
    fn unicode_classes_and_borders_are_located() {
        assert_eq!(found(r"\b[0-9]\d"), [("a word border".into(), r"\b"), ("`\\d` is a Unicode class".into(), r"\d")]);
        assert_eq!(
            found(r"[\w-]+\s"),
            [("`\\w` is a Unicode class".into(), r"\w"), ("`\\s` is a Unicode class".into(), r"\s")]
        );
        assert_eq!(found(r"\pL[\p{Lu}]"), [("a Unicode class".into(), r"\pL"), ("a Unicode class".into(), r"\p{Lu}")]);
    }

    #[test]
    fn what_matches_nothing_everything_or_is_no_pattern_is_refused() {
        for pattern in ["a*", "", "^$", "(?:a|)", "x?y?"] {
            assert_eq!(found(pattern)[0].0, "the pattern matches the empty text", "{pattern}");
        }
        assert_eq!(found("[a&&b]")[0].0, "the pattern can match nothing");
        assert_eq!(found("[a-z]{1,1000}{1,1000}")[0].0, "the pattern is too large");
        assert!(found("(a")[0].0.starts_with("bad pattern: "));
        assert!(found("(?=a)")[0].0.starts_with("bad pattern: look-around"));
    }
}
