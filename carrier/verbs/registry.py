"""Which activity carries out which verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from carrier.twiml import model
from carrier.verbs.conference import Conferring
from carrier.verbs.dial import Dialling, DiallingNothing
from carrier.verbs.dial_numbers import DiallingNumbers
from carrier.verbs.dial_queue import DiallingQueue
from carrier.verbs.enqueue import Enqueueing
from carrier.verbs.flow import HangingUp, Leaving, Redirecting, Rejecting, Starting, Stopping
from carrier.verbs.gather import Gathering
from carrier.verbs.prompts import Sounding
from carrier.verbs.record import RecordingVoice

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.verbs.activity import Activity


def _dialling(script: Script, verb: model.Dial) -> Dialling:
    for noun in verb.nouns:
        match noun:
            case model.Conference():
                return Conferring(script, verb, noun)
            case model.Queue():
                return DiallingQueue(script, verb, noun)
            case _:
                return DiallingNumbers(script, verb)
    return DiallingNothing(script, verb)


# Any: each activity takes its own kind of verb; the key is that kind.
_BY_VERB: Mapping[type, Callable[[Any, Any], Activity]] = {
    model.Say: Sounding,
    model.Play: Sounding,
    model.Pause: Sounding,
    model.Gather: Gathering,
    model.Record: RecordingVoice,
    model.Redirect: Redirecting,
    model.Hangup: lambda script, _: HangingUp(script),
    model.Reject: Rejecting,
    model.Leave: lambda script, _: Leaving(script),
    model.Enqueue: Enqueueing,
    model.Dial: _dialling,
    model.Start: Starting,
    model.Stop: Stopping,
}


def activity_for(script: Script, verb: model.Verb) -> Activity:
    """Return the verb at work on this script."""
    return _BY_VERB[type(verb)](script, verb)
