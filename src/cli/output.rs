//! Where results go: standard output, or a private file that appears only when it is complete.

use std::io::{self, BufWriter, Stdout, Write};
use std::path::Path;

use sanera::exit::Exit;
use sanera::output::PrivateFile;
use sanera::{Error, Result};
use serde_json::json;

use super::{Context, process};

/// A result being written.
pub(crate) enum Output {
    Stdout(BufWriter<Stdout>),
    File(Box<PrivateFile>),
}

impl Output {
    /// The file of `-o`, or standard output (also for `-o -`).
    pub(crate) fn open(path: Option<&Path>) -> Result<Self> {
        match path {
            Some(path) if path != Path::new("-") => {
                // Until it is complete there is a temporary file to tidy up.
                process::busy();
                Ok(Self::File(Box::new(PrivateFile::create(path)?)))
            }
            _ => Ok(Self::Stdout(BufWriter::new(io::stdout()))),
        }
    }

    /// Ends the result: only now is a file there under its name.
    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush().map_err(|error| failed(&error)),
            Self::File(file) => file.commit(),
        }
    }

    /// Writes a whole result.
    pub(crate) fn write_to(path: Option<&Path>, bytes: &[u8]) -> Result<()> {
        Self::open(path)?.whole(bytes)
    }

    /// Writes a result as one JSON document and a line end.
    pub(crate) fn write_json(path: Option<&Path>, document: &impl serde::Serialize) -> Result<()> {
        Self::open(path)?.json(document)
    }

    fn whole(mut self, bytes: &[u8]) -> Result<()> {
        let written = self.write_all(bytes).map_err(|error| failed(&error));
        self.ended(written)
    }

    /// Ends a result that was written, or not. A reader that has gone away takes nothing from what the command has to
    /// tell by its exit code.
    pub(crate) fn ended(self, written: Result<()>) -> Result<()> {
        match written.and_then(|()| self.finish()) {
            Err(Error::Closed) => Ok(()),
            done => done,
        }
    }

    /// As [`Output::write_json`], to an output that is open already.
    pub(crate) fn json(self, document: &impl serde::Serialize) -> Result<()> {
        let mut bytes = serde_json::to_vec_pretty(document).map_err(|error| Error::output("JSON", error))?;
        bytes.push(b'\n');
        self.whole(&bytes)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File(file) => file.flush(),
        }
    }
}

/// What a check of a user's file found.
#[derive(Default)]
pub(crate) struct Problems(pub(crate) Vec<String>);

impl Problems {
    /// Those that the library renders, with an empty line between two.
    pub(crate) fn rendered(text: &str) -> Self {
        Self(text.split("\n\n").map(str::to_owned).collect())
    }

    /// Writes them to standard output; any is a violation.
    pub(crate) fn show(&self, context: &Context) -> Result<Exit> {
        let ok = self.0.is_empty();
        if context.common.json {
            Output::write_json(None, &json!({"version": 1, "ok": ok, "problems": self.0}))?;
        } else if !ok {
            Output::write_to(None, (self.0.join("\n\n") + "\n").as_bytes())?;
        }
        Ok(if ok { Exit::Done } else { Exit::Violations })
    }
}

/// A failed write; a reader that has gone away is no error of ours.
pub(crate) fn failed(error: &io::Error) -> Error {
    Error::writing("standard output", error)
}
