"""Walking a line on the screen: keys are pressed, and what the line says next is read and heard."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import render_template, request

from console.lines.editing import current, kept_editions
from console.lines.room import blueprint
from console.office import office
from console.visitor import STAFF, allowed, visitor
from ivr.editions.installed import install
from ivr.editions.rows import ALL_LINES
from ivr.lines.hours import SEOUL
from ivr.lines.walking import Caller, Step

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
SILENCE = "-"
# A caller is put through, called back or let go long before.
MOST_KEYS = 60
FURTHEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Walked:
    """What has happened so far; `asks` tells that the line waits for a key."""

    steps: tuple[Step, ...]
    asks: bool


@blueprint.get("/walk")
@allowed(*STAFF)
def walk_page() -> str:
    """The line at the moment `at` after the keys `keys`, as a caller would hear it."""
    pressed = _pressed(request.args.get("keys", ""))
    at = _moment(request.args.get("at", ""))
    numbers = _firm_numbers()
    dialled = request.args.get("number", "") if request.args.get("number") in dict(numbers) else ""
    walked = walked_through(pressed, at, dialled)
    fresh = next((place for place, step in reversed(list(enumerate(walked.steps))) if step.pressed is not None), -1)
    return render_template(
        "lines/walk.html",
        line=visitor().line,
        walked=walked,
        fresh=fresh,
        pressed=pressed,
        keys=KEYS,
        silence=SILENCE,
        numbers=numbers,
        dialled=dialled or None,
        at=at.astimezone(SEOUL).strftime("%Y-%m-%dT%H:%M"),
    )


def walked_through(pressed: list[str], at: datetime, dialled: str = "") -> Walked:
    """Play the visitor's line, as its files and editions have it at `at`, with these keys.

    `dialled` (E.164) is the number of a client firm; empty, the line's own.
    """
    own = visitor().line.id
    state = install(current().files.of(own), [one for one in kept_editions() if one.line in {own, ALL_LINES}], at)
    line = state.lines.by_id(own)
    waiting: list[bool] = []
    keys = iter(pressed)

    def ask() -> str | None:
        key = next(keys, None)
        if key is None:
            waiting.append(True)
        return "" if key == SILENCE else key

    steps = Caller(line, state.texts.of(line.id), state.calendar, at, ask).dial(dialled or line.number)
    return Walked(tuple(_told(steps, waiting)), bool(waiting))


def _firm_numbers() -> list[tuple[str, str]]:
    """The line's own number and those of its firms, each with what it is called; empty where no firm has one."""
    line = visitor().line
    firms = [(number, firm.name) for firm in line.firms.values() for number in firm.numbers]
    return [("", line.institution), *firms] if firms else []


def _told(steps: Iterator[Step], waiting: list[bool]) -> Iterator[Step]:
    for step in steps:
        # Where the keys run out, the walk does not end: it waits for the next one.
        if not (step.end and waiting):
            yield step


def _pressed(text: str) -> list[str]:
    return [key for key in text.split(",") if key in {*KEYS, SILENCE}][:MOST_KEYS]


def _moment(text: str) -> datetime:
    now = office().clock()
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=SEOUL).astimezone(UTC)
    except ValueError:
        return now
    return at if abs(at - now) <= FURTHEST else now
