//! Charts as SVG files.

use std::path::Path;

use passerelle::evaluate::Estimate;
use passerelle::{Error, Result};
use plotters::prelude::*;

use crate::write::Whole;

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
    let mut chart = ChartBuilder::on(&root)
        .caption(title, ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(30)
        .y_label_area_size(230)
        .build_cartesian_2d(0.0..most * 1.05, (0..count).into_segmented())
        .map_err(said)?;
    // The first bar stands at the top.
    let name = |place: &SegmentValue<i32>| match place {
        SegmentValue::CenterOf(at) => usize::try_from(count - 1 - at)
            .ok()
            .and_then(|at| bars.get(at))
            .map_or_else(String::new, |(name, _)| (*name).to_owned()),
        _ => String::new(),
    };
    chart
        .configure_mesh()
        .disable_y_mesh()
        .y_labels(bars.len().max(1))
        .y_label_formatter(&name)
        .x_label_formatter(&|value| format!("{value:.2}"))
        .draw()
        .map_err(said)?;
    for ((_, estimate), place) in bars.iter().zip((0..count).rev()) {
        let (below, above) = (SegmentValue::Exact(place), SegmentValue::Exact(place + 1));
        let mut bar =
            Rectangle::new([(0.0, below), (estimate.mean, above)], RGBColor(66, 103, 172).filled());
        bar.set_margin(4, 4, 0, 0);
        let middle = SegmentValue::CenterOf(place);
        let interval = [(estimate.low, middle.clone()), (estimate.high, middle)];
        chart.draw_series([bar]).map_err(said)?;
        chart.draw_series([PathElement::new(interval, BLACK.stroke_width(2))]).map_err(said)?;
    }
    root.present().map_err(said)
}
