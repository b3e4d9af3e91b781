"""Was the caller told who comes next, before being connected (T10), and did the caller arrive there (K6)?"""

from ivr.charters.judges.judgement import Found, Judgement, found
from ivr.charters.measures.calls import TransferAnnounced
from ivr.charters.model import Standard
from ivr.charters.view import CallView
from ivr.charters.view_transfers import TransferView
from ivr.transfers.rows import TransferOutcome


def transfer_announced(standard: Standard, measure: TransferAnnounced, view: CallView) -> Judgement:
    """All parts were in the words as told, and they were heard to their end before anybody else could be heard."""
    transfer = view.passed
    evidence = _evidence(view, transfer)
    if transfer.told is None:
        if transfer.joined is not None:
            return evidence.missed("transfer.silent")
        if transfer.outcome is TransferOutcome.GONE:
            return evidence.excused(standard, "caller_gone", otherwise="transfer.cut")
        return evidence.moot("transfer.stayed")
    missing = tuple(part for part in measure.parts if part not in transfer.parts)
    if missing:
        return evidence.missed("transfer.incomplete", parts=missing)
    if transfer.heard is None:
        return _cut(standard, evidence, view)
    return evidence.met("transfer.told", parts=tuple(measure.parts))


def _cut(standard: Standard, evidence: Found, view: CallView) -> Judgement:
    """The words were not heard to their end, as far as is known: the caller left, or the line broke."""
    if view.caller.ended is not None and view.caller.ended.detail.get("status") == "failed":
        return evidence.excused(standard, "network_failure", otherwise="transfer.cut")
    if view.gone is None:
        return evidence.unknown("transfer.cut")
    return evidence.excused(standard, "caller_gone", otherwise="transfer.cut")


def transfer_completed(standard: Standard, view: CallView) -> Judgement:
    """The caller met the officer. One who came back, to the first agent or the team, was not connected.

    A consultation that the first agent ended to answer in person is no connection that failed.
    """
    transfer = view.passed
    evidence = _evidence(view, transfer)
    if transfer.joined is not None:
        return evidence.met("transfer.completed")
    match transfer.outcome:
        case TransferOutcome.CANCELLED:
            return evidence.moot("transfer.answered_itself")
        case TransferOutcome.GONE:
            return evidence.excused(standard, "caller_gone", otherwise="transfer.caller_gone")
        case TransferOutcome.RETURNED if _has_failed(view, transfer):
            return evidence.excused(standard, "network_failure", otherwise="transfer.network")
        case TransferOutcome.RETURNED:
            return evidence.missed("transfer.returned")
        case _:
            return evidence.unknown("transfer.unclear")


def _has_failed(view: CallView, transfer: TransferView) -> bool:
    return any(offer.id == transfer.to_offer and offer.has_failed for offer in view.offers)


def _evidence(view: CallView, transfer: TransferView) -> Found:
    offers = (transfer.from_offer, *((transfer.to_offer,) if transfer.to_offer else ()))
    gone = view.gone if transfer.joined is None and transfer.outcome is TransferOutcome.GONE else None
    return found(*offers, facts=(transfer.told, transfer.heard, transfer.joined, gone))
