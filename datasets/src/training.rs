//! The sessions of the modules on offer: where and when each is taught, for how many, at what price.
//!
//! What is taught is written by hand in `training/`; only the bulk is drawn. A module's stream is
//! its own, so that one more module leaves the sessions of the others as they were.

use std::path::Path;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::chance::Chance;
use crate::table::Row;
use crate::{Error, File, Table, Territories, csv_bytes, travel};

/// The Monday that dated sessions start on, or up to [`WEEKS`] weeks later.
const FIRST_MONDAY: Date = date(2026, 9, 7);
/// The weeks in which sessions start.
const WEEKS: u64 = 38;
/// The days on which people may enter a session without dates.
const ENTRY: (&str, &str) = ("2026-09-01", "2027-06-30");
/// The streams of modules begin here, far from those of people.
const STREAMS: u64 = 1 << 32;
/// What is bought seat by seat when it is no longer than this: licences and authorisations.
const SHORT_MINUTES: u64 = 35 * 60;

const HEADER: [&str; 15] = [
    "id",
    "module",
    "territory",
    "start",
    "end",
    "entry_from",
    "entry_until",
    "seats",
    "minimum",
    "maximum",
    "price_per_seat",
    "price_per_session",
    "axis",
    "funders",
    "buying",
];

/// What drawing sessions needs of a module.
struct Module {
    id: String,
    minutes: u64,
    /// The usual price of a seat, in euros.
    euros: u64,
    /// The calendar days it takes, where the file says so.
    days: Option<u64>,
    modality: String,
    purpose: String,
    axis: String,
}

/// How a module's sessions are sold.
#[derive(Clone, Copy, PartialEq)]
enum Sold {
    /// As whole sessions with dates.
    Dated,
    /// As places in a course that people enter when they like.
    Rolling,
    /// Seat by seat, to whom no session can take.
    Individual,
}

impl Module {
    fn read(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?.to_owned(),
            minutes: row.parse("hours", minutes)?,
            euros: row.parse("price", |price| price.parse().ok())?,
            days: row.parse("days", |days| match days {
                "" => Some(None),
                days => days.parse().ok().map(Some),
            })?,
            modality: row.get("modality")?.to_owned(),
            purpose: row.get("purpose")?.to_owned(),
            axis: row.get("axis")?.to_owned(),
        })
    }

    fn sold(&self) -> Sold {
        let licence = self.days.is_some() && self.purpose == "course" && self.axis != "axe-3";
        match self.modality.as_str() {
            "remote" => Sold::Rolling,
            "vae" => Sold::Individual,
            _ if licence && self.minutes <= SHORT_MINUTES => Sold::Individual,
            _ => Sold::Dated,
        }
    }

    /// How many sessions it has.
    fn sessions(&self, chance: &mut Chance) -> u64 {
        match (self.sold(), self.purpose.as_str(), self.axis.as_str()) {
            (Sold::Rolling, ..) => 1,
            (Sold::Individual, ..) => chance.between(2, 4),
            (_, "course", "axe-2") => chance.between(4, 7),
            (_, "course", _) => chance.between(2, 4),
            _ => chance.between(3, 5),
        }
    }

    /// The last day of a session that starts on a Monday: a Friday, or as the module says.
    fn end(&self, start: Date) -> Result<Date, Error> {
        let hours_a_week = match self.modality.as_str() {
            "alternating" => 18,
            "blended" => 28,
            _ => 35,
        };
        let days = self.days.unwrap_or(self.minutes.div_ceil(hours_a_week * 60) * 7 - 2);
        later(start, days - 1)
    }

    /// Who may pay.
    fn funders(&self, sold: Sold, chance: &mut Chance) -> &'static str {
        let employer = matches!(self.modality.as_str(), "alternating" | "workplace");
        match sold {
            Sold::Individual => "france-travail-aif|region-individuel",
            _ if employer && self.axis == "axe-1" => {
                if chance.percent(50) {
                    "employeurs-poe|employeurs-contrat"
                } else {
                    "region|etat|employeurs-poe|employeurs-contrat"
                }
            }
            _ if chance.percent(25) => "france-travail",
            _ => "region|etat",
        }
    }
}

/// The file `training/sessions.csv`.
///
/// # Errors
///
/// `modules.csv` cannot be read, or a bassin is not one this generator knows.
pub fn draw(modules: &Path, territories: &Territories) -> Result<File, Error> {
    let people = territories
        .bassins
        .iter()
        .map(|bassin| Ok(travel::of(&bassin.id)?.thousands))
        .collect::<Result<Vec<u64>, Error>>()?;
    let mut rows = vec![HEADER.map(str::to_owned).to_vec()];
    let table = Table::read(modules)?;
    for (stream, row) in (STREAMS..).zip(table.rows()) {
        let module = Module::read(&row)?;
        let mut chance = Chance::stream(stream);
        let count = module.sessions(&mut chance);
        let here = chance.mark(usize::try_from(count).unwrap_or(usize::MAX), &people);
        let bassins = territories.bassins.iter().zip(here).filter(|(_, here)| *here);
        for (number, (bassin, _)) in (1..).zip(bassins) {
            rows.push(session(&module, number, &bassin.id, &mut chance)?);
        }
    }
    Ok(File { path: "training/sessions.csv".to_owned(), bytes: csv_bytes(rows)? })
}

fn session(
    module: &Module,
    number: u32,
    bassin: &str,
    chance: &mut Chance,
) -> Result<Vec<String>, Error> {
    let sold = module.sold();
    let (start, end) = if sold == Sold::Dated {
        let start = later(FIRST_MONDAY, 7 * chance.below(WEEKS))?;
        (start.to_string(), module.end(start)?.to_string())
    } else {
        (String::new(), String::new())
    };
    let (from, until) = if sold == Sold::Dated { ("", "") } else { ENTRY };
    let seats = match sold {
        Sold::Dated => chance.between(8, 15),
        Sold::Rolling => chance.between(15, 30),
        Sold::Individual => chance.between(3, 8),
    };
    let minimum =
        if sold == Sold::Dated { (seats * chance.between(50, 75)).div_ceil(100) } else { 1 };
    // A tenth more or less than usual, in whole euros.
    let seat = module.euros * chance.between(90, 110) / 100;
    let whole = seat * seats * 3 / 4;
    let existing = sold == Sold::Dated && chance.percent(12);
    let (per_seat, per_session) = match sold {
        _ if existing => (0, 0),
        Sold::Rolling | Sold::Individual => (seat, 0),
        Sold::Dated => {
            chance.choose(&[((seat, 0), 35), ((0, whole), 40), ((seat * 2 / 5, whole * 3 / 5), 25)])
        }
    };
    let funders = module.funders(sold, chance);
    let buying = match sold {
        Sold::Individual => "individual",
        _ if existing => "existing",
        _ => "collective",
    };
    // The greatest headcount now and then leaves a seat or two empty.
    let maximum = seats - if chance.percent(10) { (seats - minimum).min(2) } else { 0 };
    let price = |euros: u64| if euros == 0 { String::new() } else { euros.to_string() };
    Ok(vec![
        format!("{}-{number:02}", module.id),
        module.id.clone(),
        bassin.to_owned(),
        start,
        end,
        from.to_owned(),
        until.to_owned(),
        seats.to_string(),
        minimum.to_string(),
        maximum.to_string(),
        price(per_seat),
        price(per_session),
        module.axis.clone(),
        if existing { String::new() } else { funders.to_owned() },
        buying.to_owned(),
    ])
}

/// Hours with at most two decimals, as minutes.
fn minutes(written: &str) -> Option<u64> {
    let (whole, part) = written.split_once('.').unwrap_or((written, "0"));
    let part: u64 = format!("{part:0<2}").parse().ok().filter(|&part| part < 100)?;
    (part * 60).is_multiple_of(100).then_some(whole.parse::<u64>().ok()? * 60 + part * 60 / 100)
}

fn later(day: Date, days: u64) -> Result<Date, Error> {
    let far = || Error::Unmatched { what: format!("no day {days} days after {day}") };
    day.checked_add(i64::try_from(days).map_err(|_| far())?.days()).map_err(|_| far())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_minutes() {
        for (written, read) in [("35", Some(2100)), ("3.5", Some(210)), ("0.25", Some(15))] {
            assert_eq!(minutes(written), read);
        }
        assert_eq!((minutes("3.51"), minutes("x")), (None, None));
    }

    #[test]
    fn a_session_ends_on_a_friday_or_after_the_days_its_module_takes() {
        let mut module = Module {
            id: "m".to_owned(),
            minutes: 70 * 60,
            euros: 700,
            days: None,
            modality: "in-class".to_owned(),
            purpose: "course".to_owned(),
            axis: "axe-1".to_owned(),
        };
        assert_eq!(module.end(FIRST_MONDAY).unwrap(), date(2026, 9, 18));
        module.days = Some(1);
        assert_eq!(module.end(FIRST_MONDAY).unwrap(), FIRST_MONDAY);
    }
}
