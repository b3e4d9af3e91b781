"""Threads that say how long what they do has waited for them."""

import threading
import time

from config.waited import TimedThreads, waited_seconds


def test_what_waits_for_a_busy_thread_knows_how_long() -> None:
    free = threading.Event()
    with TimedThreads(max_workers=1) as threads:
        threads.submit(free.wait)
        waiting = threads.submit(waited_seconds)
        given_at = time.monotonic()
        time.sleep(0.01)
        freed_at = time.monotonic()
        free.set()
        assert waiting.result() >= freed_at - given_at


def test_outside_of_such_threads_nothing_was_waited_for() -> None:
    assert waited_seconds() == 0.0
