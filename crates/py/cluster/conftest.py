"""The sample region's people, ranked on one machine: what every cluster must give."""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

import passerelle as ps
from passerelle import batches

REGION = Path(__file__).parents[3] / "datasets" / "hauts-de-france"
PEOPLE = 3_000
K = 5


@pytest.fixture(scope="session")
def framework() -> ps.Framework:
    return ps.Framework.read_csv(REGION / "framework")


@pytest.fixture(scope="session")
def evidence() -> pa.Table:
    """A row for each piece of evidence."""
    files = sorted((REGION / "people").glob("*.csv"))
    tables = [pyarrow.csv.read_csv(file) for file in files]
    whole = pa.concat_tables(tables, promote_options="permissive")
    some = pc.unique(whole["person"]).slice(0, PEOPLE)
    whole = whole.select(["person", "skill", "level", "evidence", "date", "target"])
    return whole.filter(pc.is_in(whole["person"], some))


@pytest.fixture(scope="session")
def people(evidence: pa.Table) -> pa.Table:
    """A row for each person."""
    return batches.by_person(evidence)


def in_order(table: pa.Table) -> pa.Table:
    return table.combine_chunks().sort_by([("person", "ascending"), ("rank", "ascending")])


@pytest.fixture(scope="session")
def ranked(framework: ps.Framework, evidence: pa.Table) -> pa.Table:
    """What one machine gives."""
    known = ps.Profiles.from_frame(evidence, framework)
    return in_order(ps.rank(known, framework.occupations, K).cast(batches.schema()))


def dies_once(mark: Path, process: int) -> None:
    """Kill a process, unless that was done before."""
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return
    mark.write_text(str(process))
    os.kill(process, 9)


def parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def command(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
