"""A score taken apart, to read in a notebook."""

from dataclasses import dataclass
from typing import Any

from passerelle._html import table


@dataclass(frozen=True, repr=False)
class Explanation:
    """Why a person has the score that they have for an occupation.

    ``str()`` gives plain words, in French where the language is ``"fr"``, in English otherwise.
    """

    _figures: dict[str, Any]
    _words: str
    _rebuilt: float

    @property
    def person(self) -> str:
        """The person's pseudonymous id."""
        return str(self._figures["person"])

    @property
    def target(self) -> str:
        """The occupation's id."""
        return str(self._figures["target"])

    @property
    def strategy(self) -> str:
        """The strategy's name."""
        return str(self._figures["strategy"])

    @property
    def score(self) -> float:
        """The score."""
        return float(self._figures["score"])

    @property
    def status(self) -> str:
        """Whether the person may go for it, as far as the profile tells."""
        return str(self._figures["status"])

    @property
    def terms(self) -> list[dict[str, Any]]:
        """Every required skill: what is asked, held, missing, and what it adds to the score."""
        return list(self._figures["terms"])

    @property
    def surplus(self) -> list[dict[str, Any]]:
        """What is held above or beside what is required."""
        return list(self._figures["surplus"])

    def rebuild(self) -> float:
        """Put the score together again from its terms: the very bits of `score`."""
        return self._rebuilt

    def to_dict(self) -> dict[str, Any]:
        """Every figure, as plain values."""
        return self._figures

    def __str__(self) -> str:
        return self._words

    def __repr__(self) -> str:
        return (
            f"<passerelle.Explanation {self.person} → {self.target}: "
            f"{self.strategy} {self.score:.4g}, {self.status}>"
        )

    def _repr_html_(self) -> str:
        terms = [
            (
                term["label"],
                f"{'?' if term['held'] is None else term['held']} / {term['required']}",
                term["class"],
                term["necessity"],
                term["evidence"]["evidence"] if term.get("evidence") else "",
                f"{term['contribution']:g}",
            )
            for term in self.terms
        ]
        title = f"{self.person} → {self._figures['target_label']} ({self.target}): {self.score:.4g}"
        header = ("skill", "held / required", "class", "necessity", "evidence", "adds")
        return table(title, header, terms)
