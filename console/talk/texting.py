"""A text from a template in or after a talk: chosen, filled in, seen as it will read, and sent once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import abort, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.office import office
from console.talk.room import acting, blueprint, own, refusal
from console.talk.tools import fresh_mark, subject_of, texts_of
from console.visitor import allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.agents.rows import Agent
from ivr.agents.talks import OwnTalk
from ivr.messages.by_hand import FIXED, Preview, filled, known_values, offered, preview
from ivr.messages.fields import BadText
from ivr.messages.texts import Template
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import BadNumber, PhoneNumber
from ivr.optouts.links import refusal_path

Answer = Response | str | tuple[str, int]
PREFIX: Final = "sms_"
# As people are named; fields that only a template of its own has come after them.
ORDER: Final = ("department", "name", "title", "number", "date")
MARK: Final = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as far as it is written: `free` are the fields that may be changed, with what stands in them."""

    template: Template
    mark: str
    outgoing: Outgoing | None
    free: Mapping[str, str]
    number: str
    fault: str


@blueprint.get("/of/<subject>/text")
@allowed(Role.AGENT)
def text_form(subject: str) -> str:
    """The fields of the chosen template, filled in as far as we know them, and how it will read."""
    if request.args.get("sms_template"):
        return _piece(subject)
    with office().store.reading() as session:
        talk = own(session, subject)
        sent = texts_of(session, talk)
    return render_template("talk/texts.html", talk=talk, templates=_offered(), sent=sent)


@blueprint.post("/of/<subject>/text/preview")
@allowed(Role.AGENT)
def text_preview(subject: str) -> str:
    """How it will read as typed; nothing is kept."""
    with office().store.reading() as session:
        draft = _draft(session, own(session, subject))
        seen = _preview(session, draft)
    return render_template("talk/text_preview.html", draft=draft, preview=seen, subject=subject)


@blueprint.post("/of/<subject>/text")
@allowed(Role.AGENT)
def send_text(subject: str) -> Answer:
    """Write the text; the same filling of the form twice is the same text."""
    sent, fault = None, ""
    with acting() as session:
        draft = _draft(session, own(session, subject))
        seen = _preview(session, draft)
        fault = draft.fault or (seen.hindrance if seen and seen.hindrance else "")
        if draft.outgoing and seen and not fault:
            sent = write_message(session, office().texts, draft.outgoing, at=office().clock())
    if sent is None:
        return _piece(subject), 422
    with office().store.reading() as session:
        talk = own(session, subject)
        before = texts_of(session, talk)
    return render_template("talk/texts.html", talk=talk, sent=before, templates=_offered(), just_sent=sent)


def _piece(subject: str) -> str:
    with office().store.reading() as session:
        talk = own(session, subject)
        draft = _draft(session, talk)
        seen, sent = _preview(session, draft), texts_of(session, talk)
    parts = {"draft": draft, "preview": seen, "templates": _offered(), "sent": sent}
    return render_template("talk/texts.html", talk=talk, refusal=refusal(), **parts)


def _offered() -> tuple[Template, ...]:
    return offered(office().texts, visitor().line)


def _draft(session: Session, talk: OwnTalk) -> Draft:
    given = request.values
    wanted = given.get("sms_template", "")
    template = next((one for one in _offered() if one.id == wanted), None)
    if template is None:
        abort(404)
    typed = {name.removeprefix(PREFIX): value for name, value in given.items() if name.startswith(PREFIX)}
    mark = typed.get("mark", "") if MARK.fullmatch(typed.get("mark", "")) else fresh_mark()
    agent = session.get_one(Agent, talk.agent_id)
    values = filled(template, known_values(talk, agent, visitor().line), typed)
    free = {name: values.get(name, "") for name in sorted(template.fields - FIXED, key=_place)}
    number, fault = _recipient(talk, typed.get("number_to", ""))
    if number is None:
        return Draft(template, mark, None, free, typed.get("number_to", ""), fault)
    outgoing = _outgoing(talk, template, mark, number=number, values=values)
    return Draft(template, mark, outgoing, free, typed.get("number_to", ""), "")


def _place(field: str) -> tuple[int, str]:
    return ORDER.index(field) if field in ORDER else len(ORDER), field


def _recipient(talk: OwnTalk, typed: str) -> tuple[PhoneNumber | None, str]:
    """The customer's number, or another one that was typed; else what is wrong."""
    if not typed.strip():
        return talk.number, "" if talk.number else wording().say("talk.text.no_number")
    try:
        return PhoneNumber.parse(typed), ""
    except BadNumber:
        return None, wording().say("forms.number")


def _outgoing(
    talk: OwnTalk, template: Template, mark: str, *, number: PhoneNumber, values: Mapping[str, str]
) -> Outgoing:
    here, line, id = office(), visitor().line, f"{talk.id}-{template.id}-{mark}"
    whole = dict(values)
    if "link" in template.fields:
        path = refusal_path(here.store.keyring, id, line_id=line.id, number=number)
        whole["link"] = here.public_base_url + path
    return Outgoing(id, line, number, template.id, subject_of(talk), whole)


def _preview(session: Session, draft: Draft) -> Preview | None:
    if draft.outgoing is None:
        return None
    try:
        return preview(session, office().texts, draft.outgoing)
    except BadText:
        return None
