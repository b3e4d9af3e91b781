"""One dial of a campaign as judges see it: what was asked of whom, by which consent, and what it costs (A17-A22)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ivr.campaigns.rows import ChargeState
from ivr.charters.terms import SurveyKind
from ivr.charters.view_owed import OwedView
from ivr.consents.rows import Purpose
from ivr.surveys.kinds import ADVERTISEMENTS, SurveyClass

KINDS: Mapping[str, SurveyKind] = {
    "improvement": "product_improvement",
    "loyalty": "loyalty",
    "usefulness": "usefulness",
    "consult_service": "consultation_service",
    "as_service": "repair_service",
    "promotion": "promotion",
    "trade_in": "trade_in",
}
"""The kinds of `config/surveys/kinds.toml` in the words of the charters (A20)."""


@dataclass(frozen=True, slots=True)
class Given:
    """A consent to be rung by day, as the ledger has it; `expires_at` is the first moment at which it holds no more."""

    id: int
    purpose: Purpose
    given_at: datetime
    recorded_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A withdrawal of the ledger: of its own consent, and of all of the purpose that were given before it."""

    consent_id: int
    purpose: Purpose
    withdrawn_at: datetime


class Agreement(StrEnum):
    """How somebody stands to a purpose at one moment."""

    GIVEN = "given"
    NEVER = "never"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the ledger has of one person."""

    given: tuple[Given, ...] = ()
    taken_back: tuple[TakenBack, ...] = ()

    def at(self, moment: datetime, purpose: Purpose) -> tuple[Agreement, Given | None]:
        """How the person stood to a purpose at this moment, and by which consent: the newest one not taken back."""
        known = [one for one in self.given if one.purpose is purpose and max(one.given_at, one.recorded_at) <= moment]
        kept = [one for one in known if not self._is_taken_back(one, moment)]
        if not kept:
            return (Agreement.WITHDRAWN if known else Agreement.NEVER), None
        newest = max(kept, key=lambda one: (one.given_at, one.id))
        return (Agreement.GIVEN if moment < newest.expires_at else Agreement.EXPIRED), newest

    def _is_taken_back(self, given: Given, moment: datetime) -> bool:
        return any(
            one.withdrawn_at <= moment
            and (one.consent_id == given.id or (one.purpose is given.purpose and given.given_at <= one.withdrawn_at))
            for one in self.taken_back
        )


@dataclass(frozen=True, slots=True)
class Used:
    """What a firm had used of its month's calls at the second of dialling.

    `calls` of its customers and answers `owed` for count surely; dials `held` were open then, and ended either way.
    """

    calls: int
    owed: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyView(OwedView):
    """One dial that rang. `came_at` is the second of dialling; `used` is None where no firm had ordered the survey.

    `is_complete`: all questions were answered, by telephone or on the page; `is_surplus`: only after the quota was
    full. `charge` is None where nothing was put on any bill.
    """

    firm: str | None
    ordered_at: datetime
    kind: str
    survey_class: str
    is_complete: bool
    is_surplus: bool
    charge: ChargeState | None
    ledger: Ledger
    used: Used | None = None

    @property
    def is_happy_call(self) -> bool:
        """A happy call is no survey: a firm does not order it, and it is free of charge (A22)."""
        return self.survey_class == SurveyClass.HAPPY_CALL

    @property
    def is_advertisement(self) -> bool:
        """Was it run under the rules for advertising?"""
        return self.survey_class in ADVERTISEMENTS

    @property
    def declared(self) -> SurveyKind | None:
        """The kind as the charters name it; None for one that they do not know."""
        return KINDS.get(self.kind)
