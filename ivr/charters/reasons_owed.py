"""The reasons that judges give about callbacks, papers, cases, outgoing calls and surveys, and what fills them."""

from collections.abc import Mapping
from typing import get_args

from ivr.callbacks.slipping import LateReason
from ivr.charters.judges.calling_back import NO_REASON, NOT_TRIED
from ivr.charters.measures.callbacks import MemoComplete
from ivr.charters.measures.cases import CaseRecorded
from ivr.charters.terms import Exemption, IntakeKind, OpinionKind, RequestKind, SurveyKind
from ivr.consents.rows import Purpose

# When it was done, and when it was due, for each thing with a limit of its own.
ANSWERED = frozenset({"done", "due"})
LIMIT = frozenset({"used", "calls"})
TIMED = ("answer", "acknowledged", "review", "apology", "result")

OWED_REASONS: Mapping[str, frozenset[str]] = {
    "owed.running": frozenset({"due"}),
    "owed.unfinished": frozenset(),
    "owed.on_its_way": frozenset(),
    "owed.unnamed": frozenset({"excuse"}),
    "callback.met": ANSWERED | {"first"},
    "callback.met_otherwise": ANSWERED | {"first"},
    "callback.late": ANSWERED | {"first", "why"},
    "callback.unanswered": frozenset({"due", "first", "why"}),
    "officer.open": frozenset(),
    "officer.met": frozenset(),
    "officer.colleague": frozenset(),
    "officer.missed": frozenset(),
    "memo.none": frozenset(),
    "memo.met": frozenset({"parts"}),
    "memo.explained": frozenset({"parts"}),
    "memo.missed": frozenset({"parts"}),
    "why.asked": frozenset(),
    "why.met": frozenset(),
    "why.missed": frozenset(),
    "booking.none": frozenset(),
    "booking.met": frozenset(),
    "booking.missed": frozenset(),
    "booking.otherwise": frozenset(),
    "slip.none": frozenset(),
    "slip.met": frozenset({"told", "until"}),
    "slip.late": frozenset({"due"}),
    "slip.missed": frozenset({"due"}),
    "receipt.met": ANSWERED,
    "receipt.late": ANSWERED,
    "receipt.missed": frozenset({"due"}),
    "officer_text.met": ANSWERED | {"parts"},
    "officer_text.met_untimed": frozenset(),
    "officer_text.late": ANSWERED,
    "officer_text.incomplete": frozenset(),
    "officer_text.missed": frozenset(),
    "lack.none": frozenset(),
    "lack.met": frozenset(),
    "lack.by_text": frozenset(),
    "lack.missed": frozenset(),
    **{f"{what}.{how}": ANSWERED for what in TIMED for how in ("met", "late")},
    **{f"{what}.missed": frozenset({"due"}) for what in TIMED},
    "answer.no_date": frozenset(),
    "answer.no_date_told": frozenset(),
    "answer.directed": ANSWERED | {"told"},
    "answer.direction_broken": frozenset({"told", "due"}),
    "apology.met_early": frozenset({"done"}),
    "apology.met_before": frozenset({"done"}),
    "apology.missing": frozenset(),
    "apology.no_fault": frozenset(),
    "apology.unconfirmed": frozenset(),
    "result.met_at_once": frozenset({"done"}),
    "result.met_before": frozenset({"done"}),
    "result.missing": frozenset(),
    "result.none": frozenset(),
    "result.open": frozenset(),
    "record.met": frozenset({"parts"}),
    "record.missed": frozenset({"parts"}),
    "kind.met": frozenset({"parts"}),
    "kind.not_chosen": frozenset(),
    "kind.other": frozenset({"parts"}),
    "handler.met": frozenset({"done"}),
    "handler.missed": frozenset(),
    "rating.met": frozenset({"done"}),
    "rating.missed": frozenset(),
    "rating.no_answer": frozenset(),
    "outbound.greeted": frozenset({"parts"}),
    "outbound.not_answered": frozenset(),
    "verified.met": frozenset(),
    "verified.kept_out": frozenset(),
    "verified.missed": frozenset(),
    "survey.happy_call": frozenset(),
    "survey.no_happy_call": frozenset(),
    "survey.ordered": frozenset(),
    "survey.not_ordered": frozenset(),
    "survey.no_firm": frozenset(),
    "survey.in_limit": LIMIT,
    "survey.over_limit": LIMIT,
    "survey.at_limit": LIMIT | {"held"},
    "survey.billed": frozenset(),
    "survey.billed_incomplete": frozenset(),
    "survey.unbilled": frozenset(),
    "survey.not_billed": frozenset(),
    "survey.surplus": frozenset(),
    "survey.free_kind": frozenset(),
    "survey.no_bill": frozenset(),
    "survey.bill_open": frozenset(),
    "survey.declared": frozenset({"parts"}),
    "survey.other_kind": frozenset(),
    "survey.no_advertisement": frozenset({"parts"}),
    "survey.agreed": frozenset({"parts"}),
    "survey.never": frozenset({"parts"}),
    "survey.withdrawn": frozenset({"parts"}),
    "survey.expired": frozenset({"parts"}),
    "survey.free": frozenset(),
    "survey.charged": frozenset(),
}

OWED_PARTS: frozenset[str] = frozenset(
    {
        *(NOT_TRIED, NO_REASON),
        *LateReason,
        *Purpose,
        *get_args(Exemption),
        *(kind for kinds in (OpinionKind, RequestKind, IntakeKind, SurveyKind) for kind in get_args(kinds)),
        *(
            name
            for measure in (MemoComplete, CaseRecorded)
            for inner in get_args(measure.model_fields["parts"].annotation)
            for name in get_args(inner)
        ),
    }
)
"""What a reason may name: why it was late, what excuses, what a case or survey is, a purpose, the parts of memos."""
