"""Rank people on a Ray cluster: `passerelle.batches` over ``map_batches``.

It needs ``pip install passerelle[ray]``, on the workers too.
"""

import math
from typing import Any, Literal

import pyarrow as pa
import ray
from ray.data import ActorPoolStrategy, Dataset

from passerelle import batches

__all__ = ["rank"]


class _Ranker:
    """One actor: the framework that it opened once, and how it ranks."""

    def __init__(self, framework: "ray.ObjectRef[Any]", **how: Any) -> None:
        self.framework = ray.get(framework)
        self.how = how

    def __call__(self, people: pa.Table) -> pa.Table:
        ranked = batches.rank(people.to_batches(), self.framework, **self.how)
        return pa.Table.from_batches(ranked, batches.schema(self.how["standing"]))


def rank(
    people: Dataset,
    snapshot: batches.Snapshot,
    k: int = 10,
    strategy: str = "coverage",
    *,
    actors: int = 2,
    cpus: float = 1,
    batch_size: int = 16_384,
    standing: bool = True,
    language: str | None = None,
    dropped: Literal["raise", "warn"] = "raise",
) -> Dataset:
    """Rank the best occupations for each person.

    Parameters
    ----------
    people : ray.data.Dataset
        A row for each person, as `passerelle.batches` takes it.
    snapshot : str, os.PathLike or Framework
        The framework, or this machine's file that it was saved in. It is put into the object
        store once; each actor opens it once.
    actors : int, default 2
        How many rank. Reading needs a core beside theirs.
    cpus : float, default 1
        The cores of each, and its threads.
    batch_size : int, default 16384
        People at a time.
    k, strategy, standing, language, dropped
        As for `passerelle.batches.rank`.

    Returns
    -------
    ray.data.Dataset
        Lazy: a row for each result, with the columns of `passerelle.batches.schema`, in no order.
        What an actor was doing when it died is done again by another.
    """
    how = {
        "k": k,
        "strategy": strategy,
        "standing": standing,
        "language": language,
        "threads": max(1, math.floor(cpus)),
        "dropped": dropped,
    }
    return people.map_batches(
        _Ranker,
        fn_constructor_args=(ray.put(batches._opened(snapshot)),),
        fn_constructor_kwargs=how,
        batch_format="pyarrow",
        batch_size=batch_size,
        compute=ActorPoolStrategy(size=actors),
        num_cpus=cpus,
    )
