"""The reasons of judgements in the citizens' language: words from a file, checked for completeness."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from ivr.charters.judges.judgement import Reason
from ivr.charters.measures.calls import ClosingSaid, IdentityAnnounced, TransferAnnounced
from ivr.charters.reasons_centre import CENTRE_REASONS
from ivr.charters.reasons_owed import OWED_PARTS, OWED_REASONS
from ivr.charters.terms import Exemption
from ivr.faults import Fault, refuse_errors
from ivr.messages.fields import BadText, fields_of, fill

Document = Mapping[str, object]
FOLDER = "reasons"
PARTS = "parts"
TIMES = frozenset({"seconds", "limit"})
DAYS = frozenset({"first", "last"})
SURVEYS = DAYS | {"held"}
SHARES = DAYS | {f"{when}{name}" for when in ("", "before_") for name in ("share", "counted", "base")}
# How it is known that something was said: ticked by the agent, heard, spoken by the system, found by a reviewer.
EVIDENCE = ("ticked", "heard", "spoken", "clip", "reviewed")

REASONS: Mapping[str, frozenset[str]] = {
    "exempt": frozenset({"exemption"}),
    "not_measurable": frozenset(),
    "call.not_answered": frozenset(),
    "call.not_kept": frozenset(),
    "ring.met": TIMES,
    "ring.late": TIMES,
    "ring.straddles": TIMES | {"uncertainty"},
    "ring.unmeasured": frozenset(),
    "ring.unanswered": frozenset({"limit"}),
    "ring.turned_down": frozenset(),
    "ring.not_rung": frozenset(),
    "ring.stopped": frozenset({"limit"}),
    "ring.caller_gone": frozenset(),
    "ring.network": frozenset(),
    "ring.consult": frozenset(),
    "identity.system": frozenset({"parts"}),
    "identity.clip": frozenset({"parts"}),
    "identity.incomplete": frozenset({"parts"}),
    "identity.silent": frozenset(),
    "identity.cut": frozenset(),
    "identity.older_wording": frozenset(),
    "identity.met": frozenset({"parts", "kinds"}),
    "identity.needs_review": frozenset({"parts"}),
    "identity.reviewed": frozenset({"parts"}),
    "closing.met": frozenset({"parts", "kinds"}),
    "closing.missed": frozenset({"parts"}),
    "closing.unheard": frozenset({"parts"}),
    "closing.not_on_record": frozenset({"parts"}),
    "closing.cut": frozenset(),
    "closing.network": frozenset(),
    "closing.passed_on": frozenset(),
    "closing.ended": frozenset(),
    "last.passed_on": frozenset(),
    "last.unwarned": frozenset(),
    "last.ended": frozenset(),
    "last.dead": frozenset(),
    "last.customer": frozenset(),
    "last.agent": frozenset(),
    "last.unknown": frozenset(),
    "last.system": frozenset(),
    "skilled.met": frozenset(),
    "skilled.missed": frozenset(),
    "skilled.no_choice": frozenset(),
    "transfer.told": frozenset({"parts"}),
    "transfer.incomplete": frozenset({"parts"}),
    "transfer.silent": frozenset(),
    "transfer.cut": frozenset(),
    "transfer.stayed": frozenset(),
    "transfer.completed": frozenset(),
    "transfer.returned": frozenset(),
    "transfer.answered_itself": frozenset(),
    "transfer.caller_gone": frozenset(),
    "transfer.network": frozenset(),
    "transfer.unclear": frozenset(),
    "first.met": frozenset({"days"}),
    "first.passed_on": frozenset(),
    "first.callback": frozenset(),
    "first.repeated": frozenset({"days"}),
    "first.unclear": frozenset({"days"}),
    "first.withheld": frozenset({"days"}),
    "period.survey_met": SURVEYS | {"times"},
    "period.survey_met_each": SURVEYS | {"times", "periods"},
    "period.survey_missed": SURVEYS | {"times"},
    "period.survey_running": SURVEYS,
    "period.survey_unrecorded": SURVEYS,
    "period.survey_elsewhere": SURVEYS,
    **CENTRE_REASONS,
    "period.share_met": SHARES,
    "period.share_missed": SHARES,
    "period.share_whole": frozenset({"base"}),
    "period.share_running": frozenset(),
    "period.share_empty": frozenset(),
    "period.share_no_earlier": DAYS,
    "period.share_unrecorded": DAYS | {"since"},
    **OWED_REASONS,
}
"""Every reason that a judge may give, and the fields that it fills."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """The words of every reason, and the names of the parts and of the kinds of evidence that it may name."""

    words: Mapping[str, str]
    parts: Mapping[str, str]

    def say(self, reason: Reason, exemptions: Mapping[Exemption, str]) -> str:
        """Word a reason; an exemption is named in the words of its charter."""
        values: dict[str, str | int] = {}
        for name, value in reason.values.items():
            if isinstance(value, tuple):
                values[name] = ", ".join(self.parts[part] for part in value)
            elif name == "exemption":
                values[name] = next(words for exemption, words in exemptions.items() if exemption == value)
            else:
                values[name] = value
        return fill(self.words[reason.id], values)


def load_reasons(document: Document, file: str = "ko.toml") -> Reasons:
    """Read the file of reasons; raises `BadData` with every fault of it."""
    texts = dict(_leaves({name: part for name, part in document.items() if name not in {"language", PARTS}}))
    parts = dict(_leaves(_table(document.get(PARTS))))
    refuse_errors([*_faults_of_words(texts, file), *_faults_of_parts(parts, file)])
    return Reasons(texts, parts)


def _table(part: object) -> Mapping[str, object]:
    return part if isinstance(part, Mapping) else {}


def _leaves(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for name, part in table.items():
        if isinstance(part, Mapping):
            yield from _leaves(part, f"{above}{name}.")
        else:
            yield above + name, str(part)


def _faults_of_words(texts: Mapping[str, str], file: str) -> Iterator[Fault]:
    for id in REASONS.keys() - texts.keys():
        yield Fault(file, id, "is missing: a judge gives this reason")
    for id in texts.keys() - REASONS.keys():
        yield Fault(file, id, "is given by no judge: remove it or correct the id")
    for id in REASONS.keys() & texts.keys():
        try:
            fields = fields_of(texts[id])
        except BadText as error:
            yield Fault(file, id, str(error))
            continue
        if fields != REASONS[id]:
            known = ", ".join(sorted(REASONS[id])) or "none"
            yield Fault(file, id, f"must have exactly these fields: {known}")


def _faults_of_parts(parts: Mapping[str, str], file: str) -> Iterator[Fault]:
    names = {*EVIDENCE, *OWED_PARTS}
    for measure in (IdentityAnnounced, ClosingSaid, TransferAnnounced):
        item = measure.model_fields["parts"].annotation
        names |= {name for inner in get_args(item) for name in get_args(inner)}
    for name in sorted(names - parts.keys()):
        yield Fault(file, f"{PARTS}.{name}", "is missing: a reason may name this part")
    for name in sorted(parts.keys() - names):
        yield Fault(file, f"{PARTS}.{name}", "is no part that a reason names: remove it or correct the name")
