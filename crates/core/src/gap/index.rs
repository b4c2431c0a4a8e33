//! Targets made ready once, and matrices written into buffers that the caller gives.

use rayon::prelude::*;

use super::npy::Stored;
use super::standing::share;
use super::sweep::{self, Sweeper};
use crate::error::{Error, Result};
use crate::kernel::{self, Block, Sums, Term};
use crate::matrix::Rows;
use crate::run::Run;

/// A whole number that a person and a target have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Figure {
    /// G⁺ = T − A: silence counts as not held.
    Gap,
    /// G⁻ = K − A: silence counts as held in full.
    GapLower,
    /// A = Σ w·min(r, h).
    Credit,
    /// K = Σ w·r over what the profile speaks of.
    Known,
    /// How many requirements are met.
    Met,
}

impl Figure {
    pub(super) fn terms(self) -> (Term, Option<Term>) {
        match self {
            Self::Gap | Self::Credit => (Term::Credit, None),
            Self::GapLower => (Term::Credit, Some(Term::Known)),
            Self::Known => (Term::Known, None),
            Self::Met => (Term::Met, None),
        }
    }
}

/// Targets, ready to be compared with people: built once, used for many batches.
///
/// Matrices go into the caller's own buffer, in the narrowest whole numbers that hold them, a tile
/// of people at a time; nothing else is allocated but some kilobytes for each thread. Building is
/// O(requirements); it keeps 4 to 8 bytes for each requirement, and more for common skills.
///
/// # Example
///
/// ```
/// use passerelle::gap::Index;
/// use passerelle::matrix::Rows;
/// use passerelle::Run;
///
/// // One target: skill 0 at level 2, weight 3, and skill 1 at level 1, weight 1.
/// let targets = Rows::required(&[0, 2], &[0, 1], &[2, 1], &[3, 1], 2)?;
/// // Two people: the first holds skill 0 at level 1; of the second nothing is known.
/// let people = Rows::held(&[0, 1, 1], &[0], &[1], 2)?;
///
/// let index = Index::new(targets, &Run::new())?;
/// assert_eq!(index.cell_bytes(), 1);
/// let mut gaps = [0u8; 2];
/// index.gap_into(people, 0, &mut gaps, &Run::new())?;
/// assert_eq!(gaps, [4, 7]);
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Debug)]
pub struct Index {
    pub(super) index: kernel::Index,
    pub(super) totals: Vec<u32>,
    /// The totals in 16 bits, where all fit.
    pub(super) short_totals: Vec<u16>,
}

impl Index {
    /// Turns `targets` round.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for rows of people, which have no totals; [`Error::RowTotal`] never for
    /// rows that were checked; [`Error::Cancelled`].
    pub fn new(targets: Rows<'_>, run: &Run) -> Result<Self> {
        let totals = totals_of(targets, run)?;
        let short_totals = shortened(&totals);
        let index = run.install(|| kernel::Index::build(targets, run))?;
        Ok(Self { index, totals, short_totals })
    }

    /// How many targets: the length of a row of the matrix.
    pub fn width(&self) -> usize {
        self.totals.len()
    }

    /// How many skills the axis has.
    pub fn skill_count(&self) -> u32 {
        self.index.skill_count()
    }

    /// Σ weight × required level of each target.
    pub fn totals(&self) -> &[u32] {
        &self.totals
    }

    /// The fewest bytes (1, 2 or 4) whose cells hold every figure.
    pub fn cell_bytes(&self) -> usize {
        match self.totals.iter().max() {
            None | Some(0..=0xFF) => 1,
            Some(0..=0xFFFF) => 2,
            Some(_) => 4,
        }
    }

    /// Bytes that the index keeps.
    pub fn bytes(&self) -> usize {
        self.index.bytes() + 4 * self.totals.len() + 2 * self.short_totals.len()
    }

    /// Writes the gap, total − credit, of the people `first..`: people × targets, by rows, in
    /// steps × weight.
    ///
    /// # Errors
    ///
    /// As [`Index::figure_into`].
    pub fn gap_into<C: Cell>(
        &self,
        people: Rows<'_>,
        first: usize,
        out: &mut [C],
        run: &Run,
    ) -> Result<()> {
        self.figure_into(Figure::Gap, people, first, out, run)
    }

    /// Writes the credit, as [`Index::gap_into`] does the gap.
    ///
    /// # Errors
    ///
    /// As [`Index::figure_into`].
    pub fn credit_into<C: Cell>(
        &self,
        people: Rows<'_>,
        first: usize,
        out: &mut [C],
        run: &Run,
    ) -> Result<()> {
        self.figure_into(Figure::Credit, people, first, out, run)
    }

    /// Writes a figure of the people `first..`, as many rows of [`Index::width`] cells as `out`
    /// holds. A caller streams by asking for tile after tile.
    ///
    /// O(requirements met + cells), in parallel; the same cells on any number of threads.
    ///
    /// # Errors
    ///
    /// [`Error::CellTooNarrow`] where a total does not fit a cell, [`Error::ArrayLength`] where
    /// `out` is not whole rows, [`Error::Argument`] for people beyond the last or rows on a longer
    /// axis: nothing is written then. [`Error::Cancelled`], after which `out` is written in part.
    pub fn figure_into<C: Cell>(
        &self,
        figure: Figure,
        people: Rows<'_>,
        first: usize,
        out: &mut [C],
        run: &Run,
    ) -> Result<()> {
        let narrow = |&(_, &total): &(usize, &u32)| C::checked(total).is_none();
        if let Some((target, &total)) = self.totals.iter().enumerate().find(narrow) {
            let bytes = C::BYTES;
            return Err(Error::CellTooNarrow { target: target as u64, total, bytes });
        }
        self.check(people, first, out.len())?;
        let (one, two) = figure.terms();
        let sweeper = || Sweeper::new(&self.index, one, two);
        let count = run.count("people", (out.len() / self.width().max(1)) as u64);
        run.install(|| {
            sweep::fill(
                &self.index,
                (people, first),
                out,
                &count,
                sweeper,
                |sweeper, row, block, out| {
                    let totals = &self.totals[block.first..][..block.len];
                    match figure {
                        Figure::Gap => C::subtract(self, block, sweeper.one(row, block), out),
                        Figure::GapLower => {
                            let lower = |_, credit, known| C::fitting(known - credit);
                            sweeper.both((row, block), totals, out, lower);
                        }
                        Figure::Credit | Figure::Known | Figure::Met => {
                            let sums = sweeper.one(row, block);
                            sweep::write(sums, totals, out, |_, sum| C::fitting(sum));
                        }
                    }
                },
            )
        })
    }

    /// Writes coverage, credit ÷ total: one division in f64, rounded once to f32. A target of raw
    /// rows that requires nothing has coverage 1.
    ///
    /// # Errors
    ///
    /// As [`Index::figure_into`], of which widths do not matter.
    pub fn coverage_into(
        &self,
        people: Rows<'_>,
        first: usize,
        out: &mut [f32],
        run: &Run,
    ) -> Result<()> {
        self.check(people, first, out.len())?;
        let sweeper = || Sweeper::new(&self.index, Term::Credit, None);
        let count = run.count("people", (out.len() / self.width().max(1)) as u64);
        run.install(|| {
            sweep::fill(
                &self.index,
                (people, first),
                out,
                &count,
                sweeper,
                |sweeper, row, block, out| {
                    let totals = &self.totals[block.first..][..block.len];
                    let sums = sweeper.one(row, block);
                    sweep::write(sums, totals, out, |total, credit| share(credit, total));
                },
            )
        })
    }

    /// Refuses what cannot be written.
    fn check(&self, people: Rows<'_>, first: usize, cells: usize) -> Result<()> {
        self.check_axis(people)?;
        let width = self.width();
        let rows = cells.checked_div(width).unwrap_or(0);
        if rows * width != cells {
            let (length, expected) = (cells as u64, (rows * width) as u64);
            return Err(Error::ArrayLength { array: "out", length, expected });
        }
        if first.saturating_add(rows) > people.len() {
            let value = format!("{first}, for {rows} rows");
            return Err(Error::argument("first", value, format!("within {} people", people.len())));
        }
        Ok(())
    }

    /// The targets turned round, in their own order.
    pub(crate) fn turned(&self) -> &kernel::Index {
        &self.index
    }

    /// Refuses people on a longer axis.
    pub(crate) fn check_axis(&self, people: Rows<'_>) -> Result<()> {
        if people.skill_count() > self.index.skill_count() {
            let expected = format!("on the targets' axis of {} skills", self.index.skill_count());
            let value = format!("on an axis of {} skills", people.skill_count());
            return Err(Error::argument("people", value, expected));
        }
        Ok(())
    }
}

/// Rows summed before asking again whether to go on.
const ROWS_AT_ONCE: usize = 4096;

/// Σ weight × required level of each row.
pub(super) fn totals_of(targets: Rows<'_>, run: &Run) -> Result<Vec<u32>> {
    if !targets.is_weighted() {
        return Err(Error::argument("targets", "rows of people", "rows that are required"));
    }
    let mut totals = vec![0; targets.len()];
    let some = |(part, totals): (usize, &mut [u32])| {
        run.go_on()?;
        for (row, of_row) in (part * ROWS_AT_ONCE..).zip(totals) {
            let total = targets.row(row).total();
            *of_row =
                u32::try_from(total).map_err(|_| Error::RowTotal { row: row as u64, total })?;
        }
        Ok(())
    };
    run.install(|| totals.par_chunks_mut(ROWS_AT_ONCE).enumerate().try_for_each(some))?;
    Ok(totals)
}

/// The totals in 16 bits; none where one does not fit.
pub(super) fn shortened(totals: &[u32]) -> Vec<u16> {
    let short = totals.iter().map(|&total| u16::try_from(total)).collect::<Result<_, _>>();
    short.unwrap_or_default()
}

/// A whole number that a matrix may be written in: `u8`, `u16` or `u32`.
#[expect(private_bounds, reason = "sealed")]
pub trait Cell: Number {}

/// What writing needs; not for others to implement.
trait Number: Stored + Send {
    const BYTES: u8;
    /// The number, where it fits.
    fn checked(number: u32) -> Option<Self>;
    /// A number that was seen to fit.
    fn fitting(number: u32) -> Self;
    /// Total − sum for the rows of a block.
    fn subtract(index: &Index, block: &Block, sums: Sums<'_>, out: &mut [Self]) {
        let totals = &index.totals[block.first..][..block.len];
        sweep::write(sums, totals, out, |total, sum| Self::fitting(total - sum));
    }
}

macro_rules! cell {
    ($type:ty $(, $subtract:item)?) => {
        impl Cell for $type {}
        impl Number for $type {
            #[expect(clippy::cast_possible_truncation, reason = "at most 4")]
            const BYTES: u8 = (<$type>::BITS / 8) as u8;
            fn checked(number: u32) -> Option<Self> {
                Self::try_from(number).ok()
            }
            #[inline]
            #[allow(clippy::cast_possible_truncation, reason = "seen to fit")]
            fn fitting(number: u32) -> Self {
                number as Self
            }
            $($subtract)?
        }
    };
}

cell!(u8);
cell!(
    u16,
    fn subtract(index: &Index, block: &Block, sums: Sums<'_>, out: &mut [Self]) {
        let totals = &index.short_totals[block.first..][..block.len];
        let lanes = index.index.lanes();
        match sums {
            Sums::Bytes(sums) => lanes.subtract_bytes(totals, sums, out),
            Sums::Shorts(sums) => lanes.subtract_shorts(totals, sums, out),
            Sums::Words(_) | Sums::Longs(_) => {
                let totals = &index.totals[block.first..][..block.len];
                sweep::write(sums, totals, out, |total, sum| Self::fitting(total - sum));
            }
        }
    }
);
cell!(u32);
