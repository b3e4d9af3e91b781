"""The pages of text messages: the list, one with its orders, writing it again, and its recipient in full."""

from datetime import datetime, time, timedelta
from functools import partial

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from console.days import read_day
from console.finding import own
from console.messages import refusals, senders
from console.messages.room import blueprint
from console.office import office
from console.paging import asked_after_moment, cut
from console.revealing import reveal
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.lines.hours import SEOUL
from ivr.messages.attempts import attempts_of
from ivr.messages.finding import PAGE, Sought, carried_since, find_messages, tally_of
from ivr.messages.missing import UNANSWERED, NotProven, retry
from ivr.messages.rows import Message
from ivr.messages.states import MISSED, MessageState

# Their views are of the same blueprint.
__all__ = ["blueprint", "refusals", "senders"]
Answer = Response | str | tuple[str, int]
LATELY, SEARCHED = timedelta(hours=24), timedelta(days=30)


@blueprint.get("/")
@allowed(*STAFF)
def page() -> str:
    """What was written, the newest first; `?view=missed` shows what did not arrive."""
    here, line = office(), visitor().line
    sought, since = _sought(), here.clock() - LATELY
    with here.store.reading() as session:
        found = find_messages(session, sought, after=asked_after_moment(), limit=PAGE + 1)
        rows = cut(found, PAGE, lambda message: (message.written_at.isoformat(), message.id))
        tally, carried = tally_of(session, line.id, since=since), carried_since(session, line.id, since=since)
    return render_template(
        "messages/page.html",
        page=rows,
        sought=sought,
        tally=tally,
        carried=carried,
        titles=_titles(),
        states=[("", wording().say("common.all")), *((one.value, _state(one)) for one in MessageState)],
        missed=MISSED,
        subject_of=subject_of,
    )


@blueprint.get("/<path:id>")
@allowed(*STAFF)
def one(id: str) -> str:
    """One text with its words, numbers masked, and every order that was given for it."""
    with office().store.reading() as session:
        message = own(session, Message, id)
        return render_template(
            "messages/one.html",
            message=message,
            orders=attempts_of(session, message),
            title=_titles().get(message.template.partition("/")[0], message.template),
            may_retry=_may_retry(message),
            subject=subject_of(message),
        )


@blueprint.post("/<path:id>/retry")
@allowed(Role.SUPERVISOR)
def again(id: str) -> Answer:
    """Write it anew, once, where it is sure that nobody has it."""
    here = office()
    try:
        with here.store.transaction() as session:
            message = own(session, Message, id)
            anew = retry(session, here.texts, message, at=here.clock()).id
    except NotProven:
        flash(wording().say("messages.not_proven"), "error")
        return redirect(url_for("messages.one", id=id), 303)
    here.ring_bell()
    flash(wording().say("messages.retried"), "good")
    return redirect(url_for("messages.one", id=anew), 303)


@blueprint.post("/<path:id>/number")
@allowed(Role.SUPERVISOR)
def number(id: str) -> Response:
    """Show recipient and words in full, for a reason that is kept."""
    find = partial(own, kind=Message, id=id)
    return reveal(f"message:{id}", find, template="messages/words.html", named="message")


def subject_of(message: Message) -> str:
    """The address of what a text is about; empty where there is no page of it."""
    kind, _, id = message.subject.partition(":")
    views = {"call": "calls.call", "callback": "callbacks.one", "case": "cases.one"}
    return url_for(views[kind], id=id) if kind in views else ""


def _titles() -> dict[str, str]:
    """The names of templates, by their ids."""
    words = wording()
    known = office().texts.of(visitor().line.id).templates
    return {id: words.say(f"messages.template.{id}") if words.has(f"messages.template.{id}") else id for id in known}


def _state(state: MessageState) -> str:
    return wording().say(f"messages.state.{state.value}")


def _may_retry(message: Message) -> bool:
    return visitor().may(Role.SUPERVISOR) and message.state in MISSED and message.error != UNANSWERED


def _sought() -> Sought:
    given = request.args
    state = given.get("state", "")
    since = _midnight("first", 0)
    if since is None and (state or given.get("template")):
        # Rare ones would be sought through all years.
        since = office().clock() - SEARCHED
    return Sought(
        line=visitor().line.id,
        state=MessageState(state) if state in set(MessageState) else None,
        is_missed=given.get("view") == "missed",
        template=given.get("template") or None,
        since=since,
        until=_midnight("last", 1),
    )


def _midnight(name: str, days: int) -> datetime | None:
    """The beginning of the day of this name, so many days later; 404 for what is no day."""
    written = request.args.get(name, "")
    if not written:
        return None
    day = read_day(written)
    try:
        return datetime.combine(day + timedelta(days=days), time(), tzinfo=SEOUL) if day else abort(404)
    except OverflowError:
        abort(404)
