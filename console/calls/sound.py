"""Recordings heard: a reason opens the player, and the player fetches the sound by a mark that soon ends."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Final

import structlog
from flask import Response, abort, render_template, send_file, session
from sqlalchemy.orm import Session

from console.calls.one import Reason, log_act
from console.calls.room import blueprint
from console.finding import own
from console.forms import Faults, read_form
from console.office import office
from console.visitor import STAFF, allowed
from ivr.accounts.rows import Act
from ivr.calls.rows import Call
from ivr.listening.recordings import Recording, opened_sound
from ivr.sealing import CannotOpen

# Long enough to hear a minute several times, and to go back to it.
HEARD_FOR: Final = timedelta(minutes=15)
OPENED: Final = "sounds"
MOST_OPENED: Final = 10

log = structlog.get_logger(__name__)


@blueprint.post("/<id>/recordings/<sid>")
@allowed(*STAFF)
def play(id: str, sid: str) -> str:
    """The player of one recording, for a reason that is kept."""
    given = read_form(Reason)
    with office().store.transaction() as writing:
        found = own(writing, Call, id)
        recording = _recording(writing, found, sid)
        if isinstance(given, Faults) or not log_act(writing, found, Act.PLAY, reason=given.reason):
            return render_template("calls/recording.html", call=found, recording=recording, is_open=False, refused=True)
    opened = dict(list(session.get(OPENED, {}).items())[-(MOST_OPENED - 1) :])
    opened[sid] = (office().clock() + HEARD_FOR).isoformat()
    session[OPENED] = opened
    return render_template("calls/recording.html", call=found, recording=recording, is_open=True, refused=False)


@blueprint.get("/<id>/recordings/<sid>.wav")
@allowed(*STAFF)
def sound(id: str, sid: str) -> Response:
    """The sound itself, to whoever gave a reason a short while ago."""
    until = session.get(OPENED, {}).get(sid)
    if until is None or datetime.fromisoformat(until) < office().clock():
        abort(403)
    with office().store.reading() as reading:
        recording = _recording(reading, own(reading, Call, id), sid)
    sounds = office().recordings
    try:
        wav = opened_sound(office().store.keyring, recording, sounds) if sounds else None
    except CannotOpen as error:
        log.error("recording cannot be opened", recording=sid, why=error.why)
        wav = None
    if wav is None:
        abort(404)
    return send_file(BytesIO(wav), mimetype="audio/wav", conditional=True, max_age=0)


def _recording(reading: Session, found: Call, sid: str) -> Recording:
    recording = reading.get(Recording, sid)
    if recording is None or recording.call_id != found.id:
        abort(404)
    return recording
