"""What is short: needs set against the people who are there.

Counts of people are hidden where they are about 1 to 10, with those that would give them away,
unless ``exact=True`` asks for all of them.
"""

from passerelle._core import (
    balance,
    bridges,
    candidates,
    exclusions,
    held_map,
    required_map,
    tension,
)

__all__ = [
    "balance",
    "bridges",
    "candidates",
    "exclusions",
    "held_map",
    "required_map",
    "tension",
]
