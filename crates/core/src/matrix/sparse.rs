//! Sparse rows of floats: similarities, features of texts, credits between skills.

/// Sparse rows of finite floats, columns ascending within a row.
///
/// # Example
///
/// ```
/// use passerelle::matrix::Sparse;
///
/// let rows = Sparse::from_rows(3, [vec![(2, 0.5), (0, 1.0)], vec![]]);
/// assert_eq!(rows.row(0), (&[0, 2][..], &[1.0, 0.5][..]));
/// assert_eq!(rows.turned().row(2), (&[0][..], &[0.5][..]));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sparse {
    offsets: Vec<u64>,
    columns: Vec<u32>,
    values: Vec<f32>,
    width: u32,
}

impl Sparse {
    /// From the cells of each row, in any order, on `width` columns. Cells of one column add up.
    ///
    /// # Panics
    ///
    /// When a column is not below `width`.
    pub fn from_rows(width: u32, rows: impl IntoIterator<Item = Vec<(u32, f32)>>) -> Self {
        let mut sparse = Self { offsets: vec![0], width, ..Self::default() };
        for mut row in rows {
            row.sort_by_key(|&(column, _)| column);
            let start = sparse.columns.len();
            for (column, value) in row {
                assert!(column < width, "column {column} of {width}");
                if sparse.columns.len() > start && sparse.columns.last() == Some(&column) {
                    let last = sparse.values.len() - 1;
                    sparse.values[last] += value;
                } else {
                    sparse.columns.push(column);
                    sparse.values.push(value);
                }
            }
            sparse.offsets.push(sparse.columns.len() as u64);
        }
        sparse
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many columns there are.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// How many cells there are in all.
    pub fn cells(&self) -> usize {
        self.columns.len()
    }

    /// A row's columns and values.
    ///
    /// # Panics
    ///
    /// When the row is not below [`Sparse::len`].
    #[expect(clippy::cast_possible_truncation, reason = "the cells are in memory")]
    pub fn row(&self, row: usize) -> (&[u32], &[f32]) {
        let range = self.offsets[row] as usize..self.offsets[row + 1] as usize;
        (&self.columns[range.clone()], &self.values[range])
    }

    /// A row's cells.
    ///
    /// # Panics
    ///
    /// When the row is not below [`Sparse::len`].
    pub fn cells_of(&self, row: usize) -> impl ExactSizeIterator<Item = (u32, f32)> + '_ {
        let (columns, values) = self.row(row);
        columns.iter().copied().zip(values.iter().copied())
    }

    /// Columns as rows. O(cells).
    pub fn turned(&self) -> Self {
        let mut rows = vec![Vec::new(); self.width as usize];
        for (row, at) in (0..self.len()).zip(0u32..) {
            for (column, value) in self.cells_of(row) {
                rows[column as usize].push((at, value));
            }
        }
        Self::from_rows(u32::try_from(self.len()).unwrap_or(u32::MAX), rows)
    }

    /// Every row divided by its length (ℓ2), so that products of rows are cosines. Rows of zeros
    /// stay.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "rounded once to f32, as stored")]
    pub fn normalised(mut self) -> Self {
        for row in 0..self.len() {
            let (_, values) = self.row(row);
            let norm = values.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>().sqrt();
            if norm > 0.0 {
                let range = self.offsets[row] as usize..self.offsets[row + 1] as usize;
                for value in &mut self.values[range] {
                    *value = (f64::from(*value) / norm) as f32;
                }
            }
        }
        self
    }

    /// The arrays: offsets, columns, values.
    pub fn parts(&self) -> (&[u64], &[u32], &[f32]) {
        (&self.offsets, &self.columns, &self.values)
    }
}
