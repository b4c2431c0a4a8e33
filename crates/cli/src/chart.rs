//! Charts as SVG files.

use std::path::Path;

use passerelle::evaluate::Estimate;
use passerelle::{Error, Result};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::write::Whole;

/// Characters of a name that are shown.
const LONGEST: usize = 44;

/// Writes bars with their intervals, one below the other, whole or not at all.
pub fn bars(path: &Path, title: &str, bars: &[(&str, Estimate)]) -> Result<()> {
    let mut text = String::new();
    draw(&mut text, title, bars).map_err(|problem| Error::Malformed {
        file: path.display().to_string(),
        problem: format!("no chart: {problem}"),
    })?;
    let mut file = Whole::create(path)?;
    file.with(|out| out.write_all(text.as_bytes()))?;
    file.finish()
}

/// What can go wrong while drawing is a text for the one error above.
fn draw(out: &mut String, title: &str, bars: &[(&str, Estimate)]) -> Result<(), String> {
    let said = |error: DrawingAreaErrorKind<_>| error.to_string();
    let count = i32::try_from(bars.len()).map_err(|error| error.to_string())?;
    let most = bars.iter().map(|(_, estimate)| estimate.high).fold(0.0, f64::max).max(1e-6);
    let height = u32::try_from(count).unwrap_or(0) * 26 + 110;
    let root = SVGBackend::with_string(out, (900, height)).into_drawing_area();
    root.fill(&WHITE).map_err(said)?;
    let longest = bars.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let longest = u32::try_from(longest.min(LONGEST)).unwrap_or(0);
    let mut chart = ChartBuilder::on(&root)
        .caption(title, ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(30)
        .y_label_area_size(longest * 7 + 20)
        .build_cartesian_2d(0.0..most * 1.05, (0..count).into_segmented())
        .map_err(said)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .y_labels(1)
        .y_label_formatter(&|_| String::new())
        .set_tick_mark_size(LabelAreaPosition::Left, 0)
        .x_label_formatter(&|value| format!("{value:.2}"))
        .draw()
        .map_err(said)?;
    let right = TextStyle::from(("sans-serif", 13).into_font());
    let right = right.pos(Pos::new(HPos::Right, VPos::Center));
    // The first bar stands at the top.
    for ((name, estimate), place) in bars.iter().zip((0..count).rev()) {
        let (below, above) = (SegmentValue::Exact(place), SegmentValue::Exact(place + 1));
        let mut bar =
            Rectangle::new([(0.0, below), (estimate.mean, above)], RGBColor(66, 103, 172).filled());
        bar.set_margin(4, 4, 0, 0);
        let middle = SegmentValue::CenterOf(place);
        let name = EmptyElement::at((0.0, middle.clone()))
            + Text::new(shortened(name), (-8, 0), right.clone());
        chart.draw_series([name]).map_err(said)?;
        let interval = [(estimate.low, middle.clone()), (estimate.high, middle)];
        chart.draw_series([bar]).map_err(said)?;
        chart.draw_series([PathElement::new(interval, BLACK.stroke_width(2))]).map_err(said)?;
    }
    root.present().map_err(said)
}

/// A name, or as much of it as is shown.
fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    name.chars().take(LONGEST - 1).chain(['…']).collect()
}
