"""Rounds: drawing the sample, leaving out what cannot be scored, publishing and cancelling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from ivr.base import Refused, moved
from ivr.calls.rows import Call, Fact, Offer, Waiting
from ivr.calls.steps import JOINING, UNMET
from ivr.courtesy.form import Form
from ivr.courtesy.ledger import Deed, Ledger, locked_ledger
from ivr.courtesy.moves import ROUND_MOVES, RoundEvent
from ivr.courtesy.rows import CourtesyEvent, CourtesyPick, CourtesyRound, RoundState
from ivr.courtesy.sample import Candidate, Picked, draw
from ivr.lines.hours import SEOUL
from ivr.promises import insert_for

# A year of a busy line has a million talks: they come from the database a thousand at a time.
AT_ONCE = 1000

HeldBy = Literal["own_staff", "outside_agency"]
"""Who held a survey, in the words of the measure `survey_held`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a round is drawn by; days are local, both included. None for the form's own `second_share`."""

    institution: str
    first_day: date
    last_day: date
    size: int
    seed: int
    per_agent: int | None = None
    second_share: int | None = None
    held_by: HeldBy = "own_staff"

    @property
    def id(self) -> str:
        """`kotra-20261101-20261130-7`: institution, days and seed."""
        return f"{self.institution}-{self.first_day:%Y%m%d}-{self.last_day:%Y%m%d}-{self.seed}"


def draw_sample(session: Session, plan: Plan, form: Form) -> list[Picked]:
    """Draw the sample of a plan from the calls that there are: of many it takes seconds, so only in a reading."""
    share = _share(plan, form)
    stock = candidates(session, plan)
    return draw(stock, size=plan.size, seed=plan.seed, per_agent=plan.per_agent, second_share=share)


def keep_round(session: Session, plan: Plan, *, sample: Sequence[Picked], form: Form, deed: Deed) -> Ledger:
    """Keep a round with its sample; calls that end later do not change it. Raises `Refused`.

    Drawing it again by the same plan finds it as it is; by another size or share it is refused, as nobody may draw
    until the sample pleases.
    """
    refuse_unfinished(plan, deed.at)
    share = _share(plan, form)
    if session.get(CourtesyRound, plan.id) is None:
        if not sample:
            raise Refused(f"no call of {plan.institution} was answered from {plan.first_day} to {plan.last_day}")
        _add(session, plan, sample=sample, row=_row(plan, form, share=share, deed=deed), deed=deed)
    ledger = locked_ledger(session, plan.id)
    known = ledger.round
    drawn_by = known.size, known.per_agent, known.second_share, known.held_by
    if drawn_by != (plan.size, plan.per_agent, share, plan.held_by):
        when = f"{known.drawn_at.astimezone(SEOUL):%Y-%m-%d}"
        raise Refused(f"{plan.id} was drawn on {when} by another size, share or holder: take it as it is")
    return ledger


def refuse_unfinished(plan: Plan, at: datetime) -> None:
    """Raise `Refused` unless every day of the plan is over: of a day that goes on, nobody could draw the same again."""
    if at.astimezone(SEOUL).date() <= plan.last_day:
        raise Refused(f"the days of the round go on until {plan.last_day}: draw it once {plan.last_day} is over")


def _add(session: Session, plan: Plan, *, sample: Sequence[Picked], row: Mapping[str, object], deed: Deed) -> None:
    """Add the round with its sample, unless somebody else draws it at this very moment."""
    adding = insert_for(session.get_bind().dialect.name, CourtesyRound).values(row)
    if session.scalar(adding.on_conflict_do_nothing(index_elements=["id"]).returning(CourtesyRound.id)) is None:
        return
    session.add_all(
        CourtesyPick(
            round_id=plan.id,
            call_id=picked.candidate.call_id,
            offer_id=picked.candidate.offer_id,
            agent_id=picked.candidate.agent_id,
            team=picked.candidate.team,
            ordinal=ordinal,
            second=picked.second,
        )
        for ordinal, picked in enumerate(sample, start=1)
    )
    session.add(event_of(plan.id, "draw", deed))
    session.flush()


def _row(plan: Plan, form: Form, *, share: int, deed: Deed) -> Mapping[str, object]:
    return {
        "id": plan.id,
        "institution": plan.institution,
        "first_day": plan.first_day,
        "last_day": plan.last_day,
        "size": plan.size,
        "seed": plan.seed,
        "per_agent": plan.per_agent,
        "second_share": share,
        "held_by": plan.held_by,
        "form": form.model_dump(mode="json"),
        "drawn_by": deed.account,
        "drawn_at": deed.at,
        "state": RoundState.OPEN,
        "version": 1,
    }


def _share(plan: Plan, form: Form) -> int:
    return form.heading.second_share if plan.second_share is None else plan.second_share


def candidates(session: Session, plan: Plan) -> list[Candidate]:
    """Every talk of the ended calls that arrived on the days of a plan."""
    line, after = plan.institution, plan.last_day + timedelta(days=1)
    begin, end = (datetime.combine(day, time(), tzinfo=SEOUL) for day in (plan.first_day, after))
    other = aliased(Fact)
    taken_back = select(other.key).where(
        other.subject == Call.id, other.kind == UNMET, other.detail["offer"].as_string() == Offer.id
    )
    rows = session.execute(
        select(Offer.id, Offer.call_id, Offer.agent_id, Offer.team, Waiting.team.label("waited"), Fact.detail)
        .join(Call, Call.id == Offer.call_id)
        .join(Fact, and_(Fact.subject == Call.id, Fact.detail["offer"].as_string() == Offer.id))
        .outerjoin(Waiting, Waiting.call_id == Call.id)
        .where(Call.line == line, Call.arrived_at >= begin, Call.arrived_at < end, Call.ended_at.is_not(None))
        .where(Fact.kind == JOINING, ~taken_back.exists()),
        execution_options={"yield_per": AT_ONCE},
    )
    met = (row for row in rows if not row.detail.get("agent_gone"))
    # A caller who came back into the room has asked for it twice.
    talks = (Candidate(row.call_id, row.id, row.agent_id, row.team or row.waited or "") for row in met)
    return list(dict.fromkeys(talks))


def drop_call(session: Session, round_id: str, *, call_id: str, deed: Deed) -> CourtesyPick:
    """Leave a call out that cannot be scored, as when its recording is lost; only before anybody has scored it."""
    ledger = open_ledger(session, round_id)
    pick = ledger.pick(call_id)
    if pick.dropped is not None or any((call_id, place) in ledger.sheets for place in ledger.places_of(call_id)):
        raise Refused(f"{call_id} has been scored or dropped already: a scored call stays in the sample")
    ledger.refuse_own_call(pick.call_id, deed.account)
    pick.dropped = deed.why
    event = event_of(round_id, "drop", deed)
    event.call_id = call_id
    session.add(event)
    return pick


def publish(session: Session, round_id: str, *, deed: Deed) -> Ledger:
    """Publish a round of which every sheet is there and every dispute reconciled; appeals may be made from then on."""
    ledger = locked_ledger(session, round_id)
    state = moved(ROUND_MOVES, ledger.round.state, RoundEvent.PUBLISH)
    missing = [call for call in ledger.picks if ledger.open_places(call)]
    disputed = ledger.unsettled()
    if missing or disputed or not ledger.scored():
        raise Refused(
            f"{round_id} is not finished: not scored {', '.join(missing) or '-'}; "
            f"to reconcile {', '.join(disputed) or '-'}; scored {len(ledger.scored())}"
        )
    ledger.round.state, ledger.round.published_at = state, deed.at
    ledger.round.appeal_until = deed.at.astimezone(SEOUL).date() + timedelta(days=ledger.form.heading.appeal_days)
    session.add(event_of(round_id, RoundEvent.PUBLISH, deed))
    return ledger


def cancel(session: Session, round_id: str, *, deed: Deed) -> Ledger:
    """Give up a round that has not been published; its sheets stay, and count nowhere."""
    ledger = locked_ledger(session, round_id)
    ledger.round.state = moved(ROUND_MOVES, ledger.round.state, RoundEvent.CANCEL)
    session.add(event_of(round_id, RoundEvent.CANCEL, replace(deed, reason=deed.why)))
    return ledger


def event_of(round_id: str, event: str, deed: Deed) -> CourtesyEvent:
    """A line of the history of a round."""
    return CourtesyEvent(
        round_id=round_id, event=str(event), by=deed.account, at=deed.at, reason=deed.reason, call_id="", item=""
    )


def open_ledger(session: Session, round_id: str) -> Ledger:
    """A round that is still scored, locked; raises `Refused` for one that is published or cancelled."""
    ledger = locked_ledger(session, round_id)
    if ledger.round.state is not RoundState.OPEN:
        raise Refused(f"{round_id} is {ledger.round.state.value}: its sheets stand; an agent may appeal")
    return ledger
