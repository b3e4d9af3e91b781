"""The life of a leg: dialled, rung, answered, ended; each step tells the app and the person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from carrier import callbacks
from carrier.calls import Call, Entry, Party, Route
from carrier.numbers import normalise
from carrier.script import Script

if TYPE_CHECKING:
    from carrier.callbacks import CallbackTarget
    from carrier.handsets import Handset
    from carrier.network import Network
    from carrier.persons import PersonPlan

Answered: TypeAlias = Callable[[Call], None]
TIME_LIMIT = 14400.0


class Misdialled(ValueError):
    """What a handset was asked to do does not fit its state; says what to do instead."""


@dataclass(frozen=True)
class Placement:
    """How a leg is placed: `timeout` and `time_limit` in seconds, and what happens on answer and at the end.

    `paced` legs wait for their turn under the calls-per-second limit (Calls REST only, never Dial).
    """

    answered: Callable[[Call], None]
    ended: Callable[[Call], None] | None = None
    callback: CallbackTarget | None = None
    timeout: float = 60.0
    time_limit: float = TIME_LIMIT
    paced: bool = False


def place(network: Network, route: Route, placement: Placement) -> Call:
    """Call somebody from the network; the leg rings after the set-up time and, if paced, its wait in the queue."""
    call = Call(network, network.dice.sid("CA"), route, network.party(route.to), callback=placement.callback)
    network.calls[call.sid] = call
    call.mark("created")
    if placement.ended is not None:
        call.at_end.append(partial(placement.ended, call))
    turn = network.next_turn() if placement.paced else network.now
    limit = network.now + timedelta(seconds=network.options.queue_limit_seconds)
    if turn > limit:
        call.timers.append(network.at(limit, lambda: _aged_out(call)))
    else:
        call.queue_seconds = (turn - network.now).total_seconds()
        call.timers.append(network.at(turn, lambda: _initiate(call, placement)))
    return call


def _aged_out(call: Call) -> None:
    call.network.alert(22005, "the call waited too long in the queue", call=call.sid)
    end(call, "failed", by="network")


def _initiate(call: Call, placement: Placement) -> None:
    network = call.network
    call.status = "initiated"
    call.mark("initiated")
    callbacks.progress(call, "initiated")
    call.timers.append(network.after(network.options.setup_seconds, lambda: _ring(call, placement)))


def _ring(call: Call, placement: Placement) -> None:
    network = call.network
    if call.party.busy:
        end(call, "busy", by="network")
        return
    call.status = "ringing"
    call.mark("ringing")
    network.log("ringing", call.sid, call.route.to)
    callbacks.progress(call, "ringing")
    ring = call.hear("ring")

    def answered(_: Call) -> None:
        call.quiet(ring, complete=True)
        call.timers.append(network.after(placement.time_limit, lambda: end(call, "completed", by="network")))
        placement.answered(call)

    call.on_answer = answered
    call.at_end.append(lambda: ring.close(network.now, complete=False))
    wait = placement.timeout + network.options.ring_buffer
    call.timers.append(network.after(wait, lambda: _unanswered(call)))
    call.party.take(call, None)


def _unanswered(call: Call) -> None:
    if call.status == "ringing":
        end(call, "no-answer", by="network")


def answer(call: Call) -> None:
    """Let the person who is rung take the call."""
    if call.status != "ringing" or call.on_answer is None:
        return
    call.status = "in-progress"
    call.mark("answered")
    call.network.log("answered", call.sid)
    callbacks.progress(call, "answered")
    call.party.changed()
    call.on_answer(call)


def end(call: Call, status: str, *, by: str) -> None:
    """End a leg with its final status; `by` is person, document, api or network. Harmless when it has ended."""
    if call.ended:
        return
    # No callback for a call cancelled while still queued, nor for one that never reached the app.
    unknown = call.route.direction == "inbound" and call.script is None
    silent = call.status == "queued" or unknown
    call.status, call.ended_by = status, by
    call.mark("ended")
    for timer in call.timers:
        timer.cancel()
    if call.script is not None:
        call.script.stop("hangup")
    if call.release is not None:
        release, call.release = call.release, None
        release("hangup")
    call.talk_with(frozenset())
    for action in call.at_end:
        action()
    call.party.free(call)
    call.network.log(f"ended {status} by {by}", call.sid)
    if not silent:
        callbacks.progress(call, "completed")


def dial_in(handset: Handset, to: str, *, withheld: str = "", plan: PersonPlan | None = None) -> Call:
    """Let a person call a line; raises `Misdialled` when no line has this number.

    A public number that is an alias arrives on its DID, with the public number in ForwardedFrom.
    """
    call = arrive(handset, to, from_=withheld or handset.number)
    ring = call.hear("ring")
    call.at_end.append(lambda: ring.close(call.network.now, complete=False))
    call.on_answer = lambda _: call.quiet(ring, complete=True)
    handset.take(call, plan)
    return call


def arrive(party: Party, to: str, *, from_: str) -> Call:
    """Make an incoming leg at the line that has the number `to` and start its document after the set-up time."""
    network = party.network
    dialled = normalise(to)
    number = network.aliases.get(dialled, dialled)
    line = network.lines.get(number)
    if line is None:
        raise Misdialled(f"no line has the number {to}: create it under IncomingPhoneNumbers, or an alias")
    route = Route("inbound", from_, number, forwarded_from=dialled if dialled != number else "")
    call = Call(network, network.dice.sid("CA"), route, party, status="ringing", entry=line.entry)
    call.callback = line.callback
    network.calls[call.sid] = call
    call.mark("created")
    call.mark("ringing")
    network.log("incoming", call.sid, number)
    call.timers.append(network.after(network.options.setup_seconds, lambda: _begin(call)))
    return call


def _begin(call: Call) -> None:
    if not call.entry.url:
        end(call, "failed", by="network")
        return
    run_entry(call)


def pick_up(call: Call) -> None:
    """Let the line answer an incoming call; harmless on any other."""
    if call.route.direction == "inbound" and call.status == "ringing":
        call.status = "in-progress"
        call.mark("answered")
        call.network.log("answered by the line", call.sid)
        call.timers.append(call.network.after(TIME_LIMIT, lambda: end(call, "completed", by="network")))
        if call.on_answer:
            call.on_answer(call)
        call.party.picked_up(call)


def run_entry(call: Call) -> None:
    """Start the call's first document: the inline TwiML, or what is at its URL."""
    script = Script(call, ended=lambda ending: _document_over(call, ending))
    call.script = script
    if call.entry.twiml and not call.entry.url:
        script.read(call.entry.twiml.encode())
    else:
        script.load(call.entry.url, call.entry.method)


def redirect(call: Call, entry: Entry) -> None:
    """Take the call out of whatever it does and run another document (docs voice/api/call-resource)."""
    if call.script is not None:
        call.script.stop("redirect")
    if call.release is not None:
        release, call.release = call.release, None
        release("redirect")
    call.entry = entry
    run_entry(call)


def _document_over(call: Call, ending: str) -> None:
    if ending == "failed" and call.status == "ringing":
        end(call, "failed", by="network")
    else:
        status = {"busy": "busy", "rejected": "no-answer"}.get(ending, "completed")
        end(call, status, by="document")
