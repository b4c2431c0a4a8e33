//! Matrices in files that every engine reads: little-endian u64 rows, skills and cells, u64
//! offsets, u32 skills, u8 levels, u8 weights.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

/// A sparse matrix as it is in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatrixFile {
    /// How many skills the axis has.
    pub skill_count: u32,
    /// Where each row begins, and where the last one ends.
    pub offsets: Vec<u64>,
    /// The skills of each cell, ascending within a row.
    pub skills: Vec<u32>,
    /// The levels beside them.
    pub levels: Vec<u8>,
    /// The weights beside them; 1 on the side of people.
    pub weights: Vec<u8>,
}

impl MatrixFile {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it cannot be read or is too short.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut from = BufReader::new(File::open(path)?);
        let [rows, skill_count, cells] = head(&mut from)?;
        let mut matrix = Self {
            skill_count,
            offsets: Vec::with_capacity(rows as usize + 1),
            skills: Vec::with_capacity(cells as usize),
            levels: vec![0; cells as usize],
            weights: vec![0; cells as usize],
        };
        for _ in 0..=rows {
            matrix.offsets.push(u64::from_le_bytes(bytes(&mut from)?));
        }
        for _ in 0..cells {
            matrix.skills.push(u32::from_le_bytes(bytes(&mut from)?));
        }
        from.read_exact(&mut matrix.levels)?;
        from.read_exact(&mut matrix.weights)?;
        Ok(matrix)
    }

    /// Writes a file.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut to = BufWriter::new(File::create(path)?);
        let head = [self.len() as u64, u64::from(self.skill_count), self.skills.len() as u64];
        for number in head.iter().chain(&self.offsets) {
            to.write_all(&number.to_le_bytes())?;
        }
        for skill in &self.skills {
            to.write_all(&skill.to_le_bytes())?;
        }
        to.write_all(&self.levels)?;
        to.write_all(&self.weights)?;
        to.flush()
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cells of a row: skill, level, weight.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (u32, u8, u8)> + '_ {
        let cells = self.offsets[row] as usize..self.offsets[row + 1] as usize;
        cells.map(|at| (self.skills[at], self.levels[at], self.weights[at]))
    }
}

/// Rows, skills and cells, each in 32 bits as everything in these benchmarks is.
fn head(from: &mut impl Read) -> io::Result<[u32; 3]> {
    let mut numbers = [0; 3];
    for number in &mut numbers {
        *number = u32::try_from(u64::from_le_bytes(bytes(from)?)).map_err(io::Error::other)?;
    }
    Ok(numbers)
}

fn bytes<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Rows scaled to length 1 in 32-bit floats, as a caller of the float rankings has them.
#[derive(Clone, Debug)]
pub struct UnitRows {
    /// How many skills the axis has.
    pub skill_count: u32,
    /// Where each row begins, and where the last one ends.
    pub offsets: Vec<u64>,
    /// The skills of each cell.
    pub skills: Vec<u32>,
    /// The values beside them.
    pub values: Vec<f32>,
}

impl UnitRows {
    /// Reads a file with nothing in memory but the result.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut from = BufReader::new(File::open(path)?);
        let [rows, skill_count, cells] = head(&mut from)?;
        let offsets = (0..=rows).map(|_| Ok(u64::from_le_bytes(bytes(&mut from)?)));
        let offsets = offsets.collect::<io::Result<Vec<_>>>()?;
        let mut skills = Vec::with_capacity(cells as usize);
        for _ in 0..cells {
            skills.push(u32::from_le_bytes(bytes(&mut from)?));
        }
        let mut values = vec![0_f32; cells as usize];
        // Levels, then weights.
        for first in [true, false] {
            for value in &mut values {
                let [number] = bytes(&mut from)?;
                *value = if first { f32::from(number) } else { *value * f32::from(number) };
            }
        }
        for bounds in offsets.windows(2) {
            let row = &mut values[bounds[0] as usize..bounds[1] as usize];
            let length = row.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt();
            for value in row {
                *value = (f64::from(*value) / length) as f32;
            }
        }
        Ok(Self { skill_count, offsets, skills, values })
    }
}
