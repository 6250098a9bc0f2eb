//! How fast the detector reads prose and dense short cells on one core, beside the plain approach: every rule's
//! `RegexSet` on every cell, then `find_iter` for those that match.
//!
//! `cargo bench --bench detect`; a first argument sets the megabytes of prose (50), a second those of short cells (20).

#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use regex::{Regex, RegexSet};
use sanera::cells::Cells;
use sanera::detect::{Detector, Hits};
use sanera::rule::{Matcher, RuleSet};

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 21);

/// Bytes of text in a batch, as readers fill them.
const BATCH: usize = 1 << 20;

fn main() {
    let mut sizes = std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok());
    let (prose, dense) = (sizes.next().unwrap_or(50), sizes.next().unwrap_or(20));
    let detector = Detector::new(RuleSet::built_in(), TODAY).expect("the built-in rules compile");
    let plain = Plain::new(detector.rules());
    let before = Shares::now();
    measure("prose", &batches(prose << 20, Source::prose), &detector, &plain);
    measure("dense short cells", &batches(dense << 20, Source::dense), &detector, &plain);
    if let (Some(before), Some(after)) = (before, Shares::now()) {
        println!(
            "meanwhile on all cores: nice {} ms, steal {} ms",
            after.nice - before.nice,
            after.steal - before.steal
        );
    }
}

/// Prints both speeds and checks that nothing planted was missed.
fn measure(name: &str, text: &Text, detector: &Detector, plain: &Plain) {
    let (selection, mut hits) = (detector.select(""), Hits::default());
    let start = Instant::now();
    let mut count = 0;
    for cells in &text.batches {
        detector.scan(cells, &selection, &mut hits);
        count += hits.list.len();
    }
    let took = start.elapsed();
    assert!(count >= text.planted, "{count} hits, {} planted", text.planted);
    println!("{name:18} {:7.1} MB/s, {count} hits, {} planted", speed(&text.batches, took), text.planted);

    // The plain approach is slow: a few batches tell.
    let some = &text.batches[..text.batches.len().min(3)];
    let start = Instant::now();
    let matches: usize = some.iter().map(|cells| plain.count(cells)).sum();
    println!(
        "{:18} {:7.1} MB/s, {matches} matches unchecked, no names",
        "  plain reference",
        speed(some, start.elapsed())
    );
    assert!(matches > 0);
}

fn speed(batches: &[Cells], took: Duration) -> f64 {
    batches.iter().map(Cells::size).sum::<usize>() as f64 / 1e6 / took.as_secs_f64()
}

/// Every pattern of every rule, as a rule engine without any thought would run them.
struct Plain {
    rules: Vec<(RegexSet, Vec<Regex>)>,
}

impl Plain {
    fn new(rules: &RuleSet) -> Self {
        let compiled = rules.rules.iter().filter_map(|rule| {
            let Matcher::Patterns(patterns) = &rule.matcher else { return None };
            let regex = |pattern: &String| Regex::new(pattern).expect("checked when loaded");
            Some((RegexSet::new(patterns).expect("checked when loaded"), patterns.iter().map(regex).collect()))
        });
        Self { rules: compiled.collect() }
    }

    fn count(&self, cells: &Cells) -> usize {
        let texts = cells.iter().map(|cell| std::str::from_utf8(cell).expect("cells hold text"));
        texts.map(|text| self.rules.iter().map(|rule| Self::matches(rule, text)).sum::<usize>()).sum()
    }

    fn matches((set, patterns): &(RegexSet, Vec<Regex>), text: &str) -> usize {
        set.matches(text).into_iter().map(|index| patterns[index].find_iter(text).count()).sum()
    }
}

/// Cells in batches, and how many identifiers were planted that no context can take away.
struct Text {
    batches: Vec<Cells>,
    planted: usize,
}

fn batches(size: usize, cell: impl Fn(&mut Source, &mut String)) -> Text {
    let mut source = Source { state: 20_261_121, planted: 0 };
    let (mut batches, mut written, mut text) = (Vec::new(), 0, String::new());
    while written < size {
        let mut cells = Cells::default();
        while cells.size() < BATCH {
            text.clear();
            cell(&mut source, &mut text);
            cells.push_text(text.as_bytes());
        }
        written += cells.size();
        batches.push(cells);
    }
    Text { batches, planted: source.planted }
}

const GIVEN: &str = include_str!("../fixtures/scenario_a/data/given_women.txt");
const FAMILY: &str = include_str!("../fixtures/scenario_a/data/family.txt");
const STREETS: &str = include_str!("../fixtures/scenario_a/data/streets.txt");
const TOWNS: &str = include_str!("../fixtures/scenario_a/data/towns.txt");

const SENTENCES: &[&str] = &[
    "Kunden undrar om bokningen av salen går att flytta till veckan efter.",
    "Vi har kontrollerat ärendet och återkommer så snart vi vet mer.",
    "Fakturan är skickad men påminnelsen gick ut innan betalningen hade registrerats.",
    "The customer asked for a copy of the agreement and was told where to find it.",
    "Vaktmästaren öppnar klockan åtta, nyckeln hämtas i receptionen.",
    "Föreningen har tränat här på tisdagar i flera år och vill gärna fortsätta med det.",
    "Avgiften är 450 kr per gång enligt taxan från 2024.",
    "Systemet svarade långsamt, felet är anmält till leverantören.",
];

/// A seeded source of cells (splitmix64).
struct Source {
    state: u64,
    planted: usize,
}

impl Source {
    fn below(&mut self, n: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (n as u64)).expect("below a usize")
    }

    fn pick<'a>(&mut self, list: &'a str) -> &'a str {
        let words: Vec<&str> = list.lines().flat_map(str::split_whitespace).collect();
        words[self.below(words.len())]
    }

    /// A case note of a few sentences; every third names a person or says how to reach one.
    fn prose(&mut self, out: &mut String) {
        for _ in 0..3 + self.below(6) {
            if self.below(3) == 0 {
                self.planted += 1;
                let last = 605 + self.below(95);
                match self.below(3) {
                    0 => write!(out, "Ring 070-174 0{} {:02} på kvällen. ", last / 100, last % 100),
                    1 => write!(out, "Svara till kund{last}@example.com. "),
                    _ => write!(out, "Personnummer 640823-2392 finns redan. "),
                }
                .expect("a string takes all");
            }
            if self.below(6) == 0 {
                let (given, family) = (self.pick(GIVEN), self.pick(FAMILY));
                write!(out, "{given} {family} hörde av sig. ").expect("a string takes all");
            }
            out.push_str(SENTENCES[self.below(SENTENCES.len())]);
            out.push(' ');
        }
    }

    /// A cell of a column of numbers, names or addresses.
    fn dense(&mut self, out: &mut String) {
        let n = self.below(1_000_000_000);
        let kind = self.below(10);
        self.planted += usize::from(kind < 2);
        match kind {
            0 => write!(out, "070-174 06 {:02}", 5 + n % 95),
            1 => write!(out, "kund{n}@example.com"),
            2 => write!(out, "{n:09}{}", n % 10),
            3 => write!(out, "2024-{:02}-{:02} {:02}:{:02}:{:02}", n % 12 + 1, n % 28 + 1, n % 24, n % 60, n % 59),
            4 => write!(out, "{n:08x}-{:04x}-4{:03x}-8{:03x}-{n:012x}", n % 65_536, n % 4096, n % 4095),
            5 => write!(out, "{}.{:02}", n % 100_000, n % 100),
            6 => write!(out, "{} {}", self.pick(GIVEN), self.pick(FAMILY)),
            7 => write!(out, "{} {}", self.pick(STREETS), n % 100 + 1),
            8 => write!(out, "{} {:02} {}", n % 900 + 100, n % 100, self.pick(TOWNS)),
            _ => write!(out, "{}", n % 10_000),
        }
        .expect("a string takes all");
    }
}

/// Time that other programs took: lowered in priority, or on the same host. In milliseconds, of `/proc/stat`.
struct Shares {
    nice: u64,
    steal: u64,
}

impl Shares {
    fn now() -> Option<Self> {
        let stat = std::fs::read_to_string("/proc/stat").ok()?;
        // proc(5): user, nice, system, idle, iowait, irq, softirq, steal, in hundredths of a second.
        let fields: Vec<u64> = stat.lines().next()?.split_whitespace().skip(1).flat_map(str::parse).collect();
        Some(Self { nice: fields.get(1)? * 10, steal: fields.get(7)? * 10 })
    }
}
