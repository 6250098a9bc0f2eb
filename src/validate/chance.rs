//! The chance rates that rules state, measured: how many random texts of a shape pass the rule's patterns and validator.

use super::tests::TODAY;
use crate::rule::{Matcher, RuleSet};

/// Random numbers that are the same in every run (Knuth's MMIX generator).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    /// A text of a shape: `#` any digit, `@` any capital, `&` digit or capital, other characters themselves.
    fn text(&mut self, shape: &str) -> String {
        const ANY: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let character = |c| match c {
            '#' => char::from(ANY[self.below(10)]),
            '@' => char::from(ANY[10 + self.below(26)]),
            '&' => char::from(ANY[self.below(36)]),
            _ => c,
        };
        shape.chars().map(character).collect()
    }
}

/// Rules whose chance rate is arithmetic, with the shapes of unrelated values.
const RULES: &[(&str, &[&str])] = &[
    ("se-personnummer", &["######-####", "###### ####"]),
    ("se-personnummer-compact", &["##########"]),
    ("se-personnummer-short", &["1########", "2########", "5#######", "8########"]),
    ("se-vat-personnummer", &["SE##########01"]),
    ("se-account-personnummer", &["3300##########", "3782-######-####"]),
    ("se-interim-number", &["######-T###", "######X###"]),
    ("se-reserve-number", &["22######AB##", "19######K###", "9919########", "19####3#####"]),
    ("no-fodselsnummer", &["###########"]),
    ("dk-cpr", &["######-####"]),
    ("dk-cpr-compact", &["##########"]),
    ("dk-cpr-replacement", &["##########", "######-####"]),
    ("fi-henkilotunnus", &["######-###&", "######A###&"]),
    ("is-kennitala", &["##########"]),
    ("ee-isikukood", &["###########"]),
    ("se-organisationsnummer", &["##########", "######-####"]),
    ("is-kennitala-entity", &["##########"]),
    ("se-vat-number", &["SE##########01"]),
    ("iban", &["SE######################", "NO#############", "DE####################"]),
    (
        "card-number",
        &[
            "2###############",
            "3###############",
            "4###############",
            "5###############",
            "6###############",
            "8###############",
        ],
    ),
    ("se-bankgiro", &["###-####", "####-####"]),
    ("se-bankgiro-compact", &["#######", "########"]),
    ("se-plusgiro-compact", &["#####", "########"]),
    ("se-plusgiro", &["1## ##-#", "1###-#", "1# ## ##-#"]),
    ("se-account-number", &["####-#######", "####-########", "####-#########", "####-##########"]),
    ("se-account-unlisted", &["9###-#######", "9###-##########"]),
    ("se-account-alone", &["########", "#########", "##########"]),
    (
        "device-imei",
        &[
            "00#############",
            "35#############",
            "86#############",
            "20#############",
            "60#############",
            "70#############",
            "80#############",
            "90#############",
            "15#############",
            "25#############",
            "40#############",
            "42#############",
            "46#############",
            "62#############",
            "65#############",
            "72#############",
            "77#############",
            "82#############",
            "99#############",
        ],
    ),
    ("se-driving-licence", &["######-####"]),
    ("phone-machine", &["###########"]),
    ("phone-short", &["#########"]),
    ("phone-compact", &["##########"]),
    ("se-postal-code", &["#####"]),
];

#[test]
fn stated_chance_rates_are_the_measured_ones() {
    const TRIES: u32 = 100_000;
    let set = RuleSet::built_in();
    let mut wrong = Vec::new();
    for (id, shapes) in RULES {
        let rule = set.rules.iter().find(|rule| rule.id == *id).expect("a built-in rule");
        let validator = rule.validator.expect("a rule with a validator");
        let Matcher::Patterns(patterns) = &rule.matcher else { panic!("{id} has no patterns") };
        let whole = |pattern: &String| regex::Regex::new(&format!("^(?:{pattern})$")).expect("a pattern of a rule");
        let patterns: Vec<regex::Regex> = patterns.iter().map(whole).collect();
        let country = rule.country.as_deref().unwrap_or("SE");
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let mut normal = String::new();
        let mut passed = 0_u32;
        for number in 0..TRIES {
            let text = random.text(shapes[number as usize % shapes.len()]);
            normal.clear();
            let found = patterns.iter().find_map(|pattern| pattern.captures(&text));
            let hit = found.and_then(|groups| groups.get(1).or_else(|| groups.get(0)));
            let holds = |hit: regex::Match<'_>| validator.check_in(country, hit.as_str(), TODAY, &mut normal).is_some();
            passed += u32::from(hit.is_some_and(holds));
        }
        let measured = f64::from(passed) / f64::from(TRIES);
        // A tenth, and five standard deviations of the measurement itself.
        let tolerance = rule.chance_rate / 10.0 + 5.0 * (measured / f64::from(TRIES)).sqrt();
        if (measured - rule.chance_rate).abs() > tolerance {
            wrong.push(format!("{id}: measured {measured:.5}, stated {}", rule.chance_rate));
        }
    }
    assert_eq!(wrong, [] as [&str; 0]);
}
