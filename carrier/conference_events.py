"""What a conference tells its status callback, in the order of its own sequence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from carrier import callbacks
from carrier.callbacks import rfc2822

if TYPE_CHECKING:
    from carrier.conferences import Conference, Participant

# The word that subscribes to each event (docs voice/twiml/conference, statusCallbackEvent).
_WORDS: Mapping[str, str] = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
    "participant-modify": "modify",
    "announcement-end": "announcement",
    "announcement-fail": "announcement",
}


def tell(
    conference: Conference,
    event: str,
    participant: Participant | None,
    *,
    extra: Mapping[str, str] | None = None,
) -> None:
    """Send one conference event, if the first participant asked for it; every event takes a SequenceNumber."""
    conference.sequence += 1
    target = conference.callback
    if target is None or not target.url or _WORDS[event] not in target.events:
        return
    form = {
        "AccountSid": conference.network.account.sid,
        "ConferenceSid": conference.sid,
        "FriendlyName": conference.name,
        "StatusCallbackEvent": event,
        "SequenceNumber": str(conference.sequence),
        "Timestamp": rfc2822(conference.network.now),
    }
    if participant is not None:
        form |= _about(participant)
    form |= {key: value for key, value in (extra or {}).items() if value}
    callbacks.send(conference.network, target, form)


def _about(participant: Participant) -> dict[str, str]:
    about = {
        "CallSid": participant.call.sid,
        "Muted": str(participant.muted).lower(),
        "Hold": str(participant.hold).lower(),
        "Coaching": str(bool(participant.coach)).lower(),
        "EndConferenceOnExit": str(participant.end_on_exit).lower(),
        "StartConferenceOnEnter": str(participant.seat.start_on_enter).lower(),
        "ParticipantCallStatus": participant.call.status,
    }
    if participant.coach:
        about["CallSidToCoach"] = participant.coach
    if participant.seat.label:
        about["ParticipantLabel"] = participant.seat.label
    return about
