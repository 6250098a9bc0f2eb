//! The detector finds exactly what its rules say: it is compared with a plain reference, its properties are tried on
//! hostile text, and it is measured on texts as people write them.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a test prints its figures and may panic")]

mod generate;
mod growth;
mod reference;
mod same;
mod texts;

use std::sync::LazyLock;

use sanera::cells::Cells;
use sanera::detect::Detector;
use sanera::rule::RuleSet;

/// Decides centuries and ages in all of these tests.
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 21);

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(RuleSet::built_in(), TODAY).unwrap());

fn cells<T: AsRef<[u8]>>(texts: &[T]) -> Cells {
    let mut cells = Cells::default();
    for text in texts {
        cells.push_text(text.as_ref());
    }
    cells
}
