//! The layout of a snapshot: preamble, table of sections, sections.
//!
//! All numbers are little-endian. The preamble and each row of the table take 64 bytes, and each
//! section starts at the next multiple of 64 with zeros before it, so there is one way only to lay
//! out the same sections, and every bit of a file means something.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::error::{Error, Result};
use crate::text::Texts;

/// The first bytes of every snapshot.
pub(super) const MAGIC: [u8; 8] = *b"PASSEREL";
/// The version of the format that this library writes and reads.
pub(super) const VERSION: u32 = 1;
/// The name of the section that holds the typed header.
pub(super) const HEADER: &str = "header";

const ALIGNMENT: usize = 64;
const ROW: usize = 64;
const NAME: usize = 40;
/// Where the preamble holds its own checksum, which is taken with zeros in its place.
const CHECKSUM: std::ops::Range<usize> = 20..24;
/// How many bytes are converted at a time when writing.
const CHUNK: usize = 1 << 16;

/// The error for a section at fault.
pub(super) fn damaged(section: &str, problem: impl std::fmt::Display) -> Error {
    Error::SnapshotDamaged { problem: format!("section `{section}`: {problem}") }
}

/// The error for a fault in the preamble or the table.
fn broken(problem: impl Into<String>) -> Error {
    Error::SnapshotDamaged { problem: problem.into() }
}

/// What a section is made of.
enum Values<'a> {
    Bytes(Cow<'a, [u8]>),
    U16(&'a [u16]),
    U32(&'a [u32]),
    I32(&'a [i32]),
    U64(&'a [u64]),
}

impl Values<'_> {
    /// Bytes to the value.
    fn width(&self) -> u8 {
        match self {
            Self::Bytes(_) => 1,
            Self::U16(_) => 2,
            Self::U32(_) | Self::I32(_) => 4,
            Self::U64(_) => 8,
        }
    }

    fn len(&self) -> u64 {
        let values = match self {
            Self::Bytes(values) => values.len(),
            Self::U16(values) => values.len(),
            Self::U32(values) => values.len(),
            Self::I32(values) => values.len(),
            Self::U64(values) => values.len(),
        };
        values as u64 * u64::from(self.width())
    }

    /// Hands out the bytes, piece by piece.
    fn pieces(&self, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        match self {
            Self::Bytes(values) => take(values),
            Self::U16(values) => converted(values, u16::to_le_bytes, take),
            Self::U32(values) => converted(values, u32::to_le_bytes, take),
            Self::I32(values) => converted(values, i32::to_le_bytes, take),
            Self::U64(values) => converted(values, u64::to_le_bytes, take),
        }
    }
}

fn converted<T: Copy, const N: usize>(
    values: &[T],
    to_bytes: impl Fn(T) -> [u8; N],
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK.min(values.len() * N)];
    for some in values.chunks(CHUNK / N) {
        let buffer = &mut buffer[..some.len() * N];
        for (bytes, &value) in buffer.chunks_exact_mut(N).zip(some) {
            bytes.copy_from_slice(&to_bytes(value));
        }
        take(buffer)?;
    }
    Ok(())
}

/// Sections to write, in the order in which they will be read.
#[derive(Default)]
pub(super) struct Sections<'a> {
    list: Vec<(String, Values<'a>)>,
}

impl<'a> Sections<'a> {
    fn push(&mut self, name: String, values: Values<'a>) {
        debug_assert!(name.len() <= NAME && name.is_ascii(), "{name}");
        self.list.push((name, values));
    }

    pub(super) fn bytes(&mut self, name: &str, values: impl Into<Cow<'a, [u8]>>) {
        self.push(name.to_owned(), Values::Bytes(values.into()));
    }

    pub(super) fn u16s(&mut self, name: &str, values: &'a [u16]) {
        self.push(name.to_owned(), Values::U16(values));
    }

    pub(super) fn u32s(&mut self, name: &str, values: &'a [u32]) {
        self.push(name.to_owned(), Values::U32(values));
    }

    pub(super) fn i32s(&mut self, name: &str, values: &'a [i32]) {
        self.push(name.to_owned(), Values::I32(values));
    }

    pub(super) fn u64s(&mut self, name: &str, values: &'a [u64]) {
        self.push(name.to_owned(), Values::U64(values));
    }

    /// Texts as two sections: all bytes, and where each text ends.
    pub(super) fn texts(&mut self, name: &str, texts: &'a Texts) {
        let (bytes, ends) = texts.parts();
        self.push(format!("{name}.bytes"), Values::Bytes(bytes.as_bytes().into()));
        self.push(format!("{name}.ends"), Values::U32(ends));
    }

    /// How many bytes [`Sections::write`] will write.
    pub(super) fn len(&self) -> u64 {
        self.offsets().1
    }

    /// Where each section starts, and where the last one ends.
    fn offsets(&self) -> (Vec<u64>, u64) {
        let mut end = ROW as u64 * (self.list.len() as u64 + 1);
        let offsets = self
            .list
            .iter()
            .map(|(_, values)| {
                let offset = end.next_multiple_of(ALIGNMENT as u64);
                end = offset + values.len();
                offset
            })
            .collect();
        (offsets, end)
    }

    /// Writes the whole snapshot: once over the values for their checksums, once to write them, so
    /// that a large one is never held in memory a second time.
    pub(super) fn write(&self, kind: u32, out: &mut dyn Write) -> io::Result<()> {
        let (offsets, end) = self.offsets();
        let mut head = Vec::with_capacity(ROW * (self.list.len() + 1));
        head.extend(MAGIC);
        head.extend(VERSION.to_le_bytes());
        head.extend(kind.to_le_bytes());
        let count = u32::try_from(self.list.len()).map_err(io::Error::other)?;
        head.extend(count.to_le_bytes());
        head.extend([0; 4]);
        head.extend(end.to_le_bytes());
        head.resize(ROW, 0);
        for ((name, values), offset) in self.list.iter().zip(&offsets) {
            let mut checksum = crc32fast::Hasher::new();
            values.pieces(&mut |piece| {
                checksum.update(piece);
                Ok(())
            })?;
            let row = head.len();
            head.extend(name.as_bytes());
            head.resize(row + NAME, 0);
            head.extend(u32::from(values.width()).to_le_bytes());
            head.extend(checksum.finalize().to_le_bytes());
            head.extend(offset.to_le_bytes());
            head.extend(values.len().to_le_bytes());
        }
        let checksum = crc32fast::hash(&head);
        head[CHECKSUM].copy_from_slice(&checksum.to_le_bytes());
        out.write_all(&head)?;
        let mut written = head.len() as u64;
        for ((_, values), offset) in self.list.iter().zip(offsets) {
            let padding = usize::try_from(offset - written).map_err(io::Error::other)?;
            out.write_all(&[0; ALIGNMENT][..padding])?;
            values.pieces(&mut |piece| out.write_all(piece))?;
            written = offset + values.len();
        }
        Ok(())
    }
}

/// One row of the table, with the bytes that it leads to.
#[derive(Clone, Copy)]
pub(super) struct Section<'b> {
    pub(super) name: &'b str,
    pub(super) checksum: u32,
    pub(super) offset: u64,
    pub(super) bytes: &'b [u8],
    width: u32,
}

/// A snapshot whose preamble and table hold together. Sections are taken in the order in which
/// they were written.
pub(super) struct Opened<'b> {
    kind: u32,
    sections: Vec<Section<'b>>,
    taken: usize,
}

/// The number at a place that the caller has checked to be there.
fn number<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut number = [0; N];
    number.copy_from_slice(&bytes[at..at + N]);
    number
}

/// The kind of a snapshot, by its first bytes: they and the version are all that is looked at.
pub(super) fn kind_number(bytes: &[u8]) -> Result<u32> {
    let not = |problem: &str| Err(Error::NotSnapshot { problem: problem.to_owned() });
    if bytes.len() < MAGIC.len() {
        return not("it is too short");
    }
    if bytes[..MAGIC.len()] != MAGIC {
        return not("it does not start with PASSEREL");
    }
    if bytes.len() < 12 {
        return Err(broken("it is cut short before the format's version"));
    }
    let found = u32::from_le_bytes(number(bytes, 8));
    if found != VERSION {
        return Err(Error::SnapshotVersion { found, supported: VERSION });
    }
    if bytes.len() < ROW {
        return Err(broken(format!("it is cut short after {} bytes", bytes.len())));
    }
    Ok(u32::from_le_bytes(number(bytes, 12)))
}

impl<'b> Opened<'b> {
    /// Reads preamble and table; `checked` also takes the checksum of every section. O(bytes) when
    /// checked, or else O(sections).
    pub(super) fn new(bytes: &'b [u8], checked: bool) -> Result<Self> {
        let kind = kind_number(bytes)?;
        let cut = |needed: u64| {
            broken(format!("it is cut short: {} bytes of {needed}", bytes.len() as u64))
        };
        let rows = u32::from_le_bytes(number(bytes, 16)) as usize;
        let table = rows.checked_add(1).and_then(|rows| rows.checked_mul(ROW));
        let head = table
            .and_then(|end| bytes.get(..end))
            .ok_or_else(|| cut((rows as u64 + 1) * ROW as u64))?;
        let mut checksum = crc32fast::Hasher::new();
        checksum.update(&head[..CHECKSUM.start]);
        checksum.update(&[0; 4]);
        checksum.update(&head[CHECKSUM.end..]);
        if checksum.finalize() != u32::from_le_bytes(number(head, CHECKSUM.start)) {
            return Err(broken("the checksum of its table does not match"));
        }
        let length = u64::from_le_bytes(number(head, 24));
        if length > bytes.len() as u64 {
            return Err(cut(length));
        }
        if length < bytes.len() as u64 {
            return Err(broken(format!("{} bytes follow its end", bytes.len() as u64 - length)));
        }
        let mut sections = Vec::with_capacity(rows);
        let mut end = head.len();
        for row in head[ROW..].chunks_exact(ROW) {
            let section = section(bytes, row, end)?;
            if checked && crc32fast::hash(section.bytes) != section.checksum {
                return Err(damaged(section.name, "its checksum does not match"));
            }
            end = end.next_multiple_of(ALIGNMENT) + section.bytes.len();
            sections.push(section);
        }
        if end != bytes.len() {
            return Err(broken(format!("its sections end at byte {end} of {}", bytes.len())));
        }
        Ok(Self { kind, sections, taken: 0 })
    }

    pub(super) fn kind(&self) -> u32 {
        self.kind
    }

    pub(super) fn sections(&self) -> &[Section<'b>] {
        &self.sections
    }

    fn take(&mut self, name: &str, width: u32) -> Result<&'b [u8]> {
        match self.sections.get(self.taken) {
            Some(section) if section.name == name && section.width == width => {
                self.taken += 1;
                Ok(section.bytes)
            }
            Some(section) if section.name == name => {
                Err(damaged(name, format!("its values take {} bytes each", section.width)))
            }
            Some(section) => Err(damaged(name, format!("`{}` stands in its place", section.name))),
            None => Err(damaged(name, "it is missing")),
        }
    }

    /// Says that everything was taken.
    pub(super) fn finish(self) -> Result<()> {
        match self.sections.get(self.taken) {
            None => Ok(()),
            Some(section) => Err(damaged(section.name, "it does not belong here")),
        }
    }

    pub(super) fn bytes(&mut self, name: &str) -> Result<&'b [u8]> {
        self.take(name, 1)
    }

    pub(super) fn u16s(&mut self, name: &str) -> Result<Vec<u16>> {
        Ok(numbers(self.take(name, 2)?, u16::from_le_bytes))
    }

    pub(super) fn u32s(&mut self, name: &str) -> Result<Vec<u32>> {
        Ok(numbers(self.take(name, 4)?, u32::from_le_bytes))
    }

    pub(super) fn i32s(&mut self, name: &str) -> Result<Vec<i32>> {
        Ok(numbers(self.take(name, 4)?, i32::from_le_bytes))
    }

    pub(super) fn u64s(&mut self, name: &str) -> Result<Vec<u64>> {
        Ok(numbers(self.take(name, 8)?, u64::from_le_bytes))
    }

    /// A column of an enumeration, whose variants stand in the order of their numbers.
    pub(super) fn variants<T: Copy>(&mut self, name: &str, all: &[T]) -> Result<Vec<T>> {
        let bytes = self.take(name, 1)?;
        let highest = bytes.iter().copied().max().unwrap_or(0);
        if usize::from(highest) >= all.len() {
            return Err(damaged(name, format!("it has a {highest}, which names nothing")));
        }
        Ok(bytes.iter().map(|&number| all[usize::from(number)]).collect())
    }

    /// Texts from their two sections.
    pub(super) fn texts(&mut self, name: &str) -> Result<Texts> {
        let (bytes_name, ends_name) = (format!("{name}.bytes"), format!("{name}.ends"));
        let bytes = String::from_utf8(self.take(&bytes_name, 1)?.to_vec())
            .map_err(|_| damaged(&bytes_name, "it is not UTF-8"))?;
        let ends = self.u32s(&ends_name)?;
        Texts::from_parts(bytes, ends)
            .ok_or_else(|| damaged(&ends_name, "they do not ascend to the last byte of text"))
    }
}

/// One row of the table; the section before it ended at `before`.
fn section<'b>(bytes: &'b [u8], row: &'b [u8], before: usize) -> Result<Section<'b>> {
    let name = &row[..NAME];
    let length = name.iter().position(|&byte| byte == 0).unwrap_or(NAME);
    let (name, rest) = name.split_at(length);
    let name = std::str::from_utf8(name)
        .ok()
        .filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic()))
        .filter(|_| rest.iter().all(|&byte| byte == 0))
        .ok_or_else(|| broken("a section has no readable name"))?;
    let width = u32::from_le_bytes(number(row, NAME));
    let checksum = u32::from_le_bytes(number(row, NAME + 4));
    let offset = u64::from_le_bytes(number(row, NAME + 8));
    let length = u64::from_le_bytes(number(row, NAME + 16));
    if !matches!(width, 1 | 2 | 4 | 8) || length % u64::from(width) != 0 {
        return Err(damaged(name, format!("{length} bytes of values of {width} bytes each")));
    }
    let start = before.next_multiple_of(ALIGNMENT);
    if offset != start as u64 {
        return Err(damaged(name, format!("it starts at byte {offset}, not {start}")));
    }
    let within = usize::try_from(length)
        .ok()
        .and_then(|length| start.checked_add(length))
        .and_then(|end| bytes.get(start..end))
        .ok_or_else(|| damaged(name, "it passes the end of the snapshot"))?;
    if bytes[before..start].iter().any(|&byte| byte != 0) {
        return Err(damaged(name, "the bytes before it are not zeros"));
    }
    Ok(Section { name, checksum, offset, bytes: within, width })
}

fn numbers<T, const N: usize>(bytes: &[u8], from_bytes: impl Fn([u8; N]) -> T) -> Vec<T> {
    bytes.chunks_exact(N).map(|bytes| from_bytes(number(bytes, 0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::LabelRole;
    use crate::matrix::Necessity;
    use crate::profile::EvidenceKind;
    use crate::skill::{Reuse, SkillKind};

    fn written() -> Vec<u8> {
        let mut sections = Sections::default();
        sections.bytes(HEADER, vec![7]);
        sections.u16s("levels", &[1, 515]);
        sections.u64s("offsets", &[]);
        let mut bytes = Vec::new();
        sections.write(9, &mut bytes).unwrap();
        assert_eq!(bytes.len() as u64, sections.len());
        bytes
    }

    #[test]
    fn sections_stand_aligned_and_come_back() {
        let bytes = written();
        let mut opened = Opened::new(&bytes, true).unwrap();
        assert_eq!(opened.kind(), 9);
        assert!(opened.sections().iter().all(|section| section.offset % 64 == 0));
        assert_eq!(opened.bytes(HEADER).unwrap(), [7]);
        assert!(opened.u16s("weights").is_err(), "another name");
        assert!(opened.u32s("levels").is_err(), "another width");
        assert_eq!(opened.u16s("levels").unwrap(), [1, 515]);
        assert!(opened.u64s("offsets").unwrap().is_empty());
        assert!(opened.u64s("offsets").is_err(), "nothing is left");
        assert!(Opened::new(&bytes, true).unwrap().finish().is_err(), "everything is left");
    }

    #[test]
    fn enumerations_list_their_variants_in_the_order_of_their_numbers() {
        fn ordered<T: Copy>(all: &[T], number: impl Fn(T) -> u8) -> bool {
            all.iter().enumerate().all(|(at, &variant)| usize::from(number(variant)) == at)
        }
        assert!(ordered(SkillKind::ALL, |v| v as u8));
        assert!(ordered(Reuse::ALL, |v| v as u8));
        assert!(ordered(Necessity::ALL, |v| v as u8));
        assert!(ordered(LabelRole::ALL, |v| v as u8));
        assert!(ordered(EvidenceKind::ALL, |v| v as u8));
    }

    #[test]
    fn every_bit_and_every_byte_counts() {
        let bytes = written();
        for at in 0..bytes.len() {
            assert!(Opened::new(&bytes[..at], true).is_err(), "cut at {at}");
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                assert!(Opened::new(&flipped, true).is_err(), "byte {at}, bit {bit}");
            }
        }
        assert!(Opened::new(&[bytes.as_slice(), &[0]].concat(), true).is_err());
    }
}
