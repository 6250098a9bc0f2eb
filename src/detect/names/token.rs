//! Cuts text into words and says what stands between them. Words of e-mail and web addresses, and words with digits, are
//! left out.

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `anna`
    Lower,
    /// `Anna`, `McDonald`
    Title,
    /// `ANNA`
    Upper,
    /// `A`
    Initial,
}

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Blanks within the line.
    Space,
    /// One comma within the line.
    Comma,
    /// One full stop within the line.
    Dot,
    /// A new line, colon, dash or slash: what stands before may still speak of what follows.
    Soft,
    /// Anything else, and the text's start.
    Hard,
}

/// A word's place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) gap: Gap,
    pub(super) shape: Shape,
}

/// The words of a text.
pub(super) struct Pieces<'a> {
    text: &'a str,
    at: usize,
    last_end: usize,
    chunk_end: usize,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, last_end: 0, chunk_end: 0 }
    }

    /// Ends the present chunk (what stands between blanks and brackets) where it ends, past it if it is an address.
    fn enter_chunk(&mut self) {
        let rest = &self.text[self.at..];
        let len = rest.find(|c: char| c.is_whitespace() || ",;\"<>()[]{}".contains(c)).unwrap_or(rest.len());
        self.chunk_end = self.at + len.max(rest.chars().next().map_or(0, char::len_utf8));
        let chunk = &rest[..len];
        if chunk.contains('@') || chunk.contains("://") || chunk.starts_with("www.") {
            self.at = self.chunk_end;
        }
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        while self.at < self.text.len() {
            if self.at >= self.chunk_end {
                self.enter_chunk();
                continue;
            }
            let start = self.at;
            let c = self.text[start..].chars().next()?;
            if !(c.is_alphanumeric() || c == '_') {
                self.at += c.len_utf8();
                continue;
            }
            let (len, plain) = word(&self.text[start..]);
            self.at += len;
            if plain {
                let gap = if self.last_end == 0 { Gap::Hard } else { gap(&self.text[self.last_end..start]) };
                self.last_end = self.at;
                return Some(Piece { start, end: self.at, gap, shape: shape(&self.text[start..self.at]) });
            }
        }
        None
    }
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Length of the word that the text begins with, and whether it is free of digits.
fn word(text: &str) -> (usize, bool) {
    let mut plain = true;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inner = matches!(c, '-' | '\'' | '’') && chars.peek().is_some_and(|(_, next)| next.is_alphabetic());
        if c.is_numeric() || c == '_' {
            plain = false;
        } else if !(c.is_alphabetic() || is_mark(c) || inner) {
            return (at, plain);
        }
    }
    (text.len(), plain)
}

fn shape(word: &str) -> Shape {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let first_upper = letters.next().is_some_and(|c| !c.is_lowercase());
    match (first_upper, letters.next()) {
        (false, _) => Shape::Lower,
        (true, None) => Shape::Initial,
        (true, Some(second)) if second.is_uppercase() && !letters.any(char::is_lowercase) => Shape::Upper,
        _ => Shape::Title,
    }
}

fn gap(between: &str) -> Gap {
    let mut gap = Gap::Space;
    for c in between.chars() {
        gap = match (gap, c) {
            (kept, ' ' | '\t' | '\u{a0}') => kept,
            (Gap::Space, ',') => Gap::Comma,
            (Gap::Space, '.') => Gap::Dot,
            (_, '\n' | '\r' | ':' | '/' | ',' | '-' | '–' | '*') => Gap::Soft,
            _ => return Gap::Hard,
        };
    }
    gap
}
