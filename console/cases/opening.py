"""The page of one case, as opened or as a form came back to it."""

from flask import render_template
from sqlalchemy.orm import Session

from console.cases.acts import ACTS, WAYS
from console.cases.room import ACTING, institution, seen
from console.cases.shown import happenings
from console.forms import Faults
from console.office import office
from console.officers import choice_of
from console.stories import judged, names_of
from console.visitor import visitor, wording
from ivr.accounts.rows import Role
from ivr.cases.finding import story_of
from ivr.cases.institution import Institution
from ivr.cases.lateness import REASONS
from ivr.cases.rows import Case
from ivr.cases.taking import CHANNELS
from ivr.cases.telling import Notice
from ivr.charters.model import Standard, UnknownCharter


def show(id: str, *, act: str = "", faults: Faults | None = None) -> str:
    """The page of one case; `act` names the form that came back with faults."""
    here = office()
    with here.store.reading() as session:
        case = seen(session, id)
        story, acts = story_of(session, case), acts_for(case)
        return render_template(
            "cases/one.html",
            case=case,
            story=story,
            happenings=happenings(session, story),
            verdicts=judged(story.verdicts, here.charters),
            names=names_of(session, [case.officer_id, case.about_officer_id]),
            first=_objected_to(session, case),
            standard=_standard(institution(), case),
            topic=visitor().line.cases.topics.get(case.topic or ""),
            acts=acts,
            officers=choice_of(session) if "assign" in acts else None,
            choices=_choices(),
            whole_names=visitor().may(Role.AGENT, Role.SUPERVISOR),
            act=act,
            faults=faults,
        )


def acts_for(case: Case) -> list[str]:
    """What the visitor can do about it now, in the order in which it is offered."""
    person = visitor()
    if not person.may(*ACTING):
        return []
    return [name for name, act in ACTS.items() if person.may(*act.roles) and act.offered(case)]


def pairs(table: str, values: tuple[str, ...]) -> list[tuple[str, str]]:
    """Values with their words, for a select element."""
    return [(value, wording().say(f"cases.{table}.{value}")) for value in values]


def _choices() -> dict[str, list[tuple[str, str]]]:
    ways = pairs("way", tuple(way.value for way in WAYS))
    return {
        "reasons": pairs("late", REASONS),
        "ways": ways,
        "told_by": [("", wording().say("cases.by_text")), *ways],
        "notices": pairs("notice", tuple(notice.value for notice in Notice)),
        "channels": pairs("channel", CHANNELS),
    }


def _objected_to(session: Session, case: Case) -> Case | None:
    return session.get(Case, case.objects_to) if case.objects_to else None


def _standard(owner: Institution, case: Case) -> Standard | None:
    """The standard that gave the first date; None where the line's own rule did."""
    try:
        return owner.charters.standard(case.standard_id) if case.standard_id else None
    except UnknownCharter:
        return None
