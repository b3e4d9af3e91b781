"""What the promises about answering have in common: a call at a given speed, and how its ring reads."""

from commands.record import CallEntry
from tests.people import customer, picks_up
from tests.phone.conftest import Stage

# Before the third ring has passed: 1 s of tone and 2 s of pause, so the third tone ends after 7 s.
LITERAL_SECONDS = 7.0


def answered_after(stage: Stage, line: str, seconds: float) -> CallEntry:
    """A call with key 1 that the only agent of the line picks up after so many seconds of ringing."""
    scene = stage(line)
    scene.staff(picks_up(seconds))
    return scene.call(customer("1", talk=8))


def reading(record: CallEntry) -> str:
    """What the reading chosen by the line says of the call's ring."""
    assert record["ring"] is not None
    return record["ring"]["reading"]


def announced(record: CallEntry) -> str:
    """What the caller was told of affiliation, name and title, heard to its end."""
    announcement = record["announcement"]
    assert announcement is not None
    assert announcement["complete"]
    return announcement["text"]
