"""Measures of one interview of a survey or happy call, and of what it costs."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from ivr.charters.measures.shape import Measure
from ivr.charters.terms import Count, Scope, Several, SurveyKind

SURVEY: frozenset[Scope] = frozenset({"survey"})


class RatingCredited(Measure):
    """The customer's rating was entered in the ledger of all named in `to`."""

    scopes: ClassVar[frozenset[Scope]] = SURVEY
    name: Literal["rating_credited"]
    to: Several[Literal["employee", "department"]]


class RequestedByFirm(Measure):
    """A firm of the shared centre had ordered the survey before it was dialled."""

    scopes: ClassVar[frozenset[Scope]] = SURVEY
    name: Literal["requested_by_firm"]


class WithinMonthlyCalls(Measure):
    """A firm using fewer than `calls` calls a month had calls left in that month when the survey was dialled."""

    scopes: ClassVar[frozenset[Scope]] = SURVEY
    name: Literal["within_monthly_calls"]
    calls: Count


class BilledWhenComplete(Measure):
    """The call was billed if and only if the customer answered all questions."""

    scopes: ClassVar[frozenset[Scope]] = SURVEY
    name: Literal["billed_when_complete"]


class SurveyKindDeclared(Measure):
    """The campaign was declared as one of `kinds`; those in `advertising` were run under the rules for advertising."""

    scopes: ClassVar[frozenset[Scope]] = SURVEY
    name: Literal["survey_kind_declared"]
    kinds: Several[SurveyKind]
    advertising: tuple[SurveyKind, ...] = ()

    @model_validator(mode="after")
    def _names_its_own(self) -> Self:
        strange = sorted(set(self.advertising) - set(self.kinds))
        if strange:
            raise ValueError(f"calls {', '.join(strange)} advertising, which kinds does not name: add it there")
        return self


class ConsentHeld(Measure):
    """Valid consent for `purpose` was on record at the second of dialling."""

    scopes: ClassVar[frozenset[Scope]] = SURVEY
    name: Literal["consent_held"]
    purpose: Literal["happy_call", "opinion_survey", "marketing_survey", "advertising", "telesales"]


class FreeOfCharge(Measure):
    """None of `charges` stands on the firm's statement."""

    scopes: ClassVar[frozenset[Scope]] = frozenset({"survey", "period"})
    name: Literal["free_of_charge"]
    charges: Several[Literal["happy_call", "call_charges", "message_fees"]]
