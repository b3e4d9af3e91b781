"""Promises about the desks of agents: one that has fallen silent takes its agent out of routing."""

from ivr.agents.aside import step_aside
from ivr.desks.presence import look_after_desks, open_desks
from workers.job import Job


def look_after(job: Job) -> None:
    """Put agents of a line away who would not hear their softphone; who stepped aside for the last one comes back."""
    line = job.text("line")
    look_after_desks(job.session, line, at=job.at)
    if not open_desks(job.session, line, at=job.at):
        step_aside(job.session, line, (), at=job.at)
