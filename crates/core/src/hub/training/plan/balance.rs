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

/// Steps between two looks at how far the prices are.
const EPOCH: usize = 50;

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
    /// By row, what its coefficients were multiplied by.
    scale: Vec<f64>,
    /// What gains were multiplied by.
    unit: f64,
    sessions: usize,
    column_step: Vec<f64>,
    row_step: Vec<f64>,
    /// How long the steps of prices are against those of people.
    weight: f64,
    pub shares: Vec<f64>,
    prices: Vec<f64>,
}

/// Rows of a sparse matrix.
#[derive(Debug, Default)]
struct Sparse {
    ends: Vec<usize>,
    cells: Vec<(u32, f64)>,
}

impl Sparse {
    fn row(&self, at: usize) -> &[(u32, f64)] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.cells[start..self.ends[at]]
    }

    fn times(&self, at: usize, values: &[f64]) -> f64 {
        self.row(at).iter().map(|&(other, cell)| cell * values[other as usize]).sum()
    }

    fn turned(&self, rows: usize) -> Self {
        let mut ends = vec![0; rows];
        for &(row, _) in &self.cells {
            ends[row as usize] += 1;
        }
        let mut sum = 0;
        let mut next = Vec::with_capacity(rows);
        for end in &mut ends {
            next.push(sum);
            sum += *end;
            *end = sum;
        }
        let mut cells = vec![(0, 0.0); self.cells.len()];
        for at in 0..self.ends.len() {
            for &(row, cell) in self.row(at) {
                let place = &mut next[row as usize];
                // Columns are fewer than 2³²: their cells are in memory.
                #[expect(clippy::cast_possible_truncation)]
                let column = at as u32;
                cells[*place] = (column, cell);
                *place += 1;
            }
        }
        Self { ends, cells }
    }
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
    /// The balance of the columns of each class; starts from shares (by class and column, those
    /// that are new left out) and prices.
    pub(super) fn new(
        market: &Market,
        classes: &[Class],
        pools: &[Vec<Column>],
        prices: &Prices,
        before: Option<(&[Vec<f64>], f64)>,
    ) -> Self {
        let sessions = market.capacity.len();
        let rows = sessions + market.limits.len();
        let mut first = vec![0];
        let (mut gains, mut by_column, mut shares) = (Vec::new(), Sparse::default(), Vec::new());
        for (number, (class, pool)) in classes.iter().zip(pools).enumerate() {
            for (at, column) in pool.iter().enumerate() {
                gains.push(real(column.gain));
                cells(market, class, column, prices, &mut by_column.cells);
                by_column.ends.push(by_column.cells.len());
                let share = before.and_then(|(shares, _)| shares[number].get(at).copied());
                shares.push(share.unwrap_or(0.0));
            }
            first.push(gains.len());
        }
        let room = room(market, prices);
        let by_row = by_column.turned(rows);
        let mut balance = Self {
            first,
            people: classes.iter().map(|class| real(class.learners.len() as u64)).collect(),
            gains,
            by_column,
            by_row,
            room,
            scale: vec![1.0; rows],
            unit: 1.0,
            sessions,
            column_step: Vec::new(),
            row_step: Vec::new(),
            weight: before.map_or(1.0, |(_, weight)| weight),
            shares,
            prices: Vec::new(),
        };
        balance.rescale();
        let known = prices.sessions.iter().chain(&prices.limits).zip(&balance.scale);
        balance.prices = known.map(|(price, scale)| price * balance.unit / scale).collect();
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
            let cells = self.by_row.row(row);
            self.scale[row] = mean(cells.iter().map(|(_, cell)| cell.abs()).sum(), cells.len());
            let (low, high) = &mut self.room[row];
            *low *= self.scale[row];
            *high *= self.scale[row];
        }
        for (row, cell) in &mut self.by_column.cells {
            *cell *= self.scale[*row as usize];
        }
        for row in 0..self.room.len() {
            let start = if row == 0 { 0 } else { self.by_row.ends[row - 1] };
            for (_, cell) in &mut self.by_row.cells[start..self.by_row.ends[row]] {
                *cell *= self.scale[row];
            }
        }
        let sum = |cells: &[(u32, f64)]| cells.iter().map(|(_, cell)| cell.abs()).sum::<f64>();
        let step = |sum: f64| if sum > 0.0 { 0.99 / sum } else { 1.0 };
        self.row_step = (0..self.room.len()).map(|row| step(sum(self.by_row.row(row)))).collect();
        let widest = |class: usize| {
            let columns = self.first[class]..self.first[class + 1];
            columns.map(|column| sum(self.by_column.row(column))).fold(0.0, f64::max)
        };
        self.column_step = (0..self.people.len()).map(|class| step(widest(class))).collect();
    }

    /// The weight of steps to start from next time.
    pub(super) fn weight(&self) -> f64 {
        self.weight
    }

    /// The shares by class and column.
    pub(super) fn shares(&self) -> Vec<Vec<f64>> {
        self.first.windows(2).map(|ends| self.shares[ends[0]..ends[1]].to_vec()).collect()
    }

    /// The prices as they stand.
    pub(super) fn put_prices(&self, prices: &mut Prices) {
        let known =
            self.prices.iter().zip(&self.scale).map(|(price, scale)| price * scale / self.unit);
        for (at, price) in known.enumerate() {
            match at.checked_sub(self.sessions) {
                None => prices.sessions[at] = price,
                Some(limit) => prices.limits[limit] = price,
            }
        }
    }

    /// Takes steps until the error is below `error`, or so many epochs have passed. The prices are
    /// then those that proved the least bound over these columns.
    pub(super) fn settle(&mut self, epochs: usize, error: f64) {
        let mut least = f64::INFINITY;
        let mut least_prices = self.prices.clone();
        for _ in 0..epochs {
            let (start_shares, start_prices) = (self.shares.clone(), self.prices.clone());
            let (mut sum_shares, mut sum_prices) =
                (vec![0.0; self.shares.len()], vec![0.0; self.prices.len()]);
            for _ in 0..EPOCH {
                self.step();
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
                    least_prices.clone_from(prices);
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
        self.prices = least_prices;
    }

    fn step(&mut self) {
        let Self { first, people, gains, by_column, column_step, weight, prices, .. } = &*self;
        let moved: Vec<Vec<f64>> = (0..people.len())
            .into_par_iter()
            .with_min_len(256)
            .map(|class| {
                let step = column_step[class] / weight;
                let mut shares: Vec<f64> = (first[class]..first[class + 1])
                    .map(|at| self.shares[at] + step * (gains[at] - by_column.times(at, prices)))
                    .collect();
                keep_within(&mut shares, people[class]);
                shares
            })
            .collect();
        let shares = moved.concat();
        let ahead: Vec<f64> =
            shares.iter().zip(&self.shares).map(|(new, old)| 2.0 * new - old).collect();
        let Self { by_row, row_step, weight, room, prices, .. } = &*self;
        let prices = (0..room.len())
            .into_par_iter()
            .with_min_len(64)
            .map(|row| {
                let step = row_step[row] * weight;
                let (low, high) = room[row];
                let asked = prices[row] + step * by_row.times(row, &ahead);
                // Above the room a price, below what must be reached a subsidy, else nothing.
                (asked - step * high).max(0.0) + (asked - step * low).min(0.0)
            })
            .collect();
        self.shares = shares;
        self.prices = prices;
    }

    fn distance(&self, shares: &[f64], prices: &[f64]) -> Distance {
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
            .map(|(&price, &(low, high))| if price >= 0.0 { price * high } else { price * low })
            .sum();
        let bound = worth + paid;
        let passed = (0..self.room.len())
            .map(|row| {
                let used = self.by_row.times(row, shares);
                let (low, high) = self.room[row];
                let over = (used - high).max(low - used).max(0.0);
                over / high.abs().max(1.0)
            })
            .fold(0.0, f64::max);
        let error = passed.max((bound - gain).abs() / bound.abs().max(1.0));
        Distance { bound, error }
    }
}

/// What a column asks of each row.
fn cells(
    market: &Market,
    class: &Class,
    column: &Column,
    prices: &Prices,
    cells: &mut Vec<(u32, f64)>,
) {
    let start = cells.len();
    let sessions = market.capacity.len();
    // Rows are fewer than 2³²: sessions are, and limits are few.
    #[expect(clippy::cast_possible_truncation)]
    let limit_row = |limit: usize| (sessions + limit) as u32;
    for &number in &column.lots {
        let lot = &market.lots[number as usize];
        cells.push((lot.session, 1.0));
        let heads = f64::from(market.capacity[lot.session as usize]);
        let fixed = match prices.standings[lot.session as usize] {
            Standing::Open(_) => 0.0,
            _ => real(lot.fixed) / heads,
        };
        for touch in &lot.touches {
            let used = signed(touch.cent) * (real(lot.seat) + fixed)
                + signed(touch.entry[usize::from(class.qpv)]);
            cells.push((limit_row(touch.limit), used));
        }
    }
    let own = &mut cells[start..];
    own.sort_by_key(|&(row, _)| row);
    let mut kept = start;
    for at in start..cells.len() {
        if kept > start && cells[kept - 1].0 == cells[at].0 {
            cells[kept - 1].1 += cells[at].1;
        } else {
            cells[kept] = cells[at];
            kept += 1;
        }
    }
    cells.truncate(kept);
}

/// What rows allow: seats, and limits less what was spent to open sessions.
fn room(market: &Market, prices: &Prices) -> Vec<(f64, f64)> {
    let mut room: Vec<(f64, f64)> = Vec::new();
    let mut left: Vec<f64> = market.limits.iter().map(|limit| signed(limit.bound)).collect();
    for (session, standing) in prices.standings.iter().enumerate() {
        let seats = f64::from(market.capacity[session]);
        room.push(match *standing {
            Standing::Free => (f64::NEG_INFINITY, seats),
            Standing::Closed => (f64::NEG_INFINITY, 0.0),
            Standing::Open(number) => {
                let lot = &market.lots[number as usize];
                for touch in &lot.touches {
                    left[touch.limit] -= signed(touch.opening(lot));
                }
                (f64::from(market.minimum[session]), seats)
            }
        });
    }
    room.extend(left.into_iter().map(|left| (f64::NEG_INFINITY, left)));
    room
}

/// The nearest shares that are at least 0 and add up to at most `people`.
fn keep_within(shares: &mut [f64], people: f64) {
    for share in &mut *shares {
        *share = share.max(0.0);
    }
    if shares.iter().sum::<f64>() <= people {
        return;
    }
    let mut sorted = shares.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
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
