"""What an opening proves: from the facts and utterances of one talk, in whatever order and however late they came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.calls.facts import Told
from ivr.listening.matching import Expected, PartHeard, Standing, closing_parts, match_opening
from ivr.listening.phrases import Phrases
from ivr.listening.rows import OpeningFinding, UtteranceState

STARTED, STOPPED, FAILED, RECORDED = "transcribing", "transcribed", "transcription-failed", "opening-recorded"
CLOSING = timedelta(seconds=30)
# Words are stamped when they were understood, by another clock than ours.
BEFORE = timedelta(seconds=1)
UNDERSTOOD_WITHIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Talked:
    """One talk of an offer: from when the caller joined, to when it ended (None while it goes on).

    `seconds` is how long the opening is, `requires` the parts that the line's announcement has.
    """

    offer: str
    line: str
    joined_at: datetime
    ended_at: datetime | None
    seconds: int
    requires: tuple[str, ...]

    @property
    def opening_ends(self) -> datetime:
        """The end of the opening, or of a shorter talk."""
        ends = self.joined_at + timedelta(seconds=self.seconds)
        return ends if self.ended_at is None else min(ends, max(self.ended_at, self.joined_at))

    def is_opening(self, at: datetime) -> bool:
        """Whether words understood then were said in the opening."""
        return self.joined_at - BEFORE <= at <= self.opening_ends + UNDERSTOOD_WITHIN

    def is_closing(self, at: datetime) -> bool:
        """Whether words understood then were said in the last seconds of a talk that is over."""
        return self.ended_at is not None and self.ended_at - CLOSING <= at <= self.ended_at + UNDERSTOOD_WITHIN


@dataclass(frozen=True, slots=True)
class Uttered:
    """One event of a transcriber with its words; None where there are none to be used, or any more."""

    transcription: str
    sequence: int
    said_at: datetime
    state: UtteranceState
    text: str | None


@dataclass(frozen=True, slots=True)
class Listened:
    """The result: what was found, whether the transcript is whole, each part, and the closing where it was heard."""

    finding: OpeningFinding
    complete: bool
    parts: tuple[PartHeard, ...]
    closing: frozenset[str] | None


def listen(
    talk: Talked, facts: Iterable[Told], uttered: Iterable[Uttered], *, expected: Expected, phrases: Phrases
) -> Listened:
    """Read the opening and the closing of one talk."""
    of_talk = [fact for fact in facts if fact.leg == talk.offer]
    said = sorted(uttered, key=lambda one: (one.said_at, one.sequence))
    parts = match_opening(_text(one for one in said if talk.is_opening(one.said_at)), expected, phrases)
    complete = is_complete(talk, of_talk, said)
    is_any = bool(said) or any(fact.kind in {STARTED, FAILED} for fact in of_talk)
    finding = _finding(talk.requires, parts, complete=complete) if is_any else OpeningFinding.NOT_TRANSCRIBED
    return Listened(finding, complete, parts, _closing(talk, of_talk, said, phrases))


def is_complete(talk: Talked, facts: Sequence[Told], said: Sequence[Uttered]) -> bool:
    """Whether every word of the opening was told: begun in time, no event missing, and told of beyond its end."""
    starts = [fact for fact in facts if fact.kind == STARTED]
    begun = any(_at(fact) <= talk.joined_at + BEFORE for fact in starts)
    is_whole = begun and not any(fact.kind == FAILED for fact in facts) and _has_no_gap(facts, said)
    return is_whole and _is_told_until(talk.opening_ends, facts, said)


def outside(talk: Talked, uttered: Iterable[Uttered]) -> list[Uttered]:
    """What is not to be kept of a talk that is over: neither opening nor closing."""
    if talk.ended_at is None:
        return []
    return [
        one
        for one in uttered
        if one.text is not None and not (talk.is_opening(one.said_at) or talk.is_closing(one.said_at))
    ]


def _finding(requires: tuple[str, ...], parts: tuple[PartHeard, ...], *, complete: bool) -> OpeningFinding:
    """A part that is not sure is left to a person; nothing like any of them in a whole transcript was not said."""
    standing = {part.part: part for part in parts}
    if all(part in standing and standing[part].is_heard for part in requires):
        return OpeningFinding.HEARD
    is_silent = all(part not in standing or standing[part].standing is Standing.ABSENT for part in requires)
    return OpeningFinding.NOT_HEARD if complete and is_silent else OpeningFinding.NEEDS_REVIEW


def _closing(talk: Talked, facts: Sequence[Told], said: Sequence[Uttered], phrases: Phrases) -> frozenset[str] | None:
    """What was heard at the end; where a word may be lost, only that something was heard can be said."""
    if talk.ended_at is None:
        return None
    parts = closing_parts(_text(one for one in said if talk.is_closing(one.said_at)), phrases)
    is_whole = not any(fact.kind == FAILED for fact in facts) and _has_no_gap(facts, said)
    begun = any(_at(fact) <= talk.ended_at - CLOSING or _at(fact) <= talk.joined_at + BEFORE for fact in facts)
    if is_whole and begun and _is_told_until(talk.ended_at, facts, said):
        return parts
    return parts or None


def _text(uttered: Iterable[Uttered]) -> str:
    return " ".join(one.text for one in uttered if one.text)


def _at(fact: Told) -> datetime:
    return fact.said_at or fact.received_at


def _has_no_gap(facts: Sequence[Told], said: Sequence[Uttered]) -> bool:
    """Whether the events of each transcription are numbered 1, 2, 3 ... as far as they go, and all could be read."""
    if any(one.state is UtteranceState.UNREADABLE for one in said):
        return False
    numbers: dict[str, set[int]] = {}
    for one in said:
        numbers.setdefault(one.transcription, set()).add(one.sequence)
    for fact in facts:
        if fact.kind in {STARTED, STOPPED} and fact.detail.get("event"):
            numbers.setdefault(str(fact.detail.get("transcription")), set()).add(int(fact.detail["event"]))
    return bool(numbers) and all(seen == set(range(1, max(seen) + 1)) for seen in numbers.values())


def _is_told_until(moment: datetime, facts: Sequence[Told], said: Sequence[Uttered]) -> bool:
    """Whether something was told of at that moment or later; a transcription that stopped before told of nothing."""
    told = [_at(fact) for fact in facts if fact.kind == STOPPED] + [one.said_at for one in said]
    return max(told, default=moment - 2 * BEFORE) >= moment - BEFORE
