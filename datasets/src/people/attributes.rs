use crate::chance::Chance;
use crate::people::PEOPLE;
use crate::{Error, Territories, travel};

/// The columns of `people_attributes.csv`.
pub(super) const ATTRIBUTES_HEADER: [&str; 12] = [
    "person",
    "territory",
    "qpv",
    "disabled",
    "under_26",
    "over_50",
    "rsa",
    "long_term",
    "level",
    "available_from",
    "max_minutes",
    "modes",
];

/// Shares of the whole, in thousandths: the public figures of the README.
const UNDER_26: usize = 160;
const OVER_50: usize = 300;
const NO_DIPLOMA: usize = 400;
const LONG_TERM: usize = 485;
const RSA: usize = 150;
const DISABLED: usize = 120;
const QPV: usize = 130;

/// Someone, apart from what they can do.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) id: String,
    /// Index of the bassin where they live.
    pub(super) bassin: usize,
    pub(super) under_26: bool,
    pub(super) no_diploma: bool,
    over_50: bool,
    qpv: bool,
    disabled: bool,
    rsa: bool,
    long_term: bool,
    /// Level of the highest diploma on the scale of 2019, where known; 0 for none.
    level: Option<u8>,
    available_from: String,
    max_minutes: u16,
    modes: &'static str,
}

impl Person {
    /// Whether they travel by car.
    pub(super) fn drives(&self) -> bool {
        self.modes.contains("car")
    }

    /// Their line in `people_attributes.csv`.
    pub(super) fn row(&self, bassin: &str) -> Vec<String> {
        let flag = |flag: bool| u8::from(flag).to_string();
        vec![
            self.id.clone(),
            bassin.to_owned(),
            flag(self.qpv),
            flag(self.disabled),
            flag(self.under_26),
            flag(self.over_50),
            flag(self.rsa),
            flag(self.long_term),
            self.level.map_or_else(String::new, |level| level.to_string()),
            self.available_from.clone(),
            self.max_minutes.to_string(),
            self.modes.to_owned(),
        ]
    }
}

/// Draws who the people are. The shares hold exactly; which people they fall on leans the way it
/// does in life (those over 50 are longer out of work, and so on).
pub(super) fn draw(territories: &Territories) -> Result<Vec<Person>, Error> {
    let mut chance = Chance::stream(0);
    let population = (territories.bassins.iter())
        .map(|bassin| travel::of(&bassin.id).map(|place| place.thousands))
        .collect::<Result<Vec<u64>, Error>>()?;
    let count = |thousandths: usize| PEOPLE * thousandths / 1000;
    let weigh = |weight: &dyn Fn(usize) -> u64| (0..PEOPLE).map(weight).collect::<Vec<u64>>();

    let under_26 = chance.mark(count(UNDER_26), &weigh(&|_| 1));
    let over_50 = chance.mark(count(OVER_50), &weigh(&|p| u64::from(!under_26[p])));
    let no_diploma = chance.mark(count(NO_DIPLOMA), &weigh(&|_| 1));
    let long_term = chance.mark(
        count(LONG_TERM),
        &weigh(&|p| match (under_26[p], over_50[p]) {
            (true, _) => 5,
            (_, true) => 16,
            _ => 10,
        }),
    );
    let rsa = chance.mark(count(RSA), &weigh(&|p| if long_term[p] { 14 } else { 6 }));
    let disabled = chance.mark(
        count(DISABLED),
        &weigh(&|p| match (under_26[p], over_50[p]) {
            (true, _) => 4,
            (_, true) => 16,
            _ => 10,
        }),
    );
    let qpv = chance.mark(count(QPV), &weigh(&|p| if no_diploma[p] { 14 } else { 9 }));

    Ok((0..PEOPLE)
        .map(|p| {
            let drives = chance.percent(if under_26[p] { 45 } else { 68 });
            Person {
                id: format!("hdf-{:05}", p + 1),
                bassin: chance.weighted(&population).unwrap_or(0),
                under_26: under_26[p],
                no_diploma: no_diploma[p],
                over_50: over_50[p],
                qpv: qpv[p],
                disabled: disabled[p],
                rsa: rsa[p],
                long_term: long_term[p],
                level: if no_diploma[p] {
                    Some(0)
                } else {
                    chance.choose(&[
                        (Some(3), 27),
                        (Some(4), 18),
                        (Some(5), 8),
                        (Some(6), 4),
                        (Some(7), 2),
                        (None, 2),
                    ])
                },
                available_from: match chance.below(10) {
                    0..=5 => "2026-07-01".to_owned(),
                    6..=8 => format!("2026-{:02}-01", chance.between(8, 10)),
                    _ => format!("2026-{:02}-15", chance.between(8, 12)),
                },
                max_minutes: chance.choose(&[(30, 27), (45, 35), (60, 25), (90, 11), (120, 2)]),
                modes: if drives {
                    chance.choose(&[("car", 48), ("car|public", 40), ("car|public|bike", 12)])
                } else {
                    chance.choose(&[("public", 62), ("public|bike", 33), ("bike", 5)])
                },
            }
        })
        .collect())
}
