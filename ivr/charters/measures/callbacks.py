"""Measures of what is owed to a customer after a call or for papers: callbacks, bookings, receipts."""

from typing import ClassVar, Literal

from ivr.charters.measures.shape import HOURS, MaybeTimed, Measure, Timed
from ivr.charters.terms import Basis, Scope, Several

CALLBACK: frozenset[Scope] = frozenset({"callback"})
DOCUMENT: frozenset[Scope] = frozenset({"document"})


class MemoComplete(Measure):
    """The memo has all `parts`, or a coded reason for each that is missing."""

    scopes: ClassVar[frozenset[Scope]] = CALLBACK
    name: Literal["memo_complete"]
    parts: Several[Literal["name", "number", "content"]]


class ReasonTold(Measure):
    """Why it could not be answered at once was told to the customer, and is on record."""

    scopes: ClassVar[frozenset[Scope]] = CALLBACK
    name: Literal["reason_told"]


class AgreedTimeKept(Measure):
    """The customer was answered by the time that had been told to them."""

    scopes: ClassVar[frozenset[Scope]] = frozenset({"callback", "case"})
    name: Literal["agreed_time_kept"]


class ReturnedByOfficer(Measure):
    """The officer in charge called back, or a colleague settled the matter."""

    scopes: ClassVar[frozenset[Scope]] = CALLBACK
    name: Literal["returned_by_officer"]


class VisitAgreed(Measure):
    """An outgoing call before the visit agreed on all `parts`."""

    scopes: ClassVar[frozenset[Scope]] = CALLBACK
    name: Literal["visit_agreed"]
    parts: Several[Literal["purpose", "time"]]


class AppointmentPriority(Measure):
    """From the booked time on, nobody without a booking was served before the booked customer."""

    scopes: ClassVar[frozenset[Scope]] = CALLBACK
    name: Literal["appointment_priority"]


class ReceiptSentWithin(Timed):
    """Notice that the papers have arrived was given by one of the ways in `by`."""

    scopes: ClassVar[frozenset[Scope]] = DOCUMENT
    bases: ClassVar[frozenset[Basis]] = HOURS
    name: Literal["receipt_sent_within"]
    by: Several[Literal["sms", "phone"]]


class OfficerTexted(MaybeTimed):
    """After the papers arrived, a text message told all `parts` of the officer in charge."""

    scopes: ClassVar[frozenset[Scope]] = DOCUMENT
    bases: ClassVar[frozenset[Basis]] = HOURS
    name: Literal["officer_texted"]
    parts: Several[Literal["institution", "department", "name", "title", "number"]]


class DeficiencyExplained(Measure):
    """What is missing from the papers was explained to the customer by one of the ways in `by`."""

    scopes: ClassVar[frozenset[Scope]] = DOCUMENT
    name: Literal["deficiency_explained"]
    by: Several[Literal["phone", "post", "fax", "email"]]
