//! Whether a confidence can be believed: of the findings with a confidence around 0.8, are 8 of 10 true?
//!
//! Log-odds are calibrated by Platt's scaling (Advances in Large Margin Classifiers, 1999), a slope and an offset for
//! each kind of finding. The table is made with each schema left out of the fit that judges it.

use std::collections::BTreeMap;

use sanera::finding::{Finding, FindingKind};

use crate::judge::{Judged, wilson};

/// A finding's log-odds and whether it is true.
type Sample = (f64, bool);

/// Slope and offset by kind.
type Fits = BTreeMap<&'static str, (f64, f64)>;

/// Kinds that are calibrated together: what stands in structured cells is judged as what stands in columns.
fn group(finding: &Finding) -> &'static str {
    match finding.kind {
        FindingKind::FreeText => "free text",
        FindingKind::NameOnly => "name only",
        _ if finding.cells_with_hits == 0 => "name only",
        _ => "typed",
    }
}

/// What a finding can be at most: without a person beside it, or of a thing. A cap that held as it was shipped holds here.
fn at_most(finding: &Finding) -> f64 {
    const CAPS: [f64; 3] = [0.4, 0.45, 0.6];
    CAPS.into_iter().find(|cap| (finding.confidence - cap).abs() < 1e-9).unwrap_or(1.0)
}

/// Slope and offset that make the samples most likely, by Newton's method; a weak prior keeps both finite.
fn fit(samples: &[Sample]) -> (f64, f64) {
    let (mut slope, mut offset) = (1.0, 0.0);
    for _ in 0..50 {
        // Gradient and Hessian of the log-likelihood, with a normal prior of variance 1 around (1, 0).
        let (mut gs, mut go, mut hss, mut hso, mut hoo) = (1.0 - slope, -offset, 1.0, 0.0, 1.0);
        for (x, right) in samples {
            let p = 1.0 / (1.0 + (-(slope * x + offset)).exp());
            let (error, weight) = (f64::from(u8::from(*right)) - p, p * (1.0 - p));
            gs += error * x;
            go += error;
            hss += weight * x * x;
            hso += weight * x;
            hoo += weight;
        }
        let determinant = hss * hoo - hso * hso;
        slope += (gs * hoo - go * hso) / determinant;
        offset += (go * hss - gs * hso) / determinant;
    }
    (slope, offset)
}

fn fits<'a>(judged: impl Iterator<Item = &'a Judged>) -> Fits {
    let mut samples: BTreeMap<&str, Vec<Sample>> = BTreeMap::new();
    for (finding, right) in judged.flat_map(Judged::verdicts) {
        samples.entry(group(finding)).or_default().push((finding.log_odds, right));
    }
    samples.into_iter().map(|(group, samples)| (group, fit(&samples))).collect()
}

/// A finding's probability by a fit.
fn scaled(fits: &Fits, finding: &Finding) -> f64 {
    let (slope, offset) = fits.get(group(finding)).copied().unwrap_or((1.0, 0.0));
    (1.0 / (1.0 + (-(slope * finding.log_odds + offset)).exp())).min(at_most(finding))
}

/// Prints the table of confidence against truth and returns the expected calibration error.
fn table(title: &str, verdicts: &[(f64, bool)]) -> f64 {
    println!("\n{title}\nconfidence   findings  mean   true   95 % interval");
    let mut gap = 0.0;
    for step in 0..10 {
        let (from, to) = (f64::from(step) / 10.0, f64::from(step + 1) / 10.0);
        let bin: Vec<_> = verdicts.iter().filter(|it| it.0 >= from && (it.0 < to || step == 9)).collect();
        let count = u32::try_from(bin.len()).unwrap();
        let right = u32::try_from(bin.iter().filter(|it| it.1).count()).unwrap();
        let mean = bin.iter().map(|it| it.0).sum::<f64>() / f64::from(count.max(1));
        let rate = f64::from(right) / f64::from(count.max(1));
        let (low, high) = wilson(right, count);
        println!("{from:.1} to {to:.1}  {count:9}  {mean:.3}  {rate:.3}  [{low:.3}, {high:.3}]");
        gap += (mean - rate).abs() * f64::from(count) / verdicts.len() as f64;
    }
    println!("expected calibration error: {gap:.3}");
    gap
}

/// Prints how far confidences can be believed, and fails where they can't.
pub(crate) fn report(all: &[&Judged]) {
    let shipped: Vec<(f64, bool)> =
        all.iter().flat_map(|it| it.verdicts()).map(|(finding, right)| (finding.confidence, right)).collect();
    let gap = table("as shipped", &shipped);
    let mut left_out = Vec::new();
    for (at, judged) in all.iter().enumerate() {
        let fits = fits(all.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, it)| *it));
        left_out.extend(judged.verdicts().map(|(finding, right)| (scaled(&fits, finding), right)));
    }
    let gap_left_out = table("each schema judged by a fit to the others", &left_out);
    let fits = fits(all.iter().copied());
    for (group, (slope, offset)) in &fits {
        println!("fit to all, {group}: slope {slope:.2}, offset {offset:.2}");
    }
    assert!(gap < 0.05 && gap_left_out < 0.05, "confidences can't be believed");
    let off: f64 =
        all.iter().flat_map(|it| it.verdicts()).map(|(it, _)| (scaled(&fits, it) - it.confidence).abs()).sum();
    let off = off / shipped.len() as f64;
    assert!(off < 0.02, "the scales in src/scan/classify/calibration.rs are {off:.3} from those fitted");
}
