"""The public page on which customers book a consultation by telephone: a time, a number, and the code sent to it."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Final

from flask import Blueprint

from ivr.bookings.booking import NotBookable, Why
from ivr.bookings.proving import Bar, NotProven, Place, ask_to_book, prove
from ivr.bookings.rows import BookingRequest
from ivr.bookings.slots import Slot, free_slots
from ivr.deadlines import WorkingTime
from ivr.korean import WEEKDAYS
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line, UnknownLine
from ivr.messages.fields import fill
from ivr.numbers import BadNumber, PhoneNumber
from webhooks.linked import Asked, Page, linked_pages, sender_of, words_of
from webhooks.switchboard import Switchboard

ADDRESS: Final = "/book/<token>"


def booking_pages(board: Switchboard) -> Blueprint:
    """GET `/book/LINE` shows the free times; POST asks for a code, and with the code books."""
    return linked_pages("booking", ADDRESS, board, answer=_answer)


def _answer(asked: Asked) -> Page:
    try:
        line = asked.board.line(asked.token)
    except UnknownLine:
        return Page("unknown", 404)
    if line.booking is None:
        return Page("unknown", 404)
    working = WorkingTime(line, asked.board.calendar)
    if asked.form is None:
        return _times(asked, working)
    if "request" in asked.form:
        return _prove(asked, working, asked.form)
    return _ask(asked, working, asked.form)


def _times(asked: Asked, working: WorkingTime, status: int = 200, **given: str) -> Page:
    """The free times by days; `note` among `given` is what was wrong."""
    line = working.line
    slots = free_slots(asked.session, working, line.booking, at=asked.board.clock()) if line.booking else []
    if not slots:
        return Page("none", status, sender_of(line))
    free = words_of("booking")["ask"]["free"]
    days = [(_day(moment), [_time(slot, free) for slot in times]) for moment, times in groupby(slots, key=_midnight)]
    return Page("ask", status, sender_of(line) | given, shown=days)


def _ask(asked: Asked, working: WorkingTime, form: Mapping[str, str]) -> Page:
    typed = {name: form.get(name, "").strip() for name in ("phone", "customer", "topic", "slot")}
    try:
        starts_at = datetime.fromisoformat(typed["slot"])
        number = PhoneNumber.parse(typed["phone"])
        place = Place(starts_at, number, typed["customer"] or None, typed["topic"] or None)
        request = ask_to_book(asked.session, place, working=working, texts=asked.board.texts, at=asked.board.clock())
    except BadNumber:
        return _times(asked, working, 422, note="phone_wrong", **typed)
    except ValueError:
        return _times(asked, working, 422, note="choose", **typed)
    except NotBookable as refusal:
        note = "phone_wrong" if refusal.why is Why.NUMBER else "full"
        return _times(asked, working, 422, note=note, **typed)
    except NotProven as refusal:
        return _times(asked, working, 429 if refusal.why is Bar.TOO_MANY else 422, note=refusal.why.value, **typed)
    return _code(working.line, request)


def _prove(asked: Asked, working: WorkingTime, form: Mapping[str, str]) -> Page:
    line, id = working.line, form["request"][:40]
    code = "".join(form.get("code", "").split())
    try:
        booking = prove(asked.session, id, code, working=working, at=asked.board.clock())
    except NotProven as refusal:
        request = asked.session.get(BookingRequest, id)
        if refusal.why is Bar.OVER or request is None:
            return Page("over", 410, sender_of(line) | {"address": f"/book/{line.id}"})
        return _code(line, request, 422, note="wrong")
    except NotBookable as refusal:
        name = "twice" if refusal.why is Why.TWICE else "full"
        return Page(name, 409, sender_of(line) | {"address": f"/book/{line.id}"})
    return Page("done", 200, sender_of(line) | {"receipt": booking.receipt, "date": _date(booking.starts_at)})


def _code(line: Line, request: BookingRequest, status: int = 200, **given: str) -> Page:
    about = {"masked": request.number.masked, "date": _date(request.starts_at), "request": request.id}
    return Page("code", status, sender_of(line) | about | {"address": f"/book/{line.id}"} | given)


def _time(slot: Slot, free: str) -> Mapping[str, str]:
    local = slot.starts_at.astimezone(SEOUL)
    return {"value": local.isoformat(), "clock": f"{local:%H:%M}", "free": fill(free, {"count": slot.free})}


def _midnight(slot: Slot) -> datetime:
    return slot.starts_at.astimezone(SEOUL).replace(hour=0, minute=0)


def _day(moment: datetime) -> str:
    return f"{moment.year}년 {moment.month}월 {moment.day}일 ({WEEKDAYS[moment.weekday()]})"


def _date(moment: datetime) -> str:
    local = moment.astimezone(SEOUL)
    return f"{_day(local)} {local:%H:%M}"
