//! Who is how far from which job.

use serde::Serialize;

use crate::error::Result;
use crate::framework::Framework;
use crate::gap::{Class, Eligibility, Standing, Status, skill_gaps};
use crate::matrix::Held;
use crate::rank::{Coverage, Ranking, people_for_targets, targets_for_people};
use crate::run::Run;
#[cfg(feature = "trust")]
use crate::trust::{Rules, shown, some_parts_shown};

/// How far everyone is from every occupation of a framework.
///
/// Matches are by [`Coverage`]; whether a person may go for a target stands beside it.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The best occupations of each person.
    pub best: Ranking,
    /// The standing of each of them, by person.
    pub standings: Vec<Vec<Standing>>,
    /// The coverage of each person's best occupation at the 10th, 25th, 50th, 75th and 90th
    /// percentile of people; 0 for people without a match.
    pub best_coverage: [f32; 5],
    /// People who are eligible for at least one of their best occupations.
    pub eligible: u64,
    /// People whose profiles say too little of every one of them.
    pub to_ask: u64,
    /// People who share no skill with any occupation.
    pub unmatched: u64,
    /// Each occupation, by position.
    pub occupations: Vec<OccupationView>,
    /// The skills that people lack for their best occupation, the most missed first.
    pub missing: Vec<MissingSkill>,
}

/// One occupation in an [`Overview`].
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OccupationView {
    /// The occupation's position.
    pub occupation: u32,
    /// People for whom it is the best match.
    pub best_for: u64,
    /// People who have it among their best matches.
    pub among_best_of: u64,
    /// Those of them who are eligible.
    pub eligible: u64,
    /// Those of whom the profile says too little.
    pub to_ask: u64,
    /// Those whom a blocking requirement keeps out, though their essential coverage is enough.
    pub blocked_only: u64,
    /// The highest coverage of anyone.
    pub highest_coverage: f32,
}

/// One skill that people lack for their best occupation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MissingSkill {
    /// The skill's position.
    pub skill: u32,
    /// People who hold it below the level required.
    pub develop: u64,
    /// People known not to hold it.
    pub acquire: u64,
    /// People whose profiles are silent on it: to be asked before anything is taught.
    pub unknown: u64,
}

impl MissingSkill {
    /// People who lack it, silence counted as lacking.
    pub fn people(self) -> u64 {
        self.develop + self.acquire + self.unknown
    }
}

/// An [`Overview`] as far as it may be shown: nothing about 1 to 10 people, nor what would give it
/// away.
#[cfg(feature = "trust")]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownOverview {
    /// How many people there are.
    pub people: u64,
    /// As in [`Overview::best_coverage`].
    pub best_coverage: [f32; 5],
    /// People who are eligible for at least one of their best occupations.
    pub eligible: Option<u64>,
    /// People whose profiles say too little of every one of them.
    pub to_ask: Option<u64>,
    /// People who share no skill with any occupation.
    pub unmatched: Option<u64>,
    /// Each occupation, by position.
    pub occupations: Vec<ShownOccupation>,
    /// The skills that people lack for their best occupation, the most missed first.
    pub missing: Vec<ShownMissing>,
    /// How many of these counts are hidden.
    pub cells_hidden: u64,
}

/// An [`OccupationView`] as far as it may be shown.
#[cfg(feature = "trust")]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownOccupation {
    /// The occupation's position.
    pub occupation: u32,
    /// People for whom it is the best match.
    pub best_for: Option<u64>,
    /// People who have it among their best matches.
    pub among_best_of: Option<u64>,
    /// Those of them who are eligible.
    pub eligible: Option<u64>,
    /// Those of whom the profile says too little.
    pub to_ask: Option<u64>,
    /// Those whom a blocking requirement keeps out, though their essential coverage is enough.
    pub blocked_only: Option<u64>,
    /// The highest coverage of anyone.
    pub highest_coverage: f32,
}

/// A [`MissingSkill`] as far as it may be shown.
#[cfg(feature = "trust")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ShownMissing {
    /// The skill's position.
    pub skill: u32,
    /// People who lack it, silence counted as lacking.
    pub people: Option<u64>,
    /// People who hold it below the level required.
    pub develop: Option<u64>,
    /// People known not to hold it.
    pub acquire: Option<u64>,
    /// People whose profiles are silent on it.
    pub unknown: Option<u64>,
}

#[cfg(feature = "trust")]
impl Overview {
    /// What of it may be shown.
    ///
    /// # Errors
    ///
    /// Those of [`some_parts_shown`].
    pub fn shown(&self) -> Result<ShownOverview> {
        let rules = Rules::default();
        let people = self.standings.len() as u64;
        // Everyone is nearest to one occupation, or to none.
        let nearest: Vec<u64> = self.occupations.iter().map(|view| view.best_for).collect();
        let nearest = some_parts_shown(people, &nearest, rules)?.parts;
        let mut occupations = Vec::with_capacity(nearest.len());
        for (view, best_for) in self.occupations.iter().zip(nearest) {
            let parts = [view.eligible, view.to_ask, view.blocked_only];
            let of = some_parts_shown(view.among_best_of, &parts, rules)?;
            occupations.push(ShownOccupation {
                occupation: view.occupation,
                best_for,
                among_best_of: of.whole,
                eligible: of.parts[0],
                to_ask: of.parts[1],
                blocked_only: of.parts[2],
                highest_coverage: view.highest_coverage,
            });
        }
        let mut missing = Vec::with_capacity(self.missing.len());
        for one in &self.missing {
            let parts = [one.develop, one.acquire, one.unknown];
            let of = some_parts_shown(one.people(), &parts, rules)?;
            missing.push(ShownMissing {
                skill: one.skill,
                people: of.whole,
                develop: of.parts[0],
                acquire: of.parts[1],
                unknown: of.parts[2],
            });
        }
        let apart = some_parts_shown(people, &[self.eligible, self.to_ask], rules)?.parts;
        // Whoever matches nothing is nearest to none: what is hidden there is hidden here.
        let of_all = [apart[0], apart[1], shown(self.unmatched, rules)];
        let of_occupations = occupations.iter().flat_map(|view| {
            [view.best_for, view.among_best_of, view.eligible, view.to_ask, view.blocked_only]
        });
        let of_skills =
            missing.iter().flat_map(|one| [one.people, one.develop, one.acquire, one.unknown]);
        let counts = of_occupations.chain(of_skills).chain(of_all);
        let cells_hidden = counts.filter(Option::is_none).count() as u64;
        let [eligible, to_ask, unmatched] = of_all;
        let best_coverage = self.best_coverage;
        Ok(ShownOverview {
            people,
            best_coverage,
            eligible,
            to_ask,
            unmatched,
            occupations,
            missing,
            cells_hidden,
        })
    }
}

impl Overview {
    /// Ranks the `k` best occupations of each person, and sums up what is missing.
    ///
    /// O(requirements met + people × k × entries), in parallel; the same for any number of threads.
    ///
    /// # Errors
    ///
    /// As [`targets_for_people`].
    pub fn of(
        framework: &Framework,
        held: &Held,
        k: usize,
        eligibility: Eligibility,
        run: &Run,
    ) -> Result<Self> {
        let required = framework.required();
        let best = targets_for_people(held, required, k, &Coverage, run)?;
        let standings = best.standings(held, required, run)?;
        let nearest = people_for_targets(held, required, 1, &Coverage, run)?;
        let mut occupations: Vec<OccupationView> = (0u32..)
            .take(required.len())
            .map(|occupation| OccupationView {
                occupation,
                highest_coverage: nearest.scores()[[occupation as usize, 0]],
                ..OccupationView::default()
            })
            .collect();
        let mut missing: Vec<MissingSkill> = (0u32..)
            .take(framework.axis().len())
            .map(|skill| MissingSkill { skill, ..MissingSkill::default() })
            .collect();
        let (mut eligible, mut to_ask, mut unmatched) = (0, 0, 0);
        let mut coverages = Vec::with_capacity(held.len());
        for (person, standings) in (0u32..).zip(&standings) {
            let statuses: Vec<Status> = standings.iter().map(|s| s.status(eligibility)).collect();
            eligible += u64::from(statuses.contains(&Status::Eligible));
            unmatched += u64::from(statuses.is_empty());
            to_ask += u64::from(
                !statuses.is_empty() && statuses.iter().all(|&s| s == Status::NotEnoughEvidence),
            );
            for ((result, standing), &status) in
                best.row(person as usize).zip(standings).zip(&statuses)
            {
                let view = &mut occupations[result.position as usize];
                view.among_best_of += 1;
                view.eligible += u64::from(status == Status::Eligible);
                view.to_ask += u64::from(status == Status::NotEnoughEvidence);
                view.blocked_only += u64::from(standing.blocked_only(eligibility));
            }
            let first = best.row(person as usize).next();
            coverages.push(first.map_or(0.0, |result| result.score));
            if let Some(first) = first {
                occupations[first.position as usize].best_for += 1;
                for gap in skill_gaps(held.row(person), required.row(first.position)) {
                    let missing = &mut missing[gap.skill as usize];
                    match gap.class() {
                        Class::Maintain => {}
                        Class::Develop => missing.develop += 1,
                        Class::Acquire => missing.acquire += 1,
                        Class::Unknown => missing.unknown += 1,
                    }
                }
            }
        }
        missing.retain(|missing| missing.people() > 0);
        missing.sort_by_key(|missing| (std::cmp::Reverse(missing.people()), missing.skill));
        coverages.sort_by(f32::total_cmp);
        let at = |percent: usize| {
            let last = coverages.len().saturating_sub(1);
            coverages.get(last * percent / 100).copied().unwrap_or(0.0)
        };
        let best_coverage = [10, 25, 50, 75, 90].map(at);
        Ok(Self {
            best,
            standings,
            best_coverage,
            eligible,
            to_ask,
            unmatched,
            occupations,
            missing,
        })
    }
}
