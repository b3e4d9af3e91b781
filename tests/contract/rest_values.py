"""Values that the v2010 document gives as plain strings and numbers but describes as sets and ranges."""

from collections.abc import Iterator, Mapping, Sequence

from .rest_table import Operation

_PROGRESS = frozenset({"initiated", "ringing", "answered", "completed"})
_BOOLEAN = frozenset({"true", "false"})
_TRACK = frozenset({"inbound", "outbound", "both"})
_TRIM = frozenset({"trim-silence", "do-not-trim"})
_CALL_RECORDING = frozenset({"in-progress", "completed", "absent"})
_LEG_RECORDING = _CALL_RECORDING | {"started", "paused", "resumed", "stopped", "failed"}

_SETS: Mapping[str, frozenset[str]] = {
    "MachineDetection": frozenset({"Enable", "DetectMessageEnd"}),
    "AsyncAmd": _BOOLEAN,
    "Beep": _BOOLEAN | {"onEnter", "onExit"},
    "ConferenceRecord": _BOOLEAN | {"record-from-start", "do-not-record"},
    "ConferenceTrim": _TRIM,
    "Trim": _TRIM,
    "JitterBufferSize": frozenset({"off", "small", "medium", "large"}),
    "RecordingChannels": frozenset({"mono", "dual"}),
    "RecordingTrack": _TRACK,
    "PauseBehavior": frozenset({"skip", "silence"}),
    "Region": frozenset({"us1", "us2", "ie1", "de1", "sg1", "br1", "au1", "jp1"}),
}
# Repeated on Calls; on Participants the page also allows one value with spaces between the events.
_EVENTS: Mapping[tuple[str, str], frozenset[str]] = {
    ("Calls", "StatusCallbackEvent"): _PROGRESS,
    ("Calls", "RecordingStatusCallbackEvent"): _CALL_RECORDING,
    ("Participants", "StatusCallbackEvent"): _PROGRESS,
    ("Participants", "RecordingStatusCallbackEvent"): _LEG_RECORDING,
    ("Participants", "ConferenceRecordingStatusCallbackEvent"): _CALL_RECORDING | {"failed"},
    ("Participants", "ConferenceStatusCallbackEvent"): frozenset(
        {"start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"}
    ),
}
# Inclusive. [docs: voice/api/call-resource, conference-participant-resource, answering-machine-detection,
# messaging/api/message-resource, voice/api/queue-resource]
_RANGES: Mapping[str, tuple[int, int]] = {
    "MachineDetectionTimeout": (3, 60),
    "MachineDetectionSpeechThreshold": (1000, 6000),
    "MachineDetectionSpeechEndThreshold": (500, 5000),
    "MachineDetectionSilenceTimeout": (2000, 10_000),
    "ValidityPeriod": (1, 36_000),
    "MaxParticipants": (2, 250),
    "MaxSize": (1, 5000),
    "PageSize": (1, 1000),
}
_TIMEOUTS = {"Calls": (1, 600), "Participants": (5, 600)}
_LENGTHS = {("Participants", "Label"): 128, ("Calls", "SendDigits"): 32, ("Queues", "FriendlyName"): 64}


def value_faults(operation: Operation, form: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Faults of single values of one request, by parameter name."""
    resource = _resource(operation)
    for name, values in form.items():
        yield from (f"{name}: {fault}" for fault in _set_faults(resource, name, values))
        yield from (f"{name}: {fault}" for fault in _range_faults(resource, name, values))


def _resource(operation: Operation) -> str:
    return next((one for one in ("Participants", "Calls", "Queues") if f"/{one}" in operation.template), "")


def _set_faults(resource: str, name: str, values: Sequence[str]) -> Iterator[str]:
    allowed = _EVENTS.get((resource, name)) or _SETS.get(name)
    if allowed is None:
        return
    spaced = name.endswith("Event") and (resource, name) != ("Calls", "StatusCallbackEvent")
    words = [word for value in values for word in (value.split() if spaced else [value])]
    for word in words:
        if word not in allowed:
            yield f"{word!r} is unknown; allowed: {', '.join(sorted(allowed))}"


def _range_faults(resource: str, name: str, values: Sequence[str]) -> Iterator[str]:
    bounds = _TIMEOUTS.get(resource) if name == "Timeout" else _RANGES.get(name)
    for value in values:
        if bounds and value.isdecimal() and not bounds[0] <= int(value) <= bounds[1]:
            yield f"{value} must be {bounds[0]} to {bounds[1]}"
        longest = _LENGTHS.get((resource, name))
        if longest and len(value) > longest:
            yield f"{len(value)} characters; at most {longest}"
