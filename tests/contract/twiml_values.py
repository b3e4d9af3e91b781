"""Checks one TwiML attribute's value against its kind, range and pattern."""

import re
from collections.abc import Mapping

from .twiml_table import Table
from .urls import callback_url

# Inclusive; seconds unless the name says otherwise. None: no upper bound is documented.
# [docs: voice/twiml/dial, gather, say, conference; api/errors/13216, 13313, 13612, 14207]
RANGES: Mapping[tuple[str, str], tuple[int, int | None]] = {
    ("Dial", "timeout"): (5, 600),
    ("Dial", "timeLimit"): (1, None),
    ("Gather", "timeout"): (1, None),
    ("Gather", "numDigits"): (1, None),
    ("Gather", "maxSpeechTime"): (1, 60),
    ("Pause", "length"): (1, None),
    ("Say", "loop"): (0, None),
    ("Play", "loop"): (0, None),
    ("Record", "timeout"): (1, None),
    ("Record", "maxLength"): (1, None),
    ("Enqueue", "maxQueueSize"): (1, 5000),
    ("Conference", "maxParticipants"): (2, 250),
}
# The same limits on every noun that detects machines; thresholds in milliseconds.
_MACHINE_RANGES: Mapping[str, tuple[int, int]] = {
    "machineDetectionTimeout": (3, 60),
    "machineDetectionSpeechThreshold": (1000, 6000),
    "machineDetectionSpeechEndThreshold": (500, 5000),
    "machineDetectionSilenceTimeout": (2000, 10_000),
}
_PATTERNS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("Gather", "finishOnKey"): (r"[0-9#*]?", "one key, or empty for none"),
    ("Gather", "speechTimeout"): (r"auto|[1-9]\d*", "auto or a positive number of seconds"),
    ("Record", "finishOnKey"): (r"[0-9#*]*", "keys 0-9, # and *"),
    ("Play", "digits"): (r"[0-9A-DwW#*]+", "DTMF keys, w and W"),
    ("Number", "sendDigits"): (r"[0-9A-DwW#*]{1,32}", "at most 32 DTMF keys, w and W"),
    ("Number", "machineDetection"): (r"Enable|DetectMessageEnd", "Enable or DetectMessageEnd"),
    ("Sip", "machineDetection"): (r"Enable|DetectMessageEnd", "Enable or DetectMessageEnd"),
    ("Conference", "participantLabel"): (r"(?s).{1,128}", "1 to 128 characters"),
    ("Dial", "callerId"): (r"\+[1-9]\d{6,14}|client:.+|sip:.+", "E.164 or client:name"),
}
_URL_NAME = re.compile(r"^(action|url|.*(Url|Callback))$")


def value_faults(where: tuple[str, str], kind: str, value: str, types: Table) -> list[str]:
    """Faults of `value` at `where` (element, attribute); `kind` is the declared type's name."""
    element, attribute = where
    faults = [*_kind(kind, value, types)]
    if not faults and kind == "number":
        faults += _range(where, int(value))
    if pattern := _PATTERNS.get(where):
        faults += [] if re.fullmatch(pattern[0], value) else [f"{value!r} must be {pattern[1]}"]
    if attribute == "method" or attribute.endswith("Method"):
        faults += [] if value in {"GET", "POST"} else [f"{value!r} must be GET or POST"]
    if is_url(attribute) and not (element == "Conference" and attribute == "waitUrl" and not value):
        # An empty waitUrl is Twilio's way to say "no music" in a conference.
        faults += callback_url(value)
    return faults


def is_url(attribute: str) -> bool:
    """Whether the attribute holds a URL that Twilio will fetch."""
    return bool(_URL_NAME.match(attribute))


def _kind(kind: str, value: str, types: Table) -> list[str]:
    single = kind.removesuffix("[]")
    if single == "boolean":
        return [] if value in {"true", "false"} else [f"{value!r} must be true or false"]
    if single == "number":
        words = value.split() if kind.endswith("[]") else [value]
        return [f"{word!r} must be a whole number" for word in words or [""] if not word.isdecimal()]
    if single not in types.enumerations:
        return []
    allowed = types.enumerations[single]
    words = value.split() if kind.endswith("[]") else [value]
    shown = ", ".join(sorted(allowed)) if len(allowed) <= 16 else f"one of {len(allowed)} known values"
    return [f"{word!r} is unknown; allowed: {shown}" for word in words or [""] if word not in allowed]


def _range(where: tuple[str, str], value: int) -> list[str]:
    low, high = RANGES.get(where, (0, None))
    low, high = _MACHINE_RANGES.get(where[1], (low, high))
    if value < low or (high is not None and value > high):
        return [f"{value} must be {low} to {high}" if high is not None else f"{value} must be at least {low}"]
    return []
