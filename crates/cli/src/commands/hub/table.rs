//! Tables on the screen.

use comfy_table::{CellAlignment, Table, presets};

/// A table with a header; numbers to the right from a column on.
pub fn table(
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
    numbers: usize,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header);
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(numbers) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("{table}\n")
}

/// A label cut to a width, whole words where that is easy.
pub fn short(label: &str, width: usize) -> String {
    if label.chars().count() <= width {
        return label.to_owned();
    }
    let cut: String = label.chars().take(width - 1).collect();
    format!("{}…", cut.trim_end())
}
