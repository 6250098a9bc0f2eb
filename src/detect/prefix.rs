//! Where can a match begin? For every pattern the sets of bytes that its first four bytes can be, as one table for all
//! patterns: four look-ups and three ANDs tell at a position which patterns are worth trying. Nothing is lost: a
//! pattern that can match there always has its bit set.

use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::primitives::StateID;

/// Bytes of a match that the table looks at.
const DEPTH: usize = 4;

/// Patterns share bits when there are more than this.
pub(super) const BUCKETS: usize = 128;

/// A set of bytes.
pub(super) type ByteSet = [bool; 256];

/// For each of the first bytes of a match and each byte value, the buckets of patterns that it fits.
pub(super) struct PrefixTable {
    masks: Box<[[u128; 256]; DEPTH]>,
}

impl PrefixTable {
    /// A table over the patterns' sets, as [`first_bytes`] gives them; a pattern's place in the slice is its number.
    pub(super) fn new<'a>(patterns: impl Iterator<Item = (usize, &'a [ByteSet; DEPTH])>) -> Self {
        let mut masks = Box::new([[0; 256]; DEPTH]);
        for (number, sets) in patterns {
            let bit = 1 << (number % BUCKETS);
            for (mask, set) in masks.iter_mut().zip(sets) {
                for (byte, _) in set.iter().enumerate().filter(|(_, fits)| **fits) {
                    mask[byte] |= bit;
                }
            }
        }
        Self { masks }
    }

    /// Buckets of patterns that can match at the start of `bytes`.
    pub(super) fn at(&self, bytes: &[u8]) -> u128 {
        let mut mask = u128::MAX;
        for (table, byte) in self.masks.iter().zip(bytes) {
            mask &= table[usize::from(*byte)];
            if mask == 0 {
                break;
            }
        }
        mask
    }
}

/// For each of the first four bytes of a match, what it can be. Where a match can be shorter, everything.
pub(super) fn first_bytes(nfa: &NFA) -> [ByteSet; DEPTH] {
    let mut sets = [[true; 256]; DEPTH];
    let mut states = vec![nfa.start_anchored()];
    for set in &mut sets {
        let Some(step) = Step::from(nfa, &states) else { break };
        *set = step.bytes;
        states = step.next;
    }
    sets
}

/// The states after one byte, and the bytes that lead there.
struct Step {
    bytes: ByteSet,
    next: Vec<StateID>,
}

impl Step {
    /// `None` if a match can end before this byte.
    fn from(nfa: &NFA, states: &[StateID]) -> Option<Self> {
        let mut step = Self { bytes: [false; 256], next: Vec::new() };
        let mut seen = vec![false; nfa.states().len()];
        let mut open = states.to_vec();
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut seen[id.as_usize()], true) {
                continue;
            }
            match nfa.state(id) {
                State::Match { .. } => return None,
                State::Fail => {}
                State::ByteRange { trans } => step.add(trans.start, trans.end, trans.next),
                State::Sparse(sparse) => {
                    sparse.transitions.iter().for_each(|trans| step.add(trans.start, trans.end, trans.next));
                }
                State::Dense(dense) => {
                    for byte in 0..=u8::MAX {
                        dense.matches_byte(byte).into_iter().for_each(|next| step.add(byte, byte, next));
                    }
                }
                // A look-around may hold: to pass it by keeps every match.
                State::Look { next, .. } | State::Capture { next, .. } => open.push(*next),
                State::Union { alternates } => open.extend(alternates.iter().copied()),
                State::BinaryUnion { alt1, alt2 } => open.extend([*alt1, *alt2]),
            }
        }
        Some(step)
    }

    fn add(&mut self, start: u8, end: u8, next: StateID) {
        (start..=end).for_each(|byte| self.bytes[usize::from(byte)] = true);
        if !self.next.contains(&next) {
            self.next.push(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(pattern: &str) -> Vec<String> {
        first_bytes(&NFA::new(pattern).unwrap())
            .iter()
            .map(|set| (0..128u8).filter(|byte| set[usize::from(*byte)]).map(char::from).collect())
            .collect()
    }

    #[test]
    fn the_first_bytes_of_a_pattern_are_known() {
        assert_eq!(sets("(?:a|bc)[0-1]x?y"), ["ab", "01c", "01xy", sets("")[3].as_str()]);
        assert_eq!(sets("å1")[0], "", "a letter outside ASCII begins with a byte outside ASCII");
    }

    #[test]
    fn a_short_match_leaves_the_rest_open() {
        let all = sets("");
        assert_eq!(sets("ab?")[0], "a");
        assert_eq!(sets("ab?")[1..], all[1..]);
    }
}
