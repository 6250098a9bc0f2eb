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
    fn every_sepa_country_and_its_neighbours_are_known() {
        // Examples of the SWIFT IBAN registry; the first 37 are the countries of SEPA of 2024.
        for text in [
            "AD1200012030200359100100",
            "AT611904300234573201",
            "BE68539007547034",
            "BG80BNBG96611020345678",
            "CH9300762011623852957",
            "CY17002001280000001200527600",
            "CZ6508000000192000145399",
            "DE89370400440532013000",
            "DK5000400440116243",
            "EE382200221020145685",
            "ES9121000418450200051332",
            "FI2112345600000785",
            "FR1420041010050500013M02606",
            "GB29NWBK60161331926819",
            "GI75NWBK000000007099453",
            "GR1601101250000000012300695",
            "HR1210010051863000160",
            "HU42117730161111101800000000",
            "IE29AIBK93115212345678",
            "IS140159260076545510730339",
            "IT60X0542811101000000123456",
            "LI21088100002324013AA",
            "LT121000011101001000",
            "LU280019400644750000",
            "LV80BANK0000435195001",
            "MC5811222000010123456789030",
            "MT84MALT011000012345MTLCAST001S",
            "NL91ABNA0417164300",
            "NO9386011117947",
            "PL61109010140000071219812874",
            "PT50000201231234567890154",
            "RO49AAAA1B31007593840000",
            "SE4550000000058398257466",
            "SI56263300012039086",
            "SK3112000000198742637541",
            "SM86U0322509800000000270100",
            "VA59001123000012345678",
            "AL47212110090000000235698741",
            "BA391290079401028494",
            "ME25505000012345678951",
            "MK07250120000058984",
            "RS35260005601001611379",
            "MD24AG000225100013104168",
            "UA213223130000026007233566001",
            "TR330006100519786457841326",
            "GE29NB0000000101904917",
            "FO6264600001631634",
            "GL8964710001000206",
            "XK051212012345678906",
        ] {
            assert_eq!(checked(text).as_deref(), Some(text), "{text}");
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
