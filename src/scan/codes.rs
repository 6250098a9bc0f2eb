//! Words inside prose that could be codes of persons: `MASJ`, `tyro03`, `F9980423`. Nothing in their form says so; but where
//! they are the values of a column of log-ins or customer numbers, the prose speaks of persons.

/// Shorter words are in any text, longer ones are keys of other systems.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=14;

/// Digits alone are amounts and years unless there are as many.
const LEAST_DIGITS: usize = 5;

/// A word that could be a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code<'a> {
    /// With letters: capitals only, or letters and digits.
    Sign(&'a [u8]),
    /// Digits only.
    Number(&'a [u8]),
}

/// The words of a cell that could be codes, but for a cell that is one word. Parts of addresses (`anna01@example.com`) are
/// none.
pub(super) fn of(cell: &[u8]) -> impl Iterator<Item = Code<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < cell.len() {
            let start = at + cell[at..].iter().position(|byte| in_code(*byte))?;
            let end = start + cell[start..].iter().position(|byte| !in_code(*byte)).unwrap_or(cell.len() - start);
            at = end;
            let is_part = is_part(cell, start, end) || end - start == cell.len();
            if let Some(code) = code(&cell[start..end]).filter(|_| !is_part) {
                return Some(code);
            }
        }
        None
    })
}

/// Whether a word is a part of an address, a path or a longer name.
fn is_part(cell: &[u8], start: usize, end: usize) -> bool {
    let before = |back: usize| start.checked_sub(back).map(|at| cell[at]);
    let joins = |byte: Option<u8>| matches!(byte, Some(b'@' | b'\\' | b'_'));
    let in_path = before(1) == Some(b'/') && before(2).is_some_and(|byte| !byte.is_ascii_whitespace() && byte != b'/');
    let goes_on = cell.get(end) == Some(&b'.') && cell.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
    joins(before(1)) || joins(cell.get(end).copied()) || in_path || goes_on
}

const fn in_code(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || byte == b'-'
}

fn code(word: &[u8]) -> Option<Code<'_>> {
    let (mut digits, mut small) = (0, false);
    for byte in word {
        digits += usize::from(byte.is_ascii_digit());
        small |= byte.is_ascii_lowercase();
    }
    if !LENGTHS.contains(&word.len()) || (small && digits == 0) {
        return None;
    }
    if digits == word.len() { (digits >= LEAST_DIGITS).then_some(Code::Number(word)) } else { Some(Code::Sign(word)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_words_in_capitals_with_digits_or_long_numbers() {
        let codes = |cell: &'static str| of(cell.as_bytes()).collect::<Vec<_>>();
        assert_eq!(codes("MASJ tog över."), [Code::Sign(b"MASJ")]);
        assert_eq!(codes("fattat av tyro03"), [Code::Sign(b"tyro03")]);
        assert_eq!(codes("tillhör F9980423, cst_bk=30015369"), [Code::Sign(b"F9980423"), Code::Number(b"30015369")]);
        assert_eq!(codes("Se mejl från anna01@example.com 2024"), []);
        assert_eq!(codes("\\\\srv\\f\\00657.jpg eller /bilder/00657.jpg"), []);
        assert_eq!(codes("tack! //MASJ"), [Code::Sign(b"MASJ")]);
        assert_eq!(codes("MASJ"), [], "a cell of its own");
        assert_eq!(codes("Kund ringde om fakturan"), []);
        assert_eq!(codes(""), []);
    }
}
