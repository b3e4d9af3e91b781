"""Appeals: an agent against a score, a person who did not give it decides, and the score is kept beside the old one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK, Refused, moved
from ivr.courtesy.form import Item
from ivr.courtesy.ledger import Deed, Ledger, locked_ledger, same
from ivr.courtesy.moves import APPEAL_MOVES, AppealEvent
from ivr.courtesy.rounds import event_of
from ivr.courtesy.rows import CourtesyAppeal, CourtesyEvent, CourtesySheet, Place, RoundState
from ivr.courtesy.scores import hundred
from ivr.courtesy.sheets import BadSheet, problems_of, write_version
from ivr.lines.hours import SEOUL


class UnknownAppeal(LookupError):
    """There is no appeal against that item."""


@dataclass(frozen=True, slots=True)
class Against:
    """The score that is appealed against."""

    call_id: str
    item: str


def file_appeal(session: Session, round_id: str, *, against: Against, deed: Deed) -> CourtesyAppeal:
    """Appeal against one item; `deed.by` is the agent's id, its reason the text. Once for each item of a call."""
    ledger = locked_ledger(session, round_id)
    pick = ledger.pick(against.call_id)
    if not same(pick.agent_id, deed.account):
        raise Refused(f"{against.call_id} was not spoken by {deed.account}: agents appeal for their own calls")
    _refuse_late(ledger, deed.at)
    item = _item(ledger, against)
    if session.get(CourtesyAppeal, (round_id, against.call_id, item.id)) is not None:
        raise Refused(f"{item.id} of {against.call_id} has been appealed against already: once is all")
    appeal = CourtesyAppeal(
        round_id=round_id,
        call_id=against.call_id,
        item=item.id,
        agent_id=pick.agent_id,
        text=deed.why,
        filed_at=deed.at,
        decide_by=_local(deed.at) + timedelta(days=ledger.form.heading.decision_days),
    )
    session.add_all([appeal, _event(appeal, "appeal", deed)])
    session.flush()
    return appeal


def uphold(session: Session, round_id: str, *, against: Against, points: int | None, deed: Deed) -> CourtesyAppeal:
    """Give the agent right: the sheet that counts gets a new version with another score for the item, or none.

    The 100-point score of the call must grow by it, else it is `Refused`.
    """
    ledger, appeal = _decided(session, round_id, against, deed)
    sheet = _counting(ledger, against)
    problems = problems_of(ledger.form, {against.item: points})
    if problems:
        raise BadSheet(problems)
    scores = {**sheet.scores, against.item: points}
    before, after = (hundred(ledger.form.items, each) for each in (sheet.scores, scores))
    if before is None or after is None or after <= before:
        had = f"{against.item} has {sheet.scores[against.item]} points"
        raise Refused(
            f"{had}, and the call would have no more of 100: an appeal that is upheld gives more, or dismiss it"
        )
    _close(session, appeal, AppealEvent.UPHOLD, deed)
    corrected = CourtesySheet(call_id=sheet.call_id, place=sheet.place, note=sheet.note, reason=deed.why, blind=False)
    corrected.scores = scores
    write_version(session, ledger, sheet=corrected, deed=deed)
    return appeal


def dismiss(session: Session, round_id: str, *, against: Against, deed: Deed) -> CourtesyAppeal:
    """Let the score stand, with the reason."""
    _, appeal = _decided(session, round_id, against, deed)
    _close(session, appeal, AppealEvent.DISMISS, deed)
    return appeal


def withdraw(session: Session, round_id: str, *, against: Against, deed: Deed) -> CourtesyAppeal:
    """Take an appeal back; only the agent who made it."""
    locked_ledger(session, round_id)
    appeal = _appeal(session, round_id, against)
    if not same(appeal.agent_id, deed.account):
        raise Refused(f"this appeal is not {deed.account}'s: only the agent who made it takes it back")
    _close(session, appeal, AppealEvent.WITHDRAW, deed)
    return appeal


def appeals_of(session: Session, round_id: str) -> list[CourtesyAppeal]:
    """The appeals of a round in the order in which they were made."""
    query = select(CourtesyAppeal).where(CourtesyAppeal.round_id == round_id)
    return list(session.scalars(query.order_by(CourtesyAppeal.filed_at, CourtesyAppeal.call_id, CourtesyAppeal.item)))


def is_late(appeal: CourtesyAppeal, at: datetime) -> bool:
    """Whether it was, or is still to be, decided after its day."""
    return _local(appeal.decided_at or at) > appeal.decide_by


def _decided(session: Session, round_id: str, against: Against, deed: Deed) -> tuple[Ledger, CourtesyAppeal]:
    """The round and the appeal, when this person may decide it."""
    ledger = locked_ledger(session, round_id)
    appeal = _appeal(session, round_id, against)
    ledger.refuse_own_call(against.call_id, deed.account)
    published = ledger.round.published_at or deed.at
    sheets = [sheet for place in Place for sheet in ledger.sheets.get((against.call_id, place), ())]
    # What was written after the publication are decisions of other appeals: they make nobody a rater.
    raters = [name for sheet in sheets if sheet.written_at <= published for name in (sheet.rater, sheet.written_by)]
    if any(same(name, deed.account) for name in raters):
        raise Refused(f"{deed.account} scored {against.call_id}: somebody else decides")
    return ledger, appeal


def _refuse_late(ledger: Ledger, at: datetime) -> None:
    until = ledger.round.appeal_until
    if ledger.round.state is not RoundState.PUBLISHED or until is None:
        raise Refused(f"{ledger.round.id} is {ledger.round.state.value}: appeals begin with the publication")
    if _local(at) > until:
        raise Refused(f"appeals of {ledger.round.id} could be made up to {until}")


def _item(ledger: Ledger, against: Against) -> Item:
    item = ledger.form.item(against.item)
    if item is None:
        known = ", ".join(item.id for item in ledger.form.items)
        raise Refused(f"{against.item} is no item of the form: known are {known}")
    if _counting(ledger, against).scores[item.id] is None:
        raise Refused(f"{item.id} was not scored in {against.call_id}: there is nothing to appeal against")
    return item


def _counting(ledger: Ledger, against: Against) -> CourtesySheet:
    sheet = ledger.counting(against.call_id)
    if sheet is None:
        raise Refused(f"{against.call_id} was not scored: there is nothing to appeal against")
    return sheet


def _appeal(session: Session, round_id: str, against: Against) -> CourtesyAppeal:
    appeal = session.get(CourtesyAppeal, (round_id, against.call_id, against.item), with_for_update=ROW_LOCK)
    if appeal is None:
        raise UnknownAppeal(f"nobody has appealed against {against.item} of {against.call_id} in {round_id}")
    return appeal


def _close(session: Session, appeal: CourtesyAppeal, event: AppealEvent, deed: Deed) -> None:
    appeal.state = moved(APPEAL_MOVES, appeal.state, event)
    reason = deed.reason if event is AppealEvent.WITHDRAW else deed.why
    appeal.decided_by, appeal.decided_at, appeal.reason = deed.account, deed.at, reason
    session.add(_event(appeal, event, deed))


def _event(appeal: CourtesyAppeal, event: str, deed: Deed) -> CourtesyEvent:
    row = event_of(appeal.round_id, event, deed)
    row.call_id, row.item = appeal.call_id, appeal.item
    return row


def _local(at: datetime) -> date:
    return at.astimezone(SEOUL).date()
