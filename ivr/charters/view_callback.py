"""One callback as judges see it: what was promised, who tried when, and whether the customer was answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ivr.callbacks.rows import CallbackOutcome, Origin
from ivr.callbacks.telling import ATTEMPTED, LATE, MISSED, OVER, PROMISED
from ivr.calls.facts import Told
from ivr.charters.view_owed import OwedView, Telling, moment

ANSWERED = frozenset({CallbackOutcome.REACHED, CallbackOutcome.CALLED_IN, CallbackOutcome.OTHER_WAY})


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt: `rang` is the fact that the customer's telephone rang, or was busy; None where it never did."""

    id: str
    agent_id: str
    made_at: datetime
    outcome: str | None
    rang: Told | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackView(OwedView):
    """One callback. `promised_at` is the time that was told to the customer first.

    `has` names the parts of a memo that are there, `lacking` the code why one is not. `served_before` are the ids of
    those without an appointment who were served between the time booked and the first try.
    """

    origin: Origin
    promised_at: datetime
    outcome: CallbackOutcome | None = None
    reason: str | None = None
    has: frozenset[str] = frozenset()
    lacking: Mapping[str, str] = field(default_factory=dict)
    officer_agent_id: str | None = None
    tries: tuple[Try, ...] = ()
    served_before: tuple[str, ...] = ()

    @property
    def over(self) -> Told | None:
        """The fact that it ended."""
        return self.first(OVER)

    @property
    def answered(self) -> tuple[Telling, ...]:
        """The answer, by our call, the customer's own, or in another way."""
        over = self.over
        if over is None or over.detail.get("outcome") not in ANSWERED:
            return ()
        return (Telling(over, moment(over), str(over.detail["outcome"])),)

    @property
    def first_rang(self) -> Told | None:
        """The first try that reached the customer's telephone."""
        rang = [one.rang for one in self.tries if one.rang is not None]
        return min(rang, key=lambda fact: (moment(fact), fact.key), default=None)

    @property
    def notices(self) -> tuple[Telling, ...]:
        """What the customer was told about a later time and why, each by a text numbered like its fact."""
        return tuple(
            self.telling(fact, message=f"{self.id}-late-{fact.key.rpartition(':')[2]}", by="sms")
            for fact in self.told(LATE)
        )

    @property
    def why_late(self) -> str | None:
        """The code of the reason that is on record for a slip, the last one."""
        told = self.told(MISSED, LATE)
        return str(told[-1].detail["reason"]) if told else None

    @property
    def asked(self) -> Told | None:
        """The fact that it was promised."""
        return self.first(PROMISED)

    @property
    def withdrawn(self) -> Told | None:
        """The customer does not wish it any more."""
        over = self.over
        return over if over is not None and over.detail.get("outcome") == CallbackOutcome.WITHDRAWN else None

    @property
    def unreached(self) -> tuple[Told, ...]:
        """Tries that reached the customer's telephone: busy, not answered, taken by somebody or something else."""
        return tuple(
            fact
            for fact in self.told(ATTEMPTED)
            if fact.detail.get("result") == "unreached" and fact.detail.get("outcome") != "failed"
        )

    @property
    def failed(self) -> tuple[Told, ...]:
        """Tries that the carrier failed to connect."""
        return tuple(fact for fact in self.told(ATTEMPTED) if fact.detail.get("outcome") == "failed")

    def chosen_later(self, due: datetime) -> tuple[Told, datetime] | None:
        """A time after `due` that the customer chose: of an appointment, on the web, or as an agent's memo says."""
        asked = self.asked
        if asked is None or not asked.detail.get("chosen") or self.promised_at <= due:
            return None
        return asked, self.promised_at
