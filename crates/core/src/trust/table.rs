//! A table of counts, with the sums that bind its cells.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Counts of people, and which of them are sums of others.
///
/// # Example
///
/// ```
/// use passerelle::trust::Table;
///
/// let mut table = Table::builder();
/// table.cell("region", 130)?;
/// for (place, people) in [("nord", 80), ("aisne", 45), ("somme", 5)] {
///     table.cell(place, people)?;
/// }
/// table.sum("region", &["nord", "aisne", "somme"])?;
/// assert_eq!(table.build().len(), 4);
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub(super) ids: Vec<String>,
    pub(super) counts: Vec<u64>,
    /// A total, and its parts.
    pub(super) sums: Vec<(u32, Vec<u32>)>,
}

/// Builds a [`Table`].
#[derive(Clone, Debug, Default)]
pub struct TableBuilder {
    ids: crate::text::Ids,
    table: Table,
}

impl Table {
    /// A builder.
    pub fn builder() -> TableBuilder {
        TableBuilder::default()
    }

    /// A table of rows × columns with its margins: cells `row/column`, totals `row/`, `/column` and
    /// `/`. Row and column names must not hold a `/` nor be empty.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`], [`Error::ArrayLength`] unless there is a count for each cell, by rows.
    pub fn crossed(rows: &[&str], columns: &[&str], counts: &[u64]) -> Result<Self> {
        if counts.len() != rows.len() * columns.len() {
            let (length, expected) = (counts.len() as u64, (rows.len() * columns.len()) as u64);
            return Err(Error::ArrayLength { array: "counts", length, expected });
        }
        let mut table = Self::builder();
        for (row, counts) in rows.iter().zip(counts.chunks(columns.len().max(1))) {
            for (column, &count) in columns.iter().zip(counts) {
                table.cell(&format!("{row}/{column}"), count)?;
            }
        }
        let of = |row: &str, column: &str| format!("{row}/{column}");
        let mut total = 0;
        for (row, counts) in rows.iter().zip(counts.chunks(columns.len().max(1))) {
            let sum = counts.iter().sum();
            total += sum;
            table.cell(&of(row, ""), sum)?;
            let parts: Vec<String> = columns.iter().map(|column| of(row, column)).collect();
            table.sum(&of(row, ""), &parts)?;
        }
        for (at, column) in columns.iter().enumerate() {
            let sum = counts.iter().skip(at).step_by(columns.len()).sum();
            table.cell(&of("", column), sum)?;
            let parts: Vec<String> = rows.iter().map(|row| of(row, column)).collect();
            table.sum(&of("", column), &parts)?;
        }
        table.cell("/", total)?;
        let by_row: Vec<String> = rows.iter().map(|row| of(row, "")).collect();
        let by_column: Vec<String> = columns.iter().map(|column| of("", column)).collect();
        table.sum("/", &by_row)?;
        table.sum("/", &by_column)?;
        Ok(table.build())
    }

    /// How many cells there are, totals included.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The cells' ids.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// The sums: the position of each total, and those of its parts.
    pub fn sums(&self) -> &[(u32, Vec<u32>)] {
        &self.sums
    }
}

impl TableBuilder {
    /// Adds a cell.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`].
    pub fn cell(&mut self, id: &str, count: u64) -> Result<()> {
        if !self.ids.insert(id)?.1 {
            return Err(Error::Duplicate { what: "cell", id: id.to_owned() });
        }
        self.table.ids.push(id.to_owned());
        self.table.counts.push(count);
        Ok(())
    }

    /// Says that a cell is the sum of others: whoever reads the table knows it.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] cell, [`Error::Argument`] when it does not add up.
    pub fn sum<S: AsRef<str>>(&mut self, total: &str, parts: &[S]) -> Result<()> {
        let find =
            |id: &str| self.ids.position(id).ok_or_else(|| Error::unknown("cell", id, &self.ids));
        let at = find(total)?;
        let parts = parts.iter().map(|part| find(part.as_ref())).collect::<Result<Vec<_>>>()?;
        let added: u64 = parts.iter().map(|&part| self.table.counts[part as usize]).sum();
        let count = self.table.counts[at as usize];
        if added != count {
            let expected = format!("{added}, what its parts add up to");
            return Err(Error::argument("total", format!("{count} for `{total}`"), expected));
        }
        self.table.sums.push((at, parts));
        Ok(())
    }

    /// The table.
    pub fn build(self) -> Table {
        self.table
    }
}
