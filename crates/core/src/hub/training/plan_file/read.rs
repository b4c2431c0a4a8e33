//! A plan read back from its files.

use std::path::Path;

use hashbrown::HashMap;

use super::certificate::budget;
use super::{COLUMNS, Named, PlanRecord};
use crate::error::{Error, Result};
use crate::hub::training::offer::read_cents;
use crate::hub::training::pathway::{Advised, Closed, PathwayStep};
use crate::hub::training::plan::{Entry, Plan, PlanOptions};
use crate::skill::Date;

/// A plan that was read, with the lines of its seats.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadPlan {
    /// The plan.
    pub plan: Plan,
    /// What it was made with.
    pub options: PlanOptions,
    /// The line of each entry in its file.
    pub lines: Vec<u64>,
}

/// Reads a plan from `plan.csv` and its certificate. What the lines say beside ids (the target, the
/// need, the module and place of a session) must be what it is.
///
/// # Errors
///
/// [`Error::File`]; [`Error::MissingColumn`], [`Error::Malformed`] and [`Error::Value`] with the
/// line at fault; those of names that are not there.
pub fn read_plan(plan: &Path, certificate: &Path, named: &Named<'_>) -> Result<ReadPlan> {
    let read = |path: &Path| {
        std::fs::read(path).map_err(|source| Error::File { path: path.to_owned(), source })
    };
    let record: PlanRecord = serde_json::from_slice(&read(certificate)?).map_err(|error| {
        Error::Malformed { file: certificate.display().to_string(), problem: error.to_string() }
    })?;
    let (options, mut whole) = record.plan(named)?;
    let file = plan.display().to_string();
    let bytes = read(plan)?;
    let malformed =
        |error: csv::Error| Error::Malformed { file: file.clone(), problem: error.to_string() };
    let mut table = csv::Reader::from_reader(&bytes[..]);
    let header = table.headers().map_err(malformed)?.clone();
    let mut at = [0; COLUMNS.len()];
    for (at, column) in at.iter_mut().zip(COLUMNS) {
        *at = header.iter().position(|name| name == column).ok_or_else(|| {
            let present = header.iter().map(str::to_owned).collect();
            Error::MissingColumn { file: file.clone(), column: column.to_owned(), present }
        })?;
    }
    let mut learners: HashMap<(u32, u32), u32> = HashMap::new();
    for (at, learner) in (0u32..).zip(named.learners) {
        learners.entry((learner.person, learner.target)).or_insert(at);
    }
    let budgets = named.budgets();
    let mut lines = Vec::new();
    for record in table.records() {
        let record = record.map_err(malformed)?;
        let number = record.position().map_or(0, csv::Position::line);
        let line = Line { named, budgets: &budgets, learners: &learners, record: &record, at };
        let entry = line.entry().map_err(|(column, expected)| Error::Value {
            file: file.clone(),
            line: number,
            column: COLUMNS[column].to_owned(),
            value: line.get(column).to_owned(),
            expected: expected.to_owned(),
        })?;
        whole.entries.push(entry);
        lines.push(number);
    }
    Ok(ReadPlan { plan: whole, options, lines })
}

/// One line of `plan.csv`.
struct Line<'l> {
    named: &'l Named<'l>,
    budgets: &'l [String],
    learners: &'l HashMap<(u32, u32), u32>,
    record: &'l csv::StringRecord,
    at: [usize; COLUMNS.len()],
}

/// The column at fault, and what was expected.
type Fault = (usize, &'static str);

impl<'l> Line<'l> {
    fn get(&self, column: usize) -> &'l str {
        self.record.get(self.at[column]).unwrap_or_default()
    }

    fn list(&self, column: usize) -> impl Iterator<Item = &'l str> {
        self.get(column).split('|').filter(|part| !part.is_empty())
    }

    fn skill(&self, column: usize, id: &str) -> Result<u32, Fault> {
        self.named.offer.axis().ids().position(id).ok_or((column, "a list of known skills"))
    }

    fn day(&self, column: usize) -> Result<Date, Fault> {
        self.get(column).parse().map_err(|_| (column, "a day"))
    }

    fn entry(&self) -> Result<Entry, Fault> {
        let Named { offer, people, targets, learners } = *self.named;
        let person = people.position(self.get(0)).ok_or((0, "a person of the hub"))?;
        let target = targets.position(self.get(1)).ok_or((1, "a target of the framework"))?;
        let learner = self.learners.get(&(person, target));
        let learner = *learner.ok_or((1, "what this person is to be trained for"))?;
        let same = |column: usize, expected: &str, what| {
            if self.get(column) == expected { Ok(()) } else { Err((column, what)) }
        };
        same(2, &learners[learner as usize].need, "the need that this learner answers")?;
        let session = offer.session_ids().position(self.get(4)).ok_or((4, "a known session"))?;
        let known = &offer.sessions()[session as usize];
        same(3, &offer.module_ids()[known.module], "the module of the session")?;
        same(5, &offer.territories()[known.territory], "the place of the session")?;
        let budget = match self.get(8) {
            "" => None,
            key => Some(budget(self.budgets, key).map_err(|_| (8, "a known budget"))?),
        };
        let closes = self.list(10).map(|part| {
            let expected = (10, "a list of `skill:from:to`");
            let (part, silent) = part.strip_suffix('?').map_or((part, false), |part| (part, true));
            let mut parts = part.rsplitn(3, ':');
            let mut level = || parts.next().and_then(|level| level.parse().ok()).ok_or(expected);
            let (to, from) = (level()?, level()?);
            let skill = self.skill(10, parts.next().ok_or(expected)?)?;
            Ok(Closed { skill, from, to, silent })
        });
        let prepares = self.list(11).map(|part| match part.strip_suffix('?') {
            Some(id) => Ok((self.skill(11, id)?, true)),
            None => Ok((self.skill(11, part)?, false)),
        });
        let advised = self.list(13).map(|part| {
            let expected = (13, "a list of `skill:level:module`");
            let mut parts = part.rsplitn(3, ':');
            let preparation = match parts.next().ok_or(expected)? {
                "" => None,
                id => Some(offer.module_ids().position(id).ok_or(expected)?),
            };
            let level = parts.next().and_then(|level| level.parse().ok()).ok_or(expected)?;
            Ok(Advised {
                skill: self.skill(13, parts.next().ok_or(expected)?)?,
                level,
                preparation,
            })
        });
        let step = PathwayStep {
            module: known.module,
            session: Some(session),
            dates: Some((self.day(6)?, self.day(7)?)),
            closes: closes.collect::<Result<_, Fault>>()?,
            prepares: prepares.collect::<Result<_, Fault>>()?,
            ask_first: match self.get(12) {
                "0" => false,
                "1" => true,
                _ => return Err((12, "0 or 1")),
            },
            advised: advised.collect::<Result<_, Fault>>()?,
        };
        let cents = read_cents(self.get(9)).ok_or((9, "an amount in euros"))?;
        Ok(Entry { learner, step, budget, cents })
    }
}
