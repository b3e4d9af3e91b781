"""The promises to judge: a call when it has ended and when more is told, and what is owed whenever it changes."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from typing import cast

from config.files import CHARTERS, read_folder
from ivr.calls.facts import Told, tell
from ivr.calls.legs import Leg, LegState
from ivr.calls.rows import Call
from ivr.calls.steps import CALLER
from ivr.campaigns.rows import Dial
from ivr.charters.judging import repeat_days
from ivr.charters.judging_owed import judges_dials
from ivr.charters.model import UnknownCharter
from ivr.charters.owing import OwedScope, promise_judging, promise_look
from ivr.charters.reading import load_charters
from ivr.charters.reading_calls import earlier_calls, views_of
from ivr.charters.reasons import FOLDER, load_reasons
from ivr.charters.verdicts import Rules, judge_views, lock_calls
from ivr.charters.verdicts_owed import Matters, Outcome, judge_matters, line_of
from ivr.charters.view import CallView
from ivr.lines.model import Line
from ivr.promises import Promise, promise_all
from workers import figures
from workers.job import Job, Later

# Events that are still missing mostly come within a minute; what never came by half an hour is lost.
FIRST_LOOK_AGAIN = timedelta(minutes=1)
LOOKS = 6
LIMIT_PASSED = "limit-passed"


@lru_cache(maxsize=1)
def installed_rules() -> Rules:
    """The charters and reasons of the installation, read once a process; raises `BadData`."""
    reasons = read_folder(CHARTERS / FOLDER)["ko.toml"]
    return Rules(load_charters(read_folder(CHARTERS)), load_reasons(reasons))


def judge(job: Job) -> Later | None:
    """Judge one call, with its rows of figures; the calls of the same number before it are promised their own look.

    While events of its legs are missing, it is looked at again after 1, 2, 4, 8 and 16 minutes.
    """
    call = job.session.get(Call, job.text("call"))
    if call is None or call.ended_at is None:
        return None
    line = job.line(call.line)
    lock_calls(job.session, [call.id])
    # Read once, for verdicts, figures and the question whether all is told.
    views = views_of(job.session, [call.id], line=line, repeat_days=_repeat_days(line))
    judge_views(job.session, views, line=line, rules=installed_rules())
    if "repeated_by" not in job.args:
        _judge_earlier(job, call)
    is_done = job.attempts >= LOOKS or _is_complete(views)
    # Last, since all calls of a day take turns at the promise of its sums.
    figures.keep(job, views)
    return None if is_done else Later(job.at + FIRST_LOOK_AGAIN * 2 ** (job.attempts - 1))


def judge_owed(job: Job) -> None:
    """Judge one callback, document, case, outgoing call or dial; looks again when time alone changes what is found.

    That a limit passed without anything being done is told as a fact, so that verdicts need no clock.
    """
    scope, id = cast(OwedScope, job.text("scope")), job.text("id")
    line = line_of(job.session, scope, id)
    if line is None:
        return
    matters, time, rules = Matters(scope, [id]), job.working_time(line), installed_rules()
    outcome = judge_matters(job.session, matters, time=time, rules=rules)
    if outcome.until is not None and outcome.until <= job.at:
        passed = Told(id, f"{LIMIT_PASSED}:{outcome.until.isoformat()}", LIMIT_PASSED, scope, job.at)
        tell(job.session.connection(), passed)
        outcome = judge_matters(job.session, matters, time=time, rules=rules)
    for at in _looks(outcome, job.at):
        promise_look(job.session, scope, id, at=at)


def promise_survey(job: Job, dial_id: str) -> None:
    """Have a dial that is over judged, where its line's charter promises something of a campaign's calls."""
    dial = job.session.get(Dial, dial_id)
    with suppress(UnknownCharter):
        if dial is not None and judges_dials(installed_rules().charters.of(dial.line)):
            promise_judging(job.session, "survey", dial_id, at=job.at)


def _looks(outcome: Outcome, at: datetime) -> Iterator[datetime]:
    """When to look again: as a limit passes, and after ever longer pauses for a text that is on its way."""
    if outcome.until is not None and outcome.until > at:
        yield outcome.until
        if outcome.texted_at is not None:
            yield min(outcome.until, at + max(FIRST_LOOK_AGAIN, at - outcome.texted_at))


def _judge_earlier(job: Job, call: Call) -> None:
    """A repeated call tells something of the earlier ones: that they did not settle the matter (promise T9)."""
    days = _repeat_days(job.line(call.line))
    promise_all(
        job.session,
        [
            Promise("judge", f"judge:{earlier}:{call.id}", job.at, {"call": earlier, "repeated_by": call.id})
            for earlier in earlier_calls(job.session, call.id, days)
        ],
    )


def _repeat_days(line: Line) -> int:
    """For how many days a later call of the same number may change what is said of one."""
    days = line.figures.repeat_days
    with suppress(UnknownCharter):
        days = max(days, repeat_days(installed_rules().charters.of(line.id)))
    return days


def _is_complete(views: Sequence[CallView]) -> bool:
    """Whether every leg that began has been told of to its end."""
    legs = [view.caller for view in views] + [offer.leg for view in views for offer in view.offers]
    return all(_is_told(leg) for leg in legs)


def _is_told(leg: Leg) -> bool:
    """One that began has ended, and one that an event or a document says was picked up has told when and since when."""
    if leg.state is LegState.UNTOLD:
        return True
    picked_up = leg.pick_up is not None and leg.name != CALLER
    return leg.ended is not None and not (picked_up and (leg.ringing is None or leg.answered is None))
