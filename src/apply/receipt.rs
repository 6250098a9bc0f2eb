//! The receipt: what was done, for the file. It holds no personal data.

use serde::Serialize;

use super::Options;
use crate::plan::{Effect, Plan};

/// What came of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The document's version.
    pub version: u32,
    /// The plan.
    pub plan: String,
    /// How it ended.
    pub outcome: Outcome,
    /// When, RFC 3339 in UTC; for a plan that was applied before, that time.
    pub at: String,
    /// When this run began.
    pub started: String,
    /// When this run was done, the cleaning included.
    pub finished: String,
    /// Why, as the user said.
    pub reason: Option<String>,
    /// What happened, by table.
    pub effect: Vec<Effect>,
    /// Copies that stay behind, those that no purge can reach last. A run that finds the plan applied does not know of an
    /// earlier purge.
    pub residue: Vec<String>,
    #[serde(skip)]
    unreachable: usize,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything was read and is as the plan saw it; nothing was written.
    Checked,
    /// Everything ran and was rolled back.
    Rehearsed,
    /// Committed.
    Applied,
    /// Committed by an earlier run; nothing was done now.
    AlreadyApplied,
}

impl Receipt {
    pub(super) fn new(plan: &Plan, options: &Options, outcome: Outcome) -> Self {
        let committed = matches!(outcome, Outcome::Applied | Outcome::AlreadyApplied);
        let residue = [plan.side.residue.clone()].into_iter().chain(plan.side.unreachable.iter().cloned());
        Self {
            version: 1,
            plan: plan.side.plan_id().to_owned(),
            outcome,
            at: options.now.to_string(),
            started: options.now.to_string(),
            finished: options.now.to_string(),
            reason: options.reason.clone(),
            effect: plan.side.effect.clone(),
            residue: if committed { residue.collect() } else { Vec::new() },
            unreachable: if committed { plan.side.unreachable.len() } else { 0 },
        }
    }

    pub(super) fn already(plan: &Plan, options: &Options, at: String) -> Self {
        Self { at, ..Self::new(plan, options, Outcome::AlreadyApplied) }
    }

    /// Whether copies stay that a purge would have removed.
    pub fn holds_residue(&self) -> bool {
        self.residue.len() > self.unreachable
    }

    /// Notes how the cleaning after the commit went: the erasure itself stands either way.
    pub(super) fn purged(&mut self, plan: &Plan, left: Vec<String>) {
        let left = left.into_iter().map(|it| format!("old {it}"));
        self.residue = left.chain(plan.side.unreachable.iter().cloned()).collect();
        self.unreachable = plan.side.unreachable.len();
    }

    /// Notes the time.
    pub(super) fn finished(mut self) -> Self {
        self.finished = jiff::Timestamp::now().to_string();
        self
    }
}
