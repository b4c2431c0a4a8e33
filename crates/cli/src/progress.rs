//! Progress bars, on a terminal only.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use passerelle::Run;

use crate::args::Arguments;

/// How to run the library, as the arguments say, with a progress bar on the terminal.
///
/// The bar is drawn on standard error when that is a terminal, so that files and pipes never see
/// it, and it goes when the work is done.
pub fn run(arguments: &Arguments, doing: &'static str) -> (Run, ProgressBar) {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(doing);
    bar.enable_steady_tick(Duration::from_millis(200));
    let shown = bar.clone();
    let run = Run::new().threads(arguments.threads).memory_limit(arguments.memory).on_progress(
        move |progress| {
            shown.set_length(progress.total);
            shown.set_position(progress.done);
        },
    );
    (run, bar)
}
