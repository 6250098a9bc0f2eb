//! Where the installation's key comes from: an option, the environment, or a file of its own made on first use.

use std::ffi::OsString;
use std::fs::{DirBuilder, File};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Key, hex};
use crate::{Error, Result};

/// The key, and whether it was made just now.
#[derive(Debug)]
pub struct LoadedKey {
    /// The key.
    pub key: Key,
    /// The file that was made for it on first use: its path is told to the user.
    pub created: Option<PathBuf>,
}

impl Key {
    /// The installation's key: of `key_file` if given, else of `SANERA_KEY_FILE`, else `SANERA_KEY` itself, else the
    /// file `sanera/key` in the user's configuration folder, which is made if it is not there.
    pub fn load(key_file: Option<&Path>) -> Result<LoadedKey> {
        load(key_file, &|name| std::env::var_os(name))
    }

    /// Where [`Key::load`] would find a usable key; none if it would make one.
    pub fn locate(key_file: Option<&Path>) -> Result<Option<String>> {
        let shown = |path: &Path| Some(path.display().to_string());
        Ok(match Origin::of(key_file, &|name| std::env::var_os(name))? {
            Origin::File(path) => read(&path).map(|_| shown(&path))?,
            Origin::Variable(digits) => parse(&digits, KEY_VARIABLE).map(|_| Some(KEY_VARIABLE.to_owned()))?,
            Origin::Folder(folder) => {
                let path = folder.join("key");
                if path.symlink_metadata().is_ok() { read(&path).map(|_| shown(&path))? } else { None }
            }
        })
    }
}

const KEY_VARIABLE: &str = "SANERA_KEY";

/// Where a key comes from.
enum Origin {
    /// A file that the user names.
    File(PathBuf),
    /// The digits themselves.
    Variable(Zeroizing<Vec<u8>>),
    /// Our own folder.
    Folder(PathBuf),
}

impl Origin {
    /// An empty variable counts as none.
    fn of(key_file: Option<&Path>, environment: &dyn Fn(&str) -> Option<OsString>) -> Result<Self> {
        let variable = |name: &str| environment(name).filter(|value| !value.is_empty());
        if let Some(path) = key_file {
            return Ok(Self::File(path.to_owned()));
        }
        if let Some(path) = variable("SANERA_KEY_FILE") {
            return Ok(Self::File(path.into()));
        }
        if let Some(digits) = variable(KEY_VARIABLE) {
            return Ok(Self::Variable(Zeroizing::new(digits.into_encoded_bytes())));
        }
        // The XDG specification: a relative path is invalid and ignored.
        let absolute = |value: OsString| Some(PathBuf::from(value)).filter(|path: &PathBuf| path.is_absolute());
        variable("XDG_CONFIG_HOME")
            .and_then(absolute)
            .or_else(|| variable("HOME").and_then(absolute).map(|home| home.join(".config")))
            .map(|folder| Self::Folder(folder.join("sanera")))
            .ok_or_else(|| Error::Key("no place for a key: HOME is not set; give one with --key-file".into()))
    }
}

/// [`Key::load`] with the environment as an argument.
fn load(key_file: Option<&Path>, environment: &dyn Fn(&str) -> Option<OsString>) -> Result<LoadedKey> {
    match Origin::of(key_file, environment)? {
        Origin::File(path) => read(&path).map(existing),
        Origin::Variable(digits) => parse(&digits, KEY_VARIABLE).map(existing),
        Origin::Folder(folder) => read_or_make(&folder),
    }
}

fn existing(key: Key) -> LoadedKey {
    LoadedKey { key, created: None }
}

/// The key in `folder`, made if there is none.
fn read_or_make(folder: &Path) -> Result<LoadedKey> {
    let path = folder.join("key");
    if path.symlink_metadata().is_ok() {
        return read(&path).map(existing);
    }
    let key = Key::random()?;
    match save(&key, folder, &path) {
        Ok(()) => Ok(LoadedKey { key, created: Some(path) }),
        // Another sanera was first: its key counts.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(&path).map(existing),
        Err(error) => Err(Error::output(path.display().to_string(), error)),
    }
}

/// Writes a new key file. It appears under its name complete or not at all, and never replaces another.
fn save(key: &Key, folder: &Path, path: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // tempfile makes files with mode 0600.
    let mut file = tempfile::Builder::new().prefix(".key.").tempfile_in(folder)?;
    let line = Zeroizing::new(hex(&key.0) + "\n");
    file.write_all(line.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|failed| failed.error)?;
    File::open(folder)?.sync_all()
}

/// Reads a key file that only its owner, who runs this, may read.
fn read(path: &Path) -> Result<Key> {
    let shown = path.display();
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            Error::Key(format!("{shown}: no such key file; make one with: (umask 077; openssl rand -hex 32 > {shown})"))
        }
        _ => Error::Key(format!("{shown}: {error}")),
    })?;
    // Asked of the open file, so that it can't be exchanged in between.
    let meta = file.metadata().map_err(|error| Error::Key(format!("{shown}: {error}")))?;
    if meta.is_dir() {
        return Err(Error::Key(format!("{shown}: is a folder, not a key file")));
    }
    if meta.uid() != rustix::process::geteuid().as_raw() {
        return Err(Error::Key(format!(
            "{shown}: the key file belongs to another user; run: chown \"$(id -u)\" {shown}"
        )));
    }
    if meta.mode() & 0o177 != 0 {
        return Err(Error::Key(format!("{shown}: the key file is wider than mode 0600; run: chmod 600 {shown}")));
    }
    let mut text = Zeroizing::new(Vec::with_capacity(128));
    file.take(128).read_to_end(&mut text).map_err(|error| Error::Key(format!("{shown}: {error}")))?;
    parse(&text, &shown.to_string())
}

/// Reads the digits of a key; errors name where they stand and never quote them.
fn parse(text: &[u8], origin: &str) -> Result<Key> {
    let digits = text.trim_ascii_end();
    std::str::from_utf8(digits).ok().and_then(Key::from_hex).ok_or_else(|| {
        Error::Key(format!(
            "{origin}: not a key: expected 64 hexadecimal digits, found {} bytes that are not that",
            digits.len()
        ))
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const DIGITS: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a temporary folder")
    }

    fn write(path: &Path, text: &str, mode: u32) {
        fs::write(path, text).expect("written");
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("chmod");
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("there").mode() & 0o777
    }

    /// The environment made of these variables only.
    fn with(key_file: Option<&Path>, variables: &[(&str, &Path)]) -> Result<LoadedKey> {
        load(key_file, &|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_os_str().to_owned())
        })
    }

    fn refused(result: Result<LoadedKey>) -> String {
        let error = result.expect_err("refused");
        assert!(matches!(error, Error::Key(_)), "{error}");
        let text = error.to_string();
        assert!(!text.contains("00112233"), "quotes the key: {text}");
        text
    }

    #[test]
    fn the_first_source_wins() {
        let dir = folder();
        let (a, b) = (dir.path().join("a"), dir.path().join("b"));
        write(&a, &format!("{}\n", DIGITS.replace('0', "a")), 0o600);
        write(&b, &format!("{}\r\n", DIGITS.replace('0', "b")), 0o400);
        let all = [("SANERA_KEY_FILE", b.as_path()), ("SANERA_KEY", Path::new(DIGITS)), ("HOME", dir.path())];
        let id = |result: Result<LoadedKey>| result.expect("a key").key.id();
        let expected = |digit: &str| Key::from_hex(&DIGITS.replace('0', digit)).expect("digits").id();
        assert_eq!(id(with(Some(&a), &all)), expected("a"));
        assert_eq!(id(with(None, &all)), expected("b"));
        assert_eq!(id(with(None, &all[1..])), expected("0"));
        assert_eq!(id(with(None, &[("SANERA_KEY_FILE", Path::new("")), all[1]])), expected("0"));
        assert!(!dir.path().join(".config").exists(), "nothing is made while another source holds");
    }

    #[test]
    fn the_first_use_makes_a_private_key_and_the_second_reads_it() {
        let dir = folder();
        for (variable, inside) in [("HOME", ".config/sanera/key"), ("XDG_CONFIG_HOME", "sanera/key")] {
            let path = dir.path().join(inside);
            let first = with(None, &[(variable, dir.path())]).expect("made");
            assert_eq!(first.created.as_deref(), Some(path.as_path()));
            assert_eq!(mode(&path), 0o600);
            assert_eq!(mode(path.parent().expect("a folder")), 0o700);
            let text = fs::read_to_string(&path).expect("text");
            assert_eq!(text.len(), 65);
            assert!(text.ends_with('\n'));
            let second = with(None, &[(variable, dir.path())]).expect("read");
            assert_eq!((second.key.id(), second.created), (first.key.id(), None));
            assert_eq!(fs::read_dir(path.parent().expect("a folder")).expect("listed").count(), 1);
        }
    }

    #[test]
    fn a_race_for_the_first_key_has_one_winner() {
        let dir = folder();
        let loaded: Vec<LoadedKey> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| with(None, &[("HOME", dir.path())]))).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic").expect("a key")).collect()
        });
        assert!(loaded.iter().all(|one| one.key.id() == loaded[0].key.id()));
        assert_eq!(loaded.iter().filter(|one| one.created.is_some()).count(), 1);
    }

    #[test]
    fn a_key_file_that_others_may_read_is_refused() {
        let dir = folder();
        let path = dir.path().join("key");
        for wide in [0o640, 0o604, 0o660, 0o644, 0o700] {
            write(&path, DIGITS, wide);
            let text = refused(with(Some(&path), &[]));
            assert!(text.contains(&format!("chmod 600 {}", path.display())), "{text}");
        }
    }

    #[test]
    fn a_key_file_of_another_user_is_refused() {
        let dir = folder();
        let path = dir.path().join("key");
        write(&path, DIGITS, 0o600);
        // Only root can give a file away; anybody else meets the system's own refusal.
        if std::os::unix::fs::chown(&path, Some(12345), None).is_ok() {
            assert!(refused(with(Some(&path), &[])).contains("another user"));
        }
    }

    #[test]
    fn wrong_contents_are_refused_by_name() {
        let dir = folder();
        let path = dir.path().join("key");
        let long = format!("{DIGITS}{DIGITS}{DIGITS}");
        for wrong in ["", "\n", &DIGITS[2..], &long, &DIGITS.replace("ff", "fg"), &DIGITS.replace("ff", "å")] {
            write(&path, wrong, 0o600);
            assert!(refused(with(Some(&path), &[])).contains(&path.display().to_string()));
        }
        assert!(refused(with(None, &[("SANERA_KEY", Path::new("0011223344"))])).contains("SANERA_KEY"));
        assert!(refused(with(Some(&dir.path().join("none")), &[])).contains("openssl rand -hex 32"));
        assert!(refused(with(Some(dir.path()), &[])).contains("folder"));
        assert!(refused(with(None, &[])).contains("--key-file"));
    }
}
