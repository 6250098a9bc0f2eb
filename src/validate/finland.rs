//! Finnish henkilötunnus (valtioneuvoston asetus väestötietojärjestelmästä 128/2010, 2 § and its change 690/2022;
//! Digi- ja väestötietovirasto, "Personal identity code"): `DDMMYYcNNNX`.
//!
//! c tells the century: `+` 1800s; `-`, since 2023 also `Y X W V U`, 1900s; `A`, since 2023 also `B C D E F`, 2000s.
//! X is the character at the remainder of `DDMMYYNNN` modulo 31. NNN from 900 is temporary and given to no person for
//! good: hospitals and tests use it.

use jiff::civil::Date;

use super::calendar::is_birth;

/// The control characters by remainder.
const CONTROL: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";

/// Checks; the normal form is the eleven characters in capitals.
pub(super) fn check(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let text = text.trim();
    let mut code = [0u8; 11];
    let mut length = 0;
    for character in text.chars() {
        let plain = if super::digits::is_dash(character) { '-' } else { character.to_ascii_uppercase() };
        *code.get_mut(length)? = u8::try_from(plain).ok()?;
        length += 1;
    }
    let (date, serial) = (number(&code[..6])?, number(&code[7..10])?);
    let year = century(code[6])? + i16::try_from(date % 100).ok()?;
    let fits = CONTROL[(date * 1000 + serial) as usize % CONTROL.len()] == code[10];
    if length != 11 || !fits || serial < 2 || !is_birth(year, date / 100 % 100, date / 10_000, today) {
        return None;
    }
    normal.extend(code.iter().map(|&byte| char::from(byte)));
    Some(if serial < 900 { "henkilotunnus" } else { "henkilotunnus-temporary" })
}

const fn century(sign: u8) -> Option<i16> {
    match sign {
        b'+' => Some(1800),
        b'-' | b'U'..=b'Y' => Some(1900),
        b'A'..=b'F' => Some(2000),
        _ => None,
    }
}

/// The number that ASCII digits form.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Option<(&'static str, String)> {
        let mut normal = String::new();
        check(text, jiff::civil::date(2026, 11, 21), &mut normal).map(|kind| (kind, normal))
    }

    #[test]
    fn the_published_example_passes() {
        // The agency's own example of a code.
        assert_eq!(checked("131052-308T"), Some(("henkilotunnus", "131052-308T".to_owned())));
        assert_eq!(checked("131052–308t"), Some(("henkilotunnus", "131052-308T".to_owned())));
    }

    #[test]
    fn the_signs_of_2023_stand_for_the_same_centuries() {
        // The control character does not depend on the sign.
        for sign in ["-", "Y", "X", "W", "V", "U", "+"] {
            assert!(checked(&format!("131052{sign}308T")).is_some(), "{sign}");
        }
        for sign in ["A", "B", "C", "D", "E", "F", "G", "T", "Z", " ", "", "0"] {
            assert_eq!(checked(&format!("131052{sign}308T")), None, "{sign}: 2052 is to come, others are no signs");
        }
        for sign in ["A", "B", "C", "D", "E", "F"] {
            assert_eq!(
                checked(&format!("010101{sign}002{}", char::from(CONTROL[10_101_002 % 31]))).map(|it| it.0),
                Some("henkilotunnus")
            );
        }
    }

    #[test]
    fn temporary_codes_are_marked() {
        let control = char::from(CONTROL[131_052_908 % 31]);
        assert_eq!(checked(&format!("131052-908{control}")).map(|(kind, _)| kind), Some("henkilotunnus-temporary"));
    }

    #[test]
    fn other_codes_are_refused() {
        for text in ["131052-308U", "131052-001P", "311152-308T", "131052-308", "131052-308TT", "131052308T", "", "åäö"]
        {
            assert_eq!(checked(text), None, "{text}");
        }
    }
}
