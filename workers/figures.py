"""Promises about figures: the rows of one call again, and the sums of a day that has changed."""

from collections.abc import Sequence
from datetime import date

from ivr.calls.rows import Call
from ivr.charters.view import CallView
from ivr.figures.keeping import keep_figures, keep_views, promise_tallies
from ivr.figures.tallying import tally as make_sums
from workers.job import Job


def figure(job: Job) -> None:
    """Bring one call's rows into line, after something came about that no judge asks for: its wrap-up is over."""
    call = job.session.get(Call, job.text("call"))
    if call is not None and call.ended_at is not None:
        kept = keep_figures(job.session, [call.id], line=job.line(call.line))
        promise_tallies(job.session, kept.days, job.at)


def keep(job: Job, views: Sequence[CallView]) -> None:
    """Bring the rows of calls that a judge has read into line, and promise the sums of the days that they change."""
    promise_tallies(job.session, keep_views(job.session, views).days, job.at)


def tally(job: Job) -> None:
    """Make the sums of one line's day anew."""
    make_sums(job.session, job.text("line"), date.fromisoformat(job.text("day")))
