//! Gold labels beside findings: counts and rates.

use std::collections::{BTreeMap, BTreeSet};

use sanera::finding::Finding;

/// A true statement about a column or a path in it; an empty category says that there is none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Label {
    pub(crate) table: String,
    pub(crate) column: String,
    pub(crate) path: String,
    pub(crate) category: String,
}

impl Label {
    fn of(finding: &Finding) -> Self {
        Self {
            table: finding.table.name.clone(),
            column: finding.column.clone(),
            path: finding.path.clone().unwrap_or_default(),
            category: finding.category.name().to_owned(),
        }
    }

    fn place(&self) -> (&str, &str, &str) {
        (&self.table, &self.column, &self.path)
    }
}

/// One database's gold labels and findings.
pub(crate) struct Judged {
    pub(crate) name: String,
    gold: BTreeSet<Label>,
    /// How each stands in its column, where that is known.
    kinds: BTreeMap<Label, String>,
    pub(crate) findings: Vec<Finding>,
}

impl Judged {
    pub(crate) fn new(name: &str, mut kinds: BTreeMap<Label, String>, findings: Vec<Finding>) -> Self {
        kinds.retain(|label, _| !label.category.is_empty());
        Self { name: name.to_owned(), gold: kinds.keys().cloned().collect(), kinds, findings }
    }

    /// Every finding, sure or not, and whether it is true.
    pub(crate) fn verdicts(&self) -> impl Iterator<Item = (&Finding, bool)> {
        self.findings.iter().map(|finding| (finding, self.gold.contains(&Label::of(finding))))
    }

    fn found(&self) -> BTreeSet<Label> {
        self.findings.iter().filter(|finding| finding.confidence >= 0.5).map(Label::of).collect()
    }
}

/// What was right, missed and in vain.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Score {
    right: u32,
    missed: u32,
    in_vain: u32,
}

impl Score {
    fn add<T: Ord>(&mut self, gold: &BTreeSet<T>, found: &BTreeSet<T>) {
        let count = |number: usize| u32::try_from(number).unwrap();
        self.right += count(gold.intersection(found).count());
        self.missed += count(gold.difference(found).count());
        self.in_vain += count(found.difference(gold).count());
    }

    pub(crate) fn f1(&self) -> f64 {
        let twice = f64::from(2 * self.right);
        if twice == 0.0 { 0.0 } else { twice / (twice + f64::from(self.missed + self.in_vain)) }
    }

    fn line(&self, name: &str) -> String {
        let share = |right: u32, all: u32| {
            let (low, high) = wilson(right, all);
            let rate = if all == 0 { f64::NAN } else { f64::from(right) / f64::from(all) };
            format!("{rate:5.3} [{low:5.3}, {high:5.3}]")
        };
        let precision = share(self.right, self.right + self.in_vain);
        let recall = share(self.right, self.right + self.missed);
        format!("{name:22} {:5}  {precision}  {recall}  {:5.3}", self.right + self.missed, self.f1())
    }
}

/// The 95 % interval of a rate (Wilson, Journal of the American Statistical Association 22, 1927).
pub(crate) fn wilson(right: u32, all: u32) -> (f64, f64) {
    if all == 0 {
        return (0.0, 1.0);
    }
    let (n, z2) = (f64::from(all), 1.96_f64.powi(2));
    let rate = f64::from(right) / n;
    let middle = rate + z2 / (2.0 * n);
    let half = (rate * (1.0 - rate) * z2 / n + z2 * z2 / (4.0 * n * n)).sqrt();
    ((middle - half) / (1.0 + z2 / n), (middle + half) / (1.0 + z2 / n))
}

/// By category, over `all` of them, and whether a place is `personal` at all.
pub(crate) fn figures(judged: &[Judged]) -> BTreeMap<String, Score> {
    let mut figures: BTreeMap<String, Score> = BTreeMap::new();
    for it in judged {
        let found = it.found();
        let of = |labels: &BTreeSet<Label>, category: &str| -> BTreeSet<Label> {
            labels.iter().filter(|label| label.category == category).cloned().collect()
        };
        let categories: BTreeSet<&str> = it.gold.iter().chain(&found).map(|label| label.category.as_str()).collect();
        for category in categories {
            figures.entry(category.to_owned()).or_default().add(&of(&it.gold, category), &of(&found, category));
        }
        figures.entry("all".to_owned()).or_default().add(&it.gold, &found);
        let places = |labels: &BTreeSet<Label>| -> BTreeSet<(String, String, String)> {
            labels.iter().map(Label::place).map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())).collect()
        };
        figures.entry("personal".to_owned()).or_default().add(&places(&it.gold), &places(&found));
    }
    figures
}

/// Prints the table by category, and by database.
pub(crate) fn print(set: &str, judged: &[Judged], figures: &BTreeMap<String, Score>) {
    println!("\n{set}: category          labels  precision             recall                F1");
    for (category, score) in figures {
        println!("{}", score.line(category));
    }
    let mut by_kind: BTreeMap<(&str, &str), (u32, u32)> = BTreeMap::new();
    for it in judged {
        let found = it.found();
        for (label, kind) in &it.kinds {
            for group in ["all", &label.category] {
                let (right, all) = by_kind.entry((kind, group)).or_default();
                (*right, *all) = (*right + u32::from(found.contains(label)), *all + 1);
            }
        }
    }
    for ((kind, category), (right, all)) in by_kind.into_iter().filter(|(_, (_, all))| *all >= 5) {
        println!("  recall of {kind} {category}: {right} of {all}");
    }
    for it in judged {
        let own = &self::figures(std::slice::from_ref(it))["all"];
        println!("  {:20} {}", it.name, own.line(""));
    }
}

/// Prints what was missed and what was found in vain.
pub(crate) fn print_mistakes(judged: &[Judged]) {
    for it in judged {
        let found = it.found();
        let confidence = |label: &Label| {
            it.findings.iter().find(|finding| Label::of(finding) == *label).map_or(0.0, |finding| finding.confidence)
        };
        for label in it.gold.difference(&found) {
            let Label { table, column, path, category } = label;
            println!("  missed   {}: {table}.{column} {path} {category} ({:.2})", it.name, confidence(label));
        }
        for label in found.difference(&it.gold) {
            let Label { table, column, path, category } = label;
            println!("  in vain  {}: {table}.{column} {path} {category} ({:.2})", it.name, confidence(label));
        }
    }
}
