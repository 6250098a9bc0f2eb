//! Names as whole cells: what the words say, whatever their case. Called for every cell of text columns, so whatever is
//! not a name must be told quickly.

use super::candidate::{PARTICLES, is_place};
use super::token::{Gap, Piece, Pieces};
use super::words::{Dictionary, Word};

/// Longer cells are no names.
const LONGEST: usize = 80;
/// Nor are cells of more words.
const WORDS: usize = 6;
/// What a word of the right shape says that no list knows.
const UNKNOWN: f32 = 0.1;

/// Probability that a whole cell is one or several given names.
pub(super) fn given(dictionary: &Dictionary, cell: &str) -> f32 {
    let Some(words) = Words::new(dictionary, cell) else { return 0.0 };
    words.weakest(|word| word.given)
}

/// Probability that a whole cell is a family name.
pub(super) fn family(dictionary: &Dictionary, cell: &str) -> f32 {
    let Some(words) = Words::new(dictionary, cell) else { return 0.0 };
    words.weakest(|word| word.family)
}

/// Probability that a whole cell is a person's full name in either order.
pub(super) fn full(dictionary: &Dictionary, cell: &str) -> f32 {
    // erik.berg is a log-in.
    if cell.contains('.') && !cell.contains(' ') {
        return 0.0;
    }
    let Some(words) = Words::new(dictionary, cell) else { return 0.0 };
    let names = words.names();
    // "Marias Blommor" and "Vilhelm Mobergsrummet" bear persons' names.
    if names.len() < 2 || words.genitive || words.mixed_case || words.place {
        return 0.0;
    }
    let (first, last) = (names[0], names[names.len() - 1]);
    let straight = pair(first, last);
    // "Andersson Anna" is rarer without the comma, and "Café Anna" is no family name and a given name.
    let reversed = match words.comma {
        true => pair(last, first),
        false if first.family > 0.0 => 0.9 * pair(last, first),
        false => 0.0,
    };
    let against = |word: &Word| if word.given + word.family > 0.0 { word.not } else { word.not.max(word.place) };
    let against = names.iter().map(against).fold(0.0, f32::max);
    straight.max(reversed) * (1.0 - 0.8 * against)
}

/// A given name and a family name; one of them may be in no list.
fn pair(given: Word, family: Word) -> f32 {
    let (given, family) = (alone(given.given), alone(family.family));
    match (given > 0.0, family > 0.0) {
        // Each is the other's witness.
        (true, true) => 1.0 - (1.0 - given) * (1.0 - family),
        (false, false) => UNKNOWN,
        _ => 0.75 * given.max(family),
    }
}

/// A cell has no other words: a name that is also a common word is more surely a name there than in prose.
fn alone(weight: f32) -> f32 {
    weight.max(0.0).sqrt()
}

/// A cell's words, if it has the shape of a name.
#[expect(clippy::struct_excessive_bools, reason = "independent signs of what the words are")]
struct Words {
    list: [Word; WORDS],
    len: usize,
    comma: bool,
    /// A word before the last is the genitive of a name.
    genitive: bool,
    /// Some words begin with a capital and others don't, particles apart.
    mixed_case: bool,
    /// A word ends as places, buildings and companies do.
    place: bool,
}

impl Words {
    fn new(dictionary: &Dictionary, cell: &str) -> Option<Self> {
        let cell = cell.trim();
        if cell.is_empty() || cell.len() > LONGEST || !cell.chars().all(is_name_char) {
            return None;
        }
        let mut words = Self {
            list: [Word::default(); WORDS],
            len: 0,
            comma: false,
            genitive: false,
            mixed_case: false,
            place: false,
        };
        let lower = |text: &str| text.chars().next().is_some_and(char::is_lowercase);
        let first_lower = lower(cell);
        for Piece { start, end, gap, .. } in Pieces::new(cell) {
            let text = &cell[start..end];
            words.comma |= gap == Gap::Comma;
            if words.len > 0 && gap == Gap::Soft {
                return None;
            }
            if PARTICLES.iter().any(|particle| text.eq_ignore_ascii_case(particle)) {
                continue;
            }
            let (word, stem) = dictionary.look_up(text);
            words.genitive |= stem < text.len() && end < cell.len();
            words.mixed_case |= lower(text) != first_lower;
            words.place |= word.given + word.family == 0.0 && is_place(text);
            *words.list.get_mut(words.len)? = word;
            words.len += 1;
        }
        (words.len > 0).then_some(words)
    }

    fn weakest(&self, weight: impl Fn(&Word) -> f32) -> f32 {
        let each = |word: &Word| if word.not > 0.5 { 0.0 } else { alone(weight(word)).max(UNKNOWN) };
        self.list[..self.len].iter().map(each).fold(1.0, f32::min)
    }

    /// The words without a title before them.
    fn names(&self) -> &[Word] {
        let titles =
            self.list[..self.len].iter().take_while(|word| word.title >= 0.7 && word.given + word.family < 0.5).count();
        &self.list[titles..self.len]
    }
}

fn is_name_char(c: char) -> bool {
    c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | ',' | '.' | '\u{a0}' | '\u{2010}' | '\u{300}'..='\u{36f}')
}
