"""Frames of any kind in, frames of the same kind out."""

import datetime

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import passerelle as ps

ROWS = {"person": ["p1", "p2", "p2"], "skill": ["weld", "read", "team"], "level": [1, 1, 0]}


def frames():
    table = pa.table(ROWS)
    return {
        "pandas": pd.DataFrame(ROWS),
        "polars": pl.DataFrame(ROWS),
        "lazy": pl.LazyFrame(ROWS),
        "pyarrow": table,
        "duckdb": duckdb.from_arrow(table),
    }


@pytest.mark.parametrize("kind", frames())
def test_a_frame_comes_back_as_it_came(kind, demo):
    frame = frames()[kind]
    people = ps.Profiles.from_frame(frame, demo)
    best = ps.rank(people, demo.occupations)
    expected = pl.DataFrame if kind == "lazy" else type(frame)
    assert type(best) is expected
    table = nw.from_native(best).lazy().collect("pyarrow").to_arrow()
    assert table["person"].to_pylist() == ["p1", "p2", "p2"]
    assert table["target"].to_pylist() == ["welder", "welder", "fitter"]


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow", "duckdb"])
def test_another_kind_may_be_asked_for(kind, people, demo):
    best = ps.rank(people, demo.occupations, frame=kind)
    assert type(best).__module__.split(".")[0].lstrip("_") in {kind, "duckdb"}


def test_columns_are_read_as_what_they_are(demo):
    frame = pa.table(
        {
            "PERSON": pa.array(["p1", "p2", None], pa.large_string()),
            "Skill": pa.array(["weld", "read", "read"]).dictionary_encode(),
            "level": pa.array([1.0, None, 1.0]),
            "date": pa.array([datetime.datetime(2025, 6, 30, 12), None, None]),
            "evidence": pa.array([None, "badge", None]),
            "blob": pa.array([b"x", b"y", b"z"]),
            "target": pa.nulls(3),
        }
    )
    with pytest.warns(ps.RowsDropped, match=r"1 of 3 rows dropped \(no-id: 1\)"):
        people = ps.Profiles.from_frame(frame, demo)
    assert people["p1"].held == [
        {"skill": "weld", "level": 1, "evidence": "declared", "date": "2025-06-30"}
    ]
    assert people["p2"].held[0]["evidence"] == "badge"
    assert people.report.dropped == {"no-id": 1}


def test_what_is_dropped_is_said(demo):
    frame = pd.DataFrame({"person": ["p", "p", "p"], "skill": ["weld", "weld", "fly"]})
    with pytest.warns(ps.RowsDropped, match="2 of 3 rows dropped"):
        people = ps.Profiles.from_frame(frame, demo)
    assert people.report.dropped == {"duplicate": 1, "unknown-skill": 1}
    assert people.report.kept == 1
    assert "fly" in str(people.report)


def test_frames_that_make_no_profiles_are_refused(demo):
    with pytest.raises(ps.errors.DataError, match="no column `skill`; the columns are `person`"):
        ps.Profiles.from_frame(pd.DataFrame({"person": ["p"]}), demo)
    with pytest.raises(ps.errors.DataError, match="looks personal"):
        ps.Profiles.from_frame(
            pd.DataFrame({"person": ["p"], "skill": ["weld"], "e-mail": ["x"]}), demo
        )
    with pytest.raises(TypeError, match="dict is no data frame"):
        ps.Profiles.from_frame(ROWS, demo)
    with pytest.raises(TypeError, match="column `skill` is large_list"):
        ps.Profiles.from_frame(pl.DataFrame({"person": ["p"], "skill": [["weld"]]}), demo)


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame])
def test_no_rows_are_no_people(kind, demo):
    people = ps.Profiles.from_frame(kind({"person": [], "skill": []}), demo)
    assert len(people) == 0
    best = ps.rank(people, demo.occupations)
    assert isinstance(best, kind)
    assert len(best) == 0
    assert ps.gap_matrix(people, demo.occupations).shape == (0, 2)


def test_people_from_a_file_are_those_of_a_frame(demo, frame, tmp_path):
    frame.to_csv(tmp_path / "people.csv", index=False)
    people = ps.Profiles.from_csv(tmp_path / "people.csv", demo)
    assert people.ids == ["p1", "p2"]
    assert isinstance(ps.rank(people, demo.occupations), pd.DataFrame)
