"""The figures by their stable ids: which counters they divide by which. What they are called and mean is data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are."""

    counted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a base; `apart` is shown beside and stands in neither. Counters of one side never overlap."""

    counted: tuple[str, ...]
    base: tuple[str, ...]
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mean:
    """Milliseconds divided by how many they are of."""

    total: str
    base: tuple[str, ...]


Formula: TypeAlias = Count | Share | Mean

QUEUE_ABANDONED = ("short_abandoned", "long_abandoned", "unknown_abandoned")
FORMULAS: Mapping[str, Formula] = {
    "calls": Count(("calls",)),
    "asked": Count(("asked",)),
    "answered": Count(("answered",)),
    "talks": Count(("met",)),
    "response_rate": Share(("answered",), ("asked",)),
    "response_rate_inbound": Share(("answered",), ("calls",)),
    "service_level_offered": Share(("in_time",), ("asked",)),
    "service_level_answered": Share(("in_time",), ("answered",)),
    "service_level_net": Share(("in_time",), ("answered", "long_abandoned"), ("unknown_abandoned",)),
    "abandonment_queue": Share(QUEUE_ABANDONED, ("asked",)),
    "abandonment_short": Share(("short_abandoned",), ("asked_told",), ("unknown_abandoned",)),
    "abandonment_menu": Share(("menu_abandoned",), ("calls_open",)),
    "abandonment_all": Share((*QUEUE_ABANDONED, "menu_abandoned"), ("calls_open",)),
    "speed_of_answer": Mean("wait_ms", ("waits",)),
    "talk_time": Mean("talk_ms", ("talks",)),
    "hold_time": Mean("hold_ms", ("talks",)),
    "wrap_time": Mean("wrap_ms", ("wraps",)),
    "handle_time": Mean("handle_ms", ("wraps",)),
    "within_rings": Share(("rings_met",), ("rings_met", "rings_missed"), ("rings_unknown",)),
    "within_rings_strict": Share(("strict_met",), ("strict_met", "strict_missed"), ("strict_unknown",)),
    "within_rings_literal": Share(("literal_met",), ("literal_met", "literal_missed"), ("literal_unknown",)),
    "within_rings_customary": Share(("customary_met",), ("customary_met", "customary_missed"), ("customary_unknown",)),
    "customer_hangs_up_first": Share(("customer_first",), ("customer_first", "agent_first"), ("first_unknown",)),
    "first_contact": Share(("resolved",), ("resolved", "unresolved"), ("resolve_unknown",)),
    "first_contact_marked": Share(("marked_resolved",), ("marked_resolved", "marked_unresolved")),
    "callbacks_asked": Share(("callbacks",), ("calls",)),
}
