//! Names as people write them, in words: `kund_epost`, `kundEpost`, `KUND-EPOST1`, `userIDNumber`.

/// Letters and digits in lower case, Swedish and other letters without their marks: columns are named with and without.
pub fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let base = |c: char| match c {
        'ø' => 'o',
        'æ' => 'a',
        'đ' | 'ð' => 'd',
        'ł' => 'l',
        c => c,
    };
    text.nfd().flat_map(char::to_lowercase).map(base).filter(|c| c.is_alphanumeric()).collect()
}

/// The words of a name, plain and without digits at their ends.
pub fn split(name: &str) -> Vec<String> {
    // Salesforce marks so what its customers added: `Social_Url__c`.
    let name = ["__c", "__pc", "__r"].iter().find_map(|mark| name.strip_suffix(mark)).unwrap_or(name);
    let chars: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut start = 0;
    for at in 0..=chars.len() {
        if at == chars.len() || begins_a_word(&chars, at) {
            let word = plain(&chars[start..at].iter().collect::<String>());
            let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
            match (bare.is_empty(), word.is_empty()) {
                (false, _) => words.push(bare.to_owned()),
                (true, false) => words.push(word),
                (true, true) => {}
            }
            start = at;
        }
    }
    words
}

fn begins_a_word(chars: &[char], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| chars[before]) else { return false };
    let here = chars[at];
    if !here.is_alphanumeric() || !before.is_alphanumeric() {
        return true;
    }
    // `kundEpost`; and the last capital of several begins the next word: `userIDNumber`.
    let next_is_lower = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
    here.is_uppercase()
        && (before.is_lowercase() || before.is_ascii_digit() || (before.is_uppercase() && next_is_lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_as_people_write_them() {
        for (name, words) in [
            ("kund_epost", vec!["kund", "epost"]),
            ("kundEPost", vec!["kund", "e", "post"]),
            ("FNAMN", vec!["fnamn"]),
            ("E-POST 2", vec!["e", "post", "2"]),
            ("ADR1", vec!["adr"]),
            ("Förnamn", vec!["fornamn"]),
            ("userIDNumber", vec!["user", "id", "number"]),
            ("IPAddress", vec!["ip", "address"]),
            ("line2Street", vec!["line", "street"]),
            ("Birth_Date__c", vec!["birth", "date"]),
            ("", vec![]),
            ("__", vec![]),
        ] {
            assert_eq!(split(name), words, "{name}");
        }
    }
}
