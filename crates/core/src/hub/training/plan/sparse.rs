//! Rows of a sparse matrix, and the same by column.

/// Rows of cells.
#[derive(Debug, Default)]
pub(super) struct Sparse {
    ends: Vec<usize>,
    cells: Vec<(u32, f32)>,
}

impl Sparse {
    /// Where the cells of the row in the making go.
    pub(super) fn cells(&mut self) -> &mut Vec<(u32, f32)> {
        &mut self.cells
    }

    pub(super) fn end_row(&mut self) {
        self.ends.push(self.cells.len());
    }

    /// How many cells there are.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    fn range(&self, at: usize) -> std::ops::Range<usize> {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        start..self.ends[at]
    }

    pub(super) fn row(&self, at: usize) -> &[(u32, f32)] {
        &self.cells[self.range(at)]
    }

    /// Σ cell × value, in the order of the cells.
    pub(super) fn times(&self, at: usize, values: &[f64]) -> f64 {
        self.row(at).iter().map(|&(other, cell)| f64::from(cell) * values[other as usize]).sum()
    }

    /// Σ |cell|.
    pub(super) fn size(&self, at: usize) -> f64 {
        self.row(at).iter().map(|(_, cell)| f64::from(cell.abs())).sum()
    }

    /// Multiplies each cell by a factor of its column.
    pub(super) fn scale_cells(&mut self, by: &[f64]) {
        for (other, cell) in &mut self.cells {
            *cell = scaled(*cell, by[*other as usize]);
        }
    }

    /// Multiplies each row by its factor.
    pub(super) fn scale_rows(&mut self, by: &[f64]) {
        for (at, &by) in by.iter().enumerate() {
            let range = self.range(at);
            for (_, cell) in &mut self.cells[range] {
                *cell = scaled(*cell, by);
            }
        }
    }

    /// The same by column, of which there are so many.
    pub(super) fn turned(&self, columns: usize) -> Self {
        let mut ends = vec![0; columns];
        for &(column, _) in &self.cells {
            ends[column as usize] += 1;
        }
        let mut sum = 0;
        let mut next = Vec::with_capacity(columns);
        for end in &mut ends {
            next.push(sum);
            sum += *end;
            *end = sum;
        }
        let mut cells = vec![(0, 0.0); self.cells.len()];
        for at in 0..self.ends.len() {
            for &(column, cell) in self.row(at) {
                let place = &mut next[column as usize];
                // Rows are fewer than 2³²: their cells are in memory.
                #[expect(clippy::cast_possible_truncation)]
                let row = at as u32;
                cells[*place] = (row, cell);
                *place += 1;
            }
        }
        Self { ends, cells }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a cell has 24 bits before and after")]
fn scaled(cell: f32, by: f64) -> f32 {
    (f64::from(cell) * by) as f32
}
