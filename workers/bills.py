"""The promise to close a month of a shared centre: what every firm owes for it is made into statements."""

from datetime import timedelta

import structlog

from ivr.billing.closing import months_to_close, promise_month
from ivr.billing.months import after, read_month
from ivr.billing.refusing import BillRefused
from ivr.billing.statements import close_month
from workers.job import Job, Later

AGAIN = timedelta(hours=1)
BY_ITSELF = "charterline"

log = structlog.get_logger(__name__)


def close(job: Job) -> Later | None:
    """Make the statements of the month, and of earlier ones that lack some; the next month is promised.

    What hinders it (a call that goes on, a day without prices) is told in the log, and it is tried again in an hour.
    """
    line, month = job.line(job.text("line")), read_month(job.text("month"))
    if line.centre is None:
        return None
    promise_month(job.session, line.id, after(month))
    for each in months_to_close(job.session, line.id, month):
        try:
            closed = close_month(job.session, line, str(each), by=BY_ITSELF, at=job.at)
        except BillRefused as refused:
            log.warning("month not closed", line=line.id, month=str(each), rule=refused.rule, reason=str(refused))
            return Later(job.at + AGAIN)
        if closed.faults:
            log.warning("usage without a contract", line=line.id, month=str(each), firms=sorted(closed.faults))
    return None
