//! Bankgiro and plusgiro numbers: seven or eight, and two to eight digits, the last one a Luhn digit.

use super::digits::{is_dash, is_space, luhn, push};

/// Checks a bankgiro number (`NNN-NNNN`, `NNNN-NNNN`); the normal form is its digits.
pub(super) fn bankgiro(text: &str, normal: &mut String) -> Option<&'static str> {
    check(text, 7, "bankgiro", normal)
}

/// Checks a plusgiro number (`NN NN NN-N`); the normal form is its digits.
pub(super) fn plusgiro(text: &str, normal: &mut String) -> Option<&'static str> {
    check(text, 2, "plusgiro", normal)
}

fn check(text: &str, shortest: usize, kind: &'static str, normal: &mut String) -> Option<&'static str> {
    let mut digits = [0u8; 8];
    let mut length = 0;
    for character in text.trim().chars() {
        if let Some(digit) = character.to_digit(10) {
            *digits.get_mut(length)? = u8::try_from(digit).ok()?;
            length += 1;
        } else if length == 0 || !(is_space(character) || is_dash(character)) {
            return None;
        }
    }
    let digits = &digits[..length];
    if length < shortest || digits.iter().all(|digit| *digit == 0) || !luhn(digits) {
        return None;
    }
    push(digits, normal);
    Some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(check: fn(&str, &mut String) -> Option<&'static str>, text: &str) -> Option<String> {
        let mut normal = String::new();
        check(text, &mut normal).map(|_| normal)
    }

    #[test]
    fn written_forms_are_one_number() {
        for text in ["991-2346", "9912346", "991 2346"] {
            assert_eq!(normal(bankgiro, text).as_deref(), Some("9912346"), "{text}");
        }
        assert_eq!(normal(bankgiro, "5050-1055").as_deref(), Some("50501055"));
        assert_eq!(normal(plusgiro, "28 65 43-4").as_deref(), Some("2865434"));
    }

    #[test]
    fn a_wrong_digit_or_length_is_refused() {
        for text in ["991-2347", "123456", "123-456-789", "-9912346", "", "abc"] {
            assert_eq!(normal(bankgiro, text), None, "{text}");
        }
        assert_eq!(normal(plusgiro, "0"), None);
    }
}
