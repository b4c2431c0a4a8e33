//! The fast core on frameworks as they are published: the same bits at every width of vectors and
//! for any number of threads, and those of sorting everything.

#![allow(missing_docs, clippy::cast_possible_truncation)]

use passerelle::gap::{Figure, GapMatrix, Index, Measure, skill_gaps};
use passerelle::rank::{self, targets_for_people};
use passerelle::run::Lanes;
use passerelle::{Framework, Held, Run, read, sample};

const FRAMEWORKS: [&str; 2] = ["rome-4.60", "esco-1.1.1-en"];

fn drawn(name: &str, people: u32) -> Option<(Framework, Held)> {
    let data = passerelle_tests::real_data()?;
    let framework = read::framework(data.join(name)).expect("a framework of a known format").0;
    let (people, _) = sample::people(&framework, people as usize, 1, &Run::new()).unwrap();
    let held = people.held(&framework).unwrap();
    Some((framework, held))
}

fn runs() -> impl Iterator<Item = Run> {
    let threads = (1..=8).map(|threads| Run::new().threads(threads));
    threads.chain(Lanes::available().into_iter().map(|lanes| Run::new().lanes(lanes).threads(2)))
}

#[test]
fn rankings_of_published_frameworks_are_everything_sorted() {
    for name in FRAMEWORKS {
        let Some((framework, held)) = drawn(name, 60) else { return };
        let required = framework.required();
        for strategy in rank::NAMES.iter().map(|name| rank::strategy(name).unwrap()) {
            let sorted = |person: u32| {
                let of = |target: u32| {
                    let (held, required) = (held.row(person), required.row(target));
                    let shares = || skill_gaps(held, required).any(|gap| gap.held.unwrap_or(0) > 0);
                    let result = strategy.ranks_unshared() || shares();
                    result.then(|| (rank::score(held, required, &*strategy), target))
                };
                let mut all: Vec<_> = (0..required.len() as u32).filter_map(of).collect();
                all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
                all.truncate(10);
                all
            };
            let expected: Vec<_> = (0..held.len() as u32).map(sorted).collect();
            for run in runs() {
                let ranking = targets_for_people(&held, required, 10, &*strategy, &run).unwrap();
                for (row, expected) in expected.iter().enumerate() {
                    let found: Vec<_> = ranking.row(row).map(|m| (m.score, m.position)).collect();
                    assert_eq!(&found, expected, "{name}, {}, row {row}", strategy.name());
                }
            }
        }
    }
}

#[test]
fn matrices_of_published_frameworks_are_the_same_in_every_width() {
    for name in FRAMEWORKS {
        let Some((framework, held)) = drawn(name, 100) else { return };
        let required = framework.required();
        let floats = GapMatrix::compute(&held, required, Measure::Gap, &Run::new()).unwrap();
        let cells = held.len() * required.len();
        for run in runs() {
            let index = Index::new(required.rows(), &run).unwrap();
            let (mut shorts, mut words) = (vec![0_u16; cells], vec![0_u32; cells]);
            index.gap_into(held.rows(), 0, &mut shorts, &run).unwrap();
            index.figure_into(Figure::Gap, held.rows(), 0, &mut words, &run).unwrap();
            let same = floats.values().iter().zip(&shorts).zip(&words);
            for ((&float, &short), &word) in same {
                assert!(u32::from(short) == word && (f64::from(float) - f64::from(word)) == 0.0);
            }
        }
    }
}
