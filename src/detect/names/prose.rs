//! Names in prose: words are gathered into runs that could be names, and each run is judged with what stands around it.
//! One pass, nothing is looked at more than a bounded number of times.

use super::NameSpan;
use super::candidate::{OWNED_PLACES, STREET_WORDS_BEHIND, Token, UNKNOWN};
use super::token::{Gap, Pieces, Shape};
use super::words::Dictionary;

/// Less certain spans are not reported.
const FLOOR: f32 = 0.5;
/// A run of more capitalised words is judged in parts.
const LONGEST_RUN: usize = 12;
/// No person has more given names in prose.
const GIVEN_NAMES: usize = 4;
/// Longest entry of several words in the lists.
const PHRASE: usize = 4;

/// A name after "Anna och" is a name by that alone.
const JOINERS: &[&str] = &["och", "and", "samt", "&"];
const JOINED: f32 = 0.5;
/// What stands in, at or on something is seldom a person.
const PLACE_PREPOSITIONS: &[&str] = &["i", "in", "at", "på"];
/// Names in prose. Appends to `out`.
pub(super) fn find(dictionary: &Dictionary, text: &str, out: &mut Vec<NameSpan>) {
    let mut run = Run { dictionary, text, tokens: Vec::with_capacity(LONGEST_RUN), before: Before::default() };
    let mut before = Before::default();
    for piece in Pieces::new(text) {
        let written = &text[piece.start..piece.end];
        // In lower case only a well-known name counts, and most words are in lower case.
        let (word, stem) = match piece.shape {
            Shape::Lower => (dictionary.listed(written), written.len()),
            _ => dictionary.look_up(written),
        };
        let token = Token { piece, text: written, word, stem_end: piece.start + stem };
        if let Some(last) = run.tokens.last() {
            if run.tokens.len() < LONGEST_RUN && token.joins(last) {
                run.tokens.push(token);
                continue;
            }
            before = Before { joiner: run.judge(Some(&token), out), ..Before::default() };
            run.tokens.clear();
        }
        if token.is_candidate() {
            run.before = before.then(&token);
            run.tokens.push(token);
        } else {
            before = before.after(&token);
        }
    }
    run.judge(None, out);
}

/// What the words before a run say of it.
#[derive(Clone, Copy, Default)]
struct Before {
    /// How certain a title or verb makes a name.
    title: f32,
    /// Whether a place is rather to be expected.
    place: bool,
    /// Whether a name ended just here, so that an "and" leads to another.
    joiner: bool,
}

impl Before {
    /// As seen from the token that follows.
    fn then(self, token: &Token<'_>) -> Self {
        match token.piece.gap {
            Gap::Hard => Self::default(),
            _ => self,
        }
    }

    /// After a token that begins no run.
    fn after(self, token: &Token<'_>) -> Self {
        let held = self.then(token);
        let own = token.word.title;
        let joined = self.joiner && JOINERS.contains(&token.text);
        let title = match own {
            _ if joined => JOINED,
            _ if own >= 0.3 => own.max(if own < 0.6 { held.title } else { 0.0 }),
            // A weak word passes on what the one before it said.
            _ if own > 0.0 => held.title,
            _ => 0.0,
        };
        Self { title, place: PLACE_PREPOSITIONS.contains(&token.text), joiner: false }
    }
}

/// Words beside one another that could be names.
struct Run<'a> {
    dictionary: &'a Dictionary,
    text: &'a str,
    tokens: Vec<Token<'a>>,
    before: Before,
}

/// A name in a run: tokens from where it was looked for to `end`.
#[derive(Clone, Copy)]
struct Found {
    end: usize,
    confidence: f32,
}

impl<'a> Run<'a> {
    /// Reports the names of the run; tells whether its last word belongs to one.
    fn judge(&self, next: Option<&Token<'a>>, out: &mut Vec<NameSpan>) -> bool {
        let mut at = self.after_places(next);
        let mut ends_in_name = false;
        while at < self.tokens.len() {
            ends_in_name = false;
            if let Some(len) = self.phrase(at) {
                at += len;
                continue;
            }
            let follower = next.filter(|next| next.piece.gap == Gap::Space).map_or(0.0, |next| next.word.follower);
            match self.name(at).map(|found| self.weigh(at, found, follower)) {
                Some(found) if found.confidence >= FLOOR => {
                    let start = self.tokens[at].piece.start;
                    let end = self.tokens[found.end - 1].stem_end;
                    out.push(NameSpan { start, end, confidence: found.confidence.min(0.99) });
                    at = found.end;
                    ends_in_name = at == self.tokens.len();
                }
                _ => at += 1,
            }
        }
        ends_in_name
    }

    /// Where names can begin: behind the last street, company or institution of the run, which bear persons' names.
    fn after_places(&self, next: Option<&Token<'a>>) -> usize {
        let street = |token: &Token<'_>| token.piece.gap == Gap::Space && STREET_WORDS_BEHIND.contains(&token.text);
        let owned = |token: &Token<'_>| token.piece.gap == Gap::Space && OWNED_PLACES.contains(&token.text);
        let genitive = self.tokens.last().is_some_and(Token::is_genitive);
        if next.is_some_and(|next| street(next) || (genitive && owned(next))) {
            return self.tokens.len();
        }
        self.tokens.iter().rposition(Token::ends_a_place).map_or(0, |at| at + 1)
    }

    /// Length of the entry of several words that stands here.
    fn phrase(&self, at: usize) -> Option<usize> {
        if !self.tokens[at].word.opens_phrase {
            return None;
        }
        (2..=PHRASE.min(self.tokens.len() - at)).rev().find(|len| {
            self.dictionary.is_phrase(&self.text[self.tokens[at].piece.start..self.tokens[at + len - 1].piece.end])
        })
    }

    /// The name that begins here, with the confidence of its words alone.
    fn name(&self, at: usize) -> Option<Found> {
        let (given, end) = self.given_names(at);
        let (family, end) = self.surnames(end);
        let confidence = match (given, family) {
            (None, _) => return self.without_given_name(at),
            (Some(given), None) => 0.72 * given,
            (Some(given), Some(family)) if family > UNKNOWN => 0.62 + 0.185 * (given + family),
            (Some(given), Some(_)) => 0.25 + 0.62 * given,
        };
        Some(Found { end, confidence })
    }

    fn given_names(&self, at: usize) -> (Option<f32>, usize) {
        let mut best: Option<f32> = None;
        let mut end = at;
        while let Some(token) = self.tokens.get(end).filter(|_| end - at < GIVEN_NAMES && !self.is_closed(at, end)) {
            if token.is_given(best.is_none()) {
                best = Some(best.unwrap_or(0.0).max(token.word.given));
            } else if !(token.is_initial() && best.is_some()) {
                break;
            }
            end += 1;
        }
        (best, end)
    }

    /// One or two surnames from here, with their particles.
    fn surnames(&self, from: usize) -> (Option<f32>, usize) {
        let mut best: Option<f32> = None;
        let mut end = from;
        for _ in 0..2 {
            let skipped = self.tokens[end..].iter().take_while(|token| token.is_particle()).count();
            let at = end + skipped;
            let Some(token) = self.tokens.get(at).filter(|_| !self.is_closed(from, end) && self.phrase(at).is_none())
            else {
                break;
            };
            let says = token.surname();
            if says == 0.0 || token.piece.gap == Gap::Comma {
                break;
            }
            best = Some(best.unwrap_or(0.0).max(says));
            end = at + 1;
        }
        (best, end)
    }

    /// A genitive ends a name, and so does a comma.
    fn is_closed(&self, at: usize, end: usize) -> bool {
        let comma = end > at && self.tokens.get(end).is_some_and(|token| token.piece.gap == Gap::Comma);
        comma || end > 0 && self.tokens[end - 1].is_genitive()
    }

    fn without_given_name(&self, at: usize) -> Option<Found> {
        let token = &self.tokens[at];
        let initials = self.tokens[at..].iter().take(3).take_while(|token| token.is_initial()).count();
        if initials > 0 {
            let (family, end) = self.surnames(at + initials);
            return family.map(|family| Found { end, confidence: 0.3 + 0.6 * family });
        }
        let family = if token.word.not < 0.5 { token.word.family } else { 0.0 };
        let next = self.tokens.get(at + 1).filter(|_| !token.is_genitive());
        if family >= 0.5 {
            // "Andersson, Anna": whoever is listed after a comma has no surname of his own.
            let (given, end) = self.given_names(at + 1);
            if let Some(given) = given.filter(|given| *given >= 0.5 && end == self.tokens.len()) {
                return Some(Found { end, confidence: 0.3 + 0.3 * (given + family) });
            }
            return Some(Found { end: at + 1, confidence: 0.66 * family });
        }
        if family > 0.0 {
            return Some(Found { end: at + 1, confidence: 0.3 * family });
        }
        if !token.is_unknown() {
            return None;
        }
        let opens_sentence = at == 0 && token.piece.gap != Gap::Space;
        let next = next.filter(|next| next.word.given <= next.word.family);
        let (family, end) = next.map_or((None, at + 1), |_| self.surnames(at + 1));
        match family {
            Some(family) if family >= if opens_sentence { 0.9 } else { 0.6 } => {
                Some(Found { end, confidence: 0.2 + 0.6 * family })
            }
            _ if at == 0 => {
                let certain = self.before.title;
                let confidence = match end - at {
                    1 if certain >= 0.8 => 0.75 * certain,
                    1 => 0.0,
                    _ if certain >= 0.8 => 0.9 * certain,
                    _ => 0.75 * certain,
                };
                Some(Found { end, confidence })
            }
            _ => None,
        }
    }

    /// Adds what stands around to what the words say.
    fn weigh(&self, at: usize, found: Found, follower: f32) -> Found {
        let title = if at == 0 { self.before.title } else { 0.0 };
        let follower = if found.end == self.tokens.len() { follower } else { 0.0 };
        let tokens = &self.tokens[at..found.end];
        let known = tokens.iter().any(|token| token.word.given + token.word.family > 0.0);
        let mut confidence = found.confidence;
        if known {
            confidence = 1.0 - (1.0 - confidence) * (1.0 - 0.8 * title) * (1.0 - follower);
        }
        if at == 0 && self.before.place && tokens.len() == 1 {
            confidence *= 0.6;
        }
        confidence *= match tokens[0].piece.shape {
            // Lower case says nothing for a name: one word needs a witness, two are each other's.
            Shape::Lower if tokens.len() == 1 && title < 0.6 => 0.5,
            Shape::Lower => 0.8,
            Shape::Upper => 0.9,
            Shape::Title | Shape::Initial => 1.0,
        };
        Found { confidence, ..found }
    }
}
