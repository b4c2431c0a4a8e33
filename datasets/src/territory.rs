use std::path::Path;

use crate::{Error, Table};

/// The employment areas of a region, as `territories.csv` lists them.
#[derive(Debug, Clone)]
pub struct Territories {
    /// The employment areas, in the order of the file.
    pub bassins: Vec<Bassin>,
}

/// An employment area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bassin {
    /// Its id, such as `ze-3216`.
    pub id: String,
    /// Its département: the first of its parents, such as `dep-59`.
    pub departement: String,
}

impl Territories {
    /// Reads the rows of kind `bassin`.
    ///
    /// # Errors
    ///
    /// The file or a column is not there, or a bassin has no parent.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let mut bassins = Vec::new();
        let table = Table::read(path)?;
        for row in table.rows() {
            if row.get("kind")? == "bassin" {
                bassins.push(Bassin {
                    id: row.get("id")?.to_owned(),
                    departement: row.parse("parents", |parents| {
                        parents.split('|').next().filter(|p| !p.is_empty()).map(str::to_owned)
                    })?,
                });
            }
        }
        Ok(Self { bassins })
    }
}
