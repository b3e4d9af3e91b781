"""The public page of an institution's charter: the results that its supervisors have published, and nothing else."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from flask import Blueprint, Response

from ivr.lines.hours import SEOUL
from ivr.lines.model import UnknownLine
from ivr.reports.counts import Reached
from ivr.reports.publishing import Published, publications
from ivr.rounding import percent
from webhooks.linked import Asked, Page, sender_of, shown
from webhooks.switchboard import Switchboard

ADDRESS: Final = "/charter/<line>"
REACHED: Final[Mapping[str, str]] = {
    Reached.YES.value: "reached",
    Reached.NO.value: "not_reached",
    Reached.UNSURE.value: "undecided",
}
TOLD: Final = ("met", "missed", "exempt", "indeterminate")


def charter_pages(board: Switchboard) -> Blueprint:
    """GET `/charter/LINE` shows the newest published quarter, `/charter/LINE/2026Q4` that one."""
    pages = Blueprint("charter", __name__, template_folder="pages")

    @pages.get(ADDRESS)
    def newest(line: str) -> Response:
        return shown("charter", board, line, answer=partial(_answer, None))

    @pages.get(f"{ADDRESS}/<period>")
    def of_a_quarter(line: str, period: str) -> Response:
        return shown("charter", board, line, answer=partial(_answer, period))

    return pages


def _answer(period: str | None, asked: Asked) -> Page:
    try:
        line = asked.board.line(asked.token)
    except UnknownLine:
        return Page("unknown", 404)
    standing = publications(asked.session, line.id)
    if not standing and period is None:
        return Page("none", 200, sender_of(line))
    chosen = next((one for one in standing if period in (None, one.period)), None)
    if chosen is None:
        return Page("unknown", 404)
    others = [{"address": f"/charter/{line.id}/{one.period}", **_quarter(one)} for one in standing if one is not chosen]
    content = {"standards": [_standard(one) for one in chosen.document["standards"]], "others": others}
    return Page("result", 200, sender_of(line) | _heading(chosen), shown=content)


def _heading(chosen: Published) -> dict[str, str]:
    document = chosen.document
    first, last = (date.fromisoformat(document[name]) for name in ("first_day", "last_day"))
    return {
        **_quarter(chosen),
        "charter": str(document["charter"]),
        "first": _day(first),
        "last": _day(last),
        "calls": f"{document['calls']:,}",
        "at": _day(chosen.at.astimezone(SEOUL).date()),
        "note": chosen.note if chosen.ordinal > 1 else "",
    }


def _quarter(one: Published) -> dict[str, str]:
    year, _, quarter = one.period.partition("Q")
    return {"year": year, "quarter": quarter}


# Any: the values of a published document, as JSON has them.
def _standard(standard: Mapping[str, Any]) -> dict[str, object]:
    counts = standard["counts"]
    return {
        "title": standard["title"],
        "clause": standard["clause"],
        "quote": standard["quote"],
        "how": standard["how"] or standard["why_not"] or "",
        "is_judged": standard["standing"] == "judged",
        "is_measured": standard["standing"] != "unmeasured",
        "target": f"{standard['target']:g}" if standard["target"] is not None else "",
        "reached": REACHED.get(standard["reached"], ""),
        "counts": [(name, f"{counts[name]:,}") for name in TOLD],
        "rate": _percent(counts["rate"]),
        "lowest": _percent(counts["lowest"]),
        "highest": _percent(counts["highest"]),
    }


def _percent(share: float | None) -> str:
    return "" if share is None else f"{percent(share)}%"


def _day(day: date) -> str:
    return f"{day.year}. {day.month}. {day.day}."
