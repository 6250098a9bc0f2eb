//! `scan`: reads a whole database and writes the location map.

use std::path::{Path, PathBuf};

use sanera::exit::Exit;
use sanera::scan::{Options, Progress, scan};
use sanera::{Result, report};

use super::output::Output;
use super::{Context, SourceArgument, process, progress};

/// Read a database whole and write a map of the personal data in it.
///
/// Nothing in the database is changed. The map is pseudonymised personal data: it is written with mode 0600, and
/// identifiers and row keys stand in it only encrypted.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  sanera scan sqlite:shop.db\n  sanera scan sqlite:shop.db -o shop.map --exclude 'log_*' --json"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    source: SourceArgument,
    /// The map to write
    #[arg(short, value_name = "MAP", default_value = "sanera.map")]
    output: PathBuf,
    /// Read only tables that match (a glob; may be repeated)
    #[arg(long, value_name = "GLOB")]
    tables: Vec<String>,
    /// Leave out tables that match (a glob; may be repeated)
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// A folder with rules and word lists of your own (may be repeated)
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,
    /// Read only about N rows of each table; the report says so
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    sample: Option<u64>,
    /// Keep a few values of each finding in the map, in the clear. They are personal data
    #[arg(long)]
    show_samples: bool,
    /// Read views too; they can run functions of the database
    #[arg(long)]
    views: bool,
    /// Read one state of the database even where it can't be shared (MariaDB, MySQL): with a single reader
    #[arg(long)]
    strict_snapshot: bool,
    /// Read at most so many megabytes per second
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u64).range(1..))]
    max_rate: Option<u64>,
    /// With --json: leave out findings below this probability
    #[arg(long, value_name = "P", default_value_t = 0.5)]
    min_confidence: f64,
}

impl Arguments {
    pub(crate) fn run(self, context: &Context) -> Result<Exit> {
        process::busy();
        let source = self.source.source()?;
        let detector = Context::detector(&self.rules)?;
        let key = context.key()?;
        let options = Options {
            jobs: context.jobs(),
            memory: context.memory(),
            tables: self.tables,
            exclude: self.exclude,
            sample: self.sample,
            samples: self.show_samples,
            views: self.views,
            strict_snapshot: self.strict_snapshot,
            max_rate: self.max_rate,
        };
        let seen = Progress::default();
        let scan = progress::show(&seen, context.common.quiet, || {
            scan(&source, &detector, &key, &options, &self.output, &seen, &context.cancel)
        })?;
        let shown = report::Options {
            lang: context.lang(),
            min_confidence: self.min_confidence,
            show_samples: self.show_samples,
        };
        if context.common.json {
            let mut out = Output::open(None)?;
            let written = report::write(report::Format::Json, &scan.head, &shown, &mut out);
            out.ended(written)?;
        }
        context.say(report::summary(&scan.head, &shown, terminal_width()).trim_end());
        context.say(format_args!("\nMap: {} ({} postings)", display(&self.output), scan.written.postings));
        Ok(if scan.head.unreadable.is_empty() { Exit::Done } else { Exit::Incomplete })
    }
}

fn display(path: &Path) -> String {
    sanera::sensitive::printable(&path.to_string_lossy())
}

/// The terminal's width, or that of a printed page where there is none.
fn terminal_width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(100)
}
