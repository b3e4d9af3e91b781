"""What callers answered at the end of their calls, by the agents to whom they had talked."""

from datetime import date, timedelta

from flask import Blueprint, flash, render_template, request
from sqlalchemy import select

from console.campaigns.chart import reach_of_score, reach_of_share
from console.days import read_day
from console.office import office
from console.visitor import STAFF, allowed, visitor, wording
from ivr.agents.rows import Agent
from ivr.lines.hours import SEOUL, moment_of
from ivr.surveys.copies import questionnaire_of
from ivr.surveys.results import AfterCalls, comments_of_calls, results_of_calls

blueprint = Blueprint("after_calls", __name__, url_prefix="/campaigns/questionnaires/after-calls")
SHOWN = timedelta(days=30)


@blueprint.get("")
@allowed(*STAFF)
def page() -> str:
    """The last thirty days, or those asked for."""
    line = visitor().line
    id = line.surveys.end_of_call
    if not id:
        return render_template("surveys/after_calls.html", one=None)
    today = office().clock().astimezone(SEOUL).date()
    first, last = _day("first", today - SHOWN), _day("last", today)
    if last < first:
        flash(wording().say("audiences.days_turned"), "error")
        first = last
    asked = AfterCalls(line.id, id, moment_of(first, 0), moment_of(last + timedelta(days=1), 0))
    with office().store.reading() as session:
        one = questionnaire_of(session, id, None, installed=office().surveys)
        found, said = results_of_calls(session, asked, one), comments_of_calls(session, asked)
        talked = [part.group for part in found.groups] + [comment.group for comment in said]
        names = session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(talked), Agent.line == line.id))
        agents = {agent: name for agent, name in names}
    shown = {"one": one, "found": found, "said": said, "agents": agents, "first": first, "last": last}
    return render_template(
        "surveys/after_calls.html", reach_of_share=reach_of_share, reach_of_score=reach_of_score, **shown
    )


def _day(name: str, otherwise: date) -> date:
    """A day of the query; anything else is the usual one."""
    return read_day(request.args.get(name, "")) or otherwise
