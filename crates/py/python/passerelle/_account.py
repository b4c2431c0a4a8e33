"""A score that is no sum over shared skills, accounted for part by part."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from passerelle._html import table


@dataclass(frozen=True, repr=False)
class Account:
    """How a score comes about: the sum of its parts, each a weight times a value.

    Attributes
    ----------
    person, target : str
        The person's pseudonymous id, and the occupation's.
    """

    person: str
    target: str
    _figures: dict[str, Any]
    _rebuilt: float

    @property
    def strategy(self) -> str:
        """The strategy's name."""
        return str(self._figures["scorer"])

    @property
    def score(self) -> float:
        """The score."""
        return float(self._figures["score"])

    @property
    def parts(self) -> list[dict[str, Any]]:
        """What is added up: ``of``, ``weight``, ``value``; ``account`` where it is a score too."""
        return list(self._figures["parts"])

    def rebuild(self) -> float:
        """Put the score together again from its parts: the very bits of `score`."""
        return self._rebuilt

    def to_dict(self) -> dict[str, Any]:
        """Every figure, as plain values."""
        return {"person": self.person, "target": self.target, **self._figures}

    def __str__(self) -> str:
        lines = [f"{self.person} → {self.target}", f"{self.strategy}: {self.score:.4g}"]
        lines += [f"{'  ' * depth}{of}: {value}" for depth, of, value in _lines(self.parts)]
        return "\n".join(lines) + "\n"

    def __repr__(self) -> str:
        return f"<passerelle.Account {self.person} → {self.target}: {self.score:.4g}>"

    def _repr_html_(self) -> str:
        rows = [(f"{'· ' * (depth - 1)}{of}", value) for depth, of, value in _lines(self.parts)]
        title = f"{self.person} → {self.target}: {self.strategy} {self.score:.4g}"
        return table(title, ("part", "weight · value"), rows)


def _lines(parts: list[dict[str, Any]], depth: int = 1) -> Iterator[tuple[int, str, str]]:
    for part in parts:
        yield depth, part["of"], f"{part['weight']:.4g} · {part['value']:.4g}"
        if part.get("account"):
            yield from _lines(part["account"]["parts"], depth + 1)
