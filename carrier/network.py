"""The carrier's engine: everything it knows, its agenda, and no clock, sleep or socket of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from carrier import legs, sounds
from carrier.aggregator.texts import AggregatedText
from carrier.callbacks import CallbackTarget
from carrier.calls import Call, Party, Route
from carrier.conferences import Conference
from carrier.dice import Dice
from carrier.handsets import Handset
from carrier.lines import CalledLine, Line
from carrier.messages import Message
from carrier.numbers import masked, normalise
from carrier.options import Account, Faults, Options
from carrier.outgoing import Done, Outcome, Request, Send
from carrier.queues import CallQueue
from carrier.recordings import Recording
from carrier.schedule import Action, Agenda, Timer
from carrier.script import Script
from carrier.twiml.model import Verb
from carrier.verbs.activity import Activity
from carrier.verbs.registry import activity_for

_log = logging.getLogger("carrier")
MAGIC_CALLER = "+15005550006"


@dataclass(frozen=True)
class Alert:
    """What Twilio's debugger would show: a code, plain words, and the call and URL concerned."""

    at: datetime
    level: str
    code: int
    message: str
    call: str
    url: str


class Network:
    """One pretend telephone network with one account.

    `send` carries requests to the app and must call its `done` later, as an event of this network. `start` is the
    engine's first moment (aware). Time moves only by `step`, `run_for` and `run_until`.
    """

    def __init__(
        self, *, account: Account, start: datetime, send: Send, seed: int = 0, options: Options | None = None
    ) -> None:
        self.account, self.options = account, options or Options()
        self.faults = Faults()
        self.dice = Dice(seed)
        self._agenda = Agenda(start)
        self._carry = send
        self._generation = 0
        self.started = start
        self.watchers: list[Callable[[str], None]] = []
        self.reset()

    def reset(self) -> None:
        """Forget everything but the account, the options and the watchers; what was under way never happens."""
        known = list(self.handsets) if self._generation else []
        self._generation += 1
        self._agenda = Agenda(self._agenda.now)
        self.faults = Faults()
        self.lines: dict[str, Line] = {}
        self.aliases: dict[str, str] = {}
        self.handsets: dict[str, Handset] = {}
        self.calls: dict[str, Call] = {}
        self.queues: dict[str, CallQueue] = {}
        self.conferences: dict[str, Conference] = {}
        self.rooms: dict[str, Conference] = {}
        self.recordings: dict[str, Recording] = {}
        self.recording_now: list[Recording] = []
        self.messages: dict[str, Message] = {}
        self.aggregated: dict[str, AggregatedText] = {}
        self.unsubscribed: set[tuple[str, str]] = set()
        self.alerts: list[Alert] = []
        self.directory: dict[str, list[tuple[str, str]]] = {"lines": [], "handsets": []}
        self.desk_url = ""
        self._last_turn: datetime | None = None
        self._tokens, self._counted_at = self.options.rest_rate, self.now
        for number in known:
            self.tell_watchers(number)

    # -- time ------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The engine's present time."""
        return self._agenda.now

    def after(self, seconds: float, action: Action) -> Timer:
        """Let something happen `seconds` from now."""
        return self._agenda.after(seconds, action)

    def at(self, moment: datetime, action: Action) -> Timer:
        """Let something happen at `moment`."""
        return self._agenda.at(moment, action)

    def next_time(self) -> datetime | None:
        """Return when the next event is due, or None."""
        return self._agenda.next_time()

    def step(self) -> bool:
        """Let the next event happen; returns False when there is none."""
        return self._agenda.step()

    def run_until(self, moment: datetime) -> None:
        """Let everything due up to `moment` happen."""
        self._agenda.run_until(moment)

    def run_for(self, seconds: float) -> None:
        """Let the next `seconds` of engine time happen."""
        self.run_until(self.now + timedelta(seconds=seconds))

    def next_turn(self) -> datetime:
        """Return when the next paced call may start, and take that turn (`cps` calls per second)."""
        turn = self.now
        if self._last_turn is not None:
            turn = max(turn, self._last_turn + timedelta(seconds=1 / self.options.cps))
        self._last_turn = turn
        return turn

    def over_rate(self) -> bool:
        """Count one REST request; says whether it is more than `rest_rate` per second allows (20429)."""
        rate = self.options.rest_rate
        if not rate:
            return False
        gained = (self.now - self._counted_at).total_seconds() * rate
        self._tokens, self._counted_at = min(rate, self._tokens + gained), self.now
        if self._tokens < 1:
            return True
        self._tokens -= 1
        return False

    def send(self, request: Request, done: Done) -> None:
        """Hand a request to whatever carries it to the app."""
        generation = self._generation

        def answered(outcome: Outcome) -> None:
            if generation == self._generation:  # what was under way before a reset is forgotten
                done(outcome)

        self._carry(request, answered)

    # -- people and lines ------------------------------------------------------------------------------------

    def handset(self, number: str) -> Handset:
        """Return the telephone with this number (any Korean form), which springs into being when first named."""
        address = normalise(number)
        if address not in self.handsets:
            self.handsets[address] = Handset(self, address)
        return self.handsets[address]

    def party(self, address: str) -> Party:
        """Return who is at an address: one of the account's own lines, else a handset."""
        number = self.aliases.get(address, address)
        return CalledLine(self, address) if number in self.lines else self.handset(address)

    def alias(self, public: str, did: str) -> None:
        """Let calls to a public number arrive at a DID, with the public number in ForwardedFrom."""
        self.aliases[normalise(public)] = normalise(did)

    def owns(self, number: str) -> bool:
        """Say whether calls and texts may show this number: a line, an alias of one, or Twilio's magic caller."""
        return number in self.lines or number in self.aliases or number == MAGIC_CALLER

    def may_show(self, number: str, route: Route) -> bool:
        """Say whether Dial may use this callerId: the call's own From or To, or a number of the account."""
        return number in (route.from_, route.to, route.forwarded_from) or self.owns(number)

    def tell_watchers(self, number: str) -> None:
        """Tell those who watch handsets that this one has changed."""
        for watcher in self.watchers:
            watcher(number)

    # -- what verbs need -------------------------------------------------------------------------------------

    def activity(self, script: Script, verb: Verb) -> Activity:
        """Return the verb at work."""
        return activity_for(script, verb)

    def pick_up(self, call: Call) -> None:
        """Let the line answer an incoming call."""
        legs.pick_up(call)

    def queue_named(self, name: str) -> CallQueue:
        """Return the queue with this name or sid; a new name makes a new queue."""
        for queue in self.queues.values():
            if name in (queue.name, queue.sid):
                return queue
        queue = CallQueue(self, name)
        self.queues[queue.sid] = queue
        return queue

    def conference_named(self, name: str) -> Conference:
        """Return the room with this name that has not ended, or a new one."""
        room = self.live_conference(name)
        if room is None:
            room = Conference(self, name, self.dice.sid("CF"), self.now)
            self.conferences[room.sid] = room
            self.rooms[name] = room
        return room

    def live_conference(self, name: str) -> Conference | None:
        """Return the room with this name or sid that has not ended."""
        room = self.rooms.get(name) or self.conferences.get(name)
        return room if room is not None and room.status != "completed" else None

    def record(
        self, call: Call, *, source: str, channels: int, target: CallbackTarget | None, conference: str = ""
    ) -> Recording:
        """Begin a recording; one of a call ends with that call."""
        recording = Recording(
            self, self.dice.sid("RE"), call.sid, source, self.now, channels, conference, target=target
        )
        self.recordings[recording.sid] = recording
        self.recording_now.append(recording)
        recording.begin()
        sounds.tell(recording)
        if not conference:
            call.at_end.append(recording.stop)
        return recording

    def own_recording(self, url: str) -> Recording | None:
        """Return the recording of this carrier that a URL names, which apps may play; None for any other sound."""
        sid = urlsplit(url).path.rpartition("/")[2].removesuffix(".wav")
        return self.recordings.get(sid) if url.startswith(self.options.public_url) else None

    def stop_recordings(self, call: Call) -> None:
        """End the recordings of a call that are running."""
        for recording in self.recordings.values():
            if recording.call == call.sid and not recording.conference:
                recording.stop()

    # -- what is noted ---------------------------------------------------------------------------------------

    def alert(self, code: int, message: str, *, call: str = "", url: str = "", level: str = "error") -> None:
        """Note an error or a warning for `GET /debug/alerts`."""
        self.alerts.append(Alert(self.now, level, code, message, call, url))
        _log.info("%s %d %s %s", level, code, call, message)

    def log(self, what: str, call: str, number: str = "") -> None:
        """Write one line about a call event, with the number masked."""
        _log.info("%s %s %s %s", self.now.isoformat(timespec="milliseconds"), call, what, masked(number))
