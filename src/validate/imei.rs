//! IMEI of a phone or modem (3GPP TS 23.003, section 6.2.1 and annex B): fifteen digits, the last by Luhn's formula.

use super::digits::{luhn, push};

/// Checks; the normal form is the fifteen digits.
pub(super) fn check(text: &str, normal: &mut String) -> Option<&'static str> {
    let mut digits = [0; 15];
    let mut length = 0;
    for byte in text.bytes().filter(|byte| *byte != b'-') {
        *digits.get_mut(length)? = byte.is_ascii_digit().then_some(byte & 0x0f)?;
        length += 1;
    }
    if length != digits.len() || digits == [0; 15] || !luhn(&digits) {
        return None;
    }
    push(&digits, normal);
    Some("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_pass_and_others_do_not() {
        let normal = |text: &str| {
            let mut normal = String::new();
            check(text, &mut normal).map(|_| normal)
        };
        assert_eq!(normal("490154203237518").as_deref(), Some("490154203237518"));
        assert_eq!(normal("35-209900-176148-1").as_deref(), Some("352099001761481"));
        for text in ["490154203237519", "49015420323751", "4901542032375180", "000000000000000", "49015420323751x", ""]
        {
            assert_eq!(normal(text), None, "{text}");
        }
    }
}
