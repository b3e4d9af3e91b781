"""Dial with Conference: being in a room until it ends or one leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carrier.callbacks import CallbackTarget
from carrier.conferences import Participant, Refused, Seat
from carrier.twiml.model import Conference, Dial
from carrier.verbs.dial import Dialling, outcome

if TYPE_CHECKING:
    from carrier.schedule import Timer
    from carrier.script import Script


class Conferring(Dialling):
    """A leg in a conference; `action` hears DialCallStatus answered when it has left."""

    def __init__(self, script: Script, verb: Dial, noun: Conference) -> None:
        super().__init__(script, verb)
        self._noun = noun
        self._participant: Participant | None = None
        self._timer: Timer | None = None

    def start(self) -> None:
        """Join the room, which is made when there is none of this name."""
        self.network.pick_up(self.call)
        room = self.network.conference_named(self._noun.content)
        try:
            self._participant = room.expect(self.call, self._seat(), self._left)
        except Refused as refused:
            self.script.warn(refused.code, str(refused))
            self.conclude(outcome("failed"))
            return
        self._timer = self.network.after(self.verb.time_limit, self._leave)
        room.enter(self._participant)

    def digit(self, key: str) -> None:
        """Leave with a star, if hangupOnStar asks for that."""
        if key == "*" and self.verb.hangup_on_star:
            self._leave()

    def stop(self, why: str) -> None:
        """Leave because the leg has gone, or goes elsewhere."""
        participant = self._put_down()
        if participant is None:
            return
        self.abandon(why, outcome("answered", sid=self.call.sid, bridged=True))
        reason = "participant_hung_up" if why == "hangup" else "participant_updated_via_api"
        if self.call.ended_by in ("api", "network"):
            reason = "participant_updated_via_api"
        participant.conference.leave(participant, reason)

    def _leave(self) -> None:
        participant = self._put_down()
        if participant is not None:
            participant.conference.leave(participant, "participant_hung_up")
            self.conclude(outcome("answered", sid=self.call.sid, bridged=True))

    def _left(self) -> None:
        self._put_down()
        self.conclude(outcome("answered", sid=self.call.sid, bridged=True))

    def _put_down(self) -> Participant | None:
        if self._timer is not None:
            self._timer.cancel()
        participant, self._participant = self._participant, None
        return participant

    def _seat(self) -> Seat:
        noun, absolute = self._noun, self.script.absolute
        callback = None
        if noun.status_callback:
            callback = CallbackTarget(
                absolute(noun.status_callback), noun.status_callback_method, frozenset(noun.status_callback_event)
            )
        recording = CallbackTarget(
            absolute(noun.recording_status_callback),
            noun.recording_status_callback_method,
            frozenset(noun.recording_status_callback_event),
        )
        return Seat(
            label=noun.participant_label,
            muted=noun.muted,
            beep=noun.beep,
            coach=noun.coach,
            start_on_enter=noun.start_conference_on_enter,
            end_on_exit=noun.end_conference_on_exit,
            wait_url=absolute(noun.wait_url) if noun.wait_url else noun.wait_url,
            wait_method=noun.wait_method,
            callback=callback,
            record=noun.record != "do-not-record",
            recording=recording,
            most=noun.max_participants,
        )
