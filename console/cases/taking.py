"""Taking a new case in: by telephone, post, visit, or from the web, with what its form must not let through."""

import secrets
from datetime import datetime
from typing import Annotated

from flask import abort, render_template, request, url_for
from pydantic import BaseModel, Field, field_validator
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.cases.opening import pairs
from console.cases.room import ACTING, blueprint, institution
from console.doing import again, at_form, doing, done, read_or_again
from console.finding import own, sight
from console.forms import Faults
from console.office import office
from console.officers import choice_of
from console.told import told_or
from console.visitor import STAFF, allowed, visitor, wording
from ivr.calls.rows import Call, Offer
from ivr.cases.clocks import Sort, clocks_of
from ivr.cases.rows import ReplyBy
from ivr.cases.taking import (
    CHANNELS,
    KINDS,
    LONGEST_ADDRESS,
    LONGEST_CONTENT,
    LONGEST_NAME,
    Customer,
    Matter,
    take_case,
)
from ivr.lines.hours import SEOUL
from ivr.numbers import BadNumber, PhoneNumber


class Taken(BaseModel):
    """What somebody writes down of a matter; times are local. The same `reference` is the same case."""

    reference: Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
    kind: Annotated[str, Field(pattern="^(" + "|".join(KINDS) + ")$")]
    channel: Annotated[str, Field(pattern="^(" + "|".join(CHANNELS) + ")$")]
    topic: Annotated[str, Field(max_length=40)] | None = None
    content: Annotated[str, Field(min_length=2, max_length=LONGEST_CONTENT)]
    name: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    number: str | None = None
    address: Annotated[str, Field(max_length=LONGEST_ADDRESS)] | None = None
    reply_by: ReplyBy | None = None
    received: datetime | None = None
    overdue: Annotated[str, Field(max_length=200)] = ""
    about: Annotated[str, Field(max_length=40)] | None = None
    call: Annotated[str, Field(max_length=30)] | None = None

    @field_validator("number")
    @classmethod
    def _is_number(cls, given: str | None) -> str | None:
        if given is None:
            return None
        try:
            PhoneNumber.parse(given)
        except BadNumber:
            raise ValueError("forms.number") from None
        return given


@blueprint.get("/new")
@allowed(*ACTING)
def new() -> str:
    """The form of a new case; `?call=` takes it in for a call."""
    with office().store.reading() as session:
        call_id = request.args.get("call", "")
        call = _call(session, call_id) if call_id else None
        return _form(session, {"reference": secrets.token_hex(12), "call": call.id if call else ""}, call=call)


@blueprint.post("/new")
@allowed(*ACTING)
def take() -> Response:
    """Take it in: its due date, its officer and the receipt to the customer follow at once."""
    form = read_or_again(Taken, _again)
    at = office().clock()
    received = form.received.replace(tzinfo=SEOUL) if form.received else at
    faults = _faults(form, received, at)
    if faults is not None:
        return again(_again(faults=faults))
    with doing(at_form(_again, _refused)) as session:
        call = _call(session, form.call) if form.call else None
        matter = _matter(form, received, call)
        case = take_case(session, matter, institution=institution(), at=at)
        narrowed = sight(session)
    office().ring_bell()
    visible = narrowed is None or narrowed.includes(case)
    to = url_for("cases.one", id=case.id) if visible else url_for("cases.page")
    return done(wording().say("cases.done.take", receipt=case.receipt_number), to)


def _call(session: Session, id: str) -> Call:
    """A call of the line: any by who looks after all cases, by an agent one in which that agent talked."""
    call, person = own(session, Call, id), visitor()
    spoken = select(Offer.id).where(Offer.call_id == id, Offer.agent_id == person.agent_id)
    if not person.may(*STAFF) and session.scalar(spoken.limit(1)) is None:
        abort(404)
    return call


def _matter(form: Taken, received: datetime, call: Call | None) -> Matter:
    number = PhoneNumber.parse(form.number) if form.number else call.caller if call else None
    return Matter(
        reference=form.reference,
        sort=Sort(form.kind, form.channel, form.topic),
        content=form.content,
        customer=Customer(form.name, number, form.address, form.reply_by),
        received_at=received,
        call_id=call.id if call else None,
        about_officer_id=form.about,
        overdue_because=form.overdue,
        by=visitor().account_id,
    )


def _faults(form: Taken, received: datetime, at: datetime) -> Faults | None:
    """What the core would refuse, said at its field."""
    say, found, sort = wording().say, {}, Sort(form.kind, form.channel, form.topic)
    if received > at:
        found["received"] = say("cases.received_ahead")
    elif not form.overdue and clocks_of(institution(), sort, received)[0].due_at <= at:
        found["overdue"] = say("cases.overdue_why")
    if form.reply_by in {ReplyBy.SMS, ReplyBy.PHONE} and not (form.number or form.call):
        found["number"] = say("cases.reply_number")
    if form.reply_by in {ReplyBy.POST, ReplyBy.EMAIL, ReplyBy.FAX} and not form.address:
        found["address"] = say("cases.reply_address")
    return Faults(dict(request.form), found) if found else None


def _refused(refused: Exception) -> Faults:
    return Faults(dict(request.form), {"": told_or(refused, "cases.refused")})


def _again(*, faults: Faults) -> str:
    with office().store.reading() as session:
        return _form(session, {}, faults=faults)


def _form(session: Session, values: dict[str, str], *, call: Call | None = None, faults: Faults | None = None) -> str:
    line, none = visitor().line, ("", wording().say("common.none"))
    topics = [(topic.id, topic.name) for topic in line.cases.topics.values()]
    by = ("", wording().say("cases.by_itself"))
    return render_template(
        "cases/new.html",
        values=faults.typed if faults else values,
        faults=faults,
        call=call,
        officers=choice_of(session),
        kinds=pairs("kind", KINDS),
        channels=pairs("channel", CHANNELS),
        topics=[none, *topics],
        ways=[by, *pairs("way", tuple(way.value for way in ReplyBy))],
    )
