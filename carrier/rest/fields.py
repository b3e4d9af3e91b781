"""Reading the form and query parameters of a REST request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from werkzeug.datastructures import MultiDict

from carrier.callbacks import CallbackTarget
from carrier.numbers import is_dialable
from carrier.rest.errors import RestError


class Fields:
    """The parameters of one request; a missing one reads as the empty string or the default."""

    def __init__(self, given: MultiDict[str, str]) -> None:
        self._given = given

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter as it stands."""
        return self._given.get(name, default)

    def has(self, name: str) -> bool:
        """Say whether a parameter was given at all."""
        return name in self._given

    def required(self, name: str, code: int) -> str:
        """Return a parameter that must not be empty; raises `RestError` with `code`."""
        value = self._given.get(name, "")
        if not value:
            raise RestError(code)
        return value

    def whole(self, name: str, default: int) -> int:
        """Return a whole number, 0 or more."""
        value = self._given.get(name, "")
        if value and not (value.isascii() and value.isdigit()):
            raise RestError(21623, detail=f"{name}={value[:40]}")
        return int(value) if value else default

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._given.get(name, "").lower()
        if value and value not in ("true", "false"):
            raise RestError(21623, detail=f"{name}={value[:40]}")
        return value == "true" if value else default

    def method(self, name: str, default: str = "POST") -> str:
        """Return GET or POST, the default when it is not given."""
        value = self._given.get(name, default).upper()
        if value not in ("GET", "POST"):
            raise RestError(20001, detail=f"{name} must be GET or POST")
        return value

    def url(self, name: str) -> str:
        """Return an absolute http(s) URL, or the empty string; raises 21205 for anything else."""
        value = self._given.get(name, "")
        if value and not value.startswith(("http://", "https://")):
            raise RestError(21205, detail=f"{name}={value[:80]}")
        return value

    def words(self, name: str) -> list[str]:
        """Return all values of a parameter; each may hold several words."""
        return [word for value in self._given.getlist(name) for word in value.split()]

    def callback(self, prefix: str = "", *, default: tuple[str, ...] = ("completed",)) -> CallbackTarget | None:
        """Return the target named by {prefix}StatusCallback, -Method and -Event, or None."""
        url = self.url(f"{prefix}StatusCallback")
        if not url:
            return None
        events = self.words(f"{prefix}StatusCallbackEvent") or list(default)
        return CallbackTarget(url, self.method(f"{prefix}StatusCallbackMethod"), frozenset(events))

    def dialable(self, name: str, *, missing: int, bad: int) -> str:
        """Return an address that can be called, with Twilio's codes for a missing and a bad one."""
        value = self.required(name, missing)
        if not is_dialable(value):
            raise RestError(bad, detail=value[:40])
        return value

    def in_time(self, name: str, moment: datetime | None) -> bool:
        """Say whether `moment` fits the filters NAME (a day), `NAME<` and `NAME>` (at or before, at or after)."""
        for suffix in ("", "<", ">"):
            value = self._given.get(name + suffix, "")
            if value and (moment is None or not _fits(moment, suffix, value)):
                return False
        return True


def _fits(moment: datetime, suffix: str, value: str) -> bool:
    try:
        given = datetime.fromisoformat(value)
    except ValueError:
        raise RestError(20001, detail=f"{value[:40]} is not a date") from None
    start = given if given.tzinfo else given.replace(tzinfo=UTC)
    # A plain date, or the midnight that the SDK makes of one, stands for the whole day.
    whole_day = len(value) == 10 or (start.hour, start.minute, start.second) == (0, 0, 0)
    end = start + (timedelta(days=1) if whole_day and not suffix else timedelta(seconds=1))
    if suffix == "<":
        return moment < end
    if suffix == ">":
        return moment >= start
    return start <= moment < end


def moment(text: str, code: int) -> datetime:
    """Read an ISO 8601 time with zone; raises `RestError` with `code`."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise RestError(code, detail=text[:40]) from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)
