"""What a person has heard, piece by piece, with the engine's times."""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Heard:
    """One piece of sound or one text message; `until` is None while it lasts.

    `kind` is say, play, beep, ring, silence, hold or message; `complete` says whether it was heard to its end.
    """

    at: datetime
    kind: str
    text: str = ""
    url: str = ""
    call: str = ""
    until: datetime | None = None
    complete: bool = False

    def close(self, at: datetime, *, complete: bool) -> None:
        """End the piece, unless it has ended before."""
        if self.until is None:
            self.until, self.complete = at, complete

    def as_json(self) -> dict[str, object]:
        """Return the piece for the handset API, with ISO 8601 times."""
        shown: dict[str, object] = {"at": stamp(self.at), "until": stamp(self.until), "kind": self.kind}
        if self.url:
            shown["url"] = self.url
        if self.text or not self.url:
            shown["text"] = self.text
        return {**shown, "complete": self.complete, "call": self.call}


def stamp(moment: datetime | None) -> str | None:
    """Write a time for the handset and truth API: ISO 8601 with milliseconds, UTC."""
    return None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
