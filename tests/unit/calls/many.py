"""Some dozens of calls of two lines over six days, written straight into a store with their figures and verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from ivr.agents.rows import Agent
from ivr.calls.record import Outcome
from ivr.calls.rows import Call, Offer, OfferState, Waiting, WaitingState
from ivr.charters.judges.judgement import Finding
from ivr.charters.rows import Verdict
from ivr.figures.rows import CallFigure, OfferFigure, Stage
from ivr.lines.hours import SEOUL
from ivr.numbers import PhoneNumber
from ivr.store import Store
from tests.http.board import words
from tests.people import agent_of, caller_phone
from tests.unit.figures.rows_by_hand import call as call_row
from tests.unit.figures.rows_by_hand import offer as offer_row

FIRST = date(2026, 11, 16)
DAYS = 6
OUTCOMES = (Outcome.ANSWERED, Outcome.ANSWERED, Outcome.ABANDONED, Outcome.CLOSED)
TEAMS = ("guarantee", "guide")


@dataclass(frozen=True)
class Made:
    """What a call was made with."""

    id: str
    line: str
    day: date
    at: datetime
    outcome: Outcome | None
    team: str | None
    agents: frozenset[str]
    number: int
    faults: dict[str, Finding] = field(default_factory=dict)

    @property
    def gave_up_waiting(self) -> bool:
        """Every other one of those who gave up did it in the queue."""
        return self.outcome is Outcome.ABANDONED and int(self.id[1:]) % 8 == 2


def made_calls(count: int = 72) -> list[Made]:
    """The calls, newest first, as a list should show them; some arrive at the very same moment."""
    made = []
    for ordinal in range(count):
        line = "dcgf" if ordinal % 6 == 5 else "kibo"
        day = FIRST + timedelta(days=ordinal * DAYS // count)
        at = datetime.combine(day, time(9 + ordinal % 3, 30), tzinfo=SEOUL)
        outcome = None if ordinal in {70, 71} else OUTCOMES[ordinal % len(OUTCOMES)]
        asked = outcome is not None and outcome is not Outcome.CLOSED
        agents = {f"{line}-{1 + ordinal % 2}", f"{line}-3"} if outcome is Outcome.ANSWERED else set()
        faults = (
            {"K4": Finding.MISSED} if ordinal % 5 == 0 else {"K5": Finding.INDETERMINATE} if ordinal % 7 == 0 else {}
        )
        team = TEAMS[ordinal % 2] if asked else None
        made.append(
            Made(
                f"c{ordinal:03}", line, day, at, outcome, team, frozenset(agents), ordinal % 4, faults if asked else {}
            )
        )
    return sorted(made, key=lambda each: (each.at, each.id), reverse=True)


def write_calls(store: Store, calls: Sequence[Made]) -> None:
    """Write them with everything that a list of calls reads."""
    lines = words()[1]
    with store.transaction() as session:
        for line in ("kibo", "dcgf"):
            at = calls[0].at
            session.add_all([agent_of(lines.by_id(line), at, number=number) for number in (1, 2, 3)])
        session.flush()
        for made in calls:
            session.add(_call(store, made))
        session.flush()
        for made in calls:
            if made.outcome is not None:
                session.add_all(_rows(made))


def name_of(store: Store, agent: str) -> str:
    """The name of an agent."""
    with store.reading() as session:
        return session.get_one(Agent, agent).name


def _call(store: Store, made: Made) -> Call:
    number = PhoneNumber.parse(caller_phone(made.number))
    return Call(
        id=made.id,
        line=made.line,
        carrier_sid=f"CA{made.id}",
        caller=number,
        caller_index=store.keyring.index(number),
        dialled="+827010000001",
        receipt_number=f"1116-{made.id.upper()}",
        arrived_at=made.at,
        ended_at=made.at + timedelta(minutes=3) if made.outcome else None,
        outcome=made.outcome.value if made.outcome else None,
    )


def _rows(made: Made) -> list[object]:
    known = {"call_id": made.id, "line": made.line, "day": made.day, "arrived_at": made.at}
    stage = Stage.QUEUE if made.gave_up_waiting else Stage.NONE
    row = call_row(0, **known, team=made.team or "", outcome=made.outcome, stage=stage)
    rows: list[object] = [CallFigure(**row)]
    if made.team:
        waited = Waiting(call_id=made.id, line=made.line, team=made.team, since=made.at, state=WaitingState.LEFT)
        rows.append(waited)
    for ordinal, agent in enumerate(sorted(made.agents), start=1):
        # The first one is rung twice in one call.
        rows.append(
            Offer(
                id=f"{made.id}-{ordinal}",
                call_id=made.id,
                ordinal=ordinal,
                agent_id=agent,
                state=OfferState.OVER,
                made_at=made.at,
            )
        )
        rows.append(OfferFigure(**offer_row(row, ordinal, agent=agent, is_talk=ordinal == 1)))
        if ordinal == 1:
            rows.append(OfferFigure(**offer_row(row, 9, agent=agent, is_talk=False)))
    for promise, finding in made.faults.items():
        rows.append(_verdict(made, promise, finding))
    rows.append(_verdict(made, "K9", Finding.MET))
    return rows


def _verdict(made: Made, promise: str, finding: Finding) -> Verdict:
    return Verdict(
        standard_id=f"{made.line}/{promise}/1",
        subject=made.id,
        call_id=made.id,
        institution=made.line,
        scope="call",
        verdict=finding,
        reason="",
        evidence=[],
        version=1,
        day=made.day,
        measured=None,
    )
