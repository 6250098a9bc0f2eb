//! Overlapping hits in one cell: which stay.
//!
//! Two hits of one category never overlap, and hits of two categories nest or stand apart. Where they do otherwise the
//! strongest stays: a whole cell that passed a check, then the more certain one, then the longer, then the one whose rule
//! comes first. A number inside a longer number that passed a check (the account inside an IBAN) is part of it and goes
//! too, and so does the name that a street bears (`Hjalmar Lundboms väg 118`).

use std::cmp::Ordering;

use super::Hit;
use crate::finding::Category;
use crate::rule::RuleSet;

/// Keeps the strongest hit, then the strongest of those that do not conflict with it, and so on: what stays does not
/// depend on the order in which hits are met. `hits` are sorted by cell and start and stay so.
pub(super) fn resolve(rules: &RuleSet, hits: &mut Vec<Hit>) {
    let mut kept = vec![true; hits.len()];
    let mut first = 0;
    while first < hits.len() {
        let end = first + cluster(&hits[first..]);
        if end - first > 1 {
            resolve_cluster(rules, &hits[first..end], &mut kept[first..end]);
        }
        first = end;
    }
    let mut kept = kept.into_iter();
    hits.retain(|_| kept.next().unwrap_or(true));
}

/// How many of the first hits hang together, each overlapping one before it.
fn cluster(hits: &[Hit]) -> usize {
    let mut end = 0;
    let connected = |hit: &&Hit| {
        let joins = hit.cell == hits[0].cell && (hit.start < end || end == 0);
        end = end.max(hit.end);
        joins
    };
    hits.iter().take_while(connected).count()
}

fn resolve_cluster(rules: &RuleSet, hits: &[Hit], kept: &mut [bool]) {
    // A hit reaches only hits that begin within the longest one's length before it.
    let longest = hits.iter().map(|hit| hit.end - hit.start).max().unwrap_or(0);
    let mut order: Vec<usize> = (0..hits.len()).collect();
    order.sort_unstable_by(|a, b| stronger_first(rules, &hits[*a], &hits[*b]));
    kept.fill(false);
    let names_a_street = |name: &Hit| {
        category(rules, name) == Category::PersonName
            && hits.iter().any(|other| category(rules, other) == Category::PostalAddress && begins_with(other, name))
    };
    for index in order {
        let hit = &hits[index];
        if names_a_street(hit) {
            continue;
        }
        let before = (0..index).rev().take_while(|other| hits[*other].start + longest > hit.start);
        let after = (index + 1..hits.len()).take_while(|other| hits[*other].start < hit.end);
        let beaten = |other: usize| kept[other] && conflict(rules, &hits[index.min(other)], &hits[index.max(other)]);
        kept[index] = !before.chain(after).any(beaten);
    }
}

fn category(rules: &RuleSet, hit: &Hit) -> Category {
    rules.rules[usize::from(hit.rule)].category
}

/// Whether `part` is the beginning of `whole` and not all of it.
fn begins_with(whole: &Hit, part: &Hit) -> bool {
    whole.start == part.start && part.end < whole.end
}

/// `a` begins first, or both at once.
fn conflict(rules: &RuleSet, a: &Hit, b: &Hit) -> bool {
    let rule = |hit: &Hit| &rules.rules[usize::from(hit.rule)];
    let (first, second) = (rule(a), rule(b));
    let same_place = a.start == b.start && a.end == b.end;
    if a.end <= b.start {
        return false;
    }
    let nested = b.end <= a.end || a.start == b.start;
    if first.category == second.category || !nested {
        return true;
    }
    // A sole trader's number in the VAT number, an account's number that is its holder's.
    if first.category.may_be_both(second.category) && (first.names_a_part() || second.names_a_part() || same_place) {
        return false;
    }
    if same_place {
        // A cell that is a given name and a family name is both until the whole column has been seen.
        return !(a.whole && b.whole);
    }
    first.validator.is_some() && second.validator.is_some()
}

/// A whole cell that passed a check, then by certainty, then length, then the order of rules, then the place.
fn stronger_first(rules: &RuleSet, a: &Hit, b: &Hit) -> Ordering {
    let length = |hit: &Hit| hit.end - hit.start;
    let checked = |hit: &Hit| hit.whole && rules.rules[usize::from(hit.rule)].validator.is_some();
    let certainty = checked(b).cmp(&checked(a)).then(b.confidence.total_cmp(&a.confidence));
    certainty.then(length(b).cmp(&length(a))).then(a.rule.cmp(&b.rule)).then(a.start.cmp(&b.start))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stays of hits of one category, by place.
    fn kept(hits: &[(u32, u32, f32)]) -> Vec<(u32, u32)> {
        let rules = RuleSet::built_in();
        let phone = rules.rules.iter().position(|rule| rule.id == "phone").expect("a built-in rule");
        let hit = |&(start, end, confidence)| Hit {
            rule: u16::try_from(phone).expect("few rules"),
            cell: 0,
            start,
            end,
            whole: false,
            confidence,
            kind: "",
            normal: (0, 0),
        };
        let mut hits: Vec<Hit> = hits.iter().map(hit).collect();
        resolve(&rules, &mut hits);
        hits.iter().map(|hit| (hit.start, hit.end)).collect()
    }

    #[test]
    fn of_a_chain_the_strongest_stays_and_what_does_not_touch_it() {
        assert_eq!(kept(&[(0, 5, 0.6), (4, 9, 0.8), (8, 12, 0.9)]), [(0, 5), (8, 12)]);
        assert_eq!(kept(&[(0, 5, 0.9), (4, 9, 0.8), (8, 12, 0.6)]), [(0, 5), (8, 12)]);
        assert_eq!(kept(&[(0, 5, 0.6), (4, 9, 0.9), (8, 12, 0.6)]), [(4, 9)]);
    }

    #[test]
    fn of_equals_the_longer_stays_and_neighbours_do() {
        assert_eq!(kept(&[(0, 12, 0.8), (0, 14, 0.8)]), [(0, 14)]);
        assert_eq!(kept(&[(0, 5, 0.8), (5, 9, 0.8), (20, 25, 0.8)]), [(0, 5), (5, 9), (20, 25)]);
        assert_eq!(kept(&[(0, 30, 0.8), (5, 9, 0.9), (20, 25, 0.7)]), [(5, 9), (20, 25)]);
    }
}
