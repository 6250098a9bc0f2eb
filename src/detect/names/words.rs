//! The word lists as one map from a folded word to all that is known of it: one look-up per word, no allocation.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::rule::Lexicons;

/// All that is known of a word, each 0 to 1.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    pub(super) given: f32,
    pub(super) family: f32,
    /// How certain it makes a name after it.
    pub(super) title: f32,
    /// How much it says, after a word, that the word is a person.
    pub(super) follower: f32,
    pub(super) not: f32,
    pub(super) place: f32,
    /// Some entry of several words begins with it.
    pub(super) opens_phrase: bool,
}

impl Word {
    /// Whether a list or an ending says anything of it.
    fn known(self) -> bool {
        self.given + self.family + self.title + self.follower + self.not + self.place > 0.0
    }

    /// Whether no list speaks against a name.
    pub(super) fn open(self) -> bool {
        self.not < 0.5 && self.place == 0.0 && self.title < 0.3
    }
}

/// Endings of surnames that are ends of hardly anything else. Folded.
const SURNAME_ENDINGS: &[&str] = &[
    "sson", "sdotter", "dóttir", "dottir", "ström", "stroem", "berg", "bergh", "qvist", "kvist", "quist", "lund",
    "lundh", "gren", "dahl", "holm", "stedt", "blom", "crantz", "hielm", "hjelm", "stierna", "schiöld", "ović", "ovic",
    "ević", "evic", "oğlu", "oglu", "owski", "ewski", "ovski", "owska", "ewska", "enko", "opoulos", "shvili", "zadeh",
    "ainen", "ssen",
];
/// How much such an ending says.
const ENDING: f32 = 0.75;
/// Longer words are no names.
const LONGEST: usize = 64;

/// A word in lower case on the stack.
struct Folded {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Folded {
    /// `None` if it does not fit.
    fn new(text: &str) -> Option<Self> {
        let mut folded = Self { bytes: [0; LONGEST], len: 0 };
        if text.is_ascii() {
            let target = folded.bytes.get_mut(..text.len())?;
            target.copy_from_slice(text.as_bytes());
            target.make_ascii_lowercase();
            folded.len = text.len();
            return Some(folded);
        }
        // Letters below the combining marks are composed already.
        if text.chars().all(|c| c < '\u{300}') {
            folded.extend(text.chars())?;
        } else {
            folded.extend(text.nfc())?;
        }
        Some(folded)
    }

    fn extend(&mut self, chars: impl Iterator<Item = char>) -> Option<()> {
        for c in chars.flat_map(char::to_lowercase) {
            let c = if matches!(c, '’' | 'ʼ') { '\'' } else { c };
            let target = self.bytes.get_mut(self.len..self.len + c.len_utf8())?;
            c.encode_utf8(target);
            self.len += c.len_utf8();
        }
        Some(())
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// The lists, compiled.
pub(super) struct Dictionary {
    words: HashMap<Box<[u8]>, Word, foldhash::fast::FixedState>,
}

impl Dictionary {
    pub(super) fn new(lexicons: &Lexicons) -> Self {
        let mut dictionary = Self { words: HashMap::default() };
        dictionary.add(lexicons, "given_names", |word, weight| word.given = weight);
        dictionary.add(lexicons, "family_names", |word, weight| word.family = weight);
        dictionary.add_plain_spellings();
        dictionary.add(lexicons, "titles", |word, weight| word.title = weight);
        dictionary.add(lexicons, "followers", |word, weight| word.follower = weight);
        dictionary.add(lexicons, "places", |word, weight| word.place = weight);
        dictionary.add(lexicons, "countries", |word, weight| word.place = weight);
        dictionary.add(lexicons, "not_names", |word, weight| word.not = weight);
        #[expect(clippy::iter_over_hash_type, reason = "each word is changed by itself")]
        for word in dictionary.words.values_mut() {
            // A place may still be a name (Nora, Lund), with a second witness.
            let most = 1.0 - 0.7 * word.place;
            word.given = word.given.min(most) * (1.0 - word.not);
            word.family = word.family.min(most) * (1.0 - word.not);
        }
        dictionary
    }

    fn add(&mut self, lexicons: &Lexicons, list: &str, set: impl Fn(&mut Word, f32)) {
        let Some(lexicon) = lexicons.get(list) else { return };
        #[expect(clippy::iter_over_hash_type, reason = "each word sets its own entry, the order leaves no trace")]
        for (word, weight) in &lexicon.words {
            set(self.words.entry(word.as_bytes().into()).or_default(), *weight);
            if let Some((first, _)) = word.split_once(' ') {
                self.words.entry(first.as_bytes().into()).or_default().opens_phrase = true;
            }
        }
    }

    /// Names are also written without marks (Soderstrom), and that says a little less.
    fn add_plain_spellings(&mut self) {
        let mut plain: Vec<(Box<[u8]>, Word)> = Vec::new();
        #[expect(clippy::iter_over_hash_type, reason = "sorted below")]
        for (word, known) in &self.words {
            let text = String::from_utf8_lossy(word);
            let bare: String = text.nfd().filter(char::is_ascii).collect();
            if bare.chars().count() == text.nfc().count() && bare.as_bytes() != &**word {
                plain.push((bare.into_bytes().into(), *known));
            }
        }
        plain.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then(b.1.given.total_cmp(&a.1.given)).then(b.1.family.total_cmp(&a.1.family))
        });
        for (bare, known) in plain {
            let less = Word { given: known.given * 0.8, family: known.family * 0.8, ..Word::default() };
            self.words.entry(bare).or_insert(less);
        }
    }

    fn get(&self, folded: &[u8]) -> Word {
        self.words.get(folded).copied().unwrap_or_default()
    }

    /// What the lists have of a word, without regard to genitive, hyphen and ending.
    pub(super) fn listed(&self, text: &str) -> Word {
        Folded::new(text).map_or_else(Word::default, |folded| self.get(folded.bytes()))
    }

    /// What is known of a word as written, and the length of its stem if it is a name's genitive, else its own length.
    pub(super) fn look_up(&self, text: &str) -> (Word, usize) {
        let Some(folded) = Folded::new(text) else { return (Word::default(), text.len()) };
        let whole = self.get(folded.bytes());
        // "Eriks" is a Latvian name, yet rather Erik's.
        let doubtful =
            whole.not + whole.title + whole.follower + whole.place == 0.0 && whole.given.max(whole.family) < 0.8;
        if let Some(stem) = genitive_stem(text).filter(|_| doubtful) {
            let word = self.simple_or_hyphened(stem);
            let name = whole.given.max(whole.family);
            if word.given >= 0.9 && word.given > name + 0.1 || name == 0.0 && word.family > 0.0 {
                return (word, stem.len());
            }
        }
        if whole.known() {
            return (whole, text.len());
        }
        let word = self.simple_or_hyphened(text);
        (Word { opens_phrase: whole.opens_phrase, ..word }, text.len())
    }

    fn simple_or_hyphened(&self, text: &str) -> Word {
        let simple = |text: &str| {
            let Some(folded) = Folded::new(text) else { return Word::default() };
            let word = self.get(folded.bytes());
            let family = if word.known() { word.family } else { ending(folded.bytes()) };
            Word { family, ..word }
        };
        let word = simple(text);
        if word.known() || !text.contains('-') {
            return word;
        }
        text.split('-').map(simple).reduce(weaker).unwrap_or_default()
    }

    /// Whether a list of places, countries or of what is no name holds these words together.
    pub(super) fn is_phrase(&self, text: &str) -> bool {
        let Some(folded) = Folded::new(text) else { return false };
        let word = self.get(folded.bytes());
        word.not >= 0.5 || word.place >= 0.5
    }
}

/// A hyphened name is as good as its weaker part; what speaks against one part speaks against all.
fn weaker(a: Word, b: Word) -> Word {
    Word {
        given: a.given.min(b.given),
        family: a.family.min(b.family),
        not: a.not.max(b.not),
        place: a.place.max(b.place),
        ..Word::default()
    }
}

fn genitive_stem(text: &str) -> Option<&str> {
    let stem = text.strip_suffix(['s', 'S'])?;
    Some(stem.strip_suffix(['\'', '’']).unwrap_or(stem)).filter(|stem| !stem.is_empty())
}

fn ending(folded: &[u8]) -> f32 {
    // The last byte first: most words fail there.
    let ends = |ending: &&str| {
        ending.as_bytes().last() == folded.last()
            && folded.len() >= ending.len() + 2
            && folded.ends_with(ending.as_bytes())
    };
    if SURNAME_ENDINGS.iter().any(ends) { ENDING } else { 0.0 }
}
