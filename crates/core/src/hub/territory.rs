//! Places, and what lies within what: many to many, not a tree.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::text::Ids;

/// Territories and their groupings: municipality, intermunicipality, district, employment area,
/// département, region.
///
/// A territory may lie in several others: an employment area that spans two départements has both
/// as parents. What lies within what is followed through, whatever the number of steps.
///
/// # Example
///
/// ```
/// use passerelle::hub::Territories;
///
/// let mut places = Territories::builder();
/// places.add("dep-59", "departement", "Nord", &[])?;
/// places.add("ze-3216", "bassin", "Lille", &["dep-59"])?;
/// places.add("com-59350", "commune", "Lille", &["ze-3216"])?;
/// let places = places.build()?;
/// let (lille, nord) = (places.position("com-59350")?, places.position("dep-59")?);
/// assert!(places.lies_within(lille, nord) && !places.lies_within(nord, lille));
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Territories {
    ids: Ids,
    kinds: Vec<String>,
    labels: Vec<String>,
    /// Each territory and all that it lies within, ascending.
    above: Vec<Vec<u32>>,
    /// Each territory and all that lies within it, ascending.
    below: Vec<Vec<u32>>,
}

/// One territory, as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Territory<'a> {
    /// Its id.
    pub id: &'a str,
    /// What kind of place: `commune`, `epci`, `bassin`, `departement`, `region`, `qpv`… An open list.
    pub kind: &'a str,
    /// Its name.
    pub label: &'a str,
}

/// Builds [`Territories`]; parents may be added after their children.
#[derive(Clone, Debug, Default)]
pub struct TerritoriesBuilder {
    ids: Ids,
    kinds: Vec<String>,
    labels: Vec<String>,
    parents: Vec<Vec<String>>,
}

impl TerritoriesBuilder {
    /// Adds a territory with the ids of those that it lies in.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`] when the id is there already.
    pub fn add(&mut self, id: &str, kind: &str, label: &str, parents: &[&str]) -> Result<u32> {
        let (position, new) = self.ids.insert(id)?;
        if !new {
            return Err(Error::Duplicate { what: "territory", id: id.to_owned() });
        }
        self.kinds.push(kind.to_owned());
        self.labels.push(label.to_owned());
        self.parents.push(parents.iter().map(|&parent| parent.to_owned()).collect());
        Ok(position)
    }

    /// The territories. O(territories × steps above them).
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] for a parent that is not there, [`Error::Cycle`] where a territory lies
    /// within itself.
    pub fn build(self) -> Result<Territories> {
        let Self { ids, kinds, labels, parents } = self;
        let mut direct = Vec::with_capacity(parents.len());
        for of_one in &parents {
            let positions = of_one.iter().map(|parent| {
                ids.position(parent).ok_or_else(|| Error::unknown("territory", parent, &ids))
            });
            direct.push(positions.collect::<Result<Vec<u32>>>()?);
        }
        let mut above = Vec::with_capacity(ids.len());
        for start in (0u32..).take(ids.len()) {
            let mut reached = vec![start];
            let mut at = 0;
            while let Some(&place) = reached.get(at) {
                for &parent in &direct[place as usize] {
                    if parent == start {
                        let path = [start, place, start].map(|at| ids[at].to_owned());
                        return Err(Error::Cycle { relation: "territories", path: path.into() });
                    }
                    if !reached.contains(&parent) {
                        reached.push(parent);
                    }
                }
                at += 1;
            }
            reached.sort_unstable();
            above.push(reached);
        }
        let mut below = vec![Vec::new(); ids.len()];
        for (place, reached) in (0u32..).zip(&above) {
            for &wider in reached {
                below[wider as usize].push(place);
            }
        }
        Ok(Territories { ids, kinds, labels, above, below })
    }
}

impl Territories {
    /// A builder.
    pub fn builder() -> TerritoriesBuilder {
        TerritoriesBuilder::default()
    }

    /// The ids, by position.
    pub fn ids(&self) -> &Ids {
        &self.ids
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// A territory's position.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], with the id most like it.
    pub fn position(&self, id: &str) -> Result<u32> {
        self.ids.position(id).ok_or_else(|| Error::unknown("territory", id, &self.ids))
    }

    /// A territory at a position below [`Territories::len`].
    pub fn get(&self, territory: u32) -> Territory<'_> {
        let at = territory as usize;
        Territory { id: &self.ids[territory], kind: &self.kinds[at], label: &self.labels[at] }
    }

    /// A territory and all that it lies within, ascending.
    pub fn above(&self, territory: u32) -> &[u32] {
        &self.above[territory as usize]
    }

    /// A territory and all that lies within it, ascending.
    pub fn below(&self, territory: u32) -> &[u32] {
        &self.below[territory as usize]
    }

    /// Whether `inner` is `outer` or lies within it.
    pub fn lies_within(&self, inner: u32, outer: u32) -> bool {
        self.above(inner).binary_search(&outer).is_ok()
    }

    /// Whether one of the two lies within the other: a report for a town and one for its area may
    /// be of the same place.
    pub fn may_be_same(&self, one: u32, other: u32) -> bool {
        self.lies_within(one, other) || self.lies_within(other, one)
    }

    /// The territories of a kind, ascending.
    pub fn of_kind(&self, kind: &str) -> Vec<u32> {
        (0u32..).zip(&self.kinds).filter(|(_, own)| *own == kind).map(|(at, _)| at).collect()
    }

    /// The first territory of a kind that a territory is or lies in: where a map by employment
    /// area counts what is known of a town.
    pub fn within_kind(&self, territory: u32, kind: &str) -> Option<u32> {
        self.above(territory).iter().copied().find(|&at| self.kinds[at as usize] == kind)
    }

    /// Reads `territories.csv`: `id`, `kind`, `label`, `parents` (ids separated by a bar). A row
    /// that repeats an id is dropped and reported.
    ///
    /// # Errors
    ///
    /// [`Error::File`], [`Error::MissingColumn`], and those of [`TerritoriesBuilder::build`].
    pub fn read(path: &std::path::Path) -> Result<(Self, crate::read::ReadReport)> {
        let mut places = Self::builder();
        let optional = ["kind", "label", "parents"];
        let report = super::table::read("territories", path, &["id"], &optional, |row, _| {
            let id = row.get("id");
            if id.is_empty() {
                return Ok(Err((crate::read::Reason::NoId, row.get("label").to_owned())));
            }
            let parents: Vec<&str> = super::table::list(row.get("parents")).collect();
            match places.add(id, row.get("kind"), row.get("label"), &parents) {
                Ok(_) => Ok(Ok(())),
                Err(error) => super::table::dropped(error),
            }
        })?;
        Ok((places.build()?, report))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_lies_in_several_and_never_in_itself() {
        let mut places = Territories::builder();
        places.add("town", "commune", "", &["area", "epci"]).unwrap();
        places.add("area", "bassin", "", &["d1", "d2"]).unwrap();
        for id in ["epci", "d1", "d2"] {
            places.add(id, "x", "", &[]).unwrap();
        }
        assert!(places.clone().add("town", "", "", &[]).is_err());
        let built = places.clone().build().unwrap();
        assert_eq!(built.above(0), [0, 1, 2, 3, 4]);
        assert_eq!(built.below(3), [0, 1, 3]);
        assert_eq!(built.within_kind(0, "bassin"), Some(1));
        assert!(built.may_be_same(3, 0) && !built.may_be_same(3, 4));
        places.add("loop", "", "", &["back"]).unwrap();
        assert!(matches!(places.clone().build(), Err(Error::Unknown { .. })));
        places.add("back", "", "", &["loop"]).unwrap();
        assert!(matches!(places.build(), Err(Error::Cycle { .. })));
    }
}
