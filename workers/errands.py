"""Promises about errands: begun beside the promises and looked after, and files that are not needed any more."""

from datetime import timedelta

from ivr.errands.doing import is_held
from ivr.errands.rows import Errand, Upload
from workers.job import Job, Later

LOOK_AGAIN = timedelta(seconds=15)


def see_to(job: Job) -> Later | None:
    """Begin an errand that nobody works on, and look again until it is over: a process may have been killed."""
    errand = job.session.get(Errand, int(job.args["errand"]))
    if errand is None or errand.over_at is not None:
        return None
    if not is_held(errand, job.at) and job.house.begin_errand is not None:
        job.house.begin_errand(errand.id)
    return Later(job.at + LOOK_AGAIN)


def purge_upload(job: Job) -> None:
    """Delete a file of which no list was made within a day."""
    upload = job.session.get(Upload, job.text("upload"))
    if upload is None or upload.removed_at is not None:
        return
    if job.house.uploads is not None:
        job.house.uploads.remove(upload.id)
        job.house.uploads.remove(f"{upload.id}.refused")
    upload.removed_at = job.at
