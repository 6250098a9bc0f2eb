//! Swedish account numbers with their clearing number in front. Only what holds for all banks is checked: the clearing
//! number's range and the number of digits (Bankgirot, "Bankernas kontonummer").

use super::digits::{is_dash, is_space, push};

/// Clearing numbers of banks begin here; 1000 to 1099 are the Riksbank's.
const LOWEST_CLEARING: u32 = 1100;

/// Digits with the clearing number: four or five, then six to ten.
const DIGITS: std::ops::RangeInclusive<usize> = 10..=15;

/// Checks; the normal form is the digits.
pub(super) fn check(text: &str, normal: &mut String) -> Option<&'static str> {
    let mut digits = [0u8; 15];
    let mut length = 0;
    for character in text.trim().chars() {
        if let Some(digit) = character.to_digit(10) {
            *digits.get_mut(length)? = u8::try_from(digit).ok()?;
            length += 1;
        } else if length == 0 || !(is_space(character) || is_dash(character) || matches!(character, ',' | '.')) {
            return None;
        }
    }
    let clearing = digits[..4].iter().fold(0, |number, digit| number * 10 + u32::from(*digit));
    if !DIGITS.contains(&length) || clearing < LOWEST_CLEARING {
        return None;
    }
    push(&digits[..length], normal);
    Some("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_forms_are_one_number() {
        for text in ["8327-9, 123 456 789-0", "8327-91234567890", "8327 9 123.456.789-0"] {
            let mut normal = String::new();
            assert_eq!((check(text, &mut normal), normal.as_str()), (Some(""), "832791234567890"), "{text}");
        }
    }

    #[test]
    fn what_no_bank_has_is_refused() {
        for text in ["1000-123 456 7", "6000-12345", "6000-1234567890123", "a6000-1234567", ""] {
            assert_eq!(check(text, &mut String::new()), None, "{text}");
        }
    }
}
