//! What a CSV folder says of itself: `framework.csv` and `scales.csv`.

use std::collections::HashMap;
use std::fs::File;

use super::folder::Folder;
use super::report::{Fate, FileReport, Reason};
use super::table::{Dialect, Table};
use crate::error::{Error, Result};
use crate::skill::LevelScale;

/// What `framework.csv` says.
pub(super) struct Head {
    pub name: String,
    pub version: String,
    pub language: String,
    pub weight_denominator: u16,
    pub licence: String,
    pub source: String,
}

impl Head {
    pub(super) fn read(folder: &Folder, dialect: Dialect) -> Result<(Self, FileReport)> {
        let file = "framework.csv";
        if !folder.has(file) {
            return Err(folder.missing(file));
        }
        let mut table = folder.table(file, dialect)?;
        let mut report = FileReport::new(file);
        let (key, value) = (table.column("key")?, table.column("value")?);
        let mut values: HashMap<&'static str, (String, u64)> = HashMap::new();
        let mut weight_denominator = 1;
        table.each(&mut report, |row, _| {
            const KEYS: [&str; 6] =
                ["name", "version", "language", "weight_denominator", "licence", "source"];
            let Some(known) = KEYS.into_iter().find(|known| *known == row.get(key)) else {
                return Ok(Fate::dropped(Reason::UnknownValue, row.get(key)));
            };
            if known == "weight_denominator" && !row.get(value).is_empty() {
                let parsed = row.get(value).parse().ok().filter(|&parts: &u16| parts > 0);
                let Some(parts) = parsed else {
                    return Err(row.refuse(value, "a whole number from 1 to 65535"));
                };
                weight_denominator = parts;
            }
            let entry = (row.get(value).to_owned(), row.line);
            if let Some((_, line)) = values.insert(known, entry) {
                return Err(Error::GivenTwice {
                    what: "key",
                    id: known.to_owned(),
                    first: format!("{file}, line {line}"),
                    again: format!("{file}, line {}", row.line),
                });
            }
            Ok(Fate::Kept)
        })?;
        let mut take = |key| values.remove(key).map(|(value, _)| value).unwrap_or_default();
        let head = Self {
            name: take("name"),
            version: take("version"),
            language: take("language"),
            weight_denominator,
            licence: take("licence"),
            source: take("source"),
        };
        for (key, value) in [("name", &head.name), ("version", &head.version)] {
            if value.is_empty() {
                let problem = format!("no line gives `{key}`; add `{key}` and its value");
                let file = folder.path().join(file).display().to_string();
                return Err(Error::Malformed { file, problem });
            }
        }
        let language = or(&head.language, "fr").to_owned();
        Ok((Self { language, ..head }, report))
    }
}

/// One scale while its lines are read.
struct Scale {
    name: String,
    unit: Option<u16>,
    steps: HashMap<u16, String>,
}

pub(super) fn scales(mut table: Table<File>) -> Result<(Vec<LevelScale>, FileReport)> {
    let (name, step, label) =
        (table.column("scale")?, table.column("step")?, table.column("label")?);
    let unit = table.optional("unit")?;
    let mut report = FileReport::new("scales.csv");
    let mut scales: Vec<Scale> = Vec::new();
    table.each(&mut report, |row, _| {
        let id = row.get(name);
        if id.is_empty() {
            return Ok(Fate::dropped(Reason::NoId, row.get(label)));
        }
        let Ok(number) = row.get(step).parse::<u16>() else {
            return Err(row.refuse(step, "a step: a whole number from 0 to 65535"));
        };
        let parts = match row.get(unit) {
            "" => None,
            written => match written.parse().ok().filter(|&parts: &u16| parts > 0) {
                Some(parts) => Some(parts),
                None => return Err(row.refuse(unit, "a whole number of steps from 1 to 65535")),
            },
        };
        let at = scales.iter().position(|scale| scale.name == id).unwrap_or_else(|| {
            scales.push(Scale { name: id.to_owned(), unit: parts, steps: HashMap::new() });
            scales.len() - 1
        });
        let scale = &mut scales[at];
        if scale.unit.unwrap_or(1) != parts.unwrap_or(1) {
            return Err(row.refuse(unit, "the unit of the scale's other lines"));
        }
        if scale.steps.insert(number, row.get(label).to_owned()).is_some() {
            return Err(row.refuse(step, "a step that the scale does not have yet"));
        }
        Ok(Fate::Kept)
    })?;
    let mut built = Vec::new();
    for Scale { name, unit, mut steps } in scales {
        let top = steps.keys().copied().max().unwrap_or(0);
        if top == 0 {
            let problem = format!("scale `{name}` has no step above 0; add its steps");
            return Err(Error::Malformed { file: "scales.csv".to_owned(), problem });
        }
        let scale = LevelScale::new(name, top)?.unit(unit.unwrap_or(1))?;
        // Steps above the last named one have no name, rather than an empty one.
        let named = steps.iter().filter(|(_, label)| !label.is_empty()).map(|(&step, _)| step);
        let last = named.max().unwrap_or(0);
        let names: Vec<_> =
            (1..=last).map(|step| steps.remove(&step).unwrap_or_default()).collect();
        built.push(scale.step_names(names));
    }
    Ok((built, report))
}

/// The value, or the default where it is empty.
pub(super) fn or<'a>(value: &'a str, default: &'a str) -> &'a str {
    if value.is_empty() { default } else { value }
}
