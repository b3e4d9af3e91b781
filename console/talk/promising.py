"""A callback promised and a case taken in during a talk, with the dates that the customer is told."""

from datetime import datetime
from typing import Annotated, Literal

from flask import render_template, request
from pydantic import BaseModel, Field, field_validator
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.forms import Faults, read_form
from console.office import office
from console.talk.room import acting, blueprint, own, redrawing, refusal
from console.talk.tools import choices
from console.visitor import allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.agents.talks import OwnTalk
from ivr.agents.wrapping import WrapUp
from ivr.callbacks.asking import BadTime
from ivr.callbacks.by_memo import Noted, promise_by_memo
from ivr.callbacks.memo import Lacking, WhyNotNow
from ivr.callbacks.rows import Callback
from ivr.cases.clocks import Clock, Sort, clocks_of
from ivr.cases.institution import Institution
from ivr.cases.rows import ReplyBy
from ivr.cases.taking import KINDS, LONGEST_CONTENT, Customer, Matter, take_case
from ivr.deadlines import NoDeadline
from ivr.lines.hours import SEOUL
from ivr.numbers import BadNumber, PhoneNumber

Answer = Response | str | tuple[str, int]
PHONE = "phone"
LONGEST_ASKED = 2000


def known_number(text: str | None) -> str | None:
    """Refuse what is no telephone number; as typed otherwise."""
    if text:
        try:
            PhoneNumber.parse(text)
        except BadNumber:
            raise ValueError("forms.number") from None
    return text


class CallbackForm(BaseModel):
    """Who is to be called, at which number, about what, by when (local times)."""

    cb_mark: Annotated[str, Field(min_length=4, max_length=32)]
    cb_name: Annotated[str, Field(max_length=60)] | None = None
    cb_number: str | None = None
    cb_content: Annotated[str, Field(max_length=LONGEST_ASKED)] | None = None
    cb_no_name: Lacking | None = None
    cb_why: WhyNotNow | None = None
    cb_from: datetime | None = None
    cb_until: datetime | None = None

    _number = field_validator("cb_number")(known_number)


class CaseForm(BaseModel):
    """What the customer said, and what sort of matter it is."""

    case_mark: Annotated[str, Field(min_length=4, max_length=32)]
    case_kind: str
    case_topic: str | None = None
    case_content: Annotated[str, Field(min_length=2, max_length=LONGEST_CONTENT)]
    case_name: Annotated[str, Field(max_length=60)] | None = None
    case_number: str | None = None
    case_reply: Literal["sms", "phone", "none"] | None = None

    _number = field_validator("case_number")(known_number)

    @field_validator("case_kind")
    @classmethod
    def _is_kind(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError("forms.enum")
        return kind


@blueprint.get("/of/<subject>/callback")
@allowed(Role.AGENT)
def callback_form(subject: str) -> str:
    """The form for one more callback."""
    return _callback_piece(subject)


@blueprint.post("/of/<subject>/callback")
@allowed(Role.AGENT)
def callback(subject: str) -> Answer:
    """Promise to call back: to the customer's number unless another one is given."""
    form = read_form(CallbackForm)
    if isinstance(form, Faults):
        return _callback_piece(subject, form), 422
    made = None
    with acting() as session:
        talk = own(session, subject)
        form = _with_memo(session, talk, form)
        faults = _missing(form, talk)
        if faults is None:
            try:
                made = _promise(session, talk, form)
            except BadTime:
                faults = Faults(_typed(), {"cb_until": wording().say("talk.callback.bad_time")})
    if made is None:
        return _callback_piece(subject, faults), 422
    return redrawing(render_template("talk/callback_done.html", talk=talk, callback=made))


def _promise(session: Session, talk: OwnTalk, form: CallbackForm) -> Callback:
    noted = Noted(
        mark=form.cb_mark,
        call_id=talk.call_id,
        team=talk.team,
        name=form.cb_name,
        number=PhoneNumber.parse(form.cb_number) if form.cb_number else talk.number,
        content=form.cb_content,
        lacking=_lacking(form),
        why=form.cb_why.value if form.cb_why else None,
        not_before=_local(form.cb_from),
        due_at=_local(form.cb_until),
    )
    return promise_by_memo(session, noted, line=visitor().line, calendar=office().calendar, at=office().clock())


def _with_memo(session: Session, talk: OwnTalk, form: CallbackForm) -> CallbackForm:
    """Without content of its own, the memo of the talk says what the callback is about."""
    wrap = None if form.cb_content else session.get(WrapUp, talk.id)
    return form.model_copy(update={"cb_content": wrap.memo[:LONGEST_ASKED]}) if wrap and wrap.memo else form


def _lacking(form: CallbackForm) -> dict[str, Lacking]:
    """A name that was not given needs its reason: nobody guesses one for the record."""
    return {"name": form.cb_no_name} if form.cb_no_name and not form.cb_name else {}


def _missing(form: CallbackForm, talk: OwnTalk) -> Faults | None:
    lacks = {
        "cb_no_name": not form.cb_name and form.cb_no_name is None,
        "cb_number": not form.cb_number and talk.number is None,
        "cb_content": not form.cb_content,
        "cb_until": form.cb_from is not None and form.cb_until is None,
    }
    found = {name: wording().say(f"talk.callback.lacks.{name}") for name, is_missing in lacks.items() if is_missing}
    return Faults(_typed(), found) if found else None


@blueprint.get("/of/<subject>/case")
@allowed(Role.AGENT)
def case_form(subject: str) -> str:
    """The form for one more case."""
    return _case_piece(subject)


@blueprint.get("/of/<subject>/case/due")
@allowed(Role.AGENT)
def case_due(subject: str) -> str:
    """By when such a case is due and by which promise, before anything is saved."""
    kind, topic = request.args.get("case_kind", ""), request.args.get("case_topic") or None
    with office().store.reading() as session:
        own(session, subject)
    return render_template("talk/case_due.html", clock=first_clock(kind, topic), subject=subject)


def first_clock(kind: str, topic: str | None) -> Clock | None:
    """The strictest date of a case that comes in by telephone now; None where no date can be counted."""
    try:
        return clocks_of(_institution(), Sort(kind, PHONE, topic), office().clock())[0]
    except NoDeadline:
        return None


@blueprint.post("/of/<subject>/case")
@allowed(Role.AGENT)
def case(subject: str) -> Answer:
    """Take a matter in; its receipt goes to the customer, its officer is told."""
    form, made = read_form(CaseForm), None
    if isinstance(form, Faults):
        return _case_piece(subject, form), 422
    with acting() as session:
        talk = own(session, subject)
        made = take_case(session, _matter(talk, form), institution=_institution(), at=office().clock())
    if made is None:
        return _case_piece(subject, Faults(_typed())), 422
    return redrawing(render_template("talk/case_done.html", talk=talk, case=made))


def _matter(talk: OwnTalk, form: CaseForm) -> Matter:
    number = PhoneNumber.parse(form.case_number) if form.case_number else talk.number
    return Matter(
        reference=f"talk:{talk.id}:{form.case_mark}",
        sort=Sort(form.case_kind, PHONE, form.case_topic),
        content=form.case_content,
        customer=Customer(form.case_name, number, None, ReplyBy(form.case_reply) if form.case_reply else None),
        received_at=office().clock(),
        call_id=talk.call_id,
        by=visitor().account_id,
    )


def _institution() -> Institution:
    here = office()
    return Institution(visitor().line, here.calendar, here.charters, here.store.keyring)


def _local(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=SEOUL) if moment else None


def _typed() -> dict[str, str]:
    return request.form.to_dict()


def _callback_piece(subject: str, faults: Faults | None = None) -> str:
    return _piece("talk/callback.html", subject, faults)


def _case_piece(subject: str, faults: Faults | None = None) -> str:
    return _piece("talk/case.html", subject, faults)


def _piece(template: str, subject: str, faults: Faults | None) -> str:
    with office().store.reading() as session:
        talk = own(session, subject)
    return render_template(template, talk=talk, faults=faults, refusal=refusal(), **choices())
