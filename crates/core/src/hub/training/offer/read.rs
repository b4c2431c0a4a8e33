//! An offer read from a folder of CSV files.

use std::path::Path;
use std::sync::Arc;

use super::builder::OfferBuilder;
use super::certification::{Block, Certification};
use super::finding::OfferReport;
use super::funding::{Budget, Funder};
use super::module::{Modality, Module, Purpose, Strength};
use super::quantity::{euros, read_basis_points, read_cents, read_minutes};
use super::rule::{Base, Bearing, FundingRule, Group, HourRange, RuleKind, Tolerance};
use super::session::{Buying, Session};
use super::table::{Row, Table};
use super::{Offer, Route};
use crate::error::{Error, Result};
use crate::read::Encoding;
use crate::skill::{Date, SkillAxis, named};
use crate::text::Ids;

/// The names of the kinds of funding rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum RuleName {
    Hours,
    Share,
    Cap,
    Quota,
    Priority,
}

named!(RuleName, "kind", {
    Hours = "hours",
    Share = "share",
    Cap = "cap",
    Quota = "quota",
    Priority = "priority",
});

const FILES: [&str; 10] = [
    "certifications.csv",
    "blocks.csv",
    "block_skills.csv",
    "modules.csv",
    "module_skills.csv",
    "module_prerequisites.csv",
    "funders.csv",
    "budgets.csv",
    "funding_rules.csv",
    "sessions.csv",
];

impl Offer {
    /// Reads a folder: `modules.csv` and `module_skills.csv`, and the other files of the format as
    /// far as they are there. Rows that cannot be used are dropped and reported with their line.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownFormat`] without these two files, [`Error::MissingColumn`],
    /// [`Error::File`], [`Error::Malformed`], and [`Error::FundingRules`] for rules that overlap
    /// or leave hours that none covers.
    pub fn read(folder: &Path, axis: &Arc<SkillAxis>) -> Result<(Self, OfferReport)> {
        if FILES[3..5].iter().any(|name| !folder.join(name).is_file()) {
            let (path, looked_for) = (folder.to_owned(), FILES[3..5].to_vec());
            return Err(Error::UnknownFormat { path, looked_for });
        }
        let (builder, mut report) = OfferBuilder::new(axis).read(folder)?;
        let offer = builder.build()?;
        offer.findings(&mut report);
        debug_assert!(report.adds_up());
        Ok((offer, report))
    }

    /// What is worth knowing of an offer that fits together.
    fn findings(&self, report: &mut OfferReport) {
        for (module, id) in (0u32..).zip(self.module_ids().iter()) {
            let known = &self.modules[module as usize];
            if self.taught.row(module).skills.is_empty() && known.purpose == Purpose::Course {
                report.note("modules.csv", 0, format!("module `{id}` teaches no known skill"));
            }
        }
        if let Some(cycle) = self.unbroken_cycle() {
            report.note(
                "module_prerequisites.csv",
                0,
                format!(
                    "nobody who holds none of these skills can begin: {}; only people who hold one of them can follow these modules",
                    cycle.join(" → ")
                ),
            );
        }
    }
}

impl OfferBuilder {
    /// Adds what a folder of the format holds, each file as far as it is there: see
    /// [`Offer::read`]. What is in the builder already can be named, so that the blocks of a
    /// register of certifications are given their skills by `block_skills.csv`.
    ///
    /// # Errors
    ///
    /// [`Error::MissingColumn`], [`Error::File`], [`Error::Malformed`].
    pub fn read(self, folder: &Path) -> Result<(Self, OfferReport)> {
        let mut reader = Reader { builder: self, report: OfferReport::default() };
        let steps: [(&[&str], Step); 10] = [
            (&["id", "label"], Reader::certification),
            (&["id", "certification", "label"], Reader::block),
            (&["block", "skill"], Reader::block_skill),
            (&["id", "label", "hours"], Reader::module),
            (&["module", "skill"], Reader::module_skill),
            (&["module", "skill"], Reader::prerequisite),
            (&["id", "label"], Reader::funder),
            (&["funder", "axis", "amount"], Reader::budget),
            (&["id", "kind", "funder"], Reader::rule),
            (&["id", "module", "territory", "seats"], Reader::session),
        ];
        for (name, (columns, act)) in FILES.into_iter().zip(steps) {
            if !folder.join(name).is_file() {
                continue;
            }
            let table = Table::read(&folder.join(name), Encoding::Utf8)?;
            table.needs(columns)?;
            let mut report = std::mem::take(&mut reader.report);
            table.each(&mut report, |row| act(&mut reader, row));
            reader.report = report;
            if name == "budgets.csv" {
                reader.control_totals(&table);
            }
        }
        Ok((reader.builder, reader.report))
    }
}

/// What reads a row of one file.
type Step = fn(&mut Reader, Row<'_>) -> Result<(), String>;

struct Reader {
    builder: OfferBuilder,
    report: OfferReport,
}

fn said(error: Error) -> String {
    error.to_string()
}

fn named_value<T: std::str::FromStr<Err = Error> + Default>(
    row: Row<'_>,
    column: &str,
) -> Result<T, String> {
    match row.get(column) {
        "" => Ok(T::default()),
        value => value.parse().map_err(said),
    }
}

fn date(row: Row<'_>, column: &str) -> Result<Option<Date>, String> {
    match row.get(column) {
        "" => Ok(None),
        value => value.parse().map(Some).map_err(said),
    }
}

fn amount(row: Row<'_>, column: &str) -> Result<u64, String> {
    row.parse(column, 0, "an amount in euros, in whole cents", read_cents)
}

fn count(row: Row<'_>, column: &str, default: u32) -> Result<u32, String> {
    row.parse(column, default, "a whole number", |value| value.parse().ok())
}

fn find(ids: &Ids, what: &'static str, id: &str) -> Result<u32, String> {
    ids.position(id).ok_or_else(|| Error::unknown(what, id, ids).to_string())
}

impl Reader {
    /// A level as written on a skill's scale.
    fn level(&self, row: Row<'_>, skill: &str, empty: Option<u16>) -> Result<u16, String> {
        let axis = self.builder.offer().axis();
        let scale = axis.scale(axis.position(skill).map_err(said)?);
        match row.get("level") {
            "" => Ok(empty.unwrap_or(scale.top())),
            written => scale.steps_of(written).map_err(said),
        }
    }

    fn certification(&mut self, row: Row<'_>) -> Result<(), String> {
        let id = row.required("id")?;
        let level = match row.get("level") {
            "" => None,
            written => Some(written.parse().map_err(said)?),
        };
        let routes = row.list("routes").map(|route| route.parse::<Route>().map_err(said));
        let certification = Certification {
            label: row.get("label").to_owned(),
            kind: named_value(row, "kind")?,
            level,
            routes: routes.collect::<Result<_, _>>()?,
            targets: row.list("targets").map(str::to_owned).collect(),
            blocks: Vec::new(),
        };
        self.builder.certification(id, certification).map(drop).map_err(said)
    }

    fn block(&mut self, row: Row<'_>) -> Result<(), String> {
        let id = row.required("id")?;
        let ids = &self.builder.offer().certification_ids;
        let certification = find(ids, "certification", row.required("certification")?)?;
        let block = Block { label: row.get("label").to_owned(), certification, skills: Vec::new() };
        self.builder.block(id, block).map(drop).map_err(said)
    }

    fn block_skill(&mut self, row: Row<'_>) -> Result<(), String> {
        let block = find(&self.builder.offer().block_ids, "block", row.required("block")?)?;
        let skill = row.required("skill")?;
        let level = self.level(row, skill, None)?;
        self.builder.certify(block, skill, level).map_err(said)
    }

    fn module(&mut self, row: Row<'_>) -> Result<(), String> {
        let id = row.required("id")?;
        row.required("hours")?;
        let ids = &self.builder.offer().block_ids;
        let blocks = row.list("blocks").map(|block| find(ids, "block", block));
        let module = Module {
            label: row.get("label").to_owned(),
            minutes: row.parse("hours", 0, "a number of hours, in whole minutes", read_minutes)?,
            cents: amount(row, "price")?,
            days: count(row, "days", 0)?,
            modality: named_value::<Modality>(row, "modality")?,
            purpose: named_value::<Purpose>(row, "purpose")?,
            providers: row.list("providers").map(str::to_owned).collect(),
            blocks: blocks.collect::<Result<_, _>>()?,
            prerequisites: Vec::new(),
        };
        self.builder.module(id, module).map(drop).map_err(said)
    }

    fn module_skill(&mut self, row: Row<'_>) -> Result<(), String> {
        let (module, skill) = (row.required("module")?, row.required("skill")?);
        let level = self.level(row, skill, None)?;
        self.builder.teach(module, skill, level).map_err(said)
    }

    fn prerequisite(&mut self, row: Row<'_>) -> Result<(), String> {
        let (module, skill) = (row.required("module")?, row.required("skill")?);
        let level = self.level(row, skill, Some(1))?;
        let strength = named_value::<Strength>(row, "strength")?;
        self.builder.prerequisite(module, skill, level, strength).map_err(said)
    }

    fn funder(&mut self, row: Row<'_>) -> Result<(), String> {
        let id = row.required("id")?;
        let funder = Funder { label: row.get("label").to_owned() };
        self.builder.funder(id, funder).map(drop).map_err(said)
    }

    fn funder_position(&self, row: Row<'_>) -> Result<u32, String> {
        find(&self.builder.offer().funder_ids, "funder", row.required("funder")?)
    }

    fn budget(&mut self, row: Row<'_>) -> Result<(), String> {
        let funder = self.funder_position(row)?;
        row.required("amount")?;
        let cents = amount(row, "amount")?;
        let axis = row.required("axis")?;
        let (from, until) = (date(row, "from")?, date(row, "until")?);
        if axis == TOTAL {
            return Ok(());
        }
        let axis = self.builder.axis(axis).map_err(said)?;
        self.builder.budget(Budget { funder, axis, cents, from, until }).map_err(said)
    }

    /// Compares the totals that the file prints with what its rows add up to.
    fn control_totals(&mut self, table: &Table) {
        let offer = self.builder.offer();
        let mut notes = Vec::new();
        let mut ignored = OfferReport::default();
        table.each(&mut ignored, |row| {
            if row.get("axis") != TOTAL {
                return Ok(());
            }
            let Some(funder) = offer.funder_ids.position(row.get("funder")) else { return Ok(()) };
            let Some(printed) = read_cents(row.get("amount")) else { return Ok(()) };
            let (from, until) = (date(row, "from")?, date(row, "until")?);
            let sum: u64 = offer
                .budgets
                .iter()
                .filter(|budget| budget.funder == funder)
                .filter(|b| from.is_none_or(|from| b.from.is_some_and(|begin| from <= begin)))
                .filter(|b| until.is_none_or(|until| b.until.is_some_and(|end| end <= until)))
                .map(|budget| budget.cents)
                .sum();
            if sum != printed {
                let id = &offer.funder_ids[funder];
                notes.push(format!(
                    "the total printed for `{id}` is {} and its rows add up to {}; the rows count",
                    euros(printed),
                    euros(sum)
                ));
            }
            Ok(())
        });
        for note in notes {
            self.report.note("budgets.csv", 0, note);
        }
    }

    fn rule(&mut self, row: Row<'_>) -> Result<(), String> {
        let id = row.required("id")?.to_owned();
        let funder = self.funder_position(row)?;
        let kind = row.required("kind")?.parse::<RuleName>().map_err(said)?;
        let axis =
            |reader: &Self| find(&reader.builder.offer().axes, "axis", row.required("axis")?);
        let share = || {
            row.required("percent")?;
            row.parse("percent", 0, "a percentage from 0 to 100", read_basis_points)
        };
        let kind = match kind {
            RuleName::Hours => RuleKind::Hours {
                scheme: row.required("scheme")?.to_owned(),
                funder,
                range: hour_range(row)?,
                bears_on: row.required("bears_on")?.parse::<Bearing>().map_err(said)?,
            },
            RuleName::Share => RuleKind::Share {
                funder,
                axis: axis(self)?,
                basis_points: share()?,
                tolerance: tolerance(row)?,
            },
            RuleName::Cap => RuleKind::Cap {
                funder,
                axis: axis(self)?,
                basis_points: share()?,
                of: row.required("bears_on")?.parse::<Base>().map_err(said)?,
            },
            RuleName::Quota => {
                let group = row.required("group")?.parse::<Group>().map_err(said)?;
                RuleKind::Quota { funder, group, basis_points: share()? }
            }
            RuleName::Priority => {
                let group = row.required("group")?.parse::<Group>().map_err(said)?;
                RuleKind::Priority { funder, group }
            }
        };
        let (from, until) = (date(row, "from")?, date(row, "until")?);
        self.builder.rule(FundingRule { id, kind, from, until }).map_err(said)
    }

    fn session(&mut self, row: Row<'_>) -> Result<(), String> {
        let id = row.required("id")?;
        let module = row.required("module")?;
        let module = find(self.builder.module_ids(), "module", module)?;
        let seats = count(row, "seats", 0)?;
        let dates = match (date(row, "start")?, date(row, "end")?) {
            (Some(start), Some(end)) => Some((start, end)),
            (None, None) => None,
            _ => return Err("`start` and `end` go together: give both or neither".to_owned()),
        };
        let entry = match (date(row, "entry_from")?, date(row, "entry_until")?) {
            (Some(from), Some(until)) => Some((from, until)),
            (None, None) => None,
            _ => return Err("`entry_from` and `entry_until` go together".to_owned()),
        };
        if dates.is_some() && entry.is_some() {
            return Err("a session with a start has no rolling entry; empty one".to_owned());
        }
        let funders = &self.builder.offer().funder_ids;
        let funders = row.list("funders").map(|funder| find(funders, "funder", funder));
        let funders: Vec<u32> = funders.collect::<Result<_, _>>()?;
        let buying = named_value::<Buying>(row, "buying")?;
        let axis = match row.get("axis") {
            "" if buying == Buying::Existing => self.builder.axis("").map_err(said)?,
            "" => return Err("`axis` is empty; say which budget axis pays".to_owned()),
            axis => find(&self.builder.offer().axes, "axis", axis)?,
        };
        if funders.is_empty() && buying != Buying::Existing {
            return Err("`funders` is empty; say who may pay".to_owned());
        }
        let session = Session {
            module,
            territory: self.builder.territory(row.required("territory")?).map_err(said)?,
            dates,
            entry,
            seats,
            minimum: count(row, "minimum", 1)?,
            maximum: count(row, "maximum", seats)?,
            cents_per_seat: amount(row, "price_per_seat")?,
            cents_per_session: amount(row, "price_per_session")?,
            axis,
            funders,
            buying,
        };
        self.builder.session(id, session).map(drop).map_err(said)
    }
}

/// The axis of a row that prints a funder's total.
const TOTAL: &str = "total";

/// Hours from `at_least` (counted) or `above` (not), to `below` (not counted) or `up_to` (counted).
fn hour_range(row: Row<'_>) -> Result<HourRange, String> {
    let minutes = |column: &str| {
        row.parse(column, None, "a number of hours, in whole minutes", |value| {
            read_minutes(value).map(Some)
        })
    };
    let from = match (minutes("at_least")?, minutes("above")?) {
        (Some(least), None) => u64::from(least),
        (None, Some(above)) => u64::from(above) + 1,
        (None, None) => 0,
        _ => return Err("`at_least` and `above` both given; keep one".to_owned()),
    };
    let below = match (minutes("below")?, minutes("up_to")?) {
        (Some(below), None) => Some(u64::from(below)),
        (None, Some(up_to)) => Some(u64::from(up_to) + 1),
        (None, None) => None,
        _ => return Err("`below` and `up_to` both given; keep one".to_owned()),
    };
    Ok(HourRange { from, below })
}

fn tolerance(row: Row<'_>) -> Result<Tolerance, String> {
    let part = row.parse("tolerance", 0, "a percentage from 0 to 100", read_basis_points)?;
    match row.get("tolerance_kind") {
        "" if part == 0 => Ok(Tolerance::Points(0)),
        "points" => Ok(Tolerance::Points(part)),
        "relative" => Ok(Tolerance::Relative(part)),
        other => Err(format!("`tolerance_kind` is `{other}`, not points or relative")),
    }
}
