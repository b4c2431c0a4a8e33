//! The prices at which what classes want fits what there is.
//!
//! Each class divides its people among its pathways (columns); each session has so many seats, each
//! limit so much room. The prices are found by primal-dual steps: every class moves people towards
//! what is worth most at the prices, every price rises where more is asked for than there is, and
//! falls where less is; after A. Chambolle and T. Pock, *A first-order primal-dual algorithm for
//! convex problems with applications to imaging* (2011), with the step lengths of their *Diagonal
//! preconditioning* (2011) and restarts at averages after D. Applegate et al., *Practical
//! large-scale linear programming using primal-dual hybrid gradient* (2021). No answer rests on
//! how near it came: any prices give a bound, and plans are checked in whole numbers.

use rayon::prelude::*;

use super::classes::Class;
use super::column::Column;
use super::market::Market;
use super::prices::{Prices, Standing, real, signed};
use super::room::Room;
use super::sparse::Sparse;

/// Steps between two looks at how far the prices are.
const EPOCH: usize = 50;

/// Columns, or rows, that one task steps through at least.
const TOGETHER: usize = 2_048;

/// Where a balance came to, to start the next from.
#[derive(Clone, Debug)]
pub(super) struct Trail {
    /// By class and column: how many people follow it.
    pub shares: Vec<Vec<f64>>,
    /// By row: sessions, then limits.
    prices: Vec<f64>,
    /// How long the steps of prices are against those of people.
    weight: f64,
    pace: Pace,
}

impl Default for Trail {
    fn default() -> Self {
        let pace = Pace { length: 1.0, taken: 0 };
        Self { shares: Vec::new(), prices: Vec::new(), weight: 1.0, pace }
    }
}

/// How long steps are.
#[derive(Clone, Copy, Debug)]
struct Pace {
    /// A multiple of what is safe wherever the steps lead: most columns are followed by nobody and
    /// do not move, so that much longer steps are.
    length: f64,
    /// How many were taken.
    taken: u32,
}

/// No step is longer.
const LONGEST: f64 = 1e4;

impl Pace {
    /// The length of the next step, where the last should not have been longer than `limit`; after
    /// Applegate et al., section 3.1.
    fn follow(&mut self, limit: f64) {
        self.taken = self.taken.saturating_add(1);
        let taken = f64::from(self.taken) + 1.0;
        let careful = (1.0 - taken.powf(-0.3)) * limit;
        self.length = careful.min((1.0 + taken.powf(-0.6)) * self.length).min(LONGEST);
    }
}

impl Trail {
    fn share(&self, class: usize, column: usize) -> f64 {
        self.shares.get(class).and_then(|of| of.get(column)).copied().unwrap_or(0.0)
    }
}

/// The people of each class divided among its columns, and the prices for it.
#[derive(Debug)]
pub(super) struct Balance {
    /// Where each class' columns start; one more at the end.
    first: Vec<usize>,
    people: Vec<f64>,
    gains: Vec<f64>,
    by_column: Sparse,
    by_row: Sparse,
    /// What each row allows: at least and at most.
    room: Vec<(f64, f64)>,
    /// The least price of each row, at most 0: what people are paid at most to come.
    floor: Vec<f64>,
    /// By row, what its coefficients were multiplied by.
    scale: Vec<f64>,
    /// What gains were multiplied by.
    unit: f64,
    sessions: usize,
    column_step: Vec<f64>,
    row_step: Vec<f64>,
    weight: f64,
    pace: Pace,
    shares: Vec<f64>,
    prices: Vec<f64>,
    /// By row, what the shares use of it.
    used: Vec<f64>,
    /// The prices that proved the least bound over these columns.
    least: Vec<f64>,
}

/// How far people and prices are from balance.
#[derive(Clone, Copy, Debug)]
struct Distance {
    /// What no plan over these columns passes.
    bound: f64,
    /// The share by which rows are passed, and by which gain and bound differ.
    error: f64,
}

impl Balance {
    /// The balance of the columns of each class within what room there is, from where another
    /// came to. Columns that pass through closed sessions are left out.
    pub(super) fn new(
        market: &Market,
        classes: &[Class],
        pools: &[Vec<Column>],
        prices: &Prices,
        room: Room,
        trail: &Trail,
    ) -> Self {
        let sessions = market.capacity.len();
        let rows = sessions + market.limits.len();
        let mut first = vec![0];
        let (mut gains, mut by_column, mut shares) = (Vec::new(), Sparse::default(), Vec::new());
        for (number, (class, pool)) in classes.iter().zip(pools).enumerate() {
            for (at, column) in pool.iter().enumerate() {
                let open = room.people[number] > 0.0
                    && cells(market, class, column, prices, by_column.cells());
                gains.push(if open { real(column.gain) } else { 0.0 });
                by_column.end_row();
                shares.push(if open { trail.share(number, at) } else { 0.0 });
            }
            first.push(gains.len());
        }
        let by_row = by_column.turned(rows);
        let mut allowed = room.seats;
        allowed.extend(room.limits.into_iter().map(|left| (f64::NEG_INFINITY, left)));
        let mut balance = Self {
            first,
            people: room.people,
            gains,
            by_column,
            by_row,
            room: allowed,
            floor: vec![0.0; rows],
            scale: vec![1.0; rows],
            unit: 1.0,
            sessions,
            column_step: Vec::new(),
            row_step: Vec::new(),
            weight: trail.weight,
            pace: trail.pace,
            shares,
            prices: vec![0.0; rows],
            used: vec![0.0; rows],
            least: Vec::new(),
        };
        balance.rescale();
        for (at, price) in trail.prices.iter().enumerate() {
            balance.prices[at] = price * balance.unit / balance.scale[at];
        }
        for (floor, stake) in balance.floor.iter_mut().zip(room.stakes) {
            *floor = -balance.unit * stake;
        }
        balance.least.clone_from(&balance.prices);
        balance
    }

    /// Brings gains and coefficients near 1, and sets the lengths of steps.
    fn rescale(&mut self) {
        let mean = |sum: f64, count: usize| {
            if count > 0 && sum > 0.0 { count_of(count) / sum } else { 1.0 }
        };
        self.unit = mean(self.gains.iter().sum(), self.gains.len());
        for gain in &mut self.gains {
            *gain *= self.unit;
        }
        for row in self.sessions..self.room.len() {
            self.scale[row] = mean(self.by_row.size(row), self.by_row.row(row).len());
            let (low, high) = &mut self.room[row];
            *low *= self.scale[row];
            *high *= self.scale[row];
        }
        self.by_column.scale_cells(&self.scale);
        self.by_row.scale_rows(&self.scale);
        let step = |sum: f64| if sum > 0.0 { 0.99 / sum } else { 1.0 };
        self.row_step = (0..self.room.len()).map(|row| step(self.by_row.size(row))).collect();
        let widest = |class: usize| {
            let columns = self.first[class]..self.first[class + 1];
            columns.map(|column| self.by_column.size(column)).fold(0.0, f64::max)
        };
        self.column_step = (0..self.people.len()).map(|class| step(widest(class))).collect();
    }

    /// Where it came to.
    pub(super) fn trail(&self) -> Trail {
        let shares = self.first.windows(2).map(|ends| self.shares[ends[0]..ends[1]].to_vec());
        Trail {
            shares: shares.collect(),
            prices: self.unscaled(&self.prices).collect(),
            weight: self.weight,
            pace: self.pace,
        }
    }

    /// The prices that proved the least bound over these columns.
    pub(super) fn put_prices(&self, prices: &mut Prices) {
        for (at, price) in self.unscaled(&self.least).enumerate() {
            match at.checked_sub(self.sessions) {
                None => prices.sessions[at] = price,
                Some(limit) => prices.limits[limit] = price,
            }
        }
    }

    fn unscaled<'b>(&'b self, prices: &'b [f64]) -> impl Iterator<Item = f64> + 'b {
        prices.iter().zip(&self.scale).map(|(price, scale)| price * scale / self.unit)
    }

    /// Takes steps until the error is below `error`, or so many epochs have passed; returns the least
    /// that no plan over these columns is proven to pass.
    pub(super) fn settle(&mut self, epochs: usize, error: f64) -> f64 {
        let mut least = f64::INFINITY;
        let tasks = tasks(&self.first);
        let mut next = self.shares.clone();
        for _ in 0..epochs {
            let (start_shares, start_prices) = (self.shares.clone(), self.prices.clone());
            let (mut sum_shares, mut sum_prices) =
                (vec![0.0; self.shares.len()], vec![0.0; self.prices.len()]);
            self.used = self.uses(&self.shares);
            for _ in 0..EPOCH {
                self.step(&tasks, &mut next);
                add(&mut sum_shares, &self.shares);
                add(&mut sum_prices, &self.prices);
            }
            for value in sum_shares.iter_mut().chain(&mut sum_prices) {
                *value /= count_of(EPOCH);
            }
            let here = self.distance(&self.shares, &self.prices);
            let mean = self.distance(&sum_shares, &sum_prices);
            for (distance, prices) in [(here, &self.prices), (mean, &sum_prices)] {
                if distance.bound < least {
                    least = distance.bound;
                    self.least.clone_from(prices);
                }
            }
            if mean.error < here.error {
                self.shares = sum_shares;
                self.prices = sum_prices;
            }
            if f64::min(mean.error, here.error) < error {
                break;
            }
            let moved = length(&self.shares, &start_shares);
            let repriced = length(&self.prices, &start_prices);
            if moved > 1e-9 && repriced > 1e-9 {
                self.weight = f64::exp(0.5 * f64::ln(repriced / moved) + 0.5 * self.weight.ln());
            }
        }
        least / self.unit
    }

    /// One step of people, then one of prices, as long as where it leads allows. `tasks` are numbers
    /// of classes, `next` is room for where people go.
    fn step(&mut self, tasks: &[usize], next: &mut Vec<f64>) {
        loop {
            let moved = self.move_people(tasks, next);
            let used = self.uses(next);
            let mut repriced = 0.0;
            let mut together = 0.0;
            let mut prices = Vec::with_capacity(self.prices.len());
            for (row, &price) in self.prices.iter().enumerate() {
                let step = self.pace.length * self.row_step[row] * self.weight;
                let (low, high) = self.room[row];
                let asked = price + step * (2.0 * used[row] - self.used[row]);
                // Above the room a price, below what must be reached a subsidy, else nothing.
                let subsidy = (asked - step * low).min(0.0).max(self.floor[row]);
                let new = (asked - step * high).max(0.0) + subsidy;
                repriced += (new - price) * (new - price) / (self.weight * self.row_step[row]);
                together += (new - price) * (used[row] - self.used[row]);
                prices.push(new);
            }
            let limit = (moved + repriced) / (2.0 * together.abs()).max(f64::MIN_POSITIVE);
            let fits = self.pace.length <= limit;
            self.pace.follow(limit);
            if fits {
                std::mem::swap(&mut self.shares, next);
                self.prices = prices;
                self.used = used;
                return;
            }
        }
    }

    /// Moves people from their shares towards what is worth most at the prices, into `next`; returns
    /// how far, for the length of steps.
    fn move_people(&self, tasks: &[usize], next: &mut [f64]) -> f64 {
        let Self { first, people, gains, by_column, column_step, weight, prices, shares, .. } =
            self;
        let mut cut: Vec<(usize, usize, &mut [f64])> = Vec::with_capacity(tasks.len());
        let mut rest = next;
        for ends in tasks.windows(2) {
            let (own, others) = rest.split_at_mut(first[ends[1]] - first[ends[0]]);
            cut.push((ends[0], ends[1], own));
            rest = others;
        }
        let moved: Vec<f64> = cut
            .into_par_iter()
            .map(|(from, until, next)| {
                let (mut sorted, mut moved) = (Vec::new(), 0.0);
                for class in from..until {
                    let columns = first[class]..first[class + 1];
                    let next = &mut next[columns.start - first[from]..columns.end - first[from]];
                    let step = self.pace.length * column_step[class] / weight;
                    for (at, next) in columns.clone().zip(&mut *next) {
                        *next = shares[at] + step * (gains[at] - by_column.times(at, prices));
                    }
                    keep_within(next, people[class], &mut sorted);
                    let far = shares[columns].iter().zip(&*next).map(|(a, b)| (a - b) * (a - b));
                    moved += far.sum::<f64>() * weight / column_step[class];
                }
                moved
            })
            .collect();
        moved.iter().sum()
    }

    /// What shares use of each row.
    fn uses(&self, shares: &[f64]) -> Vec<f64> {
        let mut used = vec![0.0; self.room.len()];
        // A limit weighs on most columns, a session on few.
        let (seats, limits) = used.split_at_mut(self.sessions);
        let first_limit = seats.len();
        let together = (TOGETHER * self.room.len() / self.by_row.len().max(1)).max(1);
        let use_of = |(row, used): (usize, &mut f64)| *used = self.by_row.times(row, shares);
        rayon::join(
            || seats.par_iter_mut().enumerate().with_min_len(together).for_each(use_of),
            || limits.par_iter_mut().enumerate().for_each(|(at, u)| use_of((first_limit + at, u))),
        );
        used
    }

    fn distance(&self, shares: &[f64], prices: &[f64]) -> Distance {
        let used = self.uses(shares);
        let gain: f64 = shares.iter().zip(&self.gains).map(|(share, gain)| share * gain).sum();
        let worth: f64 = self
            .people
            .iter()
            .enumerate()
            .map(|(class, people)| {
                let columns = self.first[class]..self.first[class + 1];
                let worth = columns.map(|at| self.gains[at] - self.by_column.times(at, prices));
                people * worth.fold(0.0, f64::max)
            })
            .sum();
        let paid: f64 = prices
            .iter()
            .zip(&self.room)
            .map(|(&price, &(low, high))| match price {
                0.0 => 0.0,
                price if price > 0.0 => price * high,
                price => price * low,
            })
            .sum();
        let bound = worth + paid;
        let passed = (0..self.room.len())
            .map(|row| {
                let (_, high) = self.room[row];
                let over = (used[row] - high).max(0.0);
                over / high.abs().max(1.0)
            })
            .fold(0.0, f64::max);
        let error = passed.max((bound - gain).abs() / bound.abs().max(1.0));
        Distance { bound, error }
    }
}

/// The classes where tasks begin, and the number of classes at the end.
fn tasks(first: &[usize]) -> Vec<usize> {
    let mut tasks = vec![0];
    for class in 1..first.len() {
        let from = first[*tasks.last().unwrap_or(&0)];
        if first[class] - from >= TOGETHER || class + 1 == first.len() {
            tasks.push(class);
        }
    }
    tasks
}

/// What a column asks of each row; false, with nothing added, where one of its sessions is closed
/// or its payer may not pay for so long a pathway.
fn cells(
    market: &Market,
    class: &Class,
    column: &Column,
    prices: &Prices,
    cells: &mut Vec<(u32, f32)>,
) -> bool {
    let sessions = market.capacity.len();
    // Rows are fewer than 2³²: sessions are, and limits are few.
    #[expect(clippy::cast_possible_truncation)]
    let limit_row = |limit: usize| (sessions + limit) as u32;
    let mut own: Vec<(u32, f64)> = Vec::with_capacity(8 * column.lots.len());
    for &priced in &column.lots {
        let session = market.lots[priced as usize].session;
        let (number, fixed) = match prices.standings[session as usize] {
            Standing::Closed => return false,
            Standing::Open(open) if market.lots[open as usize].pays_for(column.minutes) => {
                (open, 0.0)
            }
            Standing::Open(_) => return false,
            Standing::Free => {
                let heads = prices.sharing[priced as usize];
                (priced, real(market.lots[priced as usize].fixed) / heads)
            }
        };
        let lot = &market.lots[number as usize];
        own.push((session, 1.0));
        for touch in &lot.touches {
            let used =
                signed(touch.cent) * (real(lot.seat) + fixed) + signed(touch.head(class.counted));
            own.push((limit_row(touch.limit), used));
        }
    }
    own.sort_by_key(|&(row, _)| row);
    for run in own.chunk_by(|a, b| a.0 == b.0) {
        let sum: f64 = run.iter().map(|(_, used)| used).sum();
        // The steps need no more than 24 bits of it; no answer rests on them.
        #[expect(clippy::cast_possible_truncation)]
        cells.push((run[0].0, sum as f32));
    }
    true
}

/// The nearest shares that are at least 0 and add up to at most `people`. `sorted` is room to work.
fn keep_within(shares: &mut [f64], people: f64, sorted: &mut Vec<f64>) {
    sorted.clear();
    for share in &mut *shares {
        *share = share.max(0.0);
        if *share > 0.0 {
            sorted.push(*share);
        }
    }
    if sorted.iter().sum::<f64>() <= people {
        return;
    }
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let (mut sum, mut cut) = (0.0, 0.0);
    for (at, share) in sorted.iter().enumerate() {
        sum += share;
        let next = (sum - people) / count_of(at + 1);
        if next >= *share {
            break;
        }
        cut = next;
    }
    for share in shares {
        *share = (*share - cut).max(0.0);
    }
}

fn add(sum: &mut [f64], values: &[f64]) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += value;
    }
}

fn length(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

fn count_of(count: usize) -> f64 {
    real(count as u64)
}
