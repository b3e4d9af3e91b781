"""One outgoing call as judges see it: what the customer heard, and who the customer said to be (D9)."""

from dataclasses import dataclass
from datetime import datetime

from ivr.calls.facts import Told
from ivr.calls.legs import Leg
from ivr.charters.view_owed import OwedView
from ivr.dialling.known import CONFIRMED, OTHER, UNSURE

# Whatever is told after the greeting proves that it was heard to its end.
AFTER_GREETING = (CONFIRMED, OTHER, UNSURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView(OwedView):
    """One attempt to call back. `customer` is the customer's leg, `met` the fact of entering the agent's room."""

    callback_id: str
    customer: Leg
    met: Told | None

    @property
    def announced(self) -> Told | None:
        """The greeting as it was given to the customer: `text`, and the `parts` in it."""
        return self.first("announced")

    @property
    def heard_out(self) -> Told | None:
        """The fact that the greeting was heard to its end."""
        return self.first(*AFTER_GREETING)

    @property
    def confirmed(self) -> Told | None:
        """The customer said to be the right one."""
        return self.first(CONFIRMED)

    @property
    def gone_at(self) -> datetime | None:
        """When the customer's leg ended."""
        return self.customer.ended_at
