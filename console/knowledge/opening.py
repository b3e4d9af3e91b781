"""The page of one entry, as opened or as a form came back to it."""

from datetime import date

from flask import render_template

from console.forms import Faults
from console.knowledge.room import WRITING, choices, seen
from console.office import office
from console.stories import accounts_of
from console.visitor import visitor
from ivr.knowledge.rows import Knowledge
from ivr.lines.hours import SEOUL


def show(entry: str, *, faults: Faults | None = None) -> str:
    """Everything there is to see of an entry."""
    today = office().clock().astimezone(SEOUL).date()
    with office().store.reading() as session:
        versions = seen(session, entry)
        return render_template(
            "knowledge/one.html",
            newest=versions[0],
            versions=versions,
            holds=next((row for row in versions if _covers(row, today)), None),
            names=accounts_of(session, (row.made_by for row in versions)),
            choices=choices("knowledge.for_all"),
            faults=faults,
            today=today,
            may_write=visitor().may(*WRITING),
        )


def _covers(row: Knowledge, today: date) -> bool:
    last = row.effective_to
    return row.withdrawn_at is None and row.effective_from <= today and (last is None or today <= last)
