"""From the database to what judges see of a shared centre's period; None on a line that has nothing of one."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from ivr.billing.rows import Statement, StatementLine, Usage
from ivr.charters.view_centre import Agreement, BilledLine, BilledMonth, CentreView, Handed, Member
from ivr.figures.rows import CallFigure, OfferFigure
from ivr.firms.rows import Contract, ContractState, FirmEntry, Security
from ivr.intake.accuracy import accuracy
from ivr.intake.rows import IntakeReview
from ivr.lines.hours import SEOUL, moment_of
from ivr.repairs.rows import Repair, RepairState

Days = tuple[date, date]
HINDRANCES = ("is_of_group", "is_regulated")
NEEDED = ("is_manufacturer", "is_made_here")


def centre_view(session: Session, institution: str, *, days: Days, before: Days) -> CentreView | None:
    """Read it for local days, both included; `before` are those with which shares are compared."""
    rows = (exists().where(kind.line == institution) for kind in (FirmEntry, Usage, IntakeReview, Repair))
    if not session.scalar(select(or_(*rows))):
        return None
    now, earlier = (accuracy(session, institution, first=first, last=last).total for first, last in (days, before))
    firms = {firm.id: firm for firm in session.scalars(select(FirmEntry).where(FirmEntry.line == institution))}
    agreements = _agreements(session, firms, institution, days)
    statements, lines = _billed(session, institution, days)
    return CentreView(
        right=now.right,
        marked=now.marked,
        right_before=earlier.right,
        marked_before=earlier.marked,
        using=_using(session, institution, days),
        statements=statements,
        lines=lines,
        agreements=agreements,
        members=_members(firms, agreements),
        repairs=_repairs(session, institution, days),
        load=_load(session, institution, days),
        hours=_hours(session, institution, days),
        names={id: firm.name for id, firm in firms.items()},
    )


def months_in(days: Days) -> tuple[str, ...]:
    """The months (YYYY-MM) that lie wholly in the days."""
    first, last = days
    month = first if first.day == 1 else _next_month(first)
    found = []
    while (following := _next_month(month)) - timedelta(days=1) <= last:
        found.append(month.isoformat()[:7])
        month = following
    return tuple(found)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _using(session: Session, institution: str, days: Days) -> Mapping[str, frozenset[str]]:
    """By month, the firms that used anything: a look into the index for each firm, however much it used."""
    used = {}
    for month in months_in(days):
        is_used = exists().where(Usage.line == institution, Usage.month == month, Usage.firm == FirmEntry.id)
        firms = session.scalars(select(FirmEntry.id).where(FirmEntry.line == institution, is_used))
        used[month] = frozenset(firms)
    return {month: firms for month, firms in used.items() if firms}


def _billed(session: Session, institution: str, days: Days) -> tuple[tuple[BilledMonth, ...], tuple[BilledLine, ...]]:
    of_months = (Statement.line == institution, Statement.month.in_(months_in(days)))
    place = (Statement.id, Statement.firm, Statement.month)
    order = (Statement.month, Statement.firm)
    made = session.execute(select(*place, Statement.made_at).where(*of_months).order_by(*order))
    months = tuple(BilledMonth(*row[:3], row.made_at.astimezone(SEOUL).date()) for row in made)
    amounts = (StatementLine.kind, StatementLine.gross, StatementLine.support, StatementLine.owed)
    query = select(*place, *amounts).join(StatementLine, StatementLine.statement_id == Statement.id)
    lines = session.execute(query.where(*of_months).order_by(*order, StatementLine.ordinal))
    return months, tuple(BilledLine(*row[:3], row.kind.value, row.gross, row.support, row.owed) for row in lines)


def _agreements(
    session: Session, firms: Mapping[str, FirmEntry], institution: str, days: Days
) -> tuple[Agreement, ...]:
    """Signed contracts that share a day with the period, with what was left as security in time."""
    query = select(Contract).where(
        Contract.line == institution,
        Contract.state.in_([ContractState.SIGNED, ContractState.ENDED]),
        Contract.first_day <= days[1],
        func.coalesce(Contract.ended_on, Contract.last_day) >= days[0],
    )
    contracts = session.scalars(query.order_by(Contract.firm, Contract.first_day)).all()
    left: defaultdict[str, list[Security]] = defaultdict(list)
    for security in session.scalars(
        select(Security).where(Security.contract_id.in_([contract.id for contract in contracts]))
    ):
        left[security.contract_id].append(security)
    return tuple(_agreement(contract, firms[contract.firm], left[contract.id]) for contract in contracts)


def _agreement(contract: Contract, firm: FirmEntry, left: list[Security]) -> Agreement:
    return Agreement(
        id=contract.id,
        firm=contract.firm,
        first_day=contract.first_day,
        last_day=contract.last_day,
        ended_on=contract.ended_on,
        selected_on=firm.selected_on,
        reviewed_on=firm.reviewed_on,
        secured=sum(one.amount for one in left),
        # Nothing was left: whatever was needed is lacking.
        needed=max((one.needed for one in left), default=1),
        secured_late=any(one.received_on > one.due_on for one in left),
    )


def _members(firms: Mapping[str, FirmEntry], agreements: tuple[Agreement, ...]) -> tuple[Member, ...]:
    under = sorted({one.firm for one in agreements})
    return tuple(
        Member(
            id,
            tuple(firms[id].products),
            tuple(
                [name for name in NEEDED if not getattr(firms[id], name)]
                + [name for name in HINDRANCES if getattr(firms[id], name)]
            ),
        )
        for id in under
    )


def _repairs(session: Session, institution: str, days: Days) -> tuple[Handed, ...]:
    from_, to = moment_of(days[0], 0), moment_of(days[1] + timedelta(days=1), 0)
    query = select(Repair.id, Repair.reference).where(Repair.line == institution, Repair.state != RepairState.CANCELLED)
    query = query.where(Repair.asked_at >= from_, Repair.asked_at < to).order_by(Repair.asked_at, Repair.id)
    return tuple(Handed(id, reference is not None) for id, reference in session.execute(query))


def _load(session: Session, institution: str, days: Days) -> Mapping[date, tuple[int, int]]:
    """Calls that asked for an agent, and agents who were rung, by day."""
    calls = select(CallFigure.day, func.count()).where(CallFigure.line == institution, CallFigure.day.between(*days))
    by_day = session.execute(calls.where(CallFigure.asked_for_agent).group_by(CallFigure.day))
    asked = {day: count for day, count in by_day}
    rung = select(OfferFigure.day, func.count(OfferFigure.agent.distinct()))
    rung = rung.where(OfferFigure.line == institution, OfferFigure.day.between(*days)).group_by(OfferFigure.day)
    agents = {day: count for day, count in session.execute(rung)}
    return {day: (count, agents.get(day, 0)) for day, count in sorted(asked.items())}


def _hours(session: Session, institution: str, days: Days) -> Mapping[int, tuple[int, int]]:
    """Calls that asked for an agent, and agents from the first to the last hour of being rung, summed over the days."""
    calls = select(CallFigure.hour, func.count()).where(CallFigure.line == institution, CallFigure.day.between(*days))
    by_hour = session.execute(calls.where(CallFigure.asked_for_agent).group_by(CallFigure.hour))
    asked = {hour: count for hour, count in by_hour}
    rung = select(func.min(OfferFigure.hour), func.max(OfferFigure.hour))
    rung = rung.where(OfferFigure.line == institution, OfferFigure.day.between(*days))
    there: defaultdict[int, int] = defaultdict(int)
    for first, last in session.execute(rung.group_by(OfferFigure.day, OfferFigure.agent)):
        for hour in range(first, last + 1):
            there[hour] += 1
    return {hour: (asked.get(hour, 0), there[hour]) for hour in sorted({*asked, *there})}
