"""Whatever comes in: what is right comes out, or a `PasserelleError`, `TypeError`, `ValueError`."""

import numpy as np
import polars as pl
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from refusals import often, tried

import passerelle as ps

WORDS = st.sampled_from(
    ["p1", "p2", "weld", "read", "fly", "", " ", "a@b.fr", "\0", "é", "9" * 400]
)
TEXTS = st.lists(st.none() | WORDS | st.text(max_size=5), max_size=8)
NUMBERS = st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=8)
FLOATS = st.lists(st.none() | st.floats(), max_size=8)
DATES = st.lists(st.none() | st.dates() | st.datetimes(), max_size=8)
COLUMNS = ["person", "skill", "level", "evidence", "date", "assessor", "target", "Person", "name"]

KEYS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | WORDS
    | st.slices(4)
    | st.lists(st.integers(-3, 3) | WORDS, max_size=3)
)

ARRAYS = st.one_of(
    st.none(),
    st.lists(st.integers(-2, 4), max_size=6).map(lambda v: np.array(v, np.int64)),
    st.lists(st.integers(-2, 4), max_size=6).map(lambda v: np.array(v, np.int32)),
    st.lists(st.integers(0, 4), max_size=6).map(lambda v: np.array(v, np.uint16)),
    st.lists(st.integers(0, 4), max_size=6).map(lambda v: np.array(v, np.uint8)),
    st.lists(st.floats(width=32), max_size=6).map(lambda v: np.array(v, np.float32)),
    st.lists(st.floats(), max_size=4).map(np.array),
)
SPARSE = st.tuples(ARRAYS, ARRAYS, ARRAYS) | ARRAYS | WORDS


@often
@given(columns=st.dictionaries(st.sampled_from(COLUMNS), TEXTS | NUMBERS | FLOATS | DATES))
def test_any_frame_is_read_or_refused(columns, demo):
    length = min(map(len, columns.values()), default=0)
    try:
        frame = pa.table({name: values[:length] for name, values in columns.items()})
    except (pa.ArrowException, ValueError):
        return
    people = tried(lambda: ps.Profiles.from_frame(frame, demo))
    if people is not None:
        assert (
            people.report.rows == length == people.report.kept + sum(people.report.dropped.values())
        )
        again = tried(lambda: ps.Profiles.from_frame(pl.from_arrow(frame), demo))
        assert [profile.held for profile in again] == [profile.held for profile in people]


@often
@given(text=st.text(max_size=60))
def test_any_file_is_read_or_refused(text, demo, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("person,skill,level\n" + text, encoding="utf-8")
    tried(lambda: ps.Profiles.from_csv(path, demo))
    tried(lambda: ps.Framework.open(path))
    tried(lambda: ps.Framework.read_rome(path))


@often
@given(key=KEYS)
def test_any_key_gives_a_member_or_is_refused(key, people, demo):
    for sequence in (people, demo.occupations):
        got = tried(lambda sequence=sequence: sequence[key])
        if isinstance(key, str) and got is not None:
            assert got.id == key


@often
@given(held=SPARSE, required=SPARSE, weights=SPARSE, k=st.integers(-1, 5))
def test_any_arrays_are_ranked_or_refused(held, required, weights, k):
    for kernel in ("dot", "min", "cosine"):
        tried(lambda kernel=kernel: ps.top_k(held, required, k, kernel=kernel))
        tried(lambda kernel=kernel: ps.top_k(held, required, k, kernel=kernel, weights=weights))
    index = tried(lambda: ps.Index(required, weights))
    for targets in (index, ps.Index((np.array([0, 1]), np.array([0]), np.array([3], np.uint8)))):
        if targets is not None:
            for call in (targets.gap, targets.credit, targets.coverage):
                tried(lambda call=call: call(held))
            tried(lambda targets=targets: targets.top_k(held, k))
            tried(lambda targets=targets: targets.add(required, weights))


@often
@given(
    strategy=WORDS | st.sampled_from(["mix(", "bm25(nan)", "tversky(-1)", "rrf(k=0,1*gap)"]),
    k=st.integers(-(2**70), 2**70),
    limit=st.none() | st.integers(-1, 100) | WORDS,
    threads=st.none() | st.integers(-1, 3),
)
def test_any_options_are_taken_or_refused(strategy, k, limit, threads, people, demo):
    how = {"threads": threads, "memory_limit": limit}
    tried(lambda: ps.rank(people, demo.occupations, k, strategy, **how))
    tried(lambda: ps.rank(people, demo.occupations, k, **how, best=strategy))
    tried(lambda: ps.gap_matrix(people, demo.occupations, strategy, **how))
    tried(lambda: ps.explain(people["p1"], demo.occupations[0], strategy, language=strategy))
    tried(lambda: demo.find(strategy, k))
