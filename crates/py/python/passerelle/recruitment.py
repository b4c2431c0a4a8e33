"""What is needed: from what many sensors saw to one picture of needs.

A `Register` holds every need that sensors reported, on `Territories`; a `Picture` counts reports of
the same vacancy once, and sums up.
"""

from passerelle._core import Picture, Register, Territories

__all__ = ["Picture", "Register", "Territories"]
