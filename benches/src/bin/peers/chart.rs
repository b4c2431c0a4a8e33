//! The record as a chart: how many times as long as we each peer takes.
#![allow(clippy::cast_possible_truncation, reason = "places within a picture")]

use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::Outcome;
use crate::record::{Compared, Record};

const WIDTH: u32 = 860;
const BAR: i32 = 13;
const LEFT: i32 = 190;
const TOP: i32 = 44;

/// Draws the lines that have a peer.
pub(crate) fn draw(record: &Record, path: &Path) -> Outcome<()> {
    let peers = |line: &Compared| {
        let sides = line.sides.iter().filter(|side| !side.name.starts_with("passerelle"));
        sides.map(|side| (side.name.clone(), side.median / line.ours())).collect::<Vec<_>>()
    };
    let mut lines: Vec<&Compared> = record.lines.iter().collect();
    // By workload as they are numbered, whatever the order of the runs.
    lines.sort_by_key(|line| (!line.work.starts_with('W'), line.work.clone()));
    let mut engines: Vec<&str> = Vec::new();
    for side in lines.iter().flat_map(|line| &line.sides) {
        // One colour for an engine, whichever way it does the work.
        let engine = engine(&side.name);
        if engine != "passerelle" && !engines.contains(&engine) {
            engines.push(engine);
        }
    }
    let lines: Vec<_> =
        lines.into_iter().map(|line| (line, peers(line))).filter(|(_, p)| !p.is_empty()).collect();
    let bars: usize = lines.iter().map(|(_, peers)| peers.len() + 1).sum();
    let height = TOP + i32::try_from(bars)? * BAR + 34;
    let most =
        lines.iter().flat_map(|(_, peers)| peers).map(|&(_, ratio)| ratio).fold(1.0, f64::max);
    let scale = f64::from(WIDTH as i32 - LEFT - 190) / most;
    let root = SVGBackend::new(path, (WIDTH, u32::try_from(height)?)).into_drawing_area();
    root.fill(&WHITE)?;
    let font = |size: u32| ("sans-serif", size).into_font();
    let left = |size| TextStyle::from(font(size)).pos(Pos::new(HPos::Left, VPos::Center));
    let right = |size| TextStyle::from(font(size)).pos(Pos::new(HPos::Right, VPos::Center));
    let title = "Time taken, as a multiple of passerelle's (longer is slower)";
    root.draw(&Text::new(title, (LEFT, 16), left(15)))?;
    let mut y = TOP;
    for (line, peers) in &lines {
        let middle = y + i32::try_from(peers.len())? * BAR / 2;
        let name = format!("{} {}", line.job.replace('-', " "), line.work);
        root.draw(&Text::new(name, (LEFT - 10, middle), right(13)))?;
        for (peer, ratio) in peers {
            let at = engines.iter().position(|known| *known == engine(peer)).unwrap_or(0);
            let end = LEFT + (ratio * scale) as i32;
            let color = Palette99::pick(at + 1).mix(0.8);
            root.draw(&Rectangle::new([(LEFT, y + 1), (end, y + BAR - 1)], color.filled()))?;
            let text = format!("{ratio:.1}× {peer}");
            root.draw(&Text::new(text, (end + 5, y + BAR / 2), left(11)))?;
            y += BAR;
        }
        y += BAR;
    }
    let one = LEFT + scale as i32;
    root.draw(&PathElement::new([(one, TOP - 8), (one, y)], BLACK.mix(0.6)))?;
    root.draw(&Text::new("1×", (one, TOP - 15), left(11)))?;
    let about = format!("{}, {} cores, {}", record.machine, record.cores, record.vectors);
    root.draw(&Text::new(about, (LEFT, y + 12), left(11)))?;
    root.present()?;
    Ok(())
}

/// The engine that a side names before how it does the work.
fn engine(side: &str) -> &str {
    side.split(',').next().unwrap_or(side)
}
