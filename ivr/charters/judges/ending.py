"""A talk that was ended by us: which exemption its facts prove, if any."""

from dataclasses import dataclass

from ivr.calls.facts import Told
from ivr.charters.terms import Exemption
from ivr.charters.view import CallView, OfferView
from ivr.conduct.reading import ENDING_ASKED, Cause, entered, heard, is_lawful


@dataclass(frozen=True, slots=True)
class LawfulEnding:
    """An exemption with the facts that prove it; `asked` is the fact in which the ending was asked for."""

    exemption: Exemption
    asked: Told
    facts: tuple[Told, ...]


def ended_lawfully(view: CallView, offer: OfferView) -> LawfulEnding | None:
    """The exemption of an ending that was asked for in this talk, and carried out or begun; None without its proof."""
    for asked in view.told(ENDING_ASKED):
        if asked.leg == offer.id and is_lawful(view.facts, asked):
            cause = Cause(str(asked.detail["cause"]))
            exemption: Exemption = "time_cap" if cause is Cause.TIME_CAP else "abuse_ended_after_warning"
            begun = entered(view.facts, offer.id)
            proof = (*heard(view.facts, cause, before=asked.received_at), asked)
            return LawfulEnding(exemption, asked, (begun, *proof) if begun else proof)
    return None
