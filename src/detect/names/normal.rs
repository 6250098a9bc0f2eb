//! The one form in which names are compared.

use unicode_normalization::UnicodeNormalization;

/// Titles that belong to no name. Folded.
const TITLES: &[&str] = &[
    "advokat",
    "docent",
    "doktor",
    "dr",
    "fam",
    "familjen",
    "fru",
    "fröken",
    "frk",
    "herr",
    "hr",
    "madam",
    "miss",
    "mr",
    "mrs",
    "ms",
    "mx",
    "prof",
    "professor",
    "sir",
];

/// The one form in which names are compared, appended to `out`: folded, without titles, order-free (words sorted),
/// "Andersson, Anna" and "Anna ANDERSSON" alike: `andersson anna`. A name of titles only keeps them; a hyphen within a
/// word stays, apostrophes go.
pub fn normalise(name: &str, out: &mut String) {
    // Composed last: what stands beside a dropped apostrophe can combine.
    let folded: String =
        name.nfc().flat_map(char::to_lowercase).filter(|c| !matches!(c, '\'' | '’' | 'ʼ')).nfc().collect();
    let folded = folded.replace(['\u{2010}', '\u{2011}'], "-");
    let in_word = |c: char| c.is_alphanumeric() || c == '-' || unicode_normalization::char::is_combining_mark(c);
    let mut words: Vec<&str> =
        folded.split(|c| !in_word(c)).map(|word| word.trim_matches('-')).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| !TITLES.contains(word)) {
        words.retain(|word| !TITLES.contains(word));
    }
    words.sort_unstable();
    for (i, word) in words.into_iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
}
