"""Tasks after low scores: who was dissatisfied is looked after, and it is put down how."""

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.campaigns.room import SIZE, blueprint
from console.office import office
from console.paging import asked_after, cut
from console.stories import accounts_of
from console.told import told
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.base import Refused
from ivr.campaigns.rows import Campaign
from ivr.surveys.copies import questionnaire_of
from ivr.surveys.following_up import finish_follow_up
from ivr.surveys.model import UnknownQuestion, UnknownQuestionnaire
from ivr.surveys.rows import FollowUp, FollowUpState, Interview


@blueprint.get("/tasks")
@allowed(*STAFF)
def tasks_page() -> str:
    """The tasks that are open, those that wait longest first; or those that are done."""
    state = FollowUpState.DONE if request.args.get("state") == "done" else FollowUpState.OPEN
    after = asked_after(2)
    query = (
        select(FollowUp, Interview, Campaign.name)
        .join(Interview, Interview.id == FollowUp.interview_id)
        .outerjoin(Campaign, Campaign.id == Interview.campaign_id)
        .where(FollowUp.line == visitor().line.id, FollowUp.state == state)
        .order_by(FollowUp.interview_id, FollowUp.question)
        .limit(SIZE + 1)
    )
    if after is not None:
        later = (FollowUp.interview_id == after[0]) & (FollowUp.question > after[1])
        query = query.where((FollowUp.interview_id > after[0]) | later)
    with office().store.reading() as session:
        found = cut(session.execute(query).all(), SIZE, lambda row: (row[0].interview_id, row[0].question))
        asked = {(row[1].questionnaire, row[1].version, row[0].question) for row in found.rows}
        texts = {key: _text_of(session, *key) for key in asked}
        names = accounts_of(session, (row[0].done_by for row in found.rows))
    return render_template("campaigns/tasks.html", found=found, state=state, texts=texts, names=names)


@blueprint.post("/tasks/<interview>/done")
@allowed(Role.SUPERVISOR)
def finish_task(interview: str) -> Response:
    """Put down that the low answers of an interview were looked after."""
    note, person = request.form.get("note", "").strip(), visitor()
    if not 0 < len(note) <= 1000:
        flash(wording().say("campaigns.note_needed"), "error")
        return redirect(url_for("campaigns.tasks_page"), 303)
    try:
        with office().store.transaction() as session:
            mine = select(FollowUp.line).where(FollowUp.interview_id == interview).limit(1)
            if session.scalar(mine) != person.line.id:
                abort(404)
            finish_follow_up(session, interview, by=person.account_id, note=note, at=office().clock())
        flash(wording().say("campaigns.task_done"), "good")
    except Refused as refused:
        flash(told(refused), "error")
    return redirect(url_for("campaigns.tasks_page"), 303)


def _text_of(session: Session, id: str, version: int, question: str) -> str:
    """What was asked; the question's id where that is no longer known."""
    try:
        return questionnaire_of(session, id, version, installed=office().surveys).question(question).text
    except (UnknownQuestionnaire, UnknownQuestion):
        return question
