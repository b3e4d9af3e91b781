"""The page of one repair, as opened or as a form came back to it."""

from collections.abc import Iterator, Sequence

from flask import render_template

from console.forms import Faults
from console.office import office
from console.repairs.acts import ACTS
from console.repairs.room import ACTING, seen
from console.stories import Happening, accounts_of, in_order, texts_told
from console.visitor import visitor, wording
from ivr.calls.facts import Told
from ivr.calls.rows import Call
from ivr.lines.hours import SEOUL
from ivr.repairs.asking import expected_on
from ivr.repairs.moves import REPAIR_MOVES
from ivr.repairs.reading import is_overdue, story_of

TONES = {"repair-accepted": "good", "repair-done": "good", "repair-delayed": "warn", "repair-cancelled": "bad"}


def show(id: str, *, act: str = "", faults: Faults | None = None) -> str:
    """Everything there is to see of a repair; `act` is the one whose form came back with `faults`."""
    at, line = office().clock(), visitor().line
    with office().store.reading() as session:
        repair = seen(session, id)
        facts, messages = story_of(session, repair)
        names = accounts_of(session, (str(fact.detail.get("who", "")) for fact in facts))
        offered = [name for name, one in ACTS.items() if (repair.state, one.event) in REPAIR_MOVES]
        known = repair.partner in line.repairs.partners
        return render_template(
            "repairs/one.html",
            repair=repair,
            call=session.get(Call, repair.call_id) if repair.call_id else None,
            is_late=is_overdue(repair, at.astimezone(SEOUL).date()),
            happenings=in_order(_happened(facts, names), texts_told(messages)),
            acts=offered if visitor().may(*ACTING) else [],
            act=act,
            faults=faults,
            expected=expected_on(line, repair.partner, at=at) if known else "",
        )


def _happened(facts: Sequence[Told], names: object) -> Iterator[Happening]:
    say = wording().say
    for fact in facts:
        detail = {name: str(fact.detail.get(name, "")) for name in ("who", "reference", "until", "outcome")}
        who = names.get(detail["who"], detail["who"]) if isinstance(names, dict) else detail["who"]
        notes = tuple(
            say(f"repairs.told_{name}", value=detail[name])
            for name in ("reference", "until", "outcome")
            if detail[name]
        )
        says = say(f"repairs.happened.{fact.kind}")
        yield Happening(fact.received_at, says, TONES.get(fact.kind, "calm"), (*notes, say("repairs.who", who=who)))
