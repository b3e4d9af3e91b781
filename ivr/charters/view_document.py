"""Papers as judges see them: when they came, what their sender was told by which way, and what was missing."""

from dataclasses import dataclass
from datetime import datetime

from ivr.calls.facts import Told
from ivr.charters.view_owed import OwedView, Telling
from ivr.documents.changing import TELLING, What

FOUND = "missing-found"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView(OwedView):
    """Papers of one event. `noted_at` is when somebody saw that they had come; `takes_texts` is about their sender."""

    channel: str
    noted_at: datetime
    takes_texts: bool = True

    @property
    def receipts(self) -> tuple[Telling, ...]:
        """The notices that the papers came."""
        return self.tellings(TELLING[What.RECEIPT])

    @property
    def officers(self) -> tuple[Telling, ...]:
        """The notices of who is in charge; the fact names the `parts` that they had."""
        return self.tellings(TELLING[What.OFFICER])

    @property
    def lacks(self) -> tuple[Told, ...]:
        """Each time that papers were found missing."""
        return self.told(FOUND)

    @property
    def explained(self) -> tuple[Telling, ...]:
        """The explanations of what is missing; the fact has the number of the `round` that it explains."""
        return self.tellings(TELLING[What.MISSING])
