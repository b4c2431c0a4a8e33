"""Rank people on a Spark cluster: `passerelle.batches` over ``mapInArrow``.

It needs ``pip install passerelle[spark]``, on the workers too.
"""

from collections.abc import Iterator
from typing import Literal

import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import DataFrame
from pyspark.sql import functions as f
from pyspark.sql.types import ArrayType

from passerelle import batches

__all__ = ["rank"]

_NAMES = {pa.string(): "string", pa.int32(): "int", pa.float32(): "float"}


def rank(
    people: DataFrame,
    snapshot: batches.Snapshot,
    k: int = 10,
    strategy: str = "coverage",
    *,
    standing: bool = True,
    language: str | None = None,
    dropped: Literal["raise", "warn"] = "raise",
) -> DataFrame:
    """Rank the best occupations for each person.

    Parameters
    ----------
    people : pyspark.sql.DataFrame
        A row for each person, as `passerelle.batches` takes it; or for each piece of evidence, as
        `passerelle.Profiles.from_frame` does, which Spark groups first.
    snapshot : str, os.PathLike or Framework
        The framework, or the driver's file that it was saved in. It is broadcast; each worker
        opens it once.
    k, strategy, standing, language, dropped
        As for `passerelle.batches.rank`.

    Returns
    -------
    pyspark.sql.DataFrame
        Lazy: a row for each result, with the columns of `passerelle.batches.schema`, in no order.
        A task uses as many threads as it has cores (``spark.task.cpus``).
    """
    if not isinstance(people.schema["skill"].dataType, ArrayType):
        said = [name for name in people.columns if name != "person"]
        # One list of all: a list of each would leave out what is null.
        grouped = people.groupBy("person").agg(f.collect_list(f.struct(*said)).alias("held"))
        people = grouped.select("person", *(f"held.{name}" for name in said))
    framework = people.sparkSession.sparkContext.broadcast(batches._opened(snapshot))

    def ranked(of_task: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        task = TaskContext.get()
        return batches.rank(
            of_task,
            framework.value,
            k,
            strategy,
            standing=standing,
            language=language,
            threads=task.cpus() if task else 1,
            dropped=dropped,
        )

    columns = batches.schema(standing)
    return people.mapInArrow(ranked, ", ".join(f"{c.name} {_NAMES[c.type]}" for c in columns))
