"""The modules that close one person's gap, to read in a notebook."""

from dataclasses import dataclass
from typing import Any

from passerelle import _tables
from passerelle._html import table


@dataclass(frozen=True, repr=False)
class Pathway:
    """The modules for one person and one occupation, in the order to follow them.

    Attributes
    ----------
    person, target : str
        The person's pseudonymous id, and the occupation's.
    """

    person: str
    target: str
    _figures: dict[str, Any]

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Every module: its session and dates, what it closes and prepares, what to ask first."""
        return list(self._figures["steps"])

    @property
    def remaining(self) -> list[dict[str, Any]]:
        """What remains open, from which level to which, and why."""
        return list(self._figures["remaining"])

    @property
    def ask(self) -> list[dict[str, Any]]:
        """The skills that it teaches though the profile is silent on them: what to ask first."""
        return list(self._figures["ask"])

    @property
    def minutes(self) -> int:
        """The trainee's time."""
        return int(self._figures["minutes"])

    @property
    def cents(self) -> int:
        """The money."""
        return int(self._figures["cents"])

    @property
    def certificate(self) -> dict[str, Any]:
        """How good it is: no pathway that closes as much costs less than ``bound``."""
        return dict(self._figures["certificate"])

    def table(self, *, frame: str | None = None) -> Any:
        """Give the modules in order, as a frame.

        Parameters
        ----------
        frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional

        Returns
        -------
        frame
            ``closes`` lists skills as ``skill: from → to``.
        """
        kinds = {
            "module": "text",
            "label": "text",
            "minutes": "count",
            "session": "text",
            "territory": "text",
            "start": "day",
            "end": "day",
            "closes": "texts",
            "ask_first": "yes",
        }
        rows = [
            [_closes(step) if name == "closes" else step[name] for name in kinds]
            for step in self.steps
        ]
        return _tables.frame(list(kinds.items()), rows, frame)

    def to_dict(self) -> dict[str, Any]:
        """Every figure, as plain values."""
        return {"person": self.person, "target": self.target, **self._figures}

    def __len__(self) -> int:
        return len(self._figures["steps"])

    def __repr__(self) -> str:
        proven = "proven" if self.certificate["proven"] else "not proven"
        return (
            f"<passerelle.training.Pathway {self.person} → {self.target}: {len(self)} modules, "
            f"{self.minutes / 60:g} h, {self.cents / 100:.2f} €, {proven} the least>"
        )

    def _repr_html_(self) -> str:
        rows = [
            (
                step["label"],
                f"{step['minutes'] / 60:g}",
                f"{step['start'] or ''} {step['end'] or ''}".strip(),
                "; ".join(_closes(step)),
                "yes" if step["ask_first"] else "",
            )
            for step in self.steps
        ]
        return table(repr(self), ("module", "hours", "dates", "closes", "ask first"), rows)


def _closes(step: dict[str, Any]) -> list[str]:
    return [f"{one['label']}: {one['from']} → {one['to']}" for one in step["closes"]]
