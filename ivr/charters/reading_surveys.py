"""From the database to views of dials: their campaign, interview, bill and consent ledger, in a few queries."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from ivr.calls.rows import Call
from ivr.campaigns.rows import Campaign, Charge, ChargeState, Dial, DialOutcome, Target
from ivr.campaigns.terms import terms_of
from ivr.charters.view_owed import in_order
from ivr.charters.view_survey import Given, Ledger, SurveyView, TakenBack, Used
from ivr.charters.written import facts_by_subject
from ivr.consents.rows import Channel, Consent, Hours, Withdrawal
from ivr.deadlines import WorkingTime
from ivr.lines.hours import SEOUL, moment_of
from ivr.surveys.rows import Disposition, Interview


class _Ordered(TypedDict):
    """What a view takes from the campaign."""

    firm: str | None
    ordered_at: datetime
    kind: str
    survey_class: str
    used: Used | None


def survey_views(session: Session, ids: Sequence[str], time: WorkingTime) -> list[SurveyView]:
    """Read those of these dials that are over and rang: one that the carrier never placed was no call to anybody.

    What a firm had used of its calls is one query more for each dial that a firm ordered.
    """
    rows = session.execute(
        select(
            *(Dial.id, Dial.campaign_id, Dial.person_id, Dial.dialled_at, Dial.ended_at, Charge.state),
            *(Interview.disposition.label("said"), Target.disposition.label("counted")),
        )
        .outerjoin(Charge, Charge.dial_id == Dial.id)
        .outerjoin(Interview, Interview.id == Dial.id)
        .outerjoin(Target, and_(Target.campaign_id == Dial.campaign_id, Target.person_id == Dial.person_id))
        .where(Dial.id.in_(ids), Dial.line == time.line.id)
        .where(Dial.ended_at.is_not(None), Dial.outcome != DialOutcome.NOT_PLACED)
        .order_by(Dial.id)
    ).all()
    asked = select(Campaign).where(Campaign.id.in_({row.campaign_id for row in rows}))
    campaigns = {campaign.id: campaign for campaign in session.scalars(asked)}
    ledgers, facts = _ledgers(session, {row.person_id for row in rows}), facts_by_subject(session, ids)
    return [
        SurveyView(
            id=row.id,
            time=time,
            came_at=row.dialled_at,
            facts=in_order(facts[row.id]),
            over_at=row.ended_at,
            is_complete=row.said is Disposition.COMPLETED,
            is_surplus=row.counted is Disposition.REJECTED,
            charge=row.state,
            ledger=ledgers[row.person_id],
            **_ordered(session, campaigns[row.campaign_id], row.id, at=row.dialled_at),
        )
        for row in rows
    ]


def _ordered(session: Session, campaign: Campaign, dial_id: str, *, at: datetime) -> _Ordered:
    terms = terms_of(campaign)
    is_of_firm = bool(campaign.firm) and not terms.is_free
    return {
        "firm": campaign.firm,
        "ordered_at": campaign.made_at,
        "kind": campaign.kind,
        "survey_class": terms.survey_class,
        "used": _used(session, campaign, before=(at, dial_id)) if is_of_firm else None,
    }


def _ledgers(session: Session, people: set[int]) -> defaultdict[int, Ledger]:
    """What each of these people agreed to be rung for by day, and took back."""
    given: defaultdict[int, list[Given]] = defaultdict(list)
    taken: defaultdict[int, list[TakenBack]] = defaultdict(list)
    consents = select(
        *(Consent.person_id, Consent.id, Consent.purpose, Consent.given_at, Consent.recorded_at, Consent.expires_at)
    ).where(Consent.person_id.in_(people), Consent.channel == Channel.VOICE, Consent.hours == Hours.DAY)
    for row in session.execute(consents.order_by(Consent.id)):
        given[row.person_id].append(Given(row.id, row.purpose, row.given_at, row.recorded_at, row.expires_at))
    withdrawals = select(
        Withdrawal.person_id, Withdrawal.consent_id, Withdrawal.purpose, Withdrawal.withdrawn_at
    ).where(Withdrawal.person_id.in_(people), Withdrawal.channel == Channel.VOICE, Withdrawal.hours == Hours.DAY)
    for one in session.execute(withdrawals.order_by(Withdrawal.consent_id)):
        taken[one.person_id].append(TakenBack(one.consent_id, one.purpose, one.withdrawn_at))
    return defaultdict(Ledger, {person: Ledger(tuple(given[person]), tuple(taken[person])) for person in people})


def _used(session: Session, campaign: Campaign, *, before: tuple[datetime, str]) -> Used:
    """What the firm had used of its month up to a dial, as the bill stood then: what was settled later counts not."""
    at, dial_id = before
    first = at.astimezone(SEOUL).date().replace(day=1)
    calls = select(func.count()).where(
        *(Call.line == campaign.line, Call.arrived_at >= moment_of(first, 0), Call.arrived_at <= at),
        Call.firm == campaign.firm,
    )
    of_firm = (
        select(func.count())
        .select_from(Charge)
        .join(Dial, Dial.id == Charge.dial_id)
        .where(Charge.line == campaign.line, Charge.firm == campaign.firm, Charge.month == f"{first:%Y-%m}")
        .where(~Charge.is_free)
        .where(or_(Dial.dialled_at < at, and_(Dial.dialled_at == at, Dial.id < dial_id)))
    )
    owed = of_firm.where(Charge.state == ChargeState.BILLABLE, Charge.settled_at <= at)
    held = of_firm.where(or_(Dial.ended_at.is_(None), Dial.ended_at > at))
    row = session.execute(select(*(one.scalar_subquery() for one in (calls, owed, held)))).one()
    return Used(*row)
