//! Swedish postal codes: `NNN NN`, with or without the space and the country's `SE-` or the older `S-`.

use super::digits::{is_dash, is_space, number, push};

/// The lowest and highest codes in use.
const RANGE: std::ops::RangeInclusive<u32> = 10_000..=98_499;

/// Checks; the normal form is the five digits.
pub(super) fn check(text: &str, normal: &mut String) -> Option<&'static str> {
    let text = text.trim();
    let without_country =
        text.trim_start_matches(|c: char| c.eq_ignore_ascii_case(&'s') || c.eq_ignore_ascii_case(&'e'));
    let country = &text[..text.len() - without_country.len()];
    if !["", "s", "se"].iter().any(|allowed| country.eq_ignore_ascii_case(allowed)) {
        return None;
    }
    let is_separator = |character| !country.is_empty() && (is_dash(character) || is_space(character));
    let code = without_country.trim_start_matches(is_separator);
    let mut digits = [0u8; 5];
    let mut length = 0;
    for (place, character) in code.chars().enumerate() {
        if let Some(digit) = character.to_digit(10) {
            *digits.get_mut(length)? = u8::try_from(digit).ok()?;
            length += 1;
        } else if !(is_space(character) && place == 3) {
            return None;
        }
    }
    if length != 5 || !RANGE.contains(&number(&digits)) {
        return None;
    }
    push(&digits, normal);
    Some("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Option<String> {
        let mut normal = String::new();
        check(text, &mut normal).map(|_| normal)
    }

    #[test]
    fn all_written_forms_are_one() {
        for text in ["114 55", "11455", "114\u{a0}55", "SE-114 55", "S-114 55", "se-11455", "SE 114 55", "S11455"] {
            assert_eq!(checked(text).as_deref(), Some("11455"), "{text}");
        }
    }

    #[test]
    fn codes_outside_the_range_and_other_shapes_are_refused() {
        assert_eq!(checked("984 99").as_deref(), Some("98499"));
        for text in ["099 99", "985 00", "11 455", "1145", "114 555", "114-55", "NO-0150", "SES-114 55", "", "S"] {
            assert_eq!(checked(text), None, "{text}");
        }
    }
}
