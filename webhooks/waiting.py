"""The steps of a caller in the queue, and what follows when the queue is left."""

from dataclasses import asdict, replace

from sqlalchemy import Insert

from ivr.addresses import Address
from ivr.calls import queue
from ivr.calls.facts import tell
from ivr.calls.record import QUEUE_FAILURES
from ivr.calls.rows import Waiting, WaitingState
from ivr.calls.steps import CALLER
from ivr.calls.wishes import to_wish
from ivr.promises import Promise, insert_for
from ivr.prompts import Leave
from webhooks.answers import Document, Views, talk_of
from webhooks.apology import apology_prompts
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard

# Twilio, Enqueue: the results of a queue that did what it is for.
SERVED = frozenset({"redirected", "bridged", "redirected-from-bridged", "bridging-in-process"})


def wait(heard: Heard, board: Switchboard) -> Document:
    """One turn of waiting; the callback key leaves the queue, silence and other keys go on."""
    talk = talk_of(heard, board)
    if heard.digits == queue.CALLBACK_KEY and heard.query.get("callback"):
        with board.store.statement() as connection:
            tell(connection, heard.step_fact("leaving"))
        return Document((Leave(),), talk.line)
    promise = Promise("follow", f"follow:{heard.call}:wait:{heard.step}", heard.at, {"call": heard.call})
    with board.store.statement() as connection:
        outlook = queue.look_ahead(connection, talk.line, heard.query, waited=_waited(heard), at=heard.at)
        fact = heard.step_fact("wait", queue_sid=heard.form.get("QueueSid", "")[:64], **asdict(outlook))
        told = tell(connection, fact, promises=[promise], rows=[_place(heard, board)])
    outlook = queue.Outlook(**{name: told.detail[name] for name in asdict(outlook)})
    query = {"since": str(int(told.received_at.timestamp())), **heard.query}
    return Document(queue.wait_prompts(talk, query, outlook), talk.line, promised=True)


def _waited(heard: Heard) -> int:
    """Seconds of this stay: what the queue says, which not every carrier tells each turn, or our own count."""
    since = int(heard.query.get("since", heard.at.timestamp()))
    return max(heard.queue_seconds, int(heard.at.timestamp()) - since)


def _place(heard: Heard, board: Switchboard) -> Insert:
    return (
        insert_for(board.store.dialect, Waiting)
        .values(
            call_id=heard.call,
            line=heard.asked("line"),
            team=heard.asked("team"),
            skill=heard.query.get("skill"),
            since=heard.at,
            queue_sid=heard.form.get("QueueSid", "")[:64],
            state=WaitingState.LEFT,
            version=1,
        )
        .on_conflict_do_nothing()
    )


def left(heard: Heard, board: Switchboard) -> Document:
    """The queue was left: by the callback key, by our own order, by hanging up, or because it failed."""
    talk = talk_of(heard, board)
    result = heard.form.get("QueueResult", "").lower()
    fact = heard.step_fact("queue-left", CALLER, result=result, ends=result in QUEUE_FAILURES)
    if result in SERVED:
        # Our own order is already at work, and its steps go on from where the caller was.
        fact = replace(fact, kind="queue-served", sequence=None)
    promise = Promise("follow", f"follow:{heard.call}:left:{heard.step}", heard.at, {"call": heard.call})
    with board.store.statement() as connection:
        told = tell(connection, fact, promises=[promise])
    if told.detail["result"] == "leave":
        return Document(to_wish(talk, heard.asked("team")), talk.line, promised=True)
    if told.detail["result"] in QUEUE_FAILURES:
        return Document(apology_prompts(board, talk.line), talk.line, promised=True)
    return Document((), talk.line, promised=True)


VIEWS: Views = {Address.WAIT: wait, Address.LEFT: left}
