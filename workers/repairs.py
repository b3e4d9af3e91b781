"""Promises about repairs: their customers are told what became of them."""

from ivr.lines.daytime import daytime
from ivr.repairs.rows import Repair
from ivr.repairs.telling import Happened, Notice, tell_customer
from workers.job import Job, Later


def tell_of(job: Job) -> Later | None:
    """Write to the customer of a repair by day, unless something newer happened to it."""
    repair = job.session.get(Repair, job.text("repair"))
    if repair is None or repair.version != job.args["version"]:
        return None
    if daytime(job.at) > job.at:
        return Later(daytime(job.at))
    line, texts = job.line(repair.line), job.house.texts.of(repair.line)
    tell_customer(job.session, texts, Notice(line, repair, Happened(job.text("what"))), at=job.at)
    return None
