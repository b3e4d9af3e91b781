"""Was it done in time, and if not, what excuses that: the same for callbacks, papers and cases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.calls.facts import Told
from ivr.charters.judges.judgement import Found, Judgement, found
from ivr.charters.model import Standard
from ivr.charters.terms import Exemption
from ivr.charters.view_owed import OwedView, Standing, Telling, moment
from ivr.lines.hours import SEOUL

ON_ITS_WAY = "owed.on_its_way"
"""The reason of what waits for a text to arrive."""


@dataclass(frozen=True, slots=True)
class Kept:
    """It was done before it was due."""

    done: Telling
    due: datetime


@dataclass(frozen=True, slots=True)
class Slipped:
    """It was done too late, or (`done` None) not at all, and nothing excuses that."""

    done: Telling | None
    due: datetime


Timing = Kept | Slipped | Judgement
"""A judgement where time does not decide: excused, or not decided yet."""


@dataclass(frozen=True, slots=True)
class _Excuse:
    """What may excuse a slip; `until` is when it has to be done all the same, None for never."""

    exemption: Exemption
    facts: tuple[Told, ...]
    until: datetime | None = None


def timing(standard: Standard, view: OwedView, *, due: datetime, tellings: Sequence[Telling]) -> Timing:
    """Whether one of `tellings` reached the customer before `due`, or what excuses that none did."""
    done = next((one for one in tellings if one.standing is Standing.REACHED), None)
    if done is not None and done.at < due:
        return Kept(done, due)
    on_its_way = next((one for one in tellings if one.standing is Standing.OPEN and one.at < due), None)
    if on_its_way is not None:
        return evidence_of(view, on_its_way.fact).open(on_its_way.look_again_at, ON_ITS_WAY)
    if done is None and view.horizon < due and not view.is_over:
        return running(view, due)
    return _excused(standard, view, due, done) or Slipped(done, due)


def running(view: OwedView, due: datetime) -> Judgement:
    """It is not over yet, and nobody knows how it will end."""
    return evidence_of(view).open(due, "owed.running", due=clock(due))


def evidence_of(view: OwedView, *facts: Told | None) -> Found:
    """The matter itself, and the facts that there are."""
    return found(view.id, facts=facts)


def took(view: OwedView, done: Telling | None, *facts: Told | None) -> Found:
    """The same with the time that it took, in milliseconds."""
    if done is None:
        return evidence_of(view, *facts)
    took_ms = round((done.at - view.came_at) / timedelta(milliseconds=1))
    return Found(evidence_of(view, done.fact, *facts).evidence, max(took_ms, 0))


def clock(at: datetime) -> str:
    """A moment in local time, as reasons write it: 2026-11-23 14:30."""
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M}"


def excused(standard: Standard, view: OwedView, exemption: Exemption, *, facts: Iterable[Told]) -> Judgement:
    """Exempt where the charter names it; what a charter does not name leaves it undecided."""
    evidence = evidence_of(view, *facts)
    if exemption in standard.exemptions:
        return evidence.excused(standard, exemption, otherwise="owed.unnamed")
    return evidence.unknown("owed.unnamed", excuse=(exemption,))


def _excused(standard: Standard, view: OwedView, due: datetime, done: Telling | None) -> Judgement | None:
    """The first excuse that the facts prove; one that only delays counts until its own time is over."""
    for excuse in _excuses(view, due):
        if excuse.until is None or (done is not None and done.at < excuse.until):
            return excused(standard, view, excuse.exemption, facts=excuse.facts)
        if done is None and view.horizon < excuse.until and not view.is_over:
            return running(view, excuse.until)
    return None


def _excuses(view: OwedView, due: datetime) -> Iterable[_Excuse]:
    """What was on record before it was due."""
    if view.is_test:
        yield _Excuse("test_call", ())
    if view.withdrawn is not None and moment(view.withdrawn) < due:
        yield _Excuse("withdrawn", (view.withdrawn,))
    if view.no_contact is not None:
        yield _Excuse("no_contact", (view.no_contact,))
    chosen = view.chosen_later(due)
    if chosen is not None:
        yield _Excuse("customer_chose_later", (chosen[0],), chosen[1])
    pauses = [pause for pause in view.pauses if moment(pause.began) < due]
    if pauses:
        ended = [pause.ended for pause in pauses if pause.ended is not None]
        facts = (*(pause.began for pause in pauses), *ended)
        yield _Excuse("awaiting_customer", facts, _after_pauses(view, due))
    unreached = tuple(fact for fact in view.unreached if moment(fact) < due)
    if unreached:
        yield _Excuse("customer_unreachable", unreached)
    failed = tuple(fact for fact in view.failed if moment(fact) < due)
    if failed:
        yield _Excuse("network_failure", failed)


def _after_pauses(view: OwedView, due: datetime) -> datetime | None:
    """The due moment with the time that the customer took added; None while the customer still takes it."""
    moved = due
    for pause in view.pauses:
        if moment(pause.began) >= moved:
            break
        if pause.ended is None:
            return None
        moved += moment(pause.ended) - moment(pause.began)
    return moved
