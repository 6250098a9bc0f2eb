//! From a sum of log-odds to a probability that can be believed: a slope and an offset for each kind of verdict (Platt,
//! Advances in Large Margin Classifiers, 1999), fitted to the labelled schemas under fixtures/.
//! `cargo test --test verdicts -- --nocapture confidence` fits them anew, and fails where these are far from it.

use super::Verdict;
use crate::finding::FindingKind;

/// Slope and offset.
type Scale = (f64, f64);

const TYPED: Scale = (1.06, -0.05);
const FREE_TEXT: Scale = (1.73, 0.21);
const BY_NAME: Scale = (0.95, 0.62);

/// The probability that a verdict is right.
pub(super) fn probability(verdict: &Verdict) -> f64 {
    let (slope, offset) = match verdict.kind {
        FindingKind::FreeText => FREE_TEXT,
        _ if verdict.seen.cells() == 0 => BY_NAME,
        _ => TYPED,
    };
    let probability = 1.0 / (1.0 + (-(slope * verdict.log_odds + offset)).exp());
    probability.min(verdict.at_most)
}
