"""`charterline call`: scripted people place a real call through the local carrier; prints what was recorded."""

import json
import time
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

import click
import httpx
from sqlalchemy import Select, select

from commands.calls import in_words
from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from commands.record import CallEntry, record_of
from commands.shared import AS_JSON_OBJECT
from ivr.agents.rows import Agent
from ivr.calls.rows import Offer
from ivr.identifiers import call_id
from ivr.lines.model import Line
from ivr.messages.states import FINAL, MessageState
from ivr.numbers import BadNumber, PhoneNumber
from ivr.promises import PromiseRow

POLL_SECONDS = 0.1
# Agents beyond those that were told how long to let it ring pick up soon.
COLLEAGUE_ANSWERS_AFTER = 2.0
SECONDS_TO_SETTLE = 15.0


@dataclass(frozen=True, slots=True)
class Script:
    """How the people behave: keys and patience of the caller, ringing that each agent allows, length of talk."""

    keys: tuple[str, ...]
    answer_after: tuple[float, ...]
    talk: float
    patience: float
    agent_ends: bool


class Ends(NamedTuple):
    """The line that is rung, by which of its numbers, and who calls."""

    line: Line
    dialled: PhoneNumber
    caller: PhoneNumber


@dataclass(slots=True)
class Handsets:
    """The telephones at the local carrier, by its handset API."""

    carrier: httpx.Client

    def give_script(self, number: str, person: dict[str, Any]) -> None:  # Any: the JSON of the handset API
        """Say how the person at a telephone behaves from now on."""
        self.carrier.put(f"/handsets/{quote(number)}/person", json=person).raise_for_status()

    def call(self, number: str, to: str, person: dict[str, Any]) -> str:  # Any: as above
        """Place a call and return the carrier's id of it."""
        answer = self.carrier.post(f"/handsets/{quote(number)}/calls", json={"to": to, "person": person})
        answer.raise_for_status()
        return str(answer.json()["call"])

    def is_on_a_call(self, number: str) -> bool:
        """Whether the telephone is in use."""
        answer = self.carrier.get(f"/handsets/{quote(number)}")
        return answer.is_success and answer.json()["state"] != "idle"


def _numbers(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in value.split(",") if part.strip())
    except ValueError:
        raise click.BadParameter("give seconds, separated by commas, like 9.5,2") from None
    if not numbers or min(numbers) < 0:
        raise click.BadParameter("give seconds from 0 up, separated by commas")
    return numbers


def _keys(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    keys = tuple(part.strip() for part in value.split(",") if part.strip())
    if any(key != "-" and set(key) - set("0123456789*#") for key in keys):
        raise click.BadParameter("keys are 0-9, * and #, or - for none, separated by commas, like 1,2 or 1,-,1")
    return keys


@click.command()
@click.argument("number")
@click.option("--from", "caller", default="010-1000-0001", show_default=True, help="The caller's number.")
@click.option(
    "--press",
    "keys",
    default="1",
    show_default=True,
    callback=_keys,
    help="Keys, one for each question; - presses none there.",
)
@click.option(
    "--answer-after",
    default="2.4",
    show_default=True,
    callback=_numbers,
    help=f"Seconds each agent lets it ring, in order; further ones take {COLLEAGUE_ANSWERS_AFTER}.",
)
@click.option("--talk", default=8.0, show_default=True, type=click.FloatRange(0), help="Seconds of talk.")
@click.option("--patience", default=120.0, show_default=True, type=click.FloatRange(1), help="Seconds until giving up.")
@click.option(
    "--hang-up", type=click.Choice(["customer", "agent"]), default="customer", show_default=True, help="Who ends it."
)
@AS_JSON_OBJECT
def call(number: str, caller: str, as_json: bool, **given: Any) -> None:  # Any: click's own
    """Ring the line with this NUMBER and let scripted people talk; prints what the service recorded."""
    script = Script(given["keys"], given["answer_after"], given["talk"], given["patience"], given["hang_up"] == "agent")
    opened = open_installation(installed_settings())
    ends = Ends(_line(opened, number), PhoneNumber.parse(number), _caller(caller))
    try:
        with httpx.Client(base_url=opened.settings.twilio_api_url, timeout=10) as carrier:
            record = _place(opened, Handsets(carrier), ends, script)
    except httpx.HTTPError as error:
        raise click.ClickException(f"the local carrier does not answer ({error}): is ./bin/up running?") from None
    click.echo(json.dumps(record, ensure_ascii=False) if as_json else in_words(record))
    if not record["ended_at"]:
        raise click.ClickException("the call has not ended: see charterline calls show " + record["call"])


def _line(opened: Opened, number: str) -> Line:
    known = ", ".join(PhoneNumber.parse(line.number).national for line in opened.lines)
    try:
        line = opened.lines.by_number(PhoneNumber.parse(number).e164)
    except BadNumber as error:
        raise click.UsageError(f"{error}. Lines: {known}") from None
    if line is None:
        raise click.ClickException(f"no line has the number {number}: known are {known}")
    return line


def _caller(text: str) -> PhoneNumber:
    try:
        return PhoneNumber.parse(text)
    except BadNumber as error:
        raise click.UsageError(f"--from: {error}") from None


def _place(opened: Opened, handsets: Handsets, ends: Ends, script: Script) -> CallEntry:
    line, dialled, caller = ends
    if handsets.is_on_a_call(caller.e164):
        raise click.ClickException(f"{caller.masked} is on another call: give another number with --from")
    agents = _agents(opened, line)
    for destination in agents.values():
        handsets.give_script(destination, _agent_script(script, 0))
    # Whoever is called back later picks up and says that it is the right one.
    handsets.give_script(caller.e164, {"answer_after": 2.0, "press_on_answer": "1", "talk_seconds": script.talk})
    person: dict[str, Any] = {"presses": list(script.keys), "hang_up_after": script.patience + script.talk}
    if not script.agent_ends:
        person["talk_seconds"] = script.talk
    sid = handsets.call(caller.e164, dialled.e164, person)
    return _watch(opened, handsets, (call_id(sid), agents), script)


def _agent_script(script: Script, place: int) -> dict[str, Any]:
    waits = script.answer_after[place] if place < len(script.answer_after) else COLLEAGUE_ANSWERS_AFTER
    person: dict[str, Any] = {"answer_after": waits, "press_on_answer": "1"}
    if script.agent_ends:
        person["talk_seconds"] = script.talk
    return person


def _agents(opened: Opened, line: Line) -> dict[str, str]:
    with opened.store.reading() as session:
        rows = session.scalars(select(Agent).where(Agent.line == line.id))
        return {agent.id: agent.destination for agent in rows}


def _watch(opened: Opened, handsets: Handsets, watched: tuple[str, dict[str, str]], script: Script) -> CallEntry:
    """Wait for the call and its texts to end; agents not yet rung are told how long to let it ring."""
    call, agents = watched
    give_up_at = time.monotonic() + script.patience + script.talk + 2 * SECONDS_TO_SETTLE
    settled_at: float | None = None
    offered = 0
    while time.monotonic() < give_up_at:
        with opened.store.reading() as session:
            record = record_of(session, opened, call)
            waits_for_verdicts = session.scalar(_unjudged(call))
            rung = list(session.scalars(select(Offer.agent_id).where(Offer.call_id == call).order_by(Offer.ordinal)))
        if len(rung) > offered:
            offered = len(rung)
            for agent, destination in agents.items():
                if agent != rung[-1]:
                    handsets.give_script(destination, _agent_script(script, offered))
        if record is not None and record["ended_at"]:
            settled_at = settled_at or time.monotonic()
            if (_is_settled(record) and not waits_for_verdicts) or time.monotonic() > settled_at + SECONDS_TO_SETTLE:
                return record
        time.sleep(POLL_SECONDS)
    if record is None:
        raise click.ClickException("the service never heard of this call: are the webhooks running?")
    return record


def _unjudged(call: str) -> Select[bool]:
    return select(
        select(PromiseRow.id).where(PromiseRow.key.startswith(f"judge:{call}:"), PromiseRow.done_at.is_(None)).exists()
    )


def _is_settled(record: CallEntry) -> bool:
    """Nothing more is expected: every text has its final state, and an answered call has its receipt."""
    texts_done = all(MessageState(message["state"]) in FINAL for message in record["messages"])
    return texts_done and (record["outcome"] not in {"answered", "callback"} or bool(record["messages"]))
