"""Watches over what is owed besides the answer: the receipt, the review, the apology, the telling of the result."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ivr.cases.clocks import Sort, watch_due
from ivr.cases.institution import Work
from ivr.cases.ladder import rungs
from ivr.cases.moves import OPEN
from ivr.cases.rows import Case, CaseState
from ivr.cases.telling import TOLD_BY, Notice, story_of
from ivr.charters.measures.cases import AcknowledgedWithin, Apologised, ResultTold, ReviewStartedWithin
from ivr.charters.measures.shape import Measure
from ivr.promises import Promise, promise_all

OVER = "over"


@dataclass(frozen=True, slots=True)
class Watch:
    """What is watched: the measure whose limit counts, and the facts that end it."""

    measure: type[Measure]
    done: tuple[str, ...]


WATCHES: Mapping[str, Watch] = {
    "receipt": Watch(AcknowledgedWithin, TOLD_BY[Notice.RECEIVED]),
    "review": Watch(ReviewStartedWithin, ("review-started",)),
    "apology": Watch(Apologised, TOLD_BY[Notice.APOLOGY]),
    "result": Watch(ResultTold, ("result-told",)),
}


def watch(work: Work, case: Case, what: str, *, since: datetime) -> None:
    """Promise reminders where a standard has a limit: at half time to the officer, at its end to the supervisor."""
    sort = Sort(case.kind, case.channel, case.topic)
    due = watch_due(work.institution, sort, since, measure=WATCHES[what].measure)
    if due is None:
        return
    steps = [(rung.step, rung.at) for rung in rungs(work.institution, since=work.at, due=due)[:1]]
    steps.append((OVER, max(due, work.at)))
    promises = [
        Promise("case-watch", f"case-watch:{case.id}:{what}:{step}", at, {"case": case.id, "what": what, "step": step})
        for step, at in steps
    ]
    promise_all(work.session, promises)


def is_missing(work: Work, case: Case, what: str) -> bool:
    """Whether what is watched is still owed."""
    if case.state is CaseState.WITHDRAWN or (what != "result" and case.state not in OPEN):
        return False
    return not any(fact.kind in WATCHES[what].done for fact in story_of(work, case))
