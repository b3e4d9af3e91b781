"""Questionnaires as they can be asked, and the telephone on which they are played."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.office import office
from console.stories import accounts_of
from console.surveys.playing import play
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.faults import Fault
from ivr.surveys.copies import body_of, known_questionnaires, questionnaire_of
from ivr.surveys.drafts import QuestionnaireDraft, begin_copy
from ivr.surveys.graph import longest_seconds
from ivr.surveys.model import Questionnaire, UnknownQuestionnaire
from ivr.surveys.reading import check_questionnaire
from ivr.surveys.rows import QuestionnaireText

blueprint = Blueprint("surveys", __name__, url_prefix="/campaigns/questionnaires")
MOST_VERSIONS = 50


@blueprint.get("")
@allowed(*STAFF)
def page() -> str:
    """The questionnaires for the line by kind, and those that are being written."""
    line = visitor().line.id
    with office().store.reading() as session:
        known = [one for one in known_questionnaires(session, office().surveys) if one.questionnaire.fits(line)]
        mine = select(QuestionnaireDraft).where(QuestionnaireDraft.line == line)
        drafts = session.scalars(mine.order_by(QuestionnaireDraft.changed_at.desc())).all()
        names = accounts_of(session, (draft.changed_by for draft in drafts))
    kinds = office().surveys.kinds
    by_kind = {
        kind: [one for one in known if one.questionnaire.kind == kind.id]
        for kind in kinds.values()
        if any(one.questionnaire.kind == kind.id for one in known)
    }
    return render_template("surveys/page.html", by_kind=by_kind, drafts=drafts, kinds=kinds, names=names)


@blueprint.get("/<id>")
@allowed(*STAFF)
def one(id: str) -> str:
    """One questionnaire: its questions, its versions, and the telephone."""
    asked = request.args.get("version", "")
    version = int(asked) if asked.isdecimal() and len(asked) < 9 else None
    with office().store.reading() as session:
        found = fitting(session, id, version)
        query = select(QuestionnaireText.version, QuestionnaireText.kept_by, QuestionnaireText.kept_at)
        of_it = query.where(QuestionnaireText.id == id).order_by(QuestionnaireText.version.desc())
        versions = session.execute(of_it.limit(MOST_VERSIONS)).all()
        draft = session.get(QuestionnaireDraft, id)
        names = accounts_of(session, (version.kept_by for version in versions))
    shown = {
        "one": found,
        "kind": office().surveys.kind_of(found),
        "versions": versions,
        "draft": draft,
        "names": names,
    }
    played = play(found, "")
    return render_template("surveys/one.html", **shown, seconds=longest_seconds(found), played=played, place=found.id)


@blueprint.get("/<id>/play")
@allowed(*STAFF)
def play_piece(id: str) -> str:
    """What is heard after these keys, of a published version or of the draft."""
    is_draft = request.args.get("draft") == "1"
    with office().store.reading() as session:
        found = own_draft(session, id).questionnaire if is_draft else fitting(session, id, None)
    played = play(found, request.args.get("keys", ""))
    shown = {"played": played, "place": id, "is_draft": is_draft, "asked": found.questions}
    return render_template("surveys/phone.html", **shown)


@blueprint.post("/<id>/copy")
@allowed(Role.SUPERVISOR)
def copy(id: str) -> Response:
    """Begin a questionnaire of one's own from this one."""
    person = visitor()
    with office().store.transaction() as session:
        found = fitting(session, id, None)
        draft = begin_copy(session, found, line=person.line.id, by=person.account_id, at=office().clock()).id
    flash(wording().say("surveys.copied"), "good")
    return redirect(url_for("survey_drafts.page", id=draft), 303)


def fitting(session: Session, id: str, version: int | None) -> Questionnaire:
    """A questionnaire that people of the visitor's line may be asked; any other is not there."""
    try:
        found = questionnaire_of(session, id, version, installed=office().surveys)
    except UnknownQuestionnaire:
        abort(404)
    if not found.fits(visitor().line.id):
        abort(404)
    return found


def own_draft(session: Session, id: str) -> QuestionnaireDraft:
    """A draft of the visitor's line; any other is not there."""
    draft = session.get(QuestionnaireDraft, id)
    if draft is None or draft.line != visitor().line.id:
        abort(404)
    return draft


def faults_of(one: Questionnaire) -> list[Fault]:
    """What the installed rules say of a questionnaire."""
    return check_questionnaire(body_of(one), f"{one.id}.toml", office().questionnaire_files)
