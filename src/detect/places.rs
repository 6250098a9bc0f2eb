//! Where patterns are tried: at their first bytes, or left of a rare byte inside them.

use crate::cells::{Cells, SEPARATOR};

use super::pattern::Anchor;
use super::prefix::BUCKETS;
use super::{Detector, Hits, Selection};

impl Detector {
    /// Tries, at every beginning of a word or number, the patterns whose first bytes stand there.
    pub(super) fn scan_starts(&self, cells: &Cells, selection: &Selection, hits: &mut Hits) {
        let buffer = cells.buffer();
        hits.pattern_ends.clear();
        hits.pattern_ends.resize(self.patterns.len(), 0);
        hits.automata.resize_with(self.patterns.len(), || None);
        let (mut cell, mut after_word, mut digit) = (0, false, 0);
        for (at, byte) in buffer.iter().enumerate() {
            if *byte == SEPARATOR {
                (cell, after_word) = (cell + 1, false);
                continue;
            }
            // A byte beyond ASCII before this one is looked at only if something could begin here.
            if !after_word {
                let buckets = self.prefixes.at(&buffer[at..]);
                if buckets != 0 {
                    if digit < at || digit == 0 {
                        digit = next_digit(buffer, at);
                    }
                    self.try_buckets(cells, cell, at, &Near { buckets, digit: digit - at, selection }, hits);
                }
            }
            after_word = byte.is_ascii_alphanumeric();
        }
    }

    fn try_buckets(&self, cells: &Cells, cell: usize, at: usize, near: &Near<'_>, hits: &mut Hits) {
        let mut buckets = near.buckets;
        while buckets != 0 {
            let bucket = buckets.trailing_zeros() as usize;
            buckets &= buckets - 1;
            for number in (bucket..self.patterns.len()).step_by(BUCKETS) {
                let pattern = &self.patterns[number];
                let begins_here = matches!(pattern.anchor, Anchor::Start(_)) && near.digit < pattern.digit_within;
                if begins_here && !near.selection.leaves_out(pattern.rule) {
                    self.try_pattern(number, cells, cell, at, hits);
                }
            }
        }
    }

    /// Tries a pattern at a place of the buffer: the longest match that touches no word and that the validator accepts
    /// is a hit. A pattern's own hits do not overlap.
    fn try_pattern(&self, number: usize, cells: &Cells, cell: usize, at: usize, hits: &mut Hits) -> bool {
        if at < hits.pattern_ends[number] {
            return false;
        }
        let range = cells.range(cell);
        let (text, start) = (&cells.buffer()[range.clone()], at - range.start);
        let pattern = &self.patterns[number];
        let mut tried = false;
        let mut automaton = hits.automata[number].take().unwrap_or_else(|| Box::new(pattern.automaton()));
        let accepted = pattern.ends(&mut automaton, text, start).find(|end| {
            tried = true;
            self.add(pattern.rule, cell, text, pattern.hit(text, start..*end), None, hits)
        });
        hits.automata[number] = Some(automaton);
        match accepted {
            Some(end) => hits.pattern_ends[number] = range.start + end,
            None if tried => hits.refused_places[usize::from(pattern.rule)] += 1,
            None => {}
        }
        accepted.is_some()
    }

    /// Finds rare bytes and goes left from each over what the pattern allows before it.
    pub(super) fn scan_inside(&self, cells: &Cells, selection: &Selection, hits: &mut Hits) {
        for (byte, patterns) in &self.inside {
            let mut cell = 0;
            for at in memchr::memchr_iter(*byte, cells.buffer()) {
                while cells.range(cell).end < at {
                    cell += 1;
                }
                let tried = patterns.iter().filter(|number| !selection.leaves_out(self.patterns[**number].rule));
                for number in tried {
                    self.try_inside(*number, cells, cell, at, hits);
                }
            }
        }
    }

    fn try_inside(&self, number: usize, cells: &Cells, cell: usize, at: usize, hits: &mut Hits) {
        let Anchor::Inside { lead, longest, .. } = &self.patterns[number].anchor else { return };
        let buffer = cells.buffer();
        let floor = cells.range(cell).start.max(hits.pattern_ends[number]).max(at.saturating_sub(*longest));
        // Inside a hit of the pattern there is no other.
        let Some(before) = buffer.get(floor..at) else { return };
        let lead_length = before.iter().rev().take_while(|byte| lead[usize::from(**byte)]).count();
        let is_start = |start: &usize| buffer[*start] & 0xc0 != 0x80;
        for start in (at - lead_length..at).filter(is_start) {
            if self.try_pattern(number, cells, cell, start, hits) {
                return;
            }
        }
    }
}

/// What can be told of a place at a glance.
struct Near<'a> {
    /// Buckets of patterns that can begin there.
    buckets: u128,
    /// Bytes before the next digit.
    digit: usize,
    /// The rules to try there.
    selection: &'a Selection,
}

/// Where the next digit stands, or the buffer ends.
fn next_digit(buffer: &[u8], at: usize) -> usize {
    buffer[at..].iter().position(u8::is_ascii_digit).map_or(buffer.len(), |bytes| at + bytes)
}
