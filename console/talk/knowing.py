"""Knowledge looked up in the middle of a talk, and a repair handed over from it."""

from flask import abort, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.forms import Faults, read_form
from console.office import office
from console.repairs.asking import AskForm, ask
from console.repairs.room import choices
from console.talk.room import acting, blueprint, own, own_call, redrawing
from console.talk.tools import fresh_mark
from console.visitor import allowed, visitor
from ivr.accounts.rows import Role
from ivr.agents.talks import OwnTalk
from ivr.calls.rows import Call
from ivr.knowledge.preset import preset_of
from ivr.knowledge.searching import Asked, search
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line

Answer = Response | str | tuple[str, int]
SHOWN = 6
LONGEST_WORDS = 100


@blueprint.get("/of/<subject>/knowledge")
@allowed(Role.AGENT)
def knowledge(subject: str) -> str:
    """The search with the caller's firm and product filled in; with `found=1` only what fits the words."""
    line = _centre()
    with office().store.reading() as session:
        preset = preset_of(session, _call(session, own(session, subject)))
        given = request.args
        asked = Asked(
            given.get("words", "").strip()[:LONGEST_WORDS],
            given.get("known_firm", preset.firm or "") or None,
            given.get("known_product", preset.product),
        )
        found = search(session, line, asked, day=office().clock().astimezone(SEOUL).date(), limit=SHOWN)
        parts = {"subject": subject, "asked": asked, "found": found}
        if given.get("found") == "1":
            return render_template("talk/known.html", **parts)
        return render_template("talk/knowledge.html", **parts, choices=choices("common.all"))


@blueprint.get("/of/<subject>/repair")
@allowed(Role.AGENT)
def repair_form(subject: str) -> str:
    """The form by which a repair is handed over, with what the call has told."""
    _centre()
    with office().store.reading() as session:
        talk = own(session, subject)
        preset = preset_of(session, _call(session, talk))
    values = {"repair_mark": fresh_mark(), "repair_firm": preset.firm or "", "repair_product": preset.product}
    return _form(talk, values)


@blueprint.post("/of/<subject>/repair")
@allowed(Role.AGENT)
def repair(subject: str) -> Answer:
    """Hand a repair over to a partner."""
    _centre()
    form = read_form(AskForm)
    with acting() as session:
        talk = own(session, subject)
        call = _call(session, talk)
        made = form if isinstance(form, Faults) else ask(session, form, call, typed=request.form)
    if isinstance(made, Faults):
        return _form(talk, {}, faults=made), 422
    return redrawing(render_template("talk/repair_done.html", talk=talk, repair=made))


def _centre() -> Line:
    line = visitor().line
    if line.centre is None:
        abort(404)
    return line


def _call(session: Session, talk: OwnTalk) -> Call:
    return session.get_one(Call, own_call(talk))


def _form(talk: OwnTalk, values: dict[str, str], *, faults: Faults | None = None) -> str:
    parts = {"values": faults.typed if faults else values, "faults": faults, "number": talk.number}
    return render_template("talk/repair.html", talk=talk, **parts, choices=choices("talk.choose"))
