//! Tokens, hashes and keys without a form of their own: how evenly their characters are spread tells them from words
//! and numbers. Words beside them or the column must say what they are.

/// Tokens shorter than this can't be told from words.
const SHORTEST: usize = 20;

/// Bits per character that a token of many different characters has at least; random hexadecimal of 32 characters has
/// 3.6 on average, English words joined to the same length about 3.
const LEAST: f64 = 3.1;

/// Checks; the normal form is the text.
pub(super) fn check(text: &str, normal: &mut String) -> Option<&'static str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_.-".contains(&byte);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    if text.len() < SHORTEST || !text.bytes().all(fits) || digits < 2 || letters < 4 || entropy(text) < LEAST {
        return None;
    }
    normal.push_str(text);
    Some(if text.bytes().all(|byte| byte.is_ascii_hexdigit()) { "hexadecimal" } else { "base64" })
}

/// Shannon's entropy of the text's bytes, in bits per byte.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    text.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let length = text.len() as f64;
    let share = |count: u32| f64::from(count) / length;
    counts.into_iter().filter(|count| *count > 0).map(|count| -share(count) * share(count).log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<&'static str> {
        check(text, &mut String::new())
    }

    #[test]
    fn hashes_and_tokens_pass() {
        // MD5 and SHA-1 of the empty text, and a sentence in base64.
        assert_eq!(kind("d41d8cd98f00b204e9800998ecf8427e"), Some("hexadecimal"));
        assert_eq!(kind("da39a3ee5e6b4b0d3255bfef95601890afd80709"), Some("hexadecimal"));
        assert_eq!(kind("c2FuZXJhIGlzIGEgdG9vbCB0aGF0IGZpbmRz"), Some("base64"));
    }

    #[test]
    fn words_numbers_and_fillers_are_refused() {
        for text in [
            "00000000000000000000000000000000",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1",
            "12345678901234567890123456789012",
            "internationalisering-av-system",
            "d41d8cd98f00b204",
            "d41d8cd98f00b204 e9800998ecf8427e",
            "",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }
}
