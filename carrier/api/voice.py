"""How pages lend a handset their voice: taking it, signals to and from the other pages of a call, and sound."""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, jsonify, make_response, request

from carrier.api.door import Refused, body, gate, text
from carrier.handsets import Handset
from carrier.sounds import record
from carrier.voices import Signal, Undeliverable, relay

blueprint = Blueprint("voice", __name__, url_prefix="/handsets")
MOST_BYTES = 16_384
MOST_SOUND_BYTES = 65_536
MOST_LATE = timedelta(seconds=20)
_SESSION = re.compile(r"[A-Za-z0-9-]{8,64}")


@blueprint.put("/<number>/voice")
def lend(number: str) -> Response:
    """Take the handset's voice for the page `session`; the newest page has it."""
    session = _session(body())
    with gate().entered() as network:
        handset = network.handset(number)
        handset.lend_voice(session)
        return jsonify(handset.as_json())


@blueprint.post("/<number>/voice")
def collect(number: str) -> Response:
    """Return the state and, to the page that holds the voice, its signals: for pages without a stream."""
    session = _session(body())
    with gate().entered() as network:
        handset = network.handset(number)
        held = handset.voice is not None and handset.voice.session == session
        if held:
            handset.page_asked()
        signals = handset.voice.collect() if handset.voice is not None and held else []
        return jsonify({**handset.as_json(), "signals": signals})


@blueprint.post("/<number>/signals")
def send(number: str) -> Response:
    """Hand a session description or an ICE candidate to the page of a peer."""
    if len(request.get_data()) > MOST_BYTES:
        raise Refused(f"a signal may have {MOST_BYTES} bytes", 413)
    given = body()
    session, to, voice, signal = _session(given), text(given, "to"), text(given, "voice"), _signal(given)
    with gate().entered() as network:
        handset = network.handset(number)
        _check_holds(handset, session)
        try:
            relay(handset, to, voice=voice, signal=signal)
        except Undeliverable as error:
            raise Refused(str(error), 409) from None
    return make_response("", 204)


@blueprint.post("/<number>/sound")
def take_sound(number: str) -> Response:
    """Take what was said at the page's microphone: 16-bit samples at 8 kHz, from the moment `at` on (milliseconds)."""
    samples, at = _samples(), _moment(request.args.get("at", ""))
    session = _session(request.args)
    with gate().entered() as network:
        handset = network.handset(number)
        _check_holds(handset, session)
        if abs(at - network.now) > MOST_LATE:
            raise Refused("the sound is from another time: at is the moment of its first sample")
        if handset.call is not None:
            record(handset.call, samples, at)
    return make_response("", 204)


def _samples() -> array[int]:
    content = request.get_data()
    if not content or len(content) % 2:
        raise Refused("the body must be samples of 16 bits, the low byte first")
    if len(content) > MOST_SOUND_BYTES:
        raise Refused(f"a piece of sound may have {MOST_SOUND_BYTES} bytes", 413)
    samples = array("h", content)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _moment(written: str) -> datetime:
    if not written.isascii() or not written.isdigit() or len(written) > 14:
        raise Refused("at must be the milliseconds since 1970 of the first sample")
    return datetime.fromtimestamp(int(written) / 1000, UTC)


def _check_holds(handset: Handset, session: str) -> None:
    if handset.voice is None or handset.voice.session != session:
        raise Refused("another page speaks for this handset now: take its voice first", 409)


def _session(given: Mapping[str, object]) -> str:
    session = text(given, "session")
    if not _SESSION.fullmatch(session):
        raise Refused("session must be 8 to 64 letters, digits or dashes that name this page")
    return session


def _signal(given: Mapping[str, object]) -> Signal:
    kinds = [kind for kind in ("description", "candidate") if kind in given]
    if len(kinds) != 1 or not isinstance(given[kinds[0]], dict):
        raise Refused("give a description or a candidate, as an object")
    link = given.get("link", "")
    if not isinstance(link, str) or len(link) > 64:
        raise Refused("link must be a text of at most 64 letters")
    return {"link": link, kinds[0]: given[kinds[0]]}
