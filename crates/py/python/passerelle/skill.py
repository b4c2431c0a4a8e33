"""What is short: needs set against the people who are there.

`balance`, `tension` and `exclusions` say what is missing, `bridges` and `candidates` who is near;
`near_sectors`, `common_core` and `transversality` what jobs share. `Pools` unites people whom
several services know.

Counts of people are hidden where they are about 1 to 10, with those that would give them away,
unless ``exact=True`` asks for all of them.
"""

from passerelle._core import (
    Pools,
    balance,
    bridges,
    candidates,
    common_core,
    exclusions,
    held_map,
    near_sectors,
    required_map,
    tension,
    transversality,
)

__all__ = [
    "Pools",
    "balance",
    "bridges",
    "candidates",
    "common_core",
    "exclusions",
    "held_map",
    "near_sectors",
    "required_map",
    "tension",
    "transversality",
]
