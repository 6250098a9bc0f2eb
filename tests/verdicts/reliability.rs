//! Whether a confidence can be believed: of the findings with a confidence around 0.8, are 8 of 10 true?

use sanera::finding::Finding;

use crate::judge::{Judged, wilson};

/// Prints the table of confidence against truth, and fails where they are far apart.
pub(crate) fn report(all: &[&Judged]) {
    let verdicts: Vec<(&Finding, bool)> = all.iter().flat_map(|judged| judged.verdicts()).collect();
    println!("\nconfidence   findings  mean   true   interval");
    let mut gap = 0.0;
    for step in 0..10 {
        let (from, to) = (f64::from(step) / 10.0, f64::from(step + 1) / 10.0);
        let within = |it: &&(&Finding, bool)| it.0.confidence >= from && (it.0.confidence < to || step == 9);
        let bin: Vec<_> = verdicts.iter().filter(within).collect();
        let count = u32::try_from(bin.len()).unwrap();
        let right = u32::try_from(bin.iter().filter(|it| it.1).count()).unwrap();
        let mean = bin.iter().map(|it| it.0.confidence).sum::<f64>() / f64::from(count.max(1));
        let rate = f64::from(right) / f64::from(count.max(1));
        let (low, high) = wilson(right, count);
        println!("{from:.1} to {to:.1}  {count:9}  {mean:.3}  {rate:.3}  [{low:.3}, {high:.3}]");
        gap += (mean - rate).abs() * f64::from(count) / verdicts.len() as f64;
    }
    println!("expected calibration error: {gap:.3}");
}
