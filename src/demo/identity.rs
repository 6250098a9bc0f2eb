//! Made-up identifiers that can belong to nobody: personal numbers from Skatteverket's test series, phones from PTS's
//! series for fiction, addresses of RFC 5737 and RFC 3849, and bank numbers whose check digits hold.
//!
//! Their written forms stand here too, since old and new modules write the same number differently.

use super::dates::Date;
use super::rng::Rng;

/// The three digits after the birth date in Skatteverket's test numbers, but 982 (women) and 983 (men), which are
/// left to the known people.
const TEST_SERIALS: [u32; 14] = [238, 239, 920, 921, 922, 923, 924, 925, 926, 927, 928, 929, 980, 981];
const FIRST_BIRTH: Date = Date::new(1919, 1, 1);
/// Days from the first birth date on, up to the end of 2015: seniors over 100 and children.
const BIRTH_DAYS: u32 = 35_400;

/// The check digit by the Luhn formula (ISO/IEC 7812-1) of the digits before it.
pub(super) fn luhn(digits: &str) -> u32 {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let doubled = u32::from(byte - b'0') * if place % 2 == 0 { 2 } else { 1 };
            doubled / 10 + doubled % 10
        })
        .sum();
    (10 - sum % 10) % 10
}

/// A personal or coordination number, kept as birth date and the last four digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PersonalNumber {
    pub(super) birth: Date,
    /// Birth date with 60 added to the day in a coordination number, eight digits.
    date: String,
    last: String,
}

impl PersonalNumber {
    /// The `n`-th number of the crowd. Distinct for 495,600 numbers in a row; a bigger database repeats some.
    pub(super) fn nth(n: u32, coordination: bool) -> Self {
        let serials = 14;
        // A stride without a common factor walks every pair of date and serial once.
        let place = u64::from(n) * 104_729 % u64::from(BIRTH_DAYS * serials);
        let place = u32::try_from(place).expect("below the number of pairs");
        Self::new(FIRST_BIRTH.plus(place / serials), TEST_SERIALS[(place % serials) as usize], coordination)
    }

    pub(super) fn new(birth: Date, serial: u32, coordination: bool) -> Self {
        let day = birth.day + if coordination { 60 } else { 0 };
        let date = format!("{:04}{:02}{:02}", birth.year, birth.month, day);
        let check = luhn(&format!("{}{serial:03}", &date[2..]));
        Self { birth, last: format!("{serial:03}{check}"), date }
    }

    /// The ninth of ten digits is even for women.
    pub(super) fn is_woman(&self) -> bool {
        self.last.as_bytes()[2].is_multiple_of(2)
    }

    /// `YYYYMMDDNNNC`, the form of the population register.
    pub(super) fn twelve(&self) -> String {
        format!("{}{}", self.date, self.last)
    }

    /// `YYMMDD-NNNC`, or with `+` from the year the person turns 100.
    pub(super) fn dashed(&self, year_now: u32) -> String {
        let sign = if year_now >= self.birth.year + 100 { '+' } else { '-' };
        format!("{}{sign}{}", &self.date[2..], self.last)
    }

    /// One of the forms found in practice.
    pub(super) fn form(&self, rng: &mut Rng, year_now: u32) -> String {
        match rng.below(10) {
            0..=4 => self.dashed(year_now),
            5 => format!("{}{}", &self.date[2..], self.last),
            6 | 7 => format!("{}-{}", self.date, self.last),
            8 => format!("{} {}", &self.date[2..], self.last),
            _ => self.twelve(),
        }
    }
}

/// A phone number of PTS's series for fiction: area code with its zero, and subscriber number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Phone {
    area: &'static str,
    number: u32,
}

impl Phone {
    /// A mobile number. The last ones, 070-174 06 95 to 99, are kept for [`Phone::reserved`].
    pub(super) fn mobile(rng: &mut Rng) -> Self {
        Self { area: "070", number: rng.between(1_740_605, 1_740_694) }
    }

    /// A mobile number that nobody else in the database has; `n` is below 5.
    pub(super) const fn reserved(n: u32) -> Self {
        Self { area: "070", number: 1_740_695 + n }
    }

    pub(super) fn landline(rng: &mut Rng) -> Self {
        let series = [("08", 46_500_400), ("031", 3_900_600), ("040", 6_280_400), ("0980", 319_200)];
        let (area, first) = *rng.pick(&series);
        Self { area, number: first + rng.below(100) }
    }

    /// `070-174 06 05`, grouped as in Swedish phone books.
    pub(super) fn plain(self) -> String {
        format!("{}-{}", self.area, self.grouped())
    }

    fn grouped(self) -> String {
        let digits = self.number.to_string();
        match digits.len() {
            8 => format!("{} {} {}", &digits[..3], &digits[3..6], &digits[6..]),
            7 => format!("{} {} {}", &digits[..3], &digits[3..5], &digits[5..]),
            _ => format!("{} {}", &digits[..3], &digits[3..]),
        }
    }

    /// One of the forms found in practice.
    pub(super) fn form(self, rng: &mut Rng) -> String {
        let Self { area, number } = self;
        match rng.below(10) {
            0..=4 => self.plain(),
            5 | 6 => format!("{area}{number}"),
            7 => format!("{area}-{number}"),
            8 => format!("+46{}{number}", &area[1..]),
            _ => format!("+46 (0){} {}", &area[1..], self.grouped()),
        }
    }
}

/// `NNNNNN-NNNC` with the third digit of at least 2; group 8 for associations, 5 for companies.
pub(super) fn organisation_number(rng: &mut Rng, group: u32) -> String {
    let body = format!("{group}{}{}{:06}", rng.between(0, 9), rng.between(2, 9), rng.below(1_000_000));
    format!("{}-{}{}", &body[..6], &body[6..], luhn(&body))
}

/// A payment reference of ten digits: number, length modulo ten, check digit. From 400,000 to 999,999 none is a date.
pub(super) fn ocr(number: u32) -> String {
    let body = format!("{number:08}0");
    format!("{body}{}", luhn(&body))
}

/// `NNNN-NNNC`, obviously made up: the numbers start with 0.
pub(super) fn bankgiro(rng: &mut Rng) -> String {
    let body = format!("0{:06}", rng.below(1_000_000));
    format!("{}-{}{}", &body[..4], &body[4..], luhn(&body))
}

/// An account of bank 999, which no bank has; the check digits are those of ISO 13616 (remainder 98 - n mod 97).
pub(super) fn iban(rng: &mut Rng) -> String {
    let bban = format!("999{:017}", rng.next() % 10_000_000_000);
    let remainder = format!("{bban}281400").bytes().fold(0, |rest, byte| (rest * 10 + u32::from(byte - b'0')) % 97);
    format!("SE{:02}{bban}", 98 - remainder)
}

/// Clearing number and account number as people write them.
pub(super) fn account(rng: &mut Rng) -> String {
    format!("9990-{:03} {:03} {}", rng.below(1000), rng.below(1000), rng.below(10))
}

/// An address of the blocks kept for documentation.
pub(super) fn ip(rng: &mut Rng) -> String {
    match rng.below(10) {
        0..=2 => format!("192.0.2.{}", rng.below(256)),
        3..=5 => format!("198.51.100.{}", rng.below(256)),
        6..=7 => format!("203.0.113.{}", rng.below(256)),
        _ => format!("2001:db8:{:x}::{:x}", rng.below(0xffff), rng.between(1, 0xffff)),
    }
}

/// A plate number: three letters, two digits and a digit or letter.
pub(super) fn plate(rng: &mut Rng) -> String {
    let letters: Vec<char> = "ABCDEFGHJKLMNOPRSTUWXYZ".chars().collect();
    let last = if rng.chance(50) { *rng.pick(&letters) } else { '7' };
    format!("{}{}{}{:02}{last}", rng.pick(&letters), rng.pick(&letters), rng.pick(&letters), rng.below(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digit_as_worked_out_by_hand() {
        // By hand: 9 0 0 1 0 1 2 3 8 doubled at every other place gives 9+0+0+1+0+1+4+3+7 = 25.
        assert_eq!(luhn("900101238"), 5);
    }

    #[test]
    fn senior_has_a_plus_and_coordination_adds_sixty() {
        let senior = PersonalNumber::new(Date::new(1921, 3, 9), 239, false);
        assert_eq!(&senior.dashed(2026)[..7], "210309+");
        let guest = PersonalNumber::new(Date::new(1990, 1, 31), 980, true);
        assert_eq!(&guest.twelve()[..8], "19900191");
    }

    #[test]
    fn numbers_do_not_repeat() {
        let all: std::collections::BTreeSet<String> =
            (0..5000).map(|n| PersonalNumber::nth(n, false).twelve()).collect();
        assert_eq!(all.len(), 5000);
    }

    #[test]
    fn iban_leaves_remainder_one() {
        let iban = iban(&mut Rng::new(3));
        let turned = format!("{}2814{}", &iban[4..], &iban[2..4]);
        let rest = turned.bytes().fold(0, |rest, byte| (rest * 10 + u32::from(byte - b'0')) % 97);
        assert_eq!((iban.len(), rest), (24, 1));
    }
}
