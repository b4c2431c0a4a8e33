//! What passerelle's speed is measured with.
//!
//! A benchmark has three parts, each in its own place, so that a figure can be run again:
//!
//! - **definitions**: criterion benchmarks in `benches/benches/`, one file for each job, each with
//!   its own `[[bench]]` entry and `harness = false`. They say what is inside the timer;
//! - **peers**: other projects on the same work, in `benches/peers/`, each in an environment of
//!   its own. Nothing of theirs enters this workspace's lock file. `src/bin/peers` asks them and
//!   `src/bin/ours.rs`, which does the work through the public API, in turn;
//! - **records**: dated results in `benches/records/`, with the machine and the commit they were
//!   taken on.
//!
//! What is compared is a ratio within one run: runs interleaved, the median of at least five, the
//! answers compared as well as the times.
#![allow(clippy::cast_possible_truncation, reason = "sizes that the files' heads have in 32 bits")]

pub mod matrix_file;
pub mod workload;
