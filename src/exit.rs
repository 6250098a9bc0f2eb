//! The process's exit codes: what scripts and schedulers stand on.

/// How a run ended. The numbers are a published contract; when several hold, [`Exit::worst`] decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Done, nothing to object; also no match, and a standard output that was closed early.
    Done = 0,
    /// Done, with violations found by a check.
    Violations = 1,
    /// Wrong usage, or a rule, policy, map or plan file that is unreadable, wrong or newer; a wrong key.
    Usage = 2,
    /// No connection, or a source that cannot be read at all.
    Source = 3,
    /// Refused: a hold, a drifted catalog, a guard, a tampered plan, an ambiguous subject, not confirmed.
    Refused = 4,
    /// Apply failed; everything was rolled back.
    RolledBack = 5,
    /// The outcome of COMMIT is unknown.
    Unknown = 6,
    /// Done but incomplete: something could not be read, or some of several subjects were refused.
    Incomplete = 7,
    /// Our own output could not be written.
    Output = 8,
    /// An internal error (a panic).
    Internal = 70,
    /// Interrupted by SIGINT or SIGTERM; nothing is half done.
    Interrupted = 130,
}

/// From the most severe to the least.
const SEVERITY: [Exit; 11] = [
    Exit::Internal,
    Exit::Unknown,
    Exit::Interrupted,
    Exit::RolledBack,
    Exit::Output,
    Exit::Source,
    Exit::Refused,
    Exit::Usage,
    Exit::Incomplete,
    Exit::Violations,
    Exit::Done,
];

impl Exit {
    /// The number that the process ends with.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The more severe of two outcomes.
    #[must_use]
    pub fn worst(self, other: Self) -> Self {
        SEVERITY.into_iter().find(|code| *code == self || *code == other).unwrap_or(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_severe_code_wins() {
        // The order as the contract writes it: 70, 6, 130, 5, 8, 3, 4, 2, 7, 1 (and 0 below all).
        let written = [70, 6, 130, 5, 8, 3, 4, 2, 7, 1, 0];
        assert_eq!(SEVERITY.map(Exit::code), written);
        for (i, a) in SEVERITY.into_iter().enumerate() {
            for (j, b) in SEVERITY.into_iter().enumerate() {
                assert_eq!(a.worst(b), SEVERITY[i.min(j)]);
            }
        }
    }
}
