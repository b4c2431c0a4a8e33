//! How far everyone is from every job, and the best jobs for everyone: 10,000 people against 3,039
//! occupations. The index and the results are made within the timer, but for `gap into`, where a
//! caller has both.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use passerelle::Run;
use passerelle::gap::{Figure, GapMatrix, Index, Measure, SkillGaps};
use passerelle::rank::{
    Cosine, Coverage, Gap, RawRanker, RawRows, TargetIndex, people_for_targets, targets_for_people,
};
use passerelle_benches::workload::Workload;

fn far(criterion: &mut Criterion) {
    let Workload { required, held } = &Workload::new(10_000);
    let run = &Run::new();
    let mut group = criterion.benchmark_group("far");
    group.sample_size(20).throughput(Throughput::Elements(held.len() as u64));
    for k in [10, 100] {
        group.bench_function(format!("cosine, top {k}"), |bench| {
            bench.iter(|| black_box(targets_for_people(held, required, k, &Cosine, run)));
        });
    }
    group.bench_function("coverage, top 10", |bench| {
        bench.iter(|| black_box(targets_for_people(held, required, 10, &Coverage, run)));
    });
    group.bench_function("smallest gap, top 10", |bench| {
        bench.iter(|| black_box(targets_for_people(held, required, 10, &Gap, run)));
    });
    group.bench_function("coverage, top 10 people for each target", |bench| {
        bench.iter(|| black_box(people_for_targets(held, required, 10, &Coverage, run)));
    });
    group.bench_function("coverage matrix", |bench| {
        bench.iter(|| black_box(GapMatrix::compute(held, required, Measure::Coverage, run)));
    });
    let index = Index::new(required.rows(), run).expect("requirements");
    let mut gaps = vec![0u16; held.len() * required.len()];
    group.bench_function("gap into 16 bits", |bench| {
        bench.iter(|| index.gap_into(held.rows(), 0, black_box(&mut gaps), run));
    });
    floats(&mut group, held, required);
    changes(&mut group, required);
    let folder = tempfile::tempdir().expect("a folder");
    group.throughput(Throughput::Bytes((gaps.len() * 2) as u64));
    group.bench_function("gap in 16 bits, streamed to a file", |bench| {
        let path = folder.path().join("gap.npy");
        bench.iter(|| index.write_npy::<u16>(Figure::Gap, held.rows(), &path, run));
    });
    let jobs = (0u32..).take(required.len()).cycle().step_by(7);
    let pairs: Vec<_> = (0u32..10_000).flat_map(|p| [p; 10]).zip(jobs).collect();
    group.throughput(Throughput::Elements(pairs.len() as u64));
    group.bench_function("gap vectors of 100,000 pairs", |bench| {
        bench.iter(|| black_box(SkillGaps::of_pairs(held, required, &pairs, run)));
    });
    group.finish();
}

fn floats(
    group: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>,
    held: &passerelle::Held,
    required: &passerelle::Required,
) {
    let arrays = |rows: passerelle::matrix::Rows<'_>| {
        let (mut offsets, mut skills, mut values) = (vec![0], Vec::new(), Vec::new());
        for row in rows.iter() {
            skills.extend_from_slice(row.skills());
            values.extend(row.cells().map(|(_, pair)| f32::from(pair.level * pair.weight)));
            offsets.push(skills.len() as u64);
        }
        (offsets, skills, values)
    };
    let (people, targets) = (arrays(held.rows()), arrays(required.rows()));
    let skill_count = held.rows().skill_count();
    let rows = RawRows::new(&people.0, &people.1, &people.2, skill_count).expect("sound rows");
    let ranked = RawRows::new(&targets.0, &targets.1, &targets.2, skill_count).expect("sound rows");
    let (mut at, mut scores) = (vec![0; rows.len() * 10], vec![0.0; rows.len() * 10]);
    let run = &Run::new();
    group.bench_function("product of floats, top 10", |bench| {
        bench.iter(|| RawRanker::new(ranked, run)?.rank_into(rows, 10, &mut at, &mut scores, run));
    });
    group.bench_function("credit of floats, top 10", |bench| {
        bench.iter(|| {
            let ranker = RawRanker::least(ranked, None, run)?;
            ranker.rank_into(rows, 10, &mut at, &mut scores, run)
        });
    });
}

/// Needs that come and go in an index that is kept.
fn changes(
    group: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>,
    required: &passerelle::Required,
) {
    let run = &Run::new();
    let some: Vec<u32> = (0..100).collect();
    let new = required.select(&some).expect("targets");
    let kept = || Index::new(required.rows(), run).expect("requirements");
    group.throughput(Throughput::Elements(some.len() as u64));
    group.bench_function("100 targets added to an index", |bench| {
        bench.iter_batched_ref(kept, |i| i.add(new.rows(), run), BatchSize::LargeInput);
    });
    group.bench_function("100 targets removed from an index", |bench| {
        bench.iter_batched_ref(kept, |i| i.remove(&some, run), BatchSize::LargeInput);
    });
    ranked(group, required);
}

/// The same in an index that ranks: the last 1,000 come, and some go, beside building it whole.
fn ranked(
    group: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>,
    required: &passerelle::Required,
) {
    let run = &Run::new();
    let part = |from: usize, to: usize| {
        let some: Vec<u32> = (0u32..).take(to).skip(from).collect();
        required.select(&some).expect("targets")
    };
    let count = required.len();
    let (first, last) = (part(0, count - 1000), part(count - 1000, count));
    let of = |required| TargetIndex::new(required, Box::new(Cosine), run).expect("whole numbers");
    group.throughput(Throughput::Elements(1000));
    group.bench_function("an index that ranks, built whole", |bench| {
        bench.iter(|| black_box(of(required)));
    });
    group.bench_function("1,000 targets added to an index that ranks", |bench| {
        bench.iter_batched_ref(|| of(&first), |i| i.add(&last, run), BatchSize::LargeInput);
    });
    let gone: Vec<u32> = (0u32..).step_by(30).take(100).collect();
    group.throughput(Throughput::Elements(100));
    group.bench_function("100 targets removed from an index that ranks", |bench| {
        bench.iter_batched_ref(|| of(required), |i| i.remove(&gone, run), BatchSize::LargeInput);
    });
}

criterion_group!(benches, far);
criterion_main!(benches);
