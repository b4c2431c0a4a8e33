//! Files into memory: the one place that maps, and the only unsafe code of the snapshots.

use std::fs::File;
use std::path::Path;

use memmap2::Mmap;

use crate::error::{Error, Result};

/// Calls `read` with the bytes of a file, which are mapped while it runs.
pub(super) fn with_bytes<R>(path: &Path, read: impl FnOnce(&[u8]) -> Result<R>) -> Result<R> {
    let failed = |source| Error::File { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if !about.is_file() || about.len() == 0 {
        // Nothing that can be mapped: a pipe, an empty file, or a folder, which is refused here.
        return read(&std::fs::read(path).map_err(failed)?);
    }
    // SAFETY: the mapping is read-only and lives until `read` returns; what comes out of `read`
    // are copies. Snapshots are only ever replaced as a whole (`super::save` renames a new file
    // over the old one, which stays as it was while it is mapped), so nothing of ours writes to a
    // mapped file. Should another program do so, checksums and bounds are taken of bytes that may
    // differ later; every structure is therefore checked again on the copies, which no longer
    // change, before anything relies on it.
    let bytes = unsafe { Mmap::map(&file) }.map_err(failed)?;
    read(&bytes)
}
