"""Turns the attributes of an element into the fields of its dataclass, noting what Twilio would warn of."""

import re
from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from typing import Any, TypeVar
from xml.etree.ElementTree import Element

from carrier.twiml.model import Warned

Made = TypeVar("Made")

# Attributes that Twilio knows and that change nothing here.
_ACCEPTED: Mapping[str, frozenset[str]] = {
    "Gather": frozenset({
        "language", "hints", "profanityFilter", "partialResultCallback", "partialResultCallbackMethod",
        "speechModel", "enhanced", "maxSpeechTime", "debug",
    }),
    "Record": frozenset({"transcribe", "transcribeCallback"}),
    "Enqueue": frozenset({"workflowSid"}),
    "Dial": frozenset({
        "record", "trim", "recordingStatusCallback", "recordingStatusCallbackMethod",
        "recordingStatusCallbackEvent", "recordingTrack", "ringTone", "referUrl", "referMethod", "events",
    }),
    "Number": frozenset({
        "byoc", "machineDetection", "amdStatusCallback", "amdStatusCallbackMethod", "machineDetectionTimeout",
        "machineDetectionSpeechThreshold", "machineDetectionSpeechEndThreshold",
        "machineDetectionSilenceTimeout", "phoneNumberSid", "startCallTimeLimit",
    }),
    "Sip": frozenset({"username", "password", "codecs"}),
    "Queue": frozenset({"reservationSid", "postWorkActivitySid"}),
    "Conference": frozenset({
        "jitterBufferSize", "region", "trim", "eventCallbackUrl",
    }),
    "Recording": frozenset(),
    "Transcription": frozenset({
        "inboundTrackLabel", "outboundTrackLabel", "transcriptionEngine", "profanityFilter", "speechModel", "hints",
        "enableAutomaticPunctuation", "intelligenceService",
    }),
}  # fmt: skip
_read: dict[str, dict[str, "Field[Any]"]] = {}  # filled once per kind of verb
_NESTED = {"content", "nested", "nouns"}


def make(kind: type[Made], element: Element, given: Mapping[str, object], *, warn: Callable[[Warned], None]) -> Made:
    """Build a verb from an element; unknown attributes and bad values become warning 12200 and are left out."""
    values: dict[str, object] = dict(given)
    known = _attributes(kind)
    for name, text in element.attrib.items():
        where = f"<{element.tag}> attribute {name}"
        if name in known:
            value = _converted(known[name], text)
            if value is None:
                warn(Warned(12200, f"{where} does not take the value {text[:60]!r}"))
            else:
                values[known[name].name] = value
        elif name not in _ACCEPTED.get(element.tag, frozenset()):
            warn(Warned(12200, f"{where} is not known"))
    return kind(**values)


def _attributes(kind: type[Any]) -> dict[str, "Field[Any]"]:  # Any: the field types of different verbs differ
    if kind.__name__ not in _read:
        _read[kind.__name__] = {_camel(f.name): f for f in fields(kind) if f.name not in _NESTED}
    return _read[kind.__name__]


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def _converted(attribute: "Field[Any]", text: str) -> object:
    kind = str(attribute.type)
    if kind == "int":
        return int(text) if text.isascii() and text.isdigit() else None
    if kind == "bool":
        return {"true": True, "false": False}.get(text.lower())
    if kind.startswith("tuple"):
        return tuple(text.split())
    if attribute.name.endswith("method"):
        return text.upper() if text.upper() in {"GET", "POST"} else None
    return text
