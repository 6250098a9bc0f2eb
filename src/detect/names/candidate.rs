//! What a word can be on its own: part of a name, or of the street, company or place that bears one.

use std::borrow::Cow;

use super::token::{Gap, Piece, Shape};
use super::words::Word;

/// Small words within surnames.
pub(super) const PARTICLES: &[&str] = &[
    "af", "von", "zu", "van", "der", "den", "ten", "ter", "de", "la", "le", "di", "da", "dos", "del", "della", "bin",
    "ibn", "al", "el", "abu",
];
const COMPANY_FORMS: &[&str] = &[
    "AB",
    "HB",
    "KB",
    "Inc",
    "Ltd",
    "LLC",
    "GmbH",
    "Oy",
    "ASA",
    "ApS",
    "PLC",
    "Corp",
    "Co",
    "Group",
    "Bygg",
    "Åkeri",
    "University",
    "Hospital",
    "School",
    "College",
    "Hotel",
    "Hotell",
    "Arena",
    "Airport",
    "Foundation",
];
/// Words that make a street of the names before them, even in lower case.
pub(super) const STREET_WORDS_BEHIND: &[&str] = &["gata", "gränd", "torg", "allé"];
/// Words that do so behind a genitive: "Sofia Karlbergs väg".
pub(super) const OWNED_PLACES: &[&str] = &["väg", "backe", "plan", "plats", "stig", "park", "skola", "hus", "minne"];
const STREET_WORDS: &[&str] = &[
    "gata",
    "gränd",
    "torg",
    "allé",
    "väg",
    "plats",
    "backe",
    "street",
    "road",
    "avenue",
    "lane",
    "drive",
    "square",
    "boulevard",
];
/// Bytes of the longest entry of the lists above and below.
const LONGEST_PLACE_WORD: usize = 12;
const PLACE_ENDINGS: &[&str] = &[
    "gatan",
    "vägen",
    "gränd",
    "gränden",
    "torget",
    "backen",
    "stigen",
    "allén",
    "kajen",
    "leden",
    "esplanaden",
    "platsen",
    "skolan",
    "hallen",
    "gymnasiet",
    "kyrkan",
    "huset",
    "gården",
    "parken",
    "verket",
    "nämnden",
    "kommun",
    "förbundet",
    "föreningen",
    "bolaget",
    "banken",
    "gruppen",
    "klubben",
    "byrån",
    "kontoret",
    "rummet",
    "salen",
    "rinken",
    "badet",
    "strasse",
    "straße",
];

/// A word of the text with all that is known of it.
#[derive(Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) piece: Piece,
    pub(super) text: &'a str,
    pub(super) word: Word,
    /// End of the stem; before the piece's end if the word is a name's genitive.
    pub(super) stem_end: usize,
}

impl Token<'_> {
    pub(super) fn is_genitive(&self) -> bool {
        self.stem_end < self.piece.end
    }

    pub(super) fn is_initial(&self) -> bool {
        self.piece.shape == Shape::Initial
    }

    pub(super) fn is_particle(&self) -> bool {
        PARTICLES.iter().any(|particle| self.text.eq_ignore_ascii_case(particle))
    }

    /// Whether it can be part of a name, or of what must be told from one.
    pub(super) fn is_candidate(&self) -> bool {
        let word = self.word;
        match self.piece.shape {
            Shape::Lower => word.given.max(word.family) >= 0.8 && word.not == 0.0,
            _ => word.title < 0.3 || word.given.max(word.family) > word.title,
        }
    }

    pub(super) fn joins(&self, last: &Self) -> bool {
        let same = (self.piece.shape == Shape::Lower) == (last.piece.shape == Shape::Lower);
        match self.piece.gap {
            Gap::Space => {
                same && self.is_candidate() || self.is_particle() || last.is_particle() && self.is_candidate()
            }
            Gap::Dot => last.is_initial() && self.is_candidate(),
            Gap::Comma => same && last.word.family >= 0.5 && self.word.given >= 0.5,
            Gap::Soft | Gap::Hard => false,
        }
    }

    /// A given name, known and not rather a surname when another stands before it.
    pub(super) fn is_given(&self, first: bool) -> bool {
        let word = self.word;
        word.given >= 0.12 && word.not < 0.9 && (first || word.given > word.family)
    }

    /// How much it says as a surname after a given name: 0 if it cannot be one.
    pub(super) fn surname(&self) -> f32 {
        let word = self.word;
        if word.family > 0.0 && word.not < 0.5 {
            return word.family;
        }
        if self.is_unknown() { UNKNOWN } else { 0.0 }
    }

    /// Capitalised, and in no list.
    pub(super) fn is_unknown(&self) -> bool {
        self.piece.shape == Shape::Title && self.word.open() && self.word.not == 0.0 && !self.ends_a_place()
    }

    pub(super) fn ends_a_place(&self) -> bool {
        is_place(self.text)
    }
}

/// Whether a word makes a street, company or building of the names before it.
pub(super) fn is_place(text: &str) -> bool {
    // Only the first letter is a capital in most words: then only it needs folding, and only for whole words.
    let folded = if text.chars().skip(1).any(char::is_uppercase) || text.len() <= LONGEST_PLACE_WORD {
        Cow::Owned(text.to_lowercase())
    } else {
        Cow::Borrowed(text)
    };
    COMPANY_FORMS.contains(&text)
        || STREET_WORDS.contains(&&*folded)
        || PLACE_ENDINGS.iter().any(|ending| folded.ends_with(ending))
}

/// What a surname that no list knows says.
pub(super) const UNKNOWN: f32 = 0.01;
