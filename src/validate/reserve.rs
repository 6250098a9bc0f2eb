//! Reserve numbers that Swedish health care gives to patients without a personnummer, and the interim numbers of
//! authorities and universities.
//!
//! The formats are Inera's ("Nationellt reservidformat"; "Lokala reservid-format"). How the national number's check
//! digit is computed is not published: only its structure is judged.

use jiff::civil::Date;

use super::calendar::{is_birth, two};
use super::digits::{luhn, number};
use super::personnummer;

/// Letters in the place of an interim number's first serial digit, each counted as 1.
const INTERIM: &[u8] = b"TRSUWXJKLMN";

/// Checks an interim number, `YYMMDD-Xnnc` with or without the century; the normal form is its twelve characters.
pub(super) fn interim(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let letter = text.chars().find(char::is_ascii_alphabetic)?.to_ascii_uppercase();
    if !INTERIM.contains(&u8::try_from(letter).ok()?) {
        return None;
    }
    let mut digits = String::new();
    let as_one = |c: char| if c.is_ascii_alphabetic() { '1' } else { c };
    let kind = personnummer::check(&text.chars().map(as_one).collect::<String>(), today, &mut digits)?;
    // The letter stands first of the last four, and there is no other.
    let place = text.trim_end().len().checked_sub(4)?;
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    if letters != 1 || !text.as_bytes()[place].is_ascii_alphabetic() || !kind.starts_with("personnummer") {
        return None;
    }
    normal.push_str(&digits[..8]);
    normal.push(letter);
    normal.push_str(&digits[9..]);
    Some("interim")
}

/// Checks a reserve number whose form can be told from other numbers; the normal form is its twelve characters.
pub(super) fn check(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let code = code(text)?;
    let kind = national(&code, today)
        .or_else(|| stockholm(&code))
        .or_else(|| vastra_gotaland(&code, today))
        .or_else(|| inera(&code))?;
    normal.extend(code.iter().map(|&byte| char::from(byte)));
    Some(kind)
}

/// Checks a reserve number of a region without a check digit: a date and four characters, of which one is a letter.
pub(super) fn regional(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let code = code(text)?;
    let date = digits(&code[..8])?;
    let has_letter = code[8..].iter().any(u8::is_ascii_uppercase);
    if !has_letter || !is_date(date, today) {
        return None;
    }
    normal.extend(code.iter().map(|&byte| char::from(byte)));
    Some("reserve-regional")
}

/// The twelve characters without the hyphen that may stand after the eighth.
fn code(text: &str) -> Option<[u8; 12]> {
    let text = text.trim().as_bytes();
    let mut code = [0; 12];
    match text.len() {
        12 => code.copy_from_slice(text),
        13 if text[8] == b'-' => {
            code[..8].copy_from_slice(&text[..8]);
            code[8..].copy_from_slice(&text[9..]);
        }
        _ => return None,
    }
    code.make_ascii_uppercase();
    code.iter().all(u8::is_ascii_alphanumeric).then_some(code)
}

fn digits<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let digits: [u8; N] = text.try_into().ok()?;
    digits.iter().all(u8::is_ascii_digit).then(|| digits.map(|byte| byte - b'0'))
}

fn is_date(digits: [u8; 8], today: Date) -> bool {
    is_birth(two(&digits[..2]) * 100 + two(&digits[2..4]), number(&digits[4..6]), number(&digits[6..]), today)
}

/// `XXYYMMDDNNGC`: XX is the century of birth and a multiple of three, or 00 with a month and day that are none; NN
/// are letters, G the sex as in a personnummer or a letter where it is not known, C a digit.
fn national(code: &[u8; 12], today: Date) -> Option<&'static str> {
    let is_letter = |byte: &u8| byte.is_ascii_uppercase() && !b"IOQVW".contains(byte);
    let digits: [u8; 8] = digits(&code[..8])?;
    let (series, year) = (two(&digits), two(&digits[2..]));
    let letters = code[8..10].iter().all(is_letter);
    if !letters || !(code[10].is_ascii_digit() || is_letter(&code[10])) || !code[11].is_ascii_digit() {
        return None;
    }
    let (month, day) = (number(&digits[4..6]), number(&digits[6..]));
    let known = match series {
        0 => (20..=99).contains(&month) && (40..=59).contains(&day),
        series @ 22..=98 if series % 3 != 0 => {
            let century = if series % 3 == 1 { 1900 } else { 2000 };
            is_birth(century + year, month, day, today)
        }
        _ => false,
    };
    known.then_some("reserve-national")
}

/// `99YYYYNNNNNC`: C is the Luhn digit over the seven digits before it; the year is from 1900 on.
fn stockholm(code: &[u8; 12]) -> Option<&'static str> {
    let digits: [u8; 12] = digits(code)?;
    let fits = digits[..2] == [9, 9] && (19..=22).contains(&two(&digits[2..4])) && luhn(&digits[4..]);
    fits.then_some("reserve-stockholm")
}

/// `YYYYMMDDGggC`: G is K, M or X for woman, man, unknown, and counts as 5, 7, 8 in the Luhn digit C.
fn vastra_gotaland(code: &[u8; 12], today: Date) -> Option<&'static str> {
    let value = match code[8] {
        b'K' => b'5',
        b'M' => b'7',
        b'X' => b'8',
        _ => return None,
    };
    let mut as_digits = *code;
    as_digits[8] = value;
    let as_digits: [u8; 12] = digits(&as_digits)?;
    let (serial, date) = (number(&as_digits[9..11]), *as_digits.first_chunk()?);
    let fits = (6..=89).contains(&serial) && luhn(&as_digits[2..]) && is_date(date, today);
    fits.then_some("reserve-vastra-gotaland")
}

/// `YYYYMMxxNNNC`: xx is 32 to 59 in the place of the day, C the Luhn digit.
fn inera(code: &[u8; 12]) -> Option<&'static str> {
    let digits: [u8; 12] = digits(code)?;
    let fits = matches!(two(&digits[..2]), 19 | 20)
        && (1..=12).contains(&number(&digits[4..6]))
        && (32..=59).contains(&number(&digits[6..8]))
        && luhn(&digits[2..]);
    fits.then_some("reserve-inera")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 21);

    type Check = fn(&str, Date, &mut String) -> Option<&'static str>;

    fn checked(check: Check, text: &str) -> Option<(&'static str, String)> {
        let mut normal = String::new();
        check(text, TODAY, &mut normal).map(|kind| (kind, normal))
    }

    #[test]
    fn ineras_examples_pass() {
        for (text, kind) in [
            ("991981000010", "reserve-stockholm"),
            ("991945000023", "reserve-stockholm"),
            ("991993000032", "reserve-stockholm"),
            ("19810829M071", "reserve-vastra-gotaland"),
            ("19450829K088", "reserve-vastra-gotaland"),
            ("19930829X802", "reserve-vastra-gotaland"),
            ("198108320014", "reserve-inera"),
        ] {
            assert_eq!(checked(check, text), Some((kind, text.to_owned())), "{text}");
            assert_eq!(checked(check, &format!("{}-{}", &text[..8], &text[8..])), Some((kind, text.to_owned())));
        }
        for text in ["19810829SU3A", "19450829SF2B", "19930829SX0C"] {
            assert_eq!(checked(regional, text), Some(("reserve-regional", text.to_owned())), "{text}");
        }
    }

    #[test]
    fn the_national_number_has_its_structure() {
        for text in ["22640823AB12", "22640823-AB12", "23010203AB12", "97640823abx2", "00002040AB12"] {
            assert_eq!(checked(check, text).map(|(kind, _)| kind), Some("reserve-national"), "{text}");
        }
        for text in [
            "19640823AB12",
            "21640823AB12",
            "24640823AB12",
            "22641323AB12",
            "22640823AI12",
            "22640823A112",
            "22640823AB1X",
            "00001240AB12",
            "23990203AB12",
        ] {
            assert_eq!(checked(check, text), None, "{text}");
        }
    }

    #[test]
    fn an_interim_numbers_letter_counts_as_one() {
        // 640823123 has the check digit 8.
        for text in ["640823-T238", "640823T238", "19640823-T238", "19640823t238", "640823 X238"] {
            let letter = if text.contains('X') { 'X' } else { 'T' };
            assert_eq!(checked(interim, text), Some(("interim", format!("19640823{letter}238"))), "{text}");
        }
        for text in
            ["640823-T239", "640823-A238", "640883-T238", "640823-2T38", "640823-TT38", "T640823238", "640823-1234", ""]
        {
            assert_eq!(checked(interim, text), None, "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["991981000011", "990081000010", "19810829M072", "198108320015", "198113320014", "19640823238å", ""]
        {
            assert_eq!(checked(check, text), None, "{text}");
        }
        for text in ["196408232392", "19641323AB12", "18640823AB1", "20300101AB12"] {
            assert_eq!(checked(regional, text), None, "{text}");
        }
    }
}
