//! `report`: a map as a page or a document.

use std::path::PathBuf;

use clap::ValueEnum;
use sanera::exit::Exit;
use sanera::map::Map;
use sanera::{Result, report};

use super::Context;
use super::output::Output;

/// Write a report of what a map found. Needs no key and no database.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  sanera report sanera.map --lang sv -o rapport.html")]
pub(crate) struct Arguments {
    /// The map
    #[arg(default_value = "sanera.map")]
    map: PathBuf,
    /// The file to write [default: standard output]
    #[arg(short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The format [default: by the file's ending, else markdown]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Leave out findings below this probability
    #[arg(long, value_name = "P", default_value_t = 0.5)]
    min_confidence: f64,
    /// Show the values that a scan with --show-samples kept. They are personal data
    #[arg(long)]
    show_samples: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Html,
    Json,
    Csv,
    Markdown,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context) -> Result<Exit> {
        let map = Map::open(&self.map)?;
        let options = report::Options {
            lang: context.lang(),
            min_confidence: self.min_confidence,
            show_samples: self.show_samples,
        };
        let mut out = Output::open(self.output.as_deref())?;
        let written = report::write(self.format(context), map.head(), &options, &mut out);
        out.ended(written)?;
        Ok(if map.head().unreadable.is_empty() { Exit::Done } else { Exit::Incomplete })
    }

    fn format(&self, context: &Context) -> report::Format {
        let ending = self.output.as_deref().and_then(|path| path.extension()?.to_str());
        let by_ending = || match ending {
            _ if context.common.json => Format::Json,
            Some("html" | "htm") => Format::Html,
            Some("json") => Format::Json,
            Some("csv") => Format::Csv,
            _ => Format::Markdown,
        };
        match self.format.unwrap_or_else(by_ending) {
            Format::Html => report::Format::Html,
            Format::Json => report::Format::Json,
            Format::Csv => report::Format::Csv,
            Format::Markdown => report::Format::Markdown,
        }
    }
}
