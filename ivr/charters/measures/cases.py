"""Measures of a case, which is one opinion, question or complaint of a customer, and of replies."""

from typing import ClassVar, Literal

from ivr.charters.measures.shape import HOURS, MaybeTimed, Measure, Timed
from ivr.charters.terms import Basis, Kind, Scope, Several

CASE: frozenset[Scope] = frozenset({"case"})


class AnsweredWithin(Timed):
    """The customer had the `answer`, the first or the final one, within the limit after the matter came in."""

    scopes: ClassVar[frozenset[Scope]] = frozenset({"case", "callback"})
    name: Literal["answered_within"]
    answer: Literal["first", "final"] = "final"


class AnsweredOrDirectedWithin(Timed):
    """Within the limit the customer had the answer, or was told the direction and the date, which was then kept."""

    scopes: ClassVar[frozenset[Scope]] = CASE
    name: Literal["answered_or_directed_within"]


class AcknowledgedWithin(Timed):
    """The customer was told within the limit that the matter has arrived."""

    scopes: ClassVar[frozenset[Scope]] = CASE
    bases: ClassVar[frozenset[Basis]] = HOURS
    name: Literal["acknowledged_within"]


class DueDateKept(Measure):
    """The case was answered by the due date of its kind and channel."""

    scopes: ClassVar[frozenset[Scope]] = CASE
    name: Literal["due_date_kept"]


class ToldBeforeSlip(Measure):
    """A case that missed its due date: before that date the customer was told all `parts`."""

    scopes: ClassVar[frozenset[Scope]] = frozenset({"case", "callback"})
    name: Literal["told_before_slip"]
    parts: Several[Literal["reason", "new_time"]]


class Apologised(MaybeTimed):
    """An apology was given, within the limit after the fault was confirmed, where there is one."""

    scopes: ClassVar[frozenset[Scope]] = CASE
    name: Literal["apologised"]


class ReviewStartedWithin(Timed):
    """The matter was taken up for review within the limit after the customer's word."""

    scopes: ClassVar[frozenset[Scope]] = CASE
    name: Literal["review_started_within"]


class ResultTold(MaybeTimed):
    """The customer was told the result, within the limit after it stood, where there is one."""

    scopes: ClassVar[frozenset[Scope]] = CASE
    name: Literal["result_told"]


class CaseRecorded(Measure):
    """The record of the case has all `parts`."""

    scopes: ClassVar[frozenset[Scope]] = CASE
    name: Literal["case_recorded"]
    parts: Several[Literal["received_at", "channel", "owner", "handler", "result"]]


class KindRecorded(Measure):
    """The call or the case is recorded as one of `kinds`."""

    scopes: ClassVar[frozenset[Scope]] = frozenset({"case", "call"})
    name: Literal["kind_recorded"]
    kinds: Several[Kind]


class HandlerNotified(MaybeTimed):
    """The handling department was named and told of the case, within the limit, where there is one."""

    scopes: ClassVar[frozenset[Scope]] = CASE
    name: Literal["handler_notified"]


class RatingInvited(Measure):
    """The customer was asked to rate the answer."""

    scopes: ClassVar[frozenset[Scope]] = frozenset({"case", "call"})
    name: Literal["rating_invited"]
