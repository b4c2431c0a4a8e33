"""What is needed: from what many sensors saw to one picture of needs.

A `Register` holds every need that sensors reported, on `Territories`; a `Picture` counts reports of
the same vacancy once, and sums up. `Region` reads all of it from a hub's folder; a `Scenario` says
what is supposed of needs.
"""

from passerelle._core import Picture, Region, Register, Scenario, Territories

__all__ = ["Picture", "Region", "Register", "Scenario", "Territories"]
