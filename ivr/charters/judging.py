"""Judging: which standards are about a call, and for each measure the judge who decides; nothing but rules."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.charters.judges.answering import first_answerer_answers, kind_recorded, skilled_agent_answers
from ivr.charters.judges.closing import closing_said
from ivr.charters.judges.hanging_up import customer_hangs_up_first
from ivr.charters.judges.identity import identity_announced
from ivr.charters.judges.judgement import Judgement, found
from ivr.charters.judges.ringing import ring_to_answer
from ivr.charters.judges.transferring import transfer_announced, transfer_completed
from ivr.charters.measures import CallbackMeasure, CaseMeasure, PeriodMeasure, SurveyMeasure
from ivr.charters.measures.calls import (
    ClosingSaid,
    CustomerHangsUpFirst,
    CustomerVerified,
    FirstAnswererAnswers,
    IdentityAnnounced,
    RingToAnswer,
    SkilledAgentAnswers,
    TransferAnnounced,
    TransferCompleted,
)
from ivr.charters.measures.cases import KindRecorded
from ivr.charters.model import Charter, Standard
from ivr.charters.view import CallView

OtherMeasure = CallbackMeasure | CaseMeasure | SurveyMeasure | PeriodMeasure


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of one standard and one subject, the id of a call, of an offer or of a transfer."""

    standard: Standard
    subject: str
    judgement: Judgement


def judge(standard: Standard, view: CallView) -> Judgement:
    """Judge one standard: the call of `view`, or its `offer` or `transfer` where that is the standard's scope."""
    match standard.measure:
        case RingToAnswer() as measure:
            return ring_to_answer(standard, measure, view)
        case IdentityAnnounced() | ClosingSaid() | CustomerHangsUpFirst() as measure:
            return _manners(standard, measure, view)
        case SkilledAgentAnswers() | FirstAnswererAnswers() | KindRecorded() as measure:
            return _answerer(measure, view)
        case TransferAnnounced() | TransferCompleted() as measure:
            return _transfer(standard, measure, view)
        case CustomerVerified():
            return found().moot("call.not_kept")
        case None:
            return found().moot("not_measurable")
        case other:
            return _not_kept(other)


def _manners(
    standard: Standard, measure: IdentityAnnounced | ClosingSaid | CustomerHangsUpFirst, view: CallView
) -> Judgement:
    match measure:
        case IdentityAnnounced():
            return identity_announced(standard, measure, view)
        case ClosingSaid():
            return closing_said(standard, measure, view)
        case CustomerHangsUpFirst():
            return customer_hangs_up_first(standard, view)


def _answerer(measure: SkilledAgentAnswers | FirstAnswererAnswers | KindRecorded, view: CallView) -> Judgement:
    match measure:
        case KindRecorded():
            return kind_recorded(measure, view)
        case SkilledAgentAnswers():
            return skilled_agent_answers(view)
        case FirstAnswererAnswers():
            return first_answerer_answers(measure, view)


def _transfer(standard: Standard, measure: TransferAnnounced | TransferCompleted, view: CallView) -> Judgement:
    match measure:
        case TransferAnnounced():
            return transfer_announced(standard, measure, view)
        case TransferCompleted():
            return transfer_completed(standard, view)


def _not_kept(_measure: OtherMeasure) -> Judgement:
    """Measures of what is no call; where one is applied to calls, its record is not kept yet."""
    return found().moot("call.not_kept")


def judge_call(charter: Charter, version: int, view: CallView) -> Iterator[Judged]:
    """Judge a call by every standard of a version that is about it; raises `UnknownCharter`."""
    for standard in charter.standards(version):
        if not concerns(standard, view):
            continue
        if standard.scope == "call":
            yield Judged(standard, view.subject, judge(standard, view))
        elif standard.scope == "offer":
            for offer in view.offers:
                yield Judged(standard, offer.id, judge(standard, view.of(offer)))
        elif standard.scope == "transfer":
            for transfer in view.transfers:
                yield Judged(standard, transfer.id, judge(standard, view.passing(transfer)))


def concerns(standard: Standard, view: CallView) -> bool:
    """Is the standard about calls like this one? What it leaves empty does not narrow."""
    applies = standard.applies
    by_phone = not applies.channels or "phone" in applies.channels
    return by_phone and (not applies.directions or view.direction in applies.directions)


def repeat_days(charter: Charter) -> int:
    """For how many days after a call a later one of the same number may change a verdict of it; 0 for never."""
    days = [
        standard.measure.repeat_days for standard in charter.all if isinstance(standard.measure, FirstAnswererAnswers)
    ]
    return max(days, default=0)
