"""Judging what a centre's firms were billed: after the month, by usage (A8), split (A9), base fee (A10), free (A13)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from ivr.charters.judges.judgement import Found, Judgement, found
from ivr.charters.measures.periods import BaseFeeCharged, LabourCostSplit
from ivr.charters.measures.surveys import FreeOfCharge
from ivr.charters.view_centre import Agreement, CentreView

# What may be owed: the fees that the promise names, complete answers (A19), and what was wrong with an earlier month.
OWED: Final = frozenset({"service", "base", "answers", "late", "correction"})
FREE: Final = {"call_charges": "minutes", "message_fees": "texts", "happy_call": "happy"}
MONTHS_OF_YEAR: Final = 12


def billed_by_usage(centre: CentreView, today: date | None) -> Judgement:
    """Each firm that used something has a statement, made after its month, on which nothing else is owed."""
    wrong = _wrongly_billed(centre)
    if wrong is not None:
        return wrong
    using, made = centre.using or {}, {(one.firm, one.month) for one in centre.statements}
    lacking = [(firm, month) for month in sorted(using) for firm in sorted(using[month]) if (firm, month) not in made]
    late = [(firm, month) for firm, month in lacking if today is not None and today > _last_of(_next(month))]
    if late:
        return found().missed("period.billed_not", firm=centre.name(late[0][0]), month=late[0][1])
    own = _of(centre.statements)
    if lacking:
        return own.unknown("period.billed_waiting", firms=len(lacking))
    if not made:
        return own.unknown("period.billed_empty")
    return own.met("period.billed_met", statements=len(made), firms=len({firm for firm, _ in made}))


def _wrongly_billed(centre: CentreView) -> Judgement | None:
    """A statement of a month that was not over, or on which something is owed that nobody promised."""
    for one in centre.statements:
        if one.made_on <= _last_of(one.month):
            return found(one.statement).missed("period.billed_early", firm=centre.name(one.firm), month=one.month)
    for line in centre.lines:
        if line.owed > 0 and line.kind not in OWED:
            return found(line.statement).missed("period.billed_more", firm=centre.name(line.firm), month=line.month)
    return None


def labour_cost_split(measure: LabourCostSplit, centre: CentreView) -> Judgement:
    """On every line of service fees the firm's share is as promised, but for what is cut to whole won."""
    lines = [line for line in centre.lines if line.kind == "service"]
    for line in lines:
        wrong = abs(100 * line.owed - measure.firm_percent * line.gross) > 100
        if wrong or line.support + line.owed != line.gross:
            values = {
                "firm": centre.name(line.firm),
                "month": line.month,
                "gross": f"{line.gross:,}",
                "owed": f"{line.owed:,}",
            }
            return found(line.statement).missed("period.split_missed", **values)
    if not lines:
        return found().unknown("period.billed_empty")
    gross, owed = sum(line.gross for line in lines), sum(line.owed for line in lines)
    return _of(lines).met("period.split_met", lines=len(lines), gross=f"{gross:,}", owed=f"{owed:,}")


def base_fee_charged(measure: BaseFeeCharged, centre: CentreView) -> Judgement:
    """A month that was wholly under contract costs a twelfth of the year's base fee, another one no more than that."""
    fees: dict[tuple[str, str], int] = {}
    for line in centre.lines:
        if line.kind == "base":
            fees[line.firm, line.month] = fees.get((line.firm, line.month), 0) + line.owed
    monthly = measure.won_per_year / MONTHS_OF_YEAR
    for one in centre.statements:
        fee = fees.get((one.firm, one.month), 0)
        is_whole = _covered(centre.agreements, one.firm, one.month)
        if fee > monthly or (is_whole and fee * MONTHS_OF_YEAR != measure.won_per_year):
            values = {"firm": centre.name(one.firm), "month": one.month, "fee": f"{fee:,}"}
            return found(one.statement).missed("period.base_missed", **values)
    if not centre.statements:
        return found().unknown("period.billed_empty")
    own = _of(centre.statements)
    return own.met("period.base_met", statements=len(centre.statements), fee=f"{sum(fees.values()):,}")


def free_of_charge(measure: FreeOfCharge, centre: CentreView) -> Judgement:
    """Nothing is owed on the lines of what is free."""
    free = {FREE[charge] for charge in measure.charges}
    lines = [line for line in centre.lines if line.kind in free]
    for line in lines:
        if line.owed > 0:
            values = {"firm": centre.name(line.firm), "month": line.month, "owed": f"{line.owed:,}"}
            return found(line.statement).missed("period.free_missed", **values)
    if not centre.statements:
        return found().unknown("period.billed_empty")
    borne = sum(line.gross for line in lines)
    return _of(centre.statements).met("period.free_met", statements=len(centre.statements), won=f"{borne:,}")


def _of(rows: Iterable[object]) -> Found:
    """Statements as evidence, each once."""
    return found(*dict.fromkeys(str(getattr(row, "statement", "")) for row in rows))


def _covered(agreements: Iterable[Agreement], firm: str, month: str) -> bool:
    """Was the firm under one contract for the whole month?"""
    first, last = _first_of(month), _last_of(month)
    return any(one.firm == firm and one.first_day <= first and last <= one.end for one in agreements)


def _first_of(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _next(month: str) -> str:
    return (_first_of(month) + timedelta(days=31)).isoformat()[:7]


def _last_of(month: str) -> date:
    return _first_of(_next(month)) - timedelta(days=1)
