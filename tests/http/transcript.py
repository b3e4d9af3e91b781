"""Runs a transcript: each step is posted, heard, and posted twice more, which must change nothing."""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, select
from sqlalchemy.orm import Session

from commands.world import Worker
from ivr.addresses import Address, address
from ivr.base import Base
from ivr.callbacks.asking import Wish as Wished
from ivr.callbacks.asking import ask_callback
from ivr.callbacks.rows import Origin
from ivr.calls.rows import Call, Fact
from ivr.consents.rows import Purpose
from ivr.identifiers import call_id
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.promises import PromiseRow
from ivr.store import Store
from ivr.surveys.entering import hand_over
from ivr.transfers.asking import Wish, ask, cancel, complete
from ivr.transfers.rows import Manner
from tests.http.board import BASE_URL, CALL_SID, MORNING, Moment, Signed, arriving, board_over, words
from tests.http.hearing import hears, leads_to
from tests.http.scripted import ScriptedCarrier
from tests.interviewing import Rung, ring
from tests.people import add_agents
from tests.store_fixtures.databases import filled_tables
from workers.job import House
from workers.keeping import Keeper

Row = dict[str, Any]  # Any: whatever the columns of a table hold
Step = dict[str, Any]  # Any: TOML as written
ASKED = ("ask", "post", "who", "after", "form")
SHOWN = (*ASKED, "hears", "status", "facts", "promises", "rows", "work", "orders", "answers")
KEPT: dict[str, type[Fact | PromiseRow]] = {"facts": Fact, "promises": PromiseRow}
ENDINGS = {"complete": complete, "cancel": cancel}


@dataclass
class Sent:
    """One request and what was answered, to be repeated."""

    address: str
    form: dict[str, str]
    status: int
    body: str


@dataclass
class Transcript:
    """One conversation: a TOML file, an engine, a clock, a carrier that takes orders.

    Rows are looked at through `beside`, if the engine itself is watched.
    """

    file: Path
    engine: Engine
    carrier: ScriptedCarrier = field(default_factory=ScriptedCarrier)
    beside: Engine | None = None
    sent: list[Sent] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.story: Step = tomllib.loads(self.file.read_text(encoding="utf-8"))
        self.clock = Moment(self.story.get("at", MORNING))
        self.board = board_over(self.engine, self.clock)
        self.wire = Signed.to(self.board)
        self.looking = Store(self.beside) if self.beside else self.board.store
        texts, lines, calendar = words()
        house = House(lines, texts, calendar, self.board.store.keyring, BASE_URL, surveys=self.board.surveys)
        self.worker = Worker(self.board.store, Keeper(self.board.store, self.carrier, house, self.clock, self._ring))
        if agents := self.story.get("agents"):
            add_agents(self.board.store, lines.by_id(agents["line"]), self.clock.at, agents["count"])
        if callback := self.story.get("callback"):
            self._ask_callback(callback)
        if message := self.story.get("message"):
            self._write(message)
        if dial := self.story.get("dial"):
            self._dial(dial)

    def run(self) -> None:
        """Play every step, then repeat all of them: a late repetition must change nothing either."""
        for number, step in enumerate(self.story["step"], start=1):
            unknown = set(step) - set(SHOWN)
            assert not unknown, f"step {number}: unknown {unknown}"
            self.clock.pass_time(step.get("after", 1))
            told = self.play(step)
            for name in ("hears", "status", "facts", "promises", "orders"):
                expected = step.get(name, [] if name in {"facts", "promises"} and "post" in step else told.get(name))
                assert told.get(name) == expected, f"step {number}: {name}: {told.get(name)}, not {expected}"
            for place, expected in step.get("rows", {}).items():
                found = self._value(place)
                assert found == expected, f"step {number}: {place}: {found}, not {expected}"
        self._repeat_everything()

    def _ask_callback(self, asked: Step) -> None:
        """Somebody asked to be called, before the story begins."""
        number, line = PhoneNumber.parse(asked["number"]), self.board.line(asked["line"])
        wish = Wished("b-1", line, asked["team"], Origin.API, number, customer=asked.get("customer"))
        with self.board.store.transaction() as session:
            ask_callback(session, wish, calendar=self.board.calendar, at=self.clock.at)

    def _write(self, message: Step) -> None:
        """A text was written, before the story begins."""
        number, line = PhoneNumber.parse(message["to"]), self.board.line(message["line"])
        outgoing = Outgoing("m-1", line, number, message["template"], "booking:k-1", message["values"])
        with self.board.store.transaction() as session:
            write_message(session, self.board.texts, outgoing, at=self.clock.at)

    def _dial(self, dial: Step) -> None:
        """A campaign ordered a call, before the story begins; the carrier knows the addresses."""
        line, asked = self.board.line(dial["line"]), self.board.surveys.of(dial["questionnaire"])
        purpose = Purpose(dial.get("purpose", Purpose.HAPPY_CALL))
        rung = Rung(line, asked, dial["to"], purpose, firm=dial.get("firm"))
        ids = {"call": ring(self.board.store, rung, at=self.clock.at), "line": line.id, "leg": "person"}
        self.addresses[Address.SURVEY] = address(Address.SURVEY, **ids, step=1)
        self.addresses[Address.SURVEY_STATUS] = address(Address.SURVEY_STATUS, **ids)

    def play(self, step: Step) -> Step:
        """Do one step; returns what was heard, kept, promised and ordered."""
        before = {name: {key for key, _ in self._keys_and_kinds(kept)} for name, kept in KEPT.items()}
        if "ask" in step:
            self._ask(step["ask"])
        if "post" not in step:
            return {"orders": self._work(step)}
        told = self._post(step)
        for name, kept in KEPT.items():
            told[name] = sorted(kind for key, kind in self._keys_and_kinds(kept) if key not in before[name])
        return told

    def _post(self, step: Step) -> Step:
        path = step["post"]
        form = {**self._about(step.get("who", "caller")), **step.get("form", {})}
        address = self._address(path, step.get("who", "caller"))
        answer = self.wire.post(address, form)
        first = Sent(address, form, answer.status_code, answer.get_data(as_text=True))
        self.sent.append(first)
        kept = self.kept()
        for attempt in ("token-1", "token-2"):
            self.clock.pass_time(1)
            self._repeat(first, attempt)
        assert self.kept() == kept, f"{path} repeated changed rows"
        if first.status == 204:
            return {"status": 204}
        self.addresses.update(leads_to(first.body))
        return {"hears": hears(first.body)}

    def _address(self, path: str, who: str) -> str:
        """The address that was last emitted for a path; the caller's own events come to the bare entry."""
        if "?" in path:
            return path.replace("{call}", call_id(CALL_SID))
        return path if (path, who) == ("/voice/status", "caller") else self.addresses.get(path, path)

    def _repeat(self, first: Sent, attempt: str) -> None:
        answer = self.wire.post(first.address, first.form, attempt=attempt)
        again = Sent(first.address, first.form, answer.status_code, answer.get_data(as_text=True))
        assert again == first, f"{first.address} repeated with {attempt} is answered differently"

    def _repeat_everything(self) -> None:
        kept = self.kept()
        for number, first in enumerate(self.sent):
            self.clock.pass_time(1)
            self._repeat(first, f"late-{number}")
        assert self.kept() == kept, "a step repeated at the end changed rows"

    def _ask(self, wish: Step) -> None:
        """The agent who talks asks for a transfer, ends a consultation, or hands the caller over to the survey."""
        call, act = call_id(CALL_SID), wish.get("end")
        with self.board.store.transaction() as session:
            line = self.board.line(session.get_one(Call, call).line)
            if wish.get("survey"):
                hand_over(session, call, line=line, at=self.clock.at)
            elif act:
                ENDINGS[act](session, call, line=line, at=self.clock.at)
            else:
                ask(session, call, Wish(wish["to"], Manner(wish["manner"])), line=line, at=self.clock.at)

    def _work(self, step: Step) -> list[str]:
        self.carrier.orders.clear()
        self.carrier.answers = list(step.get("answers", []))
        self.worker.rung = True
        self.worker.work(self.clock.at)
        self.addresses.update(self.carrier.addresses)
        # How often the carrier is asked about a leg is a matter of tuning, not of the conversation.
        return [order for order in self.carrier.orders if not order.startswith("ask after")]

    def _about(self, who: str) -> dict[str, str]:
        """What the carrier sends about a leg with each request."""
        if who == "caller":
            return {**arriving(CallSid=CALL_SID, CallStatus="in-progress"), **self.story.get("caller", {})}
        sid = next((sid for sid, name in self.carrier.names.items() if name == who), f"CA-{who}")
        return {"CallSid": sid, "From": "+827010000001", "To": "+827010000101", "CallStatus": "in-progress"}

    def _ring(self) -> None:
        self.worker.ring()

    def kept(self) -> dict[str, list[Row]]:
        """What a repetition must leave as it is: every row."""
        return self.rows()

    def rows(self) -> dict[str, list[Row]]:
        """Every row of every table, decoded."""
        with self.looking.reading() as session:
            filled = filled_tables(session.connection())
            return {
                table.name: _rows_of(session, table) if table.name in filled else []
                for table in Base.metadata.sorted_tables
            }

    def _keys_and_kinds(self, kept: type[Fact | PromiseRow]) -> list[tuple[str, str]]:
        with self.looking.reading() as session:
            return [(key, kind) for key, kind in session.execute(select(kept.key, kept.kind))]

    def _value(self, place: str) -> object:
        """`table` is its count of rows; `table.column` the value of its only row, or the values of all."""
        table, _, column = place.partition(".")
        rows = self.rows()[table]
        if not column:
            return len(rows)
        values = [_plain(row[column]) for row in rows]
        return values[0] if len(values) == 1 else values


def _rows_of(session: Session, table: Table) -> list[Row]:
    return [dict(row) for row in session.execute(select(table).order_by(*table.primary_key)).mappings()]


def _plain(value: object) -> object:
    if value is None:
        return "nothing"
    if isinstance(value, PhoneNumber):
        return value.e164
    return value.isoformat() if isinstance(value, datetime) else value
