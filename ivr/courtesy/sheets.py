"""Sheets: scoring a call, blind where two raters do, correcting one's own, and reconciling two that differ."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.courtesy.form import Form, Item
from ivr.courtesy.ledger import Deed, Ledger, Scores, same
from ivr.courtesy.rounds import open_ledger
from ivr.courtesy.rows import CourtesySheet, Place


class BadSheet(ValueError):
    """A sheet that does not fit its form; `problems` has all of them, by item."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{item}: {problem}" for item, problem in problems))


@dataclass(frozen=True, slots=True)
class Filled:
    """What a rater filled in: points by item, None for not applicable, and a note."""

    scores: Scores
    note: str = ""


def problems_of(form: Form, scores: Scores) -> list[tuple[str, str]]:
    """Everything in these scores that does not fit the form, with the item; an item left out is no problem here."""
    return [(id, problem) for id, points in scores.items() for problem in _of_score(form.item(id), points)]


def missing_of(form: Form, scores: Scores) -> list[tuple[str, str]]:
    """The items of the form that have no score."""
    return [(item.id, "is missing: give a score") for item in form.items if item.id not in scores]


def _of_score(item: Item | None, points: int | None) -> Iterator[str]:
    if item is None:
        yield "is no item of the form"
    elif points is None:
        if not item.not_applicable:
            yield "must be scored in every call"
    elif points not in item.scores:
        yield f"cannot be {points}: use {', '.join(map(str, sorted(item.scores)))}"


def submit(session: Session, round_id: str, *, call_id: str, filled: Filled, deed: Deed) -> CourtesySheet:
    """Hand in a sheet of a round; raises `Refused`, and `BadSheet` with every problem."""
    return hand_in(session, open_ledger(session, round_id), call_id=call_id, filled=filled, deed=deed)


def hand_in(session: Session, ledger: Ledger, *, call_id: str, filled: Filled, deed: Deed) -> CourtesySheet:
    """Hand in a sheet, which is final, to a round that is open and locked (`open_ledger`).

    The first to score a call is its first rater; where the call is scored twice, the next one is the second.
    """
    pick = ledger.pick(call_id)
    ledger.refuse_own_call(call_id, deed.account)
    places = ledger.open_places(call_id)
    if own_place(ledger, call_id, deed.account) is not None:
        raise Refused(f"{deed.account} has scored {call_id}, and a sheet is final: correct it with a reason")
    if not places:
        raise Refused(f"{call_id} is {'dropped' if pick.dropped else 'scored'} already")
    _refuse_bad(ledger.form, filled.scores)
    return write_version(session, ledger, sheet=_sheet(call_id, places[0], filled), deed=deed)


def correct(session: Session, round_id: str, *, call_id: str, filled: Filled, deed: Deed) -> CourtesySheet:
    """Correct some items of one's own sheet, as a new version with the reason, until the round is published.

    What is corrected after the other rater's sheet could be seen does not count towards the agreement of raters.
    """
    ledger = open_ledger(session, round_id)
    place = own_place(ledger, call_id, deed.account)
    older = ledger.latest(call_id, place) if place else None
    if place is None or older is None:
        raise Refused(f"{deed.account} has not scored {call_id}: a rater corrects nobody else's sheet")
    if ledger.latest(call_id, Place.AGREED) is not None:
        raise Refused(f"{call_id} has been reconciled: reconcile it again")
    scores = {**older.scores, **filled.scores}
    _refuse_bad(ledger.form, scores)
    sheet = _sheet(call_id, place, Filled(scores, filled.note or older.note))
    sheet.reason = deed.why
    sheet.blind = bool(ledger.open_places(call_id))
    return write_version(session, ledger, sheet=sheet, deed=deed)


def reconcile(session: Session, round_id: str, *, call_id: str, filled: Filled, deed: Deed) -> CourtesySheet:
    """Write the sheet that counts where two raters differ; it must say something of every item in dispute.

    Other items keep the first rater's score: nobody alters what the raters agree on. Doing it again takes a reason.
    """
    ledger = open_ledger(session, round_id)
    ledger.refuse_own_call(call_id, deed.account)
    first = ledger.latest(call_id, Place.FIRST)
    if first is None or ledger.latest(call_id, Place.SECOND) is None:
        raise Refused(f"{call_id} has not been scored by two raters: there is nothing to reconcile")
    older, disputes = ledger.latest(call_id, Place.AGREED), ledger.disputes(call_id)
    agreed = [id for id in filled.scores if id not in disputes]
    if agreed or not disputes:
        which = f" on {', '.join(agreed)}" if disputes else ""
        raise Refused(f"{call_id}: the raters do not differ{which}: the first rater's scores stand")
    left = [id for id in disputes if id not in filled.scores]
    if left and older is None:
        raise Refused(f"{call_id}: the raters differ on {', '.join(left)}: give each a score")
    scores = {**(older or first).scores, **filled.scores}
    _refuse_bad(ledger.form, scores)
    sheet = _sheet(call_id, Place.AGREED, Filled(scores, filled.note))
    sheet.reason, sheet.blind = deed.why if older else deed.reason, False
    return write_version(session, ledger, sheet=sheet, deed=deed)


def own_place(ledger: Ledger, call_id: str, name: str) -> Place | None:
    """Which of a call's two sheets is this rater's."""
    sheets = ((place, ledger.latest(call_id, place)) for place in (Place.FIRST, Place.SECOND))
    return next((place for place, sheet in sheets if sheet is not None and same(sheet.rater, name)), None)


def visible(ledger: Ledger, call_id: str, name: str) -> list[CourtesySheet]:
    """The newest sheets of a call that somebody may see: only one's own while another rater has still to score."""
    ledger.pick(call_id)
    sheets = [sheet for place in Place if (sheet := ledger.latest(call_id, place)) is not None]
    if ledger.open_places(call_id):
        return [sheet for sheet in sheets if same(sheet.rater, name)]
    return sheets


def versions(ledger: Ledger, call_id: str, name: str) -> list[CourtesySheet]:
    """Every version of the sheets that somebody may see, sheet by sheet, oldest first."""
    return [older for sheet in visible(ledger, call_id, name) for older in ledger.sheets[call_id, sheet.place]]


def _refuse_bad(form: Form, scores: Scores) -> None:
    problems = [*problems_of(form, scores), *missing_of(form, scores)]
    if problems:
        raise BadSheet(problems)


def _sheet(call_id: str, place: Place, filled: Filled) -> CourtesySheet:
    scores = dict(filled.scores)
    return CourtesySheet(call_id=call_id, place=place, scores=scores, note=filled.note.strip(), reason="", blind=True)


def write_version(session: Session, ledger: Ledger, *, sheet: CourtesySheet, deed: Deed) -> CourtesySheet:
    """Add a sheet as the next version of its place; whose it is does not change."""
    older = ledger.latest(sheet.call_id, sheet.place)
    sheet.round_id = ledger.round.id
    sheet.version = older.version + 1 if older else 1
    sheet.rater = older.rater if older else deed.account
    sheet.written_by, sheet.written_at = deed.account, deed.at
    session.add(sheet)
    ledger.sheets.setdefault((sheet.call_id, sheet.place), []).append(sheet)
    return sheet
