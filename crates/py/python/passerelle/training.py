"""Which training closes the gaps: for one person, and for everyone within the money there is.

An `Offer` is what can be bought. `pathway` closes one person's gap at least cost,
`pathways` those of many; `learners` says
who is to be trained for which need, and `plan` what to buy for them. `uncovered` finds what
certifications miss.

Counts of people are hidden where they are about 1 to 10, with those that would give them away,
unless ``exact=True`` asks for all of them. What names pseudonyms is as private as profiles.
"""

from passerelle._core import Learners, Offer, Plan, learners, pathway, pathways, plan, uncovered
from passerelle._pathway import Pathway

__all__ = [
    "Learners",
    "Offer",
    "Pathway",
    "Plan",
    "learners",
    "pathway",
    "pathways",
    "plan",
    "uncovered",
]
