//! Values that came out of a cell. They print as their length and nothing else, so that no log line, error or
//! panic can carry one by accident.

use std::fmt;

/// Text from a cell: `Debug` and `Display` tell only how long it is.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sensitive(String);

impl Sensitive {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Each call is a place to look at in review: where does it go from here?
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} bytes>", self.0.len())
    }
}

impl fmt::Display for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Makes a name or message from a database safe to print on a terminal: control characters and marks that change
/// the writing direction become escapes.
pub fn printable(text: &str) -> String {
    let hostile = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if hostile(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sensitive_text_prints_only_its_length() {
        let name = Sensitive::new("Anna");
        assert_eq!(format!("{name} {name:?}"), "<4 bytes> <4 bytes>");
        assert_eq!(name.expose(), "Anna");
    }

    #[test]
    fn control_and_direction_marks_are_escaped() {
        assert_eq!(printable("a\u{1b}[2Jb\u{202e}c å"), "a\\u{1b}[2Jb\\u{202e}c å");
    }
}
