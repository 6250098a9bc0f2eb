//! How a scan shows how far it is: a bar on a terminal, sparse lines otherwise, nothing with `--quiet`.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use sanera::scan::Progress;

use super::process;

/// Between two lines where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(30);

/// Between two looks at the counters.
const TICK: Duration = Duration::from_millis(100);

/// Runs `work` and shows its progress meanwhile.
pub(crate) fn show<T>(progress: &Progress, quiet: bool, work: impl FnOnce() -> T) -> T {
    if quiet {
        return work();
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let shower =
            scope.spawn(|| if std::io::stderr().is_terminal() { bar(progress, &done) } else { lines(progress, &done) });
        let result = work();
        done.store(true, Ordering::Relaxed);
        shower.thread().unpark();
        // A shower that failed takes nothing from the result.
        let _ = shower.join();
        result
    })
}

fn bar(progress: &Progress, done: &AtomicBool) {
    let bar = ProgressBar::new(0);
    let template = "{bar:24} {percent:>3} %  {msg}  {eta} left";
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    let started = Instant::now();
    while !done.load(Ordering::Relaxed) {
        let (expected, rows) = (progress.expected.load(Ordering::Relaxed), progress.rows.load(Ordering::Relaxed));
        bar.set_length(expected.max(rows));
        bar.set_position(rows);
        bar.set_message(status(progress, started));
        std::thread::park_timeout(TICK);
    }
    bar.finish_and_clear();
}

fn lines(progress: &Progress, done: &AtomicBool) {
    let started = Instant::now();
    let mut next = LINE_EVERY;
    while !done.load(Ordering::Relaxed) {
        if started.elapsed() >= next {
            process::tell(format_args!("scanning: {}", status(progress, started)));
            next += LINE_EVERY;
        }
        std::thread::park_timeout(TICK);
    }
}

/// `1,200 rows, 34 MiB, 17 MiB/s, kund`
fn status(progress: &Progress, started: Instant) -> String {
    let bytes = progress.bytes.load(Ordering::Relaxed);
    let milliseconds = started.elapsed().as_millis().max(1);
    let rate = u64::try_from(u128::from(bytes) * 1000 / milliseconds).unwrap_or(0);
    let rows = HumanCount(progress.rows.load(Ordering::Relaxed));
    format!("{rows} rows, {}, {}/s, {}", HumanBytes(bytes), HumanBytes(rate), progress.table())
}
