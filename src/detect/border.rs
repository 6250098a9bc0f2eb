//! Borders of words, for text of any script.

/// The character before `at`, in valid UTF-8.
pub(super) fn char_before(bytes: &[u8], at: usize) -> Option<char> {
    let start = (at.saturating_sub(4)..at).rev().find(|start| bytes[*start] & 0xc0 != 0x80)?;
    std::str::from_utf8(&bytes[start..at]).ok()?.chars().next()
}

/// The character that begins at `at`.
pub(super) fn char_at(bytes: &[u8], at: usize) -> Option<char> {
    let first = *bytes.get(at)?;
    let length = match first {
        0..=0x7f => return Some(char::from(first)),
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    std::str::from_utf8(bytes.get(at..at + length)?).ok()?.chars().next()
}

/// Whether a character is part of a word or number, so that a hit may not touch it: letters and digits of any script,
/// and marks that combine with the letter before them.
pub(super) fn in_word(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_found_on_both_sides() {
        let text = "aå–😀b".as_bytes();
        assert_eq!(char_before(text, 0), None);
        assert_eq!(char_before(text, 1), Some('a'));
        assert_eq!(char_before(text, 3), Some('å'));
        assert_eq!(char_before(text, 6), Some('–'));
        assert_eq!(char_before(text, 10), Some('😀'));
        assert_eq!((char_at(text, 1), char_at(text, 3), char_at(text, 6)), (Some('å'), Some('–'), Some('😀')));
        assert_eq!(char_at(text, text.len()), None);
    }
}
