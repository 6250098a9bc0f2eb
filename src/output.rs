//! Files that tell about persons: readable by their owner only, and complete under their name or not there at all.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::{Error, Result};

/// A file being written beside its target. [`PrivateFile::commit`] puts it in the target's place; dropped before
/// that, it is gone and the target untouched.
#[derive(Debug)]
pub struct PrivateFile {
    target: PathBuf,
    folder: PathBuf,
    file: BufWriter<NamedTempFile>,
}

impl PrivateFile {
    /// Starts a file with mode 0600 in the folder of `path`. Where `path` is a link, the file it points at will be
    /// replaced, not the link.
    pub fn create(path: &Path) -> Result<Self> {
        let failed = |reason: &dyn std::fmt::Display| Error::output(path.display().to_string(), reason);
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        match target.metadata() {
            Ok(there) if there.is_dir() => return Err(failed(&"a folder of that name is there")),
            Ok(there) if !there.is_file() => return Err(failed(&"not an ordinary file")),
            _ => {}
        }
        let name = target.file_name().ok_or_else(|| failed(&"no file name"))?;
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        let mut prefix = std::ffi::OsString::from(".");
        // A name may be as long as the file system allows: leave room for what stands around it.
        prefix.push(if name.len() < 200 { name } else { "sanera".as_ref() });
        prefix.push(".");
        // tempfile makes files with mode 0600.
        let file = tempfile::Builder::new()
            .prefix(&prefix)
            .suffix(".partial")
            .tempfile_in(&folder)
            .map_err(|error| failed(&system(&error)))?;
        Ok(Self { target, folder, file: BufWriter::with_capacity(128 * 1024, file) })
    }

    /// Makes the file durable and puts it in the target's place.
    pub fn commit(self) -> Result<()> {
        let Self { target, folder, file } = self;
        let finish = || -> io::Result<()> {
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            file.persist(&target).map_err(|failed| failed.error)?;
            File::open(&folder)?.sync_all()
        };
        finish().map_err(|error| Error::output(target.display().to_string(), system(&error)))
    }

    /// The library's error for a failed write to this file.
    pub fn failed(&self, error: &io::Error) -> Error {
        Error::output(self.target.display().to_string(), system(error))
    }
}

impl Write for PrivateFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The system's reason in plain words, where possible without the temporary file's name.
pub(crate) fn system(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full".into(),
        io::ErrorKind::NotFound => "no such folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::MetadataExt;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("listed");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }

    fn written(path: &Path, text: &str) -> PrivateFile {
        let mut file = PrivateFile::create(path).expect("created");
        file.write_all(text.as_bytes()).expect("written");
        file
    }

    #[test]
    fn a_committed_file_is_private_and_replaces_the_old_one() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("a.map");
        fs::write(&path, "old").expect("written");
        written(&path, "new").commit().expect("committed");
        assert_eq!(fs::read_to_string(&path).expect("read"), "new");
        assert_eq!(fs::metadata(&path).expect("there").mode() & 0o777, 0o600);
        assert_eq!(names(dir.path()), ["a.map"]);
    }

    #[test]
    fn a_file_not_committed_leaves_nothing() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("a.map");
        fs::write(&path, "old").expect("written");
        let file = written(&path, "new");
        assert_eq!(names(dir.path()).len(), 2);
        drop(file);
        assert_eq!(names(dir.path()), ["a.map"]);
        assert_eq!(fs::read_to_string(&path).expect("read"), "old");
    }

    #[test]
    fn the_file_behind_a_link_is_replaced_not_the_link() {
        let dir = tempfile::tempdir().expect("folder");
        let (path, link) = (dir.path().join("a.map"), dir.path().join("link"));
        fs::write(&path, "old").expect("written");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        written(&link, "new").commit().expect("committed");
        assert_eq!(fs::read_to_string(&path).expect("read"), "new");
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
    }

    #[test]
    fn targets_that_cannot_be_written_are_named() {
        let dir = tempfile::tempdir().expect("folder");
        let missing = dir.path().join("none/a.map");
        let cases: [(&Path, &str); 4] = [
            (dir.path(), "folder of that name"),
            (Path::new("/dev/null"), "not an ordinary file"),
            (&missing, "no such folder"),
            (Path::new(".."), "folder of that name"),
        ];
        for (path, reason) in cases {
            let error = PrivateFile::create(path).expect_err("refused");
            assert!(matches!(error, Error::Output { .. }), "{error}");
            let text = error.to_string();
            assert!(text.contains(reason) && text.contains(&path.display().to_string()), "{text}");
        }
    }

    #[test]
    fn a_name_as_long_as_the_file_system_allows_works() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("x".repeat(255));
        written(&path, "new").commit().expect("committed");
        assert_eq!(fs::read_to_string(&path).expect("read"), "new");
    }

    /// Runs itself again in a process that may write 8 KiB per file only: the write fails as on a full disk.
    #[test]
    fn a_failed_write_leaves_the_old_file() {
        const FOLDER: &str = "SANERA_TEST_SMALL_FILES";
        if let Some(folder) = std::env::var_os(FOLDER) {
            let mut file = PrivateFile::create(&PathBuf::from(folder).join("a.map")).expect("created");
            let error = file.write_all(&vec![b'x'; 1 << 20]).expect_err("over the limit");
            assert!(matches!(file.failed(&error), Error::Output { .. }));
            return;
        }
        let dir = tempfile::tempdir().expect("folder");
        fs::write(dir.path().join("a.map"), "old").expect("written");
        let status = std::process::Command::new("sh")
            .args([
                "-c",
                "trap '' XFSZ; ulimit -f 8; exec \"$0\" --exact output::tests::a_failed_write_leaves_the_old_file",
            ])
            .arg(std::env::current_exe().expect("a path"))
            .env(FOLDER, dir.path())
            .stdout(std::process::Stdio::null())
            .status()
            .expect("started");
        assert!(status.success());
        assert_eq!(names(dir.path()), ["a.map"]);
        assert_eq!(fs::read_to_string(dir.path().join("a.map")).expect("read"), "old");
    }
}
