"""Defects in rules that quick tests hold: doubt, scopes, quotas, hours, bans, verdicts, holds, bills, signatures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from sqlalchemy import literal

from ivr.billing.noting import Stored
from ivr.calls.rings import Reading
from ivr.consents.rules import RULES
from ivr.consents.wishes import Exclusion
from tests.mutations.putting import Defect, in_tests, wrapped

# What stands there before: a function of any kind.
Rule = Callable[..., Any]
A_MINUTE = timedelta(minutes=1)
BANS = {Exclusion.SUPPRESSED, Exclusion.SUPPRESSED_HERE, Exclusion.SUPPRESSED_CAMPAIGN}


def _in_no_doubt(job_of: Rule, *given: object, **named: object) -> Any:
    return replace(job_of(*given, **named), in_doubt=False)


def _whoever_asks(*_given: object) -> None:
    """Stands in the place of the end of a request for a row of another line."""


def _places_taken_twice(take_all: Rule, *given: object) -> Any:
    take_all(*given)
    return take_all(*given)


def _unheld(stored: Rule, *given: object) -> Mapping[object, Stored]:
    return {source: Stored(held.rows, {}) for source, held in stored(*given).items()}


def _rounded_to_a_pass(read: Rule, *given: object) -> Reading:
    reading = read(*given)
    return Reading.MET if reading is Reading.INDETERMINATE else reading


def _nothing_billed(billed_for: Rule, *given: object) -> Any:
    return {place: type(amounts)(amounts.default_factory) for place, amounts in billed_for(*given).items()}


OF_RULES: Sequence[Defect] = (
    Defect(
        "an order in doubt is given again without looking",
        [("workers.keeping:Keeper._job", wrapped(_in_no_doubt))],
        in_tests("tests/workers/test_keeper.py", "-k", "twice and sqlite"),
    ),
    Defect(
        "a row of another institution is shown to whoever knows its id",
        [("console.finding:abort", _whoever_asks)],
        in_tests("tests/console/test_lines_apart.py", "-k", "as_if_they_were_not_there"),
    ),
    Defect(
        "a place in a quota is counted twice",
        [("ivr.campaigns.quotas:take_all", wrapped(_places_taken_twice))],
        in_tests("tests/workers/test_dialler.py", "-k", "full_quota and sqlite"),
    ),
    Defect(
        "a place in a quota is not counted",
        [("ivr.campaigns.quotas:take_all", lambda _session, _campaign, groups: [True] * len(groups))],
        in_tests("tests/workers/test_dialler.py", "-k", "full_quota and sqlite"),
    ),
    Defect(
        "the firm's last call of the month is not the last",
        [("ivr.campaigns.money:_left", wrapped(lambda left, *given: left(*given) + 1))],
        in_tests("tests/workers/test_dialler.py", "-k", "last_call and sqlite"),
    ),
    Defect(
        "the night begins a moment after 21:00",
        [("ivr.lines.daytime:ENDS", time(21, 0, 0, 1))],
        in_tests("tests/unit/consents/test_contact.py", "-k", "night_begins and sqlite"),
    ),
    Defect(
        "a number that is suppressed is rung",
        [("ivr.consents.contact:RULES", tuple(rule for rule in RULES if rule.why not in BANS))],
        in_tests("tests/unit/consents/test_contact.py", "-k", "suppressed_number and sqlite"),
    ),
    Defect(
        "a call that is told twice is billed twice",
        [("ivr.billing.noting:_stored", wrapped(_unheld))],
        in_tests("tests/unit/billing/test_noting.py", "-k", "counts_once_and_what_is_told_later and sqlite"),
    ),
    Defect(
        "what a closed month has billed is billed again in the next",
        [("ivr.billing.drawing:billed_for", wrapped(_nothing_billed))],
        in_tests("tests/unit/billing/test_statements.py", "-k", "on_the_next_statement_as_late and sqlite"),
    ),
    Defect(
        "a limit of the charter is a minute longer than promised",
        [("ivr.deadlines:WorkingTime.due", wrapped(lambda due, *given: due(*given) + A_MINUTE))],
        in_tests("tests/unit/test_deadlines.py", "-k", "paper_calendar"),
    ),
    Defect(
        "a ring time that is not certain is rounded to a pass",
        [("ivr.calls.rings:RingTime.read", wrapped(_rounded_to_a_pass))],
        in_tests("tests/unit/calls/test_rings.py", "-k", "straddles"),
    ),
    Defect(
        "what is held for a court is erased when its time is over",
        [("ivr.keeping.due:_held", lambda _columns: literal(value=False))],
        in_tests("tests/unit/keeping/test_erasing.py", "-k", "nothing_of_what_is_held"),
    ),
    Defect(
        "a request with a wrong signature is believed",
        [("webhooks.edge:verify", lambda _received, _tokens: True)],
        in_tests("tests/http/test_edge.py", "-k", "wrong_signature"),
    ),
    Defect(
        "whoever is rung while the web is away hears nothing",
        [("commands.world:ordered_fallback", lambda _fallback_url: "")],
        in_tests("tests/phone/test_web_away.py", "-k", "caller_gets_the_next and sqlite"),
    ),
    Defect(
        "whoever picks up while nothing of ours answers is told to have declined",
        [("ivr.calls.legs:Leg.went_unserved", property(lambda _leg: False))],
        in_tests("tests/phone/test_web_away.py", "-k", "caller_gets_the_next and sqlite"),
    ),
    Defect(
        "nobody looks whether the caller came into the room",
        [("ivr.calls.following:ROOM_ENTERED_WITHIN", timedelta(days=1))],
        in_tests("tests/phone/test_web_away.py", "-k", "who_never_came and sqlite"),
    ),
    Defect(
        "a telephone that is known by its first events alone is not asked after",
        [("workers.dialled:follow_known", lambda _job, _attempt: None)],
        in_tests("tests/phone/test_dialling_faults.py", "-k", "first_events"),
    ),
    Defect(
        "telephone numbers are written into log lines",
        [("ivr.numbers:mask_numbers", lambda text: text)],
        in_tests("tests/unit/test_numbers.py", "-k", "starred_where_they_stand"),
    ),
)
