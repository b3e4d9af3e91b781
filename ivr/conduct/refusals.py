"""Why something about the conduct of a talk cannot be done now; who asked is told in words of their own."""

from collections.abc import Mapping
from enum import StrEnum


class Refusal(StrEnum):
    """What stands against it."""

    NO_TALK = "no-talk"
    NOT_THEIR_TALK = "not-their-talk"
    TOO_LATE = "too-late"
    UNKNOWN_PART = "unknown-part"
    CONTRADICTION = "contradiction"
    PLAYING = "playing"
    WARNED_ENOUGH = "warned-enough"
    NOT_WARNED = "not-warned"
    NO_LIMIT = "no-limit"
    RELAY = "relay"
    NO_NOTICE = "no-notice"
    NOT_YET = "not-yet"
    ENDING = "ending"
    NO_NAME = "no-name"
    APPEALED = "appealed"


class NotNow(Exception):
    """It cannot be done now, because of `reason`; `values` say how far it is from being possible."""

    def __init__(self, reason: Refusal, **values: str | int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.values: Mapping[str, str | int] = values
