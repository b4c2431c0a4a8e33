"""Batches give what one machine gives, row for row, and refuse what it refuses."""

import os
import sys
from pathlib import Path
from subprocess import run

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import passerelle as ps
from passerelle import batches

SKILLS = st.lists(st.sampled_from(["weld", "read", "team"]), unique=True)


def nested(held: list[list[str]]) -> pa.Table:
    people = [f"p{at}" for at in range(len(held))]
    return pa.table({"person": people, "skill": pa.array(held, pa.list_(pa.string()))})


def evidence(held: list[list[str]]) -> pa.Table:
    rows = [(f"p{at}", skill) for at, of in enumerate(held) for skill in of or [None]]
    columns = {"person": [row[0] for row in rows], "skill": [row[1] for row in rows]}
    return pa.table(columns, pa.schema({"person": pa.string(), "skill": pa.string()}))


@given(held=st.lists(SKILLS, min_size=1, max_size=8), size=st.integers(1, 9), k=st.integers(1, 3))
def test_batches_of_any_size_give_the_ranking_of_all(demo, held, size, k):
    people = ps.Profiles.from_frame(evidence(held), demo)
    whole = ps.rank(people, demo.occupations, k).cast(batches.schema())
    parts = batches.rank(nested(held).to_batches(size), demo, k)
    assert pa.Table.from_batches(parts, batches.schema()).equals(whole)


@given(held=st.lists(SKILLS, min_size=1, max_size=8), size=st.integers(1, 9))
def test_batches_of_any_size_give_the_gaps_of_all(demo, held, size):
    people = ps.Profiles.from_frame(evidence(held), demo)
    whole = ps.gap_matrix(people, demo.occupations)
    parts = list(batches.gaps(nested(held).to_batches(size), demo))
    assert [row for part in parts for row in part["coverage"].to_pylist()] == whole.tolist()
    assert [name for part in parts for name in part["person"].to_pylist()] == people.ids


def test_evidence_grouped_by_person_says_the_same():
    held = [["weld"], ["read", "team"]]
    assert batches.by_person(evidence(held)).equals(nested(held))


def test_a_snapshot_is_opened_once_for_each_process_and_file(demo, tmp_path):
    path = tmp_path / "demo.passerelle"
    demo.save(path)
    assert batches._opened(path) is batches._opened(str(path))
    demo.save(tmp_path / "other.passerelle")
    assert batches._opened(path) is not batches._opened(tmp_path / "other.passerelle")


BAD = {
    "no column `skill`": {"person": ["p1"]},
    "no column `person`": {"skill": [["weld"]]},
    "by_person": {"person": ["p1"], "skill": ["weld"]},
    "differ in length": {"person": ["p1"], "skill": [["weld"]], "level": [[1, 1]]},
    "rows dropped": {"person": ["p1"], "skill": [["what nobody knows"]]},
}


@pytest.mark.parametrize("said", BAD)
def test_what_is_no_batch_of_people_is_refused(demo, said):
    with pytest.raises(ps.errors.DataError, match=said):
        list(batches.rank([pa.record_batch(BAD[said])], demo))


def test_rows_that_cannot_be_used_are_told_or_refused_never_lost(demo):
    batch = pa.record_batch({"person": ["p1"], "skill": [["weld", "what nobody knows"]]})
    with pytest.warns(ps.RowsDropped, match="1 of 2 rows"):
        assert len(list(batches.rank([batch], demo, dropped="warn"))) == 1
    with pytest.raises(ps.errors.ArgumentError, match="dropped"):
        list(batches.rank([batch], demo, dropped="hide"))


def test_a_file_is_ranked_whole_or_not_at_all(demo, tmp_path):
    source, destination = tmp_path / "people.parquet", tmp_path / "best.parquet"
    held = [["weld"], [], ["read", "team"]] * 5
    pq.write_table(nested(held), source)
    rows = batches.rank_parquet(source, destination, demo, k=2, batch_size=4)
    people = ps.Profiles.from_frame(evidence(held), demo)
    whole = ps.rank(people, demo.occupations, 2).cast(batches.schema())
    assert pq.read_table(destination).equals(whole)
    assert rows == whole.num_rows
    pq.write_table(nested([["weld"], ["what nobody knows"]]), source)
    with pytest.raises(ps.errors.DataError):
        batches.rank_parquet(source, destination, demo, batch_size=1)
    assert pq.read_table(destination).equals(whole)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best.parquet", "people.parquet"]


def ranked(people: int, *arguments: object) -> tuple[int, int]:
    """Rank people from file to file in a process of its own: the rows, the peak in bytes."""
    many = Path(__file__).parent / "many.py"
    call = [sys.executable, many, str(people), *map(str, arguments)]
    rows, peak, *_ = run(call, check=True, capture_output=True, text=True).stdout.split()
    return int(rows), int(peak)


def test_three_times_as_many_people_take_hardly_more_memory(tmp_path):
    some, more = ranked(50_000, tmp_path), ranked(150_000, tmp_path)
    assert more[0] > 2.9 * some[0]
    assert more[1] < 1.25 * some[1]


@pytest.mark.skipif("PASSERELLE_SLOW" not in os.environ, reason="slow: set PASSERELLE_SLOW")
def test_a_million_people_are_ranked_against_rome_within_a_gibibyte(data, tmp_path):
    rows, peak = ranked(1_000_000, tmp_path, data / "rome-4.60")
    assert rows == 10_000_000
    assert peak < 2**30
