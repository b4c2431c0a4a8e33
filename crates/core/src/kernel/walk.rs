//! One row against one block: dense rows first, in registers, then the postings of rare skills.

use super::aligned::Aligned;
use super::block::{BLOCK, Block, NOT_DENSE, PAD};
use super::index::Index;
use super::tables::{Slot, Tables};
use super::term::{Asker, Term};
use super::twins::{DenseTerm, near};
use crate::matrix::Row;

/// The sums of one row against the rows of a block, padding included, at the least width that
/// holds them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sums<'a> {
    Bytes(&'a [u8]),
    Shorts(&'a [u16]),
    Words(&'a [u32]),
    /// Where the cells are too many for codes, or the sums may pass 32 bits.
    Longs(&'a [u64]),
}

/// The width that holds every sum of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Width {
    Bytes,
    Shorts,
    Words,
    Longs,
}

/// A skill of the row that asks.
#[derive(Clone, Copy)]
struct Asked {
    skill: u32,
    table: u16,
}

/// Walks rows over the blocks of an index; one for each thread.
pub(crate) struct Walker<'i> {
    index: &'i Index,
    term: Term,
    asker: Asker,
    tables: Tables,
    rare: Vec<Asked>,
    /// Common skills by dense row, ascending in what they add at most.
    common: Vec<(u16, u16)>,
    width: Width,
    bytes: Aligned<u8>,
    shorts: Aligned<u16>,
    words: Aligned<u32>,
    longs: Vec<u64>,
}

impl<'i> Walker<'i> {
    pub(crate) fn new(index: &'i Index, term: Term, asker: Asker) -> Self {
        Self {
            index,
            term,
            asker,
            tables: Tables::new(term, asker),
            rare: Vec::new(),
            common: Vec::new(),
            width: Width::Longs,
            bytes: Aligned::new(BLOCK),
            shorts: Aligned::new(BLOCK),
            words: Aligned::new(0),
            longs: Vec::new(),
        }
    }

    /// Takes the row whose sums [`Self::walk`] gives from now on.
    pub(crate) fn take(&mut self, row: Row<'_>) {
        self.rare.clear();
        self.common.clear();
        if !self.index.is_coded() {
            self.width = Width::Longs;
            return;
        }
        self.tables.begin_row();
        self.rare.resize(row.skills().len(), Asked { skill: 0, table: 0 });
        self.common.resize(row.skills().len(), (NOT_DENSE, 0));
        let (mut rare, mut common) = (0, 0);
        let mut most = 0_u64;
        let mut common_fits_bytes = true;
        for (skill, pair) in row.cells() {
            let Some(Slot { table, most: adds, .. }) = self.tables.find(self.index, pair) else {
                self.rare.clear();
                self.width = Width::Longs;
                return;
            };
            most = most.saturating_add(adds);
            // Written to both lists and counted in one, or in none where it adds nothing: which, no
            // processor could foretell.
            let dense = self.index.dense_of[skill as usize];
            let is_rare = dense == NOT_DENSE;
            common_fits_bytes &= is_rare | (adds <= u64::from(u8::MAX));
            self.rare[rare] = Asked { skill, table };
            self.common[common] = (dense, table);
            rare += usize::from(is_rare & (adds > 0));
            common += usize::from(!is_rare & (adds > 0));
        }
        self.rare.truncate(rare);
        self.common.truncate(common);
        self.width = if u8::try_from(most).is_ok() {
            Width::Bytes
        } else if u16::try_from(most).is_ok() && common_fits_bytes {
            Width::Shorts
        } else if u32::try_from(most).is_ok() {
            Width::Words
        } else {
            Width::Longs
        };
    }

    /// The sums of `row`, which was taken last, against `block`.
    pub(crate) fn walk(&mut self, row: Row<'_>, block: &Block) -> Sums<'_> {
        // The lists are brought near while the dense rows are added.
        for term in &self.rare {
            near(block.postings(term.skill));
        }
        match self.width {
            Width::Bytes => self.walk_bytes(block),
            Width::Shorts => self.walk_shorts(block),
            Width::Words => self.walk_words(block),
            Width::Longs => self.walk_longs(row, block),
        }
    }

    fn walk_bytes(&mut self, block: &Block) -> Sums<'_> {
        let (tables, small) = (&self.tables, self.index.is_small());
        let sums = &mut self.bytes.get_mut()[..block.padded];
        with_terms(tables, &self.common, block, |terms| {
            self.index.lanes().lay_bytes(sums, terms, small);
        });
        let sums = whole(self.bytes.get_mut());
        for term in &self.rare {
            scatter(sums, block.postings(term.skill), &tables.get(term.table).bytes);
        }
        Sums::Bytes(&sums[..block.padded])
    }

    fn walk_shorts(&mut self, block: &Block) -> Sums<'_> {
        let (tables, small) = (&self.tables, self.index.is_small());
        let sums = &mut self.shorts.get_mut()[..block.padded];
        with_terms(tables, &self.common, block, |terms| {
            self.index.lanes().lay_shorts(sums, terms, small);
        });
        let sums = whole(self.shorts.get_mut());
        for term in &self.rare {
            scatter(sums, block.postings(term.skill), &tables.get(term.table).shorts);
        }
        Sums::Shorts(&sums[..block.padded])
    }

    fn walk_words(&mut self, block: &Block) -> Sums<'_> {
        if self.words.get().is_empty() {
            self.words = Aligned::new(BLOCK);
        }
        let sums = whole(self.words.get_mut());
        sums[..block.padded].fill(0);
        for &(dense, table) in &self.common {
            let table = &self.tables.get(table).words;
            for (sum, &code) in sums.iter_mut().zip(block.dense(dense)) {
                *sum = sum.wrapping_add(table[usize::from(code)]);
            }
        }
        for term in &self.rare {
            scatter(sums, block.postings(term.skill), &self.tables.get(term.table).words);
        }
        Sums::Words(&sums[..block.padded])
    }

    fn walk_longs(&mut self, row: Row<'_>, block: &Block) -> Sums<'_> {
        self.longs.clear();
        self.longs.resize(block.padded, 0);
        let pairs = self.index.codes.pairs();
        for (skill, asking) in row.cells() {
            let part = |indexed| self.term.part_asked(self.asker, asking, indexed);
            if pairs.is_empty() {
                for (posting, &pair) in block.postings(skill).iter().zip(block.details(skill)) {
                    self.longs[(posting & 0xFFFF) as usize] += part(pair);
                }
                continue;
            }
            for posting in block.postings(skill) {
                // The padding has no code, and adds nothing.
                if let Some(&pair) = pairs.get(((posting >> 24) as usize).wrapping_sub(1)) {
                    self.longs[(posting & 0xFFFF) as usize] += part(pair);
                }
            }
            let dense = self.index.dense_of[skill as usize];
            if dense != NOT_DENSE {
                for (sum, &code) in self.longs.iter_mut().zip(block.dense(dense)) {
                    if code != 0 {
                        *sum += part(pairs[usize::from(code) - 1]);
                    }
                }
            }
        }
        Sums::Longs(&self.longs)
    }
}

/// Common skills handed to a vector twin at once without touching the heap.
const AT_ONCE: usize = 32;

/// Gathers the dense terms of `common` and hands them over; a spill comes before the bytes of a
/// 16-bit sum would overflow.
#[inline]
fn with_terms(
    tables: &Tables,
    common: &[(u16, u16)],
    block: &Block,
    lay: impl FnOnce(&[DenseTerm<'_>]),
) {
    let mut since_spill = 0;
    let mut term = |&(dense, table): &(u16, u16)| {
        let table = tables.get(table);
        since_spill += table.most;
        let spill = since_spill > u64::from(u8::MAX);
        if spill {
            since_spill = table.most;
        }
        DenseTerm { codes: block.dense(dense), bytes: &table.bytes, spill }
    };
    if common.len() <= AT_ONCE {
        let mut terms = [DenseTerm { codes: &[], bytes: &[0; 256], spill: false }; AT_ONCE];
        for (place, common) in terms.iter_mut().zip(common) {
            *place = term(common);
        }
        lay(&terms[..common.len()]);
    } else {
        lay(&common.iter().map(term).collect::<Vec<_>>());
    }
}

/// The whole buffer as an array, so that a masked place needs no check.
#[inline]
fn whole<T>(sums: &mut [T]) -> &mut [T; BLOCK] {
    sums.try_into().unwrap_or_else(|_| unreachable!("sums are made BLOCK long"))
}

/// Adds what each posting's code adds to the sum of its row.
#[inline]
fn scatter<T: Copy + WrappingAdd>(sums: &mut [T; BLOCK], postings: &[u32], table: &[T; 256]) {
    for group in postings.as_chunks::<PAD>().0 {
        for posting in group {
            let sum = &mut sums[*posting as usize % BLOCK];
            *sum = sum.plus(table[(posting >> 24) as usize]);
        }
    }
}

/// Addition that never checks: widths are chosen so that no sum overflows.
trait WrappingAdd {
    fn plus(self, other: Self) -> Self;
}

macro_rules! wrapping {
    ($($type:ty),*) => {$(
        impl WrappingAdd for $type {
            #[inline]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
        }
    )*};
}
wrapping!(u8, u16, u32);
