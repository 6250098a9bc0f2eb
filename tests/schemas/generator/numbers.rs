//! Numbers that mean a person, a company, an account or a thing, with their check digits worked out here.
//!
//! Personal numbers are of Skatteverket's test series only; `hygiene` keeps the other numbers from looking like any other.

use super::fill::{Def, text};
use super::people::{Person, TODAY, company};
use super::rng::Rng;

/// The three digits after the birth date in Skatteverket's test numbers.
pub(crate) const TEST_SERIES: &[&str] =
    &["238", "239", "920", "921", "922", "923", "924", "925", "926", "927", "928", "929", "980", "981", "982", "983"];

/// The digit that makes `digits` and it pass the Luhn test.
pub(crate) fn luhn(digits: &str) -> char {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let doubled = u32::from(byte - b'0') * if place % 2 == 0 { 2 } else { 1 };
            doubled / 10 + doubled % 10
        })
        .sum();
    char::from_digit((10 - sum % 10) % 10, 10).expect("below ten")
}

fn with_luhn(digits: String) -> String {
    let check = luhn(&digits);
    digits + &check.to_string()
}

/// Sum of digits times weights, the last digit with the last weight.
fn weighted(digits: &str, weights: &[u32]) -> u32 {
    let skipped = weights.len() - digits.len();
    digits.bytes().zip(&weights[skipped..]).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum()
}

/// The parts of a personal number as they are written.
struct Written {
    century: String,
    date: String,
    end: String,
}

fn written(person: &Person, coordination: bool) -> Written {
    let day = person.birth.day() + if coordination { 60 } else { 0 };
    let date = format!("{}{day:02}", person.birth.strftime("%y%m"));
    let check = luhn(&format!("{date}{}", person.serial));
    Written { century: format!("{:02}", person.birth.year() / 100), date, end: format!("{}{check}", person.serial) }
}

impl Person {
    /// The number in one of ten written forms.
    pub(super) fn number(&self, form: usize) -> String {
        let Written { century, date, end } = written(self, self.coordination);
        match form % 10 {
            0 => format!("{date}-{end}"),
            1 => format!("{century}{date}{end}"),
            2 => format!("{century}{date}-{end}"),
            3 => format!("{date}{end}"),
            4 => format!("{date} {end}"),
            5 => format!("{century}{date} {end}"),
            6 => format!("{century}{date}–{end}"),
            7 => format!("{century}{date}- {end}"),
            8 => format!(" {date}-{end}"),
            _ => format!("{century}{date}{end}."),
        }
    }

    /// Twelve digits.
    pub(super) fn long_number(&self) -> String {
        self.number(1)
    }
}

/// A person of over a hundred years writes `+`.
fn centenarian(person: &Person) -> String {
    let mut old = person.clone();
    old.birth = TODAY.saturating_sub(jiff::Span::new().years(101).days(i64::from(person.birth.day()) * 60));
    let Written { date, end, .. } = written(&old, false);
    format!("{date}+{end}")
}

/// Norwegian: day, month + 80 (synthetic), year, individual number, two mod 11 digits.
fn norwegian(person: &Person, rng: &mut Rng) -> String {
    let month = person.birth.month() + 80;
    let head = format!("{:02}{month:02}{}", person.birth.day(), person.birth.strftime("%y"));
    loop {
        let nine = format!("{head}{}", rng.range(100, 499));
        let first = (11 - weighted(&nine, &[3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11) % 11;
        if first == 10 {
            continue;
        }
        let ten = format!("{nine}{first}");
        let second = (11 - weighted(&ten, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
        if second < 10 {
            return format!("{ten}{second}");
        }
    }
}

/// Finnish with a temporary individual number (900 to 999).
fn finnish(person: &Person, rng: &mut Rng) -> String {
    const CHECKS: &[u8] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    let date = person.birth.strftime("%d%m%y").to_string();
    let individual = rng.range(900, 999);
    let all: usize = format!("{date}{individual}").parse().expect("nine digits");
    let sign = if person.birth.year() >= 2000 { 'A' } else { '-' };
    format!("{date}{sign}{individual}{}", char::from(CHECKS[all % 31]))
}

/// Ten digits of a company; the third digit is at least 2.
pub(super) fn organisation(rng: &mut Rng) -> String {
    let head = format!("{}{}{}", rng.pick(&["55", "55", "76", "71", "80", "21"]), rng.range(20, 99), rng.digits(5));
    with_luhn(head)
}

fn dashed(ten: &str) -> String {
    format!("{}-{}", &ten[..6], &ten[6..])
}

/// A company's number, or (one in six) the personal number of a sole trader.
fn business(person: &Person, rng: &mut Rng, planted: usize) -> String {
    if planted % 6 == 1 { person.number(3) } else { organisation(rng) }
}

/// An IBAN of a bank that does not exist (bank id 999), or a published example.
fn iban(rng: &mut Rng) -> String {
    if rng.chance(10) {
        return rng.pick(&["SE3550000000054910000003", "DE89370400440532013000", "GB29NWBK60161331926819"]).to_owned();
    }
    let domestic = format!("999{}", rng.digits(17));
    // S = 28, E = 14, then two zeros for the check digits.
    let rest = format!("{domestic}281400").bytes().fold(0, |rest, byte| (rest * 10 + u32::from(byte - b'0')) % 97);
    format!("SE{:02}{domestic}", 98 - rest)
}

/// Clearing and account number with the check digits of three banks; the serial part begins with zeros.
fn account(rng: &mut Rng) -> (String, String) {
    match rng.below(3) {
        // Type 1: mod 11 over the clearing number's last three digits and the account number.
        0 => loop {
            let clearing = format!("5{}", rng.digits(3));
            let six = format!("00{}", rng.digits(4));
            let rest = weighted(&format!("{}{six}0", &clearing[1..]), &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11;
            if rest != 1 {
                return (clearing, format!("{six}{}", (11 - rest) % 11));
            }
        },
        // Type 2, mod 11 on nine digits.
        1 => loop {
            let eight = format!("000{}", rng.digits(5));
            let rest = weighted(&format!("{eight}0"), &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11;
            if rest != 1 {
                return (format!("6{}", rng.digits(3)), format!("{eight}{}", (11 - rest) % 11));
            }
        },
        _ => {
            let clearing = with_luhn(format!("8{}", rng.digits(3)));
            (format!("{}-{}", &clearing[..4], &clearing[4..]), with_luhn(format!("00{}", rng.digits(7))))
        }
    }
}

pub(super) fn plate(rng: &mut Rng) -> String {
    let letters = rng.string("ABCDEFGHJKLMNOPRSTUWXYZ", 3);
    format!("{letters}{}{}", rng.digits(2), rng.string("0123456789ABCDEFGHJKLMNPRSTUWXYZ", 1))
}

/// The schemes' published test numbers.
const CARDS: &[&str] = &[
    "4111111111111111",
    "4242424242424242",
    "4012888888881881",
    "5555555555554444",
    "5200828282828210",
    "378282246310005",
    "6011111111111117",
    "4000056655665556",
];

fn groups_of_four(digits: &str) -> String {
    let groups: Vec<&str> = (0..digits.len()).step_by(4).map(|at| &digits[at..digits.len().min(at + 4)]).collect();
    groups.join(" ")
}

pub(super) fn ocr(rng: &mut Rng, length: usize) -> String {
    with_luhn(format!("{}{}", rng.range(1, 9), rng.digits(length - 2)))
}

fn ean13(rng: &mut Rng, prefix: &str) -> String {
    let twelve = format!("{prefix}{}", rng.digits(12 - prefix.len()));
    let sum: u32 =
        twelve.bytes().zip([1, 3].into_iter().cycle()).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    format!("{twelve}{}", (10 - sum % 10) % 10)
}

const PNR: &[&str] = &["personal_number"];

/// Personal numbers in every written form.
pub(super) const PERSONAL: &[Def] = &[
    ("pnr10_dash", PNR, |row| text(row.person.number(0))),
    ("pnr12", PNR, |row| text(row.person.number(1))),
    ("pnr12_dash", PNR, |row| text(row.person.number(2))),
    ("pnr10", PNR, |row| text(row.person.number(3))),
    ("pnr10_space", PNR, |row| text(row.person.number(4))),
    ("pnr12_space", PNR, |row| text(row.person.number(5))),
    ("pnr_mixed", PNR, |row| text(row.person.number(row.planted))),
    ("pnr_plus", PNR, |row| {
        text(if row.planted.is_multiple_of(2) { centenarian(row.person) } else { row.person.number(0) })
    }),
    ("pnr_int", PNR, |row| row.person.number(1).parse::<i64>().expect("twelve digits").into()),
    // The zeros of those born 2000 to 2009 are lost.
    ("pnr_int10", PNR, |row| row.person.number(3).parse::<i64>().expect("ten digits").into()),
    ("pnr_real", PNR, |row| row.person.number(1).parse::<f64>().expect("twelve digits").into()),
    ("pnr_embedded", PNR, |row| {
        let Written { century, date, end } = written(row.person, false);
        text(format!("KU-{century}{date}-{end}-{:02}", row.rng.range(1, 12)))
    }),
    ("pnr_key", PNR, |row| text(format!("P{}", row.person.long_number()))),
    ("samnr12", PNR, |row| {
        let Written { century, date, end } = written(row.person, true);
        text(format!("{century}{date}{end}"))
    }),
    ("samnr10_dash", PNR, |row| {
        let Written { date, end, .. } = written(row.person, true);
        text(format!("{date}-{end}"))
    }),
    ("pnr_or_samnr", PNR, |row| {
        let Written { century, date, end } = written(row.person, row.planted.is_multiple_of(5));
        text(format!("{century}{date}-{end}"))
    }),
    // One in eight has a wrong check digit, as typed in by hand.
    ("pnr_sloppy", PNR, |row| {
        let right = row.person.number(0);
        if !row.planted.is_multiple_of(8) {
            return text(right);
        }
        let (head, check) = right.split_at(right.len() - 1);
        let wrong = (check.parse::<u32>().expect("a digit") + 3) % 10;
        text(format!("{head}{wrong}"))
    }),
    ("fnr_no", PNR, |row| text(norwegian(row.person, row.rng))),
    ("hetu_fi", PNR, |row| text(finnish(row.person, row.rng))),
    ("pnr_nordic", PNR, |row| match row.planted % 5 {
        0 => text(norwegian(row.person, row.rng)),
        1 => text(finnish(row.person, row.rng)),
        _ => text(row.person.long_number()),
    }),
];

/// Numbers of companies, accounts, vehicles and documents.
pub(super) const FILLS: &[Def] = &[
    ("orgnr_dash", &["organisation_number"], |row| text(dashed(&organisation(row.rng)))),
    ("orgnr10", &["organisation_number"], |row| text(organisation(row.rng))),
    ("orgnr16", &["organisation_number"], |row| text(format!("16{}", organisation(row.rng)))),
    ("vat_no", &["organisation_number"], |row| text(format!("SE{}01", organisation(row.rng)))),
    ("org_or_pnr", &["organisation_number", "personal_number"], |row| {
        let number = if row.person.company { organisation(row.rng) } else { row.person.number(3) };
        text(dashed(&number))
    }),
    ("org_or_pnr10", &["organisation_number", "personal_number"], |row| {
        text(business(row.person, row.rng, row.planted))
    }),
    ("vat_or_pnr", &["organisation_number", "personal_number"], |row| {
        text(format!("SE{}01", business(row.person, row.rng, row.planted)))
    }),
    ("iban", &["iban"], |row| text(iban(row.rng))),
    ("iban_spaced", &["iban"], |row| text(groups_of_four(&iban(row.rng)))),
    ("bank_account", &["bank_account"], |row| {
        let (clearing, account) = account(row.rng);
        text(format!("{clearing}, {account}"))
    }),
    ("account_only", &["bank_account"], |row| text(account(row.rng).1)),
    ("bankgiro", &["bank_account"], |row| {
        let seven = with_luhn(format!("5{}", row.rng.digits(5)));
        text(format!("{}-{}", &seven[..3], &seven[3..]))
    }),
    ("plusgiro", &["bank_account"], |row| {
        let seven = with_luhn(format!("4{}", row.rng.digits(5)));
        text(format!("{} {} {}-{}", &seven[..2], &seven[2..4], &seven[4..6], &seven[6..]))
    }),
    ("card", &["card_number"], |row| text(row.rng.pick(CARDS))),
    ("card_spaced", &["card_number"], |row| text(groups_of_four(row.rng.pick(CARDS)))),
    ("passport", &["passport_number"], |row| {
        if row.rng.chance(40) {
            return text(row.rng.digits(8));
        }
        text(format!("{}{}", row.rng.string("ABCDEFGHJKLMNPRSTUVXYZ", 2), row.rng.digits(7)))
    }),
    ("driving_licence", &["driving_licence"], |row| {
        text(format!("{}{}{}-{}", row.rng.digits(2), row.rng.range(13, 19), row.rng.digits(2), row.rng.digits(4)))
    }),
    ("plate", &["vehicle_registration"], |row| text(plate(row.rng))),
    ("plate_spaced", &["vehicle_registration"], |row| {
        let plate = plate(row.rng);
        text(format!("{} {}", &plate[..3], &plate[3..]))
    }),
    ("customer_no", &["customer_number"], |row| text(format!("K{}", 10_000 + row.number))),
    ("customer_int", &["customer_number"], |row| number(100_000, row.number)),
    ("member_no", &["customer_number"], |row| text(format!("M-{:06}", 2000 + row.number * 3))),
    ("employee_no", &["customer_number"], |row| text(format!("{:05}", 1200 + row.number))),
    ("patient_no", &["customer_number"], |row| text(format!("PAT{:07}", 40_000 + row.number * 7))),
    ("student_no", &["customer_number"], |row| text(format!("s{}", 230_000 + row.number))),
    ("card_loan", &["customer_number"], |row| text(format!("2{}", row.rng.digits(8)))),
    ("order_no", &[], |row| number(4_500_000_000, row.number * 3)),
    ("order_no10", &[], |row| text(format!("{}{}", row.rng.range(10, 99), row.rng.digits(8)))),
    ("invoice_no", &[], |row| text(format!("{}", 202_500_000 + row.number))),
    ("article_no", &[], |row| text(format!("{}-{}", row.rng.range(1000, 9999), row.rng.digits(4)))),
    ("article10", &[], |row| text(row.rng.digits(10))),
    ("ocr", &[], |row| {
        let length = 10 + row.rng.below(8);
        text(ocr(row.rng, length))
    }),
    ("ocr10", &[], |row| text(ocr(row.rng, 10))),
    ("ean", &[], |row| text(ean13(row.rng, "73"))),
    ("isbn", &[], |row| text(ean13(row.rng, "97891"))),
    ("company_code", &[], |row| text(format!("{}{}", company(row.rng)[..2].to_uppercase(), row.rng.digits(3)))),
    ("imei", &["device_id"], |row| text(with_luhn(format!("35{}", row.rng.digits(12))))),
];

fn number(base: i64, more: usize) -> rusqlite::types::Value {
    base.saturating_add_unsigned(u64::try_from(more).expect("a row number")).into()
}
