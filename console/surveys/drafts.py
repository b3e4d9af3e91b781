"""The editor: one question after the other, each change kept at once, the check beside it, and the telephone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.wrappers import Response

from console.office import office
from console.problems import Stale
from console.surveys.pages import faults_of, own_draft
from console.surveys.playing import play
from console.surveys.question_form import head_fields, new_question, question_fields
from console.told import told
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.base import Refused
from ivr.faults import Fault
from ivr.lines.wording import in_words
from ivr.surveys import editing
from ivr.surveys.copies import newest_version
from ivr.surveys.drafts import (
    DraftChanged,
    QuestionnaireDraft,
    Writing,
    edit,
    publish,
    published_words,
    restore,
    undo,
)
from ivr.surveys.editing import Document
from ivr.surveys.graph import longest_seconds
from ivr.surveys.model import QuestionKind, UnknownQuestionnaire

blueprint = Blueprint("survey_drafts", __name__, url_prefix="/campaigns/questionnaires/drafts")
HEAD: Final = "head"


@blueprint.get("/<id>")
@allowed(*STAFF)
def page(id: str) -> str:
    """The draft with what is wrong beside each question."""
    with office().store.reading() as session:
        draft = own_draft(session, id)
        published, is_published = newest_version(session, id), published_words(session, draft)
    one = draft.questionnaire
    faults = faults_of(one)
    shown = {
        "draft": draft,
        "one": one,
        "asked": one.questions,
        "questions": draft.document["questions"],
        "kind": office().surveys.kind_of(one),
        "kinds": list(QuestionKind),
        "faults": _by_question(faults),
        "errors": sum(fault.severity == "error" for fault in faults),
        "published": published,
        "is_published": is_published,
        "seconds": longest_seconds(one) if not faults else None,
        "targets": {question["id"]: editing.targets(draft.document, question["id"]) for question in _all(draft)},
        "opened": request.args.get("open", ""),
        "words": {question["id"]: question["text"] for question in _all(draft)},
    }
    return render_template("surveys/draft.html", **shown, played=play(one, ""), place=id)


@blueprint.post("/<id>/head")
@allowed(Role.SUPERVISOR)
def change_head(id: str) -> Response:
    """Title, purpose, and what else stands above the questions."""
    fields = head_fields(request.form)
    return _edited(id, lambda document: editing.with_head(document, fields), HEAD)


@blueprint.post("/<id>/questions")
@allowed(Role.SUPERVISOR)
def add(id: str) -> Response:
    """A question more, below the one named."""
    kind, after = request.form.get("kind", ""), request.form.get("after", "")
    if kind not in set(QuestionKind):
        return _back(id)
    question, added = new_question(QuestionKind(kind), wording()), list[str]()

    def adding(document: Document) -> Document:
        known = {one["id"] for one in document["questions"]}
        changed = editing.with_new(document, question, after=after if after in known else "")
        added.extend(one["id"] for one in changed["questions"] if one["id"] not in known)
        return changed

    return _done(id, lambda session, writing: edit(session, id, adding, writing=writing), "", opened=added)


@blueprint.post("/<id>/questions/<question>")
@allowed(Role.SUPERVISOR)
def change(id: str, question: str) -> Response:
    """One question's words, keys, limits, and where its answers lead."""
    form = request.form

    def changing(document: Document) -> Document:
        old = next(one for one in document["questions"] if one["id"] == question)
        return editing.with_changed(document, question, question_fields(old, form))

    return _edited(id, changing, question)


@blueprint.post("/<id>/questions/<question>/move")
@allowed(Role.SUPERVISOR)
def move(id: str, question: str) -> Response:
    """One question up or down."""
    steps = editing.UP if request.form.get("way") == "up" else editing.DOWN
    return _edited(id, lambda document: editing.with_moved(document, question, steps), question)


@blueprint.post("/<id>/questions/<question>/delete")
@allowed(Role.SUPERVISOR)
def delete(id: str, question: str) -> Response:
    """One question less; it can be undone."""
    return _edited(id, lambda document: editing.without(document, question), "", said="surveys.deleted")


@blueprint.post("/<id>/undo")
@allowed(Role.SUPERVISOR)
def take_back(id: str) -> Response:
    """Put back what was there before the last change."""
    return _done(id, lambda session, writing: undo(session, id, writing=writing), "surveys.undone")


@blueprint.post("/<id>/restore/<int:version>")
@allowed(Role.SUPERVISOR)
def go_back(id: str, version: int) -> Response:
    """Go on writing from a version that was published."""
    installed = office().surveys
    return _done(
        id,
        lambda session, writing: restore(session, id, version, installed=installed, writing=writing),
        "surveys.restored",
    )


@blueprint.post("/<id>/publish")
@allowed(Role.SUPERVISOR)
def make_public(id: str) -> Response:
    """Keep the draft as a version that campaigns can ask; one with faults is not kept."""
    with office().store.reading() as session:
        faults = faults_of(own_draft(session, id).questionnaire)
    if any(fault.severity == "error" for fault in faults):
        flash(wording().say("surveys.still_wrong"), "error")
        return _back(id)
    installed = office().surveys
    return _done(id, lambda session, writing: publish(session, id, installed, writing=writing), "surveys.published_now")


def _edited(id: str, change: Callable[[Document], Document], opened: str, *, said: str = "") -> Response:
    return _done(id, lambda session, writing: edit(session, id, change, writing=writing), said, opened=[opened])


def _done(id: str, act: Callable[..., object], said: str, *, opened: Sequence[str] = ()) -> Response:
    """Do it with the draft as it was shown, then show it with the last of these questions open."""
    typed = request.form.get("version", "")
    version = int(typed) if typed.isdecimal() and len(typed) < 9 else 0
    writing = Writing(visitor().account_id, office().clock(), version)
    try:
        with office().store.transaction() as session:
            own_draft(session, id)
            act(session, writing)
    except DraftChanged:
        raise Stale from None
    except ValidationError as error:
        for item in error.errors(include_url=False)[:3]:
            flash(told(in_words(item, id).message), "error")
    except (Refused, UnknownQuestionnaire, StopIteration) as error:
        flash(told(error), "error")
    else:
        if said:
            flash(wording().say(said), "good")
    return _back(id, opened[-1] if opened else "")


def _back(id: str, opened: str = "") -> Response:
    where = {"open": opened, "_anchor": f"question-{opened}"} if opened else {}
    return redirect(url_for("survey_drafts.page", id=id, **where), 303)  # type: ignore[arg-type]


def _by_question(faults: list[Fault]) -> Mapping[str, list[tuple[str, str]]]:
    """What is wrong, by the question it concerns (`head` for the rest): severity and sentence."""
    found: dict[str, list[tuple[str, str]]] = {}
    for fault in faults:
        parts = fault.key.split(".")
        place = parts[1] if parts[0] == "questions" and len(parts) > 1 else HEAD
        found.setdefault(place, []).append((fault.severity, told(fault.message)))
    return found


def _all(draft: QuestionnaireDraft) -> list[dict[str, Any]]:  # Any: a question as JSON has it
    questions: list[dict[str, Any]] = draft.document["questions"]
    return questions
