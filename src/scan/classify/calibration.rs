//! From a sum of log-odds to a probability that can be believed.

use super::Verdict;

/// The probability that a verdict is right.
pub(super) fn probability(verdict: &Verdict) -> f64 {
    1.0 / (1.0 + (-verdict.log_odds).exp())
}
