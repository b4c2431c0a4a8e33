"""Single calls of other libraries that may take long."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

_T = TypeVar("_T")


def left_alone(call: Callable[[], _T]) -> _T:
    """Do what cannot be stopped on a thread of its own, which Ctrl-C leaves to end by itself."""
    future: Future[_T] = Future()

    def work() -> None:
        try:
            future.set_result(call())
        except BaseException as raised:
            future.set_exception(raised)

    # The interpreter does not end before it does: it would take what the other library stands on.
    threading.Thread(target=work).start()
    # On Windows a wait without an end hears no signal.
    while not wait([future], timeout=0.1).done:
        pass
    return future.result()
