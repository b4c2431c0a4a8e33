//! People in sessions, within every limit, in whole numbers.

use super::classes::Class;
use super::column::Column;
use super::market::{Lot, Market};
use super::prices::real;

/// Where a learner sits.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Seat {
    /// A position in the class' pool.
    pub column: usize,
    /// Who pays for each choice of the column.
    pub lots: Vec<u32>,
}

/// The pathways that pass through each session: class and column.
pub(super) type Through = Vec<Vec<(u32, u32)>>;

/// One change, to be taken back.
#[derive(Debug)]
enum Change {
    Took(u32),
    Left(u32, Seat),
    Opened(u32),
    Closed(u32),
}

/// Who sits where, which sessions are opened, and what that uses.
#[derive(Debug)]
pub(super) struct Seating<'m> {
    pub market: &'m Market,
    pub classes: &'m [Class],
    /// The pathways known of each class; more may come.
    pub pools: Vec<Vec<Column>>,
    pub class_of: Vec<usize>,
    /// By learner.
    pub seats: Vec<Option<Seat>>,
    /// By session: the lot that opened it. Only collective sessions are opened.
    pub opened: Vec<Option<u32>>,
    /// By session: its learners.
    pub sitting: Vec<Vec<u32>>,
    used: Vec<i128>,
    pub gain: u64,
    pub cents: u64,
    /// Whether quotas may be passed for now: whoever makes room in them is still to come.
    pub quotas_wait: bool,
    changes: Vec<Change>,
}

impl<'m> Seating<'m> {
    pub(super) fn new(market: &'m Market, classes: &'m [Class], pools: Vec<Vec<Column>>) -> Self {
        let learners = classes.iter().map(|class| class.learners.len()).sum();
        let mut class_of = vec![0; learners];
        for (number, class) in classes.iter().enumerate() {
            for &learner in &class.learners {
                class_of[learner as usize] = number;
            }
        }
        let sessions = market.capacity.len();
        Self {
            market,
            classes,
            pools,
            class_of,
            seats: vec![None; learners],
            opened: vec![None; sessions],
            sitting: vec![Vec::new(); sessions],
            used: vec![0; market.limits.len()],
            gain: 0,
            cents: 0,
            quotas_wait: false,
            changes: Vec::new(),
        }
    }

    /// What a learner gains where they sit.
    pub(super) fn gain_of(&self, learner: u32) -> u64 {
        let class = self.class_of[learner as usize];
        self.seats[learner as usize].as_ref().map_or(0, |seat| self.pools[class][seat.column].gain)
    }

    /// What a learner's seats cost, without the opening of sessions.
    pub(super) fn cents_of(&self, learner: u32) -> u64 {
        self.seats[learner as usize].as_ref().map_or(0, |seat| self.price(&seat.lots))
    }

    pub(super) fn price(&self, lots: &[u32]) -> u64 {
        lots.iter().map(|&lot| self.market.lots[lot as usize].seat).sum()
    }

    pub(super) fn heads(&self, session: usize) -> usize {
        self.sitting[session].len()
    }

    /// What those who sit in a session gain there: their gains, shared among their sessions.
    pub(super) fn at_stake(&self, session: usize) -> f64 {
        let gain = |&learner: &u32| {
            let sessions = self.seats[learner as usize].as_ref().map_or(1, |s| s.lots.len());
            real(self.gain_of(learner)) / real(sessions as u64)
        };
        self.sitting[session].iter().map(gain).sum()
    }

    pub(super) fn free_seats(&self, session: usize) -> usize {
        (self.market.capacity[session] as usize).saturating_sub(self.heads(session))
    }

    /// The sessions of a column.
    pub(super) fn sessions(&self, class: usize, column: usize) -> impl Iterator<Item = usize> + '_ {
        let problem = &self.classes[class].problem;
        self.pools[class][column]
            .choices
            .iter()
            .map(|&choice| problem.choices[choice].session.unwrap_or_default() as usize)
    }

    /// The pathways that pass through each session, of all that are known now.
    #[expect(clippy::cast_possible_truncation, reason = "columns are fewer than learners × rounds")]
    pub(super) fn through(&self) -> Through {
        let mut through = vec![Vec::new(); self.market.capacity.len()];
        for class in 0..self.pools.len() {
            for column in 0..self.pools[class].len() {
                for session in self.sessions(class, column) {
                    through[session].push((class as u32, column as u32));
                }
            }
        }
        through
    }

    /// Who would pay for each choice of a column, if there are seats and money for it now.
    pub(super) fn payers(&self, class: usize, column: usize) -> Option<Vec<u32>> {
        let minutes = self.pools[class][column].minutes;
        let counted = self.classes[class].counted;
        let mut more: Vec<(usize, i128)> = Vec::new();
        let mut lots = Vec::with_capacity(self.pools[class][column].choices.len());
        for session in self.sessions(class, column) {
            if self.free_seats(session) == 0 {
                return None;
            }
            let lot = if self.market.collective[session] {
                let lot = self.opened[session]?;
                self.market.lots[lot as usize].pays_for(minutes).then_some(lot)?
            } else {
                let of = self.market.lots_of[session].clone();
                let fits = |at: &usize| {
                    let lot = &self.market.lots[*at];
                    lot.pays_for(minutes)
                        && lot.touches.iter().all(|touch| {
                            let asked = more.iter().find(|(limit, _)| *limit == touch.limit);
                            let more = asked.map_or(0, |(_, more)| *more)
                                + i128::from(touch.entry(lot, counted));
                            self.has_room(touch.limit, more)
                        })
                };
                #[expect(clippy::cast_possible_truncation, reason = "`Market::of` refuses more")]
                let lot = of.clone().find(fits)? as u32;
                lot
            };
            let known = &self.market.lots[lot as usize];
            for touch in &known.touches {
                let entry = i128::from(touch.entry(known, counted));
                match more.iter_mut().find(|(limit, _)| *limit == touch.limit) {
                    Some((_, more)) => *more += entry,
                    None => more.push((touch.limit, entry)),
                }
            }
            lots.push(lot);
        }
        more.iter().all(|&(limit, more)| self.has_room(limit, more)).then_some(lots)
    }

    fn has_room(&self, limit: usize, more: i128) -> bool {
        more <= 0
            || self.used[limit] + more <= self.bound(limit)
            || self.quotas_wait && self.market.limits[limit].quota
    }

    /// What is left of each limit.
    pub(super) fn money_left(&self) -> Vec<f64> {
        // Amounts are below 2⁵³ but for plans of more than 90 billion euros.
        #[expect(clippy::cast_precision_loss)]
        let left = |limit: usize| (self.bound(limit) - self.used[limit]) as f64;
        (0..self.used.len()).map(left).collect()
    }

    fn bound(&self, limit: usize) -> i128 {
        self.market.limits[limit].bound.into()
    }

    fn use_seats(&mut self, learner: u32, lots: &[u32], sign: i128) {
        let counted = self.classes[self.class_of[learner as usize]].counted;
        for &number in lots {
            let lot = &self.market.lots[number as usize];
            for touch in &lot.touches {
                self.used[touch.limit] += sign * i128::from(touch.entry(lot, counted));
            }
            self.cents = self.cents.wrapping_add_signed(signed(sign) * lot.seat.cast_signed());
        }
    }

    fn use_opening(&mut self, lot: u32, sign: i128) {
        let lot = &self.market.lots[lot as usize];
        for touch in &lot.touches {
            self.used[touch.limit] += sign * i128::from(touch.opening(lot));
        }
        self.cents = self.cents.wrapping_add_signed(signed(sign) * lot.fixed.cast_signed());
    }

    /// Seats a learner who sits nowhere.
    pub(super) fn take(&mut self, learner: u32, column: usize, lots: Vec<u32>) {
        let class = self.class_of[learner as usize];
        self.use_seats(learner, &lots, 1);
        for session in self.sessions(class, column).collect::<Vec<_>>() {
            self.sitting[session].push(learner);
        }
        self.gain += self.pools[class][column].gain;
        self.seats[learner as usize] = Some(Seat { column, lots });
        self.changes.push(Change::Took(learner));
    }

    /// Takes a learner from where they sit.
    pub(super) fn leave(&mut self, learner: u32) {
        if let Some(seat) = self.unseat(learner) {
            self.changes.push(Change::Left(learner, seat));
        }
    }

    fn unseat(&mut self, learner: u32) -> Option<Seat> {
        let seat = self.seats[learner as usize].take()?;
        let class = self.class_of[learner as usize];
        self.use_seats(learner, &seat.lots, -1);
        for session in self.sessions(class, seat.column).collect::<Vec<_>>() {
            self.sitting[session].retain(|&other| other != learner);
        }
        self.gain -= self.pools[class][seat.column].gain;
        Some(seat)
    }

    /// Opens a session for a lot, if there is money for it.
    pub(super) fn open(&mut self, number: u32) -> bool {
        let affords = self.affords(&self.market.lots[number as usize]);
        if affords {
            self.put_open(number);
        }
        affords
    }

    fn put_open(&mut self, number: u32) {
        let session = self.market.lots[number as usize].session;
        self.use_opening(number, 1);
        self.opened[session as usize] = Some(number);
        self.changes.push(Change::Opened(session));
    }

    /// Seats a learner who sits nowhere in a column, paid for as it was priced, and opens what is
    /// not opened: for plans that are known to hold once everyone sits.
    pub(super) fn seat_as_priced(&mut self, learner: u32, column: usize) {
        let lots = self.pools[self.class_of[learner as usize]][column].lots.clone();
        for &lot in &lots {
            let session = self.market.lots[lot as usize].session as usize;
            if self.market.collective[session] && self.opened[session].is_none() {
                self.put_open(lot);
            }
        }
        self.take(learner, column, lots);
    }

    /// Whether there is money to open a lot.
    pub(super) fn affords(&self, lot: &Lot) -> bool {
        lot.touches.iter().all(|touch| self.has_room(touch.limit, touch.opening(lot).into()))
    }

    /// Closes a session in which nobody sits.
    pub(super) fn close(&mut self, session: usize) {
        if let Some(lot) = self.opened[session].take() {
            self.use_opening(lot, -1);
            self.changes.push(Change::Closed(lot));
        }
    }

    /// Where to come back to with [`Self::undo`].
    pub(super) fn mark(&self) -> usize {
        self.changes.len()
    }

    /// Takes back all changes since a mark.
    pub(super) fn undo(&mut self, mark: usize) {
        while self.changes.len() > mark {
            match self.changes.pop() {
                Some(Change::Took(learner)) => {
                    self.unseat(learner);
                }
                Some(Change::Left(learner, seat)) => {
                    self.take(learner, seat.column, seat.lots);
                    self.changes.pop();
                }
                Some(Change::Opened(session)) => {
                    if let Some(lot) = self.opened[session as usize].take() {
                        self.use_opening(lot, -1);
                    }
                }
                Some(Change::Closed(lot)) => {
                    self.use_opening(lot, 1);
                    let session = self.market.lots[lot as usize].session;
                    self.opened[session as usize] = Some(lot);
                }
                None => {}
            }
        }
    }

    /// Whether every limit holds: people who leave may pass one that a quota, or a cap of what is
    /// spent, draws.
    pub(super) fn within_limits(&self) -> bool {
        self.passed().is_none()
    }

    /// The first limit that is passed.
    pub(super) fn passed(&self) -> Option<usize> {
        (0..self.used.len()).find(|&limit| self.used[limit] > self.bound(limit))
    }

    /// What a learner's seats weigh in a limit.
    pub(super) fn weighs(&self, learner: u32, limit: usize) -> i64 {
        let Some(seat) = &self.seats[learner as usize] else { return 0 };
        let counted = self.classes[self.class_of[learner as usize]].counted;
        let lots = seat.lots.iter().map(|&lot| &self.market.lots[lot as usize]);
        let touches = lots.flat_map(|lot| lot.touches.iter().map(move |touch| (lot, touch)));
        touches
            .filter(|(_, t)| t.limit == limit)
            .map(|(lot, touch)| touch.entry(lot, counted))
            .sum()
    }

    /// What opening a lot weighs in a limit.
    pub(super) fn opening_weighs(&self, lot: u32, limit: usize) -> i64 {
        let lot = &self.market.lots[lot as usize];
        lot.touches.iter().filter(|t| t.limit == limit).map(|touch| touch.opening(lot)).sum()
    }

    /// Better: more closed, or as much for less.
    pub(super) fn value(&self) -> (u64, std::cmp::Reverse<u64>) {
        (self.gain, std::cmp::Reverse(self.cents))
    }

    /// Whether a learner may leave without an opened session falling below its minimum, or a limit
    /// being passed.
    pub(super) fn may_leave(&self, learner: u32) -> bool {
        let Some(seat) = &self.seats[learner as usize] else { return true };
        let class = self.class_of[learner as usize];
        // Where a session is short already, one less changes nothing for the better or worse.
        let above = |session: usize| {
            let least = self.market.minimum[session] as usize;
            self.heads(session) != least || least == 0
        };
        self.sessions(class, seat.column).all(above)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "1 or −1")]
fn signed(sign: i128) -> i64 {
    sign as i64
}
