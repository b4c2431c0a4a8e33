//! Buffers that start on a cache line, without a custom allocator.

/// `len` cells that start on a 64-byte boundary.
#[derive(Debug, Default)]
pub(crate) struct Aligned<T> {
    cells: Vec<T>,
    start: usize,
    len: usize,
}

impl<T: Copy + Default> Aligned<T> {
    pub(crate) fn new(len: usize) -> Self {
        if len == 0 {
            return Self { cells: Vec::new(), start: 0, len };
        }
        let slack = 64 / size_of::<T>();
        let cells = vec![T::default(); len + slack];
        // `align_offset` may decline; a start off the line costs time, never a result.
        let start = cells.as_ptr().align_offset(64);
        let start = if start <= slack { start } else { 0 };
        Self { cells, start, len }
    }

    #[inline]
    pub(crate) fn get(&self) -> &[T] {
        &self.cells[self.start..self.start + self.len]
    }

    #[inline]
    pub(crate) fn get_mut(&mut self) -> &mut [T] {
        &mut self.cells[self.start..self.start + self.len]
    }
}
