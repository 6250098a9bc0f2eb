//! Time grows with the text's length, whatever stands in it.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use sanera::cells::Cells;
use sanera::detect::Hits;

use crate::{DETECTOR, cells};

const MEGABYTE: usize = if cfg!(debug_assertions) { 1 << 13 } else { 1 << 20 };

/// This thread's time on a core, whatever else runs on the machine.
fn clock() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap()
}

/// The shortest of three runs: what others do to the caches only adds.
fn time(cells: &Cells) -> Duration {
    let (selection, mut hits) = (DETECTOR.select(""), Hits::default());
    let run = |_| {
        let start = clock();
        DETECTOR.scan(cells, &selection, &mut hits);
        clock().saturating_sub(start)
    };
    (0..3).map(run).min().unwrap()
}

#[test]
fn twice_the_text_takes_twice_the_time() {
    for (name, unit) in [
        ("digits", "1234567890"),
        ("at signs", "@"),
        ("labels", "a.a.a.a."),
        ("labels and at signs", "a.a.a.a.@"),
        ("capitals", "A"),
        ("capitalised words", "Anna "),
        ("combining marks", "a\u{301}\u{301}\u{301}"),
        ("groups", "1 1 1 1 "),
        ("groups of three", "070 174 "),
        ("colons", "a:"),
        ("blanks and a number", " \u{a0}0701740605"),
        ("phones", "070-174 06 05, "),
        ("streets", "gatan "),
    ] {
        let text = |size: usize| cells(&[unit.repeat(size / unit.len())]);
        let (half, whole) = (time(&text(5 * MEGABYTE)), time(&text(10 * MEGABYTE)));
        println!("{name:22} {:8.1} MB/s", 10.0 * MEGABYTE as f64 / 1e6 / whole.as_secs_f64());
        assert!(whole < 3 * half + Duration::from_millis(50), "{name}: {half:?}, then {whole:?}");
    }
}

#[test]
fn hits_after_a_long_blank_are_found_in_linear_time() {
    let text = |size: usize| cells(&[" ".repeat(size / 2) + &"070-174 06 05, ".repeat(size / 30)]);
    let (half, whole) = (time(&text(5 * MEGABYTE)), time(&text(10 * MEGABYTE)));
    assert!(whole < 3 * half + Duration::from_millis(50), "{half:?}, then {whole:?}");
}
