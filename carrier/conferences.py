"""Conference rooms: who is in, who hears whom, and when a room starts and ends (docs voice/twiml/conference)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from carrier.callbacks import CallbackTarget
from carrier.conference_events import tell
from carrier.recordings import Recording
from carrier.waiting import Waiting, WaitSource

if TYPE_CHECKING:
    from carrier.calls import Call
    from carrier.network import Network

ON_ENTER, ON_EXIT = ("true", "onEnter"), ("true", "onExit")


class Refused(ValueError):
    """A leg may not join: Twilio's error code and why."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True)
class Seat:
    """How somebody joins. `callback` counts only from the first to join; `wait_url` None means the default music."""

    label: str = ""
    muted: bool = False
    beep: str = "true"
    coach: str = ""
    start_on_enter: bool = True
    end_on_exit: bool = False
    wait_url: str | None = None
    wait_method: str = "POST"
    callback: CallbackTarget | None = None
    record: bool = False
    recording: CallbackTarget | None = None
    most: int = 250


@dataclass(eq=False)
class Participant:
    """A leg in a room, or one that is being called into it (`joined` is None then)."""

    conference: Conference
    call: Call
    seat: Seat
    left: Callable[[], None]
    created: datetime
    joined: datetime | None = None
    updated: datetime | None = None
    muted: bool = False
    hold: bool = False
    end_on_exit: bool = False
    beep_on_exit: bool = True
    coach: str = ""
    waiting: Waiting | None = None
    announcing: Waiting | None = None

    def audience(self, others: frozenset[str]) -> frozenset[str]:
        """Return who of `others` hears this participant: nobody when muted, the coached leg alone when coaching."""
        if self.muted:
            return frozenset()
        return others & {self.coach} if self.coach else others

    def play(self, source: WaitSource | None) -> None:
        """Let this participant alone hear a wait document, or nothing of the sort."""
        if self.waiting is not None:
            self.waiting.stop()
        self.waiting = None
        if source is not None:
            self.waiting = Waiting(self.call, source, lambda _: None)
            self.waiting.start()


@dataclass(eq=False)
class Conference:
    """One room; `status` is init, in-progress or completed. The name may be used again when it has ended."""

    network: Network
    name: str
    sid: str
    created: datetime
    status: str = "init"
    updated: datetime | None = None
    callback: CallbackTarget | None = None
    sequence: int = 0
    participants: list[Participant] = field(default_factory=list)
    reason_ended: str = ""
    ended_by_call: str = ""
    recording: Recording | None = None
    wants_recording: Seat | None = None

    @property
    def present(self) -> list[Participant]:
        """Those who have joined, in order."""
        return [p for p in self.participants if p.joined is not None]

    def expect(self, call: Call, seat: Seat, left: Callable[[], None]) -> Participant:
        """Keep a place for a leg; raises `Refused`: label taken (16025), nobody to coach (13240), room full."""
        self._check(seat)
        if self.callback is None and not self.participants:
            self.callback = seat.callback
        participant = Participant(
            self, call, seat, left, self.network.now,
            muted=seat.muted, end_on_exit=seat.end_on_exit, coach=seat.coach, beep_on_exit=seat.beep in ON_EXIT,
        )  # fmt: skip
        self.participants.append(participant)
        return participant

    def _check(self, seat: Seat) -> None:
        if seat.label and any(p.seat.label == seat.label for p in self.participants):
            raise Refused(16025, f"the label {seat.label} is taken in this conference")
        if seat.coach and all(p.call.sid != seat.coach for p in self.participants):
            raise Refused(13240, "the call to coach is not in this conference")
        if len(self.participants) >= seat.most:
            raise Refused(16020, f"the conference is full ({seat.most} participants)")

    def enter(self, participant: Participant) -> None:
        """Let an expected leg in; the room starts with the second, if anybody in it may start it."""
        participant.joined = participant.updated = self.updated = self.network.now
        tell(self, "participant-join", participant)
        if participant.seat.record and self.wants_recording is None:
            self.wants_recording = participant.seat
        if participant.seat.beep in ON_ENTER:
            self._beep_others(participant)
        present = self.present
        if self.status == "init":
            if len(present) > 1 and any(p.seat.start_on_enter for p in present):
                self._begin()
            else:
                participant.play(self._wait_of(participant))
        self._mix()

    def _begin(self) -> None:
        self.status, self.updated = "in-progress", self.network.now
        tell(self, "conference-start", None)
        for participant in self.present:
            if not participant.hold:
                participant.play(None)
        seat = self.wants_recording
        if seat is not None:
            first = self.present[0].call
            self.recording = self.network.record(
                first, source="Conference", channels=1, target=seat.recording, conference=self.sid
            )

    def leave(self, participant: Participant, reason: str) -> None:
        """Take a leg out; `reason` is a ReasonParticipantLeft. The room may end with it."""
        if participant not in self.participants:
            return
        was_present = participant.joined is not None
        self.participants.remove(participant)
        participant.play(None)
        self._stop_announcing(participant)
        participant.call.talk_with(frozenset())
        self.updated = self.network.now
        tell(self, "participant-leave", participant, extra={"ReasonParticipantLeft": reason})
        if was_present and participant.beep_on_exit:
            self._beep_others(participant)
        self._mix()
        kicked = reason == "participant_updated_via_api"
        if was_present and participant.end_on_exit:
            verb = "kicked" if kicked else "left"
            self.end(f"participant-with-end-conference-on-exit-{verb}", participant)
        elif not self.participants:
            self.end("last-participant-kicked" if kicked else "last-participant-left", participant)

    def end(self, reason: str, by: Participant | None = None) -> None:
        """End the room: everybody leaves and goes on with what follows for them."""
        if self.status == "completed":
            return
        self.status, self.updated, self.reason_ended = "completed", self.network.now, reason
        self.ended_by_call = by.call.sid if by else ""
        remaining, self.participants = self.participants, []
        why = "conference_ended_via_api" if by is None else "moderator_ended_conference"
        for participant in remaining:
            participant.play(None)
            self._stop_announcing(participant)
            participant.call.talk_with(frozenset())
            tell(self, "participant-leave", participant, extra={"ReasonParticipantLeft": why})
        extra = {"ReasonConferenceEnded": reason, "Reason": reason}
        if by is not None:
            extra |= {"CallSidEndingConference": by.call.sid, "ParticipantLabelEndingConference": by.seat.label}
        tell(self, "conference-end", None, extra=extra)
        if self.recording is not None:
            self.recording.stop()
        for participant in remaining:
            participant.left()

    def set_hold(self, participant: Participant, source: WaitSource | None) -> None:
        """Put somebody on hold with this sound, or with None take the hold away."""
        participant.hold = source is not None
        participant.updated = self.network.now
        still_waiting = source is None and self.status == "init" and participant.joined is not None
        participant.play(self._wait_of(participant) if still_waiting else source)
        tell(self, "participant-hold" if source is not None else "participant-unhold", participant)
        self._mix()

    def set_muted(self, participant: Participant, *, muted: bool) -> None:
        """Mute or unmute somebody."""
        if participant.muted != muted:
            participant.muted, participant.updated = muted, self.network.now
            tell(self, "participant-mute" if muted else "participant-unmute", participant)
            self._mix()

    def set_coach(self, participant: Participant, target: str) -> None:
        """Let only the leg `target` hear somebody from now on; an empty target ends that."""
        participant.coach = target
        self._mix()

    def announce(self, participant: Participant, url: str, method: str) -> None:
        """Play a document to one participant, once."""
        self._stop_announcing(participant)

        def over(ending: str) -> None:
            participant.announcing = None
            tell(self, "announcement-fail" if ending == "failed" else "announcement-end", participant)

        participant.announcing = Announcement(participant.call, WaitSource(url, method, "announce"), over)
        participant.announcing.start()

    def _stop_announcing(self, participant: Participant) -> None:
        if participant.announcing is not None:
            participant.announcing.stop()
            participant.announcing = None

    def _beep_others(self, participant: Participant) -> None:
        for other in self.present:
            if other is not participant and not other.hold:
                other.call.beep()

    def _mix(self) -> None:
        talking = [p for p in self.present if not p.hold] if self.status == "in-progress" else []
        for participant in self.present:
            others = frozenset(p.call.sid for p in talking if p is not participant)
            here = others if participant in talking else frozenset()
            participant.call.talk_with(here, heard_by=participant.audience(here))

    def _wait_of(self, participant: Participant) -> WaitSource:
        seat = participant.seat
        return WaitSource(seat.wait_url, seat.wait_method, "conference-wait", self._form)

    def _form(self) -> tuple[tuple[str, str], ...]:
        return (("ConferenceSid", self.sid), ("FriendlyName", self.name))


class Announcement(Waiting):
    """A document played once to one participant; `ended` hears how it ended."""

    def _over(self, ending: str) -> None:
        self._ended(ending)
