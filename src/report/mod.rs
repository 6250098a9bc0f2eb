//! Reports: from a map's [`Head`] to bytes, one file per format. Nothing here opens a database or needs a key.
//!
//! Every word that a data protection officer reads stands in `texts`, `categories` and `reasons`, in Swedish
//! and English; `overview` counts and orders what all formats for people show.

use std::io::Write;

use crate::map::Head;
use crate::{Error, Result};

mod categories;
mod csv;
mod html;
pub mod json;
mod markdown;
mod numbers;
mod overview;
mod reasons;
#[cfg(test)]
mod sample;
mod summary;
mod texts;

pub use csv::harmless;
pub use summary::summary;

/// The language of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Lang {
    /// Swedish.
    Sv,
    /// English.
    En,
}

impl Lang {
    /// Takes the one of two texts that is in this language. Whoever writes one must write both.
    pub(crate) fn choose<T>(self, sv: T, en: T) -> T {
        match self {
            Self::Sv => sv,
            Self::En => en,
        }
    }
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One self-contained page, for reading and printing.
    Html,
    /// The contract's document, for scripts.
    Json,
    /// One line per finding, for spreadsheets.
    Csv,
    /// Tables that read well in a terminal.
    Markdown,
}

/// What a report shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Language of everything but machine names.
    pub lang: Lang,
    /// Findings below this confidence (0 to 1) are left out.
    pub min_confidence: f64,
    /// Show the sample values that the scan kept, if it was asked to keep any. They are personal data.
    pub show_samples: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { lang: Lang::Sv, min_confidence: 0.5, show_samples: false }
    }
}

/// Writes one report. A reader that went away is [`Error::Closed`], any other failure [`Error::Output`].
pub fn write(format: Format, head: &Head, options: &Options, out: &mut dyn Write) -> Result<()> {
    let bytes = match format {
        Format::Html => html::render(head, options).into_bytes(),
        Format::Json => json::render(head, options),
        Format::Csv => csv::render(head, options),
        Format::Markdown => markdown::render(head, options).into_bytes(),
    };
    out.write_all(&bytes).and_then(|()| out.flush()).map_err(|error| Error::writing("the report", &error))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    struct Broken(io::ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_told_from_a_full_disk() {
        let head = sample::head();
        for format in [Format::Html, Format::Json, Format::Csv, Format::Markdown] {
            let closed = write(format, &head, &Options::default(), &mut Broken(io::ErrorKind::BrokenPipe));
            assert_eq!(closed.unwrap_err().exit(), crate::exit::Exit::Done);
            let full = write(format, &head, &Options::default(), &mut Broken(io::ErrorKind::StorageFull));
            assert_eq!(full.unwrap_err().exit(), crate::exit::Exit::Output);
        }
    }

    #[test]
    fn samples_show_only_when_asked_for() {
        let head = sample::head();
        let value = sample::SAMPLE;
        for format in [Format::Html, Format::Json, Format::Csv, Format::Markdown] {
            for show_samples in [false, true] {
                let mut out = Vec::new();
                write(format, &head, &Options { show_samples, ..Options::default() }, &mut out).unwrap();
                assert_eq!(String::from_utf8(out).unwrap().contains(value), show_samples, "{format:?}");
            }
        }
    }
}
