"""Promises about figures: the rows of one call again, and the sums of a day that has changed."""

from collections.abc import Sequence
from datetime import date

from ivr.billing.noting import note_calls
from ivr.calls.rows import Call
from ivr.charters.view import CallView
from ivr.figures.keeping import keep_figures, keep_views, promise_tallies
from ivr.figures.tallying import tally as make_sums
from workers.job import Job


def figure(job: Job) -> None:
    """Bring one call's rows and its usage into line, after what no judge asks for: its wrap-up is over."""
    call = job.session.get(Call, job.text("call"))
    if call is not None and call.ended_at is not None:
        line = job.line(call.line)
        kept = keep_figures(job.session, [call.id], line=line)
        note_calls(job.session, [call.id], line=line, at=job.at)
        promise_tallies(job.session, kept.days, job.at)


def keep(job: Job, views: Sequence[CallView]) -> None:
    """Bring rows and usage of calls that a judge has read into line, and promise the sums of the days they change."""
    kept = keep_views(job.session, views)
    for view in views:
        note_calls(job.session, [view.id], line=view.line, at=job.at)
    promise_tallies(job.session, kept.days, job.at)


def tally(job: Job) -> None:
    """Make the sums of one line's day anew."""
    make_sums(job.session, job.text("line"), date.fromisoformat(job.text("day")))
