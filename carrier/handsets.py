"""The telephones of people: what each one does, hears and is told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from carrier import legs, transcriptions
from carrier.hearing import Heard, stamp
from carrier.legs import Misdialled
from carrier.persons import Person, PersonPlan
from carrier.sounds import is_recorded
from carrier.voices import AWAY_SECONDS, UNASKED_SECONDS, Voice, peers_of

if TYPE_CHECKING:
    from carrier.calls import Call
    from carrier.network import Network

KEPT = 500


class Handset:
    """One telephone, known by its number or `client:` name. It has at most one call at a time."""

    def __init__(self, network: Network, number: str) -> None:
        self.network, self.number = network, number
        self.call: Call | None = None
        self.heard: list[Heard] = []
        self.messages: list[dict[str, object]] = []
        self.accepts_messages = True
        self.plan: PersonPlan | None = None
        self.person: Person | None = None
        self.voice: Voice | None = None

    @property
    def state(self) -> str:
        """One of idle, ringing, calling, talking."""
        if self.call is None:
            return "idle"
        if self.call.status == "in-progress":
            return "talking"
        return "calling" if self.call.route.direction == "inbound" else "ringing"

    def changed(self) -> None:
        """Tell whoever watches this handset that something about it is new."""
        self.network.tell_watchers(self.number)

    def hear(self, piece: Heard) -> None:
        """Remember what is heard; only the last pieces are kept."""
        self.heard.append(piece)
        del self.heard[:-KEPT]
        self.changed()

    def take(self, call: Call, plan: PersonPlan | None) -> None:
        """Be occupied with a call from now on; a scripted person, if there is one, takes it in hand."""
        self.call = call
        chosen = plan or self.plan
        self.person = Person(self, call, chosen) if chosen else None
        self.changed()
        if self.person:
            self.person.begin()

    def free(self, call: Call) -> None:
        """Be idle again after this call."""
        if self.call is call:
            if self.person:
                self.person.stop()
            self.call = self.person = None
            self.changed()

    def met(self) -> None:
        """Notice that another person can be heard now."""
        if self.person:
            self.person.met()
        self.changed()

    def left_alone(self) -> None:
        """Notice that the other person has hung up."""
        if self.person:
            self.person.left_alone()
        self.changed()

    def picked_up(self, call: Call) -> None:
        """Notice that the line that was called has answered."""
        self.changed()

    @property
    def busy(self) -> bool:
        """Whether this telephone is in a call."""
        return self.call is not None

    @property
    def speak_seconds(self) -> float | None:
        """How long a scripted person talks into a recording; None when only a key or the end stops it."""
        return self.person.speak_seconds if self.person else None

    def gather_began(self) -> None:
        """Notice that a key or a sentence is being waited for."""
        if self.person:
            self.person.gather_began()
        self.changed()

    def dial(self, to: str, *, withheld: str = "", plan: PersonPlan | None = None) -> Call:
        """Call a line; raises `Misdialled` when the handset is busy or no line has this number."""
        if self.call is not None:
            raise Misdialled(f"the handset is {self.state}: hang up first")
        return legs.dial_in(self, to, withheld=withheld, plan=plan)

    def answer(self) -> None:
        """Take the call that rings; raises `Misdialled` when none does."""
        legs.answer(self._call_in("ringing"))

    def reject(self) -> None:
        """Refuse the call that rings; raises `Misdialled` when none does."""
        legs.end(self._call_in("ringing"), "busy", by="person")

    def hang_up(self) -> None:
        """End the call, in whatever state; raises `Misdialled` when there is none."""
        call = self._call_in("ringing", "calling", "talking")
        status = {"ringing": "busy", "calling": "no-answer"}.get(self.state, "completed")
        legs.end(call, status, by="person")

    def press(self, digits: str) -> None:
        """Press keys one after another during the call; raises `Misdialled` without a call."""
        call = self._call_in("talking", "calling")
        for number, key in enumerate(digits):
            delay = number * self.network.options.digit_seconds
            self.network.after(delay, partial(self._press_one, call, key))

    def _press_one(self, call: Call, key: str) -> None:
        if not call.ended:
            call.digit(key)

    def speak(self, text: str) -> None:
        """Say a sentence into the call; raises `Misdialled` without a call."""
        call = self._call_in("talking")
        transcriptions.spoken(call, text)
        call.speech(text)

    def _call_in(self, *states: str) -> Call:
        if self.call is None or self.state not in states:
            raise Misdialled(f"the handset is {self.state}, which does not allow this")
        return self.call

    def lend_voice(self, session: str) -> None:
        """Let this page speak and listen for the person from now on; the page that did so before falls silent."""
        if self.voice is not None and self.voice.session == session:
            return
        self.voice = Voice(session)
        self.changed()
        for sid in self.call.talks_with if self.call else ():
            self.network.calls[sid].party.changed()

    def page_left(self) -> None:
        """The last stream of the page that speaks here has ended: unless it comes back, its person has hung up."""
        if self.voice is not None and self.call is not None:
            self.network.after(AWAY_SECONDS, partial(self._hang_up_without, self.voice, self.call))

    def page_asked(self) -> None:
        """The page that speaks here has no stream and asks; once it no longer does, its person has hung up."""
        if self.voice is None:
            return
        if self.voice.asked_at is None:
            self.network.after(UNASKED_SECONDS, partial(self._look_whether_asked, self.voice))
        self.voice.asked_at = self.network.now

    def _look_whether_asked(self, voice: Voice) -> None:
        if voice.is_followed(self.network.now) and self.voice is voice:
            self.network.after(UNASKED_SECONDS, partial(self._look_whether_asked, voice))
            return
        voice.asked_at = None
        if self.call is not None:
            self._hang_up_without(voice, self.call)

    def _hang_up_without(self, voice: Voice, call: Call) -> None:
        is_gone = self.voice is voice and not voice.is_followed(self.network.now)
        if is_gone and self.call is call and self.state in {"talking", "calling"} and self.person is None:
            self.hang_up()

    @property
    def since(self) -> str | None:
        """When the present state began; None for an idle handset."""
        milestone = {"talking": "answered", "ringing": "ringing", "calling": "created"}.get(self.state, "")
        return stamp(self.call.times.get(milestone)) if self.call else None

    def as_json(self) -> dict[str, object]:
        """Return what the handset API shows."""
        call = self.call
        other = ""
        if call is not None:
            inbound = call.route.direction == "inbound"
            other = (call.route.forwarded_from or call.route.to) if inbound else call.route.from_
        return {
            "number": self.number,
            "state": self.state,
            "call": call.sid if call else None,
            "with": other or None,
            "since": self.since,
            "voice": self.voice.session if self.voice else None,
            "peers": peers_of(call) if call else [],
            "recording": is_recorded(call) if call else False,
            "heard": [piece.as_json() for piece in self.heard],
            "messages": list(self.messages),
            "gather": bool(call and call.wants_keys),
            "accepts_messages": self.accepts_messages,
        }
