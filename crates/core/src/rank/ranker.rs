//! The best `k` for every row, without writing whole rows of scores.
//!
//! A first bound comes from the greatest sums of stretches of rows (`threshold`); from then on, one
//! comparison of integers says for a whole chunk of rows whether any can still be a result, and only
//! those are scored.

#![expect(
    clippy::cast_possible_truncation,
    reason = "positions are below 2³¹; what a score needs is kept to 16 bits before it is cast"
)]

use rayon::prelude::*;

use super::best::Best;
use super::ranking::{Scoring, finish};
use super::strategy::{Strategy, Sum};
use super::threshold;
use crate::error::Result;
use crate::kernel::{Asker, BLOCK, Block, CHUNK, GONE, Hit, Index, Sums, Term, Walker, Work};
use crate::matrix::{Row, Rows};
use crate::run::{Count, Lanes, Run};

/// 2⁵²: what is added to it keeps its whole part alone.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// Rows that go through the blocks together, so that a block is read from the nearer caches: many
/// where there are many blocks, yet few enough that each thread has several batches.
pub(super) fn rows_at_once(rows: usize, blocks: usize) -> usize {
    let most = if blocks > 1 { 512 } else { 64 };
    (rows / (8 * rayon::current_num_threads())).clamp(16, most)
}

/// Ranks the rows of one side for rows of the other.
///
/// Keeps the indexed side in the order of its constants, so that what a score needs is nearly the
/// same number for neighbours, and a vector of sums is compared with it at once.
struct Ranker<'s, S: ?Sized> {
    strategy: &'s S,
    asker: Asker,
    parts: Vec<Part<'s>>,
    /// How many rows are ranked.
    len: usize,
    lanes: Lanes,
    /// Whether the strategy says what a score needs: else every row is scored.
    prunes: bool,
    /// Whether only rows that share something are results.
    shared: bool,
}

/// Rows to rank, in the order of their constants.
#[derive(Debug)]
pub(super) struct Part<'s> {
    index: &'s Index,
    /// Ascending: in the order of the index.
    constants: &'s [f64],
    /// The least constant of each group of chunks that share one need.
    lows: Vec<f64>,
    /// Chunks that share one need, as a power of two.
    shift: u32,
    /// Whether all constants are one number, as they are for the credit: greater sums then have
    /// greater scores.
    even: bool,
}

impl<'s> Part<'s> {
    pub(super) fn new(index: &'s Index, constants: &'s [f64]) -> Self {
        let shift = if index.len() <= BLOCK { 0 } else { 2 };
        let lows = constants.iter().copied().step_by(CHUNK << shift).collect();
        let even = constants.first() == constants.last();
        Self { index, constants, lows, shift, even }
    }

    /// Whether of rows with equal sums those that come first are better.
    fn is_plain(&self) -> bool {
        self.even && self.index.is_in_order() && self.index.gone() == 0
    }
}

/// What ranks, and where the results go.
pub(super) struct Asking<'a> {
    pub(super) rows: Rows<'a>,
    /// Results kept of each row.
    pub(super) k: usize,
    /// `k` for each row, as are the scores.
    pub(super) positions: &'a mut [i32],
    pub(super) scores: &'a mut [f32],
}

/// Turns `rows` round, in the order of their constants, which come beside. Runs on the threads it is
/// called on; the error says that it was stopped.
pub(super) fn turned(
    rows: Rows<'_>,
    constant: impl Fn(u32) -> f64 + Sync,
    run: &Run,
) -> Result<(Index, Vec<f64>)> {
    // `Rows` has fewer than 2³¹ rows.
    let mut keyed: Vec<(f64, u32)> = (0..rows.len())
        .into_par_iter()
        .with_min_len(1024)
        .map(|row| {
            // What is stopped has no use for them.
            let constant = if run.go_on().is_ok() { constant(row as u32) } else { 0.0 };
            (constant, row as u32)
        })
        .collect();
    run.go_on()?;
    keyed.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let (constants, order): (Vec<f64>, Vec<u32>) = keyed.into_iter().unzip();
    let order = Some(order).filter(|order| !order.is_sorted());
    run.go_on()?;
    Ok((Index::ordered(rows, order, run)?, constants))
}

/// Rows turned round, to be ranked for each row that asks.
pub(super) struct Turned<'a> {
    pub(super) asker: Asker,
    /// The rows of all of them are ranked.
    pub(super) parts: Vec<Part<'a>>,
    pub(super) lanes: Lanes,
    pub(super) asking: Asking<'a>,
    /// The constant of each row that asks.
    pub(super) own: &'a (dyn Fn(u32) -> f64 + Sync),
    pub(super) count: &'a Count<'a>,
}

impl Turned<'_> {
    /// The best `k` for each row that asks, best first, padded with −1 and 0. Of equal scores, the
    /// lower position comes first. Runs on the threads it is called on.
    pub(super) fn by<S: Strategy + ?Sized>(self, strategy: &S) -> Result<()> {
        let Self { asker, parts, lanes, asking, own, count } = self;
        let len = parts.iter().map(|part| part.index.len() - part.index.gone()).sum();
        let prunes = Scoring::of(strategy) == Scoring::Bounded;
        let shared = !strategy.ranks_unshared();
        let ranker = Ranker { strategy, asker, parts, len, lanes, prunes, shared };
        ranker.rank(asking, own, count)
    }
}

impl<S: Strategy + ?Sized> Ranker<'_, S> {
    fn blocks(&self) -> usize {
        self.parts.iter().map(|part| part.index.blocks.len()).sum()
    }

    /// As [`Turned::by`].
    fn rank(
        &self,
        asking: Asking<'_>,
        own: &(dyn Fn(u32) -> f64 + Sync),
        count: &Count<'_>,
    ) -> Result<()> {
        let Asking { rows, k, positions, scores } = asking;
        if rows.is_empty() {
            return Ok(());
        }
        let batch_rows = rows_at_once(rows.len(), self.blocks());
        // Past that length, one batch takes all rows.
        let cells = batch_rows.saturating_mul(k);
        let batches = positions.par_chunks_mut(cells).zip(scores.par_chunks_mut(cells));
        batches.enumerate().try_for_each_init(
            || Worker::new(self, k, batch_rows),
            |worker, (batch, (positions, scores))| {
                count.go_on()?;
                let first = batch * batch_rows;
                let done = positions.len() / k;
                worker.own.clear();
                worker.own.extend((first..first + done).map(|row| own(row as u32)));
                self.lanes.run(Batch { worker, rows, first, positions, scores });
                count.add(done as u64);
                Ok(())
            },
        )
    }
}

/// Some rows that ask.
struct Batch<'b, 'r, S: ?Sized> {
    worker: &'b mut Worker<'r, S>,
    rows: Rows<'b>,
    first: usize,
    positions: &'b mut [i32],
    scores: &'b mut [f32],
}

impl<S: Strategy + ?Sized> Work for Batch<'_, '_, S> {
    #[inline(always)]
    fn run(self) {
        self.worker.batch(self.rows, self.first, self.positions, self.scores);
    }
}

/// What one thread needs to rank.
struct Worker<'r, S: ?Sized> {
    ranker: &'r Ranker<'r, S>,
    /// One for each part.
    walkers: Vec<Walker<'r>>,
    /// Places in the results of each row.
    k: usize,
    /// Results that a row can have.
    most: usize,
    /// The constants of the rows of the batch.
    own: Vec<f64>,
    best: Vec<Best>,
    scratch: Scratch,
}

/// Buffers that keep their room from row to row.
#[derive(Default)]
struct Scratch {
    needs: Vec<u16>,
    hits: Vec<Hit>,
    crests: Vec<[u16; 64]>,
    scores: Vec<f32>,
    halves: Vec<u16>,
}

impl<'r, S: Strategy + ?Sized> Worker<'r, S> {
    fn new(ranker: &'r Ranker<'_, S>, k: usize, batch_rows: usize) -> Self {
        let term = match ranker.strategy.sum() {
            Sum::Credit => Term::Credit,
            Sum::Product => Term::Product,
            Sum::Real => unreachable!("sums of reals are ranked elsewhere"),
        };
        let most = k.min(ranker.len).max(1);
        let best = match &ranker.parts[..] {
            [part] if part.index.is_in_order() => Best::ordered(most),
            _ => Best::new(most),
        };
        let walker = |part: &Part<'r>| Walker::new(part.index, term, ranker.asker);
        Self {
            ranker,
            walkers: ranker.parts.iter().map(walker).collect(),
            k,
            most,
            own: Vec::with_capacity(batch_rows),
            best: vec![best; batch_rows],
            scratch: Scratch::default(),
        }
    }

    #[inline(always)]
    fn batch(&mut self, rows: Rows<'_>, first: usize, positions: &mut [i32], scores: &mut [f32]) {
        let count = positions.len() / self.k;
        for best in &mut self.best[..count] {
            best.clear();
        }
        let mut left = self.ranker.blocks();
        for (number, part) in self.ranker.parts.iter().enumerate() {
            for block in &part.index.blocks {
                left -= 1;
                for at in 0..count {
                    self.block(rows.row(first + at), (number, block), at);
                    if left > 0 {
                        self.best[at].settle();
                    }
                }
            }
        }
        let out = positions.chunks_exact_mut(self.k).zip(scores.chunks_exact_mut(self.k));
        for (best, (positions, scores)) in self.best.iter_mut().zip(out) {
            best.write(positions, scores);
        }
    }

    /// Adds what a block of part `number` has for `row` to the results at `at`.
    #[inline(always)]
    fn block(&mut self, row: Row<'_>, (number, block): (usize, &Block), at: usize) {
        let ranker = self.ranker;
        let part = &ranker.parts[number];
        let view = View { ranker, own: self.own[at], part, block };
        let walker = &mut self.walkers[number];
        walker.take(row);
        let sums = walker.walk(row, block);
        let best = &mut self.best[at];
        let scratch = &mut self.scratch;
        scratch.hits.resize(BLOCK / CHUNK, Hit::default());
        let fresh = ranker.prunes && best.least() == f32::NEG_INFINITY;
        if let Sums::Bytes(sums) = sums
            && fresh
            && part.is_plain()
        {
            let (found, least) = ranker.lanes.best_bytes(sums, self.most, &mut scratch.hits);
            if view.is_told_apart(least) {
                return view.score(&scratch.hits[..found], |place| u64::from(sums[place]), best);
            }
        }
        if fresh {
            // One step below, for what rounding may have added where a constant is not the row's.
            best.raise(view.first_bound(sums, self.most, scratch).next_down());
        }
        view.needs(best.least(), &mut scratch.needs);
        let (needs, hits, lanes) = (&scratch.needs, &mut scratch.hits, ranker.lanes);
        match sums {
            Sums::Bytes(sums) => {
                let found = lanes.reach_bytes(sums, needs, part.shift, hits);
                view.score(&hits[..found], |place| u64::from(sums[place]), best);
            }
            Sums::Shorts(sums) => {
                let found = lanes.reach_shorts(sums, needs, part.shift, hits);
                view.score(&hits[..found], |place| u64::from(sums[place]), best);
            }
            Sums::Words(sums) => view.score_all(|place| u64::from(sums[place]), best),
            Sums::Longs(sums) => view.score_all(|place| sums[place], best),
        }
    }
}

/// A row that asks, before a block.
struct View<'v, S: ?Sized> {
    ranker: &'v Ranker<'v, S>,
    /// The constant of the row that asks.
    own: f64,
    part: &'v Part<'v>,
    block: &'v Block,
}

impl<S: Strategy + ?Sized> View<'_, S> {
    #[inline(always)]
    fn finish(&self, sum: u64, other: f64) -> f32 {
        match self.ranker.asker {
            Asker::Person => finish(self.ranker.strategy, sum, self.own, other),
            Asker::Target => finish(self.ranker.strategy, sum, other, self.own),
        }
    }

    /// The constants of the block.
    fn constants(&self) -> &[f64] {
        &self.part.constants[self.block.first..][..self.block.len]
    }

    /// Whether the best are those of the greatest sums, `least` the least of them, where it is 0 all
    /// that share something: no neighbouring sum has its score, so that places decide among its rows
    /// alone.
    #[inline(always)]
    fn is_told_apart(&self, least: u8) -> bool {
        let score = |sum| self.finish(sum, self.constants()[0]);
        match u64::from(least) {
            0 => self.ranker.shared,
            least => score(least - 1) < score(least) && score(least) < score(least + 1),
        }
    }

    /// A score that `k` rows of the block reach, or `-∞`.
    #[inline(always)]
    fn first_bound(&self, sums: Sums<'_>, k: usize, scratch: &mut Scratch) -> f32 {
        let strategy = self.ranker.strategy;
        // The padding has no rows: only whole chunks count.
        let whole = self.block.len / CHUNK * CHUNK;
        let run = threshold::chunks_per_run(whole / CHUNK);
        scratch.crests.clear();
        let lanes = self.ranker.lanes;
        match sums {
            Sums::Bytes(sums) => lanes.crest_bytes(&sums[..whole], run, &mut scratch.crests),
            Sums::Shorts(sums) => lanes.crest_shorts(&sums[..whole], run, &mut scratch.crests),
            Sums::Words(_) | Sums::Longs(_) => return f32::NEG_INFINITY,
        }
        let places = threshold::fold(&mut scratch.crests, k);
        // Where every row is a result, so are the k least constants of those that are there, with
        // nothing shared.
        let nothing = match self.constants().get(k - 1 + self.part.index.gone()) {
            Some(&constant) if !self.ranker.shared => self.finish(0, constant),
            _ => f32::NEG_INFINITY,
        };
        // A greatest sum of 0 may stand for rows that are no longer there.
        let score = |most: u16, score: f32| if most == 0 { f32::NEG_INFINITY } else { score };
        if self.part.even {
            scratch.halves.clear();
            scratch.crests.iter().for_each(|crest| scratch.halves.extend(&crest[..places]));
            let sum = lanes.kth_greatest(&scratch.halves, k);
            return nothing.max(score(sum, self.finish(u64::from(sum), self.constants()[0])));
        }
        scratch.scores.resize(scratch.crests.len() * places, 0.0);
        let runs = self.constants()[..whole].chunks(run * CHUNK).zip(&scratch.crests);
        for ((constants, crest), scores) in runs.zip(scratch.scores.chunks_exact_mut(places)) {
            let worst = constants[constants.len() - 1];
            let both = scores.iter_mut().zip(&crest[..places]);
            // Chosen outside of the loop, so that the loop becomes vector code.
            match self.ranker.asker {
                Asker::Person => {
                    for (out, &most) in both {
                        *out = score(most, finish(strategy, u64::from(most), self.own, worst));
                    }
                }
                Asker::Target => {
                    for (out, &most) in both {
                        *out = score(most, finish(strategy, u64::from(most), worst, self.own));
                    }
                }
            }
        }
        nothing.max(threshold::kth_greatest(&scratch.scores, k, &mut scratch.halves, lanes))
    }

    /// The least sum that each group of chunks needs to reach `least`.
    #[inline(always)]
    fn needs(&self, least: f32, needs: &mut Vec<u16>) {
        let floor = u16::from(self.ranker.shared);
        needs.clear();
        let groups = self.block.padded.div_ceil(CHUNK << self.part.shift);
        if !self.ranker.prunes || least == f32::NEG_INFINITY {
            needs.resize(groups, floor);
            return;
        }
        // One step below, so that a score which rounds up to `least` is not lost.
        let below = f64::from(least.next_down());
        // Blocks begin at a whole number of groups.
        let lows = &self.part.lows[self.block.first / (CHUNK << self.part.shift)..];
        let need = |reach: Option<f64>| {
            let sum = reach.map_or(0.0, |sum| (sum - sum.abs() * 1e-12).ceil());
            #[expect(
                clippy::manual_clamp,
                reason = "NaN, which no strategy should say, asks nothing"
            )]
            let sum = sum.max(0.0).min(65_535.0);
            // A whole number of 16 bits is those of its sum with 2⁵²: a cast would be no vector code.
            ((sum + WHOLE).to_bits() as u16).max(floor)
        };
        let (strategy, asker) = (self.ranker.strategy, self.ranker.asker);
        if self.part.even {
            let reach = match asker {
                Asker::Person => strategy.reach(below, self.own, lows[0]),
                Asker::Target => strategy.reach(below, lows[0], self.own),
            };
            return needs.resize(groups, need(reach));
        }
        needs.resize(groups, floor);
        let lows = needs.iter_mut().zip(lows);
        // Chosen outside of the loop, so that the loop becomes vector code.
        match asker {
            Asker::Person => {
                for (need_of, &low) in lows {
                    *need_of = need(strategy.reach(below, self.own, low));
                }
            }
            Asker::Target => {
                for (need_of, &low) in lows {
                    *need_of = need(strategy.reach(below, low, self.own));
                }
            }
        }
    }

    /// Scores the rows that `hits` point at.
    #[inline(always)]
    fn score(&self, hits: &[Hit], sum: impl Fn(usize) -> u64, best: &mut Best) {
        let constants = self.constants();
        for hit in hits {
            let first = hit.chunk as usize * CHUNK;
            let mut mask = hit.mask;
            while mask != 0 {
                let place = first + mask.trailing_zeros() as usize;
                mask &= mask - 1;
                // The last chunk may reach into the padding.
                let Some(&constant) = constants.get(place) else { break };
                self.meet(place, sum(place), constant, best);
            }
        }
    }

    /// Scores one row.
    #[inline(always)]
    fn meet(&self, place: usize, sum: u64, constant: f64, best: &mut Best) {
        let position = self.part.index.position(self.block.first + place);
        if position != GONE {
            best.push(self.finish(sum, constant), position);
        }
    }

    /// Scores every row: for sums wider than the vector twins take.
    fn score_all(&self, sum: impl Fn(usize) -> u64, best: &mut Best) {
        let every = !self.ranker.shared;
        for (place, &constant) in self.constants().iter().enumerate() {
            let sum = sum(place);
            if every || sum > 0 {
                self.meet(place, sum, constant, best);
            }
        }
    }
}
