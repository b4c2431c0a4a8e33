//! Plans on drawn instances, as a table: what is closed, the bounds, the distances, first come first
//! served, and the time.
//!
//! `cargo run --release -p passerelle-benches --bin plans -- [PEOPLE MODULES TERRITORIES FUNDERS KINDS SEED]`

use std::time::Instant;

use passerelle::Run;
use passerelle::hub::training::check::check;
use passerelle::hub::training::instance::{Instance, InstanceSize};
use passerelle::hub::training::plan::{PlanOptions, plan};

fn main() -> passerelle::Result<()> {
    let numbers: Vec<u32> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let sizes = match numbers[..] {
        [people, modules, territories, funders, kinds, seed] => {
            vec![(InstanceSize { people, modules, territories, funders, kinds }, seed.into())]
        }
        _ => [(1_000, 0), (3_600, 0), (10_000, 0), (10_000, 12)]
            .into_iter()
            .flat_map(|(people, kinds)| {
                let size = InstanceSize { people, modules: 60, territories: 10, funders: 3, kinds };
                [(size, 1), (size, 2)]
            })
            .collect(),
    };
    println!(
        "| people | modules | territories | a cell | seed | classes | pathways | closed | bound considered | bound | distance | first come | its distance | € | seconds |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (size, seed) in sizes {
        let instance = Instance::draw(size, seed, &Run::new())?;
        let start = Instant::now();
        let Instance { offer, held, required, learners, from } = &instance;
        let options = PlanOptions::new(*from);
        let found = plan(offer, held, required, learners, &options, &Run::new())?;
        let seconds = start.elapsed().as_secs_f64();
        let faults = check(offer, held, required, learners, &options, &found);
        assert!(faults.is_empty(), "{} faults, such as {}", faults.len(), faults[0]);
        let known = &found.certificate;
        let below = |closed: u64| 100.0 * (1.0 - real(closed) / real(known.bound));
        println!(
            "| {} | {} | {} | {:.1} | {seed} | {} | {} | {} | {} | {} | {:.2} % | {} | {:.1} % | {} | {seconds:.1} |",
            size.people,
            size.modules,
            size.territories,
            f64::from(size.people) / f64::from(size.modules) / f64::from(size.territories),
            known.classes,
            known.pathways,
            known.closed,
            known.bound_considered,
            known.bound,
            below(known.closed),
            known.greedy.0,
            below(known.greedy.0),
            known.cents / 100,
        );
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss)]
fn real(count: u64) -> f64 {
    count as f64
}
