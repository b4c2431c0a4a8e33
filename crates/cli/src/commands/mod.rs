//! The commands, one a file.

mod check_plan;
mod diff;
mod evaluate;
mod explain;
mod find;
mod gap;
mod hub;
mod info;
mod merge;
mod migrate;
mod propose;
mod rank;
mod read;
mod sample;
mod verify;

use passerelle::Result;

use crate::args::{Arguments, Command};

/// Runs the command that was asked for.
pub fn run(arguments: Arguments) -> Result<()> {
    match &arguments.command {
        Command::Read(read) => read::run(&arguments, read),
        Command::Info(info) => info::run(&arguments, info),
        Command::Find(find) => find::run(&arguments, find),
        Command::Sample(sample) => sample::run(&arguments, sample),
        Command::Gap(gap) => gap::run(&arguments, gap),
        Command::Rank(rank) => rank::run(&arguments, rank),
        Command::Evaluate(evaluate) => evaluate::run(&arguments, evaluate),
        Command::Explain(explain) => explain::run(&arguments, explain),
        Command::Propose(propose) => propose::run(&arguments, propose),
        Command::Diff(diff) => diff::run(&arguments, diff),
        Command::Migrate(migrate) => migrate::run(&arguments, migrate),
        Command::Merge(merge) => merge::run(&arguments, merge),
        Command::Verify(verify) => verify::run(&arguments, verify),
        Command::Hub(hub) => hub::run(&arguments, hub),
        Command::CheckPlan(check) => check_plan::run(&arguments, check),
    }
}
