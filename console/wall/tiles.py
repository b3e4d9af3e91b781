"""The tiles of a wall: what each says in a number and a word, in which tone, and how its number is counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from config.files import FIGURES, read_folder
from console.filters import number, percent
from console.visitor import wording
from ivr.figures.definitions import Definitions, load_definitions
from ivr.figures.formulas import QUEUE_ABANDONED
from ivr.lines.model import Line
from ivr.wall.picture import Due, Wall

GOOD, WARN, BAD, PLAIN = "good", "warn", "bad", "plain"
NO_BREAK = "\u00a0"
SERVICE_LEVEL, ABANDONED, RINGS = "service_level_offered", "abandonment_queue", "within_rings"


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile; `since` makes its value a clock that runs. `word` says in a word what the tone means."""

    id: str
    value: str
    tone: str
    word: str
    notes: tuple[str, ...] = ()
    formula: str = ""
    since: datetime | None = None


def tiles_of(wall: Wall, line: Line) -> list[Tile]:
    """The tiles of a wall, in the order in which they are looked at."""
    return [
        _waiting(wall, line),
        _longest(wall, line),
        _rings(wall, line),
        _level(wall, line),
        _abandoned(wall),
        _calls(wall),
        _due("callbacks", wall.callbacks),
        _due("cases", wall.cases),
    ]


@lru_cache(maxsize=1)
def _definitions() -> Definitions:
    return load_definitions(read_folder(FIGURES)["ko.toml"])


def _say(id: str, **values: str | int) -> str:
    return wording().say(f"wall.{id}", **values)


def _word(tone: str, id: str) -> str:
    return _say(f"word.{id}.{tone}")


def _waiting(wall: Wall, line: Line) -> Tile:
    tone = _hurry(wall, line)
    teams = tuple(
        _say("team", team=line.teams[id].name if id in line.teams else id, count=count)
        for id, count in sorted(wall.queue.by_team.items(), key=lambda each: -each[1])[:3]
    )
    return Tile("waiting", number(wall.queue.count), tone, _word(tone, "waiting"), teams, _say("formula.waiting"))


def _longest(wall: Wall, line: Line) -> Tile:
    tone = _hurry(wall, line)
    limit = _say("note.offer_after", seconds=line.waiting.callback_offer_after)
    return Tile(
        "longest", "0:00", tone, _word(tone, "longest"), (limit,), _say("formula.longest"), since=wall.queue.since
    )


def _hurry(wall: Wall, line: Line) -> str:
    """Nobody holds; somebody does; or somebody has held so long that a callback is offered."""
    if not wall.queue.count:
        return GOOD
    limit = timedelta(seconds=line.waiting.callback_offer_after)
    return BAD if wall.queue.longest(wall.at) >= limit else WARN


def _rings(wall: Wall, line: Line) -> Tile:
    figures = wall.figures
    judged, met = figures.base(RINGS), figures.counted(RINGS)
    notes = (
        _say("note.rings", judged=judged, missed=judged - met),
        *([_say("note.unknown", count=figures.apart(RINGS))] if figures.apart(RINGS) else []),
    )
    tone = PLAIN if not judged else GOOD if met == judged else WARN
    formula = _say(f"formula.rings.{line.ring.reading}", rings=line.ring.rings, seconds=_limit(line))
    return Tile("rings", _share(RINGS, wall), tone, _word(tone, "rings"), notes, formula)


def _limit(line: Line) -> str:
    """The limit of the line's reading in seconds."""
    period, rings = line.ring.tone_ms + line.ring.pause_ms, line.ring.rings
    limits = {
        "strict": (rings - 1) * period,
        "literal": (rings - 1) * period + line.ring.tone_ms,
        "customary": rings * period,
    }
    return f"{limits[line.ring.reading] / 1000:g}"


def _share(figure: str, wall: Wall) -> str:
    share = wall.figures.share(figure)
    return percent(None if share is None else float(share)).replace(" ", NO_BREAK)


def _level(wall: Wall, line: Line) -> Tile:
    share, least = wall.figures.share(SERVICE_LEVEL), _definitions().of(SERVICE_LEVEL, line).at_least
    reached = share is not None and least is not None and share * 100 >= least
    tone = PLAIN if share is None else GOOD if reached else WARN
    notes = (
        _say("note.of", counted=wall.figures.counted(SERVICE_LEVEL), base=wall.figures.base(SERVICE_LEVEL)),
        *([_say("note.target", percent=f"{least:g}")] if least is not None else []),
    )
    formula = _say("formula.service_level", seconds=line.figures.answer_within)
    return Tile("service_level", _share(SERVICE_LEVEL, wall), tone, _word(tone, "service_level"), notes, formula)


def _abandoned(wall: Wall) -> Tile:
    count, asked = wall.figures.count(*QUEUE_ABANDONED), wall.figures.count("asked")
    tone = PLAIN if not asked else WARN if count else GOOD
    notes = (_say("note.abandoned", share=_share(ABANDONED, wall), asked=asked),)
    return Tile("abandoned", number(count), tone, _word(tone, "abandoned"), notes, _say("formula.abandoned"))


def _calls(wall: Wall) -> Tile:
    notes = (
        _say("note.answered", count=wall.figures.count("answered")),
        _say("note.talking", count=wall.talking),
    )
    return Tile("calls", number(wall.arrived), PLAIN, _say("word.calls.plain"), notes, _say("formula.calls"))


def _due(id: str, due: Due) -> Tile:
    tone = BAD if due.late else WARN if due.soon else GOOD
    shown = due.late or due.soon
    notes = (_say("note.due", late=due.late, soon=due.soon),)
    minutes = round(due.within.total_seconds() / 60)
    formula = _say(f"formula.{id}", minutes=minutes, hours=minutes // 60)
    return Tile(id, number(shown), tone, _word(tone, id), notes, formula)
