//! The best candidates for each post, and who is set aside by what.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use rayon::prelude::*;
use serde::Serialize;

use super::limits::{Answers, Conditions, Filter, Limits, Said};
use super::travel::Travel;
use crate::error::{Error, Result};
use crate::gap::{Eligibility, Index, Standing, Status, Sums};
use crate::hub::Territories;
use crate::matrix::{Held, Required};
use crate::run::Run;

/// One candidate for a target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// The person's position.
    pub person: u32,
    /// The coverage of the target's requirements: skills alone.
    pub score: f32,
    /// Whether the person is eligible, as far as the profile tells.
    pub status: Status,
    /// Whether blocking requirements alone keep the person out.
    pub licence_alone: bool,
    /// The standing.
    pub standing: Standing,
    /// Filters that could not be asked, because one side is silent.
    pub to_ask: Vec<Filter>,
}

/// The best candidates for a target, and who was set aside by what.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidates {
    /// Those within every filter, the best first, ties to the lower position.
    pub best: Vec<Candidate>,
    /// How many people share a skill with the target.
    pub considered: u64,
    /// Of these, how many each filter sets aside; someone may fail several.
    pub set_aside: BTreeMap<Filter, u64>,
    /// Of these, how many fail one filter at least.
    pub outside: u64,
}

/// Cells compared at a time: credits of some people with all targets.
const CELLS: usize = 1 << 20;

/// Targets looked at together: what is known of them stays in the nearer caches.
const TARGETS: usize = 64;

/// What is known of one target on the way.
struct Seen {
    /// The best so far, the worst of them first: score, position from the end, credit.
    best: BinaryHeap<Reverse<(u32, u32, u32)>>,
    considered: u64,
    set_aside: [u64; Filter::ALL.len()],
    outside: u64,
}

/// The best `k` people for each target, by coverage alone, among those whom no filter sets aside.
///
/// `limits` has one entry for each person and `posts` one for each target. A filter on which either
/// side is silent sets nobody aside and is listed on the candidate. O(people × targets), in parallel,
/// in the memory of the result and some megabytes.
///
/// # Errors
///
/// [`Error::ArrayLength`] unless they do, [`Error::AxisMismatch`], [`Error::Memory`] where `k`
/// candidates for each target do not fit, [`Error::Cancelled`].
pub fn candidates(
    held: &Held,
    required: &Required,
    k: usize,
    (limits, posts): (&[Limits], &[Conditions]),
    (travel, places): (&Travel, &Territories),
    eligibility: Eligibility,
    run: &Run,
) -> Result<Vec<Candidates>> {
    required.axis().check_same(held.axis())?;
    for (array, length, expected) in
        [("limits", limits.len(), held.len()), ("posts", posts.len(), required.len())]
    {
        if length != expected {
            let (length, expected) = (length as u64, expected as u64);
            return Err(Error::ArrayLength { array, length, expected });
        }
    }
    let (k, width) = (k.min(held.len()), required.len());
    let each = size_of::<Candidate>() + size_of::<Reverse<(u32, u32, u32)>>();
    run.memory().check(
        "the candidates",
        (width as u64).saturating_mul(k as u64).saturating_mul(each as u64),
        "ask for fewer, or raise the memory limit",
    )?;
    let answers = Answers::new((limits, posts), (travel, places), run)?;
    let mut seen: Vec<Seen> = (0..width).map(|_| Seen::nothing()).collect();
    let index = Index::new(required.rows(), run)?;
    let (count, alone) = (run.count("people", held.len() as u64), run.unobserved());
    let mut credits = Vec::new();
    let tile = (CELLS / width.max(1)).max(1);
    for first in (0..held.len()).step_by(tile) {
        count.go_on()?;
        let people = first..held.len().min(first + tile);
        credits.resize(people.len() * width, 0u32);
        index.credit_into(held.rows(), first, &mut credits, &alone)?;
        let rows = || people.clone().zip(credits.chunks_exact(width.max(1)));
        run.install(|| {
            seen.par_chunks_mut(TARGETS).enumerate().for_each(|(block, seen)| {
                let from = block * TARGETS;
                let totals = &index.totals()[from..][..seen.len()];
                for (person, credits) in rows() {
                    let said = answers.of(person, from);
                    let asked = seen.iter_mut().zip(totals).zip(&credits[from..]).zip(said);
                    for (((seen, &total), &credit), said) in asked {
                        if credit > 0 {
                            seen.add(k, person, (credit, total), said);
                        }
                    }
                }
            });
        });
        count.add(people.len() as u64);
    }
    let candidates = |(target, seen): (u32, Seen)| {
        let of = |Reverse((_, from_end, _)): Reverse<(u32, u32, u32)>| {
            let person = u32::MAX - from_end;
            let said = answers.of(person as usize, target as usize).next().unwrap_or_default();
            let standing = Standing::of(held.row(person), required.row(target));
            Candidate {
                person,
                score: standing.all.coverage(),
                status: standing.status(eligibility),
                licence_alone: standing.blocked_only(eligibility),
                standing,
                to_ask: said.to_ask(),
            }
        };
        let set_aside = Filter::ALL.iter().copied().zip(seen.set_aside);
        Candidates {
            best: seen.best.into_sorted_vec().into_iter().map(of).collect(),
            considered: seen.considered,
            set_aside: set_aside.filter(|&(_, people)| people > 0).collect(),
            outside: seen.outside,
        }
    };
    Ok((0u32..).zip(seen).map(candidates).collect())
}

impl Seen {
    fn nothing() -> Self {
        Self { best: BinaryHeap::new(), considered: 0, set_aside: [0; _], outside: 0 }
    }

    /// One more person, who comes after those that were seen: an equal one is no better.
    fn add(&mut self, k: usize, person: usize, (credit, total): (u32, u32), said: Said) {
        self.considered += 1;
        if said.is_outside() {
            self.outside += 1;
            for (aside, &filter) in self.set_aside.iter_mut().zip(Filter::ALL) {
                *aside += u64::from(said.sets_aside(filter));
            }
            return;
        }
        if self.best.len() == k {
            match self.best.peek() {
                Some(&Reverse((_, _, least))) if credit > least => {}
                _ => return,
            }
        }
        // Scores are in [0, 1], where a float's bits are in its order.
        let score = Sums { total, credit, known: 0 }.coverage().to_bits();
        let from_end = u32::MAX - u32::try_from(person).unwrap_or(u32::MAX);
        self.best.push(Reverse((score, from_end, credit)));
        if self.best.len() > k {
            self.best.pop();
        }
    }
}
