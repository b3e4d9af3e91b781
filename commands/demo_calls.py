"""Drawn calls of the demo as the rows that they would have left: the call, its facts, its offer and its wrap-up."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from commands.demo_traffic import UNTIL_QUEUE, DrawnCall, Group
from ivr.agents.rows import Agent
from ivr.agents.wrapping import WrapUp
from ivr.base import Base
from ivr.calls.record import Outcome
from ivr.calls.rows import Call, Fact, Offer, OfferState, Waiting, WaitingState
from ivr.calls.steps import CALLER
from ivr.identifiers import call_id, receipt_number
from ivr.lines.announcement import announce
from ivr.lines.firms import Firm
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.sealing import Keyring

Row = dict[str, object]
WISHES: Mapping[str, str] = {"repair": "1", "usage": "2", "purchase": "3"}
"""The keys of the menu of a firm, by what callers want."""
ON_ITS_WAY = timedelta(milliseconds=50)
"""How long after it happened the carrier's telling arrives."""
# Their offers were made so long before the telephone rang, and accepted so long after it was picked up.
PLACED, ACCEPTED, ANNOUNCED = 0.6, 1.2, 1.6


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the calls take place: the line, its agents in the order of their ids, the keys that seal numbers.

    `groups` tells by firm which of them answer for it.
    """

    line: Line
    agents: Sequence[Agent]
    keyring: Keyring
    groups: Mapping[str, Group]


def first_id(drawn: Sequence[DrawnCall]) -> str:
    """The id of the first of a day's calls, by which it is known whether the day was written."""
    return call_id(_sid(0, drawn[0]))


def write_calls(session: Session, stage: Stage, drawn: Sequence[DrawnCall]) -> list[str]:
    """Write the calls of a day; returns their ids."""
    written = [_rows(stage, number, call) for number, call in enumerate(drawn)]
    for table in (Call, Waiting, Offer, WrapUp, Fact):
        rows = [row for each in written for row in each.get(table, ())]
        if rows:
            # Into the table itself: of a class, rows are written in groups by which of their values are None.
            session.execute(insert(cast(Table, table.__table__)), rows)
    return [str(each[Call][0]["id"]) for each in written]


def _sid(number: int, drawn: DrawnCall) -> str:
    return "CA" + hashlib.sha256(f"demo:{drawn.arrived_at.isoformat()}:{number}".encode()).hexdigest()[:32]


def _rows(stage: Stage, number: int, drawn: DrawnCall) -> dict[type[Base], list[Row]]:
    line, firm = stage.line, stage.line.firms[drawn.firm]
    sid = _sid(number, drawn)
    told = _Telling(stage, drawn, call_id(sid), sid)
    product = line.products[firm.products[0]]
    team = line.group_of(firm, product.id)
    caller = PhoneNumber.parse(f"010-1000-{drawn.caller:04d}")
    met = drawn.agent is not None
    told.tell("arrived", CALLER, 0.0, closed=False, notices=",".join(f"{one.id}/{one.version}" for one in line.notices))
    told.tell("menu", CALLER, UNTIL_QUEUE - 5, menu="firm")
    told.tell("key", CALLER, UNTIL_QUEUE - 1, menu="firm", digits=WISHES[drawn.topic], product=product.id)
    told.tell("wait", CALLER, UNTIL_QUEUE)
    rows: dict[type[Base], list[Row]] = {
        Call: [
            {
                "id": told.call,
                "line": line.id,
                "carrier_sid": sid,
                "caller": caller,
                "caller_index": stage.keyring.index(caller),
                "dialled": line.numbers[0] if drawn.by_code or not firm.numbers else firm.numbers[0],
                "firm": firm.id,
                "receipt_number": receipt_number(told.call, drawn.arrived_at.astimezone(SEOUL).strftime("%m%d")),
                "arrived_at": drawn.arrived_at,
                "ended_at": told.at(drawn.talk_from + drawn.talk if met else drawn.queue_left),
                "outcome": Outcome.ANSWERED.value if met else Outcome.ABANDONED.value,
            }
        ],
        Waiting: [_waiting(stage, told, team, drawn)],
    }
    if met:
        rows |= _talk(told, team, firm)
    else:
        told.event(CALLER, "completed", drawn.queue_left)
    return {**rows, Fact: told.facts}


def _waiting(stage: Stage, told: "_Telling", team: str, drawn: DrawnCall) -> Row:
    return {
        "call_id": told.call,
        "line": stage.line.id,
        "team": team,
        "skill": drawn.topic,
        "since": told.at(UNTIL_QUEUE),
        "state": WaitingState.LEFT,
        "version": 1,
    }


def _talk(told: "_Telling", team: str, firm: Firm) -> dict[type[Base], list[Row]]:
    """The offer to the agent who took the call, its rings, the announcement, the talk, and the wrap-up."""
    drawn, line, offer = told.drawn, told.stage.line, f"{told.call}-1"
    agent = told.stage.agents[drawn.agent or 0]
    picked, over = drawn.talk_from - ACCEPTED - ANNOUNCED, drawn.talk_from + drawn.talk
    words = announce(line, department=agent.department, name=agent.name, title=agent.title, firm=firm)
    told.event(offer, "ringing", picked - drawn.ring)
    told.event(offer, "in-progress", picked)
    told.tell("accepted", offer, picked + ACCEPTED, open=True)
    said: dict[str, str | int] = {"text": words.text, "version": words.version, "firm": firm.spoken_name}
    told.tell("announced", CALLER, drawn.talk_from - 1, offer=offer, **said)
    told.tell("joining", CALLER, drawn.talk_from, offer=offer, agent_gone=False)
    told.leaves(CALLER, offer, over, number=4)
    told.leaves(offer, offer, over + 1, number=5)
    told.event(CALLER, "completed", over)
    told.event(offer, "completed", over + 1)
    ended, wrapped = told.at(over + 1), told.at(over + 1 + drawn.wrap)
    own: Row = {"id": offer, "agent_id": agent.id, "call_id": told.call, "version": 1}
    made: Row = {"ordinal": 1, "made_at": told.at(picked - drawn.ring - PLACED), "team": team, "skill": drawn.topic}
    closed: Row = {"state": OfferState.OVER, "outcome": "finished", "closed_at": ended, "wrapped_at": wrapped}
    coded: Row = {"line": line.id, "code": drawn.topic, "by": agent.id, "saved_at": wrapped, "coded_at": wrapped}
    return {Offer: [own | made | closed], WrapUp: [own | coded]}


class _Telling:
    """The facts of one call, as they are told one after the other."""

    def __init__(self, stage: Stage, drawn: DrawnCall, call: str, sid: str) -> None:
        self.stage, self.drawn, self.call, self.sid = stage, drawn, call, sid
        self.facts: list[Row] = []
        self._step = 0

    def at(self, seconds: float) -> datetime:
        """A moment of the call."""
        return self.drawn.arrived_at + timedelta(seconds=seconds)

    def tell(self, kind: str, leg: str, seconds: float, /, **detail: str | int | bool) -> None:
        """A step of a leg."""
        self._step += 1
        self._add(f"{kind}:{leg}:{self._step}", kind, (leg, self.at(seconds), None), sequence=self._step, detail=detail)

    def event(self, leg: str, status: str, seconds: float) -> None:
        """What the carrier reports of a leg."""
        kind = {"ringing": "leg-ringing", "in-progress": "leg-answered"}.get(status, "leg-ended")
        self._add(f"{leg}:{status}", kind, (leg, self.at(seconds), self._stamp(seconds)), detail={"status": status})

    def leaves(self, leg: str, offer: str, seconds: float, *, number: int) -> None:
        """The room reports who left it."""
        detail = {"event": "participant-leave", "offer": offer, "reason": "participant_hung_up"}
        at = (leg, self.at(seconds), self._stamp(seconds))
        self._add(f"room:{offer}:participant-leave:{leg}:{number}", "room", at, sequence=number, detail=detail)

    def _stamp(self, seconds: float) -> datetime:
        return self.at(seconds).replace(microsecond=0)

    def _add(
        self,
        key: str,
        kind: str,
        where: tuple[str, datetime, datetime | None],
        *,
        sequence: int | None = None,
        detail: Mapping[str, str | int | bool],
    ) -> None:
        leg, at, said = where
        row: Row = {"subject": self.call, "key": key, "kind": kind, "leg": "room" if kind == "room" else leg}
        row |= {"sid": self.sid if leg == CALLER else f"CA{leg}", "said_at": said, "sequence": sequence}
        self.facts.append(row | {"received_at": at + (ON_ITS_WAY if said else timedelta()), "detail": dict(detail)})
