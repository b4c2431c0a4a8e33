//! The people of the sample region: who they are, kept apart from what they can do.
//!
//! [`draw`] gives five files of profiles, one for each collecting département, and
//! `people_attributes.csv`. A person's attributes (where they live, their age, whether they are
//! disabled…) stand in the second only, so that a scorer that reads profiles cannot see them.

mod attributes;
mod profile;

use crate::chance::Chance;
use crate::{Error, File, Framework, Territories, csv_bytes};
use attributes::ATTRIBUTES_HEADER;
use profile::{Career, PROFILE_HEADER};

/// How many people are drawn.
pub const PEOPLE: usize = 6000;
/// How many of them are known by nothing but their id.
pub const UNKNOWN: usize = 60;

/// The départements that collect profiles, and the file of each.
const FILES: [(&str, &str); 5] = [
    ("dep-02", "people/aisne.csv"),
    ("dep-59", "people/nord.csv"),
    ("dep-60", "people/oise.csv"),
    ("dep-62", "people/pas-de-calais.csv"),
    ("dep-80", "people/somme.csv"),
];

/// The files of profiles, one for each département, and `people_attributes.csv`.
///
/// Each person is drawn from a stream of their own: a change to how one profile is drawn leaves
/// the others as they were.
///
/// # Errors
///
/// A bassin or an occupation is not one this generator knows, or lies in none of the five
/// départements.
pub fn draw(framework: &Framework, territories: &Territories) -> Result<Vec<File>, Error> {
    let people = attributes::draw(territories)?;
    let career = Career::new(framework)?;
    let unknown = Chance::stream(1).mark(UNKNOWN, &vec![1; people.len()]);

    let mut files: Vec<Vec<Vec<String>>> =
        FILES.iter().map(|_| vec![PROFILE_HEADER.map(str::to_owned).to_vec()]).collect();
    let mut attributes = vec![ATTRIBUTES_HEADER.map(str::to_owned).to_vec()];
    for (number, (person, unknown)) in (1000..).zip(people.iter().zip(unknown)) {
        let bassin = &territories.bassins[person.bassin];
        let file = FILES.iter().position(|(id, _)| *id == bassin.departement).ok_or_else(|| {
            Error::Unmatched {
                what: format!("`{}` lies in no département that collects profiles", bassin.id),
            }
        })?;
        let rows = if unknown {
            vec![profile::silence(&person.id)]
        } else {
            career.profile(person, &bassin.departement, &mut Chance::stream(number))
        };
        files[file].extend(rows);
        attributes.push(person.row(&bassin.id));
    }

    let mut out = Vec::new();
    for ((_, path), rows) in FILES.iter().zip(files) {
        out.push(File { path: (*path).to_owned(), bytes: csv_bytes(rows)? });
    }
    out.push(File { path: "people_attributes.csv".to_owned(), bytes: csv_bytes(attributes)? });
    Ok(out)
}
