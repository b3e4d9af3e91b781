"""The page of one callback, as opened or as a form came back to it."""

from dataclasses import dataclass

from flask import render_template
from sqlalchemy import select

from console.callbacks.room import ACTING, seen
from console.callbacks.shown import happenings, may_read_whole_names, verdicts
from console.forms import Faults
from console.office import office
from console.officers import choice_of
from console.stories import names_of
from console.visitor import STAFF, visitor, wording
from ivr.agents.wrapping import WrapUp
from ivr.callbacks.reading import firm_of, story_of
from ivr.callbacks.rows import Callback, CallbackState
from ivr.callbacks.slipping import LateReason


@dataclass(frozen=True, slots=True)
class May:
    """What the visitor can do about a callback now."""

    act: bool
    assign: bool
    take: bool
    dial: bool


def show(id: str, *, act: str = "", faults: Faults | None = None) -> str:
    """The page of one callback; `act` names the form that came back with faults."""
    here = office()
    with here.store.reading() as session:
        callback = seen(session, id)
        story, may = story_of(session, callback), may_of(callback)
        memos = session.scalars(select(WrapUp).where(WrapUp.callback_id == id).order_by(WrapUp.saved_at)).all()
        return render_template(
            "callbacks/one.html",
            callback=callback,
            firm=firm_of(session, callback, visitor().line),
            happenings=happenings(session, story),
            verdicts=verdicts(story, here.charters),
            names=names_of(session, [callback.officer_id]),
            may=may,
            memos=[memo for memo in memos if memo.memo],
            officers=choice_of(session) if may.assign else None,
            late_reasons=[(reason.value, wording().say(f"callbacks.late.{reason.value}")) for reason in LateReason],
            whole_names=may_read_whole_names(),
            act=act,
            faults=faults,
        )


def may_of(callback: Callback) -> May:
    """What the visitor can do about this one."""
    person = visitor()
    acts = callback.closed_at is None and person.may(*ACTING)
    return May(
        act=acts,
        assign=acts and person.may(*STAFF),
        take=acts and person.officer_id is not None and callback.officer_id != person.officer_id,
        dial=acts and person.agent_id is not None and callback.state is CallbackState.WAITING,
    )
