"""Pictures, as Altair charts: of gaps, of one person, of a region's needs, of an evaluation.

It comes with ``pip install passerelle[viz]``. Each function gives an `altair.Chart`, to show in a
notebook, change further, or save. Frames of any kind are taken, and titles are in English or, with
``language="fr"``, in French.
"""

from collections.abc import Callable
from typing import Any

import altair as alt
import numpy as np
import pyarrow as pa

from passerelle import _frames
from passerelle._core import Occupations, Profiles, gap_matrix
from passerelle._explanation import Explanation
from passerelle.errors import ArgumentError, DataError
from passerelle.evaluate import Evaluation

__all__ = ["balance", "bridges", "coverage", "evaluation", "gaps"]

#: The most cells that a heat map shows: more are not told apart.
CELLS = 20_000

#: Told apart by people who see colours otherwise, too (Okabe and Ito, 2008).
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#999999"

_FRENCH = {
    "acquire": "à acquérir",
    "blocked by a licence alone": "bloqué par un seul titre",
    "class": "classe",
    "coverage": "couverture",
    "develop": "à développer",
    "far": "éloigné",
    "held": "détenu",
    "maintain": "acquis",
    "near": "proche",
    "occupation": "métier",
    "people left over (right), positions without anyone (left)": (
        "personnes en surplus (à droite), postes sans personne (à gauche)"
    ),
    "person": "personne",
    "reach": "accès",
    "required": "attendu",
    "shortage": "pénurie",
    "surplus": "surplus",
    "surplus less shortage": "surplus moins pénurie",
    "territory": "territoire",
    "unknown": "non renseigné",
}


def _words(language: str) -> Callable[[str], str]:
    """Give what says the words in a language."""
    if language not in ("en", "fr"):
        raise ArgumentError(f"`language` is `{language}`; expected `en` or `fr`")
    return (lambda word: _FRENCH.get(word, word)) if language == "fr" else str


def _rows(frame: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Give the rows of a frame that has these columns."""
    table = _frames.to_arrow(frame)[1]
    for name in columns:
        if name not in table.column_names:
            there = ", ".join(f"`{name}`" for name in table.column_names)
            raise DataError(f"no column `{name}`; the columns are {there}")
    rows: list[dict[str, Any]] = table.select(columns).to_pylist()
    return rows


def _data(rows: list[dict[str, Any]]) -> Any:
    made: Any = alt.InlineData
    return made(values=rows)


def _less(one: int | None, other: int | None) -> int | None:
    """Subtract counts; one that was left out leaves the difference out."""
    return None if one is None or other is None else one - other


def _at_least_one(most: int) -> None:
    if most < 1:
        raise ArgumentError(f"`most` is {most}; expected at least 1")


def gaps(
    people: Profiles,
    targets: Occupations,
    measure: str = "coverage",
    *,
    language: str = "en",
    threads: int | None = None,
) -> Any:
    """Draw how far each person is from each target, as a heat map.

    Parameters
    ----------
    people : Profiles
    targets : Occupations
        At most 20,000 cells in all: take some with ``people[:50]``.
    measure : str, default "coverage"
        As of `passerelle.gap_matrix`.
    language : {"en", "fr"}
        Of titles and labels.
    threads : int, optional
        See :ref:`long calls <long-calls>`.

    Returns
    -------
    altair.Chart

    Raises
    ------
    ArgumentError
        Too many cells; an unknown `measure` or `language`.
    VersionError
        People and targets are of two frameworks or versions.
    """
    say = _words(language)
    cells = len(people) * len(targets)
    if cells > CELLS:
        raise ArgumentError(f"{cells} cells, more than {CELLS}; pass some of them: `people[:50]`")
    figures = gap_matrix(people, targets, measure, threads=threads)
    table = pa.table(
        {
            "person": np.repeat(people.ids, len(targets)),
            "target": np.tile(targets.labels(language), len(people)),
            "id": np.tile(targets.ids, len(people)),
            "figure": figures.ravel(),
        }
    )
    named = say(measure.replace("-", " "))
    # Of a gap the most is the worst.
    scale = alt.Scale(scheme="oranges" if measure.startswith("gap") else "blues")
    return (
        alt.Chart(table)
        .mark_rect()
        .encode(
            x=alt.X("target:N", title=say("occupation"), sort=None, axis=alt.Axis(labelLimit=160)),
            y=alt.Y("person:N", title=say("person"), sort=None),
            color=alt.Color("figure:Q", title=named, scale=scale),
            tooltip=[
                alt.Tooltip("person:N", title=say("person")),
                alt.Tooltip("target:N", title=say("occupation")),
                alt.Tooltip("id:N"),
                alt.Tooltip("figure:Q", title=named, format=".3"),
            ],
        )
    )


def coverage(explanation: Explanation, *, language: str = "en") -> Any:
    """Draw what a person holds of what an occupation requires, skill by skill.

    Parameters
    ----------
    explanation : Explanation
        Of `passerelle.explain`.
    language : {"en", "fr"}
        Of titles; skills are labelled in the language of the explanation.

    Returns
    -------
    altair.LayerChart
        A bar for each required skill, in steps of its level: what is held over what is required.

    Raises
    ------
    ArgumentError
        An unknown `language`.
    """
    say = _words(language)
    terms = explanation.terms
    classes = ("maintain", "develop", "acquire", "unknown")
    rows = [
        {
            "skill": term["label"],
            "required": term["required"],
            "held": min(term["held"] or 0, term["required"]),
            "class": say(term["class"]),
            "necessity": term["necessity"],
        }
        for term in terms
    ]
    colours = alt.Scale(domain=[say(name) for name in classes], range=[GREEN, BLUE, ORANGE, GREY])
    label, score = explanation.to_dict()["target_label"], f"{explanation.score:.2f}"
    title = f"{explanation.person} → {label}: {explanation.strategy} {score}"
    colour = alt.Color("class:N", title=say("class"), scale=colours)
    skill = alt.Y("skill:N", title=None, sort=None, axis=alt.Axis(labelLimit=320))
    steps = f"{say('held')} / {say('required')}"
    base = alt.Chart(_data(rows), title=title)
    asked = base.mark_bar(filled=False, strokeWidth=1.5).encode(
        x=alt.X("required:Q", title=steps, axis=alt.Axis(tickMinStep=1, format="d")),
        y=skill,
        stroke=colour,
        tooltip=["skill:N", "held:Q", "required:Q", "class:N", "necessity:N"],
    )
    held = base.mark_bar().encode(x="held:Q", y=skill, color=colour)
    return held + asked


def balance(frame: Any, *, most: int = 30, language: str = "en") -> Any:
    """Draw where positions lack people and where people are left over.

    Parameters
    ----------
    frame : pandas, Polars, PyArrow, DuckDB… frame
        Of `passerelle.skill.balance`. Of several territories the picture is a map of skills and
        territories; of one it is a bar for each skill. Where a count was left out it is
        grey, or without a bar.
    most : int, default 30
        How many skills to show at most: those with the greatest shortage or surplus.
    language : {"en", "fr"}
        Of titles.

    Returns
    -------
    altair.Chart

    Raises
    ------
    DataError
        A column is missing.
    ArgumentError
        An unknown `language`; `most` of 0.
    """
    say = _words(language)
    rows = _rows(frame, ("territory", "skill", "label", "shortage", "surplus"))
    _at_least_one(most)
    weight: dict[str, int] = {}
    for row in rows:
        known = (row["shortage"] or 0) + (row["surplus"] or 0)
        weight[row["skill"]] = weight.get(row["skill"], 0) + known
    shown = set(sorted(weight, key=lambda skill: -weight[skill])[:most])
    rows = [row for row in rows if row["skill"] in shown]
    territories = {row["territory"] for row in rows}
    skill = alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=320))
    if len(territories) > 1:
        cells = [{**row, "left": _less(row["surplus"], row["shortage"])} for row in rows]
        spread = max((abs(row["left"]) for row in cells if row["left"] is not None), default=1)
        colours = alt.Scale(range=[ORANGE, "#f7f7f7", BLUE], domain=[-spread, 0, spread])
        return (
            alt.Chart(_data(cells))
            .mark_rect()
            .encode(
                x=alt.X("territory:N", title=say("territory")),
                y=skill,
                color=alt.Color("left:Q", title=say("surplus less shortage"), scale=colours),
                tooltip=["territory:N", "label:N", "shortage:Q", "surplus:Q"],
            )
            # What is left out is told from what is even.
            .properties(view=alt.ViewBackground(fill="#d9d9d9"))
        )
    sides = [
        {**row, "side": say(side), "left": row[side] if side == "surplus" else _less(0, row[side])}
        for row in rows
        for side in ("shortage", "surplus")
    ]
    colours = alt.Scale(domain=[say("shortage"), say("surplus")], range=[ORANGE, BLUE])
    title = say("people left over (right), positions without anyone (left)")
    return (
        alt.Chart(_data(sides))
        .mark_bar()
        .encode(
            x=alt.X("left:Q", title=title),
            y=skill,
            color=alt.Color("side:N", title=None, scale=colours),
            tooltip=["label:N", "side:N", "left:Q"],
        )
    )


def bridges(frame: Any, *, most: int = 20, language: str = "en") -> Any:
    """Draw the occupations that someone could move to, the nearest first.

    Parameters
    ----------
    frame : pandas, Polars, PyArrow, DuckDB… frame
        Of `passerelle.skill.bridges`.
    most : int, default 20
        How many occupations to show at most.
    language : {"en", "fr"}
        Of titles.

    Returns
    -------
    altair.LayerChart
        A bar for each occupation: how much of it is held for sure, and up to where it may be, what
        the profile does not speak of included.

    Raises
    ------
    DataError
        A column is missing.
    ArgumentError
        An unknown `language`; `most` of 0.
    """
    say = _words(language)
    columns = ("target", "label", "coverage", "gap_lower", "total", "near", "licence_alone")
    _at_least_one(most)
    rows = _rows(frame, columns)[:most]
    reaches = ("near", "blocked by a licence alone", "far")
    for row in rows:
        blocked = row["licence_alone"]
        row["reach"] = say(reaches[1] if blocked else reaches[0] if row["near"] else reaches[2])
        row["upper"] = 1 - row["gap_lower"] / row["total"]
    colours = alt.Scale(domain=[say(reach) for reach in reaches], range=[GREEN, ORANGE, GREY])
    base = alt.Chart(_data(rows))
    label = alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=320))
    across = alt.X("coverage:Q", title=say("coverage"), scale=alt.Scale(domain=[0, 1]))
    bars = base.mark_bar().encode(
        x=across,
        y=label,
        color=alt.Color("reach:N", title=say("reach"), scale=colours),
        tooltip=["target:N", "label:N", "coverage:Q", "upper:Q", "reach:N"],
    )
    unsure = base.mark_rule(color="black").encode(x="coverage:Q", x2="upper:Q", y=label)
    return bars + unsure


def evaluation(done: Evaluation, *, metric: str | None = None) -> Any:
    """Draw how well strategies rank, with the interval of each.

    Parameters
    ----------
    done : Evaluation
        Of `passerelle.evaluate.run`.
    metric : str, optional
        Which metric; by default the task's own.

    Returns
    -------
    altair.LayerChart
        A point for each strategy, the best first, in 95 % of the means of queries drawn again.

    Raises
    ------
    ArgumentError
        An unknown `metric`.
    """
    metric = metric or done.metric
    rows = [row for row in done.to_frame("pyarrow").to_pylist() if row["metric"] == metric]
    if not rows:
        raise ArgumentError(f"`metric` is `{metric}`, which {done!r} does not have")
    rows.sort(key=lambda row: -row["mean"])
    base = alt.Chart(_data(rows), title=f"{done.task} ({metric})")
    strategy = alt.Y("strategy:N", title=None, sort=None, axis=alt.Axis(labelLimit=240))
    across = alt.X("low:Q", title=f"{metric}, 95 %", scale=alt.Scale(zero=False))
    intervals = base.mark_rule(strokeWidth=2, color=GREY).encode(x=across, x2="high:Q", y=strategy)
    points = base.mark_point(filled=True, size=60, color=BLUE, opacity=1).encode(
        x="mean:Q", y=strategy, tooltip=["strategy:N", "mean:Q", "low:Q", "high:Q"]
    )
    return intervals + points
