//! Results out: files that are there whole or not at all.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// The error for a path.
pub fn file_error(path: &Path, source: io::Error) -> Error {
    Error::File { path: path.to_owned(), source }
}

/// A file that takes its name only when it is whole. Dropped before, it leaves nothing behind, and
/// what had the name keeps it.
#[derive(Debug)]
pub struct Whole {
    path: PathBuf,
    out: BufWriter<NamedTempFile>,
}

impl Whole {
    /// Starts a file; its folder must exist.
    ///
    /// # Errors
    ///
    /// [`Error::File`] where nothing can be written.
    pub fn create(path: &Path) -> Result<Self> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".passerelle-");
        // Temporary files are private; results are as public as the user's other files, by the mask
        // that takes away from this.
        #[cfg(unix)]
        let public = std::os::unix::fs::PermissionsExt::from_mode(0o666);
        #[cfg(unix)]
        builder.permissions(public);
        let file = builder.tempfile_in(folder).map_err(|source| file_error(path, source))?;
        Ok(Self { path: path.to_owned(), out: BufWriter::new(file) })
    }

    /// Where to write.
    pub fn out(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// Gives the file its name.
    ///
    /// # Errors
    ///
    /// [`Error::File`] where it cannot be written to its end, or renamed.
    pub fn finish(self) -> Result<()> {
        let Self { path, out } = self;
        let file = out.into_inner().map_err(|error| file_error(&path, error.into_error()))?;
        file.persist(&path).map_err(|error| file_error(&path, error.error))?;
        Ok(())
    }

    /// Does something with the writer, naming the file when it fails.
    ///
    /// # Errors
    ///
    /// [`Error::File`] with what the writer said.
    pub fn with(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        write(&mut self.out).map_err(|source| file_error(&self.path, source))
    }
}

/// Makes a folder, with those above it, where it is not there yet.
///
/// # Errors
///
/// [`Error::File`].
pub fn create_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|source| file_error(path, source))
}

/// Writes a CSV file, whole or not at all: a header, and the rows that `write` gives one by one to
/// the function that it is given.
///
/// # Errors
///
/// [`Error::File`], and those of `write`.
pub fn write_csv(
    path: &Path,
    header: &[&str],
    write: impl FnOnce(&mut dyn FnMut(&[&str]) -> Result<()>) -> Result<()>,
) -> Result<()> {
    let mut file = Whole::create(path)?;
    {
        let mut table = csv::Writer::from_writer(file.out());
        let failed = |error: csv::Error| file_error(path, error.into());
        table.write_record(header).map_err(failed)?;
        write(&mut |record| table.write_record(record).map_err(failed))?;
        table.flush().map_err(|source| file_error(path, source))?;
    }
    file.finish()
}

/// Writes a value as JSON, whole or not at all.
///
/// # Errors
///
/// [`Error::File`].
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let mut file = Whole::create(path)?;
    file.with(|out| {
        serde_json::to_writer_pretty(&mut *out, value)?;
        writeln!(out)
    })?;
    file.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_fails_leaves_what_was_there_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.csv");
        write_csv(&path, &["id", "label"], |row| row(&["a", "one, or more"])).unwrap();
        let stands = "id,label\na,\"one, or more\"\n";
        assert_eq!(fs::read_to_string(&path).unwrap(), stands);
        let failed = write_csv(&path, &["id"], |row| {
            row(&["b"])?;
            Err(Error::Cancelled)
        });
        assert!(matches!(failed, Err(Error::Cancelled)));
        assert_eq!(fs::read_to_string(&path).unwrap(), stands);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let nowhere = folder.path().join("none/one.json");
        let said = write_json(&nowhere, &1).unwrap_err().to_string();
        assert!(said.contains("one.json"), "{said}");
    }
}
