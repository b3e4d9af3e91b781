"""Measures of a shared centre's firms: how long they are supported, who may join, contracts and repairs."""

from typing import ClassVar, Literal

from ivr.charters.measures.shape import Measure
from ivr.charters.terms import Count, Scope

PERIOD: frozenset[Scope] = frozenset({"period"})


class SupportTerm(Measure):
    """No contract lasts beyond `first_years` after its firm was selected, or `more_years` longer after a review."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["support_term"]
    first_years: Count
    more_years: Count


class FirmsEligible(Measure):
    """Each firm under contract makes some of `kinds` kinds of products, itself and here; nothing keeps it out."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["firms_eligible"]
    kinds: Count


class ContractSecured(Measure):
    """Each contract is for `months` at most, and its security was enough and there in time."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["contract_secured"]
    months: Count


class RepairsReferenced(Measure):
    """Each repair that was handed over to a partner is known there by a number."""

    scopes: ClassVar[frozenset[Scope]] = PERIOD
    name: Literal["repairs_referenced"]
