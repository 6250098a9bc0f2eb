//! A rule's pattern, compiled: where it can begin, and whether it holds at a place.

use std::ops::Range;

use regex_automata::hybrid::dfa::{self, DFA};
use regex_automata::meta::Regex;
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::{Anchored, Input, MatchKind};
use regex_syntax::hir::{Class, Hir, HirKind};

use super::border::{char_at, char_before, in_word};
use super::prefix::{ByteSet, first_bytes};

/// No hit is longer, so that work per place is bounded and pieces of a long cell can overlap.
pub(super) const LONGEST: usize = 1000;

/// A pattern whose first byte can be more than this many values, or that has no other anchor, is worth trying almost
/// everywhere.
const WEAK: usize = 100;

/// What stands before an anchor inside is longer than this.
const SHORT_LEAD: usize = 16;

/// Memory that one pattern may take on each thread while it matches; it is filled as texts ask for it, and emptied when
/// full. Patterns are tried on a few bytes at a time, so that little of it is in use; but one whose states don't fit
/// builds them again at every place, which makes a scan several times slower.
const CACHE: usize = 160 << 10;

/// Memory that one pattern may take, compiled.
const SIZE_LIMIT: usize = 4 << 20;

/// A pattern's states as far as texts have asked for them; one for each thread.
pub(super) type Automaton = dfa::Cache;

/// One pattern of a rule.
pub(super) struct Pattern {
    /// Index of its rule.
    pub(super) rule: u16,
    pub(super) anchor: Anchor,
    /// Every match has a digit among its first so many bytes; where it need not have one, no limit.
    pub(super) digit_within: usize,
    dfa: DFA,
    /// For a pattern with a group: only the group is the hit, the rest is what must stand beside it.
    group: Option<Regex>,
    not_before: String,
    not_after: String,
}

/// How places for a pattern are found.
pub(super) enum Anchor {
    /// By its first bytes.
    Start(Box<[ByteSet; 4]>),
    /// By a rare byte inside it (the @ of an e-mail address); before it stand only bytes of `lead`, at most `longest`.
    Inside { byte: u8, lead: Box<ByteSet>, longest: usize },
}

impl Pattern {
    pub(super) fn new(rule: u16, pattern: &str, not_before: &str, not_after: &str) -> Result<Self, String> {
        let hir = regex_syntax::parse(pattern).map_err(|error| error.to_string())?;
        // Forward only and without groups: the smallest machine that knows where a match ends.
        let config = thompson::Config::new().which_captures(WhichCaptures::None).nfa_size_limit(Some(SIZE_LIMIT));
        let nfa = NFA::compiler().configure(config).build_from_hir(&hir).map_err(|error| error.to_string())?;
        let anchor = inside(&hir).unwrap_or_else(|| Anchor::Start(Box::new(first_bytes(&nfa))));
        // The longest match, whatever the order of alternatives.
        let longest =
            dfa::Config::new().match_kind(MatchKind::All).cache_capacity(CACHE).skip_cache_capacity_check(true);
        let dfa = DFA::builder().configure(longest).build_from_nfa(nfa).map_err(|error| error.to_string())?;
        let group = match hir.properties().explicit_captures_len() {
            0 => None,
            _ => Some(Regex::builder().build_from_hir(&hir).map_err(|error| error.to_string())?),
        };
        let digit_within = digit_within(&hir).unwrap_or(usize::MAX);
        let (not_before, not_after) = (not_before.to_owned(), not_after.to_owned());
        Ok(Self { rule, anchor, digit_within, dfa, group, not_before, not_after })
    }

    /// Whether the pattern begins with nearly anything, so that it slows every scan.
    pub(super) fn is_weak(&self) -> bool {
        match &self.anchor {
            Anchor::Start(sets) => sets[0].iter().filter(|fits| **fits).count() > WEAK,
            Anchor::Inside { .. } => false,
        }
    }

    /// An automaton for [`Self::ends`], still empty.
    pub(super) fn automaton(&self) -> Automaton {
        self.dfa.create_cache()
    }

    /// The ends of the matches that begin at `start` of the cell and touch no word on either side, the longest first.
    /// None is over [`LONGEST`]. Who takes the first that passes its check finds "+46 70 174 06 05" in
    /// "+46 70 174 06 05 2024", and "Storgatan 12" in "Storgatan 12 Bengt".
    pub(super) fn ends(&self, automaton: &mut Automaton, cell: &[u8], start: usize) -> impl Iterator<Item = usize> {
        let before = char_before(cell, start);
        let free = before.is_none_or(|c| !in_word(c) && !self.not_before.contains(c));
        let mut reach = if free { cell.len().min(start + LONGEST) } else { start };
        std::iter::from_fn(move || {
            while reach > start {
                let input = Input::new(cell).span(start..reach).anchored(Anchored::Yes);
                let found = self.dfa.try_search_fwd(automaton, &input);
                let end = found.expect("it never gives up, nor quits at a byte: there are no word borders")?.offset();
                reach = (start..end).rev().find(|at| self.can_end(cell, *at)).unwrap_or(start);
                if end > start && self.can_end(cell, end) {
                    return Some(end);
                }
            }
            None
        })
    }

    /// The part of a match that is the hit: the pattern's first group, or all of it.
    pub(super) fn hit(&self, cell: &[u8], found: Range<usize>) -> Range<usize> {
        let Some(regex) = &self.group else { return found };
        let mut captures = regex.create_captures();
        regex.search_captures(&Input::new(cell).span(found.clone()).anchored(Anchored::Yes), &mut captures);
        captures.get_group(1).map_or(found, |group| group.range())
    }

    /// Whether a match that ends at `at` touches no word, nor a sign after which it goes on: the full stop of a sentence
    /// ends a number, that of `192.0.2.17.5` does not.
    fn can_end(&self, cell: &[u8], at: usize) -> bool {
        let inside_character = cell.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
        let goes_on = |sign: char| {
            let of_sentence = matches!(sign, '.' | ',' | ':');
            self.not_after.contains(sign) && (!of_sentence || char_at(cell, at + 1).is_some_and(in_word))
        };
        !inside_character && char_at(cell, at).is_none_or(|c| !in_word(c) && !goes_on(c))
    }
}

/// The anchor inside a pattern: a literal that is no letter, digit or space and can't occur in what stands before it.
fn inside(hir: &Hir) -> Option<Anchor> {
    let HirKind::Concat(parts) = hir.kind() else { return None };
    parts.iter().enumerate().skip(1).find_map(|(index, part)| {
        let HirKind::Literal(literal) = part.kind() else { return None };
        let byte = literal.0[0];
        let lead = bytes_of(&parts[..index])?;
        let rare = byte.is_ascii_punctuation() && !lead[usize::from(byte)];
        let lengths = parts[..index].iter().map(|part| part.properties().maximum_len());
        let longest = lengths.sum::<Option<usize>>().map_or(LONGEST, |length| length.min(LONGEST));
        // A short lead has good first bytes already.
        (rare && longest > SHORT_LEAD).then(|| Anchor::Inside { byte, lead: Box::new(lead), longest })
    })
}

/// Among how many first bytes every match has an ASCII digit, if it must have one.
fn digit_within(hir: &Hir) -> Option<usize> {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().position(u8::is_ascii_digit).map(|place| place + 1),
        HirKind::Class(Class::Unicode(class)) => class
            .ranges()
            .iter()
            .all(|range| range.start().is_ascii_digit() && range.end().is_ascii_digit())
            .then_some(1),
        HirKind::Repetition(repetition) if repetition.min > 0 => digit_within(&repetition.sub),
        HirKind::Capture(capture) => digit_within(&capture.sub),
        HirKind::Concat(parts) => {
            let mut before = 0;
            parts.iter().find_map(|part| match digit_within(part) {
                Some(within) => Some(Some(before + within)),
                None => match part.properties().maximum_len() {
                    Some(length) => {
                        before += length;
                        None
                    }
                    None => Some(None),
                },
            })?
        }
        HirKind::Alternation(parts) => {
            parts.iter().map(digit_within).try_fold(0_usize, |most, within| Some(most.max(within?)))
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) | HirKind::Repetition(_) => None,
    }
}

/// All bytes that can occur in a match of these parts.
fn bytes_of(parts: &[Hir]) -> Option<ByteSet> {
    let mut set = [false; 256];
    parts.iter().try_for_each(|part| add_bytes(part, &mut set))?;
    Some(set)
}

fn add_bytes(hir: &Hir, set: &mut ByteSet) -> Option<()> {
    match hir.kind() {
        HirKind::Empty => {}
        HirKind::Look(_) => return None,
        HirKind::Literal(literal) => literal.0.iter().for_each(|byte| set[usize::from(*byte)] = true),
        HirKind::Class(Class::Bytes(class)) => {
            for range in class.ranges() {
                (range.start()..=range.end()).for_each(|byte| set[usize::from(byte)] = true);
            }
        }
        HirKind::Class(Class::Unicode(class)) => {
            for range in class.ranges() {
                for byte in 0..=0x7f_u8 {
                    set[usize::from(byte)] |= (range.start()..=range.end()).contains(&char::from(byte));
                }
                if !range.end().is_ascii() {
                    // Any byte of UTF-8 beyond ASCII.
                    set[0x80..0xf8].fill(true);
                }
            }
        }
        HirKind::Repetition(repetition) => add_bytes(&repetition.sub, set)?,
        HirKind::Capture(capture) => add_bytes(&capture.sub, set)?,
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().try_for_each(|part| add_bytes(part, set))?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(0, text, "", "").unwrap()
    }

    #[test]
    fn an_email_is_found_by_its_at_sign() {
        let email = pattern(r"[A-Za-z0-9._%+-]{1,64}@[a-z.]+\.[a-z]{2,}");
        let Anchor::Inside { byte, lead, longest } = &email.anchor else { panic!("no anchor inside") };
        assert_eq!((*byte, *longest), (b'@', 64));
        assert!(lead[usize::from(b'.')] && !lead[usize::from(b' ')]);
    }

    #[test]
    fn of_a_pattern_with_a_group_the_group_is_the_hit() {
        let code = pattern("([0-9]{3} [0-9]{2}) [A-Z][a-z]+");
        let end = ends(&code, "114 55 Norrby", 0)[0];
        assert_eq!((end, code.hit(b"114 55 Norrby", 0..end)), (13, 0..6));
    }

    #[test]
    fn a_number_is_found_by_its_start() {
        assert!(matches!(pattern("[0-9]{6}[-+]?[0-9]{4}").anchor, Anchor::Start(_)));
        assert!(matches!(pattern("[A-Z]{2}@x").anchor, Anchor::Start(_)), "a short lead needs no anchor inside");
    }

    #[test]
    fn it_is_known_how_near_a_digit_stands() {
        for (text, within) in [
            ("[0-9]x", Some(1)),
            ("[a-zå]{2,40}gatan[ \u{a0}][0-9]{1,3}", Some(88)),
            ("ab?[0-9]|x{3}1", Some(4)),
            ("(?:a1){2}", Some(2)),
            ("a+[0-9]", None),
            ("a[0-9]?", None),
            ("a[0-9a]", None),
            ("a[٠-٩]", None),
            ("^(?:1|a)", None),
        ] {
            assert_eq!(digit_within(&regex_syntax::parse(text).unwrap()), within, "{text}");
        }
    }

    fn ends(pattern: &Pattern, cell: &str, start: usize) -> Vec<usize> {
        pattern.ends(&mut pattern.automaton(), cell.as_bytes(), start).collect()
    }

    #[test]
    fn a_match_touches_no_word() {
        let digits = pattern("[0-9]{4}");
        assert_eq!(ends(&digits, "1234", 0), [4]);
        assert_eq!(ends(&digits, "å1234", 2), [0_usize; 0]);
        assert_eq!(ends(&digits, "1234å", 0), [0_usize; 0]);
        assert_eq!(ends(&digits, "1234\u{301}", 0), [0_usize; 0], "a mark belongs to the digit");
        assert_eq!(ends(&digits, "–1234–", 3), [7]);
        assert_eq!(ends(&Pattern::new(0, "[0-9]{4}", "-", "").unwrap(), "-1234", 1), [0_usize; 0]);
        assert_eq!(ends(&Pattern::new(0, "[0-9]{4}", "", "-").unwrap(), "1234-", 0), [0_usize; 0]);
    }

    #[test]
    fn all_ends_are_known_the_longest_first() {
        assert_eq!(ends(&pattern("a|a b|a b c"), "a b c", 0), [5, 3, 1], "the order of alternatives says nothing");
        assert_eq!(ends(&pattern("[0-9]+(?: [A-Z])?"), "12 Bengt", 0), [2]);
        assert_eq!(ends(&pattern("[a-zå ]+"), "a å åa", 0), [8, 4, 1]);
        assert_eq!(ends(&pattern("^a b?$"), "a b", 0), [3], "a shorter view of a cell has no end of its own");
        let long = "a ".repeat(LONGEST);
        assert!(ends(&pattern("[a ]+"), &long, 0).iter().all(|end| *end <= LONGEST));
    }
}
