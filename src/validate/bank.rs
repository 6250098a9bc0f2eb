//! Swedish banks by clearing number: how long their account numbers are and how they are checked (Bankgirot, "Bankernas
//! kontonummeruppbyggnad", checked against two open implementations of it).

use super::digits::{luhn, weighted};

/// How a bank's account numbers are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// Type 1, comment 1: seven digits; modulus 11 over the clearing number's last three and the account.
    ClearingEnd,
    /// Type 1, comment 2: seven digits; modulus 11 over the whole clearing number and the account.
    Clearing,
    /// Type 2, comment 1: ten digits; Luhn.
    Ten,
    /// Type 2, comment 2: eight or nine digits; modulus 11.
    Nine,
    /// Type 2, comment 3: at most ten digits; Luhn.
    UpToTen,
}

use Check::{Clearing, ClearingEnd, Nine, Ten, UpToTen};

/// Clearing numbers from and to, in order.
const BANKS: &[(u16, u16, Check)] = &[
    (1100, 1399, ClearingEnd), // Nordea, Danske Bank
    (1400, 2099, ClearingEnd), // Nordea
    (2300, 2399, Clearing),    // Ålandsbanken
    (2400, 2499, ClearingEnd), // Danske Bank
    (3000, 3299, ClearingEnd), // Nordea
    (3300, 3300, Ten),         // Nordea, personkonto
    (3301, 3781, ClearingEnd), // Nordea, Länsförsäkringar
    (3782, 3782, Ten),         // Nordea, personkonto
    (3783, 3999, ClearingEnd), // Nordea
    (4000, 4999, Clearing),    // Nordea
    (5000, 5999, ClearingEnd), // SEB
    (6000, 6999, Nine),        // Handelsbanken
    (7000, 7999, ClearingEnd), // Swedbank
    (8000, 8999, UpToTen),     // Swedbank and savings banks
    (9020, 9029, Clearing),    // Länsförsäkringar
    (9040, 9049, Clearing),    // Citibank
    (9060, 9069, ClearingEnd), // Länsförsäkringar
    (9070, 9079, ClearingEnd), // Multitude
    (9100, 9109, Clearing),    // Nordnet
    (9120, 9124, ClearingEnd), // SEB
    (9130, 9149, ClearingEnd), // SEB
    (9150, 9169, Clearing),    // Skandia
    (9170, 9179, ClearingEnd), // Ikano
    (9180, 9189, Ten),         // Danske Bank
    (9190, 9199, Clearing),    // DNB
    (9230, 9239, ClearingEnd), // Marginalen
    (9250, 9259, ClearingEnd), // SBAB
    (9260, 9269, Clearing),    // DNB
    (9270, 9279, ClearingEnd), // ICA
    (9280, 9289, ClearingEnd), // Resurs
    (9300, 9349, Ten),         // Swedbank, formerly Sparbanken Öresund
    (9390, 9399, Clearing),    // Landshypotek
    (9400, 9449, ClearingEnd), // Forex (closed; from memory)
    (9460, 9469, ClearingEnd), // Santander
    (9470, 9479, Clearing),    // BNP Paribas
    (9500, 9549, UpToTen),     // Plusgirot
    (9550, 9569, Clearing),    // Avanza
    (9570, 9579, Ten),         // Sparbanken Syd
    (9580, 9589, ClearingEnd), // Aion
    (9590, 9599, Clearing),    // Erik Penser
    (9630, 9639, ClearingEnd), // Lån & Spar
    (9640, 9679, Clearing),    // Nordax, MedMera (from memory), Svea, JAK
    (9680, 9689, ClearingEnd), // BlueStep
    (9700, 9719, Clearing),    // Ekobanken, Lunar
    (9750, 9759, Clearing),    // Northmill
    (9780, 9789, Clearing),    // Klarna
    (9880, 9889, Clearing),    // Riksgälden
    (9890, 9899, Ten),         // Riksgälden
    (9960, 9969, UpToTen),     // Plusgirot
];

/// The check of the bank that a clearing number of four digits belongs to.
pub(super) fn of(clearing: u16) -> Option<Check> {
    let place = BANKS.partition_point(|(_, last, _)| *last < clearing);
    BANKS.get(place).filter(|(first, _, _)| *first <= clearing).map(|(_, _, check)| *check)
}

/// Whether the clearing number has a fifth digit in some writings.
pub(super) const fn has_fifth_digit(clearing: u16) -> bool {
    matches!(clearing, 8000..=8999)
}

impl Check {
    /// Whether an account number is one of the bank's.
    pub(super) fn passes(self, clearing: [u8; 4], account: &[u8]) -> bool {
        const WEIGHTS: [u32; 11] = [1, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
        let eleven = |sum: u32| sum.is_multiple_of(11);
        match self {
            ClearingEnd => {
                account.len() == 7 && eleven(weighted(&clearing[1..], &WEIGHTS[1..]) + weighted(account, &WEIGHTS[4..]))
            }
            Clearing => account.len() == 7 && eleven(weighted(&clearing, &WEIGHTS) + weighted(account, &WEIGHTS[4..])),
            Ten => account.len() == 10 && luhn(account),
            Nine => matches!(account.len(), 8 | 9) && eleven(weighted(account, &WEIGHTS[11 - account.len()..])),
            UpToTen => (2..=10).contains(&account.len()) && luhn(account),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_stand_in_order_and_apart() {
        assert!(BANKS.iter().all(|(first, last, _)| first <= last));
        assert!(BANKS.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }

    #[test]
    fn clearing_numbers_are_looked_up() {
        for (clearing, check) in [
            (1199, Some(ClearingEnd)),
            (3300, Some(Ten)),
            (3299, Some(ClearingEnd)),
            (3301, Some(ClearingEnd)),
            (4999, Some(Clearing)),
            (6000, Some(Nine)),
            (9969, Some(UpToTen)),
            (1000, None),
            (2100, None),
            (9990, None),
        ] {
            assert_eq!(of(clearing), check, "{clearing}");
        }
    }

    #[test]
    fn random_accounts_pass_at_the_rate_of_the_modulus() {
        let clearing = [5, 1, 2, 3];
        for (check, length, expected) in [
            (ClearingEnd, 7, 1.0 / 11.0),
            (Clearing, 7, 1.0 / 11.0),
            (Ten, 10, 0.1),
            (Nine, 9, 1.0 / 11.0),
            (UpToTen, 10, 0.1),
        ] {
            // Every 9,973rd number of the length: a prime, so that no digit is left out.
            let numbers = (0..20_000_u64)
                .map(|step| format!("{:0width$}", step * 9973 % 10_u64.pow(length), width = length as usize));
            let digits = numbers.map(|number| number.bytes().map(|byte| byte - b'0').collect::<Vec<u8>>());
            let passed = digits.filter(|account| check.passes(clearing, account)).count();
            assert!((passed as f64 / 20_000.0 - expected).abs() < 0.01, "{check:?}: {passed}");
        }
    }
}
