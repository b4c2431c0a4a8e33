//! The lines of the comparison: which job on which work, by whom, and what was asked for.

/// One way to do a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Side {
    /// The name in records.
    pub(crate) name: &'static str,
    /// The script in `benches/peers` and its first argument; none for passerelle.
    pub(crate) script: Option<(&'static str, &'static str)>,
    /// The environment, by its list of packages.
    pub(crate) environment: &'static str,
    /// What `PASSERELLE_LANES` says.
    pub(crate) lanes: &'static str,
    /// Put in the place of the job's name before its last dash.
    pub(crate) instead: &'static str,
    pub(crate) alike: Alike,
}

/// The name of the side that goes through the Python package.
pub(crate) const FROM_PYTHON: &str = "passerelle, Python";

/// How near an answer must be to ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alike {
    /// The same bytes.
    Exactly,
    /// Scores within rounding, positions but for ties.
    Rounded,
    /// It answers another question.
    Other,
}

impl Side {
    const fn ours(name: &'static str, lanes: &'static str) -> Self {
        Self { name, script: None, environment: "", lanes, instead: "", alike: Alike::Exactly }
    }

    const fn peer(name: &'static str, script: &'static str, first: &'static str) -> Self {
        Self {
            name,
            script: Some((script, first)),
            environment: name,
            lanes: "",
            instead: "",
            alike: Alike::Rounded,
        }
    }

    /// The job as this side calls it.
    pub(crate) fn job(&self, job: &str) -> String {
        match job.rsplit_once('-') {
            Some((_, k)) if !self.instead.is_empty() => format!("{}-{k}", self.instead),
            _ if !self.instead.is_empty() => self.instead.to_owned(),
            _ => job.to_owned(),
        }
    }
}

const OURS: Side = Side::ours("passerelle", "");
const AVX2: Side = Side::ours("passerelle, AVX2", "avx2");
const BASELINE: Side = Side::ours("passerelle, baseline", "scalar");
const FLOATS: Side =
    Side { instead: "product", alike: Alike::Rounded, ..Side::ours("passerelle, floats", "") };
const COVERAGE: Side =
    Side { instead: "coverage", alike: Alike::Other, ..Side::ours("passerelle, coverage", "") };
const GAP: Side = Side { instead: "gap", alike: Alike::Other, ..Side::ours("passerelle, gap", "") };
/// The package as a Python user calls it.
const PYTHON: Side = Side {
    environment: "passerelle",
    alike: Alike::Exactly,
    ..Side::peer(FROM_PYTHON, "ours.py", "")
};
const PYTHON_FLOATS: Side = Side {
    name: "passerelle, Python, floats",
    instead: "product",
    alike: Alike::Rounded,
    ..PYTHON
};
const MATMUL: Side = Side::peer("sp_matmul_rs", "top_n.py", "sp_matmul_rs");
const DOT: Side = Side::peer("sparse_dot_topn", "top_n.py", "sparse_dot_topn");
const SIMILAR: Side = Side::peer("similaripy", "similar.py", "");
const NUMBA: Side = Side { alike: Alike::Exactly, ..Side::peer("numba", "compiled.py", "") };
const TABLE: Side = Side {
    name: "numba, by table",
    instead: "gap-vectors-by-table",
    alike: Alike::Exactly,
    ..Side::peer("numba", "compiled.py", "")
};
const SCIPY: Side =
    Side { environment: "numba", alike: Alike::Exactly, ..Side::peer("scipy", "sparse.py", "") };

/// A ratio of a peer's time to ours: at least, and aimed at. Where the aim is the lower one, it is of
/// another ranking of ours: at most, and aimed at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) peer: &'static str,
    pub(crate) least: f64,
    pub(crate) aim: f64,
}

const fn asked(peer: &'static str, least: f64, aim: f64) -> Asked {
    Asked { peer, least, aim }
}

/// A job on a workload.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) work: &'static str,
    pub(crate) job: &'static str,
    /// Ours first.
    pub(crate) sides: Vec<Side>,
    pub(crate) asked: Vec<Asked>,
}

impl Line {
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.job, self.work)
    }
}

/// Every line there is.
pub(crate) fn lines() -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = |work, job, sides: &[Side], asked: &[Asked]| {
        lines.push(Line { work, job, sides: sides.to_vec(), asked: asked.to_vec() });
    };
    let few = [asked("sp_matmul_rs", 3.0, 6.0), asked("sparse_dot_topn", 4.0, 8.0)];
    let many = [asked("sp_matmul_rs", 2.0, 4.0), asked("sparse_dot_topn", 5.0, 10.0)];
    let every_width = [OURS, AVX2, BASELINE, FLOATS, PYTHON, PYTHON_FLOATS, MATMUL, DOT, SIMILAR];
    line("W1", "cosine-10", &every_width, &few);
    line("W2", "cosine-10", &every_width, &few);
    line(
        "W3",
        "cosine-10",
        &[OURS, AVX2, BASELINE, FLOATS, PYTHON, PYTHON_FLOATS, MATMUL, DOT],
        &few,
    );
    line("W4", "cosine-10", &every_width, &many);
    line("W5", "cosine-10", &[OURS, FLOATS, PYTHON, PYTHON_FLOATS, MATMUL, DOT], &many);
    line("W6", "cosine-10", &[OURS, FLOATS, PYTHON, PYTHON_FLOATS, MATMUL, DOT], &many);
    for work in ["ROME", "ESCO"] {
        line(work, "cosine-10", &every_width, &few);
    }
    let best = [asked("best", 3.0, 5.0)];
    line("W1", "cosine-100", &[OURS, FLOATS, PYTHON, PYTHON_FLOATS, MATMUL, DOT, SIMILAR], &best);
    let alike = [
        asked("sp_matmul_rs", 4.0, 8.0),
        asked("passerelle, coverage", 1.3, 1.1),
        asked("passerelle, gap", 1.3, 1.1),
    ];
    for work in ["W1", "W4"] {
        line(work, "credit-10", &[OURS, COVERAGE, GAP, PYTHON, MATMUL], &alike);
    }
    for work in ["ROME", "ESCO"] {
        line(work, "credit-10", &[OURS, PYTHON, MATMUL], &alike[..1]);
    }
    for work in ["W1", "W2", "W3", "ROME", "ESCO"] {
        line(work, "gap-matrix", &[OURS, PYTHON, NUMBA], &[asked("numba", 2.5, 4.5)]);
    }
    line("W4", "gap-matrix", &[OURS, PYTHON, NUMBA], &[asked("numba", 3.5, 4.2)]);
    let vectors = [asked("numba", 2.0, 4.0), asked("scipy", 6.0, 6.0)];
    line("W1", "gap-vectors", &[OURS, PYTHON, NUMBA, TABLE, SCIPY], &vectors);
    lines
}
