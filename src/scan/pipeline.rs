//! Readers -> bounded queue -> workers -> one collector.
//!
//! Partitions do not depend on the number of jobs, evidence adds up in any order and postings are sorted: the result
//! is the same at any number of jobs.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use super::memory::Budget;
use super::worker::{ColumnPlan, Outcome, Worker, places_per_column};
use super::{Options, Progress, Seen, Work, selection};
use crate::catalog::{Catalog, Column, Table};
use crate::db::{Batch, BatchPool, Cancel, Consistency, Database, Partition, Purpose, Request, Snapshot, Source};
use crate::detect::Detector;
use crate::finding::{Category, Unreadable};
use crate::map::PostingsBuilder;
use crate::secret::{BlindIndex, Key};
use crate::{Error, Result};

/// One scan's inputs.
pub(super) struct Run<'a> {
    pub(super) source: &'a Source,
    pub(super) catalog: &'a Catalog,
    pub(super) detector: &'a Detector,
    pub(super) key: &'a Key,
    pub(super) options: &'a Options,
    pub(super) budget: Budget,
    /// Reading threads.
    pub(super) readers: usize,
    /// The state that all readers see, where the engine can hold one.
    pub(super) snapshot: Option<&'a Snapshot>,
    /// When the scan began, before it looked at anything.
    pub(super) begun: Begun,
    pub(super) progress: &'a Progress,
    pub(super) cancel: &'a Cancel,
}

/// A moment, and what the database was then.
pub(super) struct Begun {
    pub(super) at: Instant,
    pub(super) version: i64,
}

/// Places inside nested data that are remembered one by one. Only somebody who makes up keys reaches this.
const MOST_PLACES: usize = 1_000_000;

/// What comes to the collector.
enum Message {
    Looked(Box<Outcome>),
    Failed(Unreadable),
    Broken(Error),
}

/// A partition to read, with the position of its table in the work.
struct Task {
    work: usize,
    partition: Partition,
    /// Rows after which to stop.
    rows: Option<u64>,
}

impl Run<'_> {
    pub(super) fn run(&self, database: &mut Database, work: &[Work], postings: &mut PostingsBuilder) -> Result<Seen> {
        let mut seen = Seen::default();
        for item in work {
            for column in &item.columns {
                seen.columns.insert((item.table, *column), super::ColumnEvidence::default());
            }
        }
        let tasks = self.tasks(database, work, &mut seen)?;
        let plans = self.plans(work);
        let moments = Mutex::new(Vec::new());
        let stop = AtomicBool::new(false);
        let result = thread::scope(|scope| {
            let messages = self.start(scope, tasks, work, &plans, &moments, &stop);
            let result = self.collect(&messages, work, &mut seen, postings);
            // Readers and workers that wait to send see the end of the channel and stop.
            stop.store(true, Ordering::Relaxed);
            drop(messages);
            result
        });
        if self.cancel.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        result?;
        if database.data_version()? != self.begun.version {
            seen.skew_s = match database.consistency() {
                Consistency::OneSnapshot => 0.0,
                Consistency::PerReader => spread(&moments),
                Consistency::Watched => self.begun.at.elapsed().as_secs_f64(),
            };
        }
        Ok(seen)
    }

    /// All partitions of all tables; a table that can't even be cut is listed as unreadable.
    fn tasks(&self, database: &mut Database, work: &[Work], seen: &mut Seen) -> Result<Vec<Task>> {
        let mut tasks = Vec::new();
        for (index, item) in work.iter().enumerate() {
            match database.partitions(item.table, &self.catalog.tables[item.table]) {
                Ok(partitions) => {
                    let rows = self.options.sample.map(|rows| rows.div_ceil(partitions.len().max(1) as u64));
                    let task = |partition| Task { work: index, partition, rows };
                    tasks.extend(partitions.into_iter().map(task));
                }
                Err(Error::Table { table, reason }) => seen.unreadable.push(Unreadable { table, column: None, reason }),
                Err(error) => return Err(error),
            }
        }
        let expected = tasks.iter().map(|task| task.rows.unwrap_or(u64::MAX).min(task.partition.rows_estimate)).sum();
        self.progress.expected.store(expected, Ordering::Relaxed);
        Ok(tasks)
    }

    /// How each column of each table is looked at.
    fn plans(&self, work: &[Work]) -> Vec<Vec<ColumnPlan>> {
        let mut first_place = 0;
        let mut plan = |table: &Table, column: usize| {
            let column = &table.columns[column];
            let selection = selection::of_column(self.detector, table, column);
            let named = self.named(table, column);
            let around = [table.name.name.clone(), column.name.clone()];
            let declared = column.declared_type.clone();
            let plan = ColumnPlan { selection, declared, around, named, first_place };
            first_place += places_per_column();
            plan
        };
        work.iter()
            .map(|item| {
                let table = &self.catalog.tables[item.table];
                item.columns.iter().map(|column| plan(table, *column)).collect()
            })
            .collect()
    }

    /// The category of names that a column's name promises.
    fn named(&self, table: &Table, column: &Column) -> Option<Category> {
        let vocabulary = self.detector.vocabulary();
        let evidence = vocabulary.read_in(vocabulary.called(table, &column.name), &[&table.name.name]);
        [Category::PersonName, Category::GivenName, Category::FamilyName]
            .into_iter()
            .find(|category| evidence.word(*category).is_some_and(|word| word.exact))
    }

    /// Starts readers and workers; what they find comes through the returned channel, which ends when all are done.
    fn start<'scope, 'env>(
        &'env self,
        scope: &'scope Scope<'scope, 'env>,
        tasks: Vec<Task>,
        work: &'env [Work],
        plans: &'env [Vec<ColumnPlan>],
        moments: &'env Mutex<Vec<Instant>>,
        stop: &'env AtomicBool,
    ) -> Receiver<Message> {
        let jobs = self.budget.jobs;
        let pool = std::sync::Arc::new(self.budget.pool());
        let (task_sender, task_queue) = unbounded();
        for task in tasks {
            task_sender.send(task).expect("the receiver is here");
        }
        drop(task_sender);
        let (batch_sender, batch_queue) = bounded::<(usize, Batch)>(self.budget.batches());
        let (message_sender, messages) = bounded::<Message>(jobs);
        let rate = std::sync::Arc::new(Rate::new(self.options.max_rate));
        for _ in 0..self.readers {
            let reader = Reader {
                run: self,
                work,
                pool: pool.clone(),
                batches: batch_sender.clone(),
                messages: message_sender.clone(),
                rate: rate.clone(),
                moments,
                stop,
            };
            let queue = task_queue.clone();
            scope.spawn(move || reader.read_all(&queue));
        }
        let index = std::sync::Arc::new(BlindIndex::new(self.key));
        for _ in 0..jobs {
            let (queue, messages, pool) = (batch_queue.clone(), message_sender.clone(), pool.clone());
            let index = index.clone();
            scope.spawn(move || {
                let mut worker = Worker::new(self.detector, &index, self.options.samples);
                for (work, batch) in &queue {
                    let outcome = worker.look(work, &batch, &plans[work]);
                    pool.give(batch);
                    if messages.send(Message::Looked(Box::new(outcome))).is_err() {
                        // The collector has given up: empty the queue so that no reader waits for a batch.
                        queue.iter().for_each(|(_, batch)| pool.give(batch));
                    }
                }
            });
        }
        messages
    }

    fn collect(
        &self,
        messages: &Receiver<Message>,
        work: &[Work],
        seen: &mut Seen,
        postings: &mut PostingsBuilder,
    ) -> Result<()> {
        let mut failed: BTreeMap<String, Unreadable> = BTreeMap::new();
        for message in messages {
            match message {
                Message::Looked(outcome) => {
                    let item = &work[outcome.work];
                    self.progress.add(outcome.rows, outcome.bytes);
                    seen.rows += outcome.rows;
                    for (hash, place, key) in outcome.postings.iter() {
                        if seen.places.len() < MOST_PLACES || !place.is_nested() {
                            seen.places.insert(place);
                        }
                        postings.push(hash, place, key)?;
                    }
                    let mut structured = false;
                    for (column, evidence) in item.columns.iter().zip(outcome.columns) {
                        structured |= !evidence.nested.is_empty();
                        seen.columns.entry((item.table, *column)).or_default().merge(evidence);
                    }
                    if structured {
                        seen.keep_paths(self.budget.paths);
                    }
                }
                // Several partitions of one table fail for one reason, once told.
                Message::Failed(unreadable) => {
                    failed.insert(format!("{}: {}", unreadable.table, unreadable.reason), unreadable);
                }
                Message::Broken(error) => return Err(error),
            }
        }
        seen.unreadable.extend(failed.into_values());
        Ok(())
    }
}

/// One reading thread.
struct Reader<'a> {
    run: &'a Run<'a>,
    work: &'a [Work],
    pool: std::sync::Arc<BatchPool>,
    batches: Sender<(usize, Batch)>,
    messages: Sender<Message>,
    rate: std::sync::Arc<Rate>,
    moments: &'a Mutex<Vec<Instant>>,
    stop: &'a AtomicBool,
}

impl Reader<'_> {
    fn read_all(&self, tasks: &Receiver<Task>) {
        let run = self.run;
        let connected = Database::open(run.source, Purpose::Read, run.cancel)
            .and_then(|mut database| database.begin_read(run.snapshot).map(|_| database));
        let mut database = match connected {
            Ok(database) => database,
            Err(error) => return drop(self.messages.send(Message::Broken(error))),
        };
        self.moments.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
        for task in tasks {
            if self.stop.load(Ordering::Relaxed) || run.cancel.load(Ordering::Relaxed) {
                return;
            }
            let failure = match self.read(&mut database, &task) {
                Ok(()) => continue,
                Err(Error::Table { table, reason }) => Message::Failed(Unreadable { table, column: None, reason }),
                Err(error) => Message::Broken(error),
            };
            if self.messages.send(failure).is_err() {
                return;
            }
        }
    }

    fn read(&self, database: &mut Database, task: &Task) -> Result<()> {
        let item = &self.work[task.work];
        let table = &self.run.catalog.tables[item.table];
        self.run.progress.set_table(&table.name);
        let request = Request { table, columns: &item.columns, partition: &task.partition, limit: task.rows };
        let mut rows = 0;
        database.read(&request, &self.pool, &mut |batch| {
            rows += batch.rows as u64;
            self.rate.wait(batch.size(), self.run.cancel);
            if self.batches.send((task.work, batch)).is_err() || self.stop.load(Ordering::Relaxed) {
                return ControlFlow::Break(());
            }
            if task.rows.is_some_and(|limit| rows >= limit) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
    }
}

/// Seconds between the first moment and the last.
fn spread(moments: &Mutex<Vec<Instant>>) -> f64 {
    let moments = moments.lock().unwrap_or_else(PoisonError::into_inner);
    let ends = moments.iter().min().zip(moments.iter().max());
    ends.map_or(0.0, |(first, last)| (*last - *first).as_secs_f64())
}

/// How long a waiting reader takes to notice an interruption.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Keeps all readers together under a number of bytes per second.
struct Rate {
    bytes_per_second: Option<u64>,
    started: Instant,
    bytes: AtomicU64,
}

impl Rate {
    fn new(megabytes: Option<u64>) -> Self {
        let bytes_per_second = megabytes.map(|megabytes| megabytes.max(1) * 1_000_000);
        Self { bytes_per_second, started: Instant::now(), bytes: AtomicU64::new(0) }
    }

    /// Counts bytes that were read and waits until they are due, or the scan is interrupted.
    fn wait(&self, bytes: usize, cancel: &AtomicBool) {
        let Some(rate) = self.bytes_per_second else { return };
        let total = self.bytes.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        let due = Duration::from_secs_f64(total as f64 / rate as f64);
        while let Some(early) = due.checked_sub(self.started.elapsed()).filter(|early| !early.is_zero()) {
            if cancel.load(Ordering::Relaxed) {
                return;
            }
            thread::sleep(early.min(LOOK_EVERY));
        }
    }
}
