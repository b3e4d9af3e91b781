"""The closed lists of the charter files: what is judged, how time counts, what excuses, who and which way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field

Scope = Literal["call", "offer", "transfer", "callback", "document", "case", "survey", "period"]
"""What one verdict is about. An offer is one ringing of one agent; a period is a month, quarter or year."""

Basis = Literal["calendar_hours", "working_hours_8", "business_days", "calendar_days"]
"""How time counts: by the clock; in opening hours, 8 to the day; in business days or in calendar days,
both with the first day counted (Civil Petitions Treatment Act, article 19)."""

Exemption = Literal[
    "abuse_ended_after_warning",
    "time_cap",
    "survey_hand_off",
    "network_failure",
    "relay_service",
    "test_call",
    "caller_gone",
    "customer_unreachable",
    "customer_chose_later",
    "awaiting_customer",
    "no_contact",
    "withdrawn",
]
Direction = Literal["inbound", "outbound"]
Channel = Literal["phone", "web", "web_booking", "post", "fax", "email", "visit"]
OpinionKind = Literal["complaint", "proposal", "praise", "inquiry"]
RequestKind = Literal["disclosure", "objection", "redress", "after_care"]
IntakeKind = Literal["fault", "usage", "purchase"]
Kind = Literal[OpinionKind, RequestKind, IntakeKind]
"""What a case is: S1, then K9, K19, K21 and T13, then what the shared centre takes in (A1)."""

SurveyKind = Literal[
    "product_improvement",
    "loyalty",
    "usefulness",
    "consultation_service",
    "repair_service",
    "promotion",
    "trade_in",
]
Every = Literal["month", "quarter", "half_year", "year"]


@dataclass(frozen=True, slots=True)
class Excuse:
    """What must be on record for an exemption, and which scopes it can excuse."""

    evidence: str
    scopes: frozenset[Scope]


CALLS: frozenset[Scope] = frozenset({"call", "offer", "transfer", "callback"})
OWED: frozenset[Scope] = frozenset({"callback", "document", "case"})

EXEMPTIONS: Mapping[Exemption, Excuse] = {
    "abuse_ended_after_warning": Excuse(
        "the agent ended the call after a played warning (Civil Petitions Treatment Decree, article 4)",
        frozenset({"call", "transfer"}),
    ),
    "time_cap": Excuse(
        "the recommended time was over and its notice had been played (same article)",
        frozenset({"call", "transfer"}),
    ),
    "survey_hand_off": Excuse("the agent left so that the caller could answer a survey", frozenset({"call"})),
    "network_failure": Excuse("the carrier reported a failed or lost leg", CALLS | {"survey"}),
    "relay_service": Excuse("an interpreter of the relay service spoke", frozenset({"call", "transfer"})),
    "test_call": Excuse("the call, case or document is marked as a test", CALLS | OWED | {"survey"}),
    "caller_gone": Excuse("the caller left before it could be done", CALLS),
    "customer_unreachable": Excuse("attempts within the limit were busy, unanswered or failed", OWED),
    "customer_chose_later": Excuse("the customer asked for a later time, on record before the limit", OWED),
    "awaiting_customer": Excuse(
        "papers or words asked of the customer were outstanding", frozenset({"document", "case"})
    ),
    "no_contact": Excuse("the customer left neither a number nor an address that can be used", OWED),
    "withdrawn": Excuse("the customer withdrew the wish, the case or the consent", OWED | {"survey"}),
}

T = TypeVar("T")


def distinct(values: tuple[T, ...]) -> tuple[T, ...]:
    """Refuse a list that names something twice."""
    if len(set(values)) < len(values):
        raise ValueError("names something twice: write each once")
    return values


Several = Annotated[tuple[T, ...], Field(min_length=1), AfterValidator(distinct)]
Count = Annotated[int, Field(gt=0, strict=True)]
Words = Annotated[str, Field(min_length=1, pattern=r"\S")]
