//! `passerelle hub`: a hub's folder, from what it holds to what to buy.

use comfy_table::{CellAlignment, Table, presets};
use passerelle::Result;
use passerelle::hub::Contents;
use passerelle::hub::report::{self, Block, Report, ReportOptions, Subject};

use crate::args::{Arguments, Hub};
use crate::{progress, write};

pub fn run(arguments: &Arguments, asked: &Hub) -> Result<()> {
    let contents = Contents::read(&asked.folder)?;
    let (run, bar) = progress::run(arguments, "hub");
    let training = contents.training(&run)?;
    let subject = Subject {
        hub: &contents.hub,
        held: &contents.held,
        needs: contents.needs(),
        training: training.as_ref(),
    };
    let options = ReportOptions {
        k: asked.k,
        scenario: asked.scenario.as_deref(),
        language: &arguments.lang,
        files: Some(&asked.output),
    };
    let report = Report::of(&subject, &options, &run)?;
    bar.finish_and_clear();
    if arguments.json {
        return write::print_json(report.summary());
    }
    write::print(&report.blocks.iter().map(laid_out).collect::<String>())
}

fn laid_out(block: &Block) -> String {
    match block {
        Block::Line(line) => format!("{line}\n"),
        Block::Table(table) => format!("{}\n", aligned(table)),
    }
}

/// Numbers to the right.
fn aligned(told: &report::Table) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(&told.header).add_rows(&told.rows);
    for column in table.column_iter_mut().skip(told.numbers) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
