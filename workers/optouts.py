"""Promises about refused texts: the refusal, or that it was taken back, is confirmed by one text."""

from ivr.lines.hours import SEOUL
from ivr.messages.writing import Outgoing, write_message
from ivr.optouts.asking import OPT_OUT_DONE
from ivr.optouts.rows import OptOut
from workers.job import Job

OPT_OUT_UNDONE = "opt-out-undone"


def tell_refusal(job: Job) -> None:
    """Confirm a refusal, in spite of it; one that changed nothing has no row and is not told of."""
    row = job.session.get(OptOut, job.text("optout"))
    if row is not None:
        _write(job, row, OPT_OUT_DONE, date=f"{row.asked_at.astimezone(SEOUL):%Y-%m-%d %H:%M}")


def tell_withdrawal(job: Job) -> None:
    """Confirm that texts are sent again."""
    _write(job, job.session.get_one(OptOut, job.text("optout")), OPT_OUT_UNDONE)


def _write(job: Job, row: OptOut, template: str, **values: str) -> None:
    refused = job.house.texts.of(row.line).say(f"refusal.{row.scope.value}").text
    outgoing = Outgoing(
        id=f"{template}-{row.id}",
        line=job.line(row.line),
        to=row.number,
        template=template,
        subject=f"optout:{row.id}",
        values={"refused": refused, **values},
    )
    write_message(job.session, job.house.texts, outgoing, at=job.at)
