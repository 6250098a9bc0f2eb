//! What the cells say, in log-odds: a likelihood ratio. The share that passes the rule's check, among those of its
//! shape, against the share of other data that would pass. A rule whose check passes a lot can't convince alone, however
//! many cells there are: other kinds of data (dates, order numbers) pass it as whole columns.

use std::collections::BTreeMap;

use crate::finding::{Category, Reason};
use crate::rule::Rule;

use super::super::evidence::{ColumnEvidence, RuleEvidence};

/// The cells can move the log-odds by this much at most: cells of a column are not independent.
const MOST: f64 = 6.5;

/// Numbers made by other rules (order numbers with a check digit, dates in a row) pass a check this many times more
/// often than random ones, and at most so much.
const STRUCTURE: f64 = 15.0;
const STRUCTURE_AT_MOST: f64 = 0.2;

/// A share of other data from which on most of it passes, and of a column's own cells in which nearly all do.
const MOST_PASS: f64 = 0.7;
const CLEAN: f64 = 0.95;

/// No share of other data that passes is taken to be higher.
const HIGHEST_CHANCE: f64 = 0.9;

/// A column with so few different values over so many cells is a flag or a code, whatever its name says.
const FLAG_VALUES: u64 = 2;
const FLAG_CELLS: u64 = 20;
const FLAG_CHANCE: f64 = 0.1;

/// In a column of genders whose name doesn't say so, this share of the cells is one.
const ALL_GENDERS: f64 = 0.7;

/// Columns whose cells are shorter than this on average hold labels, not prose.
const SHORT_CELL: u64 = 32;

/// Where fewer of the cells than this are a category's values, they are strays in a column of something else.
const TYPED_SHARE: f64 = 0.05;

/// Whether hits are whole cells, not places in texts.
pub(super) fn are_whole(seen: &RuleEvidence) -> bool {
    seen.whole * 2 >= seen.cells()
}

/// Whether the column is one of the category's values, and not one in which some stray.
pub(super) fn is_typed(seen: &RuleEvidence, column: &ColumnEvidence) -> bool {
    are_whole(seen) && seen.whole as f64 >= TYPED_SHARE * column.cells as f64
}

/// Decades with less than this share of the dates don't count.
const DECADE_SHARE: f64 = 0.04;

/// A rule that any date passes knows birth dates by nothing but how they lie, where nearly all cells are dates.
const ANY_DATE: f64 = 0.9;
const ALL_DATES: f64 = 0.8;

/// What dates say that lie as birth dates do.
const BIRTHS: f64 = 2.8;

/// First and last decade of dates that lie as the birth dates of people in a register do: over many decades, a good part
/// of them before 2000. The dates of a business are of its last years.
pub(super) fn births(seen: &RuleEvidence) -> Option<(&'static str, &'static str)> {
    let all = seen.hits.max(1) as f64;
    let full: Vec<&str> =
        seen.kinds.iter().filter(|(_, hits)| **hits as f64 >= DECADE_SHARE * all).map(|(decade, _)| *decade).collect();
    let old: u64 = seen.kinds.iter().filter(|(decade, _)| **decade < "2000s").map(|(_, hits)| hits).sum();
    let (first, last) = (full.first()?, full.last()?);
    (full.len() >= 4 && old as f64 >= 0.4 * all).then_some((*first, *last))
}

/// How much cells that are values of the category as a whole say.
pub(super) fn typed(
    rule: &Rule,
    seen: &RuleEvidence,
    column: &ColumnEvidence,
    explained: &Explained,
    reasons: &mut Vec<Reason>,
) -> f64 {
    let mut ratio = whole_cells(rule, seen, column, explained, reasons);
    if rule.category == Category::DateOfBirth {
        if let Some((from, to)) = births(seen) {
            ratio = ratio.max(BIRTHS);
            reasons.retain(|reason| !matches!(reason, Reason::Chance { .. }));
            reasons.push(Reason::Births { from: from.to_owned(), to: to.to_owned() });
        } else if rule.chance_rate >= ANY_DATE {
            ratio = ratio.min(-2.0);
        }
        // Some of many numbers can be dates.
        if rule.chance_rate >= ANY_DATE && (seen.whole as f64) < ALL_DATES * column.cells as f64 {
            ratio = ratio.min(-2.0);
        }
    }
    if !is_code(rule, column) && !is_other_code(rule, seen, column) {
        return ratio;
    }
    reasons.push(Reason::Distinct { distinct: column.distinct.count(), cells: column.cells });
    ratio - 3.0
}

fn whole_cells(
    rule: &Rule,
    seen: &RuleEvidence,
    column: &ColumnEvidence,
    explained: &Explained,
    reasons: &mut Vec<Reason>,
) -> f64 {
    let (hits, cells) = (seen.cells(), column.cells);
    reasons.push(Reason::Rate { rule: rule.id.clone(), hits, cells, chance: rule.chance_rate });
    let chance = look_alike_rate(rule);
    // Rules without a validator refuse nothing, and texts too long for a shape are compared with nothing.
    let (groups, of_two_kinds) = by_shape(rule, seen, column, explained);
    let tried: u64 = groups.iter().map(|group| group.cells).sum();
    let whole: u64 = groups.iter().map(|group| group.hits).sum();
    // The same value again is no new evidence, unless there are no more than a few: genders, illnesses.
    let again = (seen.distinct.count() as f64 / whole.max(1) as f64).min(1.0);
    let repeats = rule.category == Category::Gender || rule.category.is_special();
    let independent = if repeats { 1.0 } else { again };
    let ratio = |group: &Group| independent * group.cells as f64 * divergence(group.rate(), chance);
    // Cells of a shape in which the rule holds no more often than by chance are of something else.
    let better: f64 = groups.iter().filter(|group| group.rate() > chance).map(ratio).sum();
    // Who looks at many shapes finds one by chance (Bonferroni).
    let better = better - (groups.len() as f64).ln();
    if better > 0.0 {
        let clean = of_two_kinds || whole as f64 >= CLEAN * tried as f64;
        return better.min(convincing(rule, clean));
    }
    reasons.push(Reason::Chance { rule: rule.id.clone(), chance: rule.chance_rate });
    -ratio(&Group { hits: whole, cells: tried }).clamp(1.0, MOST)
}

/// Cells of one shape, and those of them that are hits.
#[derive(Clone, Copy, Default)]
struct Group {
    hits: u64,
    cells: u64,
}

impl Group {
    fn rate(&self) -> f64 {
        self.hits as f64 / self.cells.max(1) as f64
    }
}

/// Shapes with fewer cells than this are one group: a single cell that passes by chance would be all of its own shape.
const FEW: u64 = 10;

/// Cells that are values of other categories, or of the same by other rules, by shape: in a column of two kinds, each stands
/// among what the other leaves.
#[derive(Debug, Default)]
pub(super) struct Explained(BTreeMap<u32, u64>);

/// Only where most of what is left passes, and that is not a stray or two, is a column one of two kinds. Numbers of other
/// systems pass as two kinds of numbers, so that nearly all must.
const LEFT_OVER: f64 = 0.5;
const NUMBERS_LEFT_OVER: f64 = 0.95;
const LEAST_LEFT: u64 = 3;
const LEFT_SHARE: f64 = 0.02;

impl Explained {
    /// The whole hits of other rules.
    pub(super) fn by<'a>(others: impl Iterator<Item = &'a RuleEvidence>) -> Self {
        let mut cells = BTreeMap::new();
        for (shape, hits) in others.flat_map(|seen| &seen.shapes) {
            *cells.entry(*shape).or_default() += hits;
        }
        Self(cells)
    }
}

/// The cells among which a rule's whole hits stand: those of the same shapes, without those of another category where most
/// others pass: then the column is one of two kinds.
fn by_shape(rule: &Rule, seen: &RuleEvidence, column: &ColumnEvidence, explained: &Explained) -> (Vec<Group>, bool) {
    let all = groups(rule, seen, column, &Explained::default());
    let left = groups(rule, seen, column, explained);
    let (hits, cells) = left.iter().fold((0, 0), |(hits, cells), group| (hits + group.hits, cells + group.cells));
    let of_two_kinds = hits >= LEAST_LEFT && hits as f64 >= LEFT_SHARE * column.cells as f64;
    // More hits than are left are the other kind's own values.
    let are_numbers = matches!(rule.category, Category::PersonalNumber | Category::OrganisationNumber);
    let least = if are_numbers { NUMBERS_LEFT_OVER } else { LEFT_OVER };
    let are_left = hits <= cells && hits as f64 >= least * cells as f64;
    if of_two_kinds && are_left { (left, true) } else { (all, false) }
}

fn groups(rule: &Rule, seen: &RuleEvidence, column: &ColumnEvidence, explained: &Explained) -> Vec<Group> {
    if rule.only_named {
        // The name is of the whole column.
        let others: u64 = explained.0.values().sum();
        return vec![Group { hits: seen.whole, cells: column.cells.saturating_sub(others) }];
    }
    // Where another kind is told of, cells of a form that neither has (`okänt`) are of neither.
    let of_either =
        |shape: &&u32| explained.0.is_empty() || seen.shapes.contains_key(shape) || explained.0.contains_key(shape);
    let explained = |shape: &u32| explained.0.get(shape).copied().unwrap_or(0);
    let cells_of = |shape: &u32| column.shapes.get(shape).copied().unwrap_or(0).saturating_sub(explained(shape));
    let rare_cells: u64 = column.shapes.keys().filter(of_either).map(cells_of).filter(|cells| *cells < FEW).sum();
    let (mut rare, mut groups) = (Group { hits: 0, cells: rare_cells }, Vec::new());
    for (shape, hits) in &seen.shapes {
        match cells_of(shape) {
            cells if cells < FEW => rare.hits += hits,
            cells => groups.push(Group { hits: *hits, cells }),
        }
    }
    let shaped: u64 = seen.shapes.values().sum();
    let long = seen.whole.saturating_sub(shaped);
    if rare.hits > 0 {
        groups.push(rare);
    }
    if long > 0 {
        groups.push(Group { hits: long, cells: long + seen.refused });
    }
    groups
}

/// How far the cells alone can convince: other kinds of data pass a weak check as whole columns, and where most look-alikes
/// pass, a column of which a part does not is hardly one of the category.
fn convincing(rule: &Rule, clean: bool) -> f64 {
    let few_pass = rule.look_alike_rate.is_none_or(|rate| rate < MOST_PASS);
    let most = if clean || few_pass { MOST } else { 1.5 };
    (1.5 - rule.chance_rate.max(1e-9).ln()).min(most)
}

/// Share of other data that passes at worst, as a column of it would.
fn look_alike_rate(rule: &Rule) -> f64 {
    let usual = (rule.chance_rate * STRUCTURE).min(rule.chance_rate + STRUCTURE_AT_MOST);
    rule.look_alike_rate.unwrap_or(usual).clamp(1e-6, HIGHEST_CHANCE)
}

/// Kullback-Leibler divergence of two rates, in nats: how fast evidence grows with each cell.
fn divergence(rate: f64, chance: f64) -> f64 {
    let term = |p: f64, q: f64| if p <= 0.0 { 0.0 } else { p * (p / q).ln() };
    term(rate, chance) + term(1.0 - rate, 1.0 - chance)
}

/// Given name and surname, on average.
const WHOLE_NAMES: f64 = 0.85;

/// A check that so many look-alikes pass.
const OFTEN: f64 = 0.3;

/// Odds that prose holds the category, from the confidence of its single hits.
pub(super) fn free_text(rule: &Rule, seen: &RuleEvidence, column: &ColumnEvidence, reasons: &mut Vec<Reason>) -> f64 {
    let mean = seen.mean_confidence().clamp(0.02, 0.98);
    let more = (1.0 + seen.distinct.count() as f64).ln().min(2.5);
    // Halls, streets and companies are called after people: in short cells, a name here and there is no person.
    let short = column.bytes < SHORT_CELL * column.cells && seen.cells() * 2 < column.cells;
    let whole_names = seen.mean_confidence() >= WHOLE_NAMES;
    let named_after = match rule.category {
        Category::PersonName if short && whole_names => -1.2,
        Category::PersonName if short => -2.5,
        // A few of many codes pass a check that much passes.
        _ if short && seen.supported == 0 && look_alike_rate(rule) >= OFTEN && rule.validator.is_some() => -3.0,
        _ => 0.0,
    };
    let (hits, cells) = (seen.cells(), column.cells);
    reasons.push(Reason::Rate { rule: rule.id.clone(), hits, cells, chance: rule.chance_rate });
    (mean / (1.0 - mean)).ln() + more - 0.5 + named_after - by_chance(rule, seen, reasons)
}

/// How much speaks against numbers in prose: where a check refuses many of the same form, those that pass may do so by
/// chance, unless a word beside them tells what they are.
fn by_chance(rule: &Rule, seen: &RuleEvidence, reasons: &mut Vec<Reason>) -> f64 {
    let bare = seen.hits - seen.supported;
    let tried = bare + seen.refused_places;
    let (rate, chance) = (bare as f64 / tried.max(1) as f64, look_alike_rate(rule));
    if rule.validator.is_none() || seen.supported > 0 || rate > chance {
        return 0.0;
    }
    reasons.push(Reason::Chance { rule: rule.id.clone(), chance: rule.chance_rate });
    (tried as f64 * divergence(rate, chance)).clamp(3.0, MOST)
}

/// Values that are of another code: `M` in all cells is metres, and beside `E` a month; three words are ways, not users.
fn is_other_code(rule: &Rule, seen: &RuleEvidence, column: &ColumnEvidence) -> bool {
    let all = seen.whole as f64 >= ALL_GENDERS * column.cells as f64;
    let distinct = seen.distinct.count();
    match rule.category {
        Category::Gender => distinct < 2 || !(all || rule.only_named),
        // Plates begin with any letters, the codes of a kind of thing with its own.
        Category::VehicleRegistration => {
            !rule.only_named && distinct >= FEW && seen.beginnings.count() as f64 <= SHARED * distinct as f64
        }
        Category::Username => column.cells >= 10 * FEW && column.distinct.count() <= FEW_ROLES,
        _ => false,
    }
}

/// Plates of so many beginnings by plate, or fewer, are codes.
const SHARED: f64 = 0.25;

/// A column of so few different words over many rows says how something was done, not by whom.
const FEW_ROLES: u64 = 4;

/// Names that repeat so often, and are so few, are of a few things: packages, models, halls, streets.
pub(super) fn are_of_things(rule: &Rule, named: bool, seen: &RuleEvidence) -> bool {
    let is_name = matches!(rule.category, Category::PersonName | Category::GivenName | Category::FamilyName);
    let distinct = seen.distinct.count();
    let repeat = seen.whole >= 5 * distinct || (distinct <= FEW_INSIDE && seen.hits >= 5 * distinct);
    is_name && !named && distinct <= FEW && repeat
}

/// So few different names inside longer cells.
const FEW_INSIDE: u64 = 3;

/// Whether a column of so few different values is a flag or code. Two values are what a gender has, and what a special
/// category may be.
pub(super) fn is_code(rule: &Rule, column: &ColumnEvidence) -> bool {
    let may_be_flag = rule.category == Category::Gender || rule.category.is_special();
    // What passes a check that little else passes is what it is, however often it stands there.
    let is_checked = rule.validator.is_some() && rule.chance_rate <= FLAG_CHANCE;
    !may_be_flag && !is_checked && column.cells >= FLAG_CELLS && column.distinct.count() <= FLAG_VALUES
}
