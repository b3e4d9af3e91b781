"""Judging a centre's period: agents at the peak (A4) and for the load (A11), contracts (A14 to A16), repairs (A23)."""

from collections.abc import Mapping
from datetime import date, timedelta
from math import ceil
from statistics import median

from ivr.charters.judges.judgement import Judgement, Value, found
from ivr.charters.measures.centre import ContractSecured, FirmsEligible, SupportTerm
from ivr.charters.measures.periods import StaffedForLoad
from ivr.charters.view_centre import Agreement, CentreView
from ivr.firms.support import last_day_of_months, months_after

BUSIEST = 4
"""One of so many hours of the day, those with the most calls, is the peak."""


def peak_staffed(centre: CentreView, days: int) -> Judgement:
    """More agents in the busiest hours than in the median hour, each as a mean over the days of the period."""
    hours = {hour: pair for hour, pair in (centre.hours or {}).items() if pair[0]}
    if len(hours) < BUSIEST:
        return found().unknown("period.peak_empty")
    ranked = sorted(hours, key=lambda hour: (-hours[hour][0], hour))
    busiest = sorted(ranked[: max(1, len(ranked) // BUSIEST)])
    peak = sum(hours[hour][1] for hour in busiest) / len(busiest) / days
    usual = median(agents for _, agents in hours.values()) / days
    values: dict[str, Value] = {"peak": f"{peak:.1f}", "usual": f"{usual:.1f}"}
    values["hours"] = ", ".join(f"{hour}~{hour + 1}" for hour in busiest)
    return found().met("period.peak_met", **values) if peak > usual else found().missed("period.peak_missed", **values)


def staffed_for_load(measure: StaffedForLoad, centre: CentreView) -> Judgement:
    """On every day as many agents were rung as its calls need at the planned number of calls for each."""
    load = {day: pair for day, pair in (centre.load or {}).items() if pair[0]}
    if not load:
        return found().unknown("period.load_empty")
    lacking = [day for day, (calls, agents) in load.items() if agents < ceil(calls / measure.calls_per_agent_day)]
    if lacking:
        worst = max(lacking, key=lambda day: (load[day][0] / max(1, load[day][1]), day))
        calls, agents = load[worst]
        told: dict[str, Value] = {"days": len(lacking), "day": str(worst), "calls": calls, "agents": agents}
        needed = ceil(calls / measure.calls_per_agent_day)
        return found(*map(str, sorted(lacking))).missed("period.load_missed", **told, needed=needed)
    return found().met("period.load_met", days=len(load), per_agent=measure.calls_per_agent_day)


def support_term(measure: SupportTerm, centre: CentreView) -> Judgement:
    """No contract lasts beyond the years of support of its firm: the first ones, after a review the later ones too."""
    for one in centre.agreements:
        years = measure.first_years + (measure.more_years if one.reviewed_on is not None else 0)
        last = _years_after(one.selected_on, years) - timedelta(days=1)
        if one.end > last:
            return found(one.id).missed(
                "period.term_missed", firm=centre.name(one.firm), until=str(one.end), last=str(last)
            )
    return _all_kept(centre, "period.term_met")


def firms_eligible(measure: FirmsEligible, centre: CentreView) -> Judgement:
    """Every firm under contract makes some eligible product, and nothing that it declared keeps it out."""
    for one in centre.members:
        if one.hindrances or not one.products:
            return found(one.firm).missed("period.eligible_missed", firm=centre.name(one.firm))
    if not centre.members:
        return found().unknown("period.no_contract")
    own, kinds = found(*(one.firm for one in centre.members)), {kind for one in centre.members for kind in one.products}
    if len(kinds) > measure.kinds:
        return own.missed("period.eligible_many", kinds=len(kinds), most=measure.kinds)
    return own.met("period.eligible_met", firms=len(centre.members))


def contract_secured(measure: ContractSecured, centre: CentreView) -> Judgement:
    """Every contract is for a year at most, and its security was enough and there in time."""
    for one in centre.agreements:
        values: Mapping[str, Value] = {
            "firm": centre.name(one.firm),
            "first": str(one.first_day),
            "last": str(one.last_day),
        }
        if one.last_day > last_day_of_months(one.first_day, measure.months):
            return found(one.id).missed("period.contract_long", **values)
        if one.secured < one.needed or one.secured_late:
            sums = {"secured": f"{one.secured:,}", "needed": f"{one.needed:,}"}
            return found(one.id).missed("period.contract_unsecured", **values, **sums)
    return _all_kept(centre, "period.contract_met")


def repairs_referenced(centre: CentreView, *, is_over: bool) -> Judgement:
    """Every repair that was handed over has its number at the partner."""
    lacking = [one.repair for one in centre.repairs if not one.has_reference]
    if not centre.repairs:
        return found().unknown("period.repairs_empty")
    if lacking and is_over:
        return found(*lacking[:20]).missed("period.repairs_missed", lacking=len(lacking), repairs=len(centre.repairs))
    if lacking:
        return found().unknown("period.repairs_waiting", lacking=len(lacking))
    return found().met("period.repairs_met", repairs=len(centre.repairs))


def _all_kept(centre: CentreView, reason: str) -> Judgement:
    agreements: tuple[Agreement, ...] = centre.agreements
    if not agreements:
        return found().unknown("period.no_contract")
    return found(*(one.id for one in agreements)).met(reason, contracts=len(agreements))


def _years_after(day: date, years: int) -> date:
    return months_after(day, 12 * years)
