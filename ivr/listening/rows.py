"""The rows of an opening: what was found in it, the utterances it was found in (sealed), and people's reviews."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.sealing import SealedText


class OpeningFinding(StrEnum):
    """What matching found of the parts that the line's announcement requires; none of these is a miss."""

    HEARD = "heard"
    NEEDS_REVIEW = "needs_review"
    NOT_HEARD = "not_heard"
    NOT_TRANSCRIBED = "not_transcribed"


class Opening(Base):
    """The opening of one talk. It may be thrown away: reading the facts and utterances again gives the same.

    `complete` says that nothing of its transcript is missing, `parts` what was matched (`matching.PartHeard`),
    `closing` the closing words that were heard, None where the end was not transcribed. `revision` counts results.
    """

    __tablename__ = "opening"
    __table_args__ = (Index("ix_opening_line_joined", "line", "joined_at"),)

    offer_id: Mapped[str] = mapped_column(ForeignKey("offer.id"), primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    line: Mapped[str] = mapped_column(String(40))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    joined_at: Mapped[datetime] = mapped_column(Moment)
    recording_sid: Mapped[str | None] = mapped_column(String(64))
    recording_seconds: Mapped[int | None]
    finding: Mapped[OpeningFinding] = mapped_column(Word(OpeningFinding))
    complete: Mapped[bool]
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # Any: as `PartHeard.as_json` writes it
    closing: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    revision: Mapped[int] = mapped_column(default=1)


class UtteranceState(StrEnum):
    """Whether the words of an utterance are there."""

    KEPT = "kept"
    TRIMMED = "trimmed"
    UNREADABLE = "unreadable"
    UNFIT = "unfit"


class Utterance(Base):
    """One event of a transcriber: personal data, sealed. `sequence` is the transcriber's own count of its events.

    `said_at` is when the words were understood. An event whose words cannot be used (unreadable, or of the wrong
    track or language) is kept without them, so that a gap in the count means a loss.
    """

    __tablename__ = "utterance"

    transcription: Mapped[str] = mapped_column(String(64), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[str] = mapped_column(ForeignKey("offer.id"), index=True)
    said_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[UtteranceState] = mapped_column(Word(UtteranceState))
    text: Mapped[str | None] = mapped_column(SealedText(place="utterance.text"))


class ReviewFinding(StrEnum):
    """What a person found who listened."""

    HEARD = "heard"
    MISSING = "missing"


class OpeningReview(Base):
    """One person's finding about an opening; the last one counts, all are kept. The note is sealed."""

    __tablename__ = "opening_review"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    offer_id: Mapped[str] = mapped_column(ForeignKey("opening.offer_id"), index=True)
    finding: Mapped[ReviewFinding] = mapped_column(Word(ReviewFinding))
    by: Mapped[str] = mapped_column(String(60))
    note: Mapped[str] = mapped_column(SealedText(place="opening_review.note"))
    at: Mapped[datetime] = mapped_column(Moment)
