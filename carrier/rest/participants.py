"""Participants of conferences (docs voice/api/conference-participant-resource)."""

from __future__ import annotations

from functools import partial

from flask import Blueprint

from carrier import legs
from carrier.calls import Call, Route
from carrier.conferences import Conference, Participant, Refused, Seat
from carrier.network import Network
from carrier.rest import shapes
from carrier.rest.calls import addresses, placement_of, recording_target
from carrier.rest.conferences import find_conference
from carrier.rest.door import Answer, resource
from carrier.rest.errors import RestError, gone
from carrier.rest.fields import Fields
from carrier.rest.pages import page
from carrier.waiting import WaitSource

blueprint = Blueprint("participants", __name__)
_PATH = "/Conferences/<sid>/Participants"


@resource(blueprint, f"{_PATH}.json", "POST")
def create_participant(network: Network, fields: Fields, sid: str) -> Answer:
    to, from_ = addresses(network, fields)
    room = network.conferences.get(sid) or network.conference_named(sid)
    if room.status == "completed":
        raise gone(f"conference {sid} has ended")
    seat = _seat(fields)
    joining = _Joining(room)
    placement = placement_of(fields, fields.callback(), joining.answered)
    call = legs.place(network, Route("outbound-api", from_, to), placement)
    try:
        participant = room.expect(call, seat, partial(legs.end, call, "completed", by="network"))
    except Refused as refused:
        legs.end(call, "canceled", by="network")
        raise RestError(refused.code, detail=str(refused)) from None
    joining.participant = participant
    call.at_end.append(joining.ended)
    return shapes.participant(participant), 201


class _Joining:
    """A leg on its way into a room."""

    def __init__(self, room: Conference) -> None:
        self._room = room
        self.participant: Participant | None = None

    def answered(self, call: Call) -> None:
        if self.participant is not None and self._room.status != "completed":
            call.release = self._released
            self._room.enter(self.participant)

    def _released(self, why: str) -> None:
        self._leave("participant_hung_up" if why == "hangup" else "participant_updated_via_api")

    def ended(self) -> None:
        self._leave("participant_add_failed")

    def _leave(self, reason: str) -> None:
        if self.participant is not None:
            self._room.leave(self.participant, reason)


def _seat(fields: Fields) -> Seat:
    return Seat(
        label=fields.text("Label"),
        muted=fields.flag("Muted", default=False),
        beep=fields.text("Beep", "true"),
        coach=fields.text("CallSidToCoach") if fields.flag("Coaching", default=False) else "",
        start_on_enter=fields.flag("StartConferenceOnEnter", default=True),
        end_on_exit=fields.flag("EndConferenceOnExit", default=False),
        wait_url=fields.text("WaitUrl") if fields.has("WaitUrl") else None,
        wait_method=fields.method("WaitMethod"),
        callback=fields.callback("Conference", default=("start", "end")),
        record=fields.text("ConferenceRecord", "false") not in ("false", "do-not-record"),
        recording=fields.callback("ConferenceRecording") or recording_target(fields),
        most=fields.whole("MaxParticipants", 250),
    )


@resource(blueprint, f"{_PATH}.json", "GET")
def list_participants(network: Network, fields: Fields, sid: str) -> Answer:
    found = [
        participant
        for participant in find_conference(network, sid).participants
        if fields.text("Muted") in ("", str(participant.muted).lower())
        and fields.text("Hold") in ("", str(participant.hold).lower())
        and fields.text("Coaching") in ("", str(bool(participant.coach)).lower())
    ]
    return page("participants", found, shape=shapes.participant, sid=lambda participant: participant.call.sid), 200


@resource(blueprint, f"{_PATH}/<call>.json", "GET")
def read_participant(network: Network, fields: Fields, sid: str, call: str) -> Answer:
    return shapes.participant(_find(network, sid, call)), 200


@resource(blueprint, f"{_PATH}/<call>.json", "POST")
def update_participant(network: Network, fields: Fields, sid: str, call: str) -> Answer:
    participant = _find(network, sid, call)
    room = participant.conference
    participant.end_on_exit = fields.flag("EndConferenceOnExit", default=participant.end_on_exit)
    participant.beep_on_exit = fields.flag("BeepOnExit", default=participant.beep_on_exit)
    _coach(participant, fields)
    if fields.text("Muted"):
        room.set_muted(participant, muted=fields.flag("Muted", default=False))
    if fields.text("Hold"):
        held = fields.flag("Hold", default=False)
        url = fields.url("HoldUrl") or None
        source = WaitSource(url, fields.method("HoldMethod", "GET"), "conference-wait")
        room.set_hold(participant, source if held else None)
    if fields.text("AnnounceUrl"):
        room.announce(participant, fields.url("AnnounceUrl"), fields.method("AnnounceMethod"))
    return shapes.participant(participant), 200


def _coach(participant: Participant, fields: Fields) -> None:
    if not fields.text("Coaching"):
        return
    target = fields.text("CallSidToCoach") if fields.flag("Coaching", default=False) else ""
    if target and all(other.call.sid != target for other in participant.conference.participants):
        raise RestError(13240, detail="the call to coach is not in this conference")
    participant.conference.set_coach(participant, target)


@resource(blueprint, f"{_PATH}/<call>.json", "DELETE")
def remove_participant(network: Network, fields: Fields, sid: str, call: str) -> Answer:
    participant = _find(network, sid, call)
    participant.conference.leave(participant, "participant_updated_via_api")
    participant.left()
    return None, 204


def _find(network: Network, sid: str, call: str) -> Participant:
    for participant in find_conference(network, sid).participants:
        if call in (participant.call.sid, participant.seat.label):
            return participant
    raise gone(f"participant {call} of conference {sid}")
