"""The steps of somebody who is asked a questionnaire: opening, answers, a wish for a person, and the leg's events."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, Delete, Insert, Update, exists, select

from ivr.addresses import Address
from ivr.calls.facts import Told, tell
from ivr.calls.legs import STATUS_KINDS
from ivr.calls.rows import Call, Fact
from ivr.calls.steps import CALLER
from ivr.people.rows import Person
from ivr.promises import Promise, promise_unless
from ivr.prompts import Prompt
from ivr.surveys import flow, interviews, talking
from ivr.surveys.copies import keeping, kept_as, questionnaire_of
from ivr.surveys.flow import Asked, Over, Position, Step
from ivr.surveys.interviews import PERSON, Given, interview_of
from ivr.surveys.model import QuestionKind
from ivr.surveys.rows import Disposition, Interview
from ivr.surveys.talking import Asking
from ivr.surveys.written import Hello
from webhooks.answers import Document, Noted, Views, talk_of
from webhooks.heard import Heard, NotOurs
from webhooks.switchboard import Switchboard

Rows = list[Insert | Update | Delete]
COMPLETED, CHARTERLINE = "completed", "charterline"
# Nobody rates a call for longer.
WORTH_WAITING = timedelta(minutes=10)


def survey(heard: Heard, board: Switchboard) -> Document:
    """The telephone was picked up, by a person or a machine: who calls, why, and the keys."""
    with board.store.statement() as connection:
        asking, prompts = _opening(connection, heard, board, turn=1)
        row = interviews.begun_by_dial(
            board.store.dialect, heard.call, version=asking.questionnaire.version, at=heard.at
        )
        tell(connection, heard.step_fact("leg-document", PERSON), rows=[row])
    return Document(prompts, asking.talk.line)


def survey_key(heard: Heard, board: Switchboard) -> Document:
    """1 begins and proves a person, 8 sends a link, 9 refuses, 0 asks for a person; anything else is asked again."""
    match heard.digits:
        case flow.BEGIN:
            return _begin(heard, board)
        case flow.REFUSE if heard.asked("leg") == PERSON:
            return _refuse(heard, board)
        case flow.AGENT if heard.asked("leg") == PERSON:
            return _to_agent(heard, board)
        case flow.LINK if heard.asked("leg") == PERSON:
            return _send_link(heard, board)
        case _:
            return _unsure(heard, board)


def survey_answer(heard: Heard, board: Switchboard) -> Document:
    """An answer, silence, or a key that means something everywhere."""
    with board.store.statement() as connection:
        asking = _asking(connection, heard, board)
    position = flow.read_position(asking.questionnaire, heard.asked("at"))
    question = asking.questionnaire.question(position.question)
    given = _given(question.kind, flow.pressed(question, heard.digits.replace("hangup", "")), heard)
    if isinstance(given, flow.OptOut):
        return _refuse(heard, board)
    if isinstance(given, flow.ToAgent):
        return _to_agent(heard, board)
    step = flow.enter(asking.questionnaire, position, given)
    kept = _kept(heard, position.question, flow.kept(asking.questionnaire, position, given), given)
    fact = _ending(heard, interviews.OVER) if isinstance(step, Over) else _on(heard, interviews.ANSWERED)
    again = isinstance(step, Asked) and step.position.question == position.question
    rows = _rows_of(heard, board, fact, kept) + _reached(asking, step, heard, position)
    with board.store.statement() as connection:
        tell(connection, fact, rows=rows, promises=_closing(heard) if isinstance(step, Over) else [])
    before = talking.after_miss(asking, given) if again else ()
    return Document(talking.go_on(asking, step, before=before), asking.talk.line, promised=isinstance(step, Over))


def survey_status(heard: Heard, board: Switchboard) -> Noted:
    """An event of the leg; its end is followed at once, also by the call that it may have become."""
    kind, leg = STATUS_KINDS.get(heard.status), heard.asked("leg")
    if kind is None or not heard.sid:
        return Noted()
    fact = heard.event_fact(f"{leg}:{heard.status}", kind, leg, status=heard.status)
    if kind != "leg-ended":
        with board.store.statement() as connection:
            tell(connection, fact)
        return Noted()
    follow = Promise("follow-dial", f"follow-dial:{heard.call}:{heard.status}", heard.at, {"dial": heard.call})
    closing = _closing(heard) if heard.status == COMPLETED else []
    with board.store.statement() as connection:
        tell(connection, fact, promises=[follow, *closing], rows=[interviews.ended(heard.call, heard.at)])
        call = connection.scalar(select(Call.id).where(Call.carrier_sid == heard.sid))
        if call is not None:
            also = replace(fact, subject=call, key=f"{CALLER}:{heard.status}", leg=CALLER)
            tell(connection, also, promises=[Promise("follow", f"follow:{call}:{also.key}", heard.at, {"call": call})])
    return Noted(promised=True)


def _begin(heard: Heard, board: Switchboard) -> Document:
    fact = _on(heard, interviews.BEGUN)
    with board.store.statement() as connection:
        if heard.asked("leg") == CALLER:
            asking, rows = _begun_by_caller(connection, heard, board)
        else:
            asking = _asking(connection, heard, board)
            rows = [*_late(heard, board, fact), interviews.reached(heard.call, Disposition.STARTED)]
        tell(connection, fact, rows=rows, promises=_looking_after(heard))
    return Document(talking.begin(asking), asking.talk.line)


def _begun_by_caller(connection: Connection, heard: Heard, board: Switchboard) -> tuple[Asking, Rows]:
    """Nobody froze the words beforehand, as with a campaign: those of the file now are kept, and asked to the end."""
    dialect = board.store.dialect
    known = kept_as(connection, board.surveys.of(heard.asked("q")))
    begun = interviews.begun_by_call(dialect, heard.call, questionnaire=known.id, version=known.version, at=heard.at)
    return Asking(talk_of(heard, board), CALLER, known), [keeping(dialect, known, by=CHARTERLINE, at=heard.at), begun]


def _unsure(heard: Heard, board: Switchboard, before: str | None = None) -> Document:
    """Silence or another key: who calls is said once more, then nobody is asked."""
    turn, leg = int(heard.asked("turn")), heard.asked("leg")
    with board.store.statement() as connection:
        tell(connection, _ending(heard, interviews.UNSURE) if leg == CALLER else _on(heard, interviews.UNSURE))
        if leg == PERSON and turn < talking.TURNS:
            asking, prompts = _opening(connection, heard, board, turn=turn + 1, before=before)
            return Document(prompts, asking.talk.line)
        asking = _asking(connection, heard, board)
    return Document(talking.unheard(asking), asking.talk.line)


def _refuse(heard: Heard, board: Switchboard) -> Document:
    """9: never again, from this very moment on; the ledger follows."""
    interview, dialect = _interview(heard), board.store.dialect
    fact = _ending(heard, interviews.REFUSED)
    rows: Rows = [
        *_late(heard, board, fact),
        interviews.suppressed(dialect, interview, heard.asked("line"), at=heard.at),
        interviews.over(interview, Disposition.REFUSED, at=heard.at),
    ]
    args = {"interview": interview}
    promises = [Promise("refuse-survey", f"refuse-survey:{interview}", heard.at, args), *_closing(heard)]
    with board.store.statement() as connection:
        asking = _asking(connection, heard, board)
        tell(connection, fact, rows=rows, promises=promises)
    return Document(talking.refused(asking), asking.talk.line, promised=True)


def _send_link(heard: Heard, board: Switchboard) -> Document:
    """8: the questions by text, where the number takes one."""
    person = select(Person.takes_texts).join(Interview, Interview.person_id == Person.id)
    with board.store.statement() as connection:
        takes = connection.scalar(person.where(Interview.id == heard.call))
    if not takes:
        return _unsure(heard, board, before="survey.no_link")
    promise = Promise("survey-link", f"survey-link:{heard.call}", heard.at, {"interview": heard.call})
    with board.store.statement() as connection:
        asking = _asking(connection, heard, board)
        tell(connection, _on(heard, interviews.LINK), promises=[promise])
    return Document(talking.sent_link(asking), asking.talk.line, promised=True)


def _to_agent(heard: Heard, board: Switchboard) -> Document:
    with board.store.statement() as connection:
        asking = _asking(connection, heard, board)
        tell(connection, _on(heard, interviews.AGENT))
    return Document(talking.to_agent(asking), asking.talk.line)


def _opening(
    connection: Connection, heard: Heard, board: Switchboard, *, turn: int, before: str | None = None
) -> tuple[Asking, tuple[Prompt, ...]]:
    """The first words of a dial, as its campaign and the person's consent have them."""
    found = connection.execute(interviews.dialled(heard.call)).one_or_none()
    if found is None:
        raise NotOurs("there is no such dial")
    known = questionnaire_of(connection, found.questionnaire, found.questionnaire_version, installed=board.surveys)
    asking = Asking(talk_of(heard, board), PERSON, known)
    line = asking.talk.line
    firm = line.firms.get(found.firm or "")
    kind = interviews.as_checked(board.surveys.kind_of(known), found.terms)
    hello = Hello(line, found.source or "", firm.name if firm else "")
    words = [asking.talk.say(before)] if before else []
    return asking, talking.opening(asking, kind, hello, turn=turn, before=words)


def _asking(connection: Connection, heard: Heard, board: Switchboard) -> Asking:
    known = questionnaire_of(connection, heard.asked("q"), int(heard.asked("v")), installed=board.surveys)
    return Asking(talk_of(heard, board), heard.asked("leg"), known)


def _on(heard: Heard, kind: str) -> Told:
    return heard.step_fact(kind, heard.asked("leg"))


def _ending(heard: Heard, kind: str) -> Told:
    """A step with which we end the leg, not the person on it."""
    return heard.step_fact(kind, heard.asked("leg"), ends=True)


def _interview(heard: Heard) -> str:
    return heard.call if heard.asked("leg") == PERSON else interview_of(heard.call)


def _given(kind: QuestionKind, pressed: flow.Pressed, heard: Heard) -> flow.Pressed:
    """A comment that ran into silence, or was ended by hanging up, was spoken all the same."""
    if kind is QuestionKind.COMMENT and isinstance(pressed, flow.Silence | flow.Spoken):
        return flow.Spoken() if heard.recording_sid else flow.Silence()
    return pressed


def _kept(heard: Heard, question: str, value: int | None, given: flow.Pressed) -> Given | None:
    recording = heard.recording_sid if isinstance(given, flow.Spoken) else None
    if value is None and recording is None:
        return None
    return Given(question, heard.step, heard.at, value, recording)


def _rows_of(heard: Heard, board: Switchboard, fact: Told, kept: Given | None) -> Rows:
    rows: Rows = list(_late(heard, board, fact))
    return rows + ([interviews.answered(board.store.dialect, _interview(heard), kept)] if kept else [])


def _reached(asking: Asking, step: Step, heard: Heard, position: Position) -> Rows:
    """How far the interview is by this step from `position`."""
    interview = _interview(heard)
    if isinstance(step, Asked):
        way = step.position.before
        rows: Rows = [interviews.reached(interview, flow.while_asked(asking.questionnaire, way))]
        # Whoever went back before may have answered what this way leads past.
        leads_on = len(way) > len(position.before) and position.count > len(way)
        return rows + ([interviews.taken_back(interview, way, step=heard.step)] if leads_on else [])
    end = step.disposition
    if end is Disposition.BREAKOFF:
        end = flow.broken_off(asking.questionnaire, step.asked)
    moved = interviews.over(interview, end, at=heard.at)
    if step.forget:
        return [moved, interviews.forgotten(interview)]
    if end is not Disposition.COMPLETED:
        return [moved]
    return [moved, interviews.taken_back(interview, step.asked, step=heard.step)]


def _closing(heard: Heard) -> list[Promise]:
    interview = _interview(heard)
    return [Promise("close-interview", f"close-interview:{interview}", heard.at, {"interview": interview})]


def _looking_after(heard: Heard) -> list[Promise]:
    """A caller may hang up while rating; a dial's end is told to the interview itself."""
    if heard.asked("leg") == PERSON:
        return []
    interview = _interview(heard)
    key, due_at = f"close-interview:{interview}:begun", heard.at + WORTH_WAITING
    return [Promise("close-interview", key, due_at, {"interview": interview})]


def _late(heard: Heard, board: Switchboard, fact: Told) -> list[Insert]:
    """What is told for the first time after the leg's end has dial and answers looked at once more."""
    if heard.asked("leg") != PERSON:
        return []
    ended = exists().where(Fact.subject == heard.call, Fact.kind == "leg-ended", Fact.leg == PERSON)
    known = exists().where(Fact.subject == heard.call, Fact.key == fact.key)
    id, late = heard.call, f"{heard.call}:late:{heard.step}"
    promises = [
        Promise("follow-dial", f"follow-dial:{late}", heard.at, {"dial": id}),
        Promise("close-interview", f"close-interview:{late}", heard.at, {"interview": id}),
    ]
    return [promise_unless(board.store.dialect, promise, known | ~ended) for promise in promises]


VIEWS: Views = {
    Address.SURVEY: survey,
    Address.SURVEY_KEY: survey_key,
    Address.SURVEY_ANSWER: survey_answer,
    Address.SURVEY_STATUS: survey_status,
}
