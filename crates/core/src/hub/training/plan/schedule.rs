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

/// Modules that are scheduled together at most: the sets double with each.
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
    /// Whether its module has no turn after it.
    last: bool,
}

/// A set of modules, each in a way: the last of them, after what.
#[derive(Clone, Copy)]
struct Step {
    /// How many of the turns with dates were taken or left.
    turns: usize,
    /// What the set costs at least then, beyond the cheapest ways of its modules.
    cost: f64,
    /// The last way, and the set and the step before it; none for the empty set.
    last: Option<(Way, usize, usize)>,
}

/// What each set of modules costs at least, the more turns the less.
struct Table<'t> {
    /// By module: for each prerequisite, the set of its providers.
    needs: &'t [Vec<usize>],
    /// By set: its steps, turns rising and costs falling.
    steps: Vec<Vec<Step>>,
    /// By set: what its last step costs, or what it may not cost.
    least: Vec<f64>,
    /// The sets that have steps and may come to have all modules, in the order in which they were
    /// found.
    live: Vec<usize>,
    /// Sets that have a new step.
    changed: Vec<usize>,
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
        let turn = move |&way: &Way| Turn {
            at,
            way,
            more: way.price - ways[0].price,
            before: 0,
            last: false,
        };
        ways.iter().map(turn).take_while(|turn| turn.more < most)
    });
    let (mut dated, rolling): (Vec<Turn>, Vec<Turn>) =
        turns.partition(|turn| dates(&turn.way).is_some());
    dated.sort_by_key(|turn| dates(&turn.way).map(|(from, until)| (until, from)));
    let mut later: usize = rolling.iter().fold(0, |set, turn| set | 1 << turn.at);
    for turn in dated.iter_mut().rev() {
        turn.last = later & 1 << turn.at == 0;
        later |= 1 << turn.at;
    }
    for number in 0..dated.len() {
        let from = dates(&dated[number].way).map(|(from, _)| from);
        let ended = |turn: &Turn| dates(&turn.way).map(|(_, until)| until) < from;
        dated[number].before = dated[..number].partition_point(ended);
    }
    let mut table = Table::new(&needs, most);
    table.roll(&rolling, 0);
    for (turn, turns) in dated.iter().zip(1..) {
        table.turn(turn, turns);
        table.roll(&rolling, turns);
        if turn.last {
            // The others lack its module for good.
            table.live.retain(|set| set & 1 << turn.at != 0);
        }
    }
    match table.cheapest() {
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
    fn new(needs: &'t [Vec<usize>], most: f64) -> Self {
        let mut steps = vec![Vec::new(); 1 << needs.len()];
        steps[0].push(Step { turns: 0, cost: 0.0, last: None });
        let mut least = vec![most; steps.len()];
        least[0] = 0.0;
        Self { needs, steps, least, live: vec![0], changed: vec![0] }
    }

    /// Takes a turn with dates, the last of so many, after each set that there is before it starts.
    fn turn(&mut self, turn: &Turn, turns: usize) {
        for at in 0..self.live.len() {
            let set = self.live[at];
            if self.may_take(turn, set, self.least[set]) {
                let before = self.steps[set].partition_point(|step| step.turns <= turn.before);
                if let Some(step) = before.checked_sub(1) {
                    self.take(turn, turns, set, step);
                }
            }
        }
    }

    /// Takes turns without dates after each set that has a new step, and each that comes of it.
    fn roll(&mut self, rolling: &[Turn], turns: usize) {
        while let Some(set) = self.changed.pop() {
            for turn in rolling {
                self.take(turn, turns, set, self.steps[set].len() - 1);
            }
        }
    }

    /// Whether a set may be added a turn to, and would cost less than is known if it cost so much.
    fn may_take(&self, turn: &Turn, set: usize, cost: f64) -> bool {
        let more = set | 1 << turn.at;
        more != set
            && cost + turn.more < self.least[more]
            && self.needs[turn.at].iter().all(|by| by & set != 0)
    }

    /// Takes a turn after a step of a set, where the set with its module costs less than is known.
    fn take(&mut self, turn: &Turn, turns: usize, set: usize, step: usize) {
        let cost = self.steps[set][step].cost;
        if !self.may_take(turn, set, cost) {
            return;
        }
        let (more, cost) = (set | 1 << turn.at, cost + turn.more);
        if self.steps[more].is_empty() {
            self.live.push(more);
        }
        self.changed.push(more);
        self.least[more] = cost;
        self.steps[more].push(Step { turns, cost, last: Some((turn.way, set, step)) });
    }

    /// The ways that the set of all modules costs least with.
    fn cheapest(&self) -> Option<Vec<Way>> {
        let mut last = self.steps.last()?.last()?.last;
        let mut placed = Vec::new();
        while let Some((way, set, step)) = last {
            placed.push(way);
            last = self.steps[set][step].last;
        }
        Some(placed)
    }
}
