//! One row against one block: dense rows first, in registers, then the postings of rare skills.

use super::aligned::Aligned;
use super::block::{BLOCK, Block, NOT_DENSE, PAD};
use super::index::Index;
use super::tables::{Slot, Tables};
use super::term::{Asker, Term};
use super::twins::{DenseTerm, near};
use crate::matrix::{Pair, Row};
use std::ops::Range;

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

/// The postings of a rare skill in a block, and what their codes add.
#[derive(Clone, Copy)]
struct List {
    start: u32,
    end: u32,
    table: u16,
}

/// Walks rows over the blocks of an index; one for each thread.
pub(crate) struct Walker<'i> {
    index: &'i Index,
    term: Term,
    asker: Asker,
    tables: Tables,
    rare: Vec<Asked>,
    lists: Vec<List>,
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
            lists: Vec::new(),
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
        let levels = row.levels();
        let first = levels.first().copied().unwrap_or(0);
        // A fold without an early end, for it becomes vector code.
        let one = row.weights().is_none()
            && levels.iter().fold(0, |other, level| other | (level ^ first)) == 0;
        let Self { index, tables, .. } = self;
        let most = if one {
            // On yes/no frameworks, nearly all rows of people.
            let slot = tables.find(index, Pair { level: first, weight: 1 });
            split(index, row, |_| slot, &mut self.rare, &mut self.common)
        } else {
            let slot = |pair| tables.find(index, pair);
            split(index, row, slot, &mut self.rare, &mut self.common)
        };
        self.width = match most {
            Some((most, _)) if u8::try_from(most).is_ok() => Width::Bytes,
            Some((most, true)) if u16::try_from(most).is_ok() => Width::Shorts,
            Some((most, _)) if u32::try_from(most).is_ok() => Width::Words,
            _ => Width::Longs,
        };
    }

    /// The sums of `row`, which was taken last, against `block`.
    pub(crate) fn walk(&mut self, row: Row<'_>, block: &Block) -> Sums<'_> {
        // The lists are brought near while the dense rows are added.
        self.lists.clear();
        self.lists.extend(self.rare.iter().map(|&Asked { skill, table }| {
            let Range { start, end } = block.span(skill);
            near(&block.all_postings()[start as usize..]);
            List { start, end, table }
        }));
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
        for list in &self.lists {
            let postings = &block.all_postings()[list.start as usize..list.end as usize];
            scatter(sums, postings, &tables.get(list.table).bytes);
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
        for list in &self.lists {
            let postings = &block.all_postings()[list.start as usize..list.end as usize];
            scatter(sums, postings, &tables.get(list.table).shorts);
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
        for list in &self.lists {
            let postings = &block.all_postings()[list.start as usize..list.end as usize];
            scatter(sums, postings, &self.tables.get(list.table).words);
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

/// Splits the skills of a row by whether they have a dense row, without those that add nothing. Says
/// the most that the row adds up to, and whether no common skill adds more than a byte; nothing where
/// a cell has no table.
#[inline(always)]
fn split(
    index: &Index,
    row: Row<'_>,
    mut slot: impl FnMut(Pair) -> Option<Slot>,
    rares: &mut Vec<Asked>,
    commons: &mut Vec<(u16, u16)>,
) -> Option<(u64, bool)> {
    rares.resize(row.skills().len(), Asked { skill: 0, table: 0 });
    commons.resize(row.skills().len(), (NOT_DENSE, 0));
    let (mut rare, mut common) = (0, 0);
    let mut most = 0_u64;
    let mut fits_bytes = true;
    for (skill, pair) in row.cells() {
        let Slot { table, most: adds, .. } = slot(pair)?;
        most = most.saturating_add(adds);
        // Written to both lists and counted in one, or in none where it adds nothing: which, no
        // processor could foretell.
        let dense = index.dense_of[skill as usize];
        let is_rare = dense == NOT_DENSE;
        fits_bytes &= is_rare | (adds <= u64::from(u8::MAX));
        rares[rare] = Asked { skill, table };
        commons[common] = (dense, table);
        rare += usize::from(is_rare & (adds > 0));
        common += usize::from(!is_rare & (adds > 0));
    }
    rares.truncate(rare);
    commons.truncate(common);
    Some((most, fits_bytes))
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
