//! International bank account numbers (ISO 13616), judged by the `iban_validate` crate: country, its format, mod 97.

use std::str::from_utf8;

use ::iban::Iban;

/// Checks; spaces, dashes and lower case are tolerated. The normal form is compact and upper case.
pub(super) fn check(text: &str, normal: &mut String) -> Option<&'static str> {
    let mut compact = [0u8; 34];
    let mut length = 0;
    for character in text.chars() {
        if super::digits::is_space(character) || super::digits::is_dash(character) {
            continue;
        }
        if !character.is_ascii_alphanumeric() {
            return None;
        }
        *compact.get_mut(length)? = u8::try_from(character.to_ascii_uppercase()).ok()?;
        length += 1;
    }
    let compact = from_utf8(&compact[..length]).ok()?;
    compact.parse::<Iban>().ok()?;
    normal.push_str(compact);
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
    fn the_registrys_examples_pass_in_all_forms() {
        // Examples of the SWIFT IBAN registry.
        for compact in
            ["SE4550000000058398257466", "NO9386011117947", "GB29NWBK60161331926819", "DE89370400440532013000"]
        {
            let spaced: String = compact
                .as_bytes()
                .chunks(4)
                .map(|group| String::from_utf8_lossy(group).into_owned())
                .collect::<Vec<_>>()
                .join(" ");
            for text in [compact.to_owned(), spaced.clone(), spaced.to_lowercase(), spaced.replace(' ', "\u{a0}")] {
                assert_eq!(checked(&text).as_deref(), Some(compact), "{text}");
            }
        }
    }

    #[test]
    fn wrong_digits_lengths_and_countries_are_refused() {
        for text in [
            "SE4550000000058398257467",
            "SE455000000005839825746",
            "XX4550000000058398257466",
            "SE45 5000 0000 0583 9825 7466 1",
            "SE45_50000000058398257466",
            "",
            "SE",
        ] {
            assert_eq!(checked(text), None, "{text}");
        }
    }
}
