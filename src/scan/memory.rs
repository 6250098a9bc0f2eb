//! How the memory that a scan may use is shared out. The shares are measured, not counted at run time: see
//! `memory_stays_within_the_limit` in tests/scan.rs.

use crate::db::BatchPool;

/// Shares of `--memory`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Budget {
    /// Reader and worker threads, each; fewer than asked for where the memory is too small for them.
    pub(super) jobs: usize,
    /// Bytes of text in a batch.
    pub(super) batch_bytes: usize,
    /// Paths inside structured cells that are told apart, over all columns.
    pub(super) paths: usize,
    /// Bytes of postings that are held before they are written out in sorted runs.
    pub(super) postings: usize,
}

const MB: usize = 1_000_000;

/// The program itself: code (more of it without optimisation), rules, word lists and their compiled automata, the catalog.
const PROGRAM: usize = if cfg!(debug_assertions) { 54 } else { 46 } * MB;

/// What a job needs beside its batches: two stacks, caches of the automata, the database's page cache.
const JOB: usize = 5 * MB;

/// Batches that a reader may have under way: one it fills, one for a long cell, and some that wait.
const BATCHES: usize = 4;

/// A batch of text costs its double at worst, since buffers grow by doubling; its hits, postings and evidence about as
/// much again.
const COST: usize = 4;

/// What is known of a path: counts and some sketches of different values.
const PATH: usize = 16 * 1024;

/// Beyond this a batch gains nothing.
const LARGEST_BATCH: usize = 512 * 1024;

/// Below this a batch costs more in handing over than in reading.
const SMALLEST_BATCH: usize = 64 * 1024;

impl Budget {
    /// Shares out `memory` bytes among at most `jobs`.
    pub(super) fn new(memory: usize, jobs: usize) -> Self {
        let free = memory.saturating_sub(PROGRAM);
        let least = JOB + SMALLEST_BATCH * BATCHES * COST;
        let jobs = jobs.clamp(1, (free / least).max(1));
        let share = free.saturating_sub(jobs * JOB) / 2;
        let batch_bytes = (share / (jobs * BATCHES * COST)).clamp(SMALLEST_BATCH, LARGEST_BATCH);
        // Sorting and merging need as much again.
        Self { jobs, batch_bytes, paths: free / 10 / PATH, postings: share / 2 }
    }

    /// The batches that go round.
    pub(super) fn pool(&self) -> BatchPool {
        BatchPool::new(self.batches(), self.batch_bytes)
    }

    /// How many go round.
    pub(super) fn batches(&self) -> usize {
        self.jobs * BATCHES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_as_many_as_asked_for_where_memory_allows() {
        assert_eq!(Budget::new(512 * MB, 8).jobs, 8);
        assert_eq!(Budget::new(512 * MB, 8).batch_bytes, LARGEST_BATCH);
        let small = Budget::new(80 * MB, 16);
        assert!((2..16).contains(&small.jobs), "{small:?}");
        assert!(small.batch_bytes >= SMALLEST_BATCH);
        assert_eq!(Budget::new(0, 2).jobs, 1, "there is always one");
    }
}
