//! Lines and tables, before anything is laid out.

use serde::Serialize;

/// What stands for a hidden count.
pub(super) const HIDDEN: &str = "·";

/// A piece of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// A line of text; an empty one sets what follows apart.
    Line(String),
    /// A table.
    Table(Table),
}

/// A table whose cells are written out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The heads of its columns.
    pub header: Vec<&'static str>,
    /// The column from which on cells are numbers, which stand to the right.
    pub numbers: usize,
    /// Its rows, each with as many cells as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// The report, as it grows.
#[derive(Default)]
pub(super) struct Page {
    pub blocks: Vec<Block>,
}

impl Page {
    /// Adds lines of text, an empty string being an empty line.
    pub fn lines(&mut self, text: impl AsRef<str>) {
        self.blocks.extend(text.as_ref().split('\n').map(|line| Block::Line(line.to_owned())));
    }

    /// Adds a table.
    pub fn table(
        &mut self,
        header: &[&'static str],
        numbers: usize,
        rows: impl IntoIterator<Item = Vec<String>>,
    ) {
        let (header, rows) = (header.to_vec(), rows.into_iter().collect());
        self.blocks.push(Block::Table(Table { header, numbers, rows }));
    }
}

/// A label cut to a width, before a space where there is one at the cut.
pub(super) fn short(label: &str, width: usize) -> String {
    if label.chars().count() <= width {
        return label.to_owned();
    }
    let cut: String = label.chars().take(width - 1).collect();
    format!("{}…", cut.trim_end())
}

/// A count in a cell.
pub(super) fn count(count: Option<u64>) -> String {
    count.map_or(HIDDEN.to_owned(), |count| count.to_string())
}
