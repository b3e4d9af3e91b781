"""The rows of the table of what is owed, as the rooms that own them write them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from ivr.agents.rows import Agent
from ivr.callbacks.rows import CHOSEN, Callback, CallbackOutcome, CallbackState, Origin
from ivr.calls.facts import Told, tell
from ivr.calls.steps import CALLER
from ivr.cases.rows import Case, CaseState, Owed, ReplyBy
from ivr.charters.owing import OwedScope
from ivr.dialling.rows import Attempt, AttemptOutcome, AttemptState
from ivr.directory.rows import Officer
from ivr.documents.rows import Channel, Contact, Document, DocumentState
from ivr.numbers import PhoneNumber
from tests.charter.survey_rows import write_survey
from tests.people import agent_of

if TYPE_CHECKING:
    from tests.charter.owed_table import OwedCase

NUMBER = PhoneNumber.parse("+821010000001")
INDEX = "0" * 64
OFFICER, COLLEAGUE = 1, 2


def _people(session: Session, case: "OwedCase") -> list[Agent]:
    agents = [agent_of(case.own_line, case.came_at, number=number) for number in (OFFICER, COLLEAGUE)]
    session.add_all(agents)
    session.flush()
    session.add(Officer(id="o1", line=case.line, name="김민수", department="부서", title="과장", agent_id=agents[0].id))
    session.flush()
    return agents


def write_callback(session: Session, case: "OwedCase", id: str) -> str:
    """A callback with its tries ("10:20 rang reached by=2") and its end ("10:21 reached")."""
    agents, row = _people(session, case), case.row
    due = case.moment(row["due"])
    callback = Callback(
        id=id,
        line=case.line,
        team=next(iter(case.own_line.teams)),
        origin=Origin(row.get("origin", "memo")),
        receipt_number="r1",
        number=NUMBER,
        number_index=INDEX,
        customer="고객" if row.get("name", True) else None,
        content="문의" if row.get("content", True) else None,
        reason=row.get("reason"),
        asked_at=case.came_at,
        since=case.moment(row["since"]) if "since" in row else case.came_at,
        due_at=due,
        first_due_at=due,
        officer_id="o1",
        state=CallbackState.WAITING,
    )
    session.add(callback)
    session.flush()
    detail = {"lacking": row.get("lacking", {}), "chosen": row.get("chosen", callback.origin in CHOSEN - {Origin.MEMO})}
    _told(session, id, "callback-promised", case.came_at, origin=callback.origin.value, **detail)
    for ordinal, written in enumerate(row.get("tries", ()), start=1):
        _write_try(session, case, callback, ordinal=ordinal, written=written.split(), agents=agents)
    if "over" in row:
        _end(session, case, callback, row["over"])
    return id


def _write_try(
    session: Session,
    case: "OwedCase",
    callback: Callback,
    *,
    ordinal: int,
    written: list[str],
    agents: list[Agent],
) -> None:
    time, rang, outcome, *more = written
    at = case.moment(time)
    agent = agents[int(more[0].removeprefix("by=")) - 1 if more else 0]
    attempt = Attempt(
        id=f"{callback.id}-{ordinal}",
        callback_id=callback.id,
        ordinal=ordinal,
        line=case.line,
        number_index=INDEX,
        agent_id=agent.id,
        state=AttemptState.OVER,
        outcome=AttemptOutcome(outcome),
        made_at=at,
        closed_at=at,
    )
    session.add(attempt)
    session.flush()
    if rang == "rang":
        told = Told(attempt.id, "leg:ringing", "leg-ringing", CALLER, at, detail={"status": "ringing"})
        tell(session.connection(), told)
    elif rang == "busy":
        told = Told(attempt.id, "leg:busy", "leg-ended", CALLER, at, detail={"status": "busy"})
        tell(session.connection(), told)
    if outcome != "reached":
        result = "not_tried" if outcome.startswith("agent") else "unreached"
        _told(session, callback.id, f"callback-attempted#{ordinal}", at, result=result, outcome=outcome)


def _end(session: Session, case: "OwedCase", callback: Callback, written: str) -> None:
    time, outcome = written.split()
    states = {
        CallbackOutcome.REACHED: CallbackState.REACHED,
        CallbackOutcome.CALLED_IN: CallbackState.SERVED,
        CallbackOutcome.OTHER_WAY: CallbackState.SERVED,
        CallbackOutcome.WITHDRAWN: CallbackState.WITHDRAWN,
        CallbackOutcome.UNREACHED: CallbackState.GIVEN_UP,
    }
    callback.outcome, callback.closed_at = CallbackOutcome(outcome), case.moment(time)
    callback.state = states[callback.outcome]
    _told(session, callback.id, "callback-over", callback.closed_at, state=callback.state.value, outcome=outcome)


def _told(session: Session, id: str, kind: str, at: Any, **detail: Any) -> None:
    name, _, about = kind.partition("#")
    tell(session.connection(), Told(id, f"{name}:{about or 'once'}", name, "callback", at, detail=detail))


def write_attempt(session: Session, case: "OwedCase", id: str) -> str:
    """An outgoing call: its callback, and the row itself; its facts are those of the table."""
    agents = _people(session, case)
    session.add(
        Callback(
            id=id,
            line=case.line,
            team=next(iter(case.own_line.teams)),
            origin=Origin.MENU,
            receipt_number="r1",
            number=NUMBER,
            number_index=INDEX,
            asked_at=case.came_at,
            since=case.came_at,
            due_at=case.came_at,
            first_due_at=case.came_at,
            state=CallbackState.WAITING,
        )
    )
    session.flush()
    session.add(
        Attempt(
            id=f"{id}-1",
            callback_id=id,
            ordinal=1,
            line=case.line,
            number_index=INDEX,
            agent_id=agents[0].id,
            state=AttemptState.OVER,
            outcome=AttemptOutcome(case.row.get("outcome", "reached")),
            made_at=case.came_at,
            closed_at=case.came_at,
        )
    )
    return f"{id}-1"


def write_document(session: Session, case: "OwedCase", id: str) -> str:
    """Papers."""
    row = case.row
    session.add(
        Document(
            id=id,
            receipt="r1",
            line=case.line,
            channel=Channel(row.get("channel", "fax")),
            reference="x1",
            kind="application",
            contact=Contact(row.get("contact", "mobile")),
            received_at=case.came_at,
            noted_at=case.moment(row["noted"]) if "noted" in row else case.came_at,
            state=DocumentState(row.get("state", "received")),
            missing=[],
            rounds=0,
            closed_at=case.moment(row["over"]) if "over" in row else None,
            is_test=row.get("is_test", False),
        )
    )
    return id


def write_case(session: Session, case: "OwedCase", id: str) -> str:
    """A case."""
    row = case.row
    due = case.moment(row["due"])
    session.add(
        Case(
            id=id,
            line=case.line,
            receipt_number="r1",
            kind=row["kind"],
            topic=row.get("topic"),
            channel=row.get("channel", "web"),
            owner="고객센터",
            handler=row.get("handler", "고객센터") or None,
            reply_by=ReplyBy.SMS,
            content="내용",
            received_at=case.came_at,
            taken_at=case.came_at,
            due_at=due,
            first_due_at=due,
            owed=Owed(row.get("owed", "answer")),
            first_owed=Owed(row.get("owed", "answer")),
            answered_at=case.moment(row["decided"]) if "decided" in row else None,
            closed_at=case.moment(row["over"]) if "over" in row else None,
            state=CaseState.RECEIVED,
            is_test=row.get("is_test", False),
        )
    )
    return id


WRITERS: Mapping[OwedScope, Callable[[Session, "OwedCase", str], str]] = {
    "callback": write_callback,
    "attempt": write_attempt,
    "document": write_document,
    "case": write_case,
    "survey": write_survey,
}
