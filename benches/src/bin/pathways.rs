//! Pathways on drawn instances, as a table: how many are distinct, how many are proven, how far the
//! others may be, and the time.
//!
//! `cargo run --release -p passerelle-benches --bin pathways -- [SEED]`

use std::time::Instant;

use passerelle::Run;
use passerelle::hub::training::instance::{Instance, InstanceSize};
use passerelle::hub::training::pathway::{Asked, Pathway, PathwayOptions, pathways};

/// What is asked of each row of the table.
struct Case {
    name: &'static str,
    people: u32,
    /// Kinds of people for each target; 0: everyone differs.
    kinds: u32,
    asked: Asked,
    dated: bool,
}

fn main() -> passerelle::Result<()> {
    let seed = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(1);
    let case = |name, (people, kinds), asked, dated| Case { name, people, kinds, asked, dated };
    let partial = Asked::Coverage(8_000);
    let cases = [
        case("full coverage", (10_000, 100), Asked::Full, false),
        case("coverage of 80 %", (10_000, 100), partial, false),
        case("full coverage, everyone distinct", (10_000, 0), Asked::Full, false),
        case("dated sessions in three territories", (1_000, 0), Asked::Full, true),
        case("dated sessions in three territories, 80 %", (1_000, 0), partial, true),
    ];
    println!(
        "| asked | people | distinct | proven | of the others, within 10 % | closed for certain | seconds |"
    );
    println!("|---|---|---|---|---|---|---|");
    for Case { name, people, kinds, asked, dated } in cases {
        let size = InstanceSize { people, modules: 60, territories: 10, funders: 3, kinds };
        let Instance { offer, held, required, learners, .. } =
            Instance::draw(size, seed, &Run::new())?;
        let start = Instant::now();
        let (mut distinct, mut found) = (0, Vec::new());
        if dated {
            // Reach is each person's own, so each is solved alone.
            distinct = learners.len();
            for learner in &learners {
                let when = Some(learner.when.clone());
                let options = PathwayOptions { asked, when, ..PathwayOptions::default() };
                let pair = [(learner.person, learner.target)];
                found.extend(
                    pathways(&offer, &held, &required, &pair, &options, &Run::new())?.pathways,
                );
            }
        } else {
            let pairs: Vec<_> = learners.iter().map(|l| (l.person, l.target)).collect();
            let options = PathwayOptions { asked, ..PathwayOptions::default() };
            let all = pathways(&offer, &held, &required, &pairs, &options, &Run::new())?;
            distinct += all.distinct;
            found.extend(all.pathways);
        }
        let seconds = start.elapsed().as_secs_f64();
        let proven = |pathway: &&Pathway| pathway.certificate.is_proven();
        let others: Vec<&Pathway> = found.iter().filter(|pathway| !proven(pathway)).collect();
        let near = others.iter().filter(|pathway| pathway.certificate.distance() <= 0.1).count();
        let most = found
            .iter()
            .filter(|pathway| pathway.certificate.closed == pathway.certificate.closed_bound);
        println!(
            "| {name} | {people} | {distinct} | {:.1} % | {near} of {} | {:.1} % | {seconds:.1} |",
            share(found.len() - others.len(), found.len()),
            others.len(),
            share(most.count(), found.len()),
        );
    }
    Ok(())
}

/// In percent.
#[expect(clippy::cast_precision_loss)]
fn share(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}
