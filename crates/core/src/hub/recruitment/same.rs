//! The same vacancy seen by two sensors: pairs, and the vacancies that they make.

use hashbrown::HashMap;
use hashbrown::hash_map::Entry as Slot;

use super::employer::Employer;
use super::entry::{Entry, NONE, UNDATED};
use super::register::Register;
use super::title::Title;
use crate::error::{Error, Result};
use crate::lookup::normal;
use crate::text::Ids;

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

/// What is scanned for a candidate, side by side.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    key: u32,
    sensor: u32,
    date: i32,
    /// See [`Employer::may_be_by_starts`].
    starts: u64,
}

/// Finds reports of the same vacancy among those that were shown to it.
///
/// Candidates share a word of the employer's name and a place, one of which lies within the other;
/// they are compared with each other once.
#[derive(Clone, Debug, Default)]
pub(super) struct Finder {
    rules: Sameness,
    /// Keys of employers: words, and whole names.
    words: Ids,
    employers: HashMap<u32, Known>,
    titles: HashMap<u32, Title>,
    alike: HashMap<(u32, u32), u16>,
    shown: HashMap<(u32, u32), Vec<Candidate>>,
    links: HashMap<u32, Vec<Link>>,
}

/// An employer's name taken apart, and its keys' positions among the words.
#[derive(Clone, Debug)]
struct Known {
    employer: Employer,
    keys: Vec<u32>,
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
        Ok(self.known(register, name)?.keys[0])
    }

    fn known(&mut self, register: &Register, name: u32) -> Result<&Known> {
        Ok(match self.employers.entry(name) {
            Slot::Occupied(known) => known.into_mut(),
            Slot::Vacant(free) => {
                let employer = Employer::new(&register.names[name]);
                let keys = employer.keys().map(|key| Ok(self.words.insert(key)?.0));
                let keys = keys.collect::<Result<_>>()?;
                free.insert(Known { employer, keys })
            }
        })
    }

    /// Takes a report in and links it to those before. O(candidates).
    pub(super) fn add(&mut self, register: &Register, key: u32, entry: &Entry) -> Result<()> {
        if entry.employer == NONE || entry.territory == NONE {
            return Ok(());
        }
        let known = self.known(register, entry.employer)?;
        let (keys, starts) = (known.keys.clone(), known.employer.starts());
        let sensor = register.keys[key as usize].sensor;
        let near = |one: i32, other: i32| {
            one == UNDATED || other == UNDATED || one.abs_diff(other) <= self.rules.days
        };
        let places = {
            let territories = &register.territories;
            let above = territories.above(entry.territory);
            let below = territories.below(entry.territory);
            above.iter().chain(below.iter().filter(|&&place| place != entry.territory))
        };
        let mut candidates: Vec<u32> = Vec::new();
        for &place in places {
            // The first key is the whole name: who shares it may be written apart in any way.
            for (at, &word) in keys.iter().enumerate() {
                let may_be =
                    |one: &Candidate| at == 0 || Employer::may_be_by_starts(one.starts, starts);
                let shown = self.shown.get(&(word, place)).into_iter().flatten();
                let close = shown.filter(|one| {
                    may_be(one) && one.sensor != sensor && near(one.date, entry.date)
                });
                candidates.extend(close.map(|one| one.key));
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
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
        for word in keys {
            let shown = self.shown.entry((word, entry.territory)).or_default();
            shown.push(Candidate { key, sensor, date: entry.date, starts });
        }
        Ok(())
    }

    /// Forgets a report. O(reports under its keys).
    pub(super) fn remove(&mut self, register: &Register, key: u32, entry: &Entry) -> Result<()> {
        if entry.employer == NONE || entry.territory == NONE {
            return Ok(());
        }
        for word in self.known(register, entry.employer)?.keys.clone() {
            if let Slot::Occupied(mut shown) = self.shown.entry((word, entry.territory)) {
                shown.get_mut().retain(|one| one.key != key);
                if shown.get().is_empty() {
                    shown.remove();
                }
            }
        }
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

    /// Whether two reports of different sensors, near in place and time, are the same vacancy, are
    /// possibly the same, or are not; and how alike their titles are.
    fn compare(&mut self, register: &Register, one: &Entry, other: &Entry) -> Option<(bool, u32)> {
        if one.employer != other.employer {
            let of = |name: &u32| &self.employers[name].employer;
            if !of(&one.employer).may_be(of(&other.employer)) {
                return None;
            }
        }
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
            [one, other].iter().any(|entry| self.employers[&entry.employer].employer.has(word))
                || places.iter().any(|place| place.split(' ').any(|known| known == word))
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
