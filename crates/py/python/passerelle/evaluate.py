"""How well strategies rank: tasks from real frameworks, metrics with intervals.

>>> evaluation = ps.evaluate.run("from-50", demo, strategies=["coverage", "cosine"], half="all")
>>> evaluation
<passerelle.evaluate.Evaluation from-50: 2 strategies on 2 queries, best coverage>
"""

import math
import os
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as Folder
from typing import Any, Literal

from passerelle import _core, _frames
from passerelle._core import Framework
from passerelle._html import table
from passerelle._types import Path, Progress
from passerelle.errors import ArgumentError

__all__ = ["Evaluation", "metrics", "run", "tasks"]

#: The frameworks that a task's name may begin with, and how their folders are read.
_READERS = {
    "rome": Framework.read_rome,
    "esco": Framework.read_esco,
    "onet": Framework.read_onet,
}


@dataclass(frozen=True, repr=False)
class Evaluation:
    """How strategies did on one task.

    ``len`` and iteration go over the strategies, in the order they were asked for.

    Attributes
    ----------
    task : str
        The task's name.
    metric : str
        The metric that stands for the task, such as ``"MAP"``.
    left_out : int
        Judgements that were left out: they name an occupation that the framework does not have.
    """

    task: str
    metric: str
    left_out: int
    _rows: list[dict[str, Any]]

    @property
    def queries(self) -> int:
        """How many queries there were."""
        return int(self._rows[0]["queries"]) if self._rows else 0

    @property
    def strategies(self) -> list[str]:
        """The strategies' names, with their options."""
        return [row["strategy"] for row in self._rows]

    @property
    def best(self) -> str | None:
        """The strategy with the greatest mean of `metric`, the first of equal ones.

        It is better than another only where their `difference` has an interval that excludes 0.
        """
        best = max(self._rows, key=self._own, default=None)
        return None if best is None else str(best["strategy"])

    def _own(self, row: dict[str, Any]) -> float:
        return float(dict(row["metrics"])[self.metric]["mean"])

    def to_frame(self, frame: str | None = None) -> Any:
        """Give every metric of every strategy, with its interval.

        Parameters
        ----------
        frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
            The kind of frame; by default the first of these that is installed.

        Returns
        -------
        frame
            A row for each strategy and metric: ``task``, ``queries``, ``strategy``, ``metric``,
            ``mean``, ``low`` and ``high`` (95 % of the means of queries drawn again lie between
            them), and ``seconds_per_thousand`` queries. Where there is a baseline, the rows of the
            task's own metric have ``difference`` from it, ``difference_low`` and
            ``difference_high``.
        """
        import pyarrow as pa

        rows = []
        for row in self._rows:
            same = {name: row[name] for name in ("task", "queries", "strategy")}
            for metric, estimate in row["metrics"]:
                own = row.get("difference") if metric == self.metric else None
                one = {**same, "metric": metric, **estimate}
                one["seconds_per_thousand"] = row["seconds_per_thousand"]
                for part, name in zip(("mean", "low", "high"), _DIFFERENCES, strict=True):
                    one[name] = own[part] if own else None
                rows.append(one)
        types = {
            "queries": pa.int64(),
            **dict.fromkeys(("task", "strategy", "metric"), pa.string()),
        }
        names = ["task", "queries", "strategy", "metric", "mean", "low", "high"]
        schema = [
            (name, types.get(name, pa.float64()))
            for name in (*names, "seconds_per_thousand", *_DIFFERENCES)
        ]
        made = pa.Table.from_pylist(rows, pa.schema(schema))
        return _frames.like(frame or _frames.default(), made)

    def to_dict(self) -> dict[str, Any]:
        """Every figure, as plain values."""
        about = {"task": self.task, "metric": self.metric, "left_out": self.left_out}
        return {**about, "strategies": self._rows}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._rows)

    def __repr__(self) -> str:
        return (
            f"<passerelle.evaluate.Evaluation {self.task}: {len(self)} strategies on"
            f" {self.queries} queries, best {self.best}>"
        )

    def _repr_html_(self) -> str:
        others = [name for name, _ in self._rows[0]["metrics"]] if self._rows else []
        others = [name for name in others if name != self.metric]
        rows = []
        for row in sorted(self._rows, key=self._own, reverse=True):
            metrics, difference = dict(row["metrics"]), row.get("difference")
            rows.append(
                (
                    row["strategy"],
                    _words(metrics[self.metric]),
                    *(f"{metrics[name]['mean']:.4f}" for name in others),
                    f"{row['seconds_per_thousand']:.3f}",
                    _words(difference, "+") if difference else "",
                )
            )
        header = ("strategy", f"{self.metric} (95 %)", *others, "s/1000", "difference (95 %)")
        return table(repr(self), header, rows)


_DIFFERENCES = ("difference", "difference_low", "difference_high")


def _words(estimate: dict[str, float], sign: str = "") -> str:
    how = f"{sign}.4f"
    return f"{estimate['mean']:{how}} ({estimate['low']:{how}} to {estimate['high']:{how}})"


def tasks() -> dict[str, str]:
    """Name the tasks, with what each asks."""
    return dict(_core._tasks())


def metrics(
    ranked: Iterable[Hashable],
    relevant: Mapping[Any, float] | Iterable[Hashable],
    names: Iterable[str] | None = None,
) -> dict[str, float]:
    """Measure one ranking of one's own, as `run` measures those of strategies.

    Parameters
    ----------
    ranked : iterable
        Ids, best first, each once. A ranking has an order: of equal scores it says which comes
        first.
    relevant : mapping of id to grade, or iterable of ids
        What should have been ranked high, and how much: grades are finite and at least 0, and 0 is
        not relevant. Ids alone have grades of 1.
    names : iterable of str, optional
        ``"MAP"``, ``"MRR"``, ``"nDCG@k"``, ``"P@k"`` and ``"R@k"``, for any k from 1; by default
        those of `Evaluation.to_frame`.

    Returns
    -------
    dict of str to float
        Each in [0, 1]; their means over queries are those of an `Evaluation`. What is relevant and
        not ranked counts as never found. ``P@k`` is divided by k, even where less is ranked or
        relevant; the gain of ``nDCG@k`` is the grade itself. All are 0 where nothing is relevant.

    Raises
    ------
    ArgumentError
        An id twice, a grade that is none, a metric that is none.

    Examples
    --------
    >>> ps.evaluate.metrics(["a", "b", "c"], {"c", "a"}, ["MAP", "P@2", "R@2"])
    {'MAP': 0.8333333333333333, 'P@2': 0.5, 'R@2': 0.5}
    """
    order = list(ranked)
    at = {one: place for place, one in enumerate(order)}
    if len(at) < len(order):
        twice = next(one for place, one in enumerate(order) if at[one] != place)
        raise ArgumentError(f"`ranked` has {twice!r} twice; give each id once")
    grades = relevant if isinstance(relevant, Mapping) else dict.fromkeys(relevant, 1.0)
    for one, grade in grades.items():
        if not (math.isfinite(grade) and grade >= 0):
            raise ArgumentError(f"`relevant` grades {one!r} {grade}; expected a number from 0")
    positions = {one: at.get(one, len(at) + later) for later, one in enumerate(grades)}
    told = sorted((positions[one], float(grade)) for one, grade in grades.items() if grade > 0)
    chosen = _core._metric_names() if names is None else list(names)
    return dict(zip(chosen, _core._metrics(range(len(order)), told, chosen), strict=True))


def run(
    task: str,
    framework: Framework | Path | None = None,
    *,
    strategies: str | Iterable[str] = "all",
    against: str | None = None,
    half: Literal["all", "tuning", "reporting"] = "reporting",
    links: Path | None = None,
    other: Framework | None = None,
    language: str | None = None,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Let strategies rank for every query of a task, and measure how well.

    Parameters
    ----------
    task : str
        One of `tasks`, such as ``"from-50"``. ``"rome-mobility"``, ``"esco-same-group"``… name the
        framework as well.
    framework : Framework or path, optional
        What is ranked. A folder is read as the framework that `task` begins with; without it, the
        last such folder by name (``rome-…``) that the folder ``PASSERELLE_DATA`` has is.
    strategies : str or iterable of str, default "all"
        Names with their options, as of `strategies`, or ``"all"``.
    against : str, optional
        A strategy that the others are compared with, query by query.
    half : {"reporting", "tuning", "all"}
        Which queries count: what has options is tuned on one half, and reported on the other.
    links : path, optional
        For ``"mobility"`` ROME's folder, or its file of mobilities (that of `framework` where it is
        a folder); for ``"links"`` a CSV file of ``query``, ``relevant`` and, if there, ``grade``.
    other : Framework, optional
        For ``"other-version"`` the version whose occupations ask.
    language : str, optional
        Of the texts that are compared; the framework's own by default.
    seed : int, default 1
        Of what is drawn, and of the intervals.
    threads, progress
        See :ref:`long calls <long-calls>`.

    Returns
    -------
    Evaluation
        `to_frame` gives its figures; a notebook shows them, the best strategy first.

    Raises
    ------
    ArgumentError
        A task or strategy that is none, or one that needs what was not passed.
    FileError, DataError
        A folder or file that is not there, or cannot be read.
    """
    source, _, rest = task.partition("-")
    name = rest if source in _READERS else task
    if framework is None:
        framework = _folder(task, source)
    if not isinstance(framework, Framework):
        if source not in _READERS:
            known = ", ".join(f"`{known}-{name}`" for known in _READERS)
            raise ArgumentError(f"`framework` is a path; name the task as one of {known}")
        if name == "mobility" and links is None:
            links = framework
        framework = _READERS[source](framework)
    names = [strategies] if isinstance(strategies, str) else list(strategies)
    figures = _core._evaluate(
        name, framework, names, against, half, links, other, language, seed, threads, progress
    )
    return Evaluation(task, figures["metric"], figures["left_out"], figures["compared"])


def _folder(task: str, source: str) -> Folder:
    """Find the data of the framework that a task begins with."""
    data = os.environ.get("PASSERELLE_DATA")
    found = sorted(Folder(data).glob(f"{source}-*")) if data and source in _READERS else []
    if not found:
        raise ArgumentError(
            f"`framework` is not given, and PASSERELLE_DATA names no folder for `{task}`;"
            " pass a Framework or its publisher's folder"
        )
    return found[-1]
