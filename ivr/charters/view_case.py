"""One case as judges see it: its sort, its dates, and what its customer was told."""

from dataclasses import dataclass
from datetime import datetime

from ivr.calls.facts import Told
from ivr.charters.view_owed import OwedView, Telling


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView(OwedView):
    """One case. `first_due_at` is the date that it was given at first, `owed` what is owed before that date.

    `owner` and `handler` are departments, `decided_at` is when its result stood.
    """

    kind: str
    channel: str
    topic: str | None
    owner: str
    handler: str | None
    owed: str
    first_due_at: datetime
    decided_at: datetime | None = None

    @property
    def answers(self) -> tuple[Telling, ...]:
        """The final answers, as told to the customer."""
        return tuple(one for one in self.tellings("answered") if not one.fact.detail.get("first"))

    @property
    def first_answers(self) -> tuple[Telling, ...]:
        """Every answer, a first one or the final one."""
        return self.tellings("answered")

    @property
    def directions(self) -> tuple[Telling, ...]:
        """What the customer was told of the direction, with the date of the answer (`due`)."""
        return self.tellings("directed")

    @property
    def notices(self) -> tuple[Telling, ...]:
        """What the customer was told before a slip: the reason, and the new date (`due`)."""
        return self.tellings("late-told")

    @property
    def decided(self) -> Told | None:
        """The fact that the result stood."""
        return self.first("decided")
