"""Promises about recordings: bring the sound of an opening to us, let the carrier forget it, delete it in time."""

from ivr.calls.rows import Call
from ivr.listening.recordings import (
    Fetched,
    Recording,
    file_of,
    keep_recording,
    sealed_sound,
    time_left,
)
from ivr.listening.waveform import NoSound, waveform_of
from ivr.orders import Accepted, DeleteRecording, FetchRecording, Found, Order, Receipt, Rejected
from ivr.promises import Promise, promise_all
from workers.job import Job, Later, back_off

TRIES = 12
# The sound may be there a moment after we were told that it is.
TRIES_WHERE_GONE = 5


def fetch(job: Job) -> Order | None:
    """Bring the sound of a recording that is done, unless we have it, or have no place for it."""
    sid = job.text("recording")
    if job.house.recordings is None or job.session.get(Recording, sid) is not None:
        return None
    return FetchRecording(sid)


def fetched(job: Job, receipt: Receipt) -> Later | None:
    """Seal the sound, put it into its place, and promise its end; asking again does no harm, so doubt is no matter."""
    sid, sounds = job.text("recording"), job.house.recordings
    match receipt:
        case Found(sound=bytes() as sound) if sounds is not None:
            try:
                shape = waveform_of(sound)
            except NoSound:
                return None
            sounds.keep(file_of(sid), sealed_sound(job.house.keyring, sid, sound))
            _keep(job, Fetched(sid, job.text("offer"), job.text("call"), _line(job), shape))
            return None
        case Rejected(permanent=True) if not receipt.gone or job.attempts >= TRIES_WHERE_GONE:
            return None
        case _:
            return Later(job.at + back_off(job)) if job.attempts < TRIES else None


def _line(job: Job) -> str:
    return job.session.get_one(Call, job.text("call")).line


def _keep(job: Job, fetched: Fetched) -> None:
    days = job.line(fetched.line).opening.keep_days
    row = keep_recording(job.session, fetched, keep_days=days, at=job.at)
    args = {"recording": row.sid}
    promises = [
        Promise("forget-recording", f"forget-recording:{row.sid}", job.at, args),
        Promise("purge-recording", f"purge-recording:{row.sid}", row.keep_until, args),
    ]
    promise_all(job.session, promises)


def forget(job: Job) -> Order | None:
    """Let the carrier delete what we keep sealed."""
    return DeleteRecording(job.text("recording"))


def forgotten(job: Job, receipt: Receipt) -> Later | None:
    """It is gone, now or before; what failed is tried again."""
    if isinstance(receipt, Accepted) or (isinstance(receipt, Rejected) and receipt.permanent):
        return None
    return Later(job.at + back_off(job))


def purge(job: Job) -> Later | None:
    """Delete a sound whose time is over; one that is evidence is looked at again later."""
    row, sounds = job.session.get(Recording, job.text("recording")), job.house.recordings
    if row is None or row.file is None or sounds is None:
        return None
    if left := time_left(job.session, row, job.at):
        return Later(job.at + left)
    sounds.remove(row.file)
    row.file, row.purged_at = None, job.at
    return None
