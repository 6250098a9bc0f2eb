//! The process itself: what it must not leave behind, and how it ends.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::process::{Resource, Rlimit, setrlimit};
use sanera::db::Cancel;
use sanera::exit::Exit;
use tokio::signal::unix::{SignalKind, signal};

/// Set while nothing is under way that would have to be tidied up: a signal then ends the process at once.
static IDLE: AtomicBool = AtomicBool::new(true);

/// No core dumps and no values in panic messages: both would carry cells to where nobody expects them.
pub(crate) fn harden() {
    // Without the right to lower it the limit is what the administrator chose.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "an unknown place".into(), ToString::to_string);
        tell(format_args!("sanera: internal error at {place}; please report this place and what you ran"));
    }));
}

/// A line for the person at the terminal. Where it can't be written, as on a full disk, nobody can be told of that.
pub(crate) fn tell(line: impl std::fmt::Display) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// From now on a signal asks the command to stop and tidy up, instead of ending the process at once. A second signal
/// ends it all the same.
pub(crate) fn busy() {
    IDLE.store(false, Ordering::Relaxed);
}

/// Listens for SIGINT and SIGTERM.
pub(crate) fn listen() -> anyhow::Result<Cancel> {
    let cancel: Cancel = Arc::default();
    let told = cancel.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    // The handlers stand before the first command runs, not some time later in the thread.
    let (mut interrupt, mut terminate) = {
        let _inside = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        runtime.block_on(async {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                if IDLE.load(Ordering::Relaxed) || told.swap(true, Ordering::Relaxed) {
                    end_at_once();
                }
            }
        });
    })?;
    Ok(cancel)
}

#[expect(clippy::exit, reason = "a thread that waits for input can't be asked to return")]
fn end_at_once() -> ! {
    std::process::exit(i32::from(Exit::Interrupted.code()))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    /// Set in the process that shall panic.
    const ASKED: &str = "SANERA_TEST_PANIC";

    #[test]
    fn a_panic_tells_its_place_and_no_value() {
        if std::env::var_os(ASKED).is_some() {
            super::harden();
            let cell = String::from("Anna Hemlig");
            let exit =
                std::panic::catch_unwind(|| assert_eq!(cell, "")).map_or(super::Exit::Internal, |()| super::Exit::Done);
            assert_eq!(exit.code(), 70);
            let limits = std::fs::read_to_string("/proc/self/limits").expect("Linux tells");
            let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
            assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
            return;
        }
        let mut own = Command::new(std::env::current_exe().expect("this test"));
        own.args(["a_panic_tells_its_place_and_no_value", "--nocapture"]).env(ASKED, "1");
        let output = own.output().expect("starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        assert!(said.contains("internal error at src/cli/process.rs"), "{said}");
        assert!(!said.contains("Anna Hemlig"), "{said}");
    }
}
