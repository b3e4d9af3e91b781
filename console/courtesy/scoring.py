"""Scoring one call: the form with what the record suggests, the sheet, correcting, reconciling, leaving it out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from flask import abort, flash, redirect, render_template, request, url_for
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.courtesy.room import acting, blueprint, deed, ledger_of, refuse_own_call, words
from console.forms import Faults, read_form
from console.office import office
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.courtesy.form import Item
from ivr.courtesy.ledger import Ledger, plain
from ivr.courtesy.rounds import drop_call
from ivr.courtesy.rows import CourtesyPick, Place, RoundState
from ivr.courtesy.sheets import Filled, correct, missing_of, own_place, reconcile, submit, visible
from ivr.courtesy.suggestions import Suggestion, suggestions
from ivr.listening.recordings import Recording

Answer = Response | str | tuple[str, int]
NOT_APPLICABLE = "-"
FIELD = "item-"
# A sheet is a handful of scores: whatever is longer is none.
MOST_DIGITS = 3
Do = Callable[[Session, Filled, str], object]


class Noted(BaseModel):
    """What is said beside the scores; a correction has its reason."""

    note: Annotated[str, Field(max_length=1000)] = ""
    reason: Annotated[str, Field(max_length=300)] = ""


@dataclass(frozen=True, slots=True)
class Sound:
    """What the player of recordings needs to know of a call."""

    id: str


@blueprint.get("/<round_id>/calls/<call_id>")
@allowed(*STAFF)
def call_page(round_id: str, call_id: str) -> str:
    """One call of the sample as its rater sees it."""
    return _page(round_id, call_id)


@blueprint.post("/<round_id>/calls/<call_id>/score")
@allowed(Role.SUPERVISOR)
def score(round_id: str, call_id: str) -> Answer:
    """Hand in one's sheet; it is final."""
    return _written(
        round_id,
        call_id,
        whole=True,
        do=lambda session, filled, _: submit(session, round_id, call_id=call_id, filled=filled, deed=deed()),
    )


@blueprint.post("/<round_id>/calls/<call_id>/correct")
@allowed(Role.SUPERVISOR)
def correct_sheet(round_id: str, call_id: str) -> Answer:
    """Correct one's own sheet, with the reason; the old version is kept."""
    return _written(
        round_id,
        call_id,
        whole=False,
        do=lambda session, filled, why: correct(session, round_id, call_id=call_id, filled=filled, deed=deed(why)),
    )


@blueprint.post("/<round_id>/calls/<call_id>/reconcile")
@allowed(Role.SUPERVISOR)
def reconcile_sheets(round_id: str, call_id: str) -> Answer:
    """Settle what two raters differ on."""
    return _written(
        round_id,
        call_id,
        whole=False,
        do=lambda session, filled, why: reconcile(session, round_id, call_id=call_id, filled=filled, deed=deed(why)),
    )


@blueprint.post("/<round_id>/calls/<call_id>/drop")
@allowed(Role.SUPERVISOR)
def drop(round_id: str, call_id: str) -> Response:
    """Leave a call out that cannot be scored; only before anybody has scored it."""
    form = read_form(Noted)
    with acting() as session:
        refuse_own_call(session, round_id, call_id)
        reason = "" if isinstance(form, Faults) else form.reason
        drop_call(session, round_id, call_id=call_id, deed=deed(reason))
        flash(wording().say("courtesy.dropped_now"), "good")
    return redirect(url_for("courtesy.round_page", round_id=round_id), 303)


def _written(round_id: str, call_id: str, *, whole: bool, do: Do) -> Answer:
    """Read the scores of the form and write them; a form that lacks some comes back as it was typed."""
    form = read_form(Noted)
    typed = {name: value for name, value in request.form.items() if name.startswith(FIELD)}
    if isinstance(form, Faults):
        return _page(round_id, call_id, faults=form), 422
    scores = _scores(typed)
    with office().store.reading() as session:
        sheet = ledger_of(session, round_id).form
    missing = {item for item, _ in missing_of(sheet, scores)} if whole else set()
    if missing:
        said = wording().say("courtesy.score_missing")
        faults = Faults({**typed, "note": form.note}, {f"{FIELD}{item}": said for item in missing})
        return _page(round_id, call_id, faults=faults), 422
    with acting() as session:
        refuse_own_call(session, round_id, call_id)
        do(session, Filled(scores, form.note), form.reason)
        flash(wording().say("courtesy.sheet_kept"), "good")
    return redirect(url_for("courtesy.call_page", round_id=round_id, call_id=call_id), 303)


def _scores(typed: dict[str, str]) -> dict[str, int | None]:
    """Scores by item from the fields; 400 for what no form of ours sends."""
    found: dict[str, int | None] = {}
    for name, value in typed.items():
        if value and value != NOT_APPLICABLE and not (value.isdecimal() and len(value) <= MOST_DIGITS):
            abort(400)
        if value:
            found[name.removeprefix(FIELD)] = None if value == NOT_APPLICABLE else int(value)
    return found


def _page(round_id: str, call_id: str, *, faults: Faults | None = None) -> str:
    person = visitor()
    with office().store.reading() as session:
        ledger = ledger_of(session, round_id)
        if call_id not in ledger.picks:
            abort(404)
        pick = ledger.pick(call_id)
        suggested = suggestions(session, pick, form=ledger.form, rule=person.line.ring, words=words())
        recordings = session.scalars(select(Recording).where(Recording.offer_id == pick.offer_id)).all()
    open_places, place = ledger.open_places(call_id), own_place(ledger, call_id, person.account_id)
    sheets, todo = visible(ledger, call_id, person.account_id), _todo(ledger, pick)
    return render_template(
        "courtesy/call.html",
        ledger=ledger,
        pick=pick,
        call=Sound(call_id),
        items=ledger.form.items,
        suggested={one.item: one for one in suggested},
        recordings=recordings,
        sheets=sheets,
        places=[wording().say(f"courtesy.place.{sheet.place.value}") for sheet in sheets],
        place=place,
        disputes=() if open_places else ledger.disputes(call_id),
        todo=todo,
        preset=_preset(ledger.form.items, suggested if todo == "score" else [], faults),
        faults=faults,
        not_applicable=NOT_APPLICABLE,
    )


def _todo(ledger: Ledger, pick: CourtesyPick) -> str:
    """What the visitor can do about the call: score, correct, reconcile, or nothing."""
    person, call = visitor(), pick.call_id
    spoke = {plain(name) for name in (person.account_id, person.agent_id) if name} & ledger.names[call]
    is_open = ledger.round.state is RoundState.OPEN and pick.dropped is None
    if not is_open or spoke or not person.may(Role.SUPERVISOR):
        return ""
    place = own_place(ledger, call, person.account_id)
    if ledger.open_places(call):
        return "score" if place is None else "correct"
    if ledger.disputes(call):
        return "reconcile"
    return "correct" if place and ledger.latest(call, Place.AGREED) is None else ""


def _preset(items: tuple[Item, ...], suggested: list[Suggestion], faults: Faults | None) -> dict[str, str]:
    """What stands in the form at first: as typed, else what the record suggests."""
    if faults is not None:
        return {item.id: faults.typed.get(f"{FIELD}{item.id}", "") for item in items}
    return {one.item: str(one.points) for one in suggested if one.points is not None}
