"""Recordings kept by us: fetched from the carrier once, sealed, and forgotten when their time is over."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import JSON, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ivr.base import Base, Moment
from ivr.conduct.incidents import is_held
from ivr.keeping.holds import call_is_held
from ivr.listening.waveform import Waveform
from ivr.promises import Promise
from ivr.sealing import Keyring

# What is evidence is looked at again after this time.
LOOK_AGAIN = timedelta(days=30)


class Recording(Base):
    """The recording of one opening, on the agent's channel alone; `sid` is the carrier's id of it.

    `file` names the sealed sound among the installation's recordings, None once it was deleted (`purged_at`).
    `peaks` is the shape of the sound (`ivr.listening.waveform`).
    """

    __tablename__ = "recording"

    sid: Mapped[str] = mapped_column(String(64), primary_key=True)
    offer_id: Mapped[str] = mapped_column(ForeignKey("offer.id"), index=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    line: Mapped[str] = mapped_column(String(40))
    seconds: Mapped[float]
    peaks: Mapped[list[int]] = mapped_column(JSON)
    file: Mapped[str | None] = mapped_column(String(80))
    fetched_at: Mapped[datetime] = mapped_column(Moment)
    keep_until: Mapped[datetime] = mapped_column(Moment)
    purged_at: Mapped[datetime | None] = mapped_column(Moment)


class Sounds(Protocol):
    """Where the sealed sounds of an installation lie."""

    def keep(self, name: str, sealed: bytes) -> None:
        """Write a sound under its name; the same again changes nothing."""

    def read(self, name: str) -> bytes | None:
        """The sealed sound, None where there is none."""

    def remove(self, name: str) -> None:
        """Delete a sound; one that is not there is no fault."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A sound that came from the carrier: whose it is, and its shape."""

    sid: str
    offer_id: str
    call_id: str
    line: str
    shape: Waveform


def file_of(sid: str) -> str:
    """The name under which the sound of a recording lies; it tells nobody whose it is."""
    return f"{hashlib.sha256(f'recording:{sid}'.encode()).hexdigest()}.wav"


def sealed_sound(keyring: Keyring, sid: str, sound: bytes) -> bytes:
    """Seal a sound so that it opens as this recording alone."""
    return keyring.seal_bytes(sound, place=place_of(sid))


def opened_sound(keyring: Keyring, recording: Recording, sounds: Sounds) -> bytes | None:
    """The WAV file of a recording, None where it is not there any more; raises `CannotOpen`."""
    sealed = sounds.read(recording.file) if recording.file else None
    return None if sealed is None else keyring.open_bytes(sealed, place=place_of(recording.sid))


def place_of(sid: str) -> str:
    """What a sound is sealed for: its recording and nothing else."""
    return f"recording.{sid}"


def keep_recording(session: Session, fetched: Fetched, *, keep_days: int, at: datetime) -> Recording:
    """Write the row of a sound that lies in its place; the same again changes nothing."""
    known = session.get(Recording, fetched.sid)
    if known is not None:
        return known
    row = Recording(
        sid=fetched.sid,
        offer_id=fetched.offer_id,
        call_id=fetched.call_id,
        line=fetched.line,
        seconds=round(fetched.shape.seconds, 2),
        peaks=list(fetched.shape.peaks),
        file=file_of(fetched.sid),
        fetched_at=at,
        keep_until=at + timedelta(days=keep_days),
    )
    session.add(row)
    return row


def recordings_of(session: Session, call_id: str) -> list[Recording]:
    """The recordings of a call, in the order in which they came."""
    return list(session.scalars(select(Recording).where(Recording.call_id == call_id).order_by(Recording.fetched_at)))


def time_left(session: Session, recording: Recording, at: datetime) -> timedelta:
    """How long it still has to be kept; nothing once it may be deleted."""
    if at < recording.keep_until:
        return recording.keep_until - at
    held = is_held(session, recording.call_id) or call_is_held(session, recording.call_id)
    return LOOK_AGAIN if held else timedelta()


def fetch_promise(*, call: str, offer: str, recording: str, at: datetime) -> Promise:
    """The promise to bring the sound of a recording that is done."""
    args: dict[str, str | int] = {"call": call, "offer": offer, "recording": recording}
    return Promise("fetch-recording", f"fetch-recording:{recording}", at, args)
