//! A set of modules in sessions that follow one another, at least cost.

use crate::hub::training::pathway::problem::Problem;

/// A way to follow a module: in a session, paid by a lot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub choice: usize,
    pub lot: u32,
    pub price: f64,
}

/// A set of modules in sessions.
#[derive(Debug, Default)]
pub(super) struct Placed {
    /// What it costs; the choices, in order, and the lot that pays for each.
    pub way: Option<(f64, Vec<usize>, Vec<u32>)>,
    /// Whether nothing is cheaper: below what it was to cost at most, where nothing was found.
    pub exact: bool,
}

/// Modules that are scheduled together at most: memory doubles with each.
const MOST_TOGETHER: usize = 10;

/// A way of a module in its turn.
struct Turn {
    /// The module's place among those that are scheduled.
    at: usize,
    way: Way,
    /// What it costs beyond the cheapest way of its module.
    more: f64,
    /// How many of the turns with dates end before it starts.
    before: usize,
}

/// What each set of modules costs at least beyond their cheapest ways, after each turn.
struct Table<'t> {
    /// By module: for each prerequisite, the set of its providers.
    needs: &'t [Vec<usize>],
    /// Sets of all the modules.
    sets: usize,
    /// By number of turns and set.
    costs: Vec<f64>,
    /// The sets that cost less than they may, in the order in which they were found.
    live: Vec<usize>,
    /// What a set may not cost.
    most: f64,
}

/// The cheapest way of each module, such that none excludes another and each comes after a
/// provider of what it needs; below `most` in all. `ways` are those of each module, the cheapest
/// first; what has no dates takes its turn at any time.
///
/// Weighted interval scheduling over sets: ways take their turn in the order in which they end, and
/// each set with one of them costs what it costs without, by the time that one starts.
/// O(ways × 2^modules), of which most sets cost too much to be looked at.
pub(super) fn schedule(problem: &Problem, modules: &[usize], ways: &[&[Way]], most: f64) -> Placed {
    if ways.iter().any(|ways| ways.is_empty()) {
        return Placed { way: None, exact: true };
    }
    if modules.len() > MOST_TOGETHER {
        return Placed { way: None, exact: false };
    }
    let placed = |mut placed: Vec<Way>| {
        placed.sort_by_key(|way| (problem.choices[way.choice].dates, way.choice));
        let cost = placed.iter().map(|way| way.price).sum();
        let (choices, lots) = placed.iter().map(|way| (way.choice, way.lot)).unzip();
        Placed { way: Some((cost, choices, lots)), exact: true }
    };
    let place = |provider: &usize| modules.iter().position(|module| module == provider);
    let set = |by: &Vec<usize>| by.iter().filter_map(place).map(|at| 1_usize << at).sum();
    let needs = |&module: &usize| problem.requires[module].iter().map(set).collect();
    let needs: Vec<Vec<usize>> = modules.iter().map(needs).collect();
    let cheapest: Vec<Way> = ways.iter().map(|ways| ways[0]).collect();
    if cheapest.iter().map(|way| way.price).sum::<f64>() >= most {
        return Placed { way: None, exact: true };
    }
    if follow(problem, &cheapest, &needs) {
        return placed(cheapest);
    }
    let dates = |way: &Way| problem.choices[way.choice].dates;
    let most = most - ways.iter().map(|ways| ways[0].price).sum::<f64>();
    let turns = ways.iter().enumerate().flat_map(|(at, ways)| {
        let turn =
            move |way: &Way| Turn { at, way: *way, more: way.price - ways[0].price, before: 0 };
        ways.iter().map(turn).take_while(|turn| turn.more < most)
    });
    let (mut dated, rolling): (Vec<Turn>, Vec<Turn>) =
        turns.partition(|turn| dates(&turn.way).is_some());
    dated.sort_by_key(|turn| dates(&turn.way).map(|(from, until)| (until, from)));
    for number in 0..dated.len() {
        let from = dates(&dated[number].way).map(|(from, _)| from);
        let ended = |turn: &Turn| dates(&turn.way).map(|(_, until)| until) < from;
        dated[number].before = dated[..number].partition_point(ended);
    }
    let mut table = Table::new(&needs, dated.len(), most);
    for number in 0..=dated.len() {
        table.turn(number, &dated, &rolling);
    }
    match table.cheapest(&dated, &rolling) {
        Some(ways) => placed(ways),
        None => Placed { way: None, exact: true },
    }
}

/// Whether ways go together as they are: none excludes another, and each comes after all that
/// brings what it needs.
fn follow(problem: &Problem, ways: &[Way], needs: &[Vec<usize>]) -> bool {
    let choice = |at: usize| &problem.choices[ways[at].choice];
    let mut pairs = (0..ways.len()).flat_map(|at| (0..at).map(move |other| (at, other)));
    let prepared = |at: usize| {
        let brings = |by: usize| (0..ways.len()).filter(move |other| by & 1 << other != 0);
        needs[at]
            .iter()
            .all(|&by| by != 0 && brings(by).all(|other| choice(other).before(choice(at))))
    };
    !pairs.any(|(at, other)| choice(at).excludes(choice(other))) && (0..ways.len()).all(prepared)
}

impl<'t> Table<'t> {
    fn new(needs: &'t [Vec<usize>], turns: usize, most: f64) -> Self {
        let sets = 1 << needs.len();
        let mut costs = vec![f64::INFINITY; sets * (turns + 1)];
        costs[0] = 0.0;
        Self { needs, sets, costs, live: vec![0], most }
    }

    /// A set with a module that is not in it, where all that the module needs is.
    fn with(&self, set: usize, at: usize) -> Option<usize> {
        let more = set | 1 << at;
        (more != set && self.needs[at].iter().all(|by| by & set != 0)).then_some(more)
    }

    /// What sets cost once so many of the turns with dates were taken or left.
    fn turn(&mut self, number: usize, dated: &[Turn], rolling: &[Turn]) {
        let row = number * self.sets;
        if let Some(last) = number.checked_sub(1) {
            self.costs.copy_within(row - self.sets..row, row);
            let turn = &dated[last];
            for at in 0..self.live.len() {
                let set = self.live[at];
                self.take(set, self.costs[turn.before * self.sets + set], turn, row);
            }
        }
        if rolling.is_empty() {
            return;
        }
        // Each set after those that are part of it.
        for set in 0..self.sets {
            for turn in rolling {
                self.take(set, self.costs[row + set], turn, row);
            }
        }
    }

    /// Takes a turn after a set that costs so much.
    fn take(&mut self, set: usize, cost: f64, turn: &Turn, row: usize) {
        let cost = cost + turn.more;
        if cost >= self.most {
            return;
        }
        let Some(more) = self.with(set, turn.at) else { return };
        let known = &mut self.costs[row + more];
        if known.is_infinite() {
            self.live.push(more);
        }
        *known = known.min(cost);
    }

    /// The ways that the set of all modules costs least with, traced back.
    fn cheapest(&self, dated: &[Turn], rolling: &[Turn]) -> Option<Vec<Way>> {
        let cost = |turns: usize, set: usize| self.costs[turns * self.sets + set];
        let (mut turns, mut set) = (dated.len(), self.sets - 1);
        let mut placed = Vec::new();
        while set != 0 {
            let known = cost(turns, set);
            if known.is_infinite() {
                return None;
            }
            if turns > 0 && cost(turns - 1, set) == known {
                turns -= 1;
                continue;
            }
            let without = |turn: &Turn| set & !(1 << turn.at);
            let last = turns.checked_sub(1).map(|last| (&dated[last], dated[last].before));
            let any = rolling.iter().map(|turn| (turn, turns));
            let (turn, before) = last.into_iter().chain(any).find(|&(turn, before)| {
                self.with(without(turn), turn.at) == Some(set)
                    && cost(before, without(turn)) + turn.more == known
            })?;
            placed.push(turn.way);
            (turns, set) = (before, without(turn));
        }
        Some(placed)
    }
}
