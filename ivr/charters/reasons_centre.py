"""The reasons that judges of a shared centre's period may give, and the fields that each fills."""

from collections.abc import Mapping

_SHARES = frozenset({"first", "last"}) | {
    f"{when}{name}" for when in ("", "before_") for name in ("share", "counted", "base")
}
_OF = frozenset({"firm", "month"})
_PEAK = frozenset({"peak", "usual", "hours"})

CENTRE_REASONS: Mapping[str, frozenset[str]] = {
    "period.intake_met": _SHARES,
    "period.intake_missed": _SHARES,
    "period.intake_whole": frozenset({"base"}),
    "period.intake_running": frozenset(),
    "period.intake_empty": frozenset(),
    "period.intake_no_earlier": frozenset({"first", "last"}),
    "period.intake_unrecorded": frozenset({"first", "last", "since"}),
    "period.peak_met": _PEAK,
    "period.peak_missed": _PEAK,
    "period.peak_empty": frozenset(),
    "period.load_met": frozenset({"days", "per_agent"}),
    "period.load_missed": frozenset({"days", "day", "calls", "agents", "needed"}),
    "period.load_empty": frozenset(),
    "period.billed_met": frozenset({"statements", "firms"}),
    "period.billed_early": _OF,
    "period.billed_more": _OF,
    "period.billed_not": _OF,
    "period.billed_waiting": frozenset({"firms"}),
    "period.billed_empty": frozenset(),
    "period.split_met": frozenset({"lines", "gross", "owed"}),
    "period.split_missed": _OF | {"gross", "owed"},
    "period.base_met": frozenset({"statements", "fee"}),
    "period.base_missed": _OF | {"fee"},
    "period.free_met": frozenset({"statements", "won"}),
    "period.free_missed": _OF | {"owed"},
    "period.no_contract": frozenset(),
    "period.term_met": frozenset({"contracts"}),
    "period.term_missed": frozenset({"firm", "until", "last"}),
    "period.eligible_met": frozenset({"firms"}),
    "period.eligible_missed": frozenset({"firm"}),
    "period.eligible_many": frozenset({"kinds", "most"}),
    "period.contract_met": frozenset({"contracts"}),
    "period.contract_long": frozenset({"firm", "first", "last"}),
    "period.contract_unsecured": frozenset({"firm", "first", "last", "secured", "needed"}),
    "period.repairs_met": frozenset({"repairs"}),
    "period.repairs_missed": frozenset({"repairs", "lacking"}),
    "period.repairs_waiting": frozenset({"lacking"}),
    "period.repairs_empty": frozenset(),
}
