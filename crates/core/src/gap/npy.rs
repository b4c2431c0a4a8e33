//! Matrices larger than memory, streamed to a file that NumPy opens.

use std::fs::{self, File};
use std::io::{self, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use super::index::{Cell, Figure, Index};
use crate::error::{Error, Result};
use crate::matrix::Rows;
use crate::run::Run;

/// Bytes of a tile: enough to keep all threads busy while another is written.
const TILE: usize = 1 << 24;

/// Tiles in memory: one is written while the next is filled.
const TILES: usize = 2;

impl Index {
    /// Writes a figure of all `people` to a NumPy file: people × targets, by rows, little-endian.
    ///
    /// Two tiles of about 16 MB are in memory, whatever the matrix comes to: one is written by a
    /// thread of its own while the next is filled. The file appears
    /// under its name once it is whole; until then it is beside it, with `.part` after the name, and
    /// is removed if anything fails.
    ///
    /// # Errors
    ///
    /// As [`Index::figure_into`], and [`Error::File`] when the file cannot be written.
    ///
    /// # Example
    ///
    /// ```
    /// use passerelle::gap::{Figure, Index};
    /// use passerelle::matrix::Rows;
    /// use passerelle::Run;
    ///
    /// let targets = Rows::required(&[0, 2], &[0, 1], &[2, 1], &[3, 1], 2)?;
    /// let people = Rows::held(&[0, 1, 1], &[0], &[1], 2)?;
    /// let path = std::env::temp_dir().join(format!("gaps-{}.npy", std::process::id()));
    /// let run = Run::new();
    /// Index::new(targets, &run)?.write_npy::<u16>(Figure::Gap, people, &path, &run)?;
    /// let bytes = std::fs::read(&path).unwrap_or_default();
    /// assert_eq!(bytes[bytes.len() - 4..], [4, 0, 7, 0]);
    /// # std::fs::remove_file(&path).unwrap_or_default();
    /// # Ok::<(), passerelle::Error>(())
    /// ```
    pub fn write_npy<C: Cell>(
        &self,
        figure: Figure,
        people: Rows<'_>,
        path: impl AsRef<Path>,
        run: &Run,
    ) -> Result<()> {
        self.write_tiles::<C>(people, path.as_ref(), run, |first, tile, run| {
            self.figure_into(figure, people, first, tile, run)
        })
    }

    /// Writes coverage in 32-bit floats, as [`Index::write_npy`] does whole numbers.
    ///
    /// # Errors
    ///
    /// As [`Index::coverage_into`], and [`Error::File`] when the file cannot be written.
    pub fn write_coverage_npy(
        &self,
        people: Rows<'_>,
        path: impl AsRef<Path>,
        run: &Run,
    ) -> Result<()> {
        self.write_tiles::<f32>(people, path.as_ref(), run, |first, tile, run| {
            self.coverage_into(people, first, tile, run)
        })
    }

    fn write_tiles<C: Stored>(
        &self,
        people: Rows<'_>,
        path: &Path,
        run: &Run,
        fill: impl Fn(usize, &mut [C], &Run) -> Result<()>,
    ) -> Result<()> {
        // What cannot be done is refused before there is a file.
        fill(0, &mut [], run)?;
        let failed = |source: io::Error| Error::File { path: path.to_path_buf(), source };
        let width = self.width();
        let rows = (TILE / (size_of::<C>() * width.max(1))).clamp(1, people.len().max(1));
        let (mut part, mut file) = Part::create(path).map_err(failed)?;
        file.write_all(&header(C::DESCR, [people.len(), width])).map_err(failed)?;
        // Counted over the whole, where each tile would count from 0.
        let count = run.count("people", people.len() as u64);
        let quiet = run.unobserved();
        let file = thread::scope(|scope| {
            // Made here, so that the writer's loop ends when this closure does, however it does.
            let (filled, to_write) = mpsc::channel();
            let (written, free) = mpsc::channel();
            for _ in 0..TILES {
                written.send(Vec::new()).unwrap_or_else(|_| unreachable!("both ends are here"));
            }
            let writer = scope.spawn(move || write_each(file, to_write, &written));
            for first in (0..people.len()).step_by(rows) {
                // A writer that failed gives no tile back; why is told when it is joined.
                let Ok(mut tile) = free.recv() else { break };
                let rows = rows.min(people.len() - first);
                tile.resize(rows * width, C::default());
                fill(first, &mut tile, &quiet)?;
                if filled.send(tile).is_err() {
                    break;
                }
                count.add(rows as u64);
            }
            drop(filled);
            writer.join().unwrap_or_else(|panic| resume_unwind(panic)).map_err(failed)
        })?;
        file.sync_all().map_err(failed)?;
        drop(file);
        part.keep(path).map_err(failed)
    }
}

/// Writes tiles as they come and gives each back, until no more come or one cannot be written.
fn write_each<C: Stored>(
    mut file: File,
    tiles: Receiver<Vec<C>>,
    written: &Sender<Vec<C>>,
) -> io::Result<File> {
    let mut bytes = Vec::new();
    for tile in tiles {
        // In pieces that stay in the caches.
        for cells in tile.chunks(1 << 15) {
            bytes.clear();
            C::put(cells, &mut bytes);
            file.write_all(&bytes)?;
        }
        // Nobody waits for the last ones.
        let _ = written.send(tile);
    }
    Ok(file)
}

/// The start of a NumPy file, version 1.0: magic, the length of what follows, a Python dictionary,
/// and spaces so that the cells begin at a multiple of 64 bytes.
fn header(descr: &str, [rows, columns]: [usize; 2]) -> Vec<u8> {
    let said =
        format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    let before = 10;
    let length = (before + said.len() + 1).next_multiple_of(64) - before;
    // Below 65,536: two numbers and some words.
    let [low, high, ..] = length.to_le_bytes();
    let mut header = b"\x93NUMPY\x01\x00".to_vec();
    header.extend([low, high]);
    header.extend(said.bytes());
    header.resize(before + length - 1, b' ');
    header.push(b'\n');
    header
}

/// A file beside its place, removed unless it is kept.
struct Part(Option<PathBuf>);

impl Part {
    fn create(path: &Path) -> io::Result<(Self, File)> {
        let mut name = path.as_os_str().to_owned();
        name.push(".part");
        let file = File::create(&name)?;
        Ok((Self(Some(name.into())), file))
    }

    fn keep(&mut self, path: &Path) -> io::Result<()> {
        if let Some(part) = &self.0 {
            fs::rename(part, path)?;
        }
        self.0 = None;
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(part) = &self.0 {
            // Nothing more can be done about it here; the error that led here is told.
            let _ = fs::remove_file(part);
        }
    }
}

/// A number as a file has it.
pub(super) trait Stored: Copy + Default + Send {
    /// NumPy's name of it.
    const DESCR: &'static str;
    /// Appends cells, little-endian.
    fn put(cells: &[Self], bytes: &mut Vec<u8>);
}

macro_rules! stored {
    ($($type:ty: $descr:literal),*) => {$(
        impl Stored for $type {
            const DESCR: &'static str = $descr;
            fn put(cells: &[Self], bytes: &mut Vec<u8>) {
                bytes.resize(size_of_val(cells), 0);
                let places = bytes.as_chunks_mut().0;
                for (place, cell) in places.iter_mut().zip(cells) {
                    *place = cell.to_le_bytes();
                }
            }
        }
    )*};
}
stored!(u8: "|u1", u16: "<u2", u32: "<u4", f32: "<f4");
