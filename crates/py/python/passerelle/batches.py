"""Profiles too many for one frame: record batches in, record batches out.

`rank` and `gaps` are pure functions of record batches, which a cluster's engine can run on each of
its workers (`passerelle.spark`, `passerelle.ray`); `rank_parquet` runs on one machine, from file to
file, in the memory of a few batches.

A batch has one row for each person: ``person``, and the columns of `Profiles.from_frame` as lists
of the same length (``skill``, and if wanted ``level``, ``evidence``, ``date``…). An empty list is
someone of whom nothing is known. A person must not be in two batches: each would be half of them.
"""

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from passerelle._alone import left_alone
from passerelle._core import Framework, Profiles, gap_matrix
from passerelle._rank import rank as _rank
from passerelle.errors import ArgumentError, DataError

__all__ = ["by_person", "gaps", "rank", "rank_parquet", "schema"]

Snapshot: TypeAlias = "str | os.PathLike[str] | Framework"

_RANKED = pa.schema(
    {
        "person": pa.string(),
        "target": pa.string(),
        "label": pa.string(),
        "rank": pa.int32(),
        "score": pa.float32(),
    }
)

_STANDING = pa.schema(
    {
        "coverage": pa.float32(),
        "coverage_upper": pa.float32(),
        "known_share": pa.float32(),
        "essential_coverage": pa.float32(),
        "missing_essentials": pa.int32(),
        "blocking_shortfalls": pa.int32(),
        "status": pa.string(),
    }
)


def schema(standing: bool = True) -> pa.Schema:
    """Give the columns of what `rank` yields.

    Parameters
    ----------
    standing : bool, default True
        With those that say where each person stands beside the score.

    Returns
    -------
    pyarrow.Schema
    """
    return pa.unify_schemas([_RANKED, _STANDING]) if standing else _RANKED


def rank(
    batches: Iterable[pa.RecordBatch],
    snapshot: Snapshot,
    k: int = 10,
    strategy: str = "coverage",
    *,
    standing: bool = True,
    language: str | None = None,
    threads: int | None = None,
    dropped: Literal["raise", "warn"] = "raise",
) -> Iterator[pa.RecordBatch]:
    """Rank the best occupations for each person, batch by batch.

    Parameters
    ----------
    batches : iterable of pyarrow.RecordBatch
        One row for each person.
    snapshot : str, os.PathLike or Framework
        The framework, or the file that it was saved in, which each process opens once.
    k, strategy, standing, language
        As `passerelle.rank` takes them.
    threads : int, optional
        How many to use; a worker that shares its machine passes its share of the cores.
    dropped : {"raise", "warn"}, default "raise"
        What to do where rows of a batch cannot be used, such as skills that are not known.

    Yields
    ------
    pyarrow.RecordBatch
        A row for each result, with the columns of `schema`: those that `passerelle.rank` gives for
        the same people.

    Raises
    ------
    DataError
        A column is missing or no list, lists differ in length, or rows cannot be used.
    """
    targets = _opened(snapshot).occupations
    for people in _profiles(batches, snapshot, threads, dropped):
        ranked = _rank(
            people,
            targets,
            k,
            strategy,
            standing=standing,
            language=language,
            frame="pyarrow",
            threads=threads,
        )
        yield from ranked.cast(schema(standing)).to_batches()


def gaps(
    batches: Iterable[pa.RecordBatch],
    snapshot: Snapshot,
    measure: str = "coverage",
    *,
    threads: int | None = None,
    dropped: Literal["raise", "warn"] = "raise",
) -> Iterator[pa.RecordBatch]:
    """Measure how far each person is from every occupation, batch by batch.

    Parameters
    ----------
    batches, snapshot, threads, dropped
        As for `rank`.
    measure : str, default "coverage"
        As `passerelle.gap_matrix` takes it.

    Yields
    ------
    pyarrow.RecordBatch
        A row for each person, in the order of the batch: ``person``, and under the measure's name a
        list with a float32 for each occupation, in the framework's order.

    Raises
    ------
    DataError
        As for `rank`.
    """
    targets = _opened(snapshot).occupations
    for people in _profiles(batches, snapshot, threads, dropped):
        cells = gap_matrix(people, targets, measure, threads=threads)
        ends = np.arange(len(people) + 1) * len(targets)
        lists = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(cells.ravel()))
        yield pa.record_batch({"person": pa.array(people.ids, pa.string()), measure: lists})


def rank_parquet(
    source: str | os.PathLike[str],
    destination: str | os.PathLike[str],
    snapshot: Snapshot,
    k: int = 10,
    strategy: str = "coverage",
    *,
    batch_size: int = 16_384,
    **options: Any,
) -> int:
    """Rank the people of a Parquet file into another, in the memory of a few batches.

    Parameters
    ----------
    source : str or os.PathLike
        A row for each person.
    destination : str or os.PathLike
        Written whole or not at all.
    batch_size : int, default 16384
        People at a time. More take more memory, and hardly less time.
    snapshot, k, strategy, **options
        As for `rank`.

    Returns
    -------
    int
        The rows that were written.

    Raises
    ------
    DataError
        As for `rank`.
    """
    import pyarrow.parquet as pq

    columns = schema(options.get("standing", True))
    target = Path(destination)
    rows = 0
    # Beside its place, so that it moves there in one step.
    with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        part = Path(folder) / target.name
        with (
            pq.ParquetFile(source, pre_buffer=False) as people,
            pq.ParquetWriter(part, columns) as results,
        ):
            for batch in rank(people.iter_batches(batch_size), snapshot, k, strategy, **options):
                results.write_batch(batch)
                rows += batch.num_rows
        part.replace(target)
    return rows


def by_person(evidence: pa.Table) -> pa.Table:
    """Turn a table with a row for each piece of evidence into one with a row for each person.

    Parameters
    ----------
    evidence : pyarrow.Table
        With the columns of `Profiles.from_frame`.

    Returns
    -------
    pyarrow.Table
        In the order in which people come first, as `rank` takes it.
    """
    others = [name for name in evidence.column_names if name != "person"]
    grouped = evidence.group_by("person", use_threads=False)
    lists = left_alone(lambda: grouped.aggregate([(name, "list") for name in others]))
    return lists.rename_columns({f"{name}_list": name for name in others})


def _opened(snapshot: Snapshot) -> Framework:
    """Give a framework that is open, or else open it, once for each process and file."""
    if isinstance(snapshot, Framework):
        return snapshot
    path = Path(snapshot)
    try:
        seen = path.stat()
    except OSError:
        return Framework.open(path)  # which says what is wrong
    return _open(path, seen.st_mtime_ns, seen.st_size)


@lru_cache(maxsize=4)
def _open(path: Path, _changed: int, _size: int) -> Framework:
    return Framework.open(path)


def _profiles(
    batches: Iterable[pa.RecordBatch],
    snapshot: Snapshot,
    threads: int | None,
    dropped: Literal["raise", "warn"],
) -> Iterator[Profiles]:
    import warnings

    from passerelle.errors import RowsDropped

    if dropped not in ("raise", "warn"):
        raise ArgumentError(f"dropped is `{dropped}`; pass `raise` or `warn`")
    framework = _opened(snapshot)
    for batch in batches:
        if not batch.num_rows:
            continue
        with warnings.catch_warnings():
            if dropped == "raise":
                warnings.simplefilter("error", RowsDropped)
            try:
                yield Profiles.from_frame(_evidence(batch), framework, threads=threads)
            except RowsDropped as said:
                raise DataError(f"{said}; pass `dropped='warn'` to go on without them") from None


def _evidence(batch: pa.RecordBatch) -> pa.Table:
    """Turn a row for each person into one for each piece of evidence; see `by_person`."""
    for needed in ("person", "skill"):
        if needed not in batch.schema.names:
            raise DataError(f"there is no column `{needed}` among {batch.schema.names}")
    lists = {name: batch[name] for name in batch.schema.names if name != "person"}
    for name, column in lists.items():
        if not (pa.types.is_list(column.type) or pa.types.is_large_list(column.type)):
            raise DataError(
                f"column `{name}` is {column.type}; pass a row for each person, with lists "
                "(`passerelle.batches.by_person` makes them)"
            )
    lengths = {name: pc.fill_null(pc.list_value_length(each), 0) for name, each in lists.items()}
    count = lengths["skill"]
    for name, length in lengths.items():
        if not length.equals(count):
            raise DataError(f"the lists of `{name}` and `skill` differ in length")
    nothing = pc.indices_nonzero(pc.equal(count, 0))
    of = pa.concat_arrays([pc.list_parent_indices(lists["skill"]).cast(pa.uint64()), nothing])
    columns = {"person": batch["person"].take(of)}
    for name, column in lists.items():
        said = pc.list_flatten(column)
        columns[name] = pa.concat_arrays([said, pa.nulls(len(nothing), said.type)])
    table = pa.table(columns)
    # Who has no evidence stands among the others.
    return table.take(pc.sort_indices(of)) if len(nothing) else table
