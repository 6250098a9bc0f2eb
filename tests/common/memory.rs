//! Peak memory of a run of the program, from the kernel's own account of the process.

use std::process::{Command, Stdio};
use std::time::Duration;

/// Runs the command, which must succeed, and returns the most memory it ever held, in MB (`VmHWM`, proc(5)).
pub(crate) fn peak_mb(mut command: Command) -> u64 {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let ended = loop {
        // A process that has ended has no memory and no line.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = peak.max(kib.unwrap_or(0));
        if let Some(ended) = child.try_wait().expect("the child can be waited for") {
            break ended;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(ended.success(), "{ended}");
    assert!(peak > 0, "the kernel told nothing of the process");
    peak * 1024 / 1_000_000
}
