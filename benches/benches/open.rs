//! How long a framework takes to be there: read from its publisher's files, or opened from a
//! snapshot.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use passerelle::read;
use passerelle::snapshot::{self, Snapshot};

fn open(criterion: &mut Criterion) {
    let Some(data) = passerelle_tests::real_data() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut group = criterion.benchmark_group("framework");
    group.sample_size(20);
    for name in ["rome-4.60", "esco-1.1.1-en", "onet-29.0"] {
        let source = data.join(name);
        let (framework, _) = read::framework(&source).expect("a framework of a known format");
        let path = folder.path().join(format!("{name}.passerelle"));
        Snapshot::of_framework(&framework).save(&path).expect("a snapshot");
        group.bench_function(format!("read {name}"), |bench| {
            bench.iter(|| black_box(read::framework(&source)));
        });
        group.bench_function(format!("open {name}"), |bench| {
            bench.iter(|| black_box(snapshot::open_framework_file(&path)));
        });
    }
    group.finish();
}

criterion_group!(benches, open);
criterion_main!(benches);
