"""Papers: the notice that they came (D11), who is in charge (D2), and what is missing of them (D12)."""

from collections.abc import Sequence
from datetime import datetime

from ivr.charters.judges.judgement import Judgement
from ivr.charters.judges.timing import Kept, Slipped, clock, evidence_of, excused, timing, took
from ivr.charters.measures.callbacks import DeficiencyExplained, OfficerTexted, ReceiptSentWithin
from ivr.charters.model import Standard
from ivr.charters.view_document import DocumentView
from ivr.charters.view_owed import Standing, Telling

SMS = "sms"


def receipt_sent_within(standard: Standard, measure: ReceiptSentWithin, view: DocumentView) -> Judgement:
    """The notice went out within the limit after somebody saw the papers, by one of the ways named."""
    if standard.basis is None:
        raise ValueError(f"{standard.id}: a limit needs a time basis, the check of charters sees to that")
    due = view.time.due(view.noted_at, measure.within, standard.basis)
    by_way = [one for one in view.receipts if one.by in measure.by]
    match timing(standard, view, due=due, tellings=by_way):
        case Kept(done, due):
            return took(view, done).met("receipt.met", done=clock(done.at), due=clock(due))
        case Slipped(done, due):
            if done is None:
                return evidence_of(view, *(one.fact for one in view.receipts)).missed("receipt.missed", due=clock(due))
            return took(view, done).missed("receipt.late", done=clock(done.at), due=clock(due))
        case judgement:
            return judgement


def officer_texted(standard: Standard, measure: OfficerTexted, view: DocumentView) -> Judgement:
    """A text told all parts of the officer, within the limit where there is one, else before all was settled."""
    due = _due(standard, measure, view)
    if not view.takes_texts and view.no_contact is None:
        return _cannot_take_texts(standard, view)
    texts = [one for one in view.officers if one.by == SMS]
    whole = [one for one in texts if set(measure.parts) <= set(str(one.fact.detail.get("parts", "")).split(","))]
    if due is None:
        return _without_limit(view, whole, missed="officer_text.missed", met="officer_text.met_untimed")
    match timing(standard, view, due=due, tellings=whole):
        case Kept(done, due):
            parts = tuple(measure.parts)
            return took(view, done).met("officer_text.met", parts=parts, done=clock(done.at), due=clock(due))
        case Slipped(done, due):
            evidence = took(view, done, *(one.fact for one in texts))
            if done is not None:
                return evidence.missed("officer_text.late", done=clock(done.at), due=clock(due))
            reason = "officer_text.incomplete" if texts and not whole else "officer_text.missed"
            return evidence.missed(reason)
        case judgement:
            return judgement


def _due(standard: Standard, measure: OfficerTexted, view: DocumentView) -> datetime | None:
    if measure.within is None or standard.basis is None:
        return None
    return view.time.due(view.came_at, measure.within, standard.basis)


def _cannot_take_texts(standard: Standard, view: DocumentView) -> Judgement:
    """A sender with a fixed telephone left no address for a text, and was told by voice."""
    told = [one.fact for one in view.officers]
    return excused(standard, view, "no_contact", facts=told)


def _without_limit(view: DocumentView, done: Sequence[Telling], *, met: str, missed: str) -> Judgement:
    reached = next((one for one in done if one.standing is Standing.REACHED), None)
    if reached is not None:
        return took(view, reached).met(met)
    return evidence_of(view).missed(missed) if view.is_over else evidence_of(view).open(None, "owed.unfinished")


def deficiency_explained(standard: Standard, measure: DeficiencyExplained, view: DocumentView) -> Judgement:
    """Each time that papers were missing, it was explained by one of the ways named; a text alone is none."""
    if not view.lacks:
        return evidence_of(view).moot("lack.none")
    rounds = range(1, len(view.lacks) + 1)
    told = {number: _explanations(view, number, measure) for number in rounds}
    evidence = evidence_of(view, *view.lacks, *(one.fact for several in told.values() for one in several))
    if all(any(one.standing is Standing.REACHED for one in several) for several in told.values()):
        return evidence.met("lack.met")
    if view.withdrawn is not None:
        return excused(standard, view, "withdrawn", facts=(view.withdrawn,))
    if view.no_contact is not None:
        return excused(standard, view, "no_contact", facts=(view.no_contact,))
    if not view.is_over:
        looks = [one.look_again_at for several in told.values() for one in several if one.look_again_at]
        return evidence.open(min(looks, default=None), "owed.unfinished")
    untold = {number for number, several in told.items() if not several}
    only_by_text = any(one.fact.detail.get("round") in untold for one in view.explained)
    return evidence.missed("lack.by_text" if only_by_text else "lack.missed")


def _explanations(view: DocumentView, number: int, measure: DeficiencyExplained) -> list[Telling]:
    return [one for one in view.explained if one.fact.detail.get("round") == number and one.by in measure.by]
