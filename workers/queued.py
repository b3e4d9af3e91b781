"""What a worker takes out of a queue: the one function of ours, whatever else somebody wrote into Redis."""

from collections.abc import Callable
from typing import Any, Final

from rq.job import Job

RUN: Final = "workers.main.run"


class NotOurs(ValueError):
    """A job that is no promise of ours: nothing of it is imported or called."""


class PromiseJob(Job):
    """A job that can call nothing but `workers.main.run`: by itself RQ imports and calls whatever a job names."""

    @property
    def func(self) -> Callable[..., Any]:  # Any: what RQ expects of every job
        """The function; raises `NotOurs`."""
        if self.func_name != RUN or self.instance is not None:
            raise NotOurs("a job names another function than ours: look who writes into Redis")
        found: Callable[..., Any] = super().func  # Any: as above
        return found

    @property
    def success_callback(self) -> None:
        """None of ours has any."""

    @property
    def failure_callback(self) -> None:
        """None of ours has any."""

    @property
    def stopped_callback(self) -> None:
        """None of ours has any."""
