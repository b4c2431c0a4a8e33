//! `passerelle gap`: one figure for every person and every target, into a file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use npyz::WriterBuilder;
use passerelle::gap::{GapMatrix, Measure, Tile, tiles};
use passerelle::{Error, Held, Ids, Required, Result};

use crate::args::{Arguments, Gap};
use crate::write::{Whole, file_error};
use crate::{progress, source, write};

pub fn run(arguments: &Arguments, gap: &Gap) -> Result<()> {
    let npy = match gap.output.extension().and_then(|extension| extension.to_str()) {
        Some("npy") => true,
        Some("csv") => false,
        _ => {
            return Err(Error::Argument {
                name: "output",
                value: gap.output.display().to_string(),
                expected: "a file ending in .npy or .csv".to_owned(),
            });
        }
    };
    let framework = source::framework(&gap.framework)?;
    let held = source::profiles(&gap.people, &framework)?.held(&framework)?;
    let required = if gap.targets.is_empty() {
        Arc::clone(framework.required())
    } else {
        let positions = gap.targets.iter().map(|id| framework.required().position(id));
        Arc::new(framework.required().select(&positions.collect::<Result<Vec<_>>>()?)?)
    };
    if npy {
        write_npy(arguments, gap, &held, &required)?;
    } else {
        write_csv(arguments, gap, &held, &required)?;
    }
    let said = serde_json::json!({
        "people": held.len(),
        "targets": required.len(),
        "measure": gap.measure.name(),
        "output": gap.output.display().to_string(),
    });
    if arguments.json {
        return write::print_json(&said);
    }
    write::print(&format!(
        "{} of {} people × {} targets → {}\n",
        gap.measure,
        held.len(),
        required.len(),
        gap.output.display()
    ))
}

/// Gives the matrix, whole or in tiles as asked, row after row.
fn rows(
    arguments: &Arguments,
    gap: &Gap,
    held: &Held,
    required: &Required,
    mut each: impl FnMut(Tile<'_>) -> Result<()>,
) -> Result<()> {
    let (run, bar) = progress::run(arguments, "gap");
    let measure: Measure = gap.measure;
    if let Some(people) = gap.tile {
        tiles(held, required, measure, people, &run, &mut each)?;
    } else {
        let matrix = GapMatrix::compute(held, required, measure, &run)?;
        each(Tile { first: 0, values: matrix.values().view() })?;
    }
    bar.finish_and_clear();
    Ok(())
}

/// `gaps.npy` → `gaps.rows.csv`.
fn beside(output: &Path, what: &str) -> PathBuf {
    output.with_extension(format!("{what}.csv"))
}

fn write_ids(path: &Path, column: &str, ids: &Ids) -> Result<()> {
    write::csv(path, &["position", column], |row| {
        ids.iter().enumerate().try_for_each(|(at, id)| row(&[&at.to_string(), id]))
    })
}

fn write_npy(arguments: &Arguments, gap: &Gap, held: &Held, required: &Required) -> Result<()> {
    let mut file = Whole::create(&gap.output)?;
    let failed = |source: io::Error| file_error(&gap.output, source);
    let shape = [held.len() as u64, required.len() as u64];
    {
        let mut npy = npyz::WriteOptions::<f32>::new()
            .default_dtype()
            .shape(&shape)
            .writer(file.out())
            .begin_nd()
            .map_err(failed)?;
        rows(arguments, gap, held, required, |tile| {
            npy.extend(tile.values.iter().copied()).map_err(failed)
        })?;
        npy.finish().map_err(failed)?;
    }
    write_ids(&beside(&gap.output, "rows"), "person", held.people())?;
    write_ids(&beside(&gap.output, "cols"), "target", required.targets())?;
    file.finish()
}

fn write_csv(arguments: &Arguments, gap: &Gap, held: &Held, required: &Required) -> Result<()> {
    let header: Vec<&str> = std::iter::once("person").chain(required.targets().iter()).collect();
    write::csv(&gap.output, &header, |write| {
        rows(arguments, gap, held, required, |tile| {
            for (person, row) in (tile.first..).zip(tile.values.outer_iter()) {
                let figures: Vec<String> = row.iter().map(f32::to_string).collect();
                let mut record = vec![&held.people()[person]];
                record.extend(figures.iter().map(String::as_str));
                write(&record)?;
            }
            Ok(())
        })
    })
}
