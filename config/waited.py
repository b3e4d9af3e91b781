"""How long a request waited until a thread took it: what a busy web process knows before anybody else."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_own = threading.local()


def waited_seconds() -> float:
    """How long the request of this thread waited for it; 0 where nobody measures."""
    return float(getattr(_own, "waited", 0.0))


class TimedThreads(ThreadPoolExecutor):
    """Threads that put down, for each thing they do, how long it waited for one of them."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it as soon as a thread is free."""
        given_at = time.monotonic()

        def do(*given: Any, **named: Any) -> T:
            _own.waited = time.monotonic() - given_at
            return fn(*given, **named)

        return super().submit(do, *args, **kwargs)
