//! Swedish account numbers: with their clearing number in front, checked as the bank does; and alone. Which bank checks
//! how stands in `bank`.

use super::bank::{self, Check};
use super::digits::{is_dash, is_space, luhn, number, push};

/// Checks a clearing and account number; the normal form is the clearing number's four digits, a hyphen, and the
/// account's digits without filling zeros.
pub(super) fn check(text: &str, normal: &mut String) -> Option<&'static str> {
    let (digits, split) = read(text)?;
    let clearing: [u8; 4] = *digits.first_chunk()?;
    let name = u16::try_from(number(&clearing)).ok()?;
    let bank = bank::of(name)?;
    let fits = |account: &&[u8]| bank.passes(clearing, account);
    // Swedbank's clearing numbers have a check digit of their own, which is written or not.
    let four = Some(&digits[4..]).filter(fits);
    let fifth = digits.get(5..).filter(|_| bank::has_fifth_digit(name) && luhn(&digits[..5])).filter(fits);
    let account = if split == Some(4) { four.or(fifth) } else { fifth.or(four) }?;
    let zeros = match bank {
        Check::UpToTen => account.iter().take_while(|digit| **digit == 0).count(),
        _ => 0,
    };
    // Nothing but zeros passes every check.
    if account.iter().all(|digit| *digit == 0) {
        return None;
    }
    push(&clearing, normal);
    normal.push('-');
    push(&account[zeros.min(account.len() - 2)..], normal);
    Some("account")
}

/// Checks the form of an account of a bank that is not in the list, which is always behind: new banks get clearing
/// numbers from 9000 on. There is nothing to compute. The normal form is that of [`check`].
pub(super) fn unlisted(text: &str, normal: &mut String) -> Option<&'static str> {
    let (digits, _) = read(text)?;
    let (clearing, account) = digits.split_first_chunk::<4>()?;
    let name = u16::try_from(number(clearing)).ok()?;
    if !(9000..=9999).contains(&name) || bank::of(name).is_some() || !(7..=10).contains(&account.len()) {
        return None;
    }
    push(clearing, normal);
    normal.push('-');
    push(account, normal);
    Some("account-unchecked")
}

/// Checks an account number without its clearing number, of eight to ten digits: those of type 2 carry a check digit
/// of their own, those of type 1 can't be told without the bank. The normal form is the digits.
pub(super) fn alone(text: &str, normal: &mut String) -> Option<&'static str> {
    let (digits, _) = read(text)?;
    let checks: &[Check] = match digits.len() {
        8 => &[Check::UpToTen, Check::Nine],
        9 => &[Check::Nine, Check::UpToTen],
        10 => &[Check::Ten],
        _ => return None,
    };
    if digits.iter().all(|digit| *digit == 0) || !checks.iter().any(|check| check.passes([0; 4], &digits)) {
        return None;
    }
    push(&digits, normal);
    Some("account-alone")
}

/// At most fifteen digits and how many stand before the first separator; `None` where anything else stands there.
fn read(text: &str) -> Option<(Vec<u8>, Option<usize>)> {
    let mut digits = Vec::with_capacity(15);
    let mut split = None;
    for character in text.trim().chars() {
        if let Some(digit) = character.to_digit(10) {
            digits.push(u8::try_from(digit).ok()?);
        } else if !digits.is_empty() && (is_space(character) || is_dash(character) || matches!(character, ',' | '.')) {
            split.get_or_insert(digits.len());
        } else {
            return None;
        }
    }
    (digits.len() <= 15).then_some((digits, split))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Option<String> {
        let mut normal = String::new();
        check(text, &mut normal).map(|_| normal)
    }

    #[test]
    fn an_account_of_each_kind_passes() {
        for (text, normal) in [
            // 9420-4172385 is a published example; the others follow from the manual's weights.
            ("5000-0000 108", "5000-0000108"),
            ("9420, 417 23 85", "9420-4172385"),
            ("4000-0000 015", "4000-0000015"),
            ("9180-1234567897", "9180-1234567897"),
            ("6000-123 456 789", "6000-123456789"),
            ("8327-9, 123 456 789-7", "8327-1234567897"),
            ("3300-640823 2392", "3300-6408232392"),
            ("9960-2865434", "9960-2865434"),
        ] {
            assert_eq!(checked(text).as_deref(), Some(normal), "{text}");
        }
    }

    #[test]
    fn swedbanks_fifth_digit_may_be_left_out() {
        for text in
            ["8327-9, 1234567897", "8327-91234567897", "832791234567897", "8327-1234567897", "8327 9 123.456.789-7"]
        {
            assert_eq!(checked(text).as_deref(), Some("8327-1234567897"), "{text}");
        }
    }

    #[test]
    fn what_no_bank_has_is_refused() {
        for text in [
            "1000-1234567",
            "9990-1234567",
            "5000-0000109",
            "5000-00001080",
            "6000-12345",
            "8327-0000000000",
            "a6000-1234567",
            "5000",
            "",
        ] {
            assert_eq!(checked(text), None, "{text}");
        }
    }

    #[test]
    fn a_bank_that_is_not_listed_is_judged_by_form() {
        let unlisted = |text: &str| {
            let mut normal = String::new();
            unlisted(text, &mut normal).map(|_| normal)
        };
        assert_eq!(unlisted("9990-123 456 7").as_deref(), Some("9990-1234567"));
        for text in ["9150-123 456 2", "2100-1234567", "9990-123456", "9990-12345678901", "999"] {
            assert_eq!(unlisted(text), None, "{text}");
        }
    }

    #[test]
    fn an_account_alone_needs_its_own_check_digit() {
        let alone = |text: &str| alone(text, &mut String::new());
        assert_eq!(alone("123 456 789-7"), Some("account-alone"));
        assert_eq!(alone("123 456 789"), Some("account-alone"));
        for text in ["1234567898", "1234567", "12345678901", "00000000", "konto", ""] {
            assert_eq!(alone(text), None, "{text}");
        }
    }
}
