//! Travel times between employment areas, made up from rough distances.
//!
//! By car and by bike a time is a fixed part and a part for each kilometre of straight line. By
//! public transport it is the shortest way over a handful of lines, with time to reach the stop
//! and to change; what takes longer than [`PUBLIC_LIMIT`] is left out, as are all pairs that no
//! line joins. Within an employment area the times are given.

use std::collections::HashMap;

use crate::{Error, File, Territories, csv_bytes};

/// Minutes beyond which a way by public transport is not offered.
pub const PUBLIC_LIMIT: u32 = 150;
/// Minutes to reach the first stop and leave the last.
const PUBLIC_ACCESS: u32 = 20;
/// Minutes lost at each change.
const PUBLIC_CHANGE: u32 = 12;
/// Minutes beyond which nobody is offered to cycle.
const BIKE_LIMIT: u32 = 120;

/// Where an employment area lies, in kilometres east and north of a common point, how many
/// thousand people live there (rounded hard), and the minutes by car and by public transport
/// within it.
pub(crate) struct Place {
    pub(crate) id: &'static str,
    pub(crate) thousands: u64,
    east: i32,
    north: i32,
    car_within: u32,
    public_within: u32,
}

const fn place(
    id: &'static str,
    thousands: u64,
    (east, north): (i32, i32),
    car_within: u32,
    public_within: u32,
) -> Place {
    Place { id, thousands, east, north, car_within, public_within }
}

/// The employment areas, at their main town.
pub(crate) const PLACES: [Place; 24] = [
    place("ze-0054", 290, (42, 48), 20, 40),   // Beauvais
    place("ze-0058", 70, (4, 121), 15, 60),    // La Vallée de la Bresle-Vimeu
    place("ze-3201", 90, (24, 123), 20, 55),   // Abbeville
    place("ze-3202", 420, (57, 99), 20, 35),   // Amiens
    place("ze-3203", 250, (92, 143), 20, 40),  // Arras
    place("ze-3204", 110, (7, 157), 20, 60),   // Berck
    place("ze-3205", 330, (82, 170), 20, 40),  // Béthune
    place("ze-3206", 165, (8, 192), 20, 40),   // Boulogne-sur-Mer
    place("ze-3207", 170, (26, 217), 20, 35),  // Calais
    place("ze-3208", 160, (124, 131), 20, 50), // Cambrai
    place("ze-3209", 75, (136, 4), 20, 60),    // Château-Thierry
    place("ze-3210", 270, (95, 47), 20, 40),   // Compiègne
    place("ze-3211", 330, (69, 29), 20, 35),   // Creil
    place("ze-3212", 210, (113, 152), 15, 30), // Douai
    place("ze-3213", 270, (63, 226), 20, 30),  // Dunkerque
    place("ze-3214", 130, (152, 62), 20, 55),  // Laon
    place("ze-3215", 370, (95, 159), 15, 30),  // Lens
    place("ze-3216", 900, (112, 181), 25, 30), // Lille
    place("ze-3217", 220, (177, 142), 20, 45), // Maubeuge
    place("ze-3218", 430, (119, 188), 20, 25), // Roubaix-Tourcoing
    place("ze-3219", 170, (54, 195), 20, 50),  // Saint-Omer
    place("ze-3220", 220, (128, 95), 20, 45),  // Saint-Quentin
    place("ze-3221", 120, (130, 42), 20, 45),  // Soissons
    place("ze-3222", 350, (144, 151), 20, 30), // Valenciennes
];

/// Lines of public transport, both ways, in minutes: made up, in the order of size of trains and
/// coaches that run there.
const LINES: [(&str, &str, u32); 42] = [
    ("ze-3216", "ze-3218", 20), // Lille - Roubaix-Tourcoing
    ("ze-3216", "ze-3212", 25), // Lille - Douai
    ("ze-3216", "ze-3215", 40), // Lille - Lens
    ("ze-3216", "ze-3205", 45), // Lille - Béthune
    ("ze-3216", "ze-3222", 40), // Lille - Valenciennes
    ("ze-3216", "ze-3203", 40), // Lille - Arras
    ("ze-3216", "ze-3213", 65), // Lille - Dunkerque
    ("ze-3216", "ze-3207", 80), // Lille - Calais
    ("ze-3216", "ze-3219", 55), // Lille - Saint-Omer
    ("ze-3216", "ze-3208", 70), // Lille - Cambrai
    ("ze-3216", "ze-3217", 80), // Lille - Maubeuge
    ("ze-3216", "ze-3202", 85), // Lille - Amiens
    ("ze-3212", "ze-3203", 20), // Douai - Arras
    ("ze-3212", "ze-3222", 30), // Douai - Valenciennes
    ("ze-3212", "ze-3208", 30), // Douai - Cambrai
    ("ze-3212", "ze-3215", 25), // Douai - Lens
    ("ze-3222", "ze-3217", 45), // Valenciennes - Maubeuge
    ("ze-3222", "ze-3208", 45), // Valenciennes - Cambrai
    ("ze-3215", "ze-3203", 20), // Lens - Arras
    ("ze-3215", "ze-3205", 20), // Lens - Béthune
    ("ze-3205", "ze-3219", 45), // Béthune - Saint-Omer
    ("ze-3205", "ze-3203", 40), // Béthune - Arras
    ("ze-3219", "ze-3207", 30), // Saint-Omer - Calais
    ("ze-3207", "ze-3206", 35), // Calais - Boulogne-sur-Mer
    ("ze-3207", "ze-3213", 50), // Calais - Dunkerque
    ("ze-3206", "ze-3204", 35), // Boulogne-sur-Mer - Berck
    ("ze-3204", "ze-3201", 30), // Berck - Abbeville
    ("ze-3201", "ze-3202", 40), // Abbeville - Amiens
    ("ze-3201", "ze-0058", 50), // Abbeville - Vimeu
    ("ze-3203", "ze-3202", 50), // Arras - Amiens
    ("ze-3202", "ze-3220", 70), // Amiens - Saint-Quentin
    ("ze-3202", "ze-3210", 75), // Amiens - Compiègne
    ("ze-3202", "ze-3211", 70), // Amiens - Creil
    ("ze-3202", "ze-0054", 75), // Amiens - Beauvais
    ("ze-3211", "ze-3210", 30), // Creil - Compiègne
    ("ze-3211", "ze-0054", 45), // Creil - Beauvais
    ("ze-3210", "ze-3220", 45), // Compiègne - Saint-Quentin
    ("ze-3220", "ze-3217", 60), // Saint-Quentin - Maubeuge
    ("ze-3220", "ze-3208", 65), // Saint-Quentin - Cambrai
    ("ze-3220", "ze-3214", 50), // Saint-Quentin - Laon
    ("ze-3214", "ze-3221", 30), // Laon - Soissons
    ("ze-3221", "ze-3209", 60), // Soissons - Château-Thierry
];

/// The file `travel.csv`: from, to, mode and minutes, for every ordered pair of employment areas
/// and every mode that joins them.
///
/// # Errors
///
/// The territories and the places known here are not the same.
pub fn draw(territories: &Territories) -> Result<File, Error> {
    let places = territories
        .bassins
        .iter()
        .map(|bassin| of(&bassin.id))
        .collect::<Result<Vec<&Place>, Error>>()?;
    let public = public_transport(&places)?;
    let mut rows = vec![["from", "to", "mode", "minutes"].map(str::to_owned).to_vec()];
    for (i, from) in places.iter().enumerate() {
        for (j, to) in places.iter().enumerate() {
            let km = distance(from, to);
            let times = if i == j {
                [Some(from.car_within), Some(from.public_within), Some(30)]
            } else {
                [
                    Some(10 + km * 85 / 100),
                    public[i][j].filter(|&minutes| minutes <= PUBLIC_LIMIT),
                    Some(5 + km * 9 / 2).filter(|&minutes| minutes <= BIKE_LIMIT),
                ]
            };
            for (mode, minutes) in ["car", "public", "bike"].into_iter().zip(times) {
                if let Some(minutes) = minutes {
                    let (from, to) = (from.id.to_owned(), to.id.to_owned());
                    rows.push(vec![from, to, mode.to_owned(), minutes.to_string()]);
                }
            }
        }
    }
    Ok(File { path: "travel.csv".to_owned(), bytes: csv_bytes(rows)? })
}

/// What is known of a bassin.
pub(crate) fn of(id: &str) -> Result<&'static Place, Error> {
    PLACES.iter().find(|place| place.id == id).ok_or_else(|| Error::Unmatched {
        what: format!("no place is known for the bassin `{id}`: add it to PLACES in travel.rs"),
    })
}

/// Kilometres in a straight line, rounded down.
fn distance(a: &Place, b: &Place) -> u32 {
    let (x, y) = (a.east.abs_diff(b.east), a.north.abs_diff(b.north));
    (x * x + y * y).isqrt()
}

/// Minutes from door to door between all pairs, where lines join them at all.
fn public_transport(places: &[&Place]) -> Result<Vec<Vec<Option<u32>>>, Error> {
    let at: HashMap<&str, usize> = places.iter().enumerate().map(|(i, p)| (p.id, i)).collect();
    let mut minutes = vec![vec![None::<u32>; places.len()]; places.len()];
    for (from, to, time) in LINES {
        let (Some(&i), Some(&j)) = (at.get(from), at.get(to)) else {
            return Err(Error::Unmatched { what: format!("no bassin for the line {from} - {to}") });
        };
        // Each line carries one change, and the way as a whole one change less: see below.
        minutes[i][j] = Some(time + PUBLIC_CHANGE);
        minutes[j][i] = minutes[i][j];
    }
    for middle in 0..places.len() {
        for i in 0..places.len() {
            for j in 0..places.len() {
                if let (Some(a), Some(b)) = (minutes[i][middle], minutes[middle][j])
                    && minutes[i][j].is_none_or(|known| a + b < known)
                {
                    minutes[i][j] = Some(a + b);
                }
            }
        }
    }
    for time in minutes.iter_mut().flatten().flatten() {
        *time = *time - PUBLIC_CHANGE + PUBLIC_ACCESS;
    }
    Ok(minutes)
}
