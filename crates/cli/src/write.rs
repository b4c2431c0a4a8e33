//! Results out: to the screen, and to files that are there whole or not at all.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use passerelle::{Error, Result};
use serde::Serialize;
use tempfile::NamedTempFile;

/// The error for a path.
pub fn file_error(path: &Path, source: io::Error) -> Error {
    Error::File { path: path.to_owned(), source }
}

/// Prints text to standard output.
pub fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|source| file_error(Path::new("standard output"), source))
}

/// Prints a value as JSON.
pub fn print_json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|problem| Error::Malformed {
        file: "standard output".to_owned(),
        problem: problem.to_string(),
    })?;
    print(&format!("{text}\n"))
}

/// A file that takes its name only when it is whole.
pub struct Whole {
    path: PathBuf,
    out: BufWriter<NamedTempFile>,
}

impl Whole {
    /// Starts a file; its folder must exist.
    pub fn create(path: &Path) -> Result<Self> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let file = tempfile::Builder::new()
            .prefix(".passerelle-")
            .permissions_for_all()
            .tempfile_in(folder)
            .map_err(|source| file_error(path, source))?;
        Ok(Self { path: path.to_owned(), out: BufWriter::new(file) })
    }

    /// Where to write.
    pub fn out(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// Gives the file its name.
    pub fn finish(self) -> Result<()> {
        let Self { path, out } = self;
        let file = out.into_inner().map_err(|error| file_error(&path, error.into_error()))?;
        file.persist(&path).map_err(|error| file_error(&path, error.error))?;
        Ok(())
    }

    /// Does something with the writer, naming the file when it fails.
    pub fn with(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        write(&mut self.out).map_err(|source| file_error(&self.path, source))
    }
}

/// Temporary files are private; results are as public as the user's other files.
trait Permissions {
    fn permissions_for_all(&mut self) -> &mut Self;
}

impl Permissions for tempfile::Builder<'_, '_> {
    #[cfg(unix)]
    fn permissions_for_all(&mut self) -> &mut Self {
        use std::os::unix::fs::PermissionsExt;
        // The umask takes away what the user's files do not have.
        self.permissions(fs::Permissions::from_mode(0o666))
    }

    #[cfg(not(unix))]
    fn permissions_for_all(&mut self) -> &mut Self {
        self
    }
}

/// Writes a CSV file, whole or not at all.
pub fn csv(
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
pub fn json(path: &Path, value: &impl Serialize) -> Result<()> {
    let mut file = Whole::create(path)?;
    file.with(|out| {
        serde_json::to_writer_pretty(&mut *out, value)?;
        writeln!(out)
    })?;
    file.finish()
}
