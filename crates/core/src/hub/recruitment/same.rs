//! The same vacancy seen by two sensors: pairs, and the vacancies that they make.

use hashbrown::HashMap;
use hashbrown::hash_map::Entry as Slot;

use super::entry::{Entry, NONE, UNDATED};
use super::premises::{Directory, Employers, Report};
use super::register::Register;
use super::title::Title;
use crate::error::{Error, Result};
use crate::lookup::normal;

/// When two reports are of the same vacancy.
///
/// Two reports of different sensors are *the same* when their employers' names may be of one
/// employer, one place lies within the other, their dates are at most a number of days apart, their
/// titles are alike to a threshold, and their occupations are equal, or one is not known, or the
/// titles are alike to a higher threshold (sensors code one post differently). They are *possibly*
/// the same when the titles reach a lower threshold only, a title or a date is missing, the
/// occupations differ, another record of the sensor has a nearer title, or a report for a wide place
/// matches reports for two places that lie apart. A sensor tells its own records apart, so two of its records never make a
/// pair.
///
/// Title similarity is SoftTFIDF with fixed weights (Cohen, Ravikumar and Fienberg, 2003) over
/// Jaro–Winkler (Winkler, 1990), in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sameness {
    days: u32,
    title: u32,
    possible: u32,
    other_code: u32,
}

impl Default for Sameness {
    /// 45 days; titles alike to 0.8, possibly to 0.6, to 0.95 where codes differ.
    fn default() -> Self {
        Self { days: 45, title: 800, possible: 600, other_code: 950 }
    }
}

impl Sameness {
    /// How many days may lie between two reports of one vacancy. More of them merge what was
    /// advertised again later.
    #[must_use]
    pub fn days(mut self, days: u32) -> Self {
        self.days = days;
        self
    }

    /// From which title similarity on two reports are the same, and possibly the same: in
    /// thousandths, the first above 0 and at least the second.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] outside that.
    pub fn titles(mut self, same: u32, possible: u32) -> Result<Self> {
        if same == 0 || same > 1000 || possible > same {
            let value = format!("{same} and {possible}");
            let expected = "in thousandths: from 1 to 1000, the second at most the first";
            return Err(Error::argument("titles", value, expected));
        }
        (self.title, self.possible) = (same, possible);
        self.other_code = self.other_code.max(same);
        Ok(self)
    }
}

/// A report that may be of the same vacancy as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) to: u32,
    /// Enough to count once; otherwise possibly.
    same: bool,
    /// How alike the titles are, in thousandths.
    alike: u32,
    /// That report's sensor and place.
    sensor: u32,
    territory: u32,
}

/// Finds reports of the same vacancy among those that were shown to it.
///
/// Candidates are of employers that may be one, at places one of which lies within the other; they
/// are compared with each other once.
#[derive(Clone, Debug, Default)]
pub(super) struct Finder {
    rules: Sameness,
    employers: Employers,
    directory: Directory,
    titles: HashMap<u32, Title>,
    alike: HashMap<(u32, u32), u16>,
    links: HashMap<u32, Vec<Link>>,
}

impl Finder {
    pub(super) fn new(rules: Sameness) -> Self {
        Self { rules, ..Self::default() }
    }

    /// The links of a report.
    pub(super) fn links(&self, key: u32) -> &[Link] {
        self.links.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The reports that are the same as a report.
    ///
    /// A sensor tells its own records apart, so that of several that match, those with the nearest
    /// title are the same and the others possibly. A report that matches reports of two places that
    /// lie apart, because it names a wider place, is possibly the same as either.
    pub(super) fn same<'f>(
        &'f self,
        register: &'f Register,
        key: u32,
    ) -> impl Iterator<Item = u32> + 'f {
        let same = move |key: u32| self.links(key).iter().filter(|link| link.same);
        let torn = move |key: u32| {
            let places: Vec<u32> = same(key).map(|link| link.territory).collect();
            places.iter().enumerate().any(|(at, &one)| {
                places[..at].iter().any(|&two| !register.territories.may_be_same(one, two))
            })
        };
        let nearest = move |key: u32, link: &Link| {
            same(key).all(|other| other.sensor != link.sensor || other.alike <= link.alike)
        };
        let sensor = register.keys[key as usize].sensor;
        let own = torn(key);
        same(key)
            .filter(move |link| !own && nearest(key, link))
            .filter(move |link| !torn(link.to) && nearest(link.to, &Link { sensor, ..**link }))
            .map(|link| link.to)
    }

    /// What an employer is counted under: equal for spellings that differ in legal form, case,
    /// accents and spaces.
    pub(super) fn employer_key(&mut self, register: &Register, name: u32) -> Result<u32> {
        let employer = self.employers.of(&register.names, name)?;
        Ok(self.employers.whole(employer))
    }

    /// Where a report is counted among employers and places: none without either.
    fn premises(&mut self, register: &Register, entry: &Entry) -> Result<Option<u32>> {
        if entry.employer == NONE || entry.territory == NONE {
            return Ok(None);
        }
        let employer = self.employers.of(&register.names, entry.employer)?;
        let (employers, territories) = (&self.employers, &register.territories);
        Ok(Some(self.directory.position(employers, territories, employer, entry.territory)))
    }

    /// Takes a report in and links it to those before. O(candidates).
    pub(super) fn add(&mut self, register: &Register, key: u32, entry: &Entry) -> Result<()> {
        let Some(premises) = self.premises(register, entry)? else { return Ok(()) };
        let sensor = register.keys[key as usize].sensor;
        let report = Report { key, sensor, date: entry.date };
        let candidates = self.directory.candidates(premises, report, self.rules.days);
        self.directory.add(premises, report);
        for other in candidates {
            let known = &register.entries[register.keys[other as usize].current as usize];
            if let Some((same, alike)) = self.compare(register, entry, known) {
                let its = register.keys[other as usize].sensor;
                let link = Link { to: other, same, alike, sensor: its, territory: known.territory };
                self.links.entry(key).or_default().push(link);
                let back = Link { to: key, same, alike, sensor, territory: entry.territory };
                self.links.entry(other).or_default().push(back);
            }
        }
        Ok(())
    }

    /// Forgets a report. O(reports of its employer and place, and links).
    pub(super) fn remove(&mut self, register: &Register, key: u32, entry: &Entry) -> Result<()> {
        let Some(premises) = self.premises(register, entry)? else { return Ok(()) };
        self.directory.remove(premises, key);
        for link in self.links.remove(&key).unwrap_or_default() {
            if let Slot::Occupied(mut links) = self.links.entry(link.to) {
                links.get_mut().retain(|back| back.to != key);
                if links.get().is_empty() {
                    links.remove();
                }
            }
        }
        Ok(())
    }

    /// Whether two reports of different sensors, near in place and time and of what may be one
    /// employer, are the same vacancy, are possibly the same, or are not; and how alike their titles
    /// are.
    fn compare(&mut self, register: &Register, one: &Entry, other: &Entry) -> Option<(bool, u32)> {
        let codes = [one, other].map(|entry| register.occupation_of(entry));
        let [code, other_code] = codes;
        let coded = code == other_code || codes.contains(&NONE);
        if one.title == NONE || other.title == NONE {
            return (coded && !codes.contains(&NONE)).then_some((false, 0));
        }
        let mut similarity = u32::from(self.similarity(register, one.title, other.title));
        if similarity < self.rules.title {
            similarity = similarity.max(self.similarity_beside(register, one, other));
        }
        let dated = one.date != UNDATED && other.date != UNDATED;
        let enough = if coded { self.rules.title } else { self.rules.other_code };
        let possible = if coded { self.rules.possible } else { self.rules.title };
        (similarity >= possible).then_some((similarity >= enough && dated, similarity))
    }

    /// How alike two titles are where the employer's name and the place are left out of them: *agent
    /// de tri colis, Lille* is what *Colis Express* of Lille calls an *agent de tri*.
    fn similarity_beside(&self, register: &Register, one: &Entry, other: &Entry) -> u32 {
        let places =
            [one, other].map(|entry| normal(register.territories.get(entry.territory).label));
        let beside = |word: &str| {
            [one, other].iter().any(|entry| {
                self.employers.get(entry.employer).is_some_and(|employer| employer.has(word))
            }) || places.iter().any(|place| place.split(' ').any(|known| known == word))
        };
        let of = |entry: &Entry| self.titles.get(&entry.title).map(|title| title.without(beside));
        of(one).zip(of(other)).map_or(0, |(one, other)| one.similarity(&other))
    }

    fn similarity(&mut self, register: &Register, one: u32, other: u32) -> u16 {
        if one == other {
            return 1000;
        }
        let pair = (one.min(other), one.max(other));
        if let Some(&known) = self.alike.get(&pair) {
            return known;
        }
        for title in [one, other] {
            self.titles.entry(title).or_insert_with(|| Title::new(&register.names[title]));
        }
        let similarity = self.titles[&one].similarity(&self.titles[&other]);
        // In thousandths of a whole.
        let similarity = u16::try_from(similarity).unwrap_or(1000);
        self.alike.insert(pair, similarity);
        similarity
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::employer::Employer;
    use super::super::need::{Need, Sensor};
    use super::*;
    use crate::framework::Framework;
    use crate::hub::Territories;
    use crate::matrix::{Necessity, Requirement};
    use crate::skill::{Date, SkillKind};

    const EMPLOYERS: [&str; 12] = [
        "Chaudronnerie Dubois SARL",
        "CHAUDRONNERIE DUBOIS",
        "Dubois",
        "Dubois Frères",
        "Chaud. Dubois",
        "Nord'Log",
        "NORDLOG SAS",
        "Logistique Nord",
        "Transp. Petit",
        "Transports Petit",
        "Transport Petit Nord",
        "A.D.A.R.",
    ];
    const TITLES: [&str; 6] =
        ["Soudeur (H/F)", "Soudeuse", "Soudeur senior", "Cariste", "Agent Dubois", ""];
    const PLACES: [&str; 4] = ["lille", "roubaix", "bassin", "region"];

    /// Sensor, employer, title and place by position, day, and whether it is coded for a welder.
    type Told = (usize, usize, usize, usize, Option<i32>, bool);

    fn register(reports: &[Told]) -> Register {
        let mut builder = Framework::builder("demo", "1", "fr");
        builder.skill("weld", SkillKind::KnowHow).unwrap();
        for occupation in ["welder", "driver"] {
            builder.occupation(occupation).unwrap();
            let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
            builder.require(occupation, "weld", one).unwrap();
        }
        let mut places = Territories::builder();
        for (id, within) in [("lille", "bassin"), ("roubaix", "region"), ("bassin", "region")] {
            places.add(id, "", id, &[within]).unwrap();
        }
        places.add("region", "", "", &[]).unwrap();
        let mut register =
            Register::new(&builder.build().unwrap(), &places.build().unwrap().into());
        for sensor in ["a", "b", "c"] {
            let (id, kind) = (sensor.to_owned(), String::new());
            register.declare(Sensor { id, kind, territory: None, reliability: 50 }).unwrap();
        }
        for (at, &(sensor, employer, title, place, date, coded)) in reports.iter().enumerate() {
            let need = Need {
                sensor: ["a", "b", "c"][sensor].to_owned(),
                record: at.to_string(),
                date: date.and_then(|days| Date::from_days(20_000 + days).ok()),
                employer: EMPLOYERS.get(employer).map(|&name| name.to_owned()),
                occupation: Some(if coded { "welder" } else { "driver" }.to_owned()),
                title: TITLES[title].to_owned(),
                territory: PLACES[place].to_owned(),
                positions: 1,
                ..Need::default()
            };
            register.record(&need).unwrap();
        }
        register
    }

    proptest! {
        #[test]
        fn links_are_those_of_all_pairs(
            reports in prop::collection::vec(
                (0..3_usize, 0..13_usize, 0..6_usize, 0..4_usize,
                    prop::option::of(0..100_i32), any::<bool>()),
                0..40,
            ),
            removed in prop::collection::vec(0..40_u32, 0..8),
        ) {
            let register = register(&reports);
            let (mut finder, mut naive) = (Finder::default(), Finder::default());
            let entry = |key: u32| &register.entries[register.keys[key as usize].current as usize];
            let keys: Vec<u32> = (0u32..).take(register.keys.len()).collect();
            for &key in &keys {
                finder.add(&register, key, entry(key)).unwrap();
                naive.premises(&register, entry(key)).unwrap();
            }
            let mut left = keys.clone();
            for key in removed {
                if let Some(at) = left.iter().position(|&one| one == key) {
                    left.remove(at);
                    finder.remove(&register, key, entry(key)).unwrap();
                }
            }
            for &one in &keys {
                let mut expected = Vec::new();
                for &two in left.iter().filter(|_| left.contains(&one)) {
                    let (a, b) = (entry(one), entry(two));
                    let of = |entry: &Entry| Employer::new(&register.names[entry.employer]);
                    let near = a.date.abs_diff(b.date) <= 45
                        || a.date == UNDATED
                        || b.date == UNDATED;
                    if register.keys[one as usize].sensor != register.keys[two as usize].sensor
                        && a.employer != NONE
                        && b.employer != NONE
                        && near
                        && register.territories.may_be_same(a.territory, b.territory)
                        && of(a).may_be(&of(b))
                        && let Some((same, alike)) = naive.compare(&register, a, b)
                    {
                        expected.push((two, same, alike));
                    }
                }
                let links = finder.links(one).iter();
                let mut found: Vec<_> =
                    links.map(|link| (link.to, link.same, link.alike)).collect();
                found.sort_unstable();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
