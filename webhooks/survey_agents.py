"""The steps of somebody whom we rang and who asks for a person: into the queue as a caller, or called back."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ivr.addresses import Address
from ivr.callbacks.ladder import promised_by
from ivr.calls.facts import tell
from ivr.calls.queue import line_up
from ivr.calls.steps import CALLER
from ivr.calls.talk import Talk
from ivr.deadlines import WorkingTime
from ivr.identifiers import call_id
from ivr.lines.hours import Open, is_open
from ivr.promises import Promise
from ivr.prompts import Go, Say
from ivr.surveys import talking
from ivr.surveys.connecting import CALL_LATER, Arrived, becomes_call, prospects
from ivr.surveys.interviews import PERSON
from webhooks.answers import Document, Views, talk_of
from webhooks.heard import Heard, NotOurs
from webhooks.switchboard import Switchboard

# A lost end of call is noticed by asking the carrier, first after this long.
FIRST_CHECK = timedelta(seconds=45)


def survey_agent(heard: Heard, board: Switchboard) -> Document:
    """The leg becomes a call to the line where somebody is at work; else a call back is promised."""
    talk, call = talk_of(heard, board), call_id(heard.sid)
    line, team = talk.line, talking.team_of(talk.line)
    with board.store.statement() as connection:
        number, index, is_call, promised, at_work = connection.execute(
            prospects(heard.call, call, line=line, team=team)
        ).one()
        opened = at_work and isinstance(is_open(line, board.calendar, heard.at), Open)
        if promised or not (is_call or opened):
            return _call_later(connection, heard, board, team=team)
        notices = ",".join(f"{notice.id}/{notice.version}" for notice in line.notices)
        told = heard.step_fact("arrived", CALLER, closed=False, notices=notices, dial=heard.call)
        fact = replace(told, subject=call, key=f"arrived:{CALLER}:0", sequence=0)
        row = becomes_call(board.store.dialect, call, Arrived(line, heard.sid, number, index, heard.at))
        ids = {"call": call, "leg": CALLER}
        check = Promise("check-leg", f"check-leg:{call}:{CALLER}", heard.at + FIRST_CHECK, ids)
        tell(connection, fact, promises=[check], rows=[row])
    caller = Talk(line, board.texts.of(line.id), call, step=0, language=line.language)
    said = (caller.say("survey.to_agent"), *(Say(notice.text, line.language) for notice in line.notices))
    return Document((*said, Go(caller.to(Address.SURVEY_QUEUE, team=team))), line)


def survey_queue(heard: Heard, board: Switchboard) -> Document:
    """The notices were heard to their end: into the queue."""
    talk, team = talk_of(heard, board), heard.asked("team")
    if team not in talk.line.teams:
        raise NotOurs(f"the line {talk.line.id} has no team {team!r}")
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("menu", menu="survey"))
    return Document((line_up(talk, team, None),), talk.line)


def _call_later(connection: Connection, heard: Heard, board: Switchboard, *, team: str) -> Document:
    talk = talk_of(heard, board)
    due_at = promised_by(WorkingTime(talk.line, board.calendar), heard.at)
    args = {"interview": heard.call, "team": team}
    promise = Promise("survey-callback", f"survey-callback:{heard.call}", heard.at, args)
    fact = heard.step_fact(CALL_LATER, PERSON, due=due_at.isoformat())
    told = tell(connection, fact, promises=[promise])
    due_at = datetime.fromisoformat(told.detail["due"])
    return Document(talking.called_later(talk, due_at, at=told.received_at), talk.line, promised=True)


VIEWS: Views = {Address.SURVEY_AGENT: survey_agent, Address.SURVEY_QUEUE: survey_queue}
