"""What the carrier reports of an agent's channel: the recording of the opening, and the words of a transcription."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from ivr.addresses import Address
from ivr.calls.facts import tell
from ivr.listening.keeping import recorded, take
from ivr.listening.openings import FAILED, STARTED, STOPPED, Uttered
from ivr.listening.recordings import fetch_promise
from ivr.listening.rows import UtteranceState
from ivr.promises import Promise
from webhooks.answers import Noted, Views
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard

# Words come every few seconds: what is said within this time is looked at once.
TOGETHER = timedelta(seconds=10)
COMPLETED = "completed"
DONE = frozenset({COMPLETED, "absent"})
EVENTS = {"transcription-started": STARTED, "transcription-stopped": STOPPED, "transcription-error": FAILED}
CONTENT = "transcription-content"
OUR_TRACK = "inbound_track"
LARGEST_NUMBER = 1_000_000

log = structlog.get_logger(__name__)


def opening_recorded(heard: Heard, board: Switchboard) -> Noted:
    """The recording of an opening is done, or nothing could be recorded (absent)."""
    sid, state = heard.form.get("RecordingSid", "")[:64], heard.form.get("RecordingStatus", "").lower()
    if not sid or state not in DONE:
        return Noted()
    detail = {"seconds": _whole(heard.form.get("RecordingDuration")), "state": state}
    fact = recorded(heard.call, heard.asked("offer"), heard.at, recording=sid, detail=detail)
    promises = [_look(heard, f"recorded:{sid}", heard.at)]
    if state == COMPLETED:
        promises.append(fetch_promise(call=heard.call, offer=heard.asked("offer"), recording=sid, at=heard.at))
    with board.store.statement() as connection:
        tell(connection, fact, promises=promises)
    return Noted(promised=True)


def transcribed(heard: Heard, board: Switchboard) -> Noted:
    """An event of a transcription: its beginning and end are facts, its words are sealed and never a fact."""
    event = heard.form.get("TranscriptionEvent", "").lower()
    if event == CONTENT:
        return _content(heard, board)
    kind = EVENTS.get(event)
    if kind is None:
        return Noted()
    sid = _transcription(heard)
    number = _whole(heard.form.get("SequenceId"))
    reason = heard.form.get("TranscriptionErrorCode", "")[:20] if kind == FAILED else None
    fact = heard.event_fact(
        f"{kind}:{heard.asked('offer')}:{sid}",
        kind,
        heard.asked("offer"),
        transcription=sid,
        event=number,
        code=reason,
    )
    promises = [] if kind == STARTED else [_look(heard, f"{kind}:{sid}", heard.at)]
    with board.store.statement() as connection:
        tell(connection, replace(fact, said_at=_said_at(heard)), promises=promises)
    return Noted(promised=bool(promises))


def _content(heard: Heard, board: Switchboard) -> Noted:
    """Keep the words with the promise to look at them; an event that cannot be counted is let go."""
    number = _whole(heard.form.get("SequenceId"))
    if number is None:
        log.warning("words of a transcription without a number are not kept")
        return Noted()
    offer, (state, text) = heard.asked("offer"), _words(heard, board)
    uttered = Uttered(_transcription(heard), number, _said_at(heard) or heard.at, state, text)
    turn = int(heard.at.timestamp() // TOGETHER.total_seconds())
    due_at = datetime.fromtimestamp((turn + 1) * TOGETHER.total_seconds(), UTC)
    with board.store.statement() as connection:
        take(connection, offer, uttered, promise=_look(heard, f"words:{turn}", due_at))
    return Noted(promised=True)


def _words(heard: Heard, board: Switchboard) -> tuple[UtteranceState, str | None]:
    """The words of an event and whether they can be used; the caller's channel is never kept."""
    is_partial = heard.form.get("Final", "true").lower() == "false"
    if is_partial or heard.form.get("Track", OUR_TRACK) != OUR_TRACK:
        return UtteranceState.UNFIT, None
    language = board.line(heard.asked("line")).language
    if heard.form.get("LanguageCode", language).lower() != language.lower():
        return UtteranceState.UNREADABLE, None
    try:
        text = json.loads(heard.form.get("TranscriptionData", ""))["transcript"]
    except (ValueError, KeyError, TypeError, RecursionError):
        text = None
    return (UtteranceState.KEPT, text.replace("\0", "")) if isinstance(text, str) else (UtteranceState.UNREADABLE, None)


def _look(heard: Heard, about: str, due_at: datetime) -> Promise:
    offer = heard.asked("offer")
    return Promise("hear-opening", f"hear-opening:{offer}:{about}", due_at, {"offer": offer, "call": heard.call})


def _transcription(heard: Heard) -> str:
    """The carrier's id of the transcription; a leg without one has a single transcription."""
    return heard.form.get("TranscriptionSid", "")[:64] or heard.asked("offer")


def _said_at(heard: Heard) -> datetime | None:
    """The carrier's stamp, which here is ISO 8601; None where it is missing or unreadable."""
    try:
        moment = datetime.fromisoformat(heard.form.get("Timestamp", ""))
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _whole(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdigit()):
        return None
    return int(text) if len(text) < len(str(LARGEST_NUMBER)) else None


VIEWS: Views = {Address.RECORDED: opening_recorded, Address.TRANSCRIBED: transcribed}
