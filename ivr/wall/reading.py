"""Reading the wall: a handful of small questions, each answered from an index or from the day's sums."""

from collections import Counter
from datetime import datetime, time, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent, AgentState
from ivr.callbacks.rows import Callback, CallbackState
from ivr.calls.rows import Call, Waiting, WaitingState
from ivr.cases.moves import OPEN
from ivr.cases.rows import Case
from ivr.figures.asking import Period, figures_of
from ivr.figures.rows import DayFigure, Dimension
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.wall.campaigns import running_campaigns
from ivr.wall.picture import AgentNow, Due, Queue, Staff, Wall

HOLDING = (WaitingState.WAITING, WaitingState.OFFERED)
OPEN_CALLBACKS = (CallbackState.WAITING, CallbackState.DIALLING)
CALLBACK_SOON = timedelta(minutes=15)
CASE_SOON = timedelta(hours=24)
# Who is busy stands above who could be, and both above who is away.
_ORDER = (AgentState.OFFERED, AgentState.TALKING, AgentState.WRAPPING, AgentState.READY, AgentState.AWAY)


def now(session: Session, line: Line, at: datetime) -> Wall:
    """The line at this moment (aware)."""
    day = at.astimezone(SEOUL).date()
    midnight = datetime.combine(day, time(), tzinfo=SEOUL)
    states = _waiting(session, line.id)
    return Wall(
        line=line.id,
        at=at,
        day=day,
        queue=_queue(session, line.id),
        talking=states.get(WaitingState.CONNECTED, 0),
        staff=_staff(session, line.id),
        arrived=session.scalar(
            select(func.count()).select_from(Call).where(Call.line == line.id, Call.arrived_at >= midnight)
        )
        or 0,
        figures=figures_of(session, [line.id], Period(day, day)),
        callbacks=_callbacks(session, line.id, at),
        cases=_cases(session, line.id, at),
        campaigns=running_campaigns(session, line.id),
    )


def agents_now(session: Session, line: Line, at: datetime, *, limit: int = 100) -> list[AgentNow]:
    """The agents of the line, the busy ones first, each state by how long it lasts."""
    day = at.astimezone(SEOUL).date()
    sums = (
        select(DayFigure.value, DayFigure.met, DayFigure.rings_met, DayFigure.rings_missed)
        .where(DayFigure.dimension == Dimension.AGENT, DayFigure.line == line.id, DayFigure.day == day)
        .subquery()
    )
    place = case({state: number for number, state in enumerate(_ORDER)}, value=Agent.state)
    rows = session.execute(
        select(Agent.id, Agent.name, Agent.department, Agent.title, Agent.state, Agent.reason, Agent.state_since)
        .add_columns(sums.c.met, sums.c.rings_met, sums.c.rings_missed)
        .outerjoin(sums, sums.c.value == Agent.id)
        .where(Agent.line == line.id)
        .order_by(place, Agent.state_since, Agent.id)
        .limit(limit)
    )
    return [
        AgentNow(
            id=row.id,
            name=row.name,
            department=row.department,
            title=row.title,
            state=row.state,
            reason=row.reason or "",
            since=row.state_since,
            talks=row.met or 0,
            rings_met=row.rings_met or 0,
            rings_judged=(row.rings_met or 0) + (row.rings_missed or 0),
        )
        for row in rows
    ]


def _waiting(session: Session, line: str) -> dict[WaitingState, int]:
    open_ = (*HOLDING, WaitingState.CONNECTED)
    counting = select(Waiting.state, func.count()).where(Waiting.line == line, Waiting.state.in_(open_))
    return {state: number for state, number in session.execute(counting.group_by(Waiting.state))}


def _queue(session: Session, line: str) -> Queue:
    holding = select(Waiting.team, func.count(), func.min(Waiting.since)).where(
        Waiting.line == line, Waiting.state.in_(HOLDING)
    )
    teams = session.execute(holding.group_by(Waiting.team)).all()
    by_team = {team: number for team, number, _ in sorted(teams)}
    return Queue(sum(by_team.values()), min((since for _, _, since in teams), default=None), by_team)


def _staff(session: Session, line: str) -> Staff:
    counting = select(Agent.state, Agent.reason, func.count()).where(Agent.line == line)
    by_state, away = Counter[AgentState](), Counter[str]()
    for state, reason, number in session.execute(counting.group_by(Agent.state, Agent.reason)):
        by_state[state] += number
        if state is AgentState.AWAY:
            away[reason or ""] += number
    return Staff({state: by_state[state] for state in _ORDER}, dict(sorted(away.items())))


def _callbacks(session: Session, line: str, at: datetime) -> Due:
    late = func.count().filter(Callback.due_at <= at)
    soon = func.count().filter(Callback.due_at > at)
    owed = select(late, soon).where(
        Callback.line == line, Callback.state.in_(OPEN_CALLBACKS), Callback.due_at <= at + CALLBACK_SOON
    )
    return Due(*session.execute(owed).one(), within=CALLBACK_SOON)


def _cases(session: Session, line: str, at: datetime) -> Due:
    late = func.count().filter(Case.due_at <= at)
    soon = func.count().filter(Case.due_at > at)
    owed = select(late, soon).where(Case.line == line, Case.state.in_(OPEN), Case.due_at <= at + CASE_SOON)
    return Due(*session.execute(owed.where(Case.is_test.is_(False))).one(), within=CASE_SOON)
