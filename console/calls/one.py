"""One call: its timeline, the verdicts with the facts that prove them, and everything that came of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template
from pydantic import BaseModel
from sqlalchemy.orm import Session

from console.calls.drawing import draw
from console.calls.room import blueprint
from console.finding import own
from console.forms import Faults, read_form
from console.intake.pages import of_call
from console.office import office
from console.visitor import STAFF, allowed, visitor
from ivr.accounts.access_log import Access, NoReason, log_access
from ivr.accounts.rows import Act
from ivr.calls.found import found_calls
from ivr.calls.record import outcome_of
from ivr.calls.rows import Call
from ivr.calls.story import Story, story_of
from ivr.calls.timeline import Timeline, timeline_of
from ivr.charters.model import UnknownCharter
from ivr.charters.rows import Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict: what its clause is called, of whom it is, and which steps of the list prove it."""

    verdict: Verdict
    title: str
    about: str
    proofs: tuple[int, ...]


class Reason(BaseModel):
    """Why personal data is looked at."""

    reason: str = ""


@blueprint.get("/<id>")
@allowed(*STAFF)
def call(id: str) -> str:
    """The whole page of a call."""
    with office().store.reading() as reading:
        found = own(reading, Call, id)
        story = story_of(reading, found, visitor().line)
        timeline = timeline_of(story.view, office().clock())
        return render_template(
            "calls/call.html",
            story=story,
            call=found,
            timeline=timeline,
            drawing=draw(timeline),
            judged=_judged(story, timeline),
            others=found_calls(reading, story.others),
            outcome=outcome_of(story.view.facts).value if found.ended_at else "going_on",
            names=_names(story),
            **of_call(reading, id),
        )


@blueprint.post("/<id>/number")
@allowed(*STAFF)
def caller(id: str) -> str:
    """The caller's number in full, once, for a reason that is kept."""
    given = read_form(Reason)
    with office().store.transaction() as session:
        found = own(session, Call, id)
        if isinstance(given, Faults) or not log_act(session, found, Act.UNMASK, reason=given.reason):
            return render_template("calls/caller.html", call=found, shown=None, refused=True)
    return render_template("calls/caller.html", call=found, shown=found.caller, refused=False)


def log_act(session: Session, found: Call, act: Act, *, reason: str) -> bool:
    """Keep who does what with a call, and why; False where no reason worth the name was given."""
    person = visitor()
    try:
        log_access(
            session, Access(person.account_id, person.line.id, act, f"call:{found.id}", reason), at=office().clock()
        )
    except NoReason:
        return False
    return True


def _judged(story: Story, timeline: Timeline) -> list[Judged]:
    places = {step.key: number for number, step in enumerate(timeline.steps, start=1)}
    agents = {offer.id: offer.agent.name for offer in story.view.offers}
    return [
        Judged(
            verdict,
            _title(verdict.standard_id),
            agents.get(verdict.subject, ""),
            tuple(sorted(places[key] for key in verdict.evidence if key in places)),
        )
        for verdict in story.verdicts
    ]


def _title(standard: str) -> str:
    try:
        return office().charters.standard(standard).title
    except UnknownCharter:
        return standard


def _names(story: Story) -> Mapping[str, str]:
    """Agents by offer, as the pieces of the page name them."""
    return {offer.id: offer.agent.name for offer in story.view.offers}
