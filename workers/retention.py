"""The promises to erase, each night, what has been kept long enough (config/retention.toml)."""

from datetime import timedelta

from ivr.keeping.erasing import erase_piece, promise_keeping
from ivr.keeping.tables import all_tables
from ivr.lines.hours import SEOUL
from ivr.promises import Promise, promise_all
from workers.job import Job, Later

BY_ITSELF = "charterline"
# A piece follows the one before after a breath, so that calls are not held up by a year of old rows.
BREATH = timedelta(seconds=1)


def keep(job: Job) -> None:
    """Promise a run over each class, and the next night.

    One class at a time: to find that nothing of it is left is to look at its whole table, within a transaction.
    """
    night = f"{job.at.astimezone(SEOUL):%Y%m%d}"
    classes = [
        Promise("keep-class", f"keep-class:{night}:{rule.name}", job.at + number * BREATH, {"class": rule.name})
        for number, rule in enumerate(job.house.retention.worked)
    ]
    promise_all(job.session, classes)
    promise_keeping(job.session, at=job.at)


def keep_class(job: Job) -> Later | None:
    """Erase one piece of a class, and come back until nothing of it is left; one that the table has no more is done."""
    rule = next((rule for rule in job.house.retention.worked if rule.name == job.text("class")), None)
    if rule is not None and erase_piece(job.session, rule, all_tables(), at=job.at, by=BY_ITSELF):
        return Later(job.at + BREATH)
    return None
