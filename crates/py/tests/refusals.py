"""What may come out where anything may go in."""

import warnings
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings

import passerelle as ps

ALLOWED = (ps.PasserelleError, TypeError, ValueError)

# The fixtures are made once, and nothing changes them.
often = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def tried(call: Callable[[], Any]) -> Any:
    """Give what a call gives; `None` where it refuses as it may."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ps.RowsDropped)
        try:
            return call()
        except ps.errors.InternalError:
            raise
        except ALLOWED:
            return None
